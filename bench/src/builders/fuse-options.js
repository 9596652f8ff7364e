// Builder and page must agree on these. Token search looks for each word by itself and anywhere in
// the text; without it a query is one string of at most 32 letters.

export const KEYS = [{ name: "title", weight: 3 }, { name: "abstract", weight: 1 }, { name: "authors", weight: 1 }];

export const OPTIONS = { keys: KEYS, useTokenSearch: true, ignoreLocation: true, threshold: 0.2 };
