// Where a collection lies that is kept on a device, for the page and for the service worker. Sites
// of one host share an origin, so every name holds the folder of its site, and a blank, which no
// address has, ends it.

/**
 * What `offline.json` says of a build: files of the page with bytes and SHA-256, and its segments.
 * @typedef {{ name: string, files: number, bytes: number }} Segment
 * @typedef {{ build: string, shell: [path: string, bytes: number, sha256: string][], segments: Segment[] }} Build
 */

/**
 * `keep`: the build that is kept whole, and the one that is on its way.
 * `latest`: the build that the service worker came with, and the one before.
 * @typedef {{ current?: Build, coming?: Build, paused?: boolean }} Keep
 * @typedef {{ keep: Keep, latest: { build: string, before?: string } }} Records
 */

export class Store {
  /** @param {string} home absolute URL of the site's folder */
  constructor(home) {
    this.home = home;
  }

  /** @param {string} kind @param {string} [rest] */
  #name(kind, rest = "") {
    return `offprint ${this.home} ${kind} ${rest}`;
  }

  /** The cache with the page of a build. @param {string} build */
  shell(build) {
    return this.#name("shell", build);
  }

  /** The cache with the files of a segment. @param {string} segment */
  kept(segment) {
    return this.#name("kept", segment);
  }

  /** The lock that pages of a build share as long as they are open. @param {string} build */
  page(build) {
    return this.#name("page", build);
  }

  /** The lock of the page that loads. */
  get loading() {
    return this.#name("loading");
  }

  /** Tells pages that a record has changed. */
  channel() {
    return new BroadcastChannel(this.#name("news"));
  }

  /**
   * The address of a file. Those that keep their names say of which build they are to be; the page
   * itself is asked for by its folder, since hosts lead from one address to the other.
   * @param {string} path
   * @param {string} build
   */
  address(path, build) {
    if (path === "index.html") return this.home;
    return this.home + path + (path.includes("/") ? "" : `?${build}`);
  }

  /**
   * What lies in a cache; nothing, too, where the browser cannot get at it.
   * @param {string} url
   * @param {string} cacheName
   * @param {boolean} [ignoreSearch]
   * @returns {Promise<Response | undefined>}
   */
  find(url, cacheName, ignoreSearch) {
    return caches.match(url, { cacheName, ignoreSearch }).catch(() => undefined);
  }

  /**
   * @template {keyof Records} Name
   * @param {Name} name
   * @returns {Promise<Records[Name] | undefined>}
   */
  async read(name) {
    return (await this.find(this.home + name, this.#name("records")))?.json();
  }

  /**
   * @template {keyof Records} Name
   * @param {Name} name
   * @param {Records[Name]} value
   */
  async write(name, value) {
    const cache = await caches.open(this.#name("records"));
    await cache.put(this.home + name, new Response(JSON.stringify(value)));
  }

  /** What a build consists of, if its page is here. @param {string} build @returns {Promise<Build | undefined>} */
  async about(build) {
    return (await this.find(this.address("offline.json", build), this.shell(build)))?.json();
  }

  /** The caches with pages. */
  async shells() {
    const start = this.shell("");
    return (await caches.keys()).filter((name) => name.startsWith(start));
  }

  /**
   * Removes what nothing needs: neither the last two builds, nor what is kept or on its way, nor
   * an open page. Of other sites it touches nothing.
   */
  async sweep() {
    // What comes while this looks for what is needed is not touched.
    const found = await caches.keys();
    // What cannot be read is not taken for nothing.
    const keep = await caches.match(`${this.home}keep`, { cacheName: this.#name("records") });
    /** @type {Keep} */
    const { current, coming } = (await keep?.json()) ?? {};
    const latest = await this.read("latest");
    const builds = new Set([latest?.build, latest?.before, current?.build, coming?.build]);
    const segments = new Set([current, coming].flatMap((build) => build?.segments ?? []).map(({ name }) => name));
    const page = this.page("");
    for (const { name = "" } of (await navigator.locks.query()).held ?? []) {
      if (!name.startsWith(page)) continue;
      const build = name.slice(page.length);
      builds.add(build);
      for (const segment of (await this.about(build))?.segments ?? []) segments.add(segment.name);
    }
    /** @type {[start: string, needed: Set<string | undefined>][]} */
    const kinds = [[this.shell(""), builds]];
    // Whatever was kept left a record, of which a browser may not know for a moment.
    if (keep) kinds.push([this.kept(""), segments]);
    for (const name of found) {
      for (const [start, needed] of kinds) {
        if (name.startsWith(start) && !needed.has(name.slice(start.length))) await caches.delete(name);
      }
    }
  }
}

/**
 * @param {BufferSource} bytes
 * @returns {Promise<string>} SHA-256 in hexadecimal digits
 */
export async function digestOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
