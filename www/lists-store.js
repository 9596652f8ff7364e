// The lists of a reader. IndexedDB holds them, since its transactions let several tabs change one list
// without losing anything; what is read is held in memory.

/** @typedef {import("./lists-edits.js").Kept} Kept */
/** @typedef {import("./lists-edits.js").List} List */
/** @typedef {import("./lists-edits.js").Edit} Edit */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {Iterable<string>} ids
 * @param {List[]} lists
 * @returns {string[]} those that are in none
 */
function loose(ids, lists) {
  const listed = new Set(lists.flatMap(({ papers }) => papers.map(({ id }) => id)));
  return [...ids].filter((id) => !listed.has(id));
}

/** Tells `change` when lists are others than before. */
export class ListStore extends EventTarget {
  /** @type {Map<string, Kept>} */
  papers = new Map();
  /** @type {Map<string, List>} */
  lists = new Map();
  /** Whether what is kept outlasts the page. */
  lasting = false;
  /** Settled once what was kept before is known. @type {Promise<void>} */
  ready;
  /** @type {IDBDatabase | undefined} */
  #base;
  #name;

  /** @param {string} collection its address */
  constructor(collection) {
    super();
    this.#name = `offprint-lists ${collection}`;
    this.ready = this.#open();
    // Another tab says by this that it changed something.
    addEventListener("storage", ({ key }) => key === this.#name && this.#read());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#read());
  }

  async #open() {
    try {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => {
        for (const store of ["papers", "lists"]) request.result.createObjectStore(store);
      };
      const base = await answered(request);
      const lost = () => {
        base.close();
        this.#base = undefined;
        this.lasting = false;
        this.#tell();
      };
      base.onclose = base.onversionchange = lost;
      this.#base = base;
      this.lasting = true;
      await this.#read();
    } catch {
      // Private windows of some browsers have no storage: lists then last as long as the page.
      this.#base = undefined;
      this.lasting = false;
    }
  }

  async #read() {
    const read = this.#base?.transaction(["papers", "lists"]);
    if (!read) return;
    const [papers, lists] = await Promise.all([
      answered(/** @type {IDBRequest<Kept[]>} */ (read.objectStore("papers").getAll())),
      answered(/** @type {IDBRequest<List[]>} */ (read.objectStore("lists").getAll())),
    ]);
    this.papers = new Map(papers.map((paper) => [paper.id, paper]));
    this.lists = new Map(lists.map((list) => [list.key, list]));
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Changes all of it, or nothing. Papers of `dropped` that then are in no list and have no note go.
   * @param {Edit[]} edits
   * @param {Iterable<string>} [dropped]
   * @returns {Promise<void>} rejects where storage is full, and says nothing of it
   */
  async change(edits, dropped = []) {
    await this.ready;
    if (!this.#base) {
      for (const [store, key, to] of edits) {
        /** @type {Map<string, any>} */
        const map = this[store];
        const now = to(map.get(key));
        if (now) map.set(key, now);
        else map.delete(key);
      }
      for (const id of loose(dropped, [...this.lists.values()])) if (!this.papers.get(id)?.note) this.papers.delete(id);
      return this.#tell();
    }
    const change = this.#base.transaction(["papers", "lists"], "readwrite");
    /** @type {Promise<void>} */
    const done = new Promise((resolve, reject) => {
      change.oncomplete = () => resolve();
      change.onabort = () => reject(change.error);
    });
    for (const [name, key, to] of edits) {
      const store = change.objectStore(name);
      const old = store.get(key);
      old.onsuccess = () => {
        const now = to(old.result);
        if (now) store.put(now, key);
        else store.delete(key);
      };
    }
    const papers = change.objectStore("papers");
    // Asked for in the same transaction, after the lists have changed.
    const lists = change.objectStore("lists").getAll();
    lists.onsuccess = () => {
      for (const id of loose(dropped, lists.result)) {
        const paper = papers.get(id);
        paper.onsuccess = () => paper.result?.note || papers.delete(id);
      }
    };
    await done;
    await this.#read();
    try {
      localStorage.setItem(this.#name, `${Date.now()} ${Math.random()}`);
    } catch {
      // Other tabs learn of it when they are loaded anew.
    }
  }
}
