import { Document } from "flexsearch";
import { OPTIONS } from "./flexsearch-options.js";
import { entries, write } from "./record.js";

const index = new Document(OPTIONS);
for (const entry of await entries()) index.add(/** @type {any} */ (entry));
/** @type {[string, string][]} */
const parts = [];
await index.export((/** @type {string} */ key, /** @type {string} */ data) => void parts.push([key, data]));
write("index.json", parts);
