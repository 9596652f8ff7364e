// What the page says, in words.

/** Orders and their names. @type {[Sort, string][]} */
export const SORTS = [["relevance", "Relevance"], ["newest", "Newest first"], ["oldest", "Oldest first"]];

/**
 * @param {number} count
 * @returns {string} with narrow spaces between the thousands: 1 203
 */
export function grouped(count) {
  return `${count}`.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/**
 * @param {number} count
 * @returns {string}
 */
export function papers(count) {
  return `${grouped(count)} ${count === 1 ? "paper" : "papers"}`;
}

/**
 * @param {Answer} answer
 * @param {boolean} narrowed whether filters are set
 * @returns {string}
 */
export function countLine(answer, narrowed) {
  const line = found(answer, narrowed);
  return answer.searched !== answer.query ? `Showing results for “${answer.searched.trim()}”: ${line}` : line;
}

/**
 * @param {Answer} answer
 * @param {boolean} narrowed
 * @returns {string}
 */
function found({ searched, total, total_any: any, exact, settled }, narrowed) {
  const query = searched.trim();
  if (!any) return `No papers found${query ? ` for “${query}”` : ""}${narrowed ? " with these filters" : ""}`;
  // Before long lists are read to their ends, more may come.
  const vague = exact ? "" : settled ? "about " : "over ";
  const some = vague + grouped(any);
  if (!total) return `No paper has all the words; ${some} ${any === 1 ? "has" : "have"} some`;
  const all = vague.charAt(0).toUpperCase() + vague.slice(1) + papers(total);
  return total === any ? all : `${all} with all words, then partial matches (${some} with any)`;
}

/**
 * @param {string[]} words
 * @returns {string} “a”, “b” and “c”
 */
export function listed(words) {
  const quoted = words.map((word) => `“${word}”`);
  const last = quoted.pop() ?? "";
  return quoted.length ? `${quoted.join(", ")} and ${last}` : last;
}

/** How many authors a result line names. */
const AUTHORS_SHOWN = 4;

/**
 * @param {Hit} hit
 * @returns {string}
 */
export function authorLine({ authors, author_count: count }) {
  // "and 1 more" would be no shorter than the name.
  const shown = count === AUTHORS_SHOWN + 1 ? authors : authors.slice(0, AUTHORS_SHOWN);
  const names = shown.join(", ");
  return count > shown.length ? `${names} and ${grouped(count - shown.length)} more` : names;
}

/**
 * @param {string} date `YYYY`, `YYYY-MM` or `YYYY-MM-DD`
 * @returns {string} "12 May 2025"; anything else unchanged
 */
export function dateText(date) {
  const [, year, month, day] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(date) ?? [];
  if (!year) return date;
  const moment = new Date(Date.UTC(+year, +month - 1, +(day ?? 1)));
  return moment.toLocaleDateString("en-GB", {
    timeZone: "UTC",
    year: "numeric",
    month: "short",
    day: day ? "numeric" : undefined,
  });
}

/** @type {Record<string, string | undefined>} Kinds of links. */
const LINK_NAMES = { page: "Page", pdf: "PDF", doi: "DOI", code: "Code", data: "Data", project: "Project" };

/**
 * @param {string} kind
 * @returns {string}
 */
export function linkName(kind) {
  return LINK_NAMES[kind] ?? "Link";
}
