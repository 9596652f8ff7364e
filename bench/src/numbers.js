// Numbers as the report writes them.

/** @typedef {{ p50: number, p95: number, max: number, of: number } | undefined} Spread */

const NONE = "–";

/**
 * Three figures that count.
 * @param {number} value
 * @returns {string}
 */
export function plain(value) {
  if (value === 0) return "0";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en").replaceAll(",", " ");
  return String(Number(value.toPrecision(value < 1 ? 2 : 3)));
}

/** @param {number | undefined} bytes @returns {string} a KB is 1000 bytes */
export function size(bytes) {
  if (bytes === undefined) return NONE;
  if (bytes >= 1e9) return `${plain(bytes / 1e9)} GB`;
  if (bytes >= 1e6) return `${plain(bytes / 1e6)} MB`;
  return `${plain(bytes / 1e3)} KB`;
}

/** @param {number | undefined} ms @returns {string} */
export function time(ms) {
  if (ms === undefined) return NONE;
  return ms >= 10_000 ? `${plain(ms / 1000)} s` : `${plain(ms >= 10 ? Math.round(ms) : ms)} ms`;
}

/** @param {number | undefined} value @returns {string} */
export function count(value) {
  return value === undefined ? NONE : plain(value);
}

/** @param {number | undefined} seconds @returns {string} */
export function seconds(seconds) {
  return seconds === undefined ? NONE : `${plain(seconds)} s`;
}

/**
 * Median and 95th percentile, or one figure where they are the same.
 * @param {Spread} spread
 * @param {(value: number | undefined) => string} write
 * @returns {string}
 */
export function both(spread, write) {
  if (!spread) return NONE;
  const [middle, high] = [write(spread.p50), write(spread.p95)];
  return middle === high ? middle : `${middle}, ${high}`;
}
