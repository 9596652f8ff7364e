// Asks a site's host for a file, as `fetch` does, and notices what hosts and networks do that is no
// error to `fetch`: fall silent, or send a web page in place of a file. A page that holds its site
// inside says so before the client starts (`single.js`), and is asked instead.

/** @type {Inside | undefined} */
export const inside = /** @type {any} */ (globalThis)[Symbol.for("offprint.inside")];

/** How long nothing at all may come, in milliseconds. However slowly bytes come, they are waited for. */
const SILENCE = 15000;

/** Requests under way. @type {Set<AbortController>} */
const underWay = new Set();
let timer = 0;

/** Something came for one of them. Browsers hold others back meanwhile, so it counts for all. */
function heard() {
  clearTimeout(timer);
  timer = setTimeout(() => underWay.forEach((stop) => stop.abort()), SILENCE);
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Response>} when the whole of it is there
 */
export async function ask(url, init) {
  if (inside) return inside.fetch(url);
  const stop = new AbortController();
  init.signal?.addEventListener("abort", () => stop.abort());
  if (!underWay.size) heard();
  underWay.add(stop);
  try {
    const response = await fetch(url, { ...init, signal: stop.signal });
    const reader = /** @type {ReadableStream} */ (response.body).getReader();
    const pieces = [];
    for (let piece; heard(), (piece = (await reader.read()).value); ) pieces.push(piece);
    // Other files may begin with "<" too, and some hosts call everything a page.
    if (response.ok && pieces[0]?.[0] === 60 && /html/.test(`${response.headers.get("content-type")}`)) {
      throw Error("a web page came instead, as if a login were wanted");
    }
    return new Response(pieces[1] ? new Blob(pieces) : pieces[0], response);
  } catch (error) {
    throw stop.signal.aborted ? Error(`the host sent nothing for ${SILENCE / 1000} seconds`) : error;
  } finally {
    underWay.delete(stop);
  }
}
