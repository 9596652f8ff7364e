// What stars and lists ask of their element, and what their two modules say to each other.

/** A line of results, as far as stars look at it. */
interface Line { hit: Hit; item: HTMLElement; title: HTMLElement; panel: HTMLElement }

/** What stands in place of results: lists, and days. Each comes with its module. */
interface Views {
  lists?: import("./lists-view.js").ListView;
  days?: import("./days-view.js").DayView;
}

interface ListSite {
  root: ShadowRoot;
  /** What the view of lists stands in, in place of results. */
  page: HTMLElement;
  /** Opens it. */
  button: HTMLElement;
  /** The results, with the lines that are shown. */
  results: import("./results.js").ResultList;
  search(query: string, options: Partial<SearchRequest>): Promise<Answer>;
  paper(doc: number): Promise<PaperAnswer>;
  /** The collection's title and address. */
  collection(): { title: string; url: string };
  /** Where links of lists lead. */
  link(): string;
  /** Notes in the address what is shown. */
  go(fragment: string): void;
  focus(): void;
  load(file: string, suffix?: string): Promise<any>;
}
