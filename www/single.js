// Opens a page that holds its site inside, made by `offprint build --single-file`. All files of the
// site stand one after the other in elements behind this script, which takes them out, gives them to
// the client in the host's place and starts it. Nothing here needs a server: modules and the worker
// start from blobs, which browsers allow for files too.
//
// The bytes are, numbers being little-endian: the length of all in four bytes, that of the list in
// four, the list (deflated JSON), the files in its order.

export {};

// The program puts these into the page's language.
const CUT = "__(This file is incomplete: only {n} % of it is here. Copy or download it again.)__";
const OLD = "__(This browser cannot open the papers in this file ({reason}). Try a newer one.)__";

/** A character of the text holds 15 bits, counted from this one: none means anything in markup, and no parser changes one. */
const FIRST = 0x3400;

/**
 * What the page is made of.
 * @typedef {object} List
 * @property {[path: string, length: number, deflated: number][]} files
 * @property {string[]} start modules that the page starts
 * @property {string} worker script of the engine's worker
 */

/** The file was cut off; the message is for readers. */
class Incomplete extends Error {}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
function decoded(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 15) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    held |= (text.charCodeAt(i) - FIRST) << bits;
    for (bits += 15; bits >= 8; bits -= 8) {
      bytes[at++] = held;
      held >>>= 8;
    }
  }
  return bytes;
}

/** Takes the bytes out of the page, which may go on between the elements. */
async function taken() {
  let whole = new Uint8Array(0);
  let end = 0;
  for (const element of document.querySelectorAll("script[type='application/offprint']")) {
    const piece = decoded(element.textContent ?? "");
    element.remove();
    if (!end && piece.length > 8) whole = new Uint8Array(new DataView(piece.buffer).getUint32(0, true));
    // The last character may hold some bits that are nobody's.
    whole.set(piece.subarray(0, whole.length - end), end);
    end += piece.length;
    await new Promise((resolve) => setTimeout(resolve));
  }
  if (!end || end < whole.length) throw new Incomplete(CUT.replace("{n}", `${Math.floor((100 * end) / (whole.length || 1))}`));
  return whole;
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function inflated(bytes) {
  const body = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(body).arrayBuffer());
}

/** @param {...BlobPart} script @returns {string} its address */
function blobOf(...script) {
  return URL.createObjectURL(new Blob(script, { type: "text/javascript" }));
}

async function open() {
  const whole = await taken();
  const view = new DataView(whole.buffer);
  let end = 8 + view.getUint32(4, true);
  /** @type {List} */
  const { files, start, worker } = JSON.parse(new TextDecoder().decode(await inflated(whole.slice(8, end))));
  /** @type {Map<string, () => Promise<Uint8Array<ArrayBuffer>>>} */
  const readers = new Map();
  for (const [path, length, deflated] of files) {
    const from = end;
    end += length;
    // A copy, which can be handed to the worker.
    const stored = async () => whole.slice(from, from + length);
    readers.set(path, deflated ? async () => inflated(await stored()) : stored);
  }
  /** @param {string} path */
  const read = async (path) => readers.get(path)?.();
  const home = new URL(".", document.baseURI).href;
  /** @param {string} url where a host would have it */
  const find = (url) => read(url.replace(home, "").replace(/[?#].*/, ""));
  const script = await read(worker);
  /** @type {Inside} */
  const inside = {
    async fetch(url) {
      const bytes = await find(`${url}`);
      return new Response(bytes ?? null, { status: bytes ? 200 : 404 });
    },
    async load(url) {
      const address = blobOf(/** @type {BlobPart} */ (await find(url)));
      try {
        return await import(address);
      } finally {
        URL.revokeObjectURL(address);
      }
    },
    worker() {
      const address = blobOf(/** @type {BlobPart} */ (script));
      // Chromium starts none of type "module" here.
      const started = new Worker(address);
      const { port1, port2 } = new MessageChannel();
      // WebKit's workers cannot read a blob of a page that is a file, so they ask for bytes.
      port1.onmessage = async ({ data: [number, url] }) => {
        const bytes = await find(url);
        port1.postMessage([number, bytes], bytes ? [bytes.buffer] : []);
      };
      started.postMessage(undefined, [port2]);
      return started;
    },
  };
  /** @type {any} */ (globalThis)[Symbol.for("offprint.inside")] = inside;
  for (const path of start) {
    const module = document.createElement("script");
    module.type = "module";
    module.textContent = new TextDecoder().decode(await read(path));
    document.head.append(module);
  }
}

open().catch((error) => {
  const told = document.createElement("p");
  told.role = "alert";
  told.append(error instanceof Incomplete ? error.message : OLD.replace("{reason}", error.message));
  document.querySelector("main")?.prepend(told);
});
