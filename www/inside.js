// A page that holds its whole site inside says so here before the client starts (`single.js`); what
// is otherwise asked of a host is then asked of the page.

/** @type {Inside | undefined} */
export const inside = /** @type {any} */ (globalThis)[Symbol.for("offprint.inside")];

export const ask = inside?.fetch ?? fetch;
