// Papers by their ids, asked of the engine.

import { wordsOf } from "./lists-link.js";
import { keeping, lineSnapshot, paperSnapshot } from "./lists-edits.js";

/** How many are asked for at a time. */
const AT_ONCE = 8;

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => Promise<void>} work
 */
export async function eachOf(items, work) {
  const queue = items.values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const item of queue) await work(item);
  }));
}

/**
 * @param {ListSite} site
 * @param {string} id
 * @param {string} words of its title, for ids that are none to the engine
 * @returns {Promise<Hit | undefined>}
 */
export async function findPaper(site, id, words) {
  for (const query of [id, `${words} `]) {
    const { hits } = await site.search(query, { literal: true, limit: 10 });
    const hit = hits.find((hit) => hit.id === id);
    if (hit) return hit;
  }
  return undefined;
}

/**
 * The record of a paper that is kept; undefined where the collection lacks it.
 * @param {ListSite} site
 * @param {import("./lists-edits.js").Snapshot} kept
 * @returns {Promise<Paper | undefined>}
 */
export async function recordOf(site, { id, title }) {
  const hit = await findPaper(site, id, wordsOf(title, 12).join(" "));
  return hit && (await site.paper(hit.doc)).paper;
}

/**
 * Papers with all that a citation needs, as far as it can be had.
 * @template {import("./lists-edits.js").Snapshot} T
 * @param {ListSite} site
 * @param {import("./lists-store.js").ListStore} store
 * @param {T[]} papers
 * @returns {Promise<T[]>}
 */
export async function completed(site, store, papers) {
  /** @type {Map<string, import("./lists-edits.js").Snapshot>} */
  const whole = new Map();
  await eachOf(papers.filter((paper) => !paper.whole), async (paper) => {
    try {
      const record = await recordOf(site, paper);
      if (record) whole.set(paper.id, paperSnapshot(record));
    } catch {
      // Cited from what its line says.
    }
  });
  const known = [...whole.values()].filter(({ id }) => store.papers.has(id));
  if (known.length) await store.change(known.map(keeping)).catch(() => {});
  return papers.map((paper) => ({ ...paper, ...whole.get(paper.id) }));
}

/** @param {Hit} hit @returns {import("./lists-edits.js").Kept} */
export function unkept(hit) {
  return { ...lineSnapshot(hit), note: "" };
}
