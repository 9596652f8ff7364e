// The measurements in the browser.

import { clock, visit } from "./browser.js";
import { cost, spread, steps } from "./ledger.js";
import { tabMemory } from "./memory.js";

/**
 * @typedef {object} Setting
 * @property {import("./server.js").Host} host
 * @property {import("./browser.js").Browser} browser
 * @property {import("./engines.js").Engine} engine
 * @property {import("./cell.js").Spec} spec
 * @property {string[]} lost why single queries came to nothing
 */

/** @typedef {import("./queries.js").Queries} Queries */

/** How far the next query stands from the first: another of the same kind. */
const NEXT = 7;

const KINDS = /** @type {const} */ (["titles", "frequent", "short", "middle", "long"]);

/** Between two keys, in milliseconds: about 60 words a minute. */
const KEY_PAUSE = 160;

/** Kinds whose hits are counted. */
const COUNTED = /** @type {const} */ (["short", "middle", "frequent"]);

/** Warm queries that the clock is held on, and how often each. */
const WARM = { queries: 60, times: 3 };

/**
 * Values by name, one a visit.
 * @returns {{ add: (row: Record<string, number>) => void, spreads: () => Record<string, any> }}
 */
function table() {
  /** @type {Record<string, number[]>} */
  const columns = {};
  return {
    add(row) {
      for (const [name, value] of Object.entries(row)) (columns[name] ??= []).push(value);
    },
    spreads: () => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, spread(values)])),
  };
}

/** How many queries of a phase may come to nothing before the phase is given up. */
const LOSSES = 3;

/**
 * Calls `one` for each query until the time for a phase is over.
 * @param {Setting} setting
 * @param {string[]} queries
 * @param {(query: string, place: number) => Promise<void>} one
 * @param {number} [parts] how many calls share a phase's time
 */
async function each({ spec, engine, lost }, queries, one, parts = 1) {
  let losses = 0;
  const end = performance.now() + (spec.phaseSeconds * 1000) / parts;
  const chosen = engine.whole ? queries.slice(0, spec.wholeVisits) : queries;
  for (const [place, query] of chosen.entries()) {
    // At least three, or there is no percentile.
    if (place >= 3 && performance.now() > end) break;
    try {
      await one(query, place);
    } catch (error) {
      if (++losses > Math.min(LOSSES, chosen.length - 1)) throw error;
      lost.push(`"${query}": ${error instanceof Error ? error.message : error}`);
    }
  }
}

/**
 * @param {Setting} setting
 * @param {import("./server.js").Request[]} requests
 * @param {number} [until] when the lines stood, by the machine's clock
 */
function split({ engine }, requests, until = Infinity) {
  const lost = requests.filter(({ status }) => status >= 400);
  if (lost.length) throw new Error(`the page asked for ${lost[0].path}, which is not there`);
  const records = requests.filter(({ path }) => engine.kind(path) === "records");
  const others = requests.filter(({ path }) => engine.kind(path) !== "records");
  const lines = others.filter(({ at }) => at <= until);
  const of = (/** @type {string} */ kind) => lines.filter(({ path }) => engine.kind(path) === kind);
  // What comes after the lines makes the answer final.
  return { client: of("client"), index: of("index"), records, lines, rest: others.filter(({ at }) => at > until) };
}

/**
 * A first visit to `?q=`, with nothing cached; then the next query on the same page.
 * @param {Setting} setting
 * @param {string[]} queries
 * @param {number} delay milliseconds that each answer is kept back
 */
export async function cold(setting, queries, delay) {
  const { host, browser, spec } = setting;
  const first = table();
  const ten = table();
  const next = table();
  await each(setting, queries, async (query, place) => {
    host.delay = delay;
    await host.take();
    await visit(browser, `${host.url}?q=${encodeURIComponent(query)}`, spec.answerSeconds, async (page) => {
      const time = clock(await page.until("done"));
      const { client, index, records, lines, rest } = split(setting, await host.take(), time.at);
      const row = {
        ms: time.lines,
        snippets_ms: time.snippets,
        shown: time.shown,
        client_bytes: cost(client).bytes,
        client_raw: cost(client).raw,
        index_bytes: cost(index).bytes,
        index_requests: cost(index).requests,
        requests: cost(lines).requests,
        all_bytes: cost(lines).bytes,
        rest_bytes: cost(rest).bytes,
        ...(records.length && { snippet_bytes: cost(records).bytes, snippet_requests: cost(records).requests }),
        ...(delay && { steps: steps(lines), snippet_steps: steps([...lines, ...rest, ...records]) }),
      };
      first.add(row);
      // An engine that wants every word finds fewer, and has less to fetch.
      if (row.shown === 10) ten.add(row);
      const later = queries[(place + NEXT) % queries.length];
      if (later === query) return;
      const again = await page.ask(later);
      const more = split(setting, await host.take(), again.at);
      next.add({
        ms: again.lines,
        snippets_ms: again.snippets,
        index_bytes: cost(more.lines).bytes,
        rest_bytes: cost(more.rest).bytes,
        requests: cost(more.lines).requests,
        ...(more.records.length && { snippet_bytes: cost(more.records).bytes, snippet_requests: cost(more.records).requests }),
        ...(delay && { steps: steps(more.lines) }),
      });
    }, spec.settle);
  });
  return { first: first.spreads(), ten: ten.spreads(), next: next.spreads() };
}

/**
 * For each query a page that was opened without one, and says it is ready.
 * @param {Setting} setting
 * @param {string[]} queries
 * @param {number} delay
 * @param {(query: string, page: import("./browser.js").Visit, marks: import("./browser.js").Mark[],
 *   start: ReturnType<typeof split>) => Promise<void>} one told what happened until then
 */
async function onLoadedPages(setting, queries, delay, one) {
  const { host, browser, spec } = setting;
  await each(setting, queries, async (query) => {
    host.delay = delay;
    await host.take();
    await visit(browser, host.url, spec.answerSeconds, async (page) => {
      const marks = await page.until("ready");
      await one(query, page, marks, split(setting, await host.take(100)));
    });
  });
}

/**
 * A loaded page, and its first query.
 * @param {Setting} setting
 * @param {string[]} queries
 * @param {number} delay
 */
export async function loaded(setting, queries, delay) {
  const seen = table();
  await onLoadedPages(setting, queries, delay, async (query, page, marks, start) => {
    const ready = marks.find(({ state }) => state === "ready");
    const time = await page.ask(query);
    const more = split(setting, await setting.host.take(), time.at);
    seen.add({
      start_ms: ready?.time ?? NaN,
      start_client_bytes: cost(start.client).bytes,
      start_index_bytes: cost(start.index).bytes,
      start_requests: cost(start.lines).requests,
      ...(delay && { start_steps: steps(start.lines), steps: steps(more.lines) }),
      ms: time.lines,
      snippets_ms: time.snippets,
      index_bytes: cost(more.lines).bytes,
      requests: cost(more.lines).requests,
    });
  });
  return seen.spreads();
}

/**
 * The same page, the query typed: what it needs is asked for on the way.
 * @param {Setting} setting
 * @param {string[]} queries
 * @param {number} delay
 */
export async function typed(setting, queries, delay) {
  const seen = table();
  await onLoadedPages(setting, queries, delay, async (query, page) => {
    const time = await page.type(query, KEY_PAUSE);
    const more = split(setting, await setting.host.take());
    seen.add({ ms: time.lines, bytes: cost(more.lines).bytes, requests: cost(more.lines).requests });
  });
  return seen.spreads();
}

/**
 * Answers whose every byte is there already; then what the tab holds.
 * @param {Setting} setting
 * @param {Queries} queries
 */
export async function warm(setting, queries) {
  const { host, browser, spec } = setting;
  host.delay = 0;
  return visit(browser, host.url, spec.answerSeconds, async (page) => {
    await page.until("ready");
    const idle = await tabMemory(browser, page.page);
    /** @type {Record<string, any>} */
    const times = {};
    let asked = 0;
    for (const kind of KINDS) {
      /** @type {number[]} */
      const found = [];
      await each(setting, queries[kind].slice(0, WARM.queries), async (query) => {
        const turns = await page.timed(query, WARM.times);
        asked += turns.length + 1;
        found.push(turns.sort((a, b) => a - b)[Math.floor(turns.length / 2)]);
      }, KINDS.length);
      times[kind] = spread(found);
    }
    return { warm: times, memory: { idle, used: await tabMemory(browser, page.page), asked } };
  });
}

/**
 * How many papers a prefix finds, each on a page of its own so that nothing was loaded before.
 * @param {Setting} setting
 * @param {Queries} queries
 */
export async function prefixes(setting, queries) {
  const { host, browser, engine, spec } = setting;
  host.delay = 0;
  /** @type {Record<string, any>} */
  const kinds = {};
  for (const kind of COUNTED) {
    /** @type {{ prefix: string, hits: number, naive: number, exact: boolean }[]} */
    const rows = [];
    /** @param {import("./browser.js").Visit} page @param {string} prefix */
    const one = async (page, prefix) => {
      const { total, exact } = await page.count(prefix);
      const naive = queries.naive[prefix][engine.authors === "all" ? "all" : "text"];
      rows.push({ prefix, hits: total, naive, exact: exact ?? true });
    };
    const opened = (/** @type {(page: import("./browser.js").Visit) => Promise<void>} */ use) =>
      visit(browser, host.url, spec.answerSeconds, async (page) => {
        await page.until("ready");
        await use(page);
      });
    // A whole index has no history.
    if (engine.whole) await opened((page) => each(setting, queries[kind], (prefix) => one(page, prefix), COUNTED.length));
    else await each(setting, queries[kind], (prefix) => opened((page) => one(page, prefix)), COUNTED.length);
    const shares = rows.filter(({ naive }) => naive > 0).map(({ hits, naive }) => hits / naive);
    kinds[kind] = {
      share: spread(shares),
      least: shares.length ? Math.round(Math.min(...shares) * 1000) / 1000 : undefined,
      complete: shares.filter((share) => share >= 0.98).length,
      inexact: rows.filter(({ exact }) => !exact).length,
      rows: rows.slice(0, 8),
    };
  }
  return kinds;
}

/**
 * Whether a word's answer depends on what was asked before it.
 * @param {Setting} setting
 * @param {Queries} queries
 */
export async function histories(setting, queries) {
  const { host, browser, spec } = setting;
  host.delay = 0;
  const rows = [];
  // Each asks for two pages, and a whole index can hardly have a history.
  const pairs = setting.engine.whole ? queries.histories.slice(0, 2) : queries.histories;
  for (const { before, word } of pairs) {
    /** @param {string[]} asked */
    const last = (asked) => visit(browser, host.url, spec.answerSeconds, async (page) => {
      await page.until("ready");
      let answer;
      for (const text of asked) answer = await page.search(text);
      return answer ?? { total: 0, ids: [] };
    });
    const alone = await last([word]);
    const after = await last([before, word]);
    rows.push({
      before,
      word,
      alone: alone.total,
      after: after.total,
      same: alone.total === after.total && JSON.stringify(alone.ids) === JSON.stringify(after.ids),
    });
  }
  return { same: rows.filter(({ same }) => same).length, of: rows.length, rows: rows.filter(({ same }) => !same).slice(0, 4) };
}
