// Makes a larger collection out of a smaller one, to measure size and speed on; its papers are no
// papers. `node bench/extend.js --times 5 PAPERS.jsonl[.zst] > larger.jsonl`
//
// The first copy of a paper is the paper itself. Each other copy takes every word of title and abstract
// with a chance of three in four, otherwise the word at the same place of a paper a few places on, so
// that lists grow as they would and no two papers are alike. As a real collection brings new words, one
// word in 400 and one author's name in 10 is a new one, made of the halves of two others; it is drawn from
// a pool that is more often met at its beginning, so that some recur and most are rare. Copies of 200 000
// arXiv records have 2.1 times the stems of the records in a million, as larger real collections do.

import { once } from "node:events";
import { parseArgs } from "node:util";
import { lines } from "./src/prepare.js";
import { generator } from "./src/random.js";

const { values, positionals } = parseArgs({
  options: { times: { type: "string", default: "5" } },
  allowPositionals: true,
});
const times = Number(values.times);
const [file] = positionals;
if (!file || !(times >= 1)) throw new Error("usage: extend.js [--times N] PAPERS.jsonl[.zst] > larger.jsonl");

/** How far on the papers are that words are taken from; one for each further copy, and round again. */
const STEPS = [7, 19, 43, 61];

/** New words, and new names. */
const NEW_WORDS = 400000;
const NEW_NAMES = 600000;

/** @type {{ title: string, abstract: string, authors: string[], id: string, url?: string }[]} */
const papers = [];
for await (const line of lines(file)) papers.push(JSON.parse(line));
const random = generator(7);

/** @param {number} number @param {(number: number) => string} word */
function made(number, word) {
  const first = word(Math.imul(number, 2654435761) >>> 0);
  const second = word(Math.imul(number + 1, 2246822519) >>> 0);
  return first.slice(0, Math.ceil(first.length / 2)) + second.slice(Math.floor(second.length / 2));
}

/** A number below `pool`, the lower the likelier. @param {number} pool */
const low = (pool) => Math.floor((random(65536) / 65536) ** 2 * pool);

/** @param {number} seed */
function anyWord(seed) {
  const words = papers[seed % papers.length].title.split(" ");
  const letters = words[(seed >>> 8) % words.length].replace(/[^a-z]/g, "");
  return letters.length < 4 ? "model" : letters;
}

/** @param {number} seed */
function anyName(seed) {
  const { authors = [] } = papers[seed % papers.length];
  return authors[(seed >>> 8) % (authors.length || 1)]?.split(" ").at(-1) || "Smith";
}

/** @param {string} text @param {string} other */
function mix(text, other) {
  const others = other.split(" ");
  return text.split(" ").map((word, at) => {
    if (random(400) === 0) return made(low(NEW_WORDS), anyWord);
    return random(4) === 0 ? (others[at] ?? word) : word;
  }).join(" ");
}

for (const [at, paper] of papers.entries()) {
  for (let copy = 0; copy < times; copy++) {
    const other = papers[(at + STEPS[copy % STEPS.length]) % papers.length];
    const record = copy === 0 ? paper : {
      ...paper,
      id: `${paper.id}-${copy}`,
      url: paper.url && `${paper.url}-${copy}`,
      doi: undefined,
      title: mix(paper.title, other.title),
      abstract: mix(paper.abstract ?? "", other.abstract ?? ""),
      authors: (paper.authors ?? []).map((name) => random(10) === 0 ? `${name.split(" ")[0]} ${made(low(NEW_NAMES), anyName)}` : name),
    };
    if (!process.stdout.write(JSON.stringify(record) + "\n")) await once(process.stdout, "drain");
  }
}
