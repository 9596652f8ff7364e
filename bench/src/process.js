// Runs a program and measures what its whole process tree takes: wall time, processor time, memory.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** How often the tree is looked at, in milliseconds. */
const INTERVAL = 20;

/** Clock ticks a second that /proc counts in; the same on every Linux. */
const TICKS = 100;

/**
 * @typedef {object} Usage
 * @property {number} wall seconds
 * @property {number} cpu seconds of processor time, user and system
 * @property {number} rss largest resident memory of the tree in bytes, shared pages counted in each process
 */

/**
 * @param {string} path
 * @returns {string}
 */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // The process is gone.
  }
}

/**
 * @param {string} stat a line of /proc/PID/stat
 * @returns {number[]} user, system, and both of children waited for, in ticks
 */
function times(stat) {
  // The program's name may hold spaces, so count from behind it.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 15).map(Number);
}

/**
 * @param {number} pid
 * @returns {number[]} the process and all below it
 */
function tree(pid) {
  const below = read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
  return [pid, ...below.flatMap(tree)];
}

/**
 * @param {number} pid
 * @param {string} field
 * @returns {number} bytes
 */
function memory(pid, field) {
  return Number(read(`/proc/${pid}/status`).match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"))?.[1] ?? 0) * 1024;
}

/** @returns {number} ticks of all children that have ended */
function childrenTicks() {
  const [, , user, system] = times(read("/proc/self/stat"));
  return user + system;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ timeout: number, memory: number, env?: Record<string, string>, cwd?: string }} limits seconds and bytes
 * @returns {Promise<Usage & { output: string }>} rejects with the reason where it fails or goes beyond a limit
 */
export function measured(program, args, limits) {
  return new Promise((resolve, reject) => {
    const before = childrenTicks();
    const start = performance.now();
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...limits.env },
      cwd: limits.cwd,
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (errors = (errors + data).slice(-4000)));
    /** @type {Map<number, number>} */
    const ticks = new Map();
    /** @type {Map<number, number>} */
    const peaks = new Map();
    let rss = 0;
    let stopped = "";
    const pid = child.pid ?? 0;
    const look = () => {
      let now = 0;
      for (const one of pid ? tree(pid) : []) {
        const [user, system] = times(read(`/proc/${one}/stat`));
        if (user >= 0) ticks.set(one, user + system);
        now += memory(one, "VmRSS");
        peaks.set(one, Math.max(peaks.get(one) ?? 0, memory(one, "VmHWM")));
      }
      rss = Math.max(rss, now);
      const seconds = (performance.now() - start) / 1000;
      if (seconds > limits.timeout) stopped = `not done after ${limits.timeout} s`;
      if (now > limits.memory) stopped = `took more than ${Math.round(limits.memory / 2 ** 20)} MiB`;
      if (stopped) for (const one of tree(pid).reverse()) try { process.kill(one, "SIGKILL"); } catch { /* gone */ }
    };
    const timer = setInterval(look, INTERVAL);
    look();
    child.on("error", (error) => {
      clearInterval(timer);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearInterval(timer);
      if (stopped) return reject(new Error(stopped));
      if (code !== 0) return reject(new Error(reason(errors) || `ended with ${signal ?? `code ${code}`}`));
      const wall = (performance.now() - start) / 1000;
      // A process that its parent did not wait for is only seen by looking.
      const looked = [...ticks.values()].reduce((sum, one) => sum + one, 0);
      const cpu = Math.max(childrenTicks() - before, looked) / TICKS;
      return resolve({ wall, cpu, rss: Math.max(rss, ...peaks.values()), output });
    });
  });
}

/**
 * @param {string} errors what a program wrote before it failed
 * @returns {string} the line that says most
 */
function reason(errors) {
  const lines = errors.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.find((line) => /heap out of memory|Error:|error:|RangeError/.test(line)) ?? lines.at(-1) ?? "";
}
