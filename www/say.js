// Texts that readers see. A module states its own in English, each under a name that no other module
// uses, and says them by name; a language file gives others for the same names. One language holds
// for a whole page.

/**
 * A text with `{name}` where values go, or one for each plural category of the value `n`. Values
 * that are numbers are written as the language writes them.
 * @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} Text
 * @typedef {{ lang: string, texts: Record<string, Text> }} Language
 */

/** Where modules, which are loaded apart, find the page's language. */
const KEY = Symbol.for("offprint.language");

/** @returns {Language} */
export function language() {
  return /** @type {any} */ (globalThis)[KEY] ?? { lang: "en-GB", texts: {} };
}

/** @param {Language} language */
export function setLanguage(language) {
  /** @type {any} */ (globalThis)[KEY] = language;
}

/** Whether it is English: the browser's own ways to write numbers, plurals and dates take 60 ms at first. */
export function inEnglish() {
  return /^en/.test(language().lang);
}

/**
 * @param {number} count
 * @returns {string} with narrow spaces between the thousands, or as the language has them: 1 203
 */
export function grouped(count) {
  return inEnglish() ? `${count}`.replace(/\B(?=(\d{3})+$)/g, "\u202f") : count.toLocaleString(language().lang).replaceAll(",", "\u202f");
}

/**
 * @template {string} Name
 * @param {Record<Name, Text>} english
 * @returns {(name: Name, values?: Record<string, string | number>) => string}
 */
export function texts(english) {
  return (name, values = {}) => {
    const { lang, texts } = language();
    let text = texts[name] ?? english[name];
    if (typeof text !== "string") {
      const n = Number(values.n);
      text = text[inEnglish() ? (n === 1 ? "one" : "other") : new Intl.PluralRules(lang).select(n)] ?? text.other;
    }
    return text.replace(/\{(\w+)\}/g, (_, key) => {
      const value = values[key];
      return typeof value === "number" ? grouped(value) : value;
    });
  };
}

/**
 * What to call the language of papers, which are analysed as English, on a page in another one.
 * @returns {string | undefined}
 */
export function paperLanguage() {
  return inEnglish() ? undefined : "en";
}
