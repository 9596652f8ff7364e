// Lists and notes as one file: `{"format": "offprint-lists", "version": 1, ...}`. What is read was
// written by anybody: every value is checked before anything changes, and nothing unknown passes.

import { webAddress } from "./dom.js";
import { OffprintError } from "./errors.js";
import { tell } from "./lists-say.js";
import { LONGEST_NAME, adding, paperEdit, updated } from "./lists-edits.js";

/** @typedef {import("./lists-edits.js").Kept} Kept */
/** @typedef {import("./lists-edits.js").List} List */

const FORMAT = "offprint-lists";

/** The largest file in characters. */
const LARGEST = 50_000_000;

/** The longest note in characters; several may have been joined. */
const LONGEST_NOTE = 100_000;

/** @typedef {(value: any, at: string) => any} Check answers with what is taken of a value, or throws */

/** @param {"fileNotJson" | "fileFlag" | "fileName" | "fileOther" | "fileNewer" | "fileLarge" | "fileText" | "fileWeb" | "fileList" | "fileRecord" | "fileKey" | "fileTwice" | "fileAbsent" | "fileTime"} name @param {Record<string, string | number>} [values] @returns {never} */
function refuse(name, values) {
  throw new OffprintError("import", tell(name, values));
}

/** @param {number} most @param {number} [least] @returns {Check} */
const text = (most, least = 0) => (value, at) =>
  (typeof value === "string" && value.length >= least && value.length <= most ? value : refuse("fileText", { at, most }));

/** @type {Check} A list's key stands in addresses. */
const listKey = (value, at) => (typeof value === "string" && /^[\w-]{1,100}$/.test(value) ? value : refuse("fileName", { at }));

/** @type {Check} */
const web = (value, at) => (typeof value === "string" && webAddress(value) ? value : refuse("fileWeb", { at }));

/** @type {Check} */
const time = (value, at) => {
  const moment = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(moment) ? refuse("fileTime", { at }) : moment;
};

/** @param {Check} check @param {number} most @returns {Check} */
const list = (check, most) => (value, at) =>
  (Array.isArray(value) && value.length <= most ? value.map((item, n) => check(item, `${at}[${n}]`)) : refuse("fileList", { at, most }));

/** @param {Record<string, Check>} checks @returns {Check} */
const record = (checks) => (value, at) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("fileRecord", { at: at || "It" });
  const name = (/** @type {string} */ key) => (at ? `${at}.${key}` : key);
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(checks, key));
  if (unknown !== undefined) return refuse("fileKey", { at: name(unknown.slice(0, 50)) });
  return Object.fromEntries(Object.entries(checks).map(([key, check]) => [key, check(value[key], name(key))]));
};

const ID = text(2000, 1);

const FILE = record({
  format: (value) => (value === FORMAT ? value : refuse("fileOther")),
  version: (value) => (value === 1 ? value : refuse("fileNewer", { version: `${value}`.slice(0, 20) })),
  collection: text(2000),
  title: text(2000),
  exported: time,
  lists: list(record({
    key: listKey, name: text(LONGEST_NAME), made: time,
    papers: list(record({ id: ID, added: time }), 100_000),
  }), 10_000),
  papers: list(record({
    id: ID, title: text(20_000), authors: list(text(2000), 20_000), date: text(10), venue: text(2000),
    categories: list(text(500), 100),
    links: list(record({ kind: text(20), url: web }), 100),
    whole: (value, at) => (typeof value === "boolean" ? value : refuse("fileFlag", { at })),
    note: text(LONGEST_NOTE),
  }), 100_000),
});

/**
 * @param {import("./lists-store.js").ListStore} store
 * @param {{ title: string, url: string }} collection
 * @returns {string}
 */
export function writeFile({ lists, papers }, { title, url }) {
  const moment = (/** @type {number} */ time) => new Date(time).toISOString();
  return `${JSON.stringify({
    format: FORMAT,
    version: 1,
    collection: url,
    title,
    exported: moment(Date.now()),
    lists: [...lists.values()].map((list) => ({
      ...list, made: moment(list.made), papers: list.papers.map(({ id, added }) => ({ id, added: moment(added) })),
    })),
    papers: [...papers.values()],
  }, null, 1)}\n`;
}

/**
 * @typedef {{ collection: string, title: string, lists: List[], papers: Kept[] }} ListFile
 *
 * @param {string} source
 * @returns {ListFile}
 * @throws {OffprintError} that says what is wrong, and where
 */
export function readFile(source) {
  if (source.length > LARGEST) refuse("fileLarge");
  let value;
  try {
    value = JSON.parse(source);
  } catch {
    refuse("fileNotJson");
  }
  if (value?.format !== FORMAT) refuse("fileOther");
  // What a newer version adds should not be named as an error.
  if (value.version !== 1) refuse("fileNewer", { version: `${value.version}`.slice(0, 20) });
  /** @type {ListFile} */
  const file = FILE(value, "");
  const ids = new Set();
  for (const [n, { id }] of file.papers.entries()) {
    if (ids.has(id)) refuse("fileTwice", { at: `papers[${n}].id` });
    ids.add(id);
  }
  const keys = new Set();
  for (const [n, { key, papers }] of file.lists.entries()) {
    if (keys.has(key)) refuse("fileTwice", { at: `lists[${n}].key` });
    keys.add(key);
    const absent = papers.findIndex(({ id }) => !ids.has(id));
    if (absent >= 0) refuse("fileAbsent", { at: `lists[${n}].papers[${absent}].id` });
  }
  return file;
}

/**
 * What brings a file's lists and notes to those that are there. A list of the same key or name takes
 * the papers it lacks; notes that differ stand below each other.
 * @param {ListFile} file
 * @param {Map<string, List>} lists
 * @returns {import("./lists-edits.js").Edit[]}
 */
export function merging(file, lists) {
  /** @type {import("./lists-edits.js").Edit[]} */
  const edits = file.papers.map((paper) => paperEdit(paper.id, (old) => {
    const { note, ...snapshot } = paper;
    const own = old?.note ?? "";
    const joined = own.includes(note) ? own : note.includes(own) ? note : `${own}\n\n${note}`;
    return { ...(old?.whole ? old : updated(old, snapshot)), note: joined.slice(0, LONGEST_NOTE) };
  }));
  for (const list of file.lists) {
    const same = lists.get(list.key) ?? [...lists.values()].find(({ name }) => name && name === list.name);
    edits.push(adding(same ?? list, list.papers));
  }
  return edits;
}
