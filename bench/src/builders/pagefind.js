import { close, createIndex } from "pagefind";
import { papers } from "../prepare.js";

/** Records that are under way at once. */
const BATCH = 64;

const [, , source, folder] = process.argv;
const { index, errors } = await createIndex({ forceLanguage: "en" });
if (!index) throw new Error(errors.join("; "));

/** @param {{ errors: string[] }} answer */
const check = (answer) => {
  if (answer.errors.length) throw new Error(answer.errors.join("; "));
};

/** @type {Promise<void>[]} */
let batch = [];
for await (const { title, abstract, authors, date, categories, url } of papers(source)) {
  const record = {
    url,
    content: `${title}\n${abstract}`,
    language: "en",
    meta: { title, authors: authors.join(", "), date },
    filters: { category: categories.slice(0, 1) },
    sort: { date },
  };
  batch.push(index.addCustomRecord(record).then(check));
  if (batch.length < BATCH) continue;
  await Promise.all(batch);
  batch = [];
}
await Promise.all(batch);
check(await index.writeFiles({ outputPath: `${folder}/pagefind` }));
await close();
