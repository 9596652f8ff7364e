import { Document } from "flexsearch";
import { OPTIONS } from "../builders/flexsearch-options.js";
import { json, start } from "./common.js";

/** @type {any} */
const index = new Document(OPTIONS);

start({
  async open() {
    for (const [key, data] of await json("index.json")) index.import(key, data);
  },
  search(text) {
    const found = index.search(text, { limit: 10, enrich: true, merge: true });
    return { total: found.length, lines: found.slice(0, 10).map((/** @type {any} */ { doc }) => doc) };
  },
  // A search is cut at its limit, so it does not count.
  count: (text) => index.search(text, { limit: 1e9, merge: true }).length,
});
