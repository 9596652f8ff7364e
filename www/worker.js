// The engine's side of the messages. The build appends this file to wasm-bindgen's glue, so
// `initSync` and `Client` are in scope and nothing may be imported. The result is one file that
// is both a worker script and, where workers do not start, a module the page imports.

import { listenForRanges } from "./parts.js";

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
  const client = Client.open(manifest, base);
  /** @type {Map<number, AbortController>} */
  const running = new Map();

  /**
   * @param {RequestMessage} message
   * @param {AbortSignal} signal
   */
  async function run({ id, kind, args }, signal) {
    try {
      if (signal.aborted) throw signal.reason;
      reply({ id, ok: await (kind === "info" ? client.info() : client[kind](args, signal)) });
    } catch (error) {
      const known = /** @type {any} */ (error);
      if (signal.aborted) {
        reply({ id, error: { name: "OffprintError", code: "aborted", message: "Cancelled.", advice: "" } });
      } else if (known?.name === "OffprintError") {
        reply({ id, error: plainError(known) });
      } else {
        // A trap, an exhausted stack: the instance's memory can no longer be trusted.
        reply({ fatal: String(error) });
      }
    } finally {
      running.delete(id);
    }
  }

  return {
    info: client.info(),
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

  // A trap inside a Rust future rejects no promise: it surfaces here.
  self.addEventListener("error", (event) => {
    event.preventDefault();
    reply({ fatal: String(event.error ?? event.message) });
  });
  self.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    if (event.reason?.name !== "OffprintError") reply({ fatal: String(event.reason) });
  });
}
