// One engine at one number of papers, in a process of its own: builds, measures, prints JSON as its last line.
// A phase that fails is noted with its reason, and the rest goes on where it can.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browser.js";
import { certificate } from "./certificate.js";
import { engines } from "./engines.js";
import { sizes } from "./folder.js";
import { spread } from "./ledger.js";
import { cold, histories, loaded, prefixes, typed, warm } from "./phases.js";
import { measured } from "./process.js";
import { Host, packedSize } from "./server.js";

/**
 * @typedef {object} Spec
 * @property {string} engine
 * @property {{ offprint: string, tantivy?: string }} programs
 * @property {string} folder where papers.jsonl and queries.json lie
 * @property {number} buildSeconds
 * @property {number} buildBytes
 * @property {number} answerSeconds
 * @property {number} phaseSeconds
 * @property {number} timings queries that are also asked with delay, and from a loaded page
 * @property {number} wholeVisits cold visits of an engine whose every visit loads the same bytes
 * @property {number} delay milliseconds that each answer is kept back, where it is
 * @property {number} settle milliseconds that a new window is left alone before its first visit
 * @property {boolean} keep
 */

/** @type {Spec} */
const spec = JSON.parse(readFileSync(process.argv[2], "utf8"));
const engine = engines(spec.programs).find(({ name }) => name === spec.engine);
if (!engine) throw new Error(`there is no engine ${spec.engine}`);

/** @type {import("./queries.js").Queries} */
const queries = JSON.parse(readFileSync(join(spec.folder, "queries.json"), "utf8"));
const out = join(spec.folder, engine.name);
/** @type {Record<string, any>} */
const result = { engine: engine.name, label: engine.label, whole: engine.whole, native: engine.native ?? false, version: engine.version(), failures: [] };

/** @type {string[]} */
const lost = [];

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T> | T} phase
 * @returns {Promise<T | undefined>}
 */
async function phase(name, phase) {
  const start = performance.now();
  try {
    const made = await phase();
    process.stderr.write(`    ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
    return made;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`    ${name}: given up, ${reason}\n`);
    result.failures.push({ phase: name, reason });
    return undefined;
  } finally {
    for (const reason of lost.splice(0)) result.failures.push({ phase: `${name}, one query`, reason });
  }
}

async function native() {
  const texts = join(out, "..", "texts.json");
  result.native_ms = {};
  for (const kind of /** @type {const} */ (["titles", "frequent", "long"])) {
    writeFileSync(texts, JSON.stringify(queries[kind]));
    const { output } = await measured(spec.programs.tantivy ?? "", ["query", out, texts], { timeout: spec.phaseSeconds, memory: spec.buildBytes });
    result.native_ms[kind] = spread(JSON.parse(output).times);
  }
}

/** @param {import("./engines.js").Engine} engine */
async function inBrowser(engine) {
  const trusted = certificate();
  const host = new Host(out);
  await host.listen();
  const browser = await launch(trusted?.pin);
  result.browser = await browser.version();
  const setting = { host, browser, engine, spec, lost };
  try {
    // Whoever cannot answer once is not asked again.
    const first = await phase("first answer", () => cold(setting, queries.titles.slice(0, 1), 0));
    if (!first) return;
    const some = queries.titles.slice(0, spec.timings);
    result.cold = { fast: await phase("cold, not delayed", () => cold(setting, queries.titles, 0)) };
    result.cold.slow = await phase("cold, delayed", () => cold(setting, some, spec.delay));
    result.loaded = { slow: await phase("loaded, delayed", () => loaded(setting, some, spec.delay)) };
    result.loaded.fast = await phase("loaded, not delayed", () => loaded(setting, some, 0));
    result.typed = await phase("typed, delayed", () => typed(setting, some, spec.delay));
    if (trusted) {
      const modern = { ...setting, host: new Host(out, trusted) };
      await modern.host.listen();
      result.http2 = {
        cold: await phase("cold over HTTP/2, delayed", () => cold(modern, some, spec.delay)),
        loaded: await phase("loaded over HTTP/2, delayed", () => loaded(modern, some, spec.delay)),
      };
      modern.host.close();
    }
    result.kinds = {};
    for (const kind of /** @type {const} */ (["frequent", "short", "middle", "long"])) {
      const found = await phase(`cold, ${kind}`, () => cold(setting, queries[kind], spec.delay));
      result.kinds[kind] = found && { first: found.first };
    }
    Object.assign(result, await phase("warm", () => warm(setting, queries)));
    result.prefixes = await phase("prefixes", () => prefixes(setting, queries));
    result.histories = await phase("histories", () => histories(setting, queries));
  } finally {
    await browser.close();
    host.close();
  }
}

rmSync(out, { recursive: true, force: true });
const built = await phase("build", () => {
  const { program, args, env } = engine.build(join(spec.folder, "papers.jsonl"), out);
  return measured(program, args, { timeout: spec.buildSeconds, memory: spec.buildBytes, env });
});
if (built) {
  const { wall, cpu, rss } = built;
  engine.page?.(out);
  result.build = { wall, cpu, rss, ...sizes(out) };
  if (engine.whole) {
    const files = ["index.json", "lines.json"].map((name) => join(out, name));
    result.packed_index = files.reduce((sum, file) => {
      try {
        return sum + packedSize(file);
      } catch {
        return sum;
      }
    }, 0);
  }
  if (engine.native) await phase("queries", native);
  else await inBrowser(engine);
}
if (!spec.keep) rmSync(out, { recursive: true, force: true });
process.stdout.write(JSON.stringify(result) + "\n");
process.exit(0);
