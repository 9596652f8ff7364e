// The list of results: one article a paper, its snippet arriving later, its abstract on demand.

import { loadModule } from "./client-host.js";
import { dateText } from "./dates.js";
import { h, link, marked, webAddress } from "./dom.js";
import { told } from "./errors.js";
import { say } from "./page-texts.js";
import { paperLanguage } from "./say.js";
import { authorLine } from "./words.js";

/** Distinguishes the ids of elements that refer to one another. */
let rowNumber = 0;

/**
 * @param {string | undefined} date
 * @returns {HTMLElement | undefined}
 */
function dated(date) {
  return date ? h("time", { datetime: date, dir: "auto" }, dateText(date)) : undefined;
}

/** How often what an opened abstract consists of was asked for in vain. */
let tries = 0;

/** @returns {Promise<typeof import("./abstract.js")>} */
function details() {
  // A browser remembers that a script failed.
  return loadModule("abstract.js", tries ? `?again=${tries}` : "").catch((error) => {
    tries++;
    throw error;
  });
}

/** One result. */
class Row {
  #source;
  /** Room for them, where they are wanted. @type {HTMLElement | undefined | false} */
  #categories;

  /**
   * @param {Hit} hit
   * @param {PaperSource} source
   */
  constructor(hit, source) {
    const id = `r${++rowNumber}`;
    const href = webAddress(hit.url);
    const toggle = () => {
      source.opened(hit.id, !!this.panel.hidden);
      this.toggle();
    };
    this.#source = source;
    this.hit = hit;
    const fields = source.fields();
    /** @param {string} field */
    const has = (field) => !fields || fields.includes(field);
    const codeLink = has("code") && link(hit.code_url, say("code"));
    // What it says about code it cannot link to.
    const note = codeLink || !has("code") ? "" : hit.code === "stated" ? say("codeStated") : hit.code === "promised" ? say("codePromised") : "";
    this.title = href
      ? h("a", { class: "title", part: "title", id, href, rel: "noopener", lang: paperLanguage() })
      : h("button", { class: "title", part: "title", id, type: "button", lang: paperLanguage(), click: toggle });
    this.snippet = h("p", { class: "snippet waiting", part: "snippet", dir: "auto", lang: paperLanguage() });
    this.panel = h("div", { class: "panel", part: "abstract", id: `${id}p`, hidden: true });
    this.button = h(
      "button",
      { class: "more", part: "button", type: "button", "aria-expanded": "false", "aria-controls": `${id}p`, "aria-describedby": id, click: toggle },
      say("abstract"),
    );
    this.#categories = fields?.includes("categories") && h("p", { class: "foot", part: "categories", dir: "auto" }, "\u00a0");
    this.item = h("li", {}, h("article", { part: "result", "data-paper-id": hit.id, "aria-labelledby": id, dir: "auto" },
      h("h2", {}, this.title),
      has("authors") && h("p", { class: "authors", part: "authors", dir: "auto" }, authorLine(hit)),
      h("p", { class: "foot", part: "meta" },
        has("venue") && hit.venue && h("span", { class: "venue", dir: "auto" }, hit.venue),
        has("date") && dated(hit.date ?? (hit.year ? `${hit.year}` : undefined)),
        this.button,
        codeLink,
        note && h("span", {}, note)),
      this.#categories,
      // Below the button, so that it stays where it was pressed.
      this.snippet,
      this.panel,
    ));
    source.dress(this);
  }

  /** @param {Part[]} parts */
  fill(parts) {
    this.snippet.replaceChildren(...marked(parts));
    this.snippet.classList.remove("waiting");
    const line = this.#categories;
    if (!line) return;
    this.#categories = undefined;
    // They stand in the records that the snippets were cut from.
    this.#source.paper(this.hit.doc).then(({ paper }) => line.firstChild?.replaceWith(paper.categories.join(", ") || "\u00a0"), () => {});
  }

  async toggle() {
    const { doc } = this.hit;
    const open = this.panel.hidden;
    this.panel.hidden = !open;
    this.snippet.hidden = open;
    this.button.setAttribute("aria-expanded", `${open}`);
    if (!open || this.panel.dataset.filled !== undefined) return;
    this.panel.dataset.filled = "";
    this.panel.replaceChildren(h("p", { class: "quiet" }, say("loading")));
    try {
      const [{ dressAbstract, paperDetails, whyLine }, { paper }] = await Promise.all([details(), this.#source.paper(doc)]);
      dressAbstract(this.panel);
      this.panel.replaceChildren(...paperDetails(paper, this.panel.id, say("code"), loadModule, this.#source), whyLine(this, this.#source));
    } catch (error) {
      // The next opening tries again.
      delete this.panel.dataset.filled;
      const { message, advice } = told(error);
      this.panel.replaceChildren(h("p", { role: "alert" }, `${message} ${advice}`));
      return;
    }
    this.#source.dress(this);
    // An extra below the abstract: where it cannot be had, the abstract stands alone.
    Promise.all([details(), this.#source.related(doc)]).then(([{ relatedList }, { hits }]) => this.panel.append(...relatedList(hits, this.#source)), () => {});
  }
}

export class ResultList {
  /** @type {Map<number, Row>} By document. */
  #rows = new Map();
  /** A paper that stands above the results, since the address names it. @type {Row | undefined} */
  #named;
  #source;
  #top = h("ol", { part: "results" });
  #full = h("ol", { part: "results" });
  #partial = h("ol", { part: "results", "aria-labelledby": "partial" });
  #divider = h("p", { id: "partial", class: "divider", part: "divider" }, say("partial"));
  element = h("div", { class: "results" }, this.#top, this.#full, this.#divider, this.#partial);

  /** @param {PaperSource} source */
  constructor(source) {
    this.#source = source;
    this.clear();
  }

  /** How many papers are shown. */
  get size() {
    return this.#rows.size;
  }

  /** @returns {HTMLElement[]} in the order of the page */
  get titles() {
    return [...this.element.querySelectorAll("h2")].map((heading) => /** @type {HTMLElement} */ (heading.firstChild));
  }

  clear() {
    this.name();
    this.#rows.clear();
    this.#full.replaceChildren();
    this.#partial.replaceChildren();
    this.#divider.hidden = true;
  }

  /**
   * Shows an answer in place of the last one, or after it. A paper that stays keeps its row, with
   * the snippet it has until the new one comes, so that the page does not flicker while one types.
   * @param {Answer} answer
   * @param {boolean} append
   */
  show({ total, hits }, append) {
    const known = this.#rows;
    if (!append) {
      this.name();
      this.#rows = new Map();
    }
    /** @type {Node[]} */
    const full = [];
    /** @type {Node[]} */
    const partial = [];
    for (const hit of hits) {
      const row = known.get(hit.doc) ?? new Row(hit, this.#source);
      row.hit = hit;
      row.title.replaceChildren(...marked(hit.title_parts));
      this.#rows.set(hit.doc, row);
      (hit.all_words ? full : partial).push(row.item);
    }
    if (append) {
      this.#full.append(...full);
      this.#partial.append(...partial);
    } else {
      this.#full.replaceChildren(...full);
      this.#partial.replaceChildren(...partial);
    }
    // With nothing above it there is nothing to divide.
    this.#divider.hidden = !total || !this.#partial.firstChild;
  }

  /**
   * Takes final scores where lines keep their places.
   * @param {Hit[]} hits
   */
  settle(hits) {
    for (const hit of hits) {
      const row = this.#rows.get(hit.doc);
      if (row) row.hit = hit;
    }
  }

  /** @param {Snippet[]} snippets */
  fill(snippets) {
    for (const { doc, parts } of snippets) this.#row(doc)?.fill(parts);
  }

  /** @param {Hit} [hit] the paper that is to stand above the results; none without */
  name(hit) {
    this.#named = hit && new Row(hit, this.#source);
    if (hit) this.#named?.title.replaceChildren(hit.title);
    this.#top.replaceChildren(...(this.#named ? [this.#named.item] : []));
  }

  /** @param {number} doc */
  #row(doc) {
    return this.#rows.get(doc) ?? (this.#named?.hit.doc === doc ? this.#named : undefined);
  }

  /** All lines that are shown. @returns {Row[]} */
  get lines() {
    return [...(this.#named ? [this.#named] : []), ...this.#rows.values()];
  }

  /**
   * @param {Node} node
   * @returns {Hit | undefined} the hit in whose line it stands
   */
  hitOf(node) {
    return this.lines.find(({ item }) => item.contains(node))?.hit;
  }

  /** @param {string} id */
  #find(id) {
    return this.lines.find((row) => row.hit.id === id);
  }

  /**
   * Opens the abstract of a paper. Another one that the address named goes.
   * @param {string} id
   * @param {boolean} stay whether not to scroll there
   * @param {boolean} [led] whether the reader was led there, and goes on there
   * @returns {boolean} whether the paper is there
   */
  open(id, stay, led) {
    if (this.#named && this.#named.hit.id !== id) this.name();
    const row = this.#find(id);
    if (row?.panel.hidden) {
      row.toggle();
      if (!stay && row !== this.#named) row.item.scrollIntoView({ block: "center" });
    }
    if (led) {
      row?.item.scrollIntoView();
      row?.title.focus({ preventScroll: true });
    }
    return row !== undefined;
  }

  /** How far the list is read. @returns {Place} */
  get place() {
    const shown = this.size;
    for (const { item, hit } of this.#rows.values()) {
      const { top, bottom } = item.getBoundingClientRect();
      if (bottom > 0) return { shown, id: hit.id, top: Math.round(top) };
    }
    return { shown, id: "", top: 0 };
  }

  /** @param {Place} place */
  scrollTo({ id, top }) {
    const row = this.#find(id);
    if (row) scrollBy({ top: row.item.getBoundingClientRect().top - top, behavior: "instant" });
  }
}
