// Dates as readers see them.

import { inEnglish, language } from "./say.js";

/**
 * @param {string} date `YYYY`, `YYYY-MM` or `YYYY-MM-DD`
 * @returns {string} "12 May 2025"; anything else unchanged
 */
export function dateText(date) {
  const [, year, month, day] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(date) ?? [];
  if (!year) return date;
  const moment = new Date(Date.UTC(+year, +month - 1, +(day ?? 1)));
  // "Mon, 12 May 2025 00:00:00 GMT"
  if (inEnglish()) return moment.toUTCString().slice(day ? 5 : 8, 16).replace(/^0/, "");
  return moment.toLocaleDateString(language().lang, {
    timeZone: "UTC",
    year: "numeric",
    month: "short",
    day: day ? "numeric" : undefined,
  });
}
