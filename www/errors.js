// The one kind of error that leaves the client.

import { language } from "./say.js";

export class OffprintError extends Error {
  /**
   * @param {string} code stable kebab-case name: "fetch", "damaged", "version", "internal", ...
   * @param {string} message what happened
   * @param {string} [advice] what the reader or the site's owner can do
   */
  constructor(code, message, advice = "") {
    super(message);
    this.name = "OffprintError";
    this.code = code;
    this.advice = advice;
  }
}

/**
 * @param {any} error anything thrown
 * @returns {OffprintError}
 */
export function asOffprintError(error) {
  if (error instanceof OffprintError) return error;
  const { name, code, message, advice } = error ?? {};
  return name === "OffprintError"
    ? new OffprintError(code, message, advice)
    : internalError(message ?? error);
}

/**
 * @param {unknown} cause
 * @returns {OffprintError}
 */
export function internalError(cause) {
  return new OffprintError(
    "internal",
    `The search engine stopped: ${cause}.`,
    "Try again. If it goes on, the index may be damaged.",
  );
}

/**
 * What a reader is told of an error. Errors speak English; other languages say what kind it is.
 * @param {any} error anything thrown
 * @returns {{ message: string, advice: string }}
 */
export function told(error) {
  const { code, message, advice } = asOffprintError(error);
  const { texts } = language();
  const kind = texts[`${code}Error`];
  return { message: kind ? `${kind} (${message})` : message, advice: `${texts[`${code}Advice`] ?? advice}` };
}
