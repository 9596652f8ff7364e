// Loads the search from the site that is searched, so that engine and index always fit each other.
// What it loads is the site's headless.js and offprint.js; this package holds their types.

/**
 * @typedef {import("../www/headless.js").Papers} Papers
 * @typedef {import("../www/headless.js").SearchClient} SearchClient
 * @typedef {import("../www/headless.js").Info} Info
 * @typedef {import("../www/headless.js").Answer} Answer
 * @typedef {import("../www/headless.js").Hit} Hit
 * @typedef {import("../www/headless.js").Part} Part
 * @typedef {import("../www/headless.js").Facet} Facet
 * @typedef {import("../www/headless.js").Field} Field
 * @typedef {import("../www/headless.js").Filters} Filters
 * @typedef {import("../www/headless.js").Sort} Sort
 * @typedef {import("../www/headless.js").Snippet} Snippet
 * @typedef {import("../www/headless.js").Paper} Paper
 * @typedef {import("../www/headless.js").SearchOptions} SearchOptions
 * @typedef {import("../www/headless.js").OffprintError} OffprintError
 * @typedef {import("../www/element.js").OffprintSearch} OffprintSearch
 * @typedef {object} Version
 * @property {string} [client] name of a folder below the site's `client/`: the scripts are then taken
 * from there, where they never change
 * @typedef {import("../www/headless.js").OpenOptions & Version} Options
 */

/**
 * @param {string | URL} url
 * @param {string} file
 * @param {Version} options
 * @returns {Promise<any>}
 */
async function load(url, file, { client }) {
  const folder = new URL(`${url}`.replace(/\/?$/, "/"), document.baseURI);
  const { href } = new URL(client ? `client/${client}/${file}` : file, folder);
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ href);
  } catch (cause) {
    const advice = "Check the address of the site and that the page’s policy allows its scripts; then load the page again.";
    throw Object.assign(new Error(`Could not load ${href}.`, { cause }), { name: "OffprintError", code: "fetch", advice });
  }
}

/**
 * Opens a collection.
 * @param {string | URL} url the folder of its site
 * @param {Options} [options]
 * @returns {Promise<Papers>} rejects with `OffprintError`
 */
export async function open(url, options = {}) {
  return (await load(url, "headless.js", options)).open(url, options);
}

/**
 * A collection as `searchClient` of InstantSearch, for its widgets and those of React and Vue.
 * An `indexName` that ends in `:newest` or `:oldest` orders by date.
 * @param {string | URL} url the folder of its site
 * @param {Options} [options]
 * @returns {SearchClient}
 */
export function searchClient(url, options = {}) {
  return {
    search: async (requests) => (await load(url, "headless.js", options)).searchClient(url, options).search(requests),
  };
}

/**
 * Brings the element `<offprint-search>`.
 * @param {string | URL} url the folder of a site
 * @param {Version} [options]
 * @returns {Promise<void>} once the element is known
 */
export async function define(url, options = {}) {
  await load(url, "offprint.js", options);
  await customElements.whenDefined("offprint-search");
}

/**
 * @param {unknown} error
 * @returns {error is OffprintError}
 */
export function isOffprintError(error) {
  return error instanceof Error && error.name === "OffprintError";
}
