// Measures Offprint beside other engines: see README.md. `cargo xtask bench` builds what this needs and calls it.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "./src/browser.js";
import { engines } from "./src/engines.js";
import { machine } from "./src/machine.js";
import { options } from "./src/options.js";
import { prepare, sharedData } from "./src/prepare.js";
import { drawQueries } from "./src/queries.js";
import { report } from "./src/report.js";
import { complaints } from "./src/sane.js";

/** What `--smoke` runs: the sample, a few queries, three engines. */
const SMOKE = { papers: 300, queries: 2, delay: 50, engines: ["offprint", "offprint-chunks", "offprint-packs", "pagefind", "minisearch"] };

/** Milliseconds that each answer is kept back, where it is. */
const DELAY = 150;

/** Milliseconds that a new window is left alone before its first visit. */
const SETTLE = 800;

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..");

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

/**
 * Runs one cell in a process of its own, so that whatever happens there ends there.
 * @param {import("./src/cell.js").Spec} spec
 * @returns {Promise<any>}
 */
async function cell(spec) {
  const file = join(spec.folder, `${spec.engine}.json`);
  writeFileSync(file, JSON.stringify(spec));
  const child = spawn(process.execPath, [join(HERE, "src", "cell.js"), file], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  const code = await new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  try {
    return JSON.parse(output.trim().split("\n").at(-1) ?? "");
  } catch {
    return { engine: spec.engine, failures: [{ phase: "everything", reason: `the measuring process ended with ${code}` }] };
  }
}

async function main() {
  const given = options();
  const out = given.out ?? HERE;
  const results = join(out, "results", "results.json");
  if (given.report) return report(JSON.parse(readFileSync(results, "utf8")), out);

  if (!given.offprint) throw new Error("--offprint PROGRAM is missing; `cargo xtask bench` gives it");
  if (!chromium()) throw new Error("there is no Chromium on the PATH, and OFFPRINT_CHROMIUM names none");
  const programs = { offprint: given.offprint, tantivy: given.tantivy };
  const source = given.smoke ? join(ROOT, "papers", "landmarks.jsonl") : sharedData(ROOT);
  if (!source) {
    say("SKIPPED: there is no arxiv-200k.jsonl.zst in ../shared/data, nor in the folder that OFFPRINT_DATA names.");
    return undefined;
  }
  const names = given.smoke ? SMOKE.engines : given.engines;
  const all = engines(programs);
  const unknown = names?.find((name) => !given.smoke && !all.some((engine) => engine.name.split("-")[0] === name || engine.name === name));
  if (unknown) throw new Error(`there is no engine ${unknown}, only ${all.map(({ name }) => name).join(", ")}`);
  const chosen = all.filter(({ name, onRequest }) =>
    names?.includes(name) || (!onRequest && (!names || names.includes(name.split("-")[0]))));
  const sizes = given.smoke ? [SMOKE.papers] : given.papers;
  const count = given.smoke ? SMOKE.queries : given.queries;

  const work = given.work ?? mkdtempSync(join(tmpdir(), "offprint-bench-"));
  mkdirSync(work, { recursive: true });
  const run = {
    command: `cargo xtask bench ${process.argv.slice(2).filter((word, place, all) => !isPath(word) && !isPath(all[place - 1])).join(" ")}`.trim(),
    machine: machine(ROOT),
    delay: given.smoke ? SMOKE.delay : DELAY,
    setting: { ...given, queries: count, out: undefined, work: undefined, offprint: undefined, tantivy: undefined },
    papers: /** @type {Record<string, { engines: any[], queries: Record<string, number> }>} */ ({}),
    before: /** @type {any[]} */ ([]),
  };
  if (given.add) {
    const { papers, before = [], ...rest } = JSON.parse(readFileSync(results, "utf8"));
    run.papers = papers;
    run.before = [...before, { command: rest.command, machine: rest.machine }];
  }
  say("Preparing the papers");
  const files = await prepare(source, sizes, work);
  for (const size of sizes) {
    const papers = files.get(size);
    if (!papers) {
      say(`SKIPPED: ${size} papers, the collection has fewer.`);
      continue;
    }
    const folder = dirname(papers);
    const queries = await drawQueries(papers, count, given.smoke ? 1 : Math.max(5, Math.ceil(count / 30)));
    if (given.smoke) queries.histories.length = 1;
    writeFileSync(join(folder, "queries.json"), JSON.stringify(queries));
    const { titles, frequent, short, middle, long } = queries;
    const part = (run.papers[size] ??= { queries: {}, engines: [] });
    part.queries = { titles: titles.length, frequent: frequent.length, short: short.length, middle: middle.length, long: long.length };
    /** @param {any} row */
    const put = (row) => {
      const place = part.engines.findIndex(({ engine }) => engine === row.engine);
      if (place < 0) part.engines.push(row);
      else part.engines[place] = row;
    };
    for (const engine of chosen) {
      say(`  ${engine.label}, ${size} papers`);
      if (engine.whole && size > given.wholeCap) {
        say("    not run, see --whole-cap");
        put({ engine: engine.name, label: engine.label, whole: true, failures: [{ phase: "everything", reason: `not run above ${given.wholeCap} papers` }] });
        continue;
      }
      put(await cell({
        engine: engine.name,
        programs,
        folder,
        buildSeconds: given.buildSeconds,
        buildBytes: given.buildBytes,
        answerSeconds: given.answerSeconds,
        phaseSeconds: given.phaseSeconds,
        timings: Math.max(2, Math.ceil(count / 15)),
        wholeVisits: Math.min(30, count),
        delay: run.delay,
        settle: given.smoke ? 0 : SETTLE,
        keep: given.keep,
      }));
      // After each, so that a run that is broken off leaves what it has.
      if (!given.smoke) {
        mkdirSync(dirname(results), { recursive: true });
        writeFileSync(results, compact(run));
        report(run, out);
      }
    }
  }
  if (!given.keep) rmSync(work, { recursive: true, force: true });
  if (!given.smoke) return say(`Written: ${join(out, "RESULTS.md")}`);
  const wrong = complaints(run);
  for (const complaint of wrong) say(`WRONG: ${complaint}`);
  if (wrong.length) process.exitCode = 1;
  else say(`All measures came out for ${chosen.map(({ label }) => label).join("; ")}.`);
  return undefined;
}

/**
 * @param {any} run
 * @returns {string} JSON with one engine a line
 */
function compact({ papers, ...rest }) {
  const sizes = Object.entries(papers).map(([size, { engines, queries }]) => {
    const lines = engines.map((/** @type {any} */ engine) => `   ${JSON.stringify(engine)}`).join(",\n");
    return `  "${size}": {"queries": ${JSON.stringify(queries)}, "engines": [\n${lines}\n  ]}`;
  });
  return `${JSON.stringify(rest).slice(0, -1)},\n "papers": {\n${sizes.join(",\n")}\n }}\n`;
}

/** @param {string | undefined} word @returns {boolean} an option whose value is a path of this machine */
function isPath(word) {
  return word !== undefined && ["--offprint", "--tantivy", "--work", "--out"].includes(word);
}

await main();
