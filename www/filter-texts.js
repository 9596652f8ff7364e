// What the panel of filters says in English.

import { texts } from "./say.js";

export const say = texts({
  filtersTitle: "Filters",
  filtersClose: "Close filters",
  filtersSetNow: "Filters that are set",
  clearAll: "Clear all",
  countRest: "Count topics and authors too",
  showPapers: "Show papers",
  showCount: "Show {papers}",
  uncounted: "What could be chosen is not known: {reason}",
  removeFilter: "Remove {field} {value}",
  without: "{any}: {papers}",
  clearFor: "Clear filters: {papers}",
  clear: "Clear filters",
  toStart: "Start page",

  // A title, what the field is called inside a sentence, and what a reader wants who lets it go.
  year: "Year", aYear: "year", anyYear: "In any year",
  topicTitle: "Topic", aTopic: "topic", anyTopic: "On any topic",
  category: "Category", aCategory: "category", anyCategory: "In any category",
  venue: "Venue", aVenue: "venue", anyVenue: "At any venue",
  author: "Author", anAuthor: "author", anyAuthor: "By any author",
  codeTitle: "Code", aCode: "code", anyCode: "With code or without",
  codeLinked: "Linked",
  codeSaid: "Said to be available",
  codeLater: "Promised",
  codeUnknown: "Not mentioned",

  findValue: "Find a {field}",
  name: "Name",
  authorName: "Author’s name",
  nothingFits: "Nothing fits.",
  typeToFind: { one: "{n} more: type to find it.", other: "{n} more: type to find them." },
  oftenOnly: "Of authors with many papers in the whole collection. Type any other name.",
  byFirst: "Counted by first category; papers that have it as a further one are found too.",
  showFewer: "Show fewer",
  showAll: "Show all {n}",

  // How a count is shown, and how it is read out behind a value.
  someShown: "≈\u202f{n}",
  leastShown: "{n}+",
  somePapers: { one: "≈\u202f{n} paper", other: "≈\u202f{n} papers" },
  countSaid: { one: ", {n} paper", other: ", {n} papers" },
  someSaid: { one: ", about {n} paper", other: ", about {n} papers" },
  leastSaid: { one: ", at least {n} paper", other: ", at least {n} papers" },

  fromYear: "From year",
  toYear: "To year",
  years: "{from}–{to}",
  since: "since {from}",
  until: "until {to}",
  byYear: "Papers by year, {years}; most in {peak}: {papers}",
  yearsCount: "{years}: {papers}",
});
