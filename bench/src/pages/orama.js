import { create, load, search } from "@orama/orama";
import { SCHEMA } from "../builders/orama-options.js";
import { json, start } from "./common.js";

const index = create({ schema: SCHEMA });

start({
  async open() {
    load(index, await json("index.json"));
  },
  async search(text) {
    const { count, hits } = await search(index, { term: text, limit: 10, boost: { title: 3 } });
    return { total: count, lines: hits.map(({ document }) => /** @type {any} */ (document)) };
  },
});
