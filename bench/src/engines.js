// The engines, and how each is built and told apart.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));

/** Heap of a builder that runs in node, in MiB. */
const HEAP = 8192;

/** @typedef {"client" | "index" | "records"} Kind what a file is for; `records`: only for snippets */

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} label
 * @property {boolean} whole whether the page loads the whole index before it answers
 * @property {boolean} [native] whether there is no page
 * @property {boolean} [onRequest] only run where it is named in full
 * @property {string} authors which naive count its hits compare to: "all" with authors, "text" without
 * @property {(papers: string, out: string) => { program: string, args: string[], env?: Record<string, string> }} build
 * @property {(out: string) => void} [page] what is made after the build, outside its time
 * @property {(path: string) => Kind} kind
 * @property {() => string} version
 */

/** @param {string} name @returns {string} */
function packageVersion(name) {
  const lock = JSON.parse(readFileSync(join(HERE, "..", "package-lock.json"), "utf8"));
  return lock.packages[`node_modules/${name}`].version;
}

/** @param {string} name */
function builder(name) {
  return (/** @type {string} */ papers, /** @type {string} */ out) => {
    mkdirSync(out, { recursive: true });
    return { program: process.execPath, args: [`--max-old-space-size=${HEAP}`, join(HERE, "builders", `${name}.js`), papers, out] };
  };
}

/**
 * @param {string} name
 * @param {boolean} [noWorker] for Pagefind
 * @returns {string} our script and the library as one file
 */
function bundle(name, noWorker = false) {
  const made = buildSync({
    entryPoints: [join(HERE, "pages", `${name}.js`)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "browser",
    // It lies beside the page.
    external: ["./pagefind/*"],
    define: { NO_WORKER: String(noWorker) },
    logLevel: "error",
  });
  return made.outputFiles[0].text;
}

/** @param {string} out @param {string} head @param {string} script */
function writePage(out, head, script) {
  const template = readFileSync(join(HERE, "pages", "page.html"), "utf8");
  writeFileSync(join(out, "index.html"), template.replace("__HEAD__", () => head).replace("__SCRIPT__", () => script));
}

/**
 * A library that loads its whole index; script and index are hinted at, so that they load side by side.
 * @param {string} name
 * @param {string} label
 * @param {string} npm
 * @param {string[]} files
 * @returns {Engine}
 */
function library(name, label, npm, files) {
  return {
    name,
    label,
    whole: true,
    authors: "all",
    build: builder(name),
    page(out) {
      writeFileSync(join(out, "page.js"), bundle(name));
      const hints = files.map((file) => `<link rel="preload" href="${file}" as="fetch" crossorigin>`);
      writePage(out, hints.join("\n"), '<script type="module" src="page.js"></script>');
    },
    kind: (path) => (files.includes(path) ? "index" : "client"),
    version: () => packageVersion(npm),
  };
}

/**
 * @param {boolean} noWorker without the worker that it starts by itself, which costs a step
 * @returns {Engine}
 */
function pagefind(noWorker) {
  return {
    name: noWorker ? "pagefind-noworker" : "pagefind",
    label: noWorker ? "Pagefind, no worker" : "Pagefind",
    onRequest: noWorker,
    whole: false,
    authors: "text",
    build: builder("pagefind"),
    page(out) {
      // Ours is small enough to stand in the page, which saves a step.
      writePage(out, '<link rel="modulepreload" href="pagefind/pagefind.js">', `<script type="module">${bundle("pagefind", noWorker)}</script>`);
    },
    kind: (path) => (/^pagefind\/(pagefind-entry\.json$|.*\.pf_|index\/|fragment\/|filter\/)/.test(path) ? "index" : "client"),
    version: () => packageVersion("pagefind"),
  };
}

/**
 * @param {string} program
 * @param {string | undefined} layout
 * @returns {Engine}
 */
function offprint(program, layout) {
  return {
    name: layout ? `offprint-${layout}` : "offprint",
    label: layout ? `Offprint, ${layout}` : "Offprint",
    whole: false,
    authors: "all",
    build: (papers, out) => ({
      program,
      args: ["build", papers, "--out", out, "--title", "Papers", ...(layout ? ["--layout", layout] : [])],
    }),
    kind(path) {
      if (path === "manifest.bin") return "index";
      const [first, , section] = path.split("/");
      if (first !== "segments") return "client";
      return section?.startsWith("r") ? "records" : "index";
    },
    version: () => execFileSync(program, ["--version"], { encoding: "utf8" }).trim().split(" ").at(-1) ?? "",
  };
}

/**
 * @param {string} program
 * @param {number} threads
 * @returns {Engine}
 */
function tantivy(program, threads) {
  return {
    name: `tantivy-${threads}`,
    label: `tantivy, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    whole: false,
    native: true,
    authors: "all",
    build: (papers, out) => ({ program, args: ["build", String(threads), papers, out] }),
    kind: () => "index",
    version: () => {
      const lock = readFileSync(join(HERE, "..", "tantivy", "Cargo.lock"), "utf8");
      return lock.match(/name = "tantivy"\nversion = "([^"]+)"/)?.[1] ?? "";
    },
  };
}

/**
 * The layouts that this Offprint can write.
 * @param {string} program
 * @returns {(string | undefined)[]}
 */
function layouts(program) {
  const help = execFileSync(program, ["build", "--help"], { encoding: "utf8" });
  if (!/--layout\b/.test(help)) return [undefined];
  const about = help.slice(help.search(/--layout\b/));
  return ["chunks", "packs"].filter((layout) => about.includes(layout));
}

/**
 * @param {{ offprint: string, tantivy?: string }} programs
 * @returns {Engine[]} in the order of the tables
 */
export function engines(programs) {
  return [
    ...layouts(programs.offprint).map((layout) => offprint(programs.offprint, layout)),
    pagefind(false),
    pagefind(true),
    library("minisearch", "MiniSearch", "minisearch", ["index.json"]),
    library("flexsearch", "FlexSearch", "flexsearch", ["index.json"]),
    library("orama", "Orama", "@orama/orama", ["index.json"]),
    library("lunr", "Lunr", "lunr", ["index.json", "lines.json"]),
    library("fuse", "Fuse.js", "fuse.js", ["index.json", "lines.json"]),
    ...(programs.tantivy ? [1, 2].map((threads) => tantivy(/** @type {string} */ (programs.tantivy), threads)) : []),
  ];
}
