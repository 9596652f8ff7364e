// Builder and page must agree on these.

/** @type {import("minisearch").Options} */
export const OPTIONS = {
  fields: ["title", "abstract", "authors"],
  storeFields: ["title", "authors", "date"],
};

/** The last word may be unfinished, as in Offprint. @type {import("minisearch").SearchOptions} */
export const SEARCH = {
  boost: { title: 3 },
  prefix: (_term, place, terms) => place === terms.length - 1,
};
