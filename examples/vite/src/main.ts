// The headless client with a list of its own, and the element with typed events.

import { define, isOffprintError, open, type Hit } from "offprint-search";
import { PAPERS } from "./papers";

const field = document.querySelector<HTMLInputElement>("#own")!;
const count = document.querySelector<HTMLElement>("#count")!;
const lines = document.querySelector<HTMLElement>("#lines")!;

function line({ id, title, year }: Hit): HTMLElement {
  const item = document.createElement("li");
  item.id = id;
  item.textContent = year ? `${title} (${year})` : title;
  return item;
}

const papers = await open(PAPERS);
count.textContent = `${papers.info.papers} papers`;

let turn = new AbortController();
field.addEventListener("input", async () => {
  turn.abort();
  turn = new AbortController();
  try {
    const { hits, total, exact } = await papers.search(field.value, { limit: 5, signal: turn.signal });
    count.textContent = `${exact ? "" : "about "}${total} found`;
    lines.replaceChildren(...hits.map(line));
  } catch (error) {
    if (isOffprintError(error) && error.code !== "aborted") count.textContent = `${error.message} ${error.advice}`;
  }
});

const element = document.querySelector("offprint-search")!;
element.setAttribute("src", PAPERS);
element.addEventListener("results", ({ detail }) => {
  document.title = `${detail.total} papers`;
});
element.addEventListener("select", (event) => {
  const chosen: string = event.detail.hit.title;
  document.title = chosen;
  event.preventDefault();
});
await define(PAPERS);
