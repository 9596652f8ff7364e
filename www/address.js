// The query in the page's address. Typing rewrites the current history entry; a committed query
// gets an entry of its own, and the entry it was typed in goes back to what it stood for.

export class Address {
  #committed = location.href;

  /** @returns {string} */
  get query() {
    return new URL(location.href).searchParams.get("q") ?? "";
  }

  /** The reader went to another entry. */
  visit() {
    this.#committed = location.href;
  }

  /** @param {string} query */
  typed(query) {
    this.#write(() => history.replaceState(history.state, "", this.#with(query)));
  }

  /** @param {string} query */
  commit(query) {
    const next = this.#with(query);
    if (next === this.#committed) return;
    this.#write(() => {
      history.replaceState(history.state, "", this.#committed);
      history.pushState(null, "", next);
      this.#committed = next;
    });
  }

  /**
   * @param {string} query
   * @returns {string}
   */
  #with(query) {
    const url = new URL(location.href);
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    return url.href;
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
