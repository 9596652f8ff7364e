// The fields of the panel, and filters taken apart into what stands on chips.

import { papers } from "./counts.js";
import { say } from "./filter-texts.js";
import { grouped } from "./say.js";

/**
 * @typedef {object} FieldSpec
 * @property {string} field its name in `filters` of the element
 * @property {string} title
 * @property {string} noun the title as it stands inside a sentence
 * @property {string} any what a reader wants who lets the filter go
 * @property {ListFilter} [filter] where its values go; without, it is a range of years
 * @property {boolean} [typed] whether values can be typed that are not listed
 * @property {Record<string, string>} [names] what values are called
 */

/** @type {FieldSpec[]} In this order. */
export const FIELDS = [
  { field: "year", title: say("year"), noun: say("aYear"), any: say("anyYear") },
  { field: "topic", title: say("topicTitle"), noun: say("aTopic"), any: say("anyTopic"), filter: "topics" },
  { field: "category", title: say("category"), noun: say("aCategory"), any: say("anyCategory"), filter: "categories" },
  { field: "venue", title: say("venue"), noun: say("aVenue"), any: say("anyVenue"), filter: "venues" },
  { field: "author", title: say("author"), noun: say("anAuthor"), any: say("anyAuthor"), filter: "authors", typed: true },
  {
    field: "code", title: say("codeTitle"), noun: say("aCode"), any: say("anyCode"), filter: "code",
    names: { linked: say("codeLinked"), stated: say("codeSaid"), promised: say("codeLater"), unknown: say("codeUnknown") },
  },
];

/** What is asked for. @type {Field[]} */
const COUNTED = ["year", "topic", "category", "venue", "author", "code"];

/** Above so many papers only primary categories are counted: all take .7 bytes a paper more. */
const MANY = 50_000;

/** Facets that are counted on demand above so many papers: topics take .5 bytes a paper, authors 5. @type {Field[]} */
const DEAR = ["topic", "author"];
const LARGE = 20_000;

/**
 * @param {number} papers in the collection
 * @param {boolean} whole whether those are wanted that take many bytes
 * @returns {Field[]} the facets to ask for
 */
export function facetsFor(papers, whole) {
  const fields = COUNTED.filter((field) => whole || papers <= LARGE || !DEAR.includes(field));
  return papers <= MANY ? fields : fields.map((field) => (field === "category" ? "primary" : field));
}

/**
 * @param {number} papers in the collection
 * @returns {boolean} whether some facets are counted on demand
 */
export function isLarge(papers) {
  return papers > LARGE;
}

/**
 * @param {Field} facet
 * @returns {string} the field it counts
 */
export function fieldOf(facet) {
  return facet === "primary" ? "category" : facet;
}

/**
 * @param {string} [from]
 * @param {string} [to]
 * @returns {string}
 */
export function yearsText(from, to) {
  if (from && to) return from === to ? from : say("years", { from, to });
  return from ? say("since", { from }) : say("until", { to: to ?? "" });
}

/**
 * @typedef {object} Setting one filter that is set
 * @property {FieldSpec} spec
 * @property {string} text
 * @property {Filters} others all filters but this
 */

/**
 * @param {Filters} filters
 * @returns {Setting[]}
 */
export function settings(filters) {
  /** @type {Setting[]} */
  const all = [];
  for (const spec of FIELDS) {
    const { filter, names } = spec;
    if (!filter) {
      const { from, to } = filters;
      if (from || to) all.push({ spec, text: yearsText(from, to), others: withoutField(filters, spec) });
      continue;
    }
    for (const value of filters[filter] ?? []) {
      all.push({ spec, text: names?.[value] ?? value, others: withValue(filters, filter, value, false) });
    }
  }
  return all;
}

/**
 * @param {Filters} filters
 * @param {ListFilter} filter
 * @param {string} value
 * @param {boolean} wanted
 * @returns {Filters} with or without the value
 */
export function withValue(filters, filter, value, wanted) {
  /** @type {string[]} */
  const before = filters[filter] ?? [];
  const values = before.filter((other) => other !== value);
  if (wanted) values.push(value);
  /** @type {any} */
  const changed = { ...filters, [filter]: values };
  if (!values.length) delete changed[filter];
  return changed;
}

/**
 * @param {Filters} filters
 * @param {FieldSpec} spec
 * @returns {Filters}
 */
export function withoutField(filters, { filter }) {
  const others = { ...filters };
  if (filter) {
    delete others[filter];
  } else {
    delete others.from;
    delete others.to;
  }
  return others;
}

/** How well a count is known. @typedef {"count" | "some" | "least"} How */

/**
 * A count as it is shown beside a value, and as it is read out.
 * @param {number} n
 * @param {How} how
 * @returns {[string, string]}
 */
export function counted(n, how) {
  return [how === "count" ? grouped(n) : say(`${how}Shown`, { n }), say(`${how}Said`, { n })];
}

/**
 * @param {number} n
 * @param {boolean} [exact]
 * @returns {string}
 */
export function papersShown(n, exact = true) {
  return exact ? papers(n) : say("somePapers", { n });
}
