// What a tab takes: its heaps with those of its workers, and its process.

import { readFileSync } from "node:fs";

/** @typedef {import("puppeteer-core").Browser} Browser */
/** @typedef {import("puppeteer-core").Page} Page */

/**
 * @typedef {object} Memory
 * @property {number} heap bytes used in the JavaScript heaps of page and workers, after a collection
 * @property {number} backing bytes of array buffers outside these heaps
 * @property {number} wasm bytes of WebAssembly memories
 * @property {number} workers how many there are
 * @property {number | undefined} page what `performance.measureUserAgentSpecificMemory` says, workers included
 * @property {number} process private bytes of the largest renderer process, an empty tab included
 */

/**
 * @param {Browser} browser
 * @param {Page} page
 * @returns {Promise<Memory>}
 */
export async function tabMemory(browser, page) {
  const sum = { heap: 0, backing: 0, wasm: 0, workers: page.workers().length };
  const sessions = [await page.createCDPSession(), ...page.workers().map((worker) => worker.client)];
  for (const session of sessions) {
    // A worker's session has no domain for the collector's sake alone; its heap is then taken as it is.
    await session.send("HeapProfiler.collectGarbage").catch(() => {});
    const usage = /** @type {any} */ (await session.send("Runtime.getHeapUsage"));
    sum.heap += usage.usedSize;
    sum.backing += usage.backingStorageSize ?? 0;
    sum.wasm += await wasmMemory(session);
  }
  const asked = await page.evaluate(async () => {
    const ask = /** @type {any} */ (performance).measureUserAgentSpecificMemory;
    if (!ask) return undefined;
    return (await ask.call(performance)).bytes;
  }).catch(() => undefined);
  return { ...sum, page: asked, process: await rendererMemory(browser) };
}

/**
 * The heaps' own figures leave it out.
 * @param {import("puppeteer-core").CDPSession} session
 * @returns {Promise<number>}
 */
async function wasmMemory(session) {
  const { result: prototype } = await session.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects } = await session.send("Runtime.queryObjects", { prototypeObjectId: prototype.objectId ?? "" });
  const { result } = await session.send("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration: "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }",
    returnByValue: true,
  });
  return result.value;
}

/**
 * @param {Browser} browser
 * @returns {Promise<number>}
 */
async function rendererMemory(browser) {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => {
    try {
      const text = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
      const fields = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)];
      return fields.reduce((total, [, kb]) => total + Number(kb) * 1024, 0);
    } catch {
      return 0;
    }
  });
  return Math.max(0, ...sizes);
}
