// Fetches a file, or a part of it, for the engine. Hosts differ in how they answer a range: some
// send the whole file, some another part of it, some a part of its compressed form. The engine
// checks what came and asks again, and the last time the whole file is fetched and cut here.

import { ask } from "./ask.js";

/** How often a request is made before it is given up: the last time without a range. */
const ATTEMPTS = 3;

/** Requests for whole files under way, so that parts of one file share one. @type {Map<string, Promise<Uint8Array>>} */
const wholeFiles = new Map();

/** Whether ranges have failed here: whole files are then fetched at once. */
let rangesFail = false;

/** Parts that the host was in no state to send, which says nothing of ranges. @type {Set<string>} */
const troubled = new Set();

/** Told once when ranges fail. @type {() => void} */
let onRangesFail = () => {};

/** @param {() => void} listener */
export function listenForRanges(listener) {
  onRangesFail = listener;
}

/**
 * @param {Response} response
 * @returns {Promise<Uint8Array>}
 */
async function bodyOf(response) {
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Uint8Array>}
 */
function wholeFile(url, init) {
  let file = wholeFiles.get(url);
  if (!file) {
    file = ask(url, init).then(bodyOf).finally(() => wholeFiles.delete(url));
    wholeFiles.set(url, file);
  }
  return file;
}

/**
 * @param {string} url
 * @param {number} start
 * @param {number} end one past the last byte; 0 for the whole file
 * @param {number} attempt counted from 0; the last takes no range
 * @param {RequestCache} cache
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Uint8Array>} exactly the bytes asked for, as far as can be told
 */
async function fetchPart(url, start, end, attempt, cache, signal) {
  if (!end) return bodyOf(await ask(url, { signal, cache }));
  const part = url + start;
  if (attempt < ATTEMPTS - 1 && !rangesFail) {
    // Chromium lets requests that may be cached for one address wait for each other.
    const response = await ask(url, { signal, cache: "no-store", headers: { range: `bytes=${start}-${end - 1}` } });
    if (response.status === 429 || response.status >= 500) troubled.add(part);
    const body = await bodyOf(response);
    if (response.status === 206) {
      // Not every host lets a page of another site see this header.
      const range = response.headers.get("content-range");
      if (body.length === end - start && (range?.startsWith(`bytes ${start}-`) ?? true)) return body;
      throw new Error("another part came");
    }
    failRanges();
    return cutOut(body, start, end);
  }
  // A request that others share must not end with one of them.
  const file = await wholeFile(url, { cache });
  const body = cutOut(file, start, end);
  if (!troubled.has(part)) failRanges();
  return body;
}

/**
 * Fetches what the engine wants and hands it over. What fails is asked for again, and so is what is
 * damaged, past any cache.
 * @param {Client} client
 * @param {string} base absolute URL of the site's folder, ending in "/"
 * @param {Wanted} wanted
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<number>} how many bytes were wanted
 */
export async function fetchWanted(client, base, { number, path, start, end }, signal) {
  let error;
  /** @type {RequestCache} */
  let cache = "default";
  const attempts = end ? ATTEMPTS : ATTEMPTS - 1;
  for (let attempt = 0; attempt < attempts; attempt++) {
    /** @type {Uint8Array} */
    let bytes;
    try {
      bytes = await fetchPart(base + path, start, end, attempt, cache, signal);
    } catch (reason) {
      signal?.throwIfAborted();
      error = Object.assign(new Error(`A file could not be loaded: ${path} (${/** @type {any} */ (reason)?.message})`), {
        name: "OffprintError",
        code: "fetch",
        advice: "Check the connection and try again.",
      });
      // A lost connection, or a service worker that is just being replaced, is back in a moment, and
      // says nothing of what caches have.
      if (attempt < attempts - 1) await new Promise((resolve) => setTimeout(resolve, 1000));
      signal?.throwIfAborted();
      // Not "reload", which passes the service worker by: it has what it keeps although the host has
      // it no more.
      if (!(reason instanceof TypeError)) cache = "no-cache";
      continue;
    }
    try {
      client.supply(number, bytes);
      return bytes.length;
    } catch (damage) {
      if (/** @type {any} */ (damage)?.name !== "OffprintError") throw damage;
      error = damage;
      cache = "reload";
    }
  }
  throw error;
}

function failRanges() {
  if (rangesFail) return;
  rangesFail = true;
  onRangesFail();
}

/**
 * @param {Uint8Array} file
 * @param {number} start
 * @param {number} end
 * @returns {Uint8Array}
 */
function cutOut(file, start, end) {
  if (file.length < end) throw new Error(`it ends at ${file.length}`);
  return file.slice(start, end);
}
