// The page around every engine but our own: a box, ten lines, and `data-state` as Offprint's element has it.

/**
 * @typedef {object} Line
 * @property {string} id
 * @property {string} title
 * @property {string} authors
 * @property {string} date
 */

/** @typedef {{ total: number, lines: Line[] }} Answer */

/**
 * @param {object} engine
 * @param {() => Promise<unknown>} engine.open loads what is needed before any query
 * @param {() => Promise<unknown>} [engine.ready] where being open is not yet being ready: what a page without a query waits for
 * @param {(text: string) => Answer | Promise<Answer>} engine.search
 * @param {(text: string) => number | Promise<number>} [engine.count] where a search does not count
 */
export function start({ open, ready, search, count }) {
  const root = /** @type {HTMLElement} */ (document.querySelector("#search"));
  const box = /** @type {HTMLInputElement} */ (document.querySelector("#q"));
  const list = /** @type {HTMLElement} */ (document.querySelector("#results"));
  let turn = 0;

  /** @param {unknown} error */
  function fail(error) {
    root.dataset.reason = String(error);
    root.dataset.state = "error";
  }

  /** @param {string} text */
  async function run(text) {
    const mine = ++turn;
    root.dataset.state = "searching";
    try {
      await opening;
      const { lines } = await search(text);
      if (mine !== turn) return;
      list.replaceChildren(...lines.map(({ title, authors, date }) => {
        const item = document.createElement("li");
        for (const [tag, part] of [["h2", title], ["p", authors], ["time", date]]) {
          const element = document.createElement(tag);
          element.textContent = part;
          item.append(element);
        }
        return item;
      }));
      root.dataset.state = "done";
    } catch (error) {
      fail(error);
    }
  }

  document.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    run(box.value);
  });
  Object.assign(globalThis, {
    bench: {
      /** @param {string} text */
      ask(text) {
        box.value = text;
        document.querySelector("form")?.requestSubmit();
      },
      /** @param {string} text */
      async search(text) {
        const { total, lines } = await search(text);
        return { total, ids: lines.map(({ id }) => id) };
      },
      /** @param {string} text */
      count: async (text) => (count ? count(text) : (await search(text)).total),
    },
  });

  root.dataset.state = "loading";
  const opening = open();
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    box.value = asked;
    run(asked);
  } else {
    opening.then(ready).then(() => (root.dataset.state = "ready"), fail);
  }
}

/**
 * @param {string} name
 * @returns {Promise<any>} a JSON file beside the page
 */
export async function json(name) {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}
