// Builder and page must agree on these. "forward" indexes every beginning of a word, which is how
// FlexSearch finds prefixes.

/** @type {any} */
export const OPTIONS = {
  document: {
    id: "id",
    index: ["title", "abstract", "authors"].map((field) => ({ field, tokenize: "forward" })),
    store: ["id", "title", "authors", "date"],
  },
};
