// What is asked, drawn from the papers with a fixed seed, and how many papers hold a prefix.

import { papers } from "./prepare.js";
import { generator, pick } from "./random.js";

/** Changing it changes every query. */
const SEED = 20260101;

/** Words that say nothing alone, however frequent. */
const DULL = new Set(["the", "and", "with", "from", "that", "this", "which", "their", "these", "than", "between", "into"]);

/**
 * @typedef {object} Queries
 * @property {string[]} titles two to four consecutive words of a title
 * @property {string[]} frequent single frequent words
 * @property {string[]} short prefixes of one to three letters
 * @property {string[]} middle prefixes of four to six letters
 * @property {string[]} long eight to twelve consecutive words of a title
 * @property {{ before: string, word: string }[]} histories what is asked, and what was asked before it
 * @property {Record<string, { text: number, all: number }>} naive for each prefix, the papers that hold a word
 *   beginning with it: in title or abstract, and in these or the authors
 */

/**
 * Words as a plain reader sees them: runs of letters and digits, without case and accents.
 * @param {string} text
 * @returns {string[]}
 */
export function words(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * @param {string} file the prepared papers
 * @param {number} count how many title-word queries
 * @param {number} others how many of each other kind
 * @returns {Promise<Queries>}
 */
export async function drawQueries(file, count, others) {
  /** @type {string[][]} */
  const titles = [];
  /** @type {Map<string, number>} */
  const frequency = new Map();
  for await (const paper of papers(file)) {
    const title = words(paper.title);
    // A formula or another script in a title makes no query that somebody types.
    if (title.length >= 2 && title.every((word) => /^[a-z0-9]+$/.test(word))) titles.push(title);
    for (const word of new Set([...title, ...words(paper.abstract)])) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  }
  const random = generator(SEED);

  /**
   * Draws until there are enough different ones, or none come any more.
   * @param {number} wanted
   * @param {() => string | undefined} draw
   */
  const distinct = (wanted, draw) => {
    const found = new Set();
    for (let tries = 0; found.size < wanted && tries < wanted * 200; tries++) {
      const query = draw();
      if (query) found.add(query);
    }
    return [...found];
  };
  /** @param {number} least @param {number} most */
  const run = (least, most) => {
    const title = pick(titles, random);
    const length = least + random(most - least + 1);
    if (title.length < length) return undefined;
    const start = random(title.length - length + 1);
    const part = title.slice(start, start + length);
    // Not "of the", nor "2 d".
    return part.filter((word) => word.length > 3 && !DULL.has(word)).length >= 2 ? part.join(" ") : undefined;
  };
  /** @param {number} least @param {number} most */
  const prefix = (least, most) => {
    const length = least + random(most - least + 1);
    const word = pick(pick(titles, random), random);
    return word.length > length && /^[a-z]+$/.test(word) ? word.slice(0, length) : undefined;
  };
  const top = [...frequency]
    .filter(([word]) => word.length >= 5 && /^[a-z]+$/.test(word) && !DULL.has(word))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 200)
    .map(([word]) => word);

  const queries = {
    titles: distinct(count, () => run(2, 4)),
    frequent: distinct(others, () => pick(top, random)),
    short: distinct(others, () => prefix(1, 3)),
    middle: distinct(others, () => prefix(4, 6)),
    long: distinct(others, () => run(8, 12)),
  };
  const seen = distinct(Math.min(others, 9), () => pick(top, random)).filter((word) => word !== "model");
  // On the way to a word, and back to its first letters.
  const histories = ["model", ...seen].flatMap((word) => [
    { before: word.slice(0, -1), word },
    { before: word, word: word.slice(0, 3) },
  ]);
  const prefixes = [...new Set([...queries.short, ...queries.middle, ...queries.frequent])];
  return { ...queries, histories, naive: await naiveCounts(file, prefixes) };
}

/**
 * Reads every paper.
 * @param {string} file
 * @param {string[]} prefixes
 * @returns {Promise<Queries["naive"]>}
 */
async function naiveCounts(file, prefixes) {
  const counts = Object.fromEntries(prefixes.map((prefix) => [prefix, { text: 0, all: 0 }]));
  /** @type {Map<string, string[]>} */
  const known = new Map();
  /** @param {string[]} list @param {Set<string>} found */
  const collect = (list, found) => {
    for (const word of list) {
      let begins = known.get(word);
      if (!begins) known.set(word, (begins = prefixes.filter((prefix) => word.startsWith(prefix))));
      for (const prefix of begins) found.add(prefix);
    }
  };
  for await (const paper of papers(file)) {
    const found = new Set();
    collect(words(paper.title), found);
    collect(words(paper.abstract), found);
    for (const prefix of found) counts[prefix].text++;
    for (const author of paper.authors) collect(words(author), found);
    for (const prefix of found) counts[prefix].all++;
  }
  return counts;
}
