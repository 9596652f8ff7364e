// The service worker of a site. It answers for pages in its folder alone, and everything it answers
// with is keyed by its content: a client's folder and a segment's are named by theirs, and files
// that keep their names are asked for with the name of a build. So a page gets the files of its own
// build, whichever build this worker came with, and a new worker may take over at once.
//
// A page comes from the network where there is one, so that a visitor sees the newest. Of a
// collection that is kept it comes from what is kept: an update is for the reader to take.

import { Store, digestOf } from "./offline-store.js";

const BUILD = "__OFFPRINT_BUILD__";

/** How long the network may take to bring a page that lies here, in milliseconds. */
const PATIENCE = 8000;

/** TypeScript cannot load the libraries of window and worker together. */
const worker = /** @type {any} */ (self);
const store = new Store(new URL("./", location.href).href);

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(install().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  const url = request.url.replace(/#.*/, "");
  if (request.method !== "GET" || !url.startsWith(store.home)) return;
  const path = url.slice(store.home.length);
  const [, segment] = /^segments\/(\w+)\//.exec(path) ?? [];
  const [, build] = /^(?:offprint\.js|manifest\.bin|offline\.json)\?(\w+)$/.exec(path) ?? [];
  if (request.mode === "navigate") {
    if (/^(index\.html)?(\?|$)/.test(path)) event.respondWith(page(request));
  } else if (segment) {
    event.respondWith(indexFile(request, segment));
  } else if (build) {
    event.respondWith(own(url, build).then((stored) => stored ?? fetch(request)));
  } else if (/^client\/\w+\//.test(path)) {
    event.respondWith(clientFile(url).then((stored) => stored ?? fetch(request)));
  }
});

/**
 * @param {string} url
 * @param {string} build
 */
function own(url, build) {
  return store.find(url, store.shell(build));
}

/**
 * Of whichever build: what lies in a client's folder never changes.
 * @param {string} url
 */
async function clientFile(url) {
  for (const cacheName of await store.shells().catch(() => [])) {
    // Modules are asked for again under other addresses.
    const stored = await store.find(url, cacheName, true);
    if (stored) return stored;
  }
  return undefined;
}

/** Brings the page of this worker's build, all of it or nothing. */
async function install() {
  const url = store.address("offline.json", BUILD);
  const list = await bytesOf(url, "no-cache");
  /** @type {import("./offline-store.js").Build} */
  const about = JSON.parse(new TextDecoder().decode(list.bytes));
  // A site that is being uploaded is of two builds for a while. The browser tries again.
  if (about.build !== BUILD) throw new Error("the site is not whole");
  const files = await Promise.all(about.shell.map(async ([path, , sha256]) => {
    const address = store.address(path, BUILD);
    const inFolder = path.includes("/");
    for (const mode of /** @type {RequestCache[]} */ ([inFolder ? "default" : "no-cache", "reload"])) {
      const { bytes, headers } = (inFolder && (await stored(address))) || (await bytesOf(address, mode));
      const fits = sha256
        ? (await digestOf(bytes)) === sha256
        : new TextDecoder().decode(bytes).includes(`offprint.js?${BUILD}`);
      if (fits) return { address, bytes, headers };
    }
    throw new Error(`${path} is of another build`);
  }));
  const cache = await caches.open(store.shell(BUILD));
  for (const { address, bytes, headers } of [...files, { address: url, ...list }]) {
    await cache.put(address, new Response(bytes, { headers }));
  }
}

/** @param {string} address */
async function stored(address) {
  const response = await clientFile(address);
  return response && { bytes: await response.arrayBuffer(), headers: response.headers };
}

/**
 * @param {string} address
 * @param {RequestCache} cache
 */
async function bytesOf(address, cache) {
  const response = await fetch(address, { cache });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const headers = new Headers(response.headers);
  // They were of the body on its way.
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return { bytes: await response.arrayBuffer(), headers };
}

async function activate() {
  const latest = await store.read("latest");
  const before = latest?.build === BUILD ? latest.before : latest?.build;
  await store.write("latest", { build: BUILD, before });
  await store.sweep().catch(() => {});
  await worker.clients.claim();
  store.channel().postMessage("");
}

/** @param {Request} request */
async function page(request) {
  const { current } = (await store.read("keep")) ?? {};
  const kept = current && (await own(store.home, current.build));
  if (kept) return kept;
  const stored = await own(store.home, BUILD);
  if (!stored) return fetch(request);
  /** @type {Promise<Response>} */
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, stored));
  try {
    const response = await Promise.race([fetch(request), late]);
    return response.status < 500 ? response : stored;
  } catch {
    return stored;
  }
}

/**
 * @param {Request} request
 * @param {string} segment
 */
async function indexFile(request, segment) {
  const cacheName = store.kept(segment);
  const stored = await store.find(request.url, cacheName);
  const range = request.headers.get("range");
  // The engine asks past every cache for what was damaged.
  if (stored && request.cache !== "reload") return partOf(stored, range);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (stored) return partOf(stored, range);
    throw error;
  }
  if (stored && response.status === 200) {
    const bytes = await response.clone().arrayBuffer();
    const before = await stored.clone().blob();
    if (bytes.byteLength === before.size) await (await caches.open(cacheName)).put(request.url, new Response(bytes));
  }
  if (response.status === 404) {
    // A browser may not get at a cache for a moment.
    const late = !stored && (await store.find(request.url, cacheName));
    if (late) return partOf(late, range);
    await forget(segment);
  }
  return response;
}

/**
 * What is kept lacks a file, and so does the site by now: the next page is the newest one.
 * @param {string} segment
 */
async function forget(segment) {
  const keep = await store.read("keep");
  if (keep?.current?.segments.some(({ name }) => name === segment)) await store.write("keep", { ...keep, current: undefined });
}

/**
 * @param {Response} stored a whole file
 * @param {string | null} range
 * @returns {Promise<Response>}
 */
async function partOf(stored, range) {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
  if (!from) return stored;
  const file = await stored.blob();
  const end = Math.min(Number(to) + 1, file.size);
  if (Number(from) >= end) return new Response(null, { status: 416, headers: { "content-range": `bytes */${file.size}` } });
  return new Response(file.slice(Number(from), end), {
    status: 206,
    headers: { "content-range": `bytes ${from}-${end - 1}/${file.size}`, "content-type": "application/octet-stream" },
  });
}
