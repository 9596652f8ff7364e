// The command line.

import { parseArgs } from "node:util";

/** @returns {ReturnType<typeof read>} */
export function options() {
  return read();
}

function read() {
  const { values } = parseArgs({
    options: {
      papers: { type: "string", multiple: true },
      queries: { type: "string", default: "300" },
      engines: { type: "string" },
      smoke: { type: "boolean", default: false },
      add: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      report: { type: "boolean", default: false },
      out: { type: "string" },
      work: { type: "string" },
      offprint: { type: "string" },
      tantivy: { type: "string" },
      "whole-cap": { type: "string", default: "50000" },
      "build-seconds": { type: "string", default: "1800" },
      "build-gib": { type: "string", default: "12" },
      "answer-seconds": { type: "string", default: "120" },
      "phase-seconds": { type: "string", default: "600" },
    },
  });
  /** @param {"queries" | "whole-cap" | "build-seconds" | "build-gib" | "answer-seconds" | "phase-seconds"} name */
  const number = (name) => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} wants a number, not ${values[name]}`);
    return value;
  };
  const sizes = (values.papers ?? []).flatMap((text) => text.split(",")).map(Number);
  if (sizes.some((size) => !Number.isInteger(size) || size < 1)) throw new Error("--papers wants whole numbers");
  return {
    papers: sizes.length ? sizes.sort((a, b) => a - b) : [1000, 10_000, 50_000, 200_000],
    queries: number("queries"),
    engines: values.engines?.split(","),
    smoke: values.smoke,
    add: values.add,
    keep: values.keep,
    report: values.report,
    out: values.out,
    work: values.work,
    offprint: values.offprint,
    tantivy: values.tantivy,
    wholeCap: number("whole-cap"),
    buildSeconds: number("build-seconds"),
    buildBytes: number("build-gib") * 2 ** 30,
    answerSeconds: number("answer-seconds"),
    phaseSeconds: number("phase-seconds"),
  };
}
