// The view of days: the papers that were listed on a day, in that list's order, or all days. It
// stands in place of the results, and its lines are lines of results.

import { papers } from "./counts.js";
import { dateText } from "./dates.js";
import { DAYS_AT, DayFiles, dayOf, placeOf } from "./days.js";
import { DAY_STYLES } from "./days-styles.js";
import { h, linkButton, takesText } from "./dom.js";
import { told } from "./errors.js";
import { texts } from "./say.js";

const sayDay = texts({
  byDay: "Papers by day",
  everyDay: "All days",
  leaveDays: "Back to search",
  dayLoading: "Loading…",
  dayPapers: "{papers}, in the order of that day’s list",
  noDays: "No paper of this collection was listed on a day.",
  noSuchDay: "This collection has no list of that day.",
  moreOfDay: "Show more",
  dayAgain: "Try again",
  otherDays: "Other days",
});

/** @typedef {import("./days.js").Day} Day */

/** How many lines are shown at a time. */
const AT_ONCE = 50;

/** How long lines gather that came into sight before their passages are asked for, in milliseconds. */
const GATHER = 100;

export class DayView {
  #lists;
  #files;
  #name = h("bdi");
  #heading = h("h2", { id: "day", tabindex: -1 }, this.#name);
  #state = h("p", { class: "quiet", role: "status" });
  #all = h("a", { href: DAYS_AT }, sayDay("everyDay"));
  #more = h("button", { class: "next", part: "more", type: "button", hidden: true, click: () => this.#showMore() }, sayDay("moreOfDay"));
  #turn = h("nav", { class: "turn", "aria-label": sayDay("otherDays") });
  #days = h("ul", { class: "alldays" });
  #results;
  /** Lines whose passages were not asked for yet. @type {IntersectionObserver} */
  #sight;
  /** Documents of those that are in sight. @type {number[]} */
  #seen = [];
  element;
  /** What is shown; "" while it is hidden. */
  #shown = "";
  /** What was drawn last, which going back finds as it was. */
  #drawn = "";
  /** @type {Day | undefined} */
  #day;

  /** @param {import("./lists.js").Lists} lists */
  constructor(lists) {
    this.#lists = lists;
    const { site } = lists;
    this.#files = new DayFiles(async () => `${site.collection().url}segments/${await this.#segment()}/`);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(DAY_STYLES);
    site.root.adoptedStyleSheets.push(sheet);
    const { host } = this;
    // Another list like that of the results.
    this.#results = new /** @type {typeof import("./results.js").ResultList} */ (site.results.constructor)({
      paper: (doc) => host.paper(doc),
      related: (doc) => host.related(doc),
      opened() {},
      // Among what its title finds, since not every id is one to the engine.
      follow: ({ id, title }) => visit(`${title} `, id),
      seek: (query) => visit(query),
      dress: (line) => lists.dress(line),
      fields: () => host.getAttribute("fields")?.split(" "),
    });
    // What parts papers with some of the words from those with all: here it would have its id twice.
    for (const part of [...this.#results.element.children].slice(2)) part.remove();
    this.element = h("section", { class: "day", part: "day", "aria-labelledby": "day", hidden: true },
      h("p", { class: "ways" }, linkButton(sayDay("leaveDays"), () => lists.go("")), this.#all),
      this.#heading, this.#state, this.#results.element, this.#more, this.#days, this.#turn);
    site.page.append(this.element);
    this.#sight = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "200px" });
    this.element.addEventListener("keydown", (event) => this.#steer(event));
    let timer = 0;
    addEventListener("scroll", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        // Another entry may be shown by now.
        if (this.#day && location.hash === this.#shown) history.replaceState({ ...history.state, day: this.#results.place }, "");
      }, 250);
    });
  }

  /** The element whose lists these are. */
  get host() {
    return /** @type {import("./element.js").OffprintSearch} */ (this.#lists.site.root.host);
  }

  /** Its lines, which have stars too. @returns {import("./results.js").ResultList["lines"]} */
  get lines() {
    return this.#results.lines;
  }

  /** @returns {Promise<string>} the name of the collection's segment, once the index is open */
  async #segment() {
    const { host } = this;
    if (!host.info) await new Promise((resolve) => host.addEventListener("ready", resolve, { once: true }));
    return host.info?.segment ?? "";
  }

  /** @param {string} fragment */
  show(fragment) {
    const { site } = this.#lists;
    if (fragment === this.#shown) return;
    const focused = this.element.contains(site.root.activeElement);
    this.#shown = fragment;
    this.element.hidden = !fragment;
    site.page.parentElement?.classList.toggle("dated", !!fragment);
    if (!fragment) {
      if (focused) site.focus();
      return;
    }
    // As far as it was read.
    const place = /** @type {Place | undefined} */ (history.state?.day);
    const top = () => scrollTo({ top: Math.min(scrollY, site.page.getBoundingClientRect().top + scrollY), behavior: "instant" });
    if (fragment === this.#drawn) {
      if (place) this.#results.scrollTo(place);
      else top();
    } else {
      top();
      this.#draw(fragment, place);
    }
    this.#heading.focus({ preventScroll: true });
  }

  /** @returns {boolean} whether there was something to focus */
  focus() {
    if (this.#shown) this.#heading.focus({ preventScroll: true });
    return this.#shown !== "";
  }

  /**
   * @param {string} fragment
   * @param {Place | undefined} place
   */
  async #draw(fragment, place) {
    const wanted = dayOf(fragment);
    this.#drawn = fragment;
    this.#day = undefined;
    this.#name.textContent = wanted ? dateText(wanted) : sayDay("byDay");
    this.#all.hidden = !wanted;
    this.#results.clear();
    this.#days.replaceChildren();
    this.#turn.replaceChildren();
    this.#more.hidden = true;
    this.#state.textContent = sayDay("dayLoading");
    try {
      const days = await this.#files.days();
      if (this.#drawn !== fragment) return;
      if (!wanted) return this.#showDays(days);
      const at = days.findIndex(([name]) => name === wanted);
      const [day] = days.slice(at, at + 1);
      if (at < 0 || !day) {
        this.#state.textContent = sayDay("noSuchDay");
        return;
      }
      const lines = await this.#files.lines(day, 0, Math.max(AT_ONCE, place?.shown ?? 0));
      if (this.#drawn !== fragment) return;
      this.#day = day;
      this.#state.textContent = sayDay("dayPapers", { papers: papers(day[1]) });
      this.#add(lines);
      this.#turn.replaceChildren(
        ...days.slice(Math.max(0, at - 1), at).map((other) => turnTo(other, "before")),
        ...days.slice(at + 1, at + 2).map((other) => turnTo(other, "after")));
      if (place) this.#results.scrollTo(place);
    } catch (error) {
      if (this.#drawn === fragment) this.#fail(error, () => this.#draw(fragment, place));
    }
  }

  /** @param {Day[]} days */
  #showDays(days) {
    this.#state.textContent = days.length ? "" : sayDay("noDays");
    this.#days.replaceChildren(...days.map(([name, n]) => h("li", {},
      h("a", { href: placeOf(name) }, h("bdi", {}, dateText(name)), h("span", { class: "number" }, papers(n))))));
  }

  /** @param {Hit[]} hits */
  #add(hits) {
    const before = this.#results.size;
    this.#results.show(/** @type {Answer} */ ({ total: hits.length, hits }), true);
    for (const { item } of this.#results.lines.slice(before)) this.#sight.observe(item);
    this.#more.hidden = !this.#day || this.#results.size >= this.#day[1];
  }

  async #showMore() {
    const day = this.#day;
    const before = this.#results.size;
    if (!day) return;
    try {
      const hits = await this.#files.lines(day, before, before + AT_ONCE);
      // Pressed twice, or elsewhere by now.
      if (this.#day !== day || this.#results.size !== before) return;
      const focused = this.#lists.site.root.activeElement === this.#more;
      this.#add(hits);
      if (focused) this.#results.titles[before]?.focus();
    } catch (error) {
      if (this.#day === day) this.#fail(error, () => this.#showMore());
    }
  }

  /**
   * @param {unknown} error
   * @param {() => void} again
   */
  #fail(error, again) {
    const { message, advice } = told(error);
    const { textContent: before } = this.#state;
    this.#state.replaceChildren(`${message} ${advice} `, linkButton(sayDay("dayAgain"), () => {
      this.#state.textContent = before;
      this.#heading.focus({ preventScroll: true });
      again();
    }));
    this.#state.scrollIntoView({ block: "nearest" });
  }

  /**
   * Asks for passages of lines that come into sight, as results have them: the others cost nothing.
   * @param {IntersectionObserverEntry[]} entries
   */
  #see(entries) {
    const items = new Set(entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target));
    const docs = this.#results.lines.filter(({ item }) => items.has(item)).map(({ hit }) => hit.doc);
    for (const item of items) this.#sight.unobserve(item);
    if (!docs.length) return;
    if (!this.#seen.length) setTimeout(() => this.#fill(this.#seen.splice(0)), GATHER);
    this.#seen.push(...docs);
  }

  /** @param {number[]} docs */
  async #fill(docs) {
    try {
      this.#results.fill((await this.host.snippets("", docs)).snippets);
    } catch {
      // The titles stand without them.
    }
  }

  /** @param {KeyboardEvent} event */
  #steer(event) {
    const { key, isComposing, altKey, ctrlKey, metaKey, shiftKey } = event;
    const active = /** @type {HTMLElement | null} */ (this.#lists.site.root.activeElement);
    if (isComposing || altKey || ctrlKey || metaKey || shiftKey || event.defaultPrevented) return;
    const { titles } = this.#results;
    const at = active ? titles.indexOf(active) : -1;
    const next = at < 0 ? undefined : key === "ArrowDown" ? titles[at + 1] : key === "ArrowUp" ? titles[at - 1] : undefined;
    if (key === "Escape" && active && takesText(active)) active.blur();
    else if (key === "Escape") this.#lists.go("");
    else if (next) next.focus();
    else return;
    event.preventDefault();
  }
}

/**
 * Goes to a search, as a link of the page would.
 * @param {string} query
 * @param {string} [paper] the id of one that is open there
 */
function visit(query, paper = "") {
  history.pushState(null, "", `?q=${encodeURIComponent(query)}#${encodeURIComponent(paper)}`);
  dispatchEvent(new PopStateEvent("popstate"));
}

/** @param {Day} day @param {string} side @returns {HTMLElement} */
function turnTo([name], side) {
  return h("a", { class: side, href: placeOf(name) }, h("bdi", {}, dateText(name)));
}
