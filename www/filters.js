// Filters as the address has them: `year=2019-2024&cat=cs.CL&cat=cs.IR`.

/**
 * Keys of the address whose values each pass; the filter that each stands for. The panel's titles
 * stand in `filter-fields.js`.
 * @type {[string, ListFilter][]}
 */
const LISTS = [["topic", "topics"], ["cat", "categories"], ["venue", "venues"], ["author", "authors"], ["code", "code"]];

/**
 * @param {URLSearchParams} params
 * @returns {Filters}
 */
export function readFilters(params) {
  /** @type {any} */
  const filters = {};
  const [, from, dash, to] = /^(\d{1,4})?(?:(-)(\d{1,4})?)?$/.exec(params.get("year") ?? "") ?? [];
  const last = dash ? to : from;
  if (from) filters.from = from;
  if (last) filters.to = last;
  for (const [key, filter] of LISTS) {
    const values = new Set(params.getAll(key).filter(Boolean));
    if (values.size) filters[filter] = [...values];
  }
  return filters;
}

/**
 * @param {URLSearchParams} params
 * @param {Filters} filters
 */
export function writeFilters(params, filters) {
  const { from = "", to = "" } = filters;
  params.delete("year");
  if (from || to) params.set("year", from === to ? from : `${from}-${to}`);
  for (const [key, filter] of LISTS) {
    params.delete(key);
    for (const value of filters[filter] ?? []) params.append(key, value);
  }
}

/**
 * @param {Filters} filters
 * @returns {number} how many are set; a range of years is one
 */
export function countFilters(filters) {
  let count = filters.from || filters.to ? 1 : 0;
  for (const [, filter] of LISTS) count += filters[filter]?.length ?? 0;
  return count;
}
