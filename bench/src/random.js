// The generator behind every draw, so that all engines and all runs are asked the same.

/**
 * Mulberry32: 32 bits of state, the same numbers everywhere.
 * @param {number} seed
 * @returns {(below: number) => number} whole numbers from 0 to `below` - 1
 */
export function generator(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/**
 * @template T
 * @param {T[]} items
 * @param {(below: number) => number} random
 * @returns {T}
 */
export function pick(items, random) {
  return items[random(items.length)];
}
