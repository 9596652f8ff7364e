import { start } from "./common.js";

/** @type {any} */
let pagefind;

start({
  async open() {
    // @ts-ignore: it lies beside the built page.
    pagefind = await import("./pagefind/pagefind.js");
    // @ts-ignore: set where the page is bundled.
    if (NO_WORKER) await pagefind.options({ noWorker: true });
    await pagefind.init();
  },
  // `init` answers at once and goes on in the background; this waits for it and fetches no more.
  ready: () => pagefind.preload(""),
  // What Pagefind's own interface does: ten results, each with its data.
  async search(text) {
    const { results } = await pagefind.search(text);
    const data = await Promise.all(results.slice(0, 10).map((/** @type {any} */ result) => result.data()));
    return {
      total: results.length,
      lines: data.map(({ url, meta }) => ({ id: url, title: meta.title, authors: meta.authors, date: meta.date })),
    };
  },
  count: async (text) => (await pagefind.search(text)).results.length,
});
