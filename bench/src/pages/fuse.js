import Fuse from "fuse.js";
import { OPTIONS } from "../builders/fuse-options.js";
import { json, start } from "./common.js";

/** @type {Fuse<import("./common.js").Line>} */
let fuse;

start({
  async open() {
    const [saved, lines] = await Promise.all([json("index.json"), json("lines.json")]);
    fuse = new Fuse(lines, OPTIONS, Fuse.parseIndex(saved));
  },
  search(text) {
    const results = fuse.search(text);
    return { total: results.length, lines: results.slice(0, 10).map(({ item }) => item) };
  },
});
