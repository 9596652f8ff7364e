// What a query may become: an unfinished one by words of the collection and authors of the papers
// shown, a finished one by a topic.

/** Authors that are offered. */
const NAMES = 2;

/** Words that are offered. */
const WORDS = 5;

/** Papers that are too few to part by topic, and topics that are offered. */
const FEW = 6;
const TOPICS = 4;

/** @param {string} text */
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * @param {string} query
 * @returns {string} the beginning of a word that the query ends in; "" where it ends in none
 */
export function begun(query) {
  return /[\p{L}\p{M}\p{N}]{2,}$/u.exec(query)?.[0] ?? "";
}

/**
 * @param {string} query
 * @param {string[]} words that its last word may become
 * @param {Hit[]} hits
 * @returns {{ text: string, query: string }[]} what to offer, and the query that each makes
 */
export function endings(query, words, hits) {
  const start = begun(query);
  const before = query.slice(0, query.length - start.length);
  const names = hits.flatMap(({ authors }) => authors).filter((name) =>
    !name.includes('"') && folded(name).split(/[^\p{L}]+/u).some((word) => word.startsWith(folded(start))));
  // Where a field was named, a name would be another one.
  const authors = before.endsWith(":") ? [] : [...new Set(names)].slice(0, NAMES);
  return [
    ...words.slice(0, WORDS).map((word) => ({ text: word, query: `${before}${word} ` })),
    ...authors.map((name) => ({ text: name, query: `${before}author:"${name}" ` })),
  ];
}

/**
 * The topics that part the papers with all words; none where nearly all are of one.
 * @param {Facet} facet
 * @returns {FacetValue[]}
 */
export function parts({ values, total }) {
  const large = values.filter(({ count }) => count >= Math.max(2, total / 10));
  return total < FEW || large.length < 2 || large[0].count > 0.8 * total ? [] : large.slice(0, TOPICS);
}
