// The names that wasm-bindgen's glue defines in the file to which `worker.js` is appended.

declare function initSync(options: { module: WebAssembly.Module }): unknown;

declare class Client {
  static open(manifest: Uint8Array, base: string): Client;
  info(): Info;
  search(request: SearchRequest, signal?: AbortSignal): Promise<Answer>;
  snippets(request: SnippetRequest, signal?: AbortSignal): Promise<SnippetAnswer>;
  paper(doc: number, signal?: AbortSignal): Promise<PaperAnswer>;
}
