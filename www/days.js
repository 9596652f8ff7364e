// The days on which papers were listed, and their papers, from files that the builder wrote for it
// (`days.json` in FORMAT.md): a day's lines come with one request, and the engine need not read the
// cards of papers that lie all over the index.

import { ask } from "./ask.js";
import { OffprintError } from "./errors.js";

/** Days in the address: this and a day's name, or this alone for all. */
export const DAYS_AT = "#listed=";

/**
 * @typedef {[name: string, papers: number, first: number]} Day the number of its first line last
 * @typedef {Partial<Hit> & Pick<Hit, "doc" | "id" | "title">} DayLine
 */

/** @param {string} day @returns {string} where it is shown */
export const placeOf = (day) => DAYS_AT + encodeURIComponent(day);

/** @param {string} fragment @returns {string} the day that is shown there; "" for all */
export function dayOf(fragment) {
  const name = fragment.slice(DAYS_AT.length);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** @param {DayLine} line @returns {Hit} */
function hitOf(line) {
  const { title, authors = [] } = line;
  return { code: "unknown", author_count: authors.length, ...line, authors, title_parts: [{ text: title, mark: false }], score: 0, all_words: true };
}

export class DayFiles {
  #folder;
  /** Read once. @type {Promise<{ per_file: number, days: Day[] }> | undefined} */
  #list;
  /** @type {Map<number, Promise<DayLine[]>>} */
  #files = new Map();

  /** @param {() => Promise<string>} folder address of the segment's folder, once it is known */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * @param {string} path
   * @param {any} [absent] stands for a file that is not there
   * @returns {Promise<any>}
   */
  async #read(path, absent) {
    const url = (await this.#folder()) + path;
    let problem = "";
    for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
      try {
        const response = await ask(url, { cache });
        if (response.ok) return await response.json();
        if (response.status === 404 && absent) return absent;
        problem = `status ${response.status}`;
      } catch (error) {
        problem = /** @type {Error} */ (error).message;
      }
    }
    throw new OffprintError("fetch", `Could not fetch ${url} (${problem}).`, "Check the connection, then try again. If it goes on, files are missing on the site.");
  }

  /** All days in their order; none where no paper has one. @returns {Promise<Day[]>} */
  async days() {
    this.#list ??= this.#read("days.json", { per_file: 1, days: [] });
    try {
      return (await this.#list).days;
    } catch (error) {
      this.#list = undefined;
      throw error;
    }
  }

  /**
   * @param {Day} day one that was read
   * @param {number} from
   * @param {number} to one past the last
   * @returns {Promise<Hit[]>} some of its lines
   */
  async lines([, papers, first], from, to) {
    const size = (await this.#list)?.per_file ?? 1;
    const end = first + Math.min(to, papers);
    const start = first + from;
    /** @type {number[]} */
    const numbers = [];
    for (let file = Math.floor(start / size); file * size < end; file++) numbers.push(file);
    const files = await Promise.all(numbers.map((file) => this.#file(file)));
    return files.flatMap((lines, n) => {
      const before = numbers[n] * size;
      return lines.slice(Math.max(0, start - before), Math.max(0, end - before));
    }).map(hitOf);
  }

  /** @param {number} number @returns {Promise<DayLine[]>} */
  #file(number) {
    let file = this.#files.get(number);
    if (!file) {
      file = this.#read(`days/${number}.json`);
      this.#files.set(number, file);
      file.catch(() => this.#files.delete(number));
    }
    return file;
  }
}
