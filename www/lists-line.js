// A paper in a list: what was kept of it, its note, and its abstract if the collection still has it.

import { dateText } from "./dates.js";
import { h, link } from "./dom.js";
import { told } from "./errors.js";
import { recordOf } from "./lists-find.js";
import { folded } from "./lists-link.js";
import { NoteField } from "./lists-note.js";
import { tell } from "./lists-say.js";
import { keeping, paperSnapshot } from "./lists-edits.js";

/** How many authors a line names. */
const AUTHORS_NAMED = 8;

/** Distinguishes ids. */
let lineNumber = 0;

export class KeptLine {
  /** What a filter looks at. */
  text = "";
  item = h("li");
  box;
  /** @type {NoteField | undefined} */
  #note;
  #title;
  #authors = h("p", { class: "authors", dir: "auto" });
  #facts = h("span");
  #where = h("p", { class: "quiet where" });
  #panel;
  #lists;
  #id;

  /**
   * @param {import("./lists.js").Lists} lists
   * @param {import("./lists-edits.js").Kept} paper
   * @param {boolean} own whether it is the reader's, to write notes on
   * @param {() => void} chosen
   */
  constructor(lists, paper, own, chosen) {
    this.#lists = lists;
    this.paper = paper;
    this.#id = `k${++lineNumber}`;
    const id = this.#id;
    this.#title = h("h3", { id, class: "name" });
    this.box = h("input", { type: "checkbox", id: `${id}b`, "aria-label": tell("choosePaper"), "aria-labelledby": `${id}b ${id}`, change: chosen });
    this.#panel = h("div", { class: "panel", id: `${id}p`, hidden: true });
    const more = h("button", {
      class: "more", part: "button", type: "button", "aria-expanded": "false", "aria-controls": `${id}p`, "aria-describedby": id,
      click: () => {
        this.#panel.hidden = !this.#panel.hidden;
        more.setAttribute("aria-expanded", `${!this.#panel.hidden}`);
        if (!this.#panel.hidden && !this.#panel.firstChild) this.#read();
      },
    }, tell("abstractOf"));
    const foot = h("p", { class: "foot" }, this.#facts, more);
    if (own) {
      const note = new NoteField(lists, paper, id);
      const write = h("button", { class: "link", part: "button", type: "button", "aria-describedby": id, click: () => {
        note.element.hidden = false;
        write.hidden = true;
        note.area.focus();
      } }, tell("addNote"));
      note.element.hidden = !paper.note;
      write.hidden = !!paper.note;
      foot.append(write);
      this.#note = note;
      this.#write = write;
    }
    this.item.append(h("article", { part: "kept", "data-kept-id": paper.id, "aria-labelledby": id },
      h("label", { class: "pick" }, this.box),
      h("div", {}, this.#title, this.#authors, foot, this.#where, this.#panel, this.#note?.element ?? "")));
    this.show(paper, "");
  }

  /** @type {HTMLElement | undefined} */
  #write;

  /**
   * @param {import("./lists-edits.js").Kept} paper
   * @param {string} where the lists it is in
   */
  show(paper, where) {
    const { title, id, authors, venue, date, links, note } = paper;
    this.paper = paper;
    const name = title || id;
    const address = links.find(({ kind }) => kind === "page") ?? links[0];
    const named = authors.length > AUTHORS_NAMED ? [...authors.slice(0, AUTHORS_NAMED - 1), "…"] : authors;
    const text = [name, authors.join(" "), note, id].join("\n");
    this.#note?.show();
    if (note && this.#write && !this.#write.hidden) {
      this.#write.hidden = true;
      /** @type {NoteField} */ (this.#note).element.hidden = false;
    }
    this.#where.textContent = where;
    this.#where.hidden = !where;
    if (folded(text) === this.text) return;
    this.text = folded(text);
    const shown = link(address?.url, name) ?? h("bdi", {}, name);
    shown.dir = "auto";
    shown.classList.toggle("title", shown instanceof HTMLAnchorElement);
    this.#title.replaceChildren(shown);
    this.#authors.textContent = named.join(", ");
    this.#facts.replaceChildren(venue && h("span", { class: "venue", dir: "auto" }, venue), venue && date && " · ", date && h("time", { datetime: date }, dateText(date)));
  }

  async #read() {
    const { site, store } = this.#lists;
    const say = (/** @type {string} */ text, /** @type {string} */ role) => this.#panel.replaceChildren(h("p", { class: "quiet", role }, text));
    say(tell("abstractLoading"), "status");
    try {
      const record = await recordOf(site, this.paper);
      if (!record) return say(tell("leftCollection"), "status");
      const paragraphs = record.abstract.split(/\n\s*\n/).filter((text) => text.trim());
      this.#panel.replaceChildren(...(paragraphs.length ? paragraphs : [tell("abstractNone")])
        .map((text) => h("p", { class: "abstract", dir: "auto" }, text)));
      // What is known of it now.
      if (store.papers.has(record.id)) await store.change([keeping(paperSnapshot(record))]);
    } catch (error) {
      const { message, advice } = told(error);
      say(`${message} ${advice}`, "alert");
    }
  }
}
