// Stands in front of the engine's script in the worker of a page that holds its site inside
// (`single.js`). The page has the bytes; the first message brings the port on which to ask for them.

export {};

/** What is asked for. @type {Map<number, (response: Response) => void>} */
const awaited = new Map();
let asked = 0;
/** @type {MessagePort} */
let page;

addEventListener("message", (event) => {
  // It is no message for the engine.
  event.stopImmediatePropagation();
  [page] = event.ports;
  page.onmessage = ({ data: [number, bytes] }) => {
    awaited.get(number)?.(new Response(bytes, { status: bytes ? 200 : 404 }));
    awaited.delete(number);
  };
}, { once: true });

/** @type {any} */ (globalThis)[Symbol.for("offprint.inside")] = {
  /** @param {string} url */
  fetch: (url) => new Promise((resolve) => {
    awaited.set(++asked, resolve);
    page.postMessage([asked, url]);
  }),
};
