// What a query may become: an unfinished one by words of the collection and authors of the papers
// shown, a finished one by a topic.

import { texts } from "./say.js";

const say = texts({
  topic: "{topic} ({n})",
  showTopics: "Show",
  noTopics: "No topic parts these papers.",
});

/**
 * What of the element suggestions need.
 * @typedef {object} Site
 * @property {number} papers in the collection
 * @property {() => Promise<string[]>} words that the last word may become
 * @property {() => Promise<Facet>} topics counts the topics of the papers with all words
 * @property {(kind: "words" | "topics", ends: { text: string, take: () => void }[]) => void} show
 * @property {(text: string) => void} say
 * @property {(query: string) => void} type
 * @property {(topics: string[]) => void} narrow
 */

/** Papers of a collection whose topics are counted without being asked for: it takes some 10 KB. */
const COUNTED = 20000;

/** Authors that are offered. */
const NAMES = 2;

/** Words that are offered. */
const WORDS = 5;

/** Papers that are too few to part by topic, and topics that are offered. */
const FEW = 6;
const TOPICS = 4;

/**
 * Shows what the query may become.
 * @param {Site} site
 * @param {string} query
 * @param {number | undefined} total papers that topics might part; undefined where a topic is chosen
 * @param {Hit[]} hits
 */
export async function offer(site, query, total, hits) {
  if (begun(query)) {
    const ends = endings(query, await site.words(), hits);
    site.show("words", ends.map(({ text, query }) => ({ text, take: () => site.type(query) })));
  } else if (total === undefined || total < FEW) {
    return;
  } else if (site.papers <= COUNTED) {
    await offerTopics(site);
  } else {
    site.show("topics", [{ text: say("showTopics"), take: async () => {
      const parted = await offerTopics(site).catch(() => site.show("topics", []));
      if (parted === false) site.say(say("noTopics"));
    } }]);
  }
}

/**
 * @param {Site} site
 * @returns {Promise<boolean>} whether topics part the papers
 */
async function offerTopics(site) {
  const found = parts(await site.topics());
  site.show("topics", found.map(({ value, count }) => ({ text: say("topic", { topic: value, n: count }), take: () => site.narrow([value]) })));
  return found.length > 0;
}

/** @param {string} text */
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * @param {string} query
 * @returns {string} the beginning of a word that the query ends in; "" where it ends in none
 */
function begun(query) {
  return /[\p{L}\p{M}\p{N}]{2,}$/u.exec(query)?.[0] ?? "";
}

/**
 * @param {string} query
 * @param {string[]} words that its last word may become
 * @param {Hit[]} hits
 * @returns {{ text: string, query: string }[]} what to offer, and the query that each makes
 */
function endings(query, words, hits) {
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
function parts({ values, total }) {
  const large = values.filter(({ count }) => count >= Math.max(2, total / 10));
  return large.length < 2 || large[0].count > 0.8 * total ? [] : large.slice(0, TOPICS);
}
