// <offprint-search>: the search box, its results, and the keyboard. `data-state` on the element
// says where it stands: loading, ready, searching, partial (snippets on their way), done, error.

import { Address } from "./address.js";
import { engineHost } from "./client-host.js";
import { h } from "./dom.js";
import { OffprintError, asOffprintError } from "./errors.js";
import { ResultList } from "./results.js";
import { STYLES } from "./styles.js";
import { countLine, listed, papers } from "./words.js";

const LABEL = "Search papers";

const SLOW = "This site’s host does not send parts of files, so each search loads whole ones. Its owner can build it with --layout chunks.";

/** Made with the first element and shared by all. @type {CSSStyleSheet | undefined} */
let sheet;

/** @returns {CSSStyleSheet} */
function sharedSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
  }
  return sheet;
}

/**
 * @param {EventTarget | undefined} target
 * @returns {boolean} whether keys pressed there write text
 */
function takesText(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export class OffprintSearch extends HTMLElement {
  static observedAttributes = ["placeholder", "src"];

  /** What the engine said of the index, once it is open. @type {Info | undefined} */
  info;

  #shadow = this.attachShadow({ mode: "open" });
  #input = h("input", {
    id: "q", part: "input", type: "search", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    enterkeyhint: "search", placeholder: LABEL, "aria-keyshortcuts": "/", input: () => this.#typed(),
  });
  #count = h("p", { class: "count", part: "count", role: "status", "aria-live": "polite" });
  /** What else could be searched for. */
  #other = h("p", { class: "other", part: "other", hidden: true });
  #alert = h("div", { class: "alert", part: "error", role: "alert", hidden: true });
  #slow = h("p", { class: "quiet", part: "notice", hidden: true }, SLOW);
  #hint = h("p", { class: "quiet" });
  #empty = h("div", { part: "empty" }, h("slot", { name: "empty" }, this.#hint));
  #results = new ResultList((doc) => this.paper(doc), (doc) => this.related(doc));
  #more = h("button", { class: "next", part: "more", type: "button", hidden: true, click: () => this.#search(this.#results.size) }, "Show more");

  /** Whether misspelt words are meant as they stand: the reader said so of the query in the box. */
  #literal = false;
  /** The query of the lines that are shown, its misspelt words corrected. */
  #searched = "";

  /** Replaced, and with it whatever was under way, by every new search. */
  #turn = new AbortController();
  /** Ends the listeners on the document. */
  #life = new AbortController();
  /** @type {Address | undefined} */
  #address;

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [sharedSheet()];
    this.#shadow.append(
      h("form", { role: "search", part: "form", submit: (/** @type {Event} */ event) => this.#commit(event) },
        h("label", { for: "q", class: "unseen" }, LABEL),
        this.#input,
        h("kbd", { "aria-hidden": "true" }, "/"),
        h("div", { class: "progress" })),
      this.#count,
      this.#other,
      this.#alert,
      this.#empty,
      this.#results.element,
      this.#more,
      this.#slow,
    );
    this.#shadow.addEventListener("keydown", (event) => this.#steer(/** @type {KeyboardEvent} */ (event)));
  }

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    document.addEventListener("keydown", (event) => {
      const { key, altKey, ctrlKey, metaKey, defaultPrevented } = event;
      if (key !== "/" || altKey || ctrlKey || metaKey || defaultPrevented || takesText(event.composedPath()[0])) return;
      event.preventDefault();
      this.focus();
    }, { signal });

    const sync = this.getAttribute("url-sync");
    this.#address = sync !== null && sync !== "off" ? new Address() : undefined;
    if (this.#address) {
      addEventListener("popstate", () => this.#visit(), { signal });
      // WebKit empties the box when it brings a page back as it was, a moment after it says so.
      addEventListener("pageshow", ({ persisted }) => persisted && setTimeout(() => this.#visit()), { signal });
      this.#input.value = this.#address.query;
    }
    this.#empty.hidden = this.#query !== "";
    this.#begin();
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#turn.abort();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} value
   */
  attributeChangedCallback(name, before, value) {
    if (name === "placeholder") this.#input.placeholder = value ?? LABEL;
    else if (this.isConnected && this.dataset.state && before !== value) this.#begin();
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    this.#input.focus(options);
  }

  /**
   * Searches without showing anything.
   * @param {string} query
   * @param {Partial<SearchRequest> & { signal?: AbortSignal }} [options]
   * `settled: false` takes the first parts of long lists: fewer bytes, nearly always the same hits;
   * `literal: true` corrects no word
   * @returns {Promise<Answer>} rejects with `OffprintError`
   */
  search(query, { limit, signal, ...more } = {}) {
    const args = { ...more, query, limit: limit ?? this.#limit };
    return this.#host.request("search", args, signal);
  }

  /**
   * @param {string} query
   * @param {number[]} docs document numbers of hits
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<SnippetAnswer>}
   */
  snippets(query, docs, { signal } = {}) {
    return this.#host.request("snippets", { query, docs }, signal);
  }

  /**
   * @param {number} doc document number of a hit
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<PaperAnswer>}
   */
  paper(doc, { signal } = {}) {
    return this.#host.request("paper", doc, signal);
  }

  /**
   * @param {number} doc document number of a hit
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<Answer>} the papers nearest to it
   */
  related(doc, { signal } = {}) {
    return this.#host.request("search", { query: "", related: doc }, signal);
  }

  get #host() {
    return engineHost(this.getAttribute("src"), this.getAttribute("worker") !== "off");
  }

  get #limit() {
    const limit = Math.trunc(Number(this.getAttribute("limit")));
    return limit > 0 ? Math.min(limit, 100) : 10;
  }

  /** The text of the box; "" where there is nothing to search for. */
  get #query() {
    return this.#input.value.trim() && this.#input.value;
  }

  /** @param {"loading" | "ready" | "searching" | "partial" | "done" | "error"} state */
  #enter(state) {
    this.dataset.state = state;
  }

  /** @param {string} name @param {unknown} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Opens the index and shows what the box asks for. */
  #begin() {
    this.info = undefined;
    this.#clear();
    const host = this.#host;
    host.start().then((info) => {
      if (host !== this.#host || this.info) return;
      this.info = info;
      this.#hint.textContent = `Search ${papers(info.papers)}.`;
      if (this.dataset.state === "loading" && this.#query) this.#enter("searching");
      this.#tell("ready", info);
    }, () => {}); // #search fails with the same error, and shows it
    this.#search(0);
    this.#enter("loading");
  }

  /**
   * @param {number} offset 0: a new search; otherwise the next page of the one that is shown
   */
  async #search(offset) {
    this.#turn.abort();
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    const query = offset ? this.#searched : this.#query;
    const literal = this.#literal;
    this.#alert.hidden = true;
    this.#enter(query ? "searching" : this.info ? "ready" : "loading");
    try {
      if (!query) {
        this.#clear();
        this.#empty.hidden = false;
        await this.#host.start();
        if (!signal.aborted) this.#enter("ready");
        return;
      }
      if (!this.info) this.#say("Loading the index…", true);
      // The first lines may stand before long lists are read to their ends; further pages go on
      // from the final order.
      let answer = await this.search(query, { offset, settled: offset > 0, literal, signal });
      this.#show(answer, offset > 0);
      this.#enter(answer.hits.length ? "partial" : "done");
      this.#tell("results", answer);
      const order = () => answer.hits.map((hit) => hit.doc);
      if (!answer.settled) {
        const before = order();
        answer = await this.search(query, { literal, signal });
        // Lines that stay in their places are left alone.
        if (before.join() !== order().join()) this.#show(answer, false);
        else this.#say(countLine(answer));
        this.#tell("results", answer);
      }
      const docs = order();
      if (docs.length) {
        const { snippets } = await this.snippets(answer.searched, docs, { signal });
        this.#results.fill(snippets);
        this.#enter("done");
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(asOffprintError(error), offset);
    }
  }

  /**
   * @param {Answer} answer
   * @param {boolean} append
   */
  #show(answer, append) {
    const before = this.#results.size;
    const focused = this.#shadow.activeElement === this.#more;
    this.#results.show(answer, append);
    this.#empty.hidden = true;
    if (!append) {
      this.#say(countLine(answer));
      this.#offer(answer);
    }
    this.#more.hidden = !answer.hits.length || this.#results.size >= answer.total_any;
    this.#slow.hidden = !this.#host.rangesFail;
    if (focused && this.#more.hidden) this.#results.titles[before]?.focus();
  }

  /**
   * Offers what else could be searched for: words as they were typed, or fewer of them.
   * @param {Answer} answer
   */
  #offer({ query, searched, missing, without }) {
    this.#searched = searched;
    /**
     * @param {string} text
     * @param {() => void} search
     */
    const offer = (text, search) => h("button", { part: "button", type: "button", dir: "auto", click: () => {
      // The button goes with the lines.
      this.focus();
      search();
    } }, text);
    this.#other.replaceChildren();
    if (searched !== query) {
      this.#other.append(offer(`Search for “${query.trim()}” instead`, () => {
        this.#literal = true;
        this.#search(0);
      }));
    }
    if (missing.length && without.trim()) {
      this.#other.append(h("span", {}, `${listed(missing)} ${missing.length === 1 ? "is" : "are"} in no paper.`), offer(`Search for “${without.trim()}”`, () => {
        this.#input.value = without;
        this.#typed();
      }));
    }
    this.#other.hidden = !this.#other.childNodes.length;
  }

  #clear() {
    this.#results.clear();
    this.#other.hidden = true;
    this.#more.hidden = true;
    this.#say("");
  }

  /**
   * @param {string} text
   * @param {boolean} [later] not shown unless it stands for a while
   */
  #say(text, later = false) {
    this.#count.classList.toggle("later", later);
    this.#count.textContent = text;
  }

  /**
   * @param {OffprintError} error
   * @param {number} offset
   */
  #fail(error, offset) {
    // Lines that stand stay; those of another query go.
    if (this.dataset.state === "searching" && !offset) this.#clear();
    const retry = () => {
      this.#host.reset();
      this.focus();
      this.#begin();
    };
    this.#alert.replaceChildren(
      h("p", {}, h("strong", {}, error.message)),
      h("p", {}, error.advice),
      h("button", { part: "retry", type: "button", click: retry }, "Retry"),
    );
    this.#alert.hidden = false;
    this.#enter("error");
    this.#tell("error", error);
  }

  #typed() {
    this.#literal = false;
    this.#address?.typed(this.#query);
    this.#search(0);
  }

  /** @param {Event} event */
  #commit(event) {
    event.preventDefault();
    this.#address?.commit(this.#query);
    if (this.dataset.state === "error") this.#search(0);
    // The keyboard of a phone covers the results.
    if (matchMedia("(pointer: coarse)").matches) this.#input.blur();
  }

  #visit() {
    const address = /** @type {Address} */ (this.#address);
    address.visit();
    if (this.#input.value === address.query) return;
    this.#input.value = address.query;
    this.#literal = false;
    this.#search(0);
  }

  /** @param {KeyboardEvent} event */
  #steer(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const titles = this.#results.titles;
    const active = /** @type {HTMLElement} */ (this.#shadow.activeElement);
    const inBox = active === this.#input;
    const at = titles.indexOf(active);
    /** @type {HTMLElement | undefined} */
    let next;
    if (event.key === "ArrowDown" && (inBox || at >= 0)) next = titles[at + 1];
    else if (event.key === "ArrowUp" && at >= 0) next = titles[at - 1] ?? this.#input;
    else if (event.key === "Escape" && !inBox) next = this.#input;
    else if (event.key === "Escape" && this.#input.value) {
      this.#input.value = "";
      this.#typed();
      next = this.#input;
    }
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
