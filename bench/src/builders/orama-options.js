// Builder and page must agree on these.

export const SCHEMA = /** @type {const} */ ({ title: "string", abstract: "string", authors: "string" });
