import Fuse from "fuse.js";
import { KEYS } from "./fuse-options.js";
import { entries, line, write } from "./record.js";

const all = await entries();
write("index.json", Fuse.createIndex(KEYS, all).toJSON());
write("lines.json", all.map(line));
