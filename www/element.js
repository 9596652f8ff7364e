// <offprint-search>: its attributes and methods, and what happens between a key and a list of
// results. `data-state` says where it stands: loading, ready, searching, partial (snippets on their
// way), done, error.

import { Address, addressOf } from "./address.js";
import { SearchBox } from "./box.js";
import { engineHost, loadModule } from "./client-host.js";
import { Collection } from "./collection.js";
import { Controls } from "./controls.js";
import { h } from "./dom.js";
import { OffprintError, asOffprintError, told } from "./errors.js";
import { countFilters } from "./filters.js";
import { say } from "./page-texts.js";
import { ResultList } from "./results.js";
import { texts } from "./say.js";
import { isPressed, named, shortcuts } from "./shortcut.js";
import { sharedSheet } from "./styles.js";
import { SORTS } from "./words.js";

/** How long a search may take before the reader is told what it waits for, in milliseconds. */
const PATIENCE = 4000;

/** How long a reader rests before words are suggested, in milliseconds. */
const REST = 400;

export class OffprintSearch extends HTMLElement {
  static observedAttributes = ["placeholder", "src", "filters", "sort", "fields"];

  /** What the engine said of the index, once it is open. @type {import("../crates/search/types.d.ts").Info | undefined} */
  info;

  #shadow = this.attachShadow({ mode: "open" });
  #box = new SearchBox(() => this.#typed(), () => this.#commit());
  #controls = new Controls(() => this.#toggleFilters(), (sort) => this.#apply({ sort }), () => this.#withLists((lists) => lists.go("#lists=")));
  #alert = h("div", { class: "alert", part: "error", role: "alert", hidden: true });
  #slow = h("p", { class: "quiet", part: "notice", hidden: true }, say("wholeFiles"));
  #hint = h("p", { class: "quiet" });
  #empty = h("div", { part: "empty" }, h("slot", { name: "empty" }, this.#hint));
  #results = new ResultList({
    paper: (doc) => this.paper(doc),
    related: (doc) => this.related(doc),
    why: async (doc) => (await this.search(this.#answer?.searched ?? "", { ...this.#request(), explain: doc, limit: 0 })).shares,
    opened: (id, open) => this.#address?.opened(id, open),
    follow: (hit) => {
      this.#address?.follow(hit.id);
      this.#present(hit, true, this.#turn.signal);
    },
    seek: (query) => {
      this.focus();
      this.#literal = false;
      this.#box.input.value = query;
      this.#commit();
      this.#search(0);
    },
    dress: (line) => this.#lists?.dress(line),
    fields: () => this.getAttribute("fields")?.split(" "),
  });
  #more = h("button", { class: "next", part: "more", type: "button", hidden: true, click: () => this.#search(this.#results.size) }, say("showMore"));
  #column = h("div", {},
    this.#box.element, this.#controls.element, this.#alert, this.#empty, this.#results.element, this.#more, this.#slow,
    h("slot", { name: "footer" }));
  #page = h("div", { class: "page" }, this.#column);

  /** Filters and order that the reader chose. @type {Omit<View, "query">} */
  #chosen = { filters: {}, sort: undefined };
  /** Whether misspelt words are meant as they stand: the reader said so of the query in the box. */
  #literal = false;
  /** What the lines that are shown answer. @type {Answer | undefined} */
  #answer;
  /** Comes with the first filter. @type {import("./filter-panel.js").FilterPanel | undefined} */
  #panel;
  /** How often its module was asked for. */
  #tries = 0;
  /** What folds the search into a box or a dialog; comes with its module. @type {Promise<Fold | undefined> | undefined} */
  #fold;
  /** Stars and lists; comes once the reader rests. @type {import("./lists.js").Lists | undefined} */
  #lists;
  #listTries = 0;

  /** Replaced, and with it whatever was under way, by every new search. */
  #turn = new AbortController();
  /** Ends the listeners on the document. */
  #life = new AbortController();
  /** @type {Address | undefined} */
  #address;

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [sharedSheet()];
    this.#shadow.append(this.#page);
    this.#shadow.addEventListener("keydown", (event) => this.#steer(/** @type {KeyboardEvent} */ (event)));
    this.#results.element.addEventListener("click", (event) => this.#select(event), true);
  }

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    const keys = this.#keys;
    this.#box.hint(...named(keys));
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || !isPressed(event, keys)) return;
      event.preventDefault();
      this.focus();
    }, { signal });

    const sync = this.getAttribute("url-sync");
    const address = sync !== null && sync !== "off" ? new Address() : undefined;
    this.#address = address;
    if (address) {
      addEventListener("popstate", () => this.#visit(), { signal });
      this.addEventListener("click", (event) => this.#go(event), { signal });
      // WebKit empties the box when it brings a page back as it was, a moment after it says so.
      addEventListener("pageshow", ({ persisted }) => persisted && setTimeout(() => this.#visit()), { signal });
      let timer = 0;
      addEventListener("scroll", () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          if (this.dataset.state === "done" && !address.list) address.remember(this.#results.place);
        }, 250);
      }, { signal });
      this.#take(address.view);
    }
    this.#empty.hidden = this.#seeks;
    const { mode } = this;
    if (mode === "page" || this.dataset.state) return this.#begin();
    // Until it is used it costs this script alone.
    if (!this.#fold) this.#page.classList.add("folded");
    this.#box.input.addEventListener("focus", () => {
      if (!this.dataset.state) this.#begin();
      this.#unfold();
    }, { signal });
    if (mode === "modal") this.#unfold();
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
    if (name === "placeholder") this.#box.input.placeholder = value ?? say("searchPapers");
    else if (this.isConnected && this.dataset.state && before !== value) this.#begin();
  }

  /** How it stands in the page; read when it is put there. @returns {"page" | "box" | "modal"} */
  get mode() {
    const mode = this.getAttribute("mode");
    return mode === "box" || mode === "modal" ? mode : "page";
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    if (this.mode === "modal") this.open();
    else this.#box.input.focus(options);
  }

  /** Opens the dialog of a modal, or the list below a box. */
  async open() {
    (await this.#unfold())?.open();
  }

  /** Closes it. */
  async close() {
    (await this.#fold)?.close();
  }

  /**
   * Searches without showing anything.
   * @param {string} query
   * @param {import("./collection.js").SearchOptions} [options]
   * @returns {Promise<import("./collection.js").Answer>} rejects with `OffprintError`
   */
  search(query, { limit, ...more } = {}) {
    return this.#papers.search(query, { ...more, limit: limit ?? this.#limit });
  }

  /**
   * @param {string} query
   * @param {number[]} docs document numbers of hits
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<import("./collection.js").SnippetAnswer>}
   */
  snippets(query, docs, options) {
    return this.#papers.snippets(query, docs, options);
  }

  /**
   * @param {number} doc document number of a hit
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<import("./collection.js").PaperAnswer>}
   */
  paper(doc, options) {
    return this.#papers.paper(doc, options);
  }

  /**
   * @param {number} doc document number of a hit
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<import("./collection.js").Answer>} the papers nearest to it
   */
  related(doc, options) {
    return this.#papers.related(doc, options);
  }

  /**
   * @param {string} query
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<import("./collection.js").SuggestAnswer>} words that the query's unfinished last one may become
   */
  suggest(query, options) {
    return this.#papers.suggest(query, options);
  }

  get #host() {
    return engineHost(this.getAttribute("src"), this.getAttribute("worker"));
  }

  get #papers() {
    return new Collection(this.#host);
  }

  get #limit() {
    const limit = Math.trunc(Number(this.getAttribute("limit")));
    return limit > 0 ? Math.min(limit, 100) : this.mode === "box" ? 6 : 10;
  }

  /** Keys that lead here. */
  get #keys() {
    return shortcuts(this.getAttribute("shortcut"));
  }

  /** The order where the reader chose none. @returns {Sort} */
  get #usual() {
    return SORTS.find((sort) => sort === this.getAttribute("sort")) ?? "relevance";
  }

  /** @returns {View} */
  get #view() {
    return { ...this.#chosen, query: this.#box.query };
  }

  /** Whether there is anything to list: without a query, papers that pass, or all in an order. */
  get #seeks() {
    const { query, filters, sort } = this.#view;
    return query !== "" || countFilters(filters) > 0 || (sort ?? "relevance") !== "relevance";
  }

  /** @param {"loading" | "ready" | "searching" | "partial" | "done" | "error"} state */
  #enter(state) {
    this.dataset.state = state;
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   * @returns {boolean} whether nobody objected
   */
  #tell(name, detail) {
    const cancelable = name === "search" || name === "select";
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }));
  }

  /** Loads what shows a box's list or a modal's dialog, and the engine. */
  #unfold() {
    const { mode } = this;
    if (mode === "page") return;
    this.#fold ??= loadModule(`${mode}.js`).then(({ fold }) => {
      this.#page.classList.replace("folded", "narrow");
      return fold({
        h,
        texts,
        host: this,
        root: this.#shadow,
        page: this.#page,
        input: this.#box.input,
        keys: named(this.#keys),
        address: () => addressOf(this.#host.base, this.#view),
      });
    }, () => {
      // Then it stands in the page.
      this.#page.classList.remove("folded");
      this.#begin();
    });
    return this.#fold;
  }

  /** @param {Event} event */
  #select(event) {
    const title = /** @type {Element} */ (event.target).closest(".title");
    const hit = title && this.#results.hitOf(title);
    if (hit && !this.#tell("select", { hit, query: this.#answer?.searched ?? "" })) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** Opens the index and shows what is asked for. */
  #begin() {
    this.info = undefined;
    this.#clear();
    this.#controls.filters.hidden = this.getAttribute("filters") === "off";
    this.#controls.lists.hidden = this.#listless;
    if (this.#lists && this.#lists.collection !== this.#host.base) {
      this.#lists.end();
      this.#lists = undefined;
    }
    const host = this.#host;
    host.start().then((info) => {
      if (host !== this.#host || this.info) return;
      this.info = info;
      this.#hint.textContent = say("searchAll", { n: info.papers });
      if (this.dataset.state === "loading" && this.#seeks) this.#enter("searching");
      this.#tell("ready", info);
    }, () => {}); // #search fails with the same error, and shows it
    this.#arrive();
    this.#enter("loading");
  }

  /** Shows what the address asks for, as far as it was read, and its paper. */
  async #arrive() {
    const place = this.#address?.place;
    const search = this.#search(0, place);
    // Lists need not wait for what they stand in place of.
    this.#showLists();
    const signal = await search;
    if (!signal.aborted) await this.#reveal(place !== undefined, signal);
  }

  /**
   * Opens the paper that the address names. One that is not among the results is shown if its id
   * finds it.
   * @param {boolean} stay whether the page is scrolled already
   * @param {AbortSignal} signal
   */
  async #reveal(stay, signal) {
    this.#showLists();
    const id = this.#address?.paper ?? "";
    if (this.#results.open(id, stay) || !id) return;
    try {
      const { hits } = await this.search(id, { literal: true, signal });
      const hit = hits.find((hit) => hit.id === id);
      if (hit) await this.#present(hit, false, signal);
    } catch {
      // The results stand without it.
    }
  }

  /**
   * Opens a paper, above the results if it is not among them.
   * @param {Hit} hit
   * @param {boolean} led whether the reader was led there by another one
   * @param {AbortSignal} signal
   */
  async #present(hit, led, signal) {
    if (this.#results.open(hit.id, false, led)) return;
    this.#empty.hidden = true;
    this.#results.name(hit);
    this.#results.open(hit.id, false, led);
    try {
      this.#results.fill((await this.snippets("", [hit.doc], { signal })).snippets);
    } catch {
      // The abstract stands without it.
    }
  }

  /**
   * Follows a link of the page around, such as one to a topic, without loading the page again.
   * @param {MouseEvent} event
   */
  #go(event) {
    const { target, ctrlKey, metaKey, shiftKey } = event;
    const link = /** @type {Element} */ (target).closest("a");
    if (!link || ctrlKey || metaKey || shiftKey || link.href.split("?")[0] !== location.href.split(/[?#]/)[0]) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    this.#visit();
    scrollTo(0, 0);
    // Pressed with a key, that is, and now hidden.
    if (!event.detail) this.focus();
  }

  /**
   * @param {number} offset 0: a new search; otherwise the next page of the one that is shown
   * @param {Place} [place] how far the list was read before
   * @returns {Promise<AbortSignal>} aborted if another search came
   */
  async #search(offset, place) {
    // Without a reason the browser makes an error, and looks for where it was made.
    this.#turn.abort("");
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    const view = this.#view;
    const wanted = this.#seeks;
    const seeks = wanted && this.#tell("search", { ...view, sort: view.sort ?? this.#usual, offset });
    const query = offset ? (this.#answer?.searched ?? "") : view.query;
    this.#alert.hidden = true;
    this.#lists?.show("");
    this.#controls.show(view, this.#usual);
    if (!offset) this.#controls.suggest("words", []);
    this.#enter(seeks ? "searching" : this.info ? "ready" : "loading");
    if (this.#panel || countFilters(view.filters)) this.#withPanel((panel) => panel.show(this.#chosen.filters), true);
    try {
      if (!seeks) {
        this.#clear();
        this.#empty.hidden = wanted;
        if (this.#panel?.isOpen) this.#panel.refresh();
        await this.#host.start();
        if (!signal.aborted) this.#enter("ready");
        return signal;
      }
      if (!this.info) this.#controls.say(say("loadingIndex"), true);
      setTimeout(() => !signal.aborted && this.dataset.state === "searching" && this.#controls.say(say("waiting")), PATIENCE);
      // The first lines may stand before long lists are read to their ends; further pages go on
      // from the final order.
      const options = { ...this.#request(), limit: Math.max(place?.shown ?? 0, this.#limit), signal };
      let answer = await this.search(query, { ...options, offset, settled: offset > 0 });
      this.#show(answer, offset > 0);
      this.#enter(answer.hits.length ? "partial" : "done");
      this.#tell("results", answer);
      const order = () => answer.hits.map((hit) => hit.doc);
      if (!answer.settled) {
        const before = order();
        answer = await this.search(query, options);
        // Lines that stay in their places are left alone.
        if (before.join() !== order().join()) {
          this.#show(answer, false);
        } else {
          this.#results.settle(answer.hits);
          this.#count(answer);
        }
        this.#tell("results", answer);
      }
      if (place) this.#results.scrollTo(place);
      const docs = order();
      // A box has no room for passages.
      if (docs.length && this.mode === "box") {
        this.#enter("done");
      } else if (docs.length) {
        const { snippets } = await this.snippets(answer.searched, docs, { signal });
        this.#results.fill(snippets);
        this.#enter("done");
      }
      if (!offset) this.#suggest(query, answer, signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(asOffprintError(error), offset);
    }
    return signal;
  }

  /**
   * Offers what the query may become, once the reader rests.
   * @param {string} query
   * @param {Answer} answer
   * @param {AbortSignal} signal
   */
  async #suggest(query, answer, signal) {
    await new Promise((resolve) => setTimeout(resolve, REST));
    if (signal.aborted) return;
    if (!this.#listless) this.#withLists(() => {}, true);
    // A box has no room for them.
    if (!answer.hits.length || this.mode === "box" || this.#shadow.activeElement !== this.#box.input) return;
    try {
      /** @type {typeof import("./suggest.js")} */
      const { offer } = await loadModule("suggest.js");
      if (!signal.aborted) await offer({
        papers: this.info?.papers ?? 0,
        words: async () => (await this.suggest(query, { signal })).words,
        topics: async () => (await this.search(query, { ...this.#request(), facets: ["topic"], limit: 0, signal })).facets[0],
        show: (kind, ends) => this.#controls.suggest(kind, ends),
        say: (text) => this.#controls.say(text),
        type: (query) => {
          this.focus();
          this.#box.input.value = query;
          this.#typed();
        },
        narrow: (topics) => {
          this.focus();
          this.#apply({ filters: { ...this.#chosen.filters, topics } });
        },
      }, query, this.#chosen.filters.topics?.length ? undefined : answer.total, answer.hits);
    } catch {
      // The results stand without it.
    }
  }

  /** What every request for lines or counts has in common. */
  #request() {
    const { filters, sort = this.#usual } = this.#chosen;
    const facets = this.#panel?.isOpen ? this.#panel.fields : undefined;
    return { filters, sort, facets, literal: this.#literal };
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
      this.#count(answer);
      this.#controls.offer(answer, (query, literal) => {
        // The button goes with the lines.
        this.focus();
        this.#box.input.value = query;
        this.#typed(literal);
      });
    }
    this.#more.hidden = !answer.hits.length || this.#results.size >= answer.total_any;
    this.#slow.hidden = !this.#host.rangesFail;
    if (focused && this.#more.hidden) this.#results.titles[before]?.focus();
    if (append) this.#address?.remember(this.#results.place);
  }

  /** @param {Answer} answer */
  #count(answer) {
    this.#answer = answer;
    this.#controls.count(answer, this.#chosen.filters);
    this.#panel?.counted(answer);
  }

  #clear() {
    this.#answer = undefined;
    this.#results.clear();
    this.#controls.clear();
    this.#more.hidden = true;
  }

  /**
   * @param {OffprintError} error
   * @param {number} offset
   */
  async #fail(error, offset) {
    // Lines that stand stay; those of another query go.
    if (this.dataset.state === "searching" && !offset) this.#clear();
    const retry = () => {
      this.#host.reset();
      this.focus();
      this.#begin();
    };
    const { message, advice } = told(error);
    const what = h("strong", {}, message);
    const remedy = h("p", {}, advice);
    const button = h("button", { part: "retry", type: "button", click: () => outdated && this.#address ? location.reload() : retry() }, say("retry"));
    let outdated = false;
    this.#alert.replaceChildren(h("p", {}, what), remedy, button);
    this.#alert.hidden = false;
    this.#enter("error");
    this.#tell("error", error);
    if (error.code !== "fetch") return;
    outdated = await this.#host.isOutdated();
    if (!outdated) return;
    what.textContent = say("outdated");
    remedy.textContent = say("outdatedAdvice");
    button.textContent = say("reload");
  }

  /** @param {boolean} [literal] */
  #typed(literal = false) {
    this.#literal = literal;
    this.#address?.typed(this.#view);
    this.#search(0);
  }

  #commit() {
    this.#address?.commit(this.#view);
    if (this.dataset.state === "error") this.#search(0);
  }

  /** @param {Partial<Omit<View, "query">>} chosen */
  #apply(chosen) {
    const { filters, sort } = { ...this.#chosen, ...chosen };
    this.#chosen = { filters, sort: sort === this.#usual ? undefined : sort };
    this.#commit();
    this.#search(0);
  }

  /** @param {View} view */
  #take({ query, filters, sort }) {
    this.#box.input.value = query;
    this.#chosen = { filters, sort };
    this.#literal = false;
  }

  #visit() {
    const address = /** @type {Address} */ (this.#address);
    address.visit();
    const { view } = address;
    if (JSON.stringify(view) === JSON.stringify({ ...view, ...this.#view })) {
      this.#reveal(false, this.#turn.signal);
    } else {
      this.#take(view);
      this.#arrive();
    }
  }

  #toggleFilters() {
    this.#withPanel((panel) => panel.toggle());
  }

  /**
   * Loads what is needed once filters are.
   * @param {(panel: import("./filter-panel.js").FilterPanel) => void} use
   * @param {boolean} [quiet] whether results stand without it where it does not come
   */
  async #withPanel(use, quiet = false) {
    if (this.#panel) return use(this.#panel);
    const tries = this.#tries;
    try {
      /** @type {typeof import("./filter-panel.js")} */
      const { FilterPanel } = await loadModule("filters.js", tries ? `?again=${tries}` : "");
      this.#panel ??= new FilterPanel({
        root: this.#shadow,
        host: this,
        page: this.#page,
        button: this.#controls.filters,
        chips: this.#controls.chips,
        hints: this.#controls.hints,
        offered: this.getAttribute("filters")?.split(/\s+/),
        papers: () => this.info?.papers ?? 0,
        count: (request) => this.search(this.#answer?.searched ?? this.#box.query, {
          ...this.#request(), sort: "relevance", limit: 0, ...request, signal: this.#turn.signal,
        }),
        apply: (filters) => this.#apply({ filters }),
      });
      if (tries && this.dataset.state === "error") {
        this.#alert.hidden = true;
        this.#enter(this.#answer ? "done" : "ready");
      }
      this.#panel.show(this.#chosen.filters);
      use(this.#panel);
      if (this.#answer) this.#panel.counted(this.#answer);
    } catch (error) {
      this.#tries = tries + 1;
      if (!quiet) this.#fail(asOffprintError(error), 0);
    }
  }

  /** Shows the lists that the address names, or none. */
  #showLists() {
    const list = this.#address?.list ?? "";
    if (list) this.#withLists((lists) => lists.show(list));
    else this.#lists?.show("");
  }

  /** Whether readers are to have no stars and lists. */
  get #listless() {
    return this.getAttribute("lists") === "off" || this.mode === "box";
  }

  /**
   * Loads stars and lists.
   * @param {(lists: import("./lists.js").Lists) => void} use
   * @param {boolean} [quiet] whether results stand without them where they do not come
   */
  async #withLists(use, quiet = false) {
    if (this.#listless) return;
    const tries = this.#listTries;
    try {
      /** @type {typeof import("./lists.js")} */
      const { Lists } = await loadModule("lists.js", tries ? `?again=${tries}` : "");
      use((this.#lists ??= new Lists({
        root: this.#shadow,
        page: this.#column,
        button: this.#controls.lists,
        results: this.#results,
        search: (query, options) => this.search(query, options),
        paper: (doc) => this.paper(doc),
        collection: () => ({ title: this.info?.title ?? "", url: this.#host.base }),
        link: () => (this.#address ? location.origin + location.pathname : this.#host.base),
        go: (fragment) => this.#address?.go(fragment),
        focus: () => this.focus(),
        load: loadModule,
      })));
    } catch (error) {
      this.#listTries = tries + 1;
      if (!quiet) this.#fail(asOffprintError(error), 0);
    }
  }

  /** @param {KeyboardEvent} event */
  #steer(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { input } = this.#box;
    const titles = this.#results.titles;
    const active = /** @type {HTMLElement} */ (this.#shadow.activeElement);
    const inBox = active === input;
    const at = titles.indexOf(active);
    /** @type {HTMLElement | undefined} */
    let next;
    if (event.key === "ArrowDown" && (inBox || at >= 0)) next = titles[at + 1];
    else if (event.key === "ArrowUp" && at >= 0) next = titles[at - 1] ?? input;
    else if (event.key === "Escape" && !inBox) next = input;
    else if (event.key === "Escape" && input.value) {
      input.value = "";
      this.#typed();
      next = input;
    }
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
