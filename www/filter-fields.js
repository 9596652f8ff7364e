// The fields of the panel, and filters taken apart into what stands on chips.

import { grouped } from "./words.js";

/**
 * @typedef {object} FieldSpec
 * @property {string} field its name in `filters` of the element
 * @property {string} title
 * @property {string} any what a reader wants who lets the filter go
 * @property {ListFilter} [filter] where its values go; without, it is a range of years
 * @property {boolean} [typed] whether values can be typed that are not listed
 * @property {Record<string, string>} [names] what values are called
 */

/** @type {FieldSpec[]} In this order. */
export const FIELDS = [
  { field: "year", title: "Year", any: "In any year" },
  { field: "topic", title: "Topic", any: "On any topic", filter: "topics" },
  { field: "category", title: "Category", any: "In any category", filter: "categories" },
  { field: "venue", title: "Venue", any: "At any venue", filter: "venues" },
  { field: "author", title: "Author", any: "By any author", filter: "authors", typed: true },
  { field: "code", title: "Code", any: "With code or without", filter: "code", names: { linked: "Linked", stated: "Said to be available", promised: "Promised", unknown: "Not mentioned" } },
];

/** What is asked for. @type {Field[]} */
const COUNTED = ["year", "topic", "category", "venue", "author", "code"];

/** Above so many papers only primary categories are counted: all take .7 bytes a paper more. */
const MANY = 50_000;

/**
 * @param {number} papers in the collection
 * @returns {Field[]} the facets to ask for
 */
export function facetsFor(papers) {
  return COUNTED.map((field) => (field === "category" && papers > MANY ? "primary" : field));
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
  if (from && to) return from === to ? from : `${from}–${to}`;
  return from ? `since ${from}` : `until ${to}`;
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

/**
 * A count as it is shown and as it is read out.
 * @param {number} count
 * @param {"" | "about" | "at least"} how
 * @returns {[string, string]}
 */
export function counted(count, how) {
  const shown = grouped(count);
  return [how === "about" ? `≈\u202f${shown}` : how ? `${shown}+` : shown, `${how} ${shown}`.trim()];
}
