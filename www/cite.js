// Citations of a paper in the forms that others read. Pure functions of the paper.

import { factsOf } from "./cite-facts.js";
import { familyOf } from "./cite-names.js";
import { tex, texTitle } from "./cite-tex.js";

/** How a kind of paper is called in BibTeX, RIS and CSL, and what BibTeX calls its venue. */
const GENRES = {
  conference: ["inproceedings", "CONF", "paper-conference", "booktitle"],
  article: ["article", "JOUR", "article-journal", "journal"],
  book: ["book", "BOOK", "book", "publisher"],
  thesis: ["phdthesis", "THES", "thesis", "school"],
  report: ["techreport", "RPRT", "report", "institution"],
  preprint: ["misc", "UNPB", "article", "howpublished"],
  other: ["misc", "GEN", "document", "howpublished"],
};

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** @typedef {import("./cite-facts.js").Facts} Facts */
/** @typedef {import("./cite-facts.js").Citable} Citable */
/** @typedef {import("./cite-names.js").Name} Name */

/**
 * @param {Name} name
 * @returns {string}
 */
function texName(name) {
  const family = tex(name.family);
  if (name.whole) return `{${family}}`;
  // BibTeX takes words in small letters for particles.
  const kept = / \p{Ll}/u.test(name.family) ? `{${family}}` : family;
  return [name.particle ? `${tex(name.particle)} ${kept}` : kept, tex(name.suffix), tex(name.given)].filter(Boolean).join(", ");
}

/**
 * An address as BibTeX keeps it: nothing in it is a command.
 * @param {string} text
 * @returns {string}
 */
function verbatim(text) {
  return text.replace(/[{}\\^`"<>|\s]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

/**
 * @param {Facts} facts
 * @returns {string}
 */
function bibtex({ key, genre, authors, more, title, venue, date: [year, month], arxiv, primary, doi, url }) {
  const [type, , , place] = GENRES[genre];
  const school = venue.replace(/^.*?\b(?:thesis|dissertation)\b[,:;. ]*/i, "");
  /** @type {[string, string | false | undefined][]} */
  const fields = [
    ["author", [...authors.map(texName), ...(more ? ["others"] : [])].join(" and ")],
    ["title", texTitle(title)],
    [place, tex(genre === "thesis" && school ? school : venue)],
    ["year", year ? `${year}` : ""],
    ["month", genre === "preprint" && MONTHS[month - 1]],
    ["eprint", arxiv],
    ["archivePrefix", arxiv && "arXiv"],
    ["primaryClass", primary],
    ["doi", verbatim(doi)],
    ["url", verbatim(url)],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = ${name === "month" ? value : `{${value}}`}`);
  const entry = genre === "thesis" && /\bmaster|\bm\.?sc\b|\bdiplom/i.test(venue) ? "mastersthesis" : type;
  return `@${entry}{${[key, ...lines].join(",\n")}\n}\n`;
}

/**
 * @param {Facts} facts
 * @returns {string}
 */
function ris({ genre, authors, title, venue, date, arxiv, doi, url }) {
  const [year, ...days] = date;
  /** @type {[string, string | undefined][]} */
  const tags = [
    ["TY", GENRES[genre][1]],
    // A comma parts family and given names.
    ...authors.map((name) => /** @type {[string, string]} */ (["AU", name.whole
      ? name.family.replace(/,/g, "")
      : [familyOf(name), name.given, name.suffix].filter((part, at) => part || (at === 1 && name.suffix)).join(", ")])),
    ["TI", title],
    [genre === "article" ? "JO" : genre === "conference" ? "T2" : "PB", venue || (genre === "preprint" ? "arXiv" : "")],
    ["PY", year ? `${year}` : ""],
    ["DA", days.length ? date.map((part) => `${part}`.padStart(2, "0")).join("/") : ""],
    ["AN", arxiv && `arXiv:${arxiv}`],
    ["DO", doi],
    ["UR", url],
  ];
  return `${tags.filter(([, value]) => value).map(([tag, value]) => `${tag}  - ${value}\n`).join("")}ER  - \n`;
}

/**
 * @param {Facts} facts
 * @returns {object}
 */
function cslItem({ key, genre, authors, title, venue, date, arxiv, doi, url }) {
  const place = genre === "article" || genre === "conference" ? "container-title" : "publisher";
  return {
    id: key,
    type: GENRES[genre][2],
    author: authors.length ? authors.map(({ whole, family, particle, given, suffix }) => (whole ? { literal: family } : {
      family, "non-dropping-particle": particle || undefined, given: given || undefined, suffix: suffix || undefined,
    })) : undefined,
    title,
    [place]: venue || (genre === "preprint" && arxiv ? "arXiv" : undefined),
    issued: date.length ? { "date-parts": [date] } : undefined,
    number: arxiv ? `arXiv:${arxiv}` : undefined,
    DOI: doi || undefined,
    URL: url || undefined,
  };
}

/** How many authors a plain citation names; of more, so many less two. */
const NAMED = 8;

/**
 * @param {Facts} facts
 * @returns {string}
 */
function plain({ authors, more, title, venue, date: [year], arxiv, doi, url }) {
  const names = authors.map((name) => [name.given, familyOf(name), name.suffix].filter(Boolean).join(" "));
  const cut = more || names.length > NAMED;
  const shown = names.length > NAMED ? names.slice(0, NAMED - 2) : names;
  const last = shown.length > 1 && !cut ? shown.pop() : "";
  const people = [shown.join(", "), last && (shown.length > 1 ? ", and " : " and ") + last, cut && shown.length > 0 && ", et al."].filter(Boolean).join("");
  const where = [venue, year].filter(Boolean).join(", ");
  return `${[people, title, where, arxiv && `arXiv:${arxiv}`]
    .filter(Boolean)
    .map((part) => (/[.?!]$/.test(`${part}`) ? part : `${part}.`))
    .concat(doi ? `https://doi.org/${encodeURI(doi)}` : url || [])
    .join(" ")}\n`;
}

/**
 * @param {(facts: Facts) => string} write
 * @returns {(all: Facts[]) => string} one below the other
 */
const each = (write) => (all) => all.map(write).join("\n");

/** @param {Facts[]} all @returns {string} */
const csl = (all) => `${JSON.stringify(all.map(cslItem), null, 2)}\n`;

/**
 * The forms, the most wanted first. A form without an ending is no file, and one without a name is prose.
 * @type {{ name: string, write: (all: Facts[]) => string, ending: string, type: string }[]}
 */
export const FORMS = [
  { name: "BibTeX", write: each(bibtex), ending: "bib", type: "application/x-bibtex" },
  // Files of RIS end their lines so.
  { name: "RIS", write: each(ris), ending: "ris", type: "application/x-research-info-systems" },
  { name: "CSL-JSON", write: csl, ending: "json", type: "application/vnd.citationstyles.csl+json" },
  { name: "", write: each(plain), ending: "", type: "" },
];

/**
 * Gives each its own key. Which of several keeps it plain hangs on their ids alone, not on their order.
 * @param {Citable[]} papers
 * @returns {Facts[]}
 */
function factsOfAll(papers) {
  const all = papers.map((paper) => ({ id: paper.id, facts: factsOf(paper) }));
  const taken = new Set();
  for (const { facts } of [...all].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { key } = facts;
    for (let n = 1; taken.has(facts.key); n++) facts.key = key + (n < 26 ? String.fromCharCode(97 + n) : `z${n}`);
    taken.add(facts.key);
  }
  return all.map(({ facts }) => facts);
}

/**
 * @param {Citable[]} papers
 * @param {typeof FORMS[number]} form
 * @returns {{ name: string, text: string }} the text, and a name for its file without ending
 */
export function cite(papers, form) {
  const all = factsOfAll(papers);
  return { name: all[0]?.key ?? "", text: form.write(all) };
}
