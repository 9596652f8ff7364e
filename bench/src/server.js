// A static host that notes what it was asked, and can keep every answer back for a while.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { extname, join, normalize } from "node:path";
import { constants, gzipSync } from "node:zlib";

const TYPES = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".svg", "image/svg+xml"],
  [".json", "application/json"],
  [".wasm", "application/wasm"],
]);

/** What a host packs on the way; all else counts as it is stored. */
const PACKED = new Set([".html", ".js", ".css", ".svg"]);

/**
 * @typedef {object} Request
 * @property {string} path below the site, without the query
 * @property {number} status 0: the page did not wait for it
 * @property {number} raw body bytes as stored
 * @property {number} counted body bytes: HTML, CSS, JavaScript and SVG as `gzip -9` makes them
 * @property {number} started milliseconds
 * @property {number} finished
 * @property {number} at when it began, in milliseconds by the machine's clock
 */

/**
 * What files weigh; each is packed once.
 * @type {Map<string, number>}
 */
const packedSizes = new Map();

/**
 * @param {string} file
 * @returns {number} bytes as `gzip -9` makes them
 */
export function packedSize(file) {
  let size = packedSizes.get(file);
  if (size === undefined) {
    size = gzipSync(readFileSync(file), { level: constants.Z_BEST_COMPRESSION }).length;
    packedSizes.set(file, size);
  }
  return size;
}

/**
 * @param {string} header
 * @param {number} size
 * @returns {[number, number] | undefined} first and last byte
 */
function range(header, size) {
  const [, first, last] = header.match(/^bytes=(\d*)-(\d*)$/) ?? [];
  if (first === undefined || (!first && !last)) return undefined;
  if (!first) return [Math.max(0, size - Number(last)), size - 1];
  return [Number(first), last ? Math.min(Number(last), size - 1) : size - 1];
}

export class Host {
  /** Milliseconds that every answer is kept back. */
  delay = 0;
  /** Where it answers, ending in "/". */
  url = "";
  /** @type {Request[]} */
  #log = [];
  #open = 0;
  #secure;
  #server;

  /**
   * @param {string} root
   * @param {import("./certificate.js").Certificate} [certificate] speaks HTTP/2 with it, HTTP/1.1 without
   */
  constructor(root, certificate) {
    /** @param {any} request @param {any} response both kinds of server have the same */
    const serve = (request, response) => {
      const started = performance.now();
      const at = Date.now();
      const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname).slice(1) || "index.html";
      this.#open++;
      const sent = { status: 0, raw: 0, counted: 0 };
      // A page may lose interest before it is answered.
      response.once("close", () => {
        this.#open--;
        this.#log.push({ path, ...sent, started, at, finished: performance.now() });
      });
      /** @param {number} status @param {number} raw @param {number} counted */
      const note = (status, raw, counted) => void Object.assign(sent, { status, raw, counted });
      const answer = () => response.destroyed || this.#answer(join(root, normalize(path)), request.headers.range, response, note);
      if (this.delay) setTimeout(answer, this.delay);
      else answer();
    };
    this.#secure = certificate !== undefined;
    this.#server = certificate
      ? createSecureServer({ key: certificate.key, cert: certificate.cert }, serve)
      : createServer({ keepAliveTimeout: 60_000 }, serve);
  }

  /**
   * @param {string} file
   * @param {string | undefined} wanted
   * @param {import("node:http").ServerResponse} response
   * @param {(status: number, raw: number, counted: number) => void} note
   */
  #answer(file, wanted, response, note) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) {
      note(404, 0, 0);
      response.writeHead(404).end();
      return;
    }
    const part = wanted === undefined ? undefined : range(wanted, stat.size);
    const [first, last] = part ?? [0, stat.size - 1];
    const length = last - first + 1;
    const kind = extname(file);
    note(part ? 206 : 200, length, part || !PACKED.has(kind) ? length : packedSize(file));
    response.writeHead(part ? 206 : 200, {
      "content-type": TYPES.get(kind) ?? "application/octet-stream",
      "content-length": length,
      "accept-ranges": "bytes",
      "cache-control": "public, max-age=3600",
      // Without these a browser keeps no parts of a file.
      etag: `"${stat.size.toString(16)}-${Math.floor(stat.mtimeMs).toString(16)}"`,
      "last-modified": stat.mtime.toUTCString(),
      // Lets the page ask how much memory it takes.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      ...(part && { "content-range": `bytes ${first}-${last}/${stat.size}` }),
    });
    if (length <= 0) response.end();
    else createReadStream(file, { start: first, end: last }).pipe(response);
  }

  /** @returns {Promise<void>} */
  listen() {
    return new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => {
        const address = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
        this.url = `${this.#secure ? "https" : "http"}://127.0.0.1:${address.port}/`;
        resolve();
      });
    });
  }

  /**
   * @param {number} [quiet] for how long, in milliseconds
   * @returns {Promise<Request[]>} what was asked since the last call, once nothing has been under way for a while
   */
  async take(quiet = 20) {
    for (let since = 0; since < quiet; since = this.#open ? 0 : since + 10) await new Promise((done) => setTimeout(done, 10));
    return this.#log.splice(0);
  }

  close() {
    // Connections that are kept alive end with the process.
    this.#server.close();
  }
}
