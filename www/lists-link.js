// Links of lists: `#list=Name&id&id`, so that no host is told which papers they are. An id that the
// engine does not find by itself has words of the paper's title behind a tilde.

/** Own lists in the address: `#lists=` and a list's key. */
export const OWN = "#lists=";

/** Shared ones. */
export const SHARED = "#list=";

/** The longest link in characters; mail and chats cut longer ones. */
export const LONGEST_LINK = 8000;

/** The most papers that a link is read to name. */
export const MOST_SHARED = 1000;

/** What the engine knows papers by; see `crates/analysis/src/identifier.rs`. */
const IDENTIFIER = /^(?=(?:\D*\d){4})\S*[./:-]\S*$/;

/** @param {string} text */
export const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * @param {string} title
 * @param {number} most
 * @returns {string[]} its first words
 */
export function wordsOf(title, most) {
  return (title.normalize("NFC").match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).slice(0, most);
}

/** @param {string} text */
function encoded(text) {
  return encodeURIComponent(text)
    .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%2F/g, "/").replace(/%3A/g, ":");
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {{ id: string, title: string }} paper */
function token({ id, title }) {
  const known = new Set(wordsOf(folded(title), 99));
  // An id that was made of the title is found as it is.
  const telling = IDENTIFIER.test(id) || (id.includes("-") && id.split("-").every((word) => known.has(word)));
  return encoded(id) + (telling ? "" : `~${encoded(wordsOf(title, 8).join("-"))}`);
}

/**
 * @param {string} site the page's address
 * @param {string} name
 * @param {{ id: string, title: string }[]} papers
 * @returns {string}
 */
export function writeLink(site, name, papers) {
  return `${site}${SHARED}${[encoded(name), ...papers.map(token)].join("&")}`;
}

/**
 * @typedef {{ id: string, words: string }} Named a paper as a link names it
 *
 * @param {string} fragment
 * @returns {{ name: string, papers: Named[], cut: boolean }}
 */
export function readLink(fragment) {
  const [name = "", ...tokens] = fragment.slice(SHARED.length).split("&");
  /** @type {Map<string, Named>} */
  const papers = new Map();
  for (const each of tokens.filter(Boolean)) {
    const [id, words = ""] = each.split("~").map(decoded);
    papers.set(id, { id, words: wordsOf(words || id, 12).join(" ") });
  }
  return { name: decoded(name).trim(), papers: [...papers.values()].slice(0, MOST_SHARED), cut: papers.size > MOST_SHARED };
}
