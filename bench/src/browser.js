// Chromium, one fresh context a visit: no cache, no warm scripts.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { adapt, watch } from "./watch.js";

/** @typedef {import("puppeteer-core").Browser} Browser */
/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("./watch.js").Mark} Mark */

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** @returns {string | undefined} the program, from `OFFPRINT_CHROMIUM` or the `PATH` */
export function chromium() {
  if (process.env.OFFPRINT_CHROMIUM) return process.env.OFFPRINT_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/**
 * @param {string} [pin] of a certificate to trust
 * @returns {Promise<Browser>}
 */
export function launch(pin) {
  const executablePath = chromium();
  if (!executablePath) throw new Error("there is no Chromium on the PATH");
  return puppeteer.launch({
    executablePath,
    headless: true,
    protocolTimeout: 600_000,
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--no-first-run",
      ...(pin ? [`--ignore-certificate-errors-spki-list=${pin}`] : []),
      "--disable-background-networking",
      // Memory is measured at once, not at the next garbage collection.
      "--enable-blink-features=ForceEagerMeasureMemory",
    ],
  });
}

/**
 * Opens an address in a fresh context, hands the page to `use`, and closes the context.
 * @template T
 * @param {Browser} browser
 * @param {string} url
 * @param {number} timeout seconds
 * @param {(visit: Visit) => Promise<T>} use
 * @param {number} [settle] milliseconds before the visit: Chromium loads parts of its own window
 * meanwhile, which a reader whose browser is open does not wait for
 * @returns {Promise<T>}
 */
export async function visit(browser, url, timeout, use, settle = 0) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.evaluateOnNewDocument(watch);
    const one = new Visit(page, timeout);
    await pause(settle);
    await one.within(page.goto(url, { waitUntil: "domcontentloaded", timeout: 0 }));
    return await use(one);
  } finally {
    await context.close().catch(() => {});
  }
}

/** A page that was opened. */
export class Visit {
  page;
  #timeout;
  /** @type {Promise<never>} */
  #crashed;
  #adapted = false;

  /** @param {Page} page @param {number} timeout seconds */
  constructor(page, timeout) {
    this.page = page;
    this.#timeout = timeout;
    this.#crashed = new Promise((_, reject) => {
      page.once("error", () => reject(new Error("the tab crashed, out of memory")));
      page.once("pageerror", (error) => reject(error));
    });
    this.#crashed.catch(() => {});
  }

  /**
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>} rejects where it takes too long or the tab crashes
   */
  async within(work) {
    work.catch(() => {});
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer after ${this.#timeout} s`)), this.#timeout * 1000);
    });
    try {
      return await Promise.race([work, /** @type {Promise<never>} */ (late), this.#crashed]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {string[]} states
   * @returns {Promise<Mark[]>}
   */
  async until(...states) {
    const marks = await this.within(this.page.evaluate(
      (wanted) => /** @type {any} */ (globalThis).benchWatch.until([...wanted, "error"]), states));
    const wrong = marks.find((/** @type {Mark} */ { state }) => state === "error");
    if (wrong) throw new Error(wrong.reason ?? "the page shows an error");
    return marks;
  }

  /**
   * Asks as a reader does, on a page that is open.
   * @param {string} query
   * @returns {Promise<Clock>} from the key
   */
  async ask(query) {
    await this.#adapt();
    const start = await this.page.evaluate((text) => {
      const page = /** @type {any} */ (globalThis);
      page.benchWatch.clear();
      const now = performance.now();
      page.bench.ask(text);
      return now;
    }, query);
    return clock(await this.until("done"), start);
  }

  /**
   * Types a query key by key.
   * @param {string} query
   * @param {number} pause milliseconds between keys
   * @returns {Promise<Clock>} from the last key
   */
  async type(query, pause) {
    await this.#adapt();
    await this.page.evaluate(async (text, wait) => {
      const { bench } = /** @type {any} */ (globalThis);
      for (let end = 1; end < text.length; end++) {
        bench.ask(text.slice(0, end));
        await new Promise((done) => setTimeout(done, wait));
      }
    }, query, pause);
    return this.ask(query);
  }

  /**
   * @param {string} query
   * @returns {Promise<{ total: number, any?: number, exact?: boolean, ids: string[], work?: any }>}
   */
  async search(query) {
    await this.#adapt();
    return this.within(this.page.evaluate((text) => /** @type {any} */ (globalThis).bench.search(text), query));
  }

  /**
   * @param {string} query
   * @returns {Promise<{ total: number, exact?: boolean }>} how many papers are found, however many are shown
   */
  async count(query) {
    await this.#adapt();
    return this.within(this.page.evaluate(async (text) => {
      const { bench } = /** @type {any} */ (globalThis);
      return bench.count ? { total: await bench.count(text) } : bench.search(text);
    }, query));
  }

  /**
   * @param {string} query
   * @param {number} times
   * @returns {Promise<number[]>} milliseconds of each, after one that is not counted; only one if that took a second
   */
  async timed(query, times) {
    await this.#adapt();
    return this.within(this.page.evaluate(async (text, count) => {
      const { bench } = /** @type {any} */ (globalThis);
      const found = [];
      for (let turn = 0; turn <= count; turn++) {
        const start = performance.now();
        await bench.search(text);
        const time = performance.now() - start;
        if (turn) found.push(time);
        if (turn && time > 1000) break;
      }
      return found;
    }, query, times));
  }

  async #adapt() {
    if (!this.#adapted) await this.page.evaluate(adapt);
    this.#adapted = true;
  }
}

/** @typedef {{ lines: number, snippets: number, shown: number, at: number }} Clock milliseconds to the lines and to the snippets; lines that stand; when they did, by the machine's clock */

/**
 * @param {Mark[]} marks
 * @param {number} [start]
 * @returns {Clock}
 */
export function clock(marks, start = 0) {
  const done = marks.find(({ state }) => state === "done");
  const lines = marks.find(({ state }) => state === "partial") ?? done;
  if (!lines || !done) throw new Error("the page never showed results");
  return { lines: lines.time - start, snippets: done.time - start, shown: lines.lines, at: lines.at };
}
