// The names that wasm-bindgen's glue defines in the file to which `worker.js` is appended.

declare function initSync(options: { module: WebAssembly.Module }): unknown;

/** A request that the engine wants made: `own` says that no other task waits for it. */
interface Wanted { number: number; path: string; start: number; end: number; own: boolean }

declare class Client {
  static open(manifest: Uint8Array): Client;
  info(): string;
  search(request: SearchRequest): number;
  snippets(request: SnippetRequest): number;
  paper(doc: number): number;
  step(task: number, bytes: number): string;
  supply(request: number, bytes: Uint8Array): void;
  end(number: number): void;
}
