// What a list of requests costs.

/** @typedef {import("./server.js").Request} Request */

/**
 * @typedef {object} Cost
 * @property {number} requests
 * @property {number} bytes as counted
 * @property {number} raw as stored
 */

/**
 * @param {Request[]} requests
 * @returns {Cost}
 */
export function cost(requests) {
  const sum = { requests: 0, bytes: 0, raw: 0 };
  for (const { counted, raw } of requests) {
    sum.requests++;
    sum.bytes += counted;
    sum.raw += raw;
  }
  return sum;
}

/**
 * The longest chain of requests in which each began only after the one before it was answered. It is tight
 * when every answer takes the same time, so it is only asked of visits with a delay.
 * @param {Request[]} requests
 * @returns {number}
 */
export function steps(requests) {
  /** @type {{ end: number, depth: number }[]} */
  const seen = [];
  for (const { started, finished } of [...requests].sort((a, b) => a.started - b.started)) {
    const before = seen.filter(({ end }) => end <= started).map(({ depth }) => depth);
    seen.push({ end: finished, depth: Math.max(0, ...before) + 1 });
  }
  return Math.max(0, ...seen.map(({ depth }) => depth));
}

/**
 * The value below which `percent` of all lie (nearest rank).
 * @param {number[]} values
 * @param {number} percent
 * @returns {number | undefined}
 */
export function percentile(values, percent) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((sorted.length * percent) / 100)) - 1];
}

/**
 * @param {number[]} values
 * @returns {{ p50: number, p95: number, max: number, of: number } | undefined} rounded to four digits after the point, or to whole numbers if large
 */
export function spread(values) {
  const p50 = percentile(values, 50);
  const p95 = percentile(values, 95);
  const max = percentile(values, 100);
  if (p50 === undefined || p95 === undefined || max === undefined) return undefined;
  const round = (/** @type {number} */ value) => (value > 1000 ? Math.round(value) : Math.round(value * 1e4) / 1e4);
  return { p50: round(p50), p95: round(p95), max: round(max), of: values.length };
}
