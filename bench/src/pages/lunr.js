import lunr from "lunr";
import { json, start } from "./common.js";

/** @type {lunr.Index} */
let index;
/** @type {import("./common.js").Line[]} */
let lines;

start({
  async open() {
    const [saved, stored] = await Promise.all([json("index.json"), json("lines.json")]);
    index = lunr.Index.load(saved);
    lines = stored;
  },
  search(text) {
    const results = index.query((query) => {
      const tokens = lunr.tokenizer(text);
      for (const token of tokens) query.term(token.toString(), {});
      // The last word may be unfinished.
      const last = tokens.at(-1);
      if (last) query.term(last.toString(), { wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false });
    });
    return { total: results.length, lines: results.slice(0, 10).map(({ ref }) => lines[Number(ref)]) };
  },
});
