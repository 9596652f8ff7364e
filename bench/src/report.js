// RESULTS.md and its plots, all of it out of results.json.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { both, count, plain, seconds, size, time } from "./numbers.js";
import { plot } from "./plots.js";

/** @typedef {[heading: string, cell: (engine: any) => string]} Column */

/**
 * @param {any[]} engines
 * @param {Column[]} columns
 * @returns {string}
 */
function table(engines, columns) {
  const rows = engines.map((engine) => [engine.label ?? engine.engine, ...columns.map(([, cell]) => cell(engine))]);
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(["", ...columns.map(([heading]) => heading)]), line(["---", ...columns.map(() => "---:")]), ...rows.map(line)].join("\n");
}

const fast = (/** @type {any} */ engine) => engine.cold?.fast?.first;
const slow = (/** @type {any} */ engine) => engine.cold?.slow?.first;
const ten = (/** @type {any} */ engine) => engine.cold?.slow?.ten;
const next = (/** @type {any} */ engine) => engine.cold?.slow?.next;
const loaded = (/** @type {any} */ engine) => engine.loaded?.slow;

/** @type {Column[]} */
const BUILD = [
  ["wall time", ({ build }) => seconds(build?.wall)],
  ["CPU time", ({ build }) => seconds(build?.cpu)],
  ["peak memory", ({ build }) => size(build?.rss)],
  ["files", ({ build }) => count(build?.files)],
  ["bytes", ({ build }) => size(build?.bytes)],
  ["on disk", ({ build }) => size(build?.disk)],
];

/** @type {Column[]} */
const COLD = [
  ["client", (e) => size(slow(e)?.client_bytes.p50)],
  ["client, raw", (e) => size(slow(e)?.client_raw.p50)],
  ["queries", (e) => count(fast(e)?.index_bytes.of)],
  ["index", (e) => both(fast(e)?.index_bytes, size)],
  ["to be final, more", (e) => both(fast(e)?.rest_bytes, size)],
  ["requests", (e) => both(fast(e)?.requests, count)],
  ["steps", (e) => both(slow(e)?.steps, count)],
  ["time at 0 ms", (e) => both(fast(e)?.ms, time)],
  ["at 150 ms", (e) => both(slow(e)?.ms, time)],
  ["steps, HTTP/2", (e) => both(e.http2?.cold?.first.steps, count)],
  ["at 150 ms, HTTP/2", (e) => both(e.http2?.cold?.first.ms, time)],
  ["lines shown", (e) => count(slow(e)?.shown.p50)],
];

/** @type {Column[]} */
const TEN = [
  ["of the queries", (e) => (slow(e) ? `${ten(e)?.ms?.of ?? 0} of ${slow(e).ms.of}` : "–")],
  ["index", (e) => both(e.cold?.fast?.ten?.index_bytes, size)],
  ["requests", (e) => both(e.cold?.fast?.ten?.requests, count)],
  ["steps", (e) => both(ten(e)?.steps, count)],
  ["time at 150 ms", (e) => both(ten(e)?.ms, time)],
];

/** @type {Column[]} */
const SNIPPETS = [
  ["bytes more", (e) => both(fast(e)?.snippet_bytes, size)],
  ["requests more", (e) => both(fast(e)?.snippet_requests, count)],
  ["steps in all", (e) => both(slow(e)?.snippet_steps, count)],
  ["time at 0 ms", (e) => both(fast(e)?.snippets_ms, time)],
  ["time at 150 ms", (e) => both(slow(e)?.snippets_ms, time)],
];

/** @type {Column[]} */
const START = [
  ["client", (e) => size(loaded(e)?.start_client_bytes.p50)],
  ["index", (e) => size(loaded(e)?.start_index_bytes.p50)],
  ["steps", (e) => both(loaded(e)?.start_steps, count)],
  ["ready at 0 ms", (e) => both(e.loaded?.fast?.start_ms, time)],
  ["ready at 150 ms", (e) => both(loaded(e)?.start_ms, time)],
  ["then pasted, to lines at 0 ms", (e) => both(e.loaded?.fast?.ms, time)],
  ["at 150 ms", (e) => both(loaded(e)?.ms, time)],
  ["at 150 ms, HTTP/2", (e) => both(e.http2?.loaded?.ms, time)],
  ["typed, from the last key, at 150 ms", (e) => both(e.typed?.ms, time)],
  ["bytes", (e) => both(loaded(e)?.index_bytes, size)],
  ["steps", (e) => both(loaded(e)?.steps, count)],
];

/** @type {Column[]} */
const NEXT = [
  ["bytes", (e) => both(e.cold?.fast?.next.index_bytes, size)],
  ["requests", (e) => both(e.cold?.fast?.next.requests, count)],
  ["steps", (e) => both(next(e)?.steps, count)],
  ["time at 0 ms", (e) => both(e.cold?.fast?.next.ms, time)],
  ["time at 150 ms", (e) => both(next(e)?.ms, time)],
  ["snippets, bytes more", (e) => both(e.cold?.fast?.next.snippet_bytes, size)],
];

/** The kinds of queries besides words of titles. */
const KINDS = [["frequent", "one frequent word"], ["short", "prefix, 1 to 3 letters"], ["middle", "prefix, 4 to 6 letters"], ["long", "8 to 12 words"]];

/** @type {Column[]} */
const OTHERS = KINDS.map(([kind, heading]) => [heading, (engine) => {
  const first = engine.kinds?.[kind]?.first;
  return first ? `${size(first.index_bytes.p50)}, ${count(first.requests.p50)}, ${count(first.steps.p50)}, ${time(first.ms.p50)}` : "–";
}]);

/** @type {Column[]} */
const WARM = [
  ["words of titles", (e) => both(e.native ? e.native_ms?.titles : e.warm?.titles, time)],
  ["one frequent word", (e) => both(e.native ? e.native_ms?.frequent : e.warm?.frequent, time)],
  ["prefix, 1 to 3 letters", (e) => both(e.warm?.short, time)],
  ["prefix, 4 to 6 letters", (e) => both(e.warm?.middle, time)],
  ["8 to 12 words", (e) => both(e.native ? e.native_ms?.long : e.warm?.long, time)],
];

/** @type {Column[]} */
const PREFIXES = [
  ...KINDS.slice(0, 3).map(([kind, heading]) => /** @type {Column} */ ([heading, ({ prefixes }) => {
    const one = prefixes?.[kind];
    return one?.share ? `${plain(one.share.p50 * 100)} %, least ${plain(one.least * 100)} %${one.inexact ? `; ${one.inexact} of ${one.share.of} not counted exactly` : ""}` : "–";
  }])),
  ["same answer whatever was asked before", ({ histories }) => (histories ? `${histories.same} of ${histories.of}` : "–")],
  ["for example", ({ histories }) => {
    const row = histories?.rows[0];
    return row ? `\`${row.word}\` finds ${count(row.alone)}; after \`${row.before}\` ${count(row.after)}` : "";
  }],
];

/** @type {Column[]} */
const MEMORY = [
  ["heaps, loaded", ({ memory }) => size(memory?.idle.heap)],
  ["heaps, used", ({ memory }) => size(memory?.used.heap)],
  ["wasm, loaded", ({ memory }) => size(memory?.idle.wasm)],
  ["wasm, used", ({ memory }) => size(memory?.used.wasm)],
  ["as the page is told", ({ memory }) => size(memory?.used.page)],
  ["process, loaded", ({ memory }) => size(memory?.idle.process)],
  ["process, used", ({ memory }) => size(memory?.used.process)],
];

/** Each figure against the number of papers. */
const PLOTS = [
  { file: "cold-index", title: "Index bytes of a cold first query, median", unit: size, value: (/** @type {any} */ e) => fast(e)?.index_bytes.p50 },
  { file: "cold-time", title: "Cold first query at 150 ms a request, median", unit: time, value: (/** @type {any} */ e) => slow(e)?.ms.p50 },
  { file: "next-query", title: "Bytes of the next query, median", unit: size, value: (/** @type {any} */ e) => e.cold?.fast?.next.index_bytes.p50 },
  { file: "start-up", title: "Index bytes before any query", unit: size, value: (/** @type {any} */ e) => loaded(e)?.start_index_bytes.p50 },
  { file: "files", title: "Files of the site", unit: count, value: (/** @type {any} */ e) => (e.native ? undefined : e.build?.files) },
  { file: "build-time", title: "CPU time of a build", unit: seconds, value: (/** @type {any} */ e) => e.build?.cpu },
];

/**
 * @param {any} run
 * @returns {string}
 */
function about({ command, machine, papers, before = [] }) {
  const versions = new Map();
  let browser = "";
  for (const { engines } of Object.values(papers)) {
    for (const engine of engines) {
      if (engine.version) versions.set(engine.engine.split("-")[0], `${engine.label.split(",")[0]} ${engine.version}`);
      browser = engine.browser ?? browser;
    }
  }
  const runs = [...before, { command, machine }].map((run) => `\`${run.command}\` on ${run.machine.date}, commit \`${run.machine.commit}\``);
  return `${runs.join("; then ")}.

* Machine: ${machine.cpu}, ${machine.cores} cores, ${plain(machine.memory / 2 ** 30)} GiB of memory, ${machine.system}, Linux ${machine.kernel}.
* ${browser}, headless, over HTTP/1.1 where HTTP/2 is not named; node ${machine.node}; ${machine.rust}.
* ${[...versions.values()].join(", ")}.
* Queries of two to four words of titles: bytes over as many as the tables say, each on a cold page in a window that was left alone for 0.8 s, since Chromium loads parts of its own into a new one; what is delayed, loaded or typed over a fifteenth of them, or as many as the time for a phase allows.
* Where two figures stand in a cell they are the median and the 95th percentile. KB, MB and GB are powers of 1000.`;
}

/**
 * @param {string} papers
 * @param {{ engines: any[], queries: Record<string, number> }} part
 * @returns {string}
 */
function section(papers, { engines }) {
  const pages = engines.filter((engine) => !engine.native && engine.cold);
  const built = engines.filter((engine) => engine.build);
  const failures = engines.flatMap((engine) =>
    engine.failures.map((/** @type {any} */ { phase, reason }) => `* ${engine.label ?? engine.engine}, ${phase}: ${reason}.`));
  const whole = pages.filter((engine) => engine.packed_index);
  const packed = whole.map((engine) => `${engine.label} ${size(engine.packed_index)}`).join(", ");
  const parts = [
    `## ${count(Number(papers))} papers`,
    failures.length ? `Given up or not run:\n\n${failures.join("\n")}` : "",
    `### Cold first query, to ten lines\n\n${table(pages, COLD)}`,
    packed ? `Whole indexes are counted as stored. A host that packs JSON would send: ${packed}.` : "",
    `### The same, only queries that brought ten lines\n\n${table(pages, TEN)}`,
    `### The same with snippets\n\nPagefind's come with its lines; the whole-index pages show none.\n\n${table(pages.filter(({ whole }) => !whole), SNIPPETS)}`,
    `### A loaded page, and its first query\n\n${table(pages, START)}`,
    `### The next query\n\n${table(pages, NEXT)}`,
    `### Other kinds of queries, cold\n\nMedians: index bytes, requests, steps, time at 150 ms a request.\n\n${table(pages, OTHERS)}`,
    `### Warm: everything is there already\n\nNative engines without browser.\n\n${table(engines.filter((e) => e.warm || e.native_ms), WARM)}`,
    `### Prefixes: papers found, as a share of those that hold such a word\n\n${table(pages, PREFIXES)}`,
    `### Memory of the tab\n\n${table(pages, MEMORY)}`,
    `### Build\n\n${table(built, BUILD)}`,
  ];
  return parts.filter(Boolean).join("\n\n");
}

/**
 * Writes RESULTS.md and plots/ into a folder.
 * @param {any} run
 * @param {string} folder
 */
export function report(run, folder) {
  const sections = Object.entries(run.papers).filter(([, { engines }]) => engines.length);
  const text = [
    "<!-- Written by bench/src/report.js out of results/results.json. -->",
    "# Measurements",
    "What each column means, what is compared and what is not: [README.md](README.md).",
    about(run),
  ];
  if (sections.length > 1) {
    mkdirSync(join(folder, "plots"), { recursive: true });
    text.push("## Against the number of papers");
    for (const { file, title, unit, value } of PLOTS) {
      writeFileSync(join(folder, "plots", `${file}.svg`), plot(title, unit, run.papers, value));
      text.push(`![${title}](plots/${file}.svg)`);
    }
  }
  for (const [papers, part] of sections) text.push(section(papers, part));
  writeFileSync(join(folder, "RESULTS.md"), text.join("\n\n") + "\n");
}
