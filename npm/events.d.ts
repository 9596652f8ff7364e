// The element as pages know it: by its tag, with its events.

import type { OffprintSearch } from "../www/element.js";
import type { Answer, Filters, Hit, Info, OffprintError, Sort } from "../www/headless.js";

export interface OffprintSearchEvents {
  /** The index is open. */
  ready: CustomEvent<Info>;
  /** A query is about to be asked; `preventDefault()` keeps it from being asked. */
  search: CustomEvent<{ query: string; filters: Filters; sort: Sort; offset: number }>;
  /** Results are shown. */
  results: CustomEvent<Answer>;
  /** A reader follows a title; `preventDefault()` keeps the browser where it is. */
  select: CustomEvent<{ hit: Hit; query: string }>;
  /** Something failed, and the reader was told. */
  error: CustomEvent<OffprintError>;
}

type Events = Omit<HTMLElementEventMap, keyof OffprintSearchEvents> & OffprintSearchEvents;

declare module "../www/element.js" {
  interface OffprintSearch {
    addEventListener<K extends keyof Events>(type: K, listener: (this: OffprintSearch, event: Events[K]) => any, options?: boolean | AddEventListenerOptions): void;
    addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "offprint-search": OffprintSearch;
  }
}
