// Runs in every page before its own scripts: notes when an element's `data-state` changes.

/** @typedef {{ state: string, time: number, at: number, lines: number, reason?: string }} Mark `time`: milliseconds since the navigation began; `at`: the same by the machine's clock */

/** Serialised and sent to the page, so it may use nothing from outside. */
export function watch() {
  /** @type {Mark[]} */
  let marks = [];
  /** @type {{ states: string[], resolve: (marks: Mark[]) => void } | undefined} */
  let waiting;
  const lines = () => {
    const ours = document.querySelector("offprint-search");
    return ours ? (ours.shadowRoot?.querySelectorAll("article").length ?? 0) : document.querySelectorAll("#results > li").length;
  };
  const settle = () => {
    if (!waiting || !marks.some(({ state }) => waiting?.states.includes(state))) return;
    waiting.resolve(marks);
    waiting = undefined;
  };
  new MutationObserver((changes) => {
    const time = performance.now();
    const at = Date.now();
    for (const { target } of changes) {
      const { state = "", reason } = /** @type {HTMLElement} */ (target).dataset;
      marks.push({ state, time, at, lines: lines(), reason });
    }
    settle();
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state"] });

  Object.assign(globalThis, {
    benchWatch: {
      /** Forgets the marks. */
      clear: () => (marks = []),
      /** @param {string[]} states @returns {Promise<Mark[]>} all marks, once one of the states was there */
      until: (states) => new Promise((resolve) => {
        waiting = { states, resolve };
        settle();
      }),
    },
  });
}

/** Gives Offprint's page the two functions that our pages for other engines have. */
export function adapt() {
  const element = /** @type {any} */ (document.querySelector("offprint-search"));
  if (!element) return;
  const box = element.shadowRoot.querySelector("input");
  Object.assign(globalThis, {
    bench: {
      /** @param {string} text */
      ask(text) {
        box.value = text;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      },
      /** @param {string} text */
      async search(text) {
        const { total, total_any: any, exact, hits, work } = await element.search(text);
        return { total, any, exact, ids: hits.map((/** @type {any} */ hit) => hit.id), work };
      },
    },
  });
}
