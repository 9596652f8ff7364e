// What can be asked of a collection, by its element and by scripts alike.

/**
 * @typedef {{ request(kind: any, args: any, signal?: AbortSignal): Promise<any> }} Engine
 * @typedef {import("../crates/search/types.d.ts").Answer} Answer
 * @typedef {import("../crates/search/types.d.ts").Hit} Hit
 * @typedef {import("../crates/search/types.d.ts").SearchRequest} SearchRequest
 * @typedef {import("../crates/search/types.d.ts").SnippetAnswer} SnippetAnswer
 * @typedef {import("../crates/search/types.d.ts").PaperAnswer} PaperAnswer
 * @typedef {import("../crates/search/types.d.ts").SuggestAnswer} SuggestAnswer
 * @typedef {Partial<Omit<SearchRequest, "query" | "related">> & { signal?: AbortSignal }} SearchOptions
 * `settled: false` takes the first parts of long lists: fewer bytes, nearly always the same hits;
 * `literal: true` corrects no word
 */

export class Collection {
  /** @type {Engine} */
  #host;

  /** @param {Engine} host */
  constructor(host) {
    this.#host = host;
  }

  /**
   * @param {string} query
   * @param {SearchOptions} [options]
   * @returns {Promise<Answer>} rejects with `OffprintError`
   */
  search(query, { signal, ...more } = {}) {
    return this.#host.request("search", { ...more, query }, signal);
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

  /**
   * @param {string} query
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<SuggestAnswer>} words that the query's unfinished last one may become
   */
  suggest(query, { signal } = {}) {
    return this.#host.request("suggest", query, signal);
  }
}
