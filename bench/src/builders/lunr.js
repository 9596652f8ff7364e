import lunr from "lunr";
import { entries, line, write } from "./record.js";

const all = await entries();
const index = lunr(function () {
  this.ref("place");
  this.field("title", { boost: 3 });
  this.field("abstract");
  this.field("authors");
  all.forEach((entry, place) => this.add({ ...entry, place }));
});
write("index.json", index);
write("lines.json", all.map(line));
