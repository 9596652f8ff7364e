// What the builders of whole-index libraries share.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { papers } from "../prepare.js";

/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} title
 * @property {string} abstract
 * @property {string} authors
 * @property {string} date
 */

const [, , source, folder] = process.argv;

/** @returns {Promise<Entry[]>} the papers named on the command line */
export async function entries() {
  const all = [];
  for await (const { id, title, abstract, authors, date } of papers(source)) {
    all.push({ id, title, abstract, authors: authors.join(", "), date });
  }
  return all;
}

/**
 * @param {Entry} entry
 * @returns {{ id: string, title: string, authors: string, date: string }} what a result line shows
 */
export function line({ id, title, authors, date }) {
  return { id, title, authors, date };
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function write(name, value) {
  writeFileSync(join(folder, name), JSON.stringify(value));
}
