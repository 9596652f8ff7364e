import { create, insertMultiple, save } from "@orama/orama";
import { SCHEMA } from "./orama-options.js";
import { entries, line, write } from "./record.js";

const index = create({ schema: SCHEMA });
await insertMultiple(index, await entries(), 1000);
const saved = /** @type {any} */ (save(index));
// The abstract is searched and not shown, so it need not be sent twice.
for (const [key, doc] of Object.entries(saved.docs.docs)) saved.docs.docs[key] = line(/** @type {any} */ (doc));
write("index.json", saved);
