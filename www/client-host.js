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

/** The SHA-256 of the engine, in base64. */
const ENGINE = "__OFFPRINT_ENGINE__";

/** Where this script's own client files lie. */
let clientFolder = "";
/** The folder of the script itself: the site that is searched unless `src` names another. */
let homeFolder = "";
/** What follows in addresses of files there that keep their names: the page's build. */
let homeBuild = "";

/**
 * @param {string} script absolute URL of the entry script: in the site's folder, or its copy in the
 * client's folder, whose address changes with its bytes
 * @param {string} client name of the client's folder below `client/`
 * @returns {string} the build that the page belongs to; "" where it does not say
 */
export function setHome(script, client) {
  const folder = `client/${client}/`;
  const here = new URL(".", script).href;
  // The hosted page asks for the script, and so for its manifest, with the name of its build.
  [homeBuild = ""] = /^\?[0-9a-f]{16}$/.exec(new URL(script).search) ?? [];
  homeFolder = here.endsWith(folder) ? here.slice(0, -folder.length) : here;
  clientFolder = homeFolder + folder;
  return homeBuild.slice(1);
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
    "Check the connection, then try again. The site may lack the file.",
  );
}

/**
 * @param {Response} response
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile({ body }) {
  const stream = /** @type {ReadableStream} */ (body).pipeThrough(new DecompressionStream("deflate-raw"));
  const inflated = new Response(stream, { headers: { "content-type": "application/wasm" } });
  return WebAssembly.compileStreaming
    ? WebAssembly.compileStreaming(inflated)
    : WebAssembly.compile(await inflated.arrayBuffer());
}

/**
 * @param {Response} response
 * @returns {Promise<boolean>} whether it is known not to be the engine
 */
async function differs(response) {
  try {
    // Where the context is not secure there is no digest; but then the network can change this
    // script as well.
    const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
    return btoa(String.fromCharCode(...new Uint8Array(digest))) !== ENGINE;
  } catch {
    return false;
  }
}

/**
 * @param {RequestInit} options
 * @returns {Promise<WebAssembly.Module>}
 */
async function compileEngine(options) {
  const url = clientFolder + "engine.wasm.bin";
  const advice = "Reload the page. If it goes on, the site has to be uploaded again.";
  const response = await fetchFile(url, options);
  const wrong = differs(response.clone());
  const compiled = compile(response);
  compiled.catch(() => {});
  // A browser may have kept what was damaged on the way.
  if (await wrong && !options.cache) return compileEngine({ cache: "reload" });
  if (await wrong) throw new OffprintError("integrity", `${url} is not the file that belongs here (its SHA-256 differs).`, advice);
  try {
    return await compiled;
  } catch (error) {
    throw new OffprintError("damaged", `${url} could not be read: ${/** @type {Error} */ (error).message}.`, advice);
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
    fetchFile(base + "manifest.bin" + (base === homeFolder ? homeBuild : ""), options).then((response) => response.arrayBuffer()),
    compileEngine(options),
  ]);
  return { module, manifest: new Uint8Array(manifest) };
}

/** Whether the document has a content security policy; where one came as a header, nonces are hidden. */
function hasPolicy() {
  const probe = document.createElement("meta");
  probe.setAttribute("nonce", "0");
  document.head.append(probe);
  const hidden = !probe.getAttribute("nonce");
  probe.remove();
  return hidden || document.querySelector('meta[http-equiv="content-security-policy" i]') !== null;
}

/**
 * A script that a worker may start from. It must be of the page's own origin; a blob is, but
 * policies refuse it unless they name it, and browsers complain of the try.
 * @param {string | null} how "blob" where the page's policy allows that
 * @returns {string} "" where there is none
 */
function workerScript(how) {
  const url = clientFolder + "engine.js";
  if (new URL(url).origin === location.origin) return url;
  if (how !== "blob" && hasPolicy()) return "";
  return URL.createObjectURL(new Blob([`import "${url}"`], { type: "text/javascript" }));
}

/**
 * @param {string} base
 * @param {string | null} how
 * @param {Promise<Assets>} assets
 * @param {(message: FromEngine) => void} receive called once the port is open
 * @returns {Promise<Port>} rejects with `NoWorker` where there can be none
 */
function openWorker(base, how, assets, receive) {
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
      const script = inside ? "" : workerScript(how);
      if (!script && !inside) return fail(new NoWorker());
      // Before the assets are there, so that its script loads beside them.
      worker = inside?.worker() ?? new Worker(script, { type: "module" });
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

/**
 * What all scripts of this page share, the element's and others: engines by client and index, and
 * how many were begun on this thread, since each needs its own copy of the glue's module.
 * @type {{ hosts: Map<string, EngineHost>, copies: number }}
 */
const shared = (/** @type {any} */ (globalThis)[Symbol.for("offprint.engines")] ??= { hosts: new Map(), copies: 0 });

/**
 * @param {string} base
 * @param {Promise<Assets>} assets
 * @param {(message: FromEngine) => void} receive
 * @returns {Promise<Port>}
 */
async function openHere(base, assets, receive) {
  const { module, manifest } = await assets;
  // A browser may remember that a script failed, so that counts too.
  const glue = await loadModule("engine.js", shared.copies++ ? `?restart=${shared.copies}` : "");
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
  #how;

  /**
   * @param {string} base
   * @param {string | null} how "off": without a worker; "blob": by a blob, though there is a policy
   */
  constructor(base, how) {
    this.base = base;
    this.#how = how;
    this.#inWorker = how !== "off";
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
   * Whether the site was built anew since this page began, so that files may be gone: its manifest
   * is another one, or its script belongs to another client.
   * @returns {Promise<boolean>}
   */
  async isOutdated() {
    try {
      /** @param {string} url */
      const again = async (url) => {
        const response = await fetch(url, { cache: "reload" });
        return response.ok ? response : Promise.reject();
      };
      const assets = await this.#assets;
      const now = new Uint8Array(await (await again(this.base + "manifest.bin")).arrayBuffer());
      // What stands in for a site sends pages, which begin otherwise.
      if (assets && now[0] === assets.manifest[0] && `${now}` !== `${assets.manifest}`) return true;
      const script = await (await again(homeFolder + "offprint.js")).text();
      return script.includes("offprint-search") && !script.includes(clientFolder.split("/").at(-2) ?? "");
    } catch {
      return false;
    }
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
      if (this.#inWorker) return await openWorker(this.base, this.#how, assets, receive);
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

/**
 * The host of an index; whoever searches the same one shares it.
 * @param {string | null} src the site's folder, absolute or relative to the document
 * @param {string | null} how
 * @returns {EngineHost}
 */
export function engineHost(src, how) {
  const base = new URL(src ? src.replace(/\/?$/, "/") : homeFolder, document.baseURI).href;
  const key = [clientFolder, how, base].join();
  let host = shared.hosts.get(key);
  if (!host) shared.hosts.set(key, (host = new EngineHost(base, how)));
  return host;
}
