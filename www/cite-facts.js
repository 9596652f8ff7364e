// What a citation says of a paper, whatever its form.

import { webAddress } from "./dom.js";
import { familyOf, splitName, tidy } from "./cite-names.js";

/**
 * @typedef {"conference" | "article" | "book" | "thesis" | "report" | "preprint" | "other"} Genre
 *
 * @typedef {object} Facts
 * @property {string} key letters and digits of ASCII
 * @property {Genre} genre
 * @property {string} title
 * @property {import("./cite-names.js").Name[]} authors
 * @property {boolean} more whether the list of authors ends in "et al."
 * @property {string} venue where it was published; "" for a preprint or where that is not known
 * @property {number[]} date year, month and day as far as they are known
 * @property {string} arxiv the identifier without its version; "" for none
 * @property {string} primary arXiv's primary class
 * @property {string} doi
 * @property {string} url
 */

const ARXIV = /^(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?$/i;
const DOI = /^10\.\d{4,9}\/\S+$/;

const PREPRINT = /^(?:\w*rxiv|corr|ssrn|openreview|preprint)\b/i;
const REPORT = /\btech(?:nical|\.) *rep(?:ort|\.)|\bwhite *paper\b/i;
const JOURNAL = /\b(?:journal|annals|transactions|letters|reviews?|bulletin|magazine|communications|forum|record|newsletter|notices)\b|^proc(?:eedings|\.) of the (?:ieee|ire|royal|(?:\w+ )?national academy|(?:\w+ )+society)\b/i;
const MEETING = /^(?:proc(?:eedings|\.|$)|findings of|in proc)|\b(?:conference|conf\.|symposium|workshops?|congress|colloquium|lecture notes|information processing systems|interspeech)\b/i;
const PUBLISHER = /\b(?:press|publish(?:ers?|ing)|verlag|springer|wiley|elsevier|addison|mcgraw|prentice|o['’]reilly)\b/i;
const INSTITUTION = /\b(?:university|institute|laborator(?:y|ies)|\w*labs?|research cent(?:er|re)|openai|deepmind|anthropic)$/i;
/** A name with two capitals or more and perhaps a year, such as NeurIPS, is that of a meeting; */
const ACRONYM = /^(?=\S*[A-Z]\S*[A-Z])[A-Za-z]{2,9}(?:[-/+][A-Z]+)?(?: *['’]?\d{2,4})?(?: (?:oral|poster|spotlight|demo|findings))?$/;
/** these are journals. */
const JOURNAL_ACRONYM = /^(?:J(?!CDL)|T(?!REC|CC|ACAS|SD)|IJ(?!CAI|CNN|CNLP|CB|CAR)|PNAS|CACM|PAMI|PL[oO]S|PeerJ|PR[A-ELX]|PVLDB|SIREV|AIJ|BMC|BMJ|eLife)/;

/**
 * @param {string} venue
 * @param {string} arxiv
 * @returns {Genre}
 */
function genreOf(venue, arxiv) {
  if (!venue) return arxiv ? "preprint" : "other";
  if (PREPRINT.test(venue)) return "preprint";
  if (/\b(?:thesis|dissertation)\b/i.test(venue)) return "thesis";
  if (REPORT.test(venue)) return "report";
  if (JOURNAL.test(venue) && !/\b(?:conference|symposium|workshop)\b/i.test(venue)) return "article";
  if (MEETING.test(venue)) return "conference";
  if (PUBLISHER.test(venue)) return "book";
  if (INSTITUTION.test(venue)) return "report";
  return ACRONYM.test(venue) && !JOURNAL_ACRONYM.test(venue) ? "conference" : "article";
}

/** Letters that do not come apart into a letter of ASCII and a mark. @type {Record<string, string>} */
const FOLDED = { ß: "ss", ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ə: "e" };

/**
 * @param {string} text
 * @returns {string} in small letters of ASCII as far as they have them; others remain
 */
function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[ßøæœłđðþıə]/g, (letter) => FOLDED[letter]);
}

/** Words that tell nothing at the start of a title. */
const FAINT = /^(?:an?|and|are|as|at|be|by|can|do|does|for|from|how|if|in|is|it|its|of|on|or|our|some|that|the|their|this|to|towards?|using|via|we|what|when|where|which|who|why|with)$/;

/**
 * Made of nothing but the paper, so that it is the same wherever and whenever it is made.
 * @param {string} title
 * @param {import("./cite-names.js").Name | undefined} author
 * @param {number | undefined} year
 * @param {string} id
 * @returns {string} vaswani2017attention
 */
function keyOf(title, author, year, id) {
  const words = fold(title).replace(/\$[^$]*\$/g, " ").replace(/['’]/g, "").match(/[a-z0-9]+/g) ?? [];
  const telling = words.filter((word) => word.length > 1 && !FAINT.test(word));
  const plain = (/** @type {string} */ text) => fold(text).replace(/[^a-z0-9]/g, "").slice(0, 40);
  const family = author ? plain(familyOf(author)) : "";
  const word = (telling[0] ?? words[0] ?? "").slice(0, 40);
  // Other scripts leave nothing of name and title.
  return family ? `${family}${year ?? ""}${word}` : `${word || `paper${plain(id)}`}${year ?? ""}`;
}

/**
 * @param {string} url
 * @returns {string} the arXiv identifier it leads to; "" for none
 */
function arxivOf(url) {
  const [, id = ""] = /^https?:\/\/(?:(?:www\.|export\.)?arxiv\.org\/(?:abs|pdf|html)|huggingface\.co\/papers)\/([^?#]+?)(?:\.pdf)?\/?(?:[?#].*)?$/i.exec(url) ?? [];
  return ARXIV.exec(id)?.[1] ?? "";
}

/**
 * @param {string} url
 * @returns {string} the DOI it leads to; "" for none
 */
function doiOf(url) {
  const [, rest = ""] = /^https?:\/\/(?:dx\.|www\.)?doi\.org\/([^?#]+)/i.exec(url) ?? [];
  try {
    const doi = tidy(decodeURIComponent(rest));
    return DOI.test(doi) ? doi : "";
  } catch {
    return "";
  }
}

/**
 * What of a paper a citation is made of.
 * @typedef {Pick<Paper, "id" | "title" | "authors" | "date" | "venue" | "categories" | "links">} Citable
 *
 * @param {Citable} paper
 * @returns {Facts}
 */
export function factsOf(paper) {
  const id = tidy(paper.id);
  const title = tidy(paper.title) || "Untitled";
  const names = paper.authors.map(tidy).filter(Boolean);
  const more = /^(?:et al\.?|(?:and )?others)$/i.test(names[names.length - 1] ?? "");
  const authors = (more ? names.slice(0, -1) : names).map(splitName);
  const date = (/^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(paper.date ?? "") ?? []).slice(1).filter(Boolean).map(Number);
  const own = paper.links.filter(({ kind }) => kind === "page" || kind === "pdf" || kind === "doi");
  const doi = DOI.test(id) ? id : own.map(({ url }) => doiOf(url)).find(Boolean) ?? "";
  const arxiv = ARXIV.exec(id)?.[1]
    ?? (own.map(({ url }) => arxivOf(url)).find(Boolean) || (ARXIV.exec(doi.replace(/^10\.48550\//, ""))?.[1] ?? ""));
  const [category = ""] = paper.categories;
  const venue = tidy(paper.venue ?? "");
  const genre = genreOf(venue, arxiv);
  const page = own.find(({ kind }) => kind === "page")?.url
    ?? (arxiv ? `https://arxiv.org/abs/${arxiv}` : (own.find(({ kind }) => kind === "doi") ?? own[0])?.url);
  return {
    key: keyOf(title, authors[0], date[0], id),
    genre,
    title,
    authors,
    more,
    venue: genre === "preprint" && /^(?:arxiv|corr|preprint)\b/i.test(venue) ? "" : venue,
    date,
    arxiv,
    primary: arxiv && /^[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z-]{2,})?$/.test(category) ? category : "",
    doi,
    url: webAddress(page) ?? (doi ? `https://doi.org/${encodeURI(doi)}` : ""),
  };
}
