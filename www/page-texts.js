// What the page says in English, in as far as it is there from the start.

import { texts } from "./say.js";

export const say = texts({
  searchPapers: "Search papers",
  searchAll: { one: "Search {n} paper.", other: "Search {n} papers." },
  loadingIndex: "Loading the index…",
  waiting: "Still waiting for this site’s host…",
  wholeFiles: "This site’s host sends whole files, which is slow. Its owner can build with --layout chunks.",
  retry: "Retry",
  outdated: "This collection was updated.",
  outdatedAdvice: "Files of the version that this page shows are gone.",
  reload: "Reload",
  showMore: "Show more",

  order: "Order",
  relevance: "Relevance",
  newest: "Newest first",
  oldest: "Oldest first",
  startPage: "Start page",
  browse: "Browse",
  filters: "Filters",
  filtersSet: ", set: ",
  lists: "Lists",
  suggestions: "Suggestions",
  words: "Words:",
  topics: "Topics:",

  // {n} papers; {some} is one of the next two, or a number.
  about: "about {n}",
  over: "over {n}",
  aboutPapers: { one: "About {n} paper", other: "About {n} papers" },
  overPapers: { one: "Over {n} paper", other: "Over {n} papers" },
  allWords: "{papers} with all words, {some} with any",
  someWords: { one: "No paper has all the words; {some} has some", other: "No paper has all the words; {some} have some" },
  none: "No papers found",
  noneFor: "No papers found for “{query}”",
  noneLeft: "No papers found with these filters",
  noneLeftFor: "No papers found for “{query}” with these filters",
  corrected: "Showing results for “{query}”",
  quoted: "“{text}”",
  absent: { one: "{words} is in no paper.", other: "{words} are in no paper." },
  searchFor: "Search for “{query}”",
  searchInstead: "Search for “{query}” instead",

  moreAuthors: "{names} and {n} more",
  abstract: "Abstract",
  loading: "Loading…",
  codeStated: "Code available",
  codePromised: "Code promised",
  partial: "Partial matches",
  code: "Code",
});
