// What an opened abstract consists of. Loaded with the first one.

import { ABSTRACT_STYLES } from "./abstract-styles.js";
import { citation } from "./cite-button.js";
import { papers } from "./counts.js";
import { dateText } from "./dates.js";
import { h, link, linkButton } from "./dom.js";
import { told } from "./errors.js";
import { paperLanguage, texts } from "./say.js";

const sayOf = texts({
  page: "Page",
  pdf: "PDF",
  doi: "DOI",
  data: "Data",
  project: "Project",
  link: "Link",
  noAbstract: "No abstract.",
  authors: "Authors",
  categories: "Categories",
  keywords: "Keywords",
  listed: "Listed",
  listedAt: "{source}, rank {rank}",
  listedOn: "{source}, {day}, rank {rank}",
  related: "Related papers",
  why: "Why this result?",
  unranked: "It was not ranked by words.",
  hasAll: "It has all the words. Its score comes from",
  lacksOne: "It lacks a word, so it stands below papers with all. Its score comes from",
  percent: "{n} %",
  byWord: "{word}, in {papers}",
  byPapers: "papers like it, which hold the words",
  byTitle: "its title, which says the query",
});

/** Kinds of links that have a name here. */
const LINKS = /** @type {const} */ (["page", "pdf", "doi", "data", "project"]);

const sheet = new CSSStyleSheet();
sheet.replaceSync(ABSTRACT_STYLES);

/**
 * @param {Node} place where an abstract is to stand
 */
export function dressAbstract(place) {
  const { adoptedStyleSheets } = /** @type {ShadowRoot} */ (place.getRootNode());
  if (!adoptedStyleSheets.includes(sheet)) adoptedStyleSheets.push(sheet);
}

/**
 * @param {Paper} paper
 * @param {string} id begins the ids of what is inside
 * @param {string} code what a link to code is called
 * @param {typeof import("./client-host.js").loadModule} load
 * @param {PaperSource} source
 * @returns {Node[]}
 */
export function paperDetails(paper, id, code, load, source) {
  const facts = h("dl");
  /**
   * @param {string} name
   * @param {...(string | Node)} text
   */
  const fact = (name, ...text) => {
    if (text[0]) facts.append(h("div", {}, h("dt", {}, name), h("dd", { dir: "auto" }, ...text)));
  };
  fact(sayOf("authors"), ...paper.authors.flatMap((name, at) => [
    at ? ", " : "",
    linkButton(name, () => source.seek(`author:"${name.replaceAll('"', " ")}" `)),
  ]).slice(1));
  fact(sayOf("categories"), paper.categories.join(", "));
  fact(sayOf("keywords"), paper.keywords.join(", "));
  for (const { source, listed_on: day, rank } of paper.listings) {
    fact(sayOf("listed"), sayOf(day ? "listedOn" : "listedAt", { source, day: dateText(day ?? ""), rank }));
  }
  const paragraphs = paper.abstract.split(/\n\s*\n/).filter((text) => text.trim());
  const [cite, citations] = citation(paper, `${id}c`, load);
  /** @param {string} kind */
  const named = (kind) => (kind === "code" ? code : sayOf(LINKS.find((known) => known === kind) ?? "link"));
  const links = h("p", { class: "foot" }, ...paper.links.map(({ kind, url }) => link(url, named(kind))), cite);
  return [
    ...(paragraphs.length ? paragraphs : [sayOf("noAbstract")]).map((text) => h("p", { class: "abstract", dir: "auto", lang: paperLanguage() }, text)),
    facts,
    links,
    citations,
  ];
}

/**
 * @param {Hit[]} related
 * @param {PaperSource} source
 * @returns {Node[]}
 */
export function relatedList(related, source) {
  if (!related.length) return [];
  return [
    h("h3", {}, sayOf("related")),
    h("ul", { part: "related" }, ...related.map((hit) =>
      h("li", { dir: "auto" }, h("a", { class: "link", part: "link", href: `#${encodeURIComponent(hit.id)}`, click: (/** @type {MouseEvent} */ event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        source.follow(hit);
      } }, hit.title), hit.year ? ` (${hit.year})` : undefined))),
  ];
}

/**
 * @param {{ hit: Hit, button: HTMLElement }} row whose hit is the one at the time of asking
 * @param {PaperSource} source
 * @returns {HTMLElement | ""} a button that explains the score, where there is one
 */
export function whyLine(row, source) {
  const explain = source.why;
  if (!explain) return "";
  const why = linkButton(sayOf("why"), async () => {
    try {
      why.parentElement?.replaceWith(reasons(await explain(row.hit.doc), row.hit));
      row.button.focus({ preventScroll: true });
    } catch (error) {
      why.after(h("span", { role: "alert" }, told(error).message));
    }
  });
  return h("p", { class: "foot" }, why);
}

/**
 * What a score consists of, in shares.
 * @param {Share[]} shares
 * @param {Hit} hit
 * @returns {Node}
 */
function reasons(shares, { score: whole, all_words: all }) {
  const rest = shares.reduce((left, { score }) => left - score, whole);
  if (!shares.length) return h("p", { class: "foot" }, sayOf("unranked"));
  return h("div", { part: "why" },
    h("h3", {}, sayOf(all ? "hasAll" : "lacksOne")),
    h("dl", { class: "why" }, ...[
      ...shares.map(({ word, papers: count, score }) => ({ score, what: word ? sayOf("byWord", { word, papers: papers(count) }) : sayOf("byPapers") })),
      ...(rest > 0 ? [{ score: rest, what: sayOf("byTitle") }] : []),
    ].map(({ score, what }) => h("div", {},
      h("dt", {}, sayOf("percent", { n: Math.round((100 * score) / whole) })),
      h("dd", { dir: "auto" }, what)))));
}
