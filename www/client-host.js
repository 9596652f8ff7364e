// Starts the engine and talks to it. The page's thread fetches and compiles, since only its
// requests profit from the preload hints; a worker searches. Where no worker starts, the page's
// thread searches itself.

import { OffprintError, asOffprintError, internalError } from "./errors.js";
import { ask, inside } from "./ask.js";

/** How long a worker may take to open the index once it has been sent, in milliseconds. */
const WORKER_PATIENCE = 5000;

/** How often one request may bring the engine down before it is given up. */
const MAX_RESTARTS = 3;

/** A reason to do without a worker; never shown. */
class NoWorker extends Error {}

/** Where this script's own client files lie. */
let clientFolder = "";
/** The folder of the script itself: the site that is searched unless `src` names another. */
let homeFolder = "";

/**
 * @param {string} home absolute URL of the site's folder
 * @param {string} client name of the client's folder below `client/`
 */
export function setHome(home, client) {
  homeFolder = home;
  clientFolder = new URL(`client/${client}/`, home).href;
}

/**
 * @param {string} url
 * @param {RequestInit} options
 * @returns {Promise<Response>}
 */
async function fetchFile(url, options) {
  let problem = "";
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const response = await ask(url, options);
      if (response.ok) return response;
      problem = `status ${response.status}`;
    } catch (error) {
      problem = error instanceof TypeError ? "no answer" : /** @type {Error} */ (error).message;
    }
  }
  throw new OffprintError(
    "fetch",
    `Could not fetch ${url} (${problem}).`,
    "Check the connection, then try again. If it stays so, files are missing on the site.",
  );
}

/**
 * @param {RequestInit} options
 * @returns {Promise<WebAssembly.Module>}
 */
async function compileEngine(options) {
  const url = clientFolder + "engine.wasm.bin";
  const response = await fetchFile(url, options);
  try {
    const body = /** @type {ReadableStream} */ (response.body).pipeThrough(new DecompressionStream("deflate-raw"));
    const inflated = new Response(body, { headers: { "content-type": "application/wasm" } });
    return await (WebAssembly.compileStreaming
      ? WebAssembly.compileStreaming(inflated)
      : WebAssembly.compile(await inflated.arrayBuffer()));
  } catch (error) {
    throw new OffprintError(
      "damaged",
      `${url} could not be read: ${/** @type {Error} */ (error).message}.`,
      "Reload the page. If it stays so, the site’s owner should upload the site again.",
    );
  }
}

/**
 * @typedef {{ module: WebAssembly.Module, manifest: Uint8Array }} Assets
 * @param {string} base
 * @param {boolean} fresh past the browser's cache
 * @returns {Promise<Assets>}
 */
async function loadAssets(base, fresh) {
  /** @type {RequestInit} */
  const options = fresh ? { cache: "reload" } : {};
  const [manifest, module] = await Promise.all([
    fetchFile(base + "manifest.bin", options).then((response) => response.arrayBuffer()),
    compileEngine(options),
  ]);
  return { module, manifest: new Uint8Array(manifest) };
}

/**
 * @param {string} base
 * @param {Promise<Assets>} assets
 * @param {(message: FromEngine) => void} receive called once the port is open
 * @returns {Promise<Port>} rejects with `NoWorker` where there can be none
 */
function openWorker(base, assets, receive) {
  return new Promise((resolve, reject) => {
    /** @type {Worker} */
    let worker;
    let timer = 0;
    /** @param {Error} error */
    const fail = (error) => {
      worker?.terminate();
      clearTimeout(timer);
      reject(error);
    };
    try {
      // Before the assets are there, so that its script loads beside them.
      worker = inside?.worker() ?? new Worker(clientFolder + "engine.js", { type: "module" });
    } catch {
      return fail(new NoWorker());
    }
    worker.onerror = (event) => {
      event.preventDefault();
      fail(new NoWorker());
    };
    worker.onmessage = ({ data }) => {
      if ("fatal" in data) return fail(internalError(data.fatal));
      if (data.error) return fail(asOffprintError(data.error));
      clearTimeout(timer);
      worker.onmessage = (event) => receive(event.data);
      worker.onerror = (event) => {
        event.preventDefault();
        receive({ fatal: event.message });
      };
      return resolve({
        info: data.ok,
        post: (message) => worker.postMessage(message),
        stop: () => worker.terminate(),
      });
    };
    assets.then(({ module, manifest }) => {
      try {
        worker.postMessage({ id: 0, kind: "start", module, manifest, base });
        timer = setTimeout(fail, WORKER_PATIENCE, new NoWorker());
      } catch {
        fail(new NoWorker());
      }
    }, fail);
  });
}

/**
 * Loads a module of the client that is not always needed.
 * @param {string} file
 * @param {string} [suffix]
 * @returns {Promise<any>}
 */
export async function loadModule(file, suffix = "") {
  const url = clientFolder + file;
  try {
    return await (inside?.load(url) ?? import(url + suffix));
  } catch (error) {
    // Which says more, if it is not there.
    await fetchFile(url, {});
    throw new OffprintError("fetch", `Could not load ${url}.`, "Check the connection, then try again.");
  }
}

/** Engines begun on this thread so far: each needs its own copy of the glue's module. */
let copies = 0;

/**
 * @param {string} base
 * @param {Promise<Assets>} assets
 * @param {(message: FromEngine) => void} receive
 * @returns {Promise<Port>}
 */
async function openHere(base, assets, receive) {
  const { module, manifest } = await assets;
  // A browser may remember that a script failed, so that counts too.
  const glue = await loadModule("engine.js", copies++ ? `?restart=${copies}` : "");
  /** @type {Engine} */
  const engine = glue.createEngine(module, manifest, base, receive);
  return { info: engine.info, post: engine.handle, stop() {} };
}

/**
 * @typedef {object} Pending
 * @property {RequestMessage} message
 * @property {number} crashes
 * @property {(answer: any) => void} resolve
 * @property {(error: OffprintError) => void} reject
 */

/** One index and the engine that searches it; started on first use, restarted after a trap. */
export class EngineHost {
  /** Whether the site's host does not answer ranges, so that whole files are loaded. */
  rangesFail = false;
  /** @type {Promise<Assets> | undefined} Kept: a restart compiles and fetches nothing. */
  #assets;
  /** @type {Promise<Port> | undefined} */
  #port;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #lastId = 0;
  #fresh = false;
  /** The address of the site that is searched. */
  base;
  #inWorker;

  /**
   * @param {string} base
   * @param {boolean} inWorker
   */
  constructor(base, inWorker) {
    this.base = base;
    this.#inWorker = inWorker;
  }

  /** @returns {Promise<Info>} */
  async start() {
    return (await this.#open()).info;
  }

  /** Forgets what was loaded, so that the next request starts from the network. */
  reset() {
    this.#port?.then((port) => port.stop(), () => {});
    this.#port = this.#assets = undefined;
    this.rangesFail = false;
    this.#fresh = true;
  }

  /**
   * @template {Kind} K
   * @param {K} kind
   * @param {Exchanges[K]["args"]} args
   * @param {AbortSignal} [signal]
   * @returns {Promise<Exchanges[K]["answer"]>} rejects with `OffprintError`, at once when aborted
   */
  request(kind, args, signal) {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const cancel = () => {
        if (!this.#pending.delete(id)) return;
        this.#port?.then((port) => port.post({ cancel: id }), () => {});
        reject(new OffprintError("aborted", "Cancelled."));
      };
      const pending = { message: { id, kind, args }, crashes: 0, resolve, reject };
      this.#pending.set(id, pending);
      if (signal?.aborted) return cancel();
      signal?.addEventListener("abort", cancel, { once: true });
      return void this.#send(pending);
    });
  }

  /** @param {Pending} pending */
  async #send(pending) {
    const { id } = pending.message;
    try {
      const port = await this.#open();
      if (this.#pending.has(id)) port.post(pending.message);
    } catch (error) {
      if (this.#pending.delete(id)) pending.reject(asOffprintError(error));
    }
  }

  /** @returns {Promise<Port>} */
  #open() {
    if (!this.#port) {
      const assets = (this.#assets ??= loadAssets(this.base, this.#fresh));
      const port = this.#launch(assets, (message) => {
        // A replaced engine may still have had something to say.
        if (this.#port === port) this.#receive(message);
      });
      this.#port = port;
      port.catch(() => {
        if (this.#port === port) this.#port = this.#assets = undefined;
      });
    }
    return this.#port;
  }

  /**
   * @param {Promise<Assets>} assets
   * @param {(message: FromEngine) => void} receive
   * @returns {Promise<Port>}
   */
  async #launch(assets, receive) {
    try {
      if (this.#inWorker) return await openWorker(this.base, assets, receive);
    } catch (error) {
      if (!(error instanceof NoWorker)) throw error;
      this.#inWorker = false;
    }
    return openHere(this.base, assets, receive);
  }

  /** @param {FromEngine} message */
  #receive(message) {
    if ("fatal" in message) return this.#restart(message.fatal);
    if ("notice" in message) {
      this.rangesFail = true;
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ("error" in message) pending?.reject(asOffprintError(message.error));
    else pending?.resolve(message.ok);
  }

  /**
   * Requests change nothing, so those that were under way are asked again.
   * @param {string} cause
   */
  #restart(cause) {
    this.#port?.then((port) => port.stop());
    this.#port = undefined;
    for (const [id, pending] of [...this.#pending]) {
      if (pending.crashes++ < MAX_RESTARTS) {
        this.#send(pending);
      } else {
        this.#pending.delete(id);
        pending.reject(internalError(cause));
      }
    }
  }
}

/** @type {Map<string, EngineHost>} */
const hosts = new Map();

/**
 * The host of an index; elements that search the same one share it.
 * @param {string | null} src the site's folder, absolute or relative to the document
 * @param {boolean} inWorker
 * @returns {EngineHost}
 */
export function engineHost(src, inWorker) {
  const base = new URL(src ? src.replace(/\/?$/, "/") : homeFolder, document.baseURI).href;
  const key = inWorker + base;
  let host = hosts.get(key);
  if (!host) hosts.set(key, (host = new EngineHost(base, inWorker)));
  return host;
}
