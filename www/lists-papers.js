// The papers of a list, with what can be done with some or all of them: find, select, cite, add to
// another list, remove.

import { papers } from "./counts.js";
import { h } from "./dom.js";
import { told } from "./errors.js";
import { completed } from "./lists-find.js";
import { KeptLine } from "./lists-line.js";
import { folded } from "./lists-link.js";
import { tell } from "./lists-say.js";
import { STARRED, adding, keeping } from "./lists-edits.js";

/** @typedef {import("./lists-edits.js").Kept} Kept */

/** @param {import("./lists-edits.js").List} list @returns {string} */
export function nameOf({ key, name }) {
  return key === STARRED ? tell("starredPapers") : name;
}

/**
 * The reader's lists, that of stars first, others by name.
 * @param {import("./lists-store.js").ListStore} store
 * @returns {import("./lists-edits.js").List[]}
 */
export function listsOf({ lists }) {
  const starred = lists.get(STARRED) ?? { key: STARRED, name: "", made: 0, papers: [] };
  const others = [...lists.values()].filter(({ key }) => key !== STARRED);
  return [starred, ...others.sort((a, b) => a.name.localeCompare(b.name))];
}

/** Keeps the focus where elements are put in another order. @param {HTMLElement} parent @param {HTMLElement[]} children */
function arrange(parent, children) {
  if (children.length === parent.children.length && children.every((child, n) => child === parent.children[n])) return;
  const root = /** @type {ShadowRoot} */ (parent.getRootNode());
  const focused = /** @type {HTMLElement | null} */ (root.activeElement);
  parent.replaceChildren(...children);
  if (focused && root.activeElement !== focused && parent.contains(focused)) focused.focus();
}

/** Distinguishes ids. */
let tableNumber = 0;

export class PaperTable {
  #lists;
  #own;
  #name;
  /** @type {Map<string, KeptLine>} */
  #lines = new Map();
  /** @type {string[]} In order. */
  #ids = [];
  /** What a filter looks for. @type {string[]} */
  #wanted = [];
  #all = h("input", { type: "checkbox", change: () => {
    for (const { box } of this.#shown) box.checked = this.#all.checked;
    this.#count();
  } });
  #counted = h("span", { role: "status", class: "quiet number" });
  #cite;
  #place;
  #to = h("select", { class: "quietly", part: "sort", "aria-label": tell("addTo") });
  #adding = h("span", { class: "adding" }, h("span", { "aria-hidden": "true", class: "quiet" }, tell("addTo")), h("span", {}, this.#to),
    h("button", { class: "link", part: "button", type: "button", click: () => this.#add() }, tell("addChosen")));
  #remove = h("button", { class: "link", part: "button", type: "button", click: () => this.#removed(this.chosen) }, tell("removeChosen"));
  #tools;
  #none = h("p", { class: "quiet" });
  #list = h("ol", { class: "kept", part: "kept-papers" });
  element;
  #empty;
  #removed;
  #key;

  /**
   * @param {import("./lists.js").Lists} lists
   * @param {object} options
   * @param {boolean} options.own whether papers are the reader's own
   * @param {() => string} options.name begins the names of files
   * @param {string} options.empty said where there is no paper
   * @param {string} [options.key] of the list they are in
   * @param {(papers: Kept[]) => void} [options.removed] absent where nothing can be removed
   */
  constructor(lists, { own, name, empty, key, removed }) {
    this.#lists = lists;
    this.#own = own;
    this.#name = name;
    this.#empty = empty;
    this.#key = key;
    this.#removed = removed ?? (() => {});
    const id = `c${++tableNumber}`;
    this.#place = h("div", { part: "citation", id, hidden: true });
    this.#cite = h("button", { class: "more", part: "button", type: "button", "aria-expanded": "false", "aria-controls": id, click: () => {
      this.#place.hidden = !this.#place.hidden;
      this.#cite.setAttribute("aria-expanded", `${!this.#place.hidden}`);
      this.#showCitations();
    } }, tell("citeChosen"));
    if (!removed) this.#remove.remove();
    this.#tools = h("div", { class: "tools" },
      h("label", { class: "pick" }, this.#all, h("span", {}, tell("chooseAll"))),
      this.#counted, this.#cite, own && this.#adding, removed && this.#remove);
    this.element = h("div", {}, this.#tools, this.#place, this.#none, this.#list);
  }

  get #shown() {
    return this.#ids.map((id) => /** @type {KeptLine} */ (this.#lines.get(id))).filter(({ text }) => this.#wanted.every((word) => text.includes(word)));
  }

  /** Papers that are selected, of those that are shown. @returns {Kept[]} */
  get chosen() {
    return this.#shown.filter(({ box }) => box.checked).map(({ paper }) => paper);
  }

  /** The selected ones, or all that are shown. @returns {Kept[]} */
  get meant() {
    const { chosen } = this;
    return chosen.length ? chosen : this.#shown.map(({ paper }) => paper);
  }

  /**
   * @param {Kept[]} papers
   * @param {(id: string) => string} [where] what is said of the lists that a paper is in
   */
  show(papers, where = () => "") {
    this.#ids = papers.map(({ id }) => id);
    const before = this.#lines;
    this.#lines = new Map(papers.map((paper) => {
      const line = before.get(paper.id) ?? new KeptLine(this.#lists, paper, this.#own, () => this.#count());
      line.show(paper, where(paper.id));
      return [paper.id, line];
    }));
    this.#draw();
  }

  /** @param {string} text every word of it is to stand in a paper's title, authors or note */
  filter(text) {
    this.#wanted = folded(text).split(/\s+/).filter(Boolean);
    this.#draw();
  }

  #draw() {
    const shown = this.#shown;
    arrange(this.#list, shown.map(({ item }) => item));
    this.#none.textContent = this.#ids.length ? tell("noneMatch") : this.#empty;
    this.#none.hidden = shown.length > 0;
    this.#tools.hidden = !shown.length;
    if (this.#own) {
      const others = listsOf(this.#lists.store).filter(({ key }) => key !== this.#key);
      const { value } = this.#to;
      this.#to.replaceChildren(...others.map((list) => h("option", { value: list.key, selected: list.key === value }, nameOf(list))));
    }
    this.#count();
  }

  #count() {
    const all = this.#shown.length;
    const n = this.chosen.length;
    this.#all.checked = n > 0 && n === all;
    this.#all.indeterminate = n > 0 && n < all;
    const text = n ? tell("chosenPapers", { n, all }) : papers(all);
    if (this.#counted.textContent !== text) this.#counted.textContent = text;
    this.#remove.hidden = !n;
    this.#adding.hidden = !n || !this.#to.length;
    if (!this.#place.hidden) this.#showCitations();
  }

  /** Shows citations of what is meant now. */
  async #showCitations() {
    const papers = this.meant;
    const key = JSON.stringify(papers.map(({ id, whole }) => [id, whole]));
    if (this.#place.hidden || this.#place.dataset.of === key) return;
    this.#place.dataset.of = key;
    try {
      const { site, store } = this.#lists;
      /** @type {typeof import("./cite-panel.js")} */
      const { showCitations } = await site.load("cite.js");
      const whole = await completed(site, store, papers);
      // Something else may have been selected meanwhile.
      if (this.#place.dataset.of !== key) return;
      showCitations(this.#place, whole, whole.length === 1 ? undefined : this.#name());
    } catch (error) {
      delete this.#place.dataset.of;
      const { message, advice } = told(error);
      this.#place.replaceChildren(h("p", { role: "alert" }, `${message} ${advice}`));
    }
  }

  async #add() {
    const { store } = this.#lists;
    const list = listsOf(store).find(({ key }) => key === this.#to.value);
    const { chosen } = this;
    if (!list || !chosen.length) return;
    const entries = chosen.map(({ id }) => ({ id, added: Date.now() }));
    const edits = chosen.map(({ note, ...snapshot }) => keeping(snapshot));
    if (await this.#lists.save([...edits, adding(list, entries)])) {
      this.#lists.say(tell("addedTo", { n: chosen.length, list: nameOf(list) }));
    }
  }
}
