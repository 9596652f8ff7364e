// The records that every engine gets: an even sample of the collection, one JSON object a line.

import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdirSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * @typedef {object} Paper
 * @property {string} id
 * @property {string} title
 * @property {string} abstract
 * @property {string[]} authors
 * @property {string} date
 * @property {string[]} categories
 * @property {string} url
 */

/**
 * The lines of a file of JSON Lines, packed with zstd or not.
 * @param {string} file
 * @returns {AsyncIterable<string>}
 */
export async function* lines(file) {
  const zstd = file.endsWith(".zst") && spawn("zstd", ["--long=27", "-dcq", file], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = zstd && once(zstd, "close").catch((error) => {
    throw new Error(`zstd is needed to read the collection (${error.message})`);
  });
  const input = zstd ? zstd.stdout : createReadStream(file);
  for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line.trim()) yield line;
  if (ended) {
    const [code] = await ended;
    if (code !== 0) throw new Error(`zstd ended with code ${code}`);
  }
}

/**
 * @param {string} line
 * @param {number} number
 * @returns {Paper}
 */
function paper(line, number) {
  const record = JSON.parse(line);
  return {
    id: String(record.id ?? number),
    title: record.title,
    abstract: record.abstract ?? "",
    authors: record.authors ?? [],
    date: String(record.date ?? record.year ?? ""),
    categories: record.categories ?? [],
    url: record.url ?? record.links?.[0]?.url ?? `https://example.org/${number}`,
  };
}

/**
 * Writes a sample of each size: every (total / size)-th record, so that a small collection is a thinner
 * version of the large one and not its oldest papers.
 * @param {string} source
 * @param {number[]} sizes
 * @param {string} folder
 * @returns {Promise<Map<number, string>>} the file of each size; sizes that the source cannot fill are left out
 */
export async function prepare(source, sizes, folder) {
  let total = 0;
  for await (const _ of lines(source)) total++;
  const wanted = sizes.filter((size) => size <= total);
  const files = new Map();
  const outputs = wanted.map((size) => {
    mkdirSync(join(folder, String(size)), { recursive: true });
    const file = join(folder, String(size), "papers.jsonl");
    files.set(size, file);
    return { size, stream: createWriteStream(file) };
  });
  let number = 0;
  for await (const line of lines(source)) {
    let text = "";
    for (const { size, stream } of outputs) {
      if (Math.floor(((number + 1) * size) / total) === Math.floor((number * size) / total)) continue;
      text ||= JSON.stringify(paper(line, number)) + "\n";
      if (!stream.write(text)) await once(stream, "drain");
    }
    number++;
  }
  for (const { stream } of outputs) {
    stream.end();
    await once(stream, "close");
  }
  return files;
}

/**
 * @param {string} file as `prepare` wrote it
 * @returns {AsyncIterable<Paper>}
 */
export async function* papers(file) {
  for await (const line of lines(file)) yield JSON.parse(line);
}

/**
 * Where the shared collection lies; `undefined` where it does not.
 * @param {string} root the project's folder
 * @returns {string | undefined}
 */
export function sharedData(root) {
  const shared = process.env.OFFPRINT_SHARED ?? join(root, "..", "shared");
  const folders = [process.env.OFFPRINT_DATA ?? "", join(shared, "data")].filter(Boolean);
  const files = folders.map((folder) => join(folder, "arxiv-200k.jsonl.zst"));
  return files.find((file) => existsSync(file));
}
