import MiniSearch from "minisearch";
import { OPTIONS } from "./minisearch-options.js";
import { entries, write } from "./record.js";

const index = new MiniSearch(OPTIONS);
index.addAll(await entries());
write("index.json", index);
