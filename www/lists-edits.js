// What is kept of lists and papers, and how it changes. Lists know papers by id, and each paper is
// kept with what it takes to read and to cite it, so that a list outlives the index it was made with.

/**
 * What is kept of a paper; `whole` if it comes from the paper's record and not from its result line.
 * @typedef {Pick<Paper, "id" | "title" | "authors" | "categories" | "links"> & { date: string, venue: string, whole: boolean }} Snapshot
 * @typedef {Snapshot & { note: string }} Kept
 * @typedef {{ id: string, added: number }} Entry
 * @typedef {{ key: string, name: string, made: number, papers: Entry[] }} List
 */

/**
 * Makes a record of what it was; undefined for none.
 * @typedef {["papers", string, (old: Kept | undefined) => Kept | undefined] | ["lists", string, (old: List | undefined) => List | undefined]} Edit
 */

/** @param {string} id @param {(old: Kept | undefined) => Kept | undefined} to @returns {Edit} */
export const paperEdit = (id, to) => ["papers", id, to];

/** @param {string} key @param {(old: List | undefined) => List | undefined} to @returns {Edit} */
export const listEdit = (key, to) => ["lists", key, to];

/** The list that stars fill. It has no name of its own. */
export const STARRED = "starred";

/** The most characters of a list's name. */
export const LONGEST_NAME = 200;

/** Links that a citation may need. */
const OWN_LINKS = ["page", "pdf", "doi"];

/**
 * @param {Hit} hit
 * @returns {Snapshot}
 */
export function lineSnapshot({ id, title, authors, author_count: count, date, year, venue, url }) {
  return {
    id, title, categories: [],
    authors: count > authors.length ? [...authors, "et al."] : authors,
    date: date ?? (year ? `${year}` : ""),
    venue: venue ?? "",
    links: url ? [{ kind: "page", url }] : [],
    whole: false,
  };
}

/**
 * @param {Paper} paper
 * @returns {Snapshot}
 */
export function paperSnapshot({ id, title, authors, date, venue, categories, links }) {
  return {
    id, title, authors,
    categories: categories.slice(0, 1),
    date: date ?? "",
    venue: venue ?? "",
    links: links.filter(({ kind }) => OWN_LINKS.includes(kind)).map(({ kind, url }) => ({ kind, url })),
    whole: true,
  };
}

/**
 * @param {Kept | undefined} old
 * @param {Snapshot} snapshot
 * @returns {Kept} the best that is known of the paper, and its note
 */
export function updated(old, snapshot) {
  return old?.whole && !snapshot.whole ? old : { note: old?.note ?? "", ...snapshot };
}

/** @param {Snapshot} snapshot @returns {Edit} */
export function keeping(snapshot) {
  return paperEdit(snapshot.id, (old) => updated(old, snapshot));
}

/**
 * Writes the note on a paper, which need not be in a list.
 * @param {Snapshot} snapshot
 * @param {string} note
 * @returns {Edit}
 */
export function noting(snapshot, note) {
  return paperEdit(snapshot.id, (old) => ({ ...updated(old, snapshot), note }));
}

/**
 * Adds papers to a list, which is made where there is none.
 * @param {Pick<List, "key" | "name" | "made">} list
 * @param {Entry[]} entries
 * @returns {Edit}
 */
export function adding({ key, name, made }, entries) {
  return listEdit(key, (old) => {
    const papers = old?.papers ?? [];
    const known = new Set(papers.map(({ id }) => id));
    return { key, name, made, ...old, papers: [...papers, ...entries.filter(({ id }) => !known.has(id))] };
  });
}

/**
 * @param {string} key
 * @param {Set<string>} ids
 * @returns {Edit}
 */
export function removing(key, ids) {
  return listEdit(key, (old) => old && { ...old, papers: old.papers.filter(({ id }) => !ids.has(id)) });
}
