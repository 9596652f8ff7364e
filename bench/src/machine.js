// What the figures were taken on.

import { execFileSync } from "node:child_process";
import { cpus, release, totalmem } from "node:os";
import { readFileSync } from "node:fs";

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {string} its first line, or nothing
 */
function line(program, args) {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n")[0].trim();
  } catch {
    return "";
  }
}

/** @returns {string} */
function system() {
  try {
    return readFileSync("/etc/os-release", "utf8").match(/^PRETTY_NAME="(.*)"$/m)?.[1] ?? "";
  } catch {
    return "";
  }
}

/** @param {string} root */
export function machine(root) {
  return {
    cpu: cpus()[0]?.model.trim() ?? "",
    cores: cpus().length,
    memory: totalmem(),
    system: system(),
    kernel: release(),
    node: process.version,
    rust: line("rustc", ["--version"]),
    commit: line("git", ["-C", root, "rev-parse", "--short=12", "HEAD"]),
    date: new Date().toISOString().slice(0, 10),
  };
}
