export type SearchRequest = { 
/**
 * What the reader typed, in normal form C. Its last word is a prefix if the text ends with it.
 */
query: string, 
/**
 * Hits wanted, at most 1000.
 */
limit?: number, 
/**
 * Hits to pass over.
 */
offset?: number, 
/**
 * Whether to read long lists to their ends. Without, an answer may come with fewer bytes:
 * its first hits are nearly always the same, its counts are too low.
 */
settled?: boolean, 
/**
 * Whether every word is meant as it stands: none is corrected.
 */
literal?: boolean, 
/**
 * What papers must be. With an order, a facet or a filter, an empty query finds every paper
 * that passes, the newest first.
 */
filters?: Filters, 
/**
 * The order of hits.
 */
sort?: Sort, 
/**
 * Fields whose values are counted.
 */
facets?: Array<Field>, 
/**
 * A document number: in the place of hits for the query, the papers near that one are wanted,
 * the nearest first, six at most.
 */
related?: number, 
/**
 * A document number: what its score consists of is wanted too.
 */
explain?: number, };
export type Filters = { 
/**
 * Published on this date or later: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. A paper whose month or
 * day is not known counts as published before the first; one without a year never passes. What
 * is no date bounds nothing.
 */
from?: string, 
/**
 * Published on this date or before, in the same forms.
 */
to?: string, 
/**
 * In any of these categories.
 */
categories?: Array<string>, 
/**
 * With any of these as primary category.
 */
primary?: Array<string>, 
/**
 * At any of these venues, out of those that the collection counts.
 */
venues?: Array<string>, 
/**
 * With all words of any of these names among the words of its authors.
 */
authors?: Array<string>, 
/**
 * Saying any of these of their code.
 */
code?: Array<Code>, 
/**
 * Of any of these topics, which the build found and named.
 */
topics?: Array<string>, };
export type Sort = "relevance" | "newest" | "oldest";
export type Field = "year" | "category" | "primary" | "venue" | "code" | "topic" | "author";
export type SnippetRequest = { 
/**
 * The query.
 */
query: string, 
/**
 * Document numbers, at most 1000.
 */
docs: Array<number>, };
export type Answer = { 
/**
 * The query as it was asked.
 */
query: string, 
/**
 * The query that was answered: the one asked, or it with misspelt words corrected. Passages and
 * further pages are to be asked for with it.
 */
searched: string, 
/**
 * Words that no paper has, as they are folded; a correction was not found for them, or not
 * wanted.
 */
missing: Array<string>, 
/**
 * `searched` without such words; blank where nothing is left.
 */
without: string, 
/**
 * Papers with all words that pass the filters.
 */
total: number, 
/**
 * Papers with any of the words that pass the filters.
 */
total_any: number, 
/**
 * Whether the counts are exact. They are not before the answer is settled, and where the
 * query ends in one to three letters that begin too many words to tell which papers have them.
 */
exact: boolean, 
/**
 * Whether hits and counts are final: no list was read in part.
 */
settled: boolean, 
/**
 * Papers with all words first, then by score or date, then by document number.
 */
hits: Array<Hit>, 
/**
 * The facets asked for, in that order.
 */
facets: Array<Facet>, 
/**
 * What the score of the paper to be explained consists of, but for what it may get as one of
 * the first hits whose titles say the query.
 */
shares: Array<Share>, 
/**
 * What it took.
 */
work: Work, };
export type Hit = { 
/**
 * Document number, for [`SnippetRequest`] and for reading the paper.
 */
doc: number, 
/**
 * The paper's id.
 */
id: string, 
/**
 * The title, cut at 300 characters.
 */
title: string, 
/**
 * The title with what the query matched marked.
 */
title_parts: Array<Part>, 
/**
 * The first authors, at most ten.
 */
authors: Array<string>, 
/**
 * How many authors there are in all.
 */
author_count: number, 
/**
 * Year of publication.
 */
year?: number, 
/**
 * Date of publication: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
 */
date?: string, 
/**
 * Where it was published.
 */
venue?: string, 
/**
 * The paper's page.
 */
url?: string, 
/**
 * What the paper says of its code.
 */
code: Code, 
/**
 * Where its code is.
 */
code_url?: string, 
/**
 * Sum of the words' weights times their impacts.
 */
score: number, 
/**
 * Whether the paper has all words of the query.
 */
all_words: boolean, };
export type Facet = { 
/**
 * The field.
 */
field: Field, 
/**
 * Values that a paper has: years from the latest, others by count and then by name.
 */
values: Array<FacetValue>, 
/**
 * Papers with a value that is too rare in the collection to be counted alone; of authors, papers
 * none of whose authors is, and 0 where up to 2000 papers were counted one by one.
 */
other: number, 
/**
 * Papers that were counted, those without any value too.
 */
total: number, 
/**
 * Whether the counts are exact: they are if those of the answer are.
 */
exact: boolean, 
/**
 * Whether the most frequent values are among them. Not of authors where more than 2000 papers
 * were counted, or counts are not exact yet, and only the authors with most papers in the
 * collection were.
 */
complete: boolean, };
export type FacetValue = { 
/**
 * The value.
 */
value: string, 
/**
 * Papers that have it.
 */
count: number, };
export type Share = { 
/**
 * The word or form of words that earned it, as folded; empty for what the paper gets since
 * papers like it hold the words.
 */
word: string, 
/**
 * Papers behind the word: the fewer, the more it weighs.
 */
papers: number, 
/**
 * Its part of [`Hit::score`].
 */
score: number, };
export type SuggestAnswer = { 
/**
 * Words that begin as it does, folded, the most frequent first.
 */
words: Array<string>, 
/**
 * What it took.
 */
work: Work, };
export type Part = { 
/**
 * The text.
 */
text: string, 
/**
 * Whether the query matched it.
 */
mark: boolean, };
export type Code = "unknown" | "linked" | "stated" | "promised";
export type SnippetAnswer = { 
/**
 * One for each document asked.
 */
snippets: Array<Snippet>, 
/**
 * What it took.
 */
work: Work, };
export type Snippet = { 
/**
 * Document number.
 */
doc: number, 
/**
 * The passage; empty if the paper has no abstract.
 */
parts: Array<Part>, };
export type PaperAnswer = { 
/**
 * The paper.
 */
paper: Paper, 
/**
 * What it took.
 */
work: Work, };
export type Paper = { 
/**
 * Document number.
 */
doc: number, 
/**
 * The paper's id.
 */
id: string, 
/**
 * The whole title.
 */
title: string, 
/**
 * The abstract.
 */
abstract: string, 
/**
 * Every author.
 */
authors: Array<string>, 
/**
 * Date of publication: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
 */
date?: string, 
/**
 * Where it was published.
 */
venue?: string, 
/**
 * Categories, the primary one first.
 */
categories: Array<string>, 
/**
 * Keywords.
 */
keywords: Array<string>, 
/**
 * Links with `http` or `https` addresses.
 */
links: Array<Link>, 
/**
 * What it says of its code.
 */
code: Code, 
/**
 * Where it was listed.
 */
listings: Array<Listed>, };
export type Link = { 
/**
 * `page`, `pdf`, `doi`, `code`, `data`, `project` or `other`.
 */
kind: string, 
/**
 * The address.
 */
url: string, };
export type Listed = { 
/**
 * Name of the list.
 */
source: string, 
/**
 * Its date as given.
 */
listed_on?: string, 
/**
 * Place in the list, counted from 1.
 */
rank: number, };
export type Work = { 
/**
 * Rounds of parallel fetches.
 */
rounds: number, 
/**
 * Blocks asked for.
 */
blocks: number, 
/**
 * Requests made for them.
 */
files: number, 
/**
 * Bytes that came.
 */
bytes: number, };
export type Info = { 
/**
 * Title of the collection.
 */
title: string, 
/**
 * A sentence about it; may be empty.
 */
description: string, 
/**
 * Number of papers.
 */
papers: number, 
/**
 * Name of its segment.
 */
segment: string, };
