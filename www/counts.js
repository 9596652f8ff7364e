// Numbers of papers, in words.

import { texts } from "./say.js";

const count = texts({ papers: { one: "{n} paper", other: "{n} papers" } });

/**
 * @param {number} n
 * @returns {string}
 */
export function papers(n) {
  return count("papers", { n });
}
