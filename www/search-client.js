// A collection as InstantSearch asks for one: requests in the form of Algolia's API to searches, and
// answers back.

import { Collection } from "./collection.js";
import { OffprintError } from "./errors.js";

/**
 * @typedef {import("../crates/search/types.d.ts").Field} Field
 * @typedef {import("../crates/search/types.d.ts").Filters} Filters
 * @typedef {import("../crates/search/types.d.ts").Part} Part
 * @typedef {import("../crates/search/types.d.ts").FacetValue} FacetValue
 * @typedef {import("./collection.js").Hit} Hit
 * @typedef {{ value: string, matchLevel: "none" | "partial" | "full", matchedWords: string[] }} Highlight
 * @typedef {(parts: Part[], full?: boolean) => Highlight} Highlighter
 */

/**
 * Facets: the filter of each that takes any of its values, and the word of a query that takes one.
 * @type {Record<Field, [filter?: Exclude<keyof Filters, "from" | "to">, operator?: string]>}
 */
const FACETS = {
  year: [undefined, "year"],
  category: ["categories", "cat"],
  primary: ["primary"],
  venue: ["venues", "venue"],
  code: ["code"],
  topic: ["topics", "topic"],
  author: ["authors", "author"],
};

/** Between these InstantSearch wants what is marked; it then escapes the whole itself. */
const PLACEHOLDER = "__ais-highlight__";

/** @param {string} what */
function unsupported(what) {
  return new OffprintError("unsupported", `${what} cannot be asked of a collection of papers.`, `Facets are ${Object.keys(FACETS).join(", ")}; numbers are years.`);
}

/**
 * @param {string} text
 * @returns {string} the text as HTML
 */
function escaped(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * @param {any} params
 * @returns {Highlighter}
 */
function highlighter({ highlightPreTag = "<em>", highlightPostTag = "</em>" }) {
  const plain = highlightPreTag === PLACEHOLDER ? (/** @type {string} */ text) => text : escaped;
  return (parts, full = false) => {
    const matched = parts.filter(({ mark }) => mark).map(({ text }) => text.toLowerCase());
    return {
      value: parts.map(({ text, mark }) => (mark ? highlightPreTag + plain(text) + highlightPostTag : plain(text))).join(""),
      matchLevel: matched.length ? (full ? "full" : "partial") : "none",
      matchedWords: [...new Set(matched)],
    };
  };
}

/**
 * What is asked of facets: filters, and words of the query where a filter says too little: it takes
 * any of its values, and its facet counts as if it were not there.
 */
class Conditions {
  /** @type {Filters} */
  filters = {};
  /** @type {string[]} */
  words = [];

  /** @param {any} params */
  constructor({ facetFilters = [], numericFilters = [] }) {
    for (const entry of [facetFilters].flat()) this.#facet(entry);
    for (const entry of [numericFilters].flat(2)) this.#number(entry);
  }

  /** @param {string | string[]} entry one condition, or several of which one is to hold */
  #facet(entry) {
    const pairs = [entry].flat().map((text) => {
      const [, name = "", not = "", value = ""] = /^([^:]+):(-?)(.*)$/s.exec(text) ?? [];
      if (!Object.hasOwn(FACETS, name)) throw unsupported(`“${text}”`);
      return { name: /** @type {Field} */ (name), not, value: value.replace(/^\\/, "") };
    });
    if (!pairs.length) return;
    const [{ name }] = pairs;
    const [filter, operator] = FACETS[name];
    const one = pairs.every((pair) => pair.name === name && !pair.not);
    if (one && filter && !this.filters[filter] && (Array.isArray(entry) || !operator)) {
      /** @type {any} */ (this.filters)[filter] = pairs.map(({ value }) => value);
      return;
    }
    const words = pairs.map(({ name, not, value }) => {
      const [, operator] = FACETS[name];
      if (!operator) throw unsupported(`“${name}” so`);
      return `${not}${operator}:${name === "year" ? value : `"${value.replaceAll('"', " ")}"`}`;
    });
    this.words.push(words.length > 1 ? `(${words.join(" OR ")})` : words[0]);
  }

  /** @param {string} text */
  #number(text) {
    const [, from, to] = /^year:(\d+) TO (\d+)$/.exec(text) ?? [];
    const [, sign, digits] = /^year\s*(<=?|>=?|=)\s*(\d+)$/.exec(text) ?? [];
    if (!from && !sign) throw unsupported(`“${text}”`);
    const year = Number(digits);
    const first = from ?? { "=": year, ">=": year, ">": year + 1 }[sign];
    const last = to ?? { "=": year, "<=": year, "<": year - 1 }[sign];
    const { filters } = this;
    if (first !== undefined) filters.from = `${Math.max(Number(first), Number(filters.from ?? first))}`;
    if (last !== undefined) filters.to = `${Math.min(Number(last), Number(filters.to ?? last))}`;
  }
}

/**
 * @param {any} facets
 * @returns {Field[]}
 */
function fieldsOf(facets = []) {
  const names = [facets].flat();
  // Categories include the primary one.
  const all = names.includes("*") ? Object.keys(FACETS).filter((name) => name !== "primary") : names;
  return all.filter((name) => Object.hasOwn(FACETS, name));
}

/**
 * @param {Hit} hit
 * @param {Highlighter} highlight
 */
function hitOf(hit, highlight) {
  const { title_parts: title, ...more } = hit;
  const plain = (/** @type {string} */ text) => highlight([{ text, mark: false }]);
  return {
    objectID: hit.id,
    ...more,
    _highlightResult: {
      title: highlight(title, hit.all_words),
      authors: hit.authors.map(plain),
      ...(hit.venue && { venue: plain(hit.venue) }),
    },
  };
}

/** @param {FacetValue[]} values */
function statistics(values) {
  const years = values.flatMap(({ value, count }) => (/^\d+$/.test(value) ? [{ year: Number(value), count }] : []));
  const counted = years.reduce((sum, { count }) => sum + count, 0);
  if (!counted) return undefined;
  const sum = years.reduce((sum, { year, count }) => sum + year * count, 0);
  const all = years.map(({ year }) => year);
  return { min: Math.min(...all), max: Math.max(...all), avg: sum / counted, sum };
}

/**
 * @param {Collection} papers
 * @param {any} request
 */
async function answer(papers, request) {
  const began = performance.now();
  const { indexName = "", params: given = {}, ...rest } = request;
  const params = { ...rest, ...given };
  const { query = "", page = 0, hitsPerPage = 20 } = params;
  if (params.filters) throw unsupported("`filters` as text");
  const { filters, words } = new Conditions(params);
  const facets = fieldsOf(params.facets);
  const [, order] = /[:_](newest|oldest)$/.exec(indexName) ?? [];
  const asked = await papers.search([...words, query].join(" "), {
    filters,
    facets,
    // Without words all papers are shown.
    sort: /** @type {"newest" | "oldest" | undefined} */ (order) ?? (query.trim() ? "relevance" : "newest"),
    limit: hitsPerPage,
    offset: page * hitsPerPage,
  });
  // Papers with some of the words are shown where none has all.
  const nbHits = asked.total || asked.total_any;
  const shown = asked.hits.slice(0, Math.max(0, nbHits - page * hitsPerPage));
  const highlight = highlighter(params);
  /** @type {any[]} */
  const hits = shown.map((hit) => hitOf(hit, highlight));
  if (shown.length && [params.attributesToSnippet ?? []].flat().some((name) => /^(\*|abstract)(:|$)/.test(name))) {
    const { snippets } = await papers.snippets(asked.searched, shown.map(({ doc }) => doc));
    const passages = new Map(snippets.map(({ doc, parts }) => [doc, parts]));
    for (const hit of hits) hit._snippetResult = { abstract: highlight(passages.get(hit.doc) ?? [], hit.all_words) };
  }
  const most = params.maxValuesPerFacet ?? 100;
  return {
    hits,
    nbHits,
    page,
    nbPages: hitsPerPage ? Math.ceil(nbHits / hitsPerPage) : 0,
    hitsPerPage,
    facets: Object.fromEntries(asked.facets.map(({ field, values }) =>
      [field, Object.fromEntries(values.slice(0, most).map(({ value, count }) => [value, count]))])),
    facets_stats: Object.fromEntries(asked.facets.flatMap(({ field, values }) => {
      const stats = field === "year" && statistics(values);
      return stats ? [[field, stats]] : [];
    })),
    exhaustiveNbHits: asked.exact,
    exhaustiveFacetsCount: asked.facets.every(({ exact }) => exact),
    query,
    ...(asked.searched !== asked.query && { queryAfterRemoval: asked.searched }),
    params: new URLSearchParams(Object.entries(params).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value) ?? ""])).toString(),
    index: indexName,
    processingTimeMS: Math.max(1, Math.round(performance.now() - began)),
  };
}

/**
 * @param {Collection} papers
 * @param {any} request
 */
async function facetValues(papers, request) {
  const began = performance.now();
  const { indexName = "", facet: facetName, params } = request;
  const { facetQuery = "", maxFacetHits = 10 } = params;
  const { facets } = await answer(papers, { indexName, params: { ...params, facets: [facetName], hitsPerPage: 0, page: 0, maxValuesPerFacet: Infinity } });
  const wanted = facetQuery.toLowerCase();
  const highlight = highlighter(params);
  const facetHits = Object.entries(facets[facetName] ?? {}).flatMap(([value, count]) => {
    const at = value.toLowerCase().indexOf(wanted);
    if (at < 0) return [];
    const end = at + wanted.length;
    const parts = [{ text: value.slice(0, at), mark: false }, { text: value.slice(at, end), mark: end > at }, { text: value.slice(end), mark: false }];
    return [{ value, highlighted: highlight(parts).value, count }];
  }).slice(0, maxFacetHits);
  return { facetHits, exhaustiveFacetsCount: true, processingTimeMS: Math.max(1, Math.round(performance.now() - began)) };
}

/**
 * @param {() => Promise<Collection>} opened
 * @returns {SearchClient}
 */
export function clientOf(opened) {
  return {
    async search(requests) {
      const papers = await opened();
      return { results: await Promise.all(requests.map((/** @type {any} */ request) => (request.type === "facet" ? facetValues : answer)(papers, request))) };
    },
  };
}

/**
 * What InstantSearch asks for; its types differ from version to version.
 * @typedef {{ search(requests: any): Promise<{ results: any[] }> }} SearchClient
 */
