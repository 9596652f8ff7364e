// The search without anything to see, for scripts: `open(url)`, and a client for InstantSearch. It
// keeps its name from build to build, as the entry script of the element does.

import { engineHost, setHome } from "./client-host.js";
import { Collection } from "./collection.js";
import { OffprintError } from "./errors.js";
import { clientOf } from "./search-client.js";

/**
 * @typedef {import("../crates/search/types.d.ts").Info} Info
 * @typedef {import("../crates/search/types.d.ts").Answer} Answer
 * @typedef {import("../crates/search/types.d.ts").Hit} Hit
 * @typedef {import("../crates/search/types.d.ts").Part} Part
 * @typedef {import("../crates/search/types.d.ts").Facet} Facet
 * @typedef {import("../crates/search/types.d.ts").Field} Field
 * @typedef {import("../crates/search/types.d.ts").Filters} Filters
 * @typedef {import("../crates/search/types.d.ts").Sort} Sort
 * @typedef {import("../crates/search/types.d.ts").Snippet} Snippet
 * @typedef {import("../crates/search/types.d.ts").Paper} Paper
 * @typedef {import("./collection.js").PaperAnswer} PaperAnswer
 * @typedef {import("./collection.js").SearchOptions} SearchOptions
 * @typedef {import("./search-client.js").SearchClient} SearchClient
 * @typedef {object} OpenOptions
 * @property {"off" | "blob"} [worker] "off": the engine runs on this thread; "blob": its worker may
 * start from a blob, though the page has a content security policy
 */

const CLIENT = "__OFFPRINT_CLIENT__";

setHome(import.meta.url, CLIENT);

/** An opened collection. */
export class Papers extends Collection {
  /**
   * @param {import("./collection.js").Engine} host
   * @param {Info} info
   */
  constructor(host, info) {
    super(host);
    /** What the index says of itself: title, description, number of papers. */
    this.info = info;
  }

  /**
   * @param {number | string} which document number of a hit, or the paper's id
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<PaperAnswer>} rejects with `OffprintError`, with the code "unknown" where no
   * paper has the id
   */
  async paper(which, options) {
    if (typeof which === "number") return super.paper(which, options);
    const { hits } = await this.search(which, { ...options, literal: true, limit: 10 });
    const hit = hits.find(({ id }) => id === which);
    if (!hit) throw new OffprintError("unknown", `No paper has the id ${which}.`);
    return super.paper(hit.doc, options);
  }
}

/**
 * Opens a collection.
 * @param {string | URL | null} [url] the folder of its site; without, the one that this script lies in
 * @param {OpenOptions} [options]
 * @returns {Promise<Papers>} rejects with `OffprintError`; another try starts anew
 */
export async function open(url, { worker } = {}) {
  const host = engineHost(url ? `${url}` : null, worker ?? null);
  return new Papers(host, await host.start());
}

/**
 * A collection as `searchClient` of InstantSearch, for its widgets and those of React and Vue.
 * An `indexName` that ends in `:newest` or `:oldest` orders by date.
 * @param {string | URL | null} [url]
 * @param {OpenOptions} [options]
 * @returns {SearchClient}
 */
export function searchClient(url, options) {
  return clientOf(() => open(url, options));
}

export { OffprintError };
