// What a site consists of on disk.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} folder
 * @returns {string[]} paths below the folder, in order
 */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/**
 * @param {string} folder
 * @returns {{ files: number, bytes: number, disk: number }} `disk`: in whole blocks of the file system
 */
export function sizes(folder) {
  const sum = { files: 0, bytes: 0, disk: 0 };
  for (const file of filesBelow(folder)) {
    const { size, blocks } = statSync(file);
    sum.files++;
    sum.bytes += size;
    sum.disk += blocks * 512;
  }
  return sum;
}
