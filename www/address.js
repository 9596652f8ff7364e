// What the page's address says: query, filters, order, an opened paper. Typing rewrites the current
// history entry; a commit gets an entry of its own, and the entry it was made in goes back to what
// it stood for. An entry also remembers how far its list was read.

import { readFilters, writeFilters } from "./filters.js";
import { SORTS } from "./words.js";

/**
 * @param {string} href a page with a search
 * @param {View} view
 * @returns {string} the address at which it shows that
 */
export function addressOf(href, { query, filters, sort }) {
  const url = new URL(href);
  url.hash = "";
  for (const [key, value] of [["q", query], ["sort", sort]]) {
    if (value) url.searchParams.set(/** @type {string} */ (key), value);
    else url.searchParams.delete(/** @type {string} */ (key));
  }
  writeFilters(url.searchParams, filters);
  return url.href;
}

export class Address {
  #committed = { href: location.href, state: history.state };

  /** @returns {View} */
  get view() {
    const { searchParams } = new URL(location.href);
    return {
      query: searchParams.get("q") ?? "",
      filters: readFilters(searchParams),
      sort: SORTS.find((sort) => sort === searchParams.get("sort")),
    };
  }

  /** The id of the paper whose abstract is open; "" for none. */
  get paper() {
    try {
      return this.list ? "" : decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  }

  /** The lists, the shared list, or the days (`#listed=`) in place of results; "" for none. */
  get list() {
    return /^#list\w*=/.test(location.hash) ? location.hash : "";
  }

  /** @param {string} fragment what is to be shown in an entry of its own */
  go(fragment) {
    this.#write(() => {
      history.pushState(null, "", location.href.split("#")[0] + fragment);
      this.visit();
    });
  }

  /** How far the entry's list was read. @returns {Place | undefined} */
  get place() {
    return history.state?.offprint;
  }

  /** The reader went to another entry. */
  visit() {
    this.#committed = { href: location.href, state: history.state };
  }

  /** @param {View} view */
  typed(view) {
    this.#write(() => history.replaceState({ ...history.state, offprint: undefined }, "", addressOf(location.href, view)));
  }

  /** @param {View} view */
  commit(view) {
    const next = addressOf(location.href, view);
    if (next === this.#committed.href.split("#")[0]) return;
    this.#write(() => {
      history.replaceState(this.#committed.state, "", this.#committed.href);
      history.pushState(null, "", next);
      this.visit();
    });
  }

  /**
   * Notes that a paper was opened, or closed.
   * @param {string} id
   * @param {boolean} open
   */
  opened(id, open) {
    if (!open && this.paper !== id) return;
    const url = new URL(location.href);
    url.hash = open ? encodeURIComponent(id).replaceAll("%2F", "/") : "";
    this.#amend(history.state, url.href);
  }

  /**
   * Makes an entry for a paper that another one led to.
   * @param {string} id
   */
  follow(id) {
    this.#write(() => {
      history.pushState(null, "", location.href);
      this.visit();
    });
    this.opened(id, true);
  }

  /** @param {Place} place */
  remember(place) {
    this.#amend({ ...history.state, offprint: place }, location.href);
  }

  /**
   * Changes the current entry, and what it goes back to if it stands for that.
   * @param {any} state
   * @param {string} href
   */
  #amend(state, href) {
    const standing = location.href === this.#committed.href;
    this.#write(() => {
      history.replaceState(state, "", href);
      if (standing) this.visit();
    });
  }

  /** @param {() => void} change */
  #write(change) {
    try {
      change();
    } catch {
      // Safari allows about a hundred changes in thirty seconds; the address then lags behind.
    }
  }
}
