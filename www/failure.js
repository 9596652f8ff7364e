// What the engine's side says went wrong. Errors cross to the page's side as plain objects, which
// makes them `OffprintError`s (`errors.js`).

/**
 * @param {string} code
 * @param {string} message
 * @param {string} advice
 * @returns {Error & PlainError}
 */
export function failure(code, message, advice) {
  return Object.assign(new Error(message), { name: "OffprintError", code, advice });
}
