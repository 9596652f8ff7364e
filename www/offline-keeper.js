// Brings every file of a collection to the device, and what is there stays there: a download that
// was interrupted, in whatever way, goes on with the files that are missing.

import { digestOf } from "./offline-store.js";

/** Files on their way at a time: what browsers open for a host. */
const AT_ONCE = 6;

/** How long to wait before a download that failed is tried again by itself, in milliseconds. */
const REST = 30000;

/** The list of a segment's files, which lies among them. */
const LIST = "files.json";

/** @param {import("./offline-store.js").Build | undefined} build */
export function bytesIn(build) {
  return (build?.segments ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The file is not what the site's builder put there. */
class Damage extends Error {}

/** The site has no such file. */
class Gone extends Error {}

export class Keeper {
  /**
   * `elsewhere`: another page loads; `broken`: the network or the site failed; `full`: there is no
   * room for it.
   * @type {"none" | "loading" | "elsewhere" | "paused" | "broken" | "full" | "kept"}
   */
  state = "none";
  /** Bytes that are there, of those that there are to be. */
  loaded = 0;
  total = 0;
  /** Bytes that are missing where there is no room for them. */
  wanted = 0;
  #store;
  #changed;
  /** Whether the site no longer has what is loaded. */
  gone = false;
  /** @type {AbortController | undefined} */
  #running;
  #work = Promise.resolve();
  #timer = 0;

  /**
   * @param {import("./offline-store.js").Store} store
   * @param {() => void} changed told of every change of what is public here
   */
  constructor(store, changed) {
    this.#store = store;
    this.#changed = changed;
    addEventListener("online", () => this.state === "broken" && this.#start());
  }

  /** Finds out what is there, and goes on with what was not finished. */
  async look() {
    const keep = await this.#store.read("keep");
    if (this.#running) {
      // Another page may have said so.
      if (!keep?.coming || keep.paused) this.#running.abort();
      return undefined;
    }
    if (keep?.coming) {
      this.total = bytesIn(keep.coming);
      // One that failed rests first.
      if (!keep.paused) return this.state === "broken" ? undefined : this.#start();
      this.loaded = (await Promise.all(keep.coming.segments.map((segment) => this.#missing(segment)))).reduce((sum, { loaded }) => sum + loaded, 0);
      if (this.state !== "full") this.state = "paused";
    } else if (keep?.current) {
      this.loaded = this.total = bytesIn(keep.current);
      this.state = "kept";
      if (await this.#lacks(keep.current)) return this.keep(keep.current);
    } else {
      this.state = "none";
    }
    this.#changed();
  }

  /** @param {import("./offline-store.js").Build} build */
  async keep(build) {
    const keep = await this.#store.read("keep");
    await this.#store.write("keep", { ...keep, coming: build, paused: false });
    this.total = bytesIn(build);
    this.#start();
  }

  async resume() {
    await this.#store.write("keep", { ...(await this.#store.read("keep")), paused: false });
    this.#start();
  }

  async pause() {
    await this.#store.write("keep", { ...(await this.#store.read("keep")), paused: true });
    this.#running?.abort();
  }

  /** Gives up what is kept, or what is on its way if something is kept already. */
  async remove() {
    const keep = await this.#store.read("keep");
    const stays = keep?.coming && keep.current;
    await this.#store.write("keep", stays ? { current: keep.current } : {});
    this.#running?.abort();
    await this.#work;
    const needed = new Set(stays ? keep.current?.segments.map(({ name }) => name) : []);
    for (const { name } of [keep?.coming, keep?.current].flatMap((build) => build?.segments ?? [])) {
      if (!needed.has(name)) await caches.delete(this.#store.kept(name));
    }
    await this.look();
    this.#tell();
  }

  /** @param {import("./offline-store.js").Build} build */
  async #lacks(build) {
    for (const { name, files } of build.segments) {
      const cacheName = this.#store.kept(name);
      // Its list lies there too.
      if (!(await caches.has(cacheName)) || (await (await caches.open(cacheName)).keys()).length <= files) return true;
    }
    return false;
  }

  /** Begins to load, unless it does. */
  #start() {
    if (this.#running) return;
    clearTimeout(this.#timer);
    this.#running = new AbortController();
    this.#work = this.#run(this.#running.signal);
  }

  /**
   * One page at a time loads. Another one that waits goes on when that is closed.
   * @param {AbortSignal} signal
   */
  async #run(signal) {
    this.state = "elsewhere";
    this.gone = false;
    this.#changed();
    try {
      await navigator.locks.request(this.#store.loading, { signal }, () => this.#load(signal));
    } catch (error) {
      this.state = signal.aborted ? "none" : /** @type {Error} */ (error).name === "QuotaExceededError" ? "full" : "broken";
      this.gone = error instanceof Gone;
    }
    // Room does not come by itself.
    if (this.state === "full") await this.pause();
    this.#running = undefined;
    if (this.state === "broken") this.#timer = setTimeout(() => this.#start(), REST);
    else await this.look();
    this.#changed();
    this.#tell();
  }

  #tell() {
    const channel = this.#store.channel();
    channel.postMessage("");
    channel.close();
  }

  /** @param {AbortSignal} signal */
  async #load(signal) {
    const keep = await this.#store.read("keep");
    const { coming } = keep ?? {};
    if (!coming || keep?.paused) return;
    this.state = "loading";
    this.loaded = 0;
    this.total = bytesIn(coming);
    /** @type {[url: string, bytes: number, digest: string, cache: Cache][]} */
    const missing = [];
    for (const segment of coming.segments) {
      const found = await this.#missing(segment, signal);
      this.loaded += found.loaded;
      missing.push(...found.missing);
    }
    this.#changed();
    // Not every browser tells; then the first file without room does.
    const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    this.wanted = this.total - this.loaded;
    if (quota - usage < this.wanted) throw new DOMException("", "QuotaExceededError");
    // One that fails ends the others.
    const end = new AbortController();
    signal.addEventListener("abort", () => end.abort(), { once: true });
    const work = async () => {
      for (let next; (next = missing.shift()); ) await this.#bring(next, end.signal);
    };
    /** @type {unknown} */
    let failure;
    await Promise.all(Array.from({ length: AT_ONCE }, () => work().catch((error) => {
      failure ??= error;
      end.abort();
    })));
    if (failure) throw failure;
    await this.#store.write("keep", { current: coming });
    await this.#store.sweep();
  }

  /**
   * What of a segment is not there. Without its list that is nothing, as far as is known.
   * @param {import("./offline-store.js").Segment} segment
   * @param {AbortSignal} [signal] to fetch the list if it is not there
   */
  async #missing({ name, files }, signal) {
    const folder = `${this.#store.home}segments/${name}/`;
    const cacheName = this.#store.kept(name);
    let list = await this.#store.find(folder + LIST, cacheName);
    /** @type {[string, number, string, Cache][]} */
    const missing = [];
    let loaded = 0;
    if (!list && !signal) return { missing, loaded };
    const cache = await caches.open(cacheName);
    if (!list) {
      list = await fetch(folder + LIST, { signal, cache: "no-cache" });
      if (list.status === 404) throw new Gone();
      if (!list.ok || (await list.clone().json()).length !== files) throw new Damage();
      await cache.put(folder + LIST, list.clone());
    }
    const there = new Set((await cache.keys()).map(({ url }) => url));
    for (const [path, bytes, digest] of await list.json()) {
      if (there.has(folder + path)) loaded += bytes;
      else missing.push([folder + path, bytes, digest, cache]);
    }
    return { missing, loaded };
  }

  /**
   * @param {[url: string, bytes: number, digest: string, cache: Cache]} file
   * @param {AbortSignal} signal
   */
  async #bring([url, size, digest, cache], signal) {
    for (const mode of /** @type {RequestCache[]} */ (["default", "reload"])) {
      let got = 0;
      try {
        const response = await fetch(url, { signal, cache: mode });
        if (response.status === 404) throw new Gone();
        if (!response.ok || !response.body) throw new Damage();
        const bytes = new Uint8Array(size);
        const reader = response.body.getReader();
        for (let piece; !(piece = await reader.read()).done; ) {
          if (got + piece.value.length > size) {
            await reader.cancel();
            throw new Damage();
          }
          bytes.set(piece.value, got);
          got += piece.value.length;
          this.loaded += piece.value.length;
          this.#changed();
        }
        if (got !== size || !(await digestOf(bytes)).startsWith(digest)) throw new Damage();
        await cache.put(url, new Response(bytes));
        return;
      } catch (error) {
        this.loaded -= got;
        if (signal.aborted || mode === "reload" || !(error instanceof Damage)) throw error;
      }
    }
  }
}
