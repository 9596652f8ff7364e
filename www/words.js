// What the page says, in words.

import { papers } from "./counts.js";
import { say } from "./page-texts.js";
import { grouped, language } from "./say.js";

/** Orders. @type {Sort[]} */
export const SORTS = ["relevance", "newest", "oldest"];

/**
 * @param {Answer} answer
 * @param {boolean} narrowed whether filters are set
 * @returns {string}
 */
export function countLine({ searched, total, total_any: n, exact, settled }, narrowed) {
  const query = searched.trim();
  if (!n) return say(query ? (narrowed ? "noneLeftFor" : "noneFor") : narrowed ? "noneLeft" : "none", { query });
  // Before long lists are read to their ends, more may come.
  const vague = exact ? "" : settled ? "about" : "over";
  const some = vague ? say(vague, { n }) : grouped(n);
  if (!total) return say("someWords", { n, some });
  const all = vague ? say(`${vague}Papers`, { n: total }) : papers(total);
  return total === n ? all : say("allWords", { papers: all, some });
}

/**
 * @param {string[]} words
 * @returns {string} “a”, “b” and “c”
 */
export function listed(words) {
  return new Intl.ListFormat(language().lang).format(words.map((text) => say("quoted", { text })));
}

/** How many authors a result line names. */
const AUTHORS_SHOWN = 4;

/**
 * @param {Hit} hit
 * @returns {string}
 */
export function authorLine({ authors, author_count: count }) {
  // "and 1 more" would be no shorter than the name.
  const shown = count === AUTHORS_SHOWN + 1 ? authors : authors.slice(0, AUTHORS_SHOWN);
  const names = shown.join(", ");
  const n = count - shown.length;
  return n > 0 ? say("moreAuthors", { names, n }) : names;
}
