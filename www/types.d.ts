// Names for the engine's types, which are generated from its source, and the shapes of the
// messages between the page and `worker.js`.

type Info = import("../crates/search/types.d.ts").Info;
type Part = import("../crates/search/types.d.ts").Part;
type SearchRequest = import("../crates/search/types.d.ts").SearchRequest;
type Answer = import("../crates/search/types.d.ts").Answer;
type Hit = import("../crates/search/types.d.ts").Hit;
type SnippetRequest = import("../crates/search/types.d.ts").SnippetRequest;
type SnippetAnswer = import("../crates/search/types.d.ts").SnippetAnswer;
type Snippet = import("../crates/search/types.d.ts").Snippet;
type Share = import("../crates/search/types.d.ts").Share;
type SuggestAnswer = import("../crates/search/types.d.ts").SuggestAnswer;
type PaperAnswer = import("../crates/search/types.d.ts").PaperAnswer;
type Paper = import("../crates/search/types.d.ts").Paper;
type Filters = import("../crates/search/types.d.ts").Filters;
type Sort = import("../crates/search/types.d.ts").Sort;
type Field = import("../crates/search/types.d.ts").Field;
type Facet = import("../crates/search/types.d.ts").Facet;
type FacetValue = import("../crates/search/types.d.ts").FacetValue;

/** Filters that are lists of values. */
type ListFilter = Exclude<keyof Filters, "from" | "to">;

/** What the page is to show; without `sort` the usual order. */
interface View { query: string; filters: Filters; sort: Sort | undefined }

/** How far a list was read: lines shown, the first one in sight, and how far below the window's top it stands. */
interface Place { shown: number; id: string; top: number }

/** What the list of results asks of its element, and tells it. */
interface PaperSource {
  paper(doc: number): Promise<PaperAnswer>;
  related(doc: number): Promise<Answer>;
  /** Absent where nothing was ranked. */
  why?(doc: number): Promise<Share[]>;
  opened(id: string, open: boolean): void;
  /** The reader wants a paper that another one led to. */
  follow(hit: Hit): void;
  /** The reader wants the papers of an author. */
  seek(query: string): void;
  /** A line was made, or its abstract was filled. */
  dress(line: Line): void;
  /** What lines show; undefined for what is usual. */
  fields(): string[] | undefined;
}

/** What the panel of filters asks of its element, and tells it. */
interface FilterSite {
  root: ShadowRoot;
  host: HTMLElement;
  /** Beside this it stands where there is room. */
  page: HTMLElement;
  button: HTMLElement;
  chips: HTMLElement;
  hints: HTMLElement;
  /** Fields that readers may filter by; undefined for all. */
  offered: string[] | undefined;
  papers(): number;
  /** Counts without showing anything. */
  count(request: Partial<SearchRequest>): Promise<Answer>;
  apply(filters: Filters): void;
}

/** What a folded search asks of its element. */
interface FoldSite {
  root: ShadowRoot;
  host: HTMLElement;
  /** All of the search; the box is the first in its first child. */
  page: HTMLElement;
  input: HTMLInputElement;
  /** Makes elements. */
  h: typeof import("./dom.js").h;
  /** Says texts in the page's language. */
  texts: typeof import("./say.js").texts;
  /** Keys that lead to it, as readers see them and as assistive technology is told. */
  keys: [string, string];
  /** The collection's own page with what is asked here. */
  address(): string;
}

/** A search that was folded into a box or a dialog. */
interface Fold { open(): void; close(): void }

/** What can be asked of the engine, and what it answers. */
interface Exchanges {
  search: { args: SearchRequest; answer: Answer };
  snippets: { args: SnippetRequest; answer: SnippetAnswer };
  suggest: { args: string; answer: SuggestAnswer };
  paper: { args: number; answer: PaperAnswer };
  info: { args: undefined; answer: Info };
}
type Kind = keyof Exchanges;

/** An error in a form that survives `postMessage`. */
interface PlainError { name: string; code: string; message: string; advice: string }

interface StartMessage { id: 0; kind: "start"; module: WebAssembly.Module; manifest: Uint8Array; base: string }
interface RequestMessage { id: number; kind: Kind; args: any }
interface CancelMessage { cancel: number }
type ToEngine = RequestMessage | CancelMessage;
/** `fatal`: the instance is no longer usable and must be replaced. */
type FromEngine = { id: number; ok: any } | { id: number; error: PlainError } | { fatal: string } | { notice: "ranges" };

/** A running engine, in a worker or on this thread. */
interface Port { info: Info; post(message: ToEngine): void; stop(): void }
interface Engine { info: Info; handle(message: ToEngine): void }

/** A page that holds its site inside: it stands for the host. */
interface Inside {
  fetch: typeof fetch;
  /** Imports a module of the client. */
  load(url: string): Promise<any>;
  /** Starts the engine's worker. */
  worker(): Worker;
}
