import MiniSearch from "minisearch";
import { OPTIONS, SEARCH } from "../builders/minisearch-options.js";
import { start } from "./common.js";

/** @type {MiniSearch} */
let index;

start({
  async open() {
    index = MiniSearch.loadJSON(await (await fetch("index.json")).text(), OPTIONS);
  },
  search(text) {
    const results = index.search(text, SEARCH);
    return {
      total: results.length,
      lines: results.slice(0, 10).map(({ id, title, authors, date }) => ({ id, title, authors, date })),
    };
  },
});
