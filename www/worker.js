// The engine's side of the messages. The build appends this file to wasm-bindgen's glue, so
// `initSync` and `Client` are in scope and nothing may be imported. The result is one file that
// is both a worker script and, where workers do not start, a module the page imports.

import { fetchWanted, listenForRanges } from "./parts.js";

/**
 * @param {any} error
 * @returns {PlainError}
 */
function plainError({ name, code, message, advice }) {
  return { name, code, message, advice };
}

/**
 * Opens an index and serves requests on it. Every request gets one reply.
 * @param {WebAssembly.Module} module
 * @param {Uint8Array} manifest body of manifest.bin
 * @param {string} base absolute URL of the site's folder, ending in "/"
 * @param {(message: FromEngine) => void} reply
 * @returns {Engine}
 */
export function createEngine(module, manifest, base, reply) {
  initSync({ module });
  listenForRanges(() => reply({ notice: "ranges" }));
  const client = Client.open(manifest);
  const info = JSON.parse(client.info());
  /** @type {Map<number, AbortController>} */
  const running = new Map();
  /** Requests under way that other tasks may wait for too, by the engine's numbers. @type {Map<number, Promise<number>>} */
  const shared = new Map();

  /**
   * @param {Wanted} wanted
   * @param {AbortSignal} signal
   */
  function begin(wanted, signal) {
    const { number, own } = wanted;
    const request = fetchWanted(client, base, wanted, own ? signal : undefined).finally(() => {
      shared.delete(number);
      client.end(number);
    });
    if (!own) shared.set(number, request);
    return request;
  }

  /**
   * Steps a task to its end, fetching the files of each round in parallel.
   * @param {number} task
   * @param {AbortSignal} signal
   */
  async function drive(task, signal) {
    for (let bytes = 0; ; ) {
      const step = JSON.parse(client.step(task, bytes));
      if (!Array.isArray(step)) return step;
      const sizes = await Promise.all(step.map((wanted) => shared.get(wanted.number) ?? begin(wanted, signal)));
      bytes = sizes.reduce((sum, size) => sum + size, 0);
      signal.throwIfAborted();
    }
  }

  /**
   * @param {RequestMessage} message
   * @param {AbortSignal} signal
   */
  async function run({ id, kind, args }, signal) {
    let task = 0;
    let trapped = false;
    try {
      signal.throwIfAborted();
      if (kind !== "info") task = client[kind](args);
      reply({ id, ok: task ? await drive(task, signal) : info });
    } catch (error) {
      const known = /** @type {any} */ (error);
      if (error === signal.reason) {
        reply({ id, error: { name: "OffprintError", code: "aborted", message: "Cancelled.", advice: "" } });
      } else if (known?.name === "OffprintError") {
        reply({ id, error: plainError(known) });
      } else {
        // A trap, an exhausted stack: the instance's memory can no longer be trusted.
        trapped = true;
        reply({ fatal: String(error) });
      }
    }
    running.delete(id);
    if (!trapped) client.end(task);
  }

  return {
    info,
    handle(message) {
      if ("cancel" in message) {
        running.get(message.cancel)?.abort();
      } else {
        const controller = new AbortController();
        running.set(message.id, controller);
        // Not at once: cancellations that already wait in the queue then come first, so a fast
        // typist's overtaken queries are never begun.
        setTimeout(run, 0, message, controller.signal);
      }
    },
  };
}

const workerScope = /** @type {any} */ (globalThis).WorkerGlobalScope;
if (workerScope && self instanceof workerScope) {
  /** @type {(message: FromEngine) => void} */
  const reply = (message) => self.postMessage(message);
  /** @type {Engine | undefined} */
  let engine;

  self.onmessage = ({ data }) => {
    if (data.kind !== "start") {
      engine?.handle(data);
      return;
    }
    try {
      engine = createEngine(data.module, data.manifest, data.base, reply);
      reply({ id: 0, ok: engine.info });
    } catch (error) {
      const known = /** @type {any} */ (error);
      reply(known?.name === "OffprintError" ? { id: 0, error: plainError(known) } : { fatal: String(error) });
    }
  };
}
