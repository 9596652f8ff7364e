// Lines against the number of papers, both axes logarithmic, as SVG.

const WIDTH = 720;
const HEIGHT = 420;
const LEFT = 90;
const RIGHT = 170;
const TOP = 44;
const BOTTOM = 48;

/** Told apart without colour too: by the name at each line's end and by dashes. */
const COLOURS = ["#b3261e", "#e07b39", "#1f5fa8", "#2e7d32", "#7b4fa3", "#00838f", "#8d6e63", "#5f6368", "#444444", "#999999"];
const DASHES = ["", "6 3", "2 3", "8 3 2 3"];

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * @param {string} title
 * @param {(value: number) => string} unit
 * @param {Record<string, { engines: any[] }>} papers
 * @param {(engine: any) => number | undefined} value
 * @returns {string}
 */
export function plot(title, unit, papers, value) {
  /** @type {Map<string, { label: string, points: [number, number][] }>} */
  const lines = new Map();
  for (const [size, { engines }] of Object.entries(papers)) {
    for (const engine of engines) {
      const y = value(engine);
      // Nothing at all has no place on a logarithmic axis.
      if (!y) continue;
      /** @type {{ label: string, points: [number, number][] }} */
      const line = lines.get(engine.engine) ?? { label: engine.label, points: [] };
      line.points.push([Number(size), y]);
      lines.set(engine.engine, line);
    }
  }
  const all = [...lines.values()].flatMap(({ points }) => points);
  const sizes = Object.keys(papers).map(Number);
  const low = Math.floor(Math.log10(Math.min(...all.map(([, y]) => y), 1e9)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...all.map(([, y]) => y), 0))));
  const [first, last] = [Math.log10(Math.min(...sizes)), Math.log10(Math.max(...sizes))];
  const x = (/** @type {number} */ size) => LEFT + ((Math.log10(size) - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (/** @type {number} */ value) => HEIGHT - BOTTOM - ((Math.log10(value) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const place = (/** @type {number} */ value) => value.toFixed(1);

  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-size="15" fill="#222">${escape(title)}</text>`,
  ];
  for (let power = low; power <= high; power++) {
    const at = place(y(10 ** power));
    parts.push(`<path d="M${LEFT} ${at}H${WIDTH - RIGHT}" stroke="#ddd"/>`);
    parts.push(`<text x="${LEFT - 8}" y="${at}" dy="4" text-anchor="end" fill="#444">${escape(unit(10 ** power))}</text>`);
  }
  for (const size of sizes) {
    const at = place(x(size));
    parts.push(`<path d="M${at} ${TOP}V${HEIGHT - BOTTOM}" stroke="#eee"/>`);
    parts.push(`<text x="${at}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#444">${size.toLocaleString("en").replaceAll(",", " ")}</text>`);
  }
  parts.push(`<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="#444">papers</text>`);
  const labels = [...lines.values()].map(({ label, points }, number) => {
    const colour = COLOURS[number % COLOURS.length];
    const dash = DASHES[number % DASHES.length];
    const path = points.map(([size, value], place_) => `${place_ ? "L" : "M"}${place(x(size))} ${place(y(value))}`).join("");
    parts.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash && ` stroke-dasharray="${dash}"`}/>`);
    for (const [size, value] of points) parts.push(`<circle cx="${place(x(size))}" cy="${place(y(value))}" r="3" fill="${colour}"/>`);
    const [, end] = points.at(-1) ?? [0, 1];
    return { label, colour, at: y(end) };
  });
  // Names stand to the right, moved apart where they would overlap.
  labels.sort((a, b) => a.at - b.at);
  let free = TOP;
  for (const { label, colour, at } of labels) {
    free = Math.max(free, at);
    parts.push(`<text x="${WIDTH - RIGHT + 10}" y="${place(free)}" dy="4" fill="${colour}">${escape(label)}</text>`);
    free += 15;
  }
  return parts.join("\n") + "\n</svg>\n";
}
