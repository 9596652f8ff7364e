// InstantSearch on a collection of papers.

import instantsearch from "instantsearch.js";
import { configure, hits, pagination, rangeInput, refinementList, searchBox, sortBy, stats } from "instantsearch.js/es/widgets";
import { searchClient, type Hit } from "offprint-search";
import { PAPERS } from "./papers";

const search = instantsearch<{ papers: unknown }>({
  indexName: "papers",
  searchClient: searchClient(PAPERS),
  future: { preserveSharedStateOnUnmount: true },
});

search.addWidgets([
  configure({ hitsPerPage: 5, attributesToSnippet: ["abstract"] }),
  searchBox({ container: "#box" }),
  sortBy({ container: "#sort", items: [{ label: "Relevance", value: "papers" }, { label: "Newest", value: "papers:newest" }] }),
  stats({ container: "#stats" }),
  refinementList({ container: "#categories", attribute: "category", limit: 20 }),
  refinementList({ container: "#venues", attribute: "venue", searchable: true, operator: "and" }),
  rangeInput({ container: "#years", attribute: "year" }),
  hits<Hit>({
    container: "#hits",
    templates: {
      item: (hit, { html, components }) => html`
        <article id=${hit.id}>
          <h2>${components.Highlight({ hit, attribute: "title" })}</h2>
          <p>${hit.authors.join(", ")}</p>
          <blockquote>${components.Snippet({ hit, attribute: "abstract" as "title" })}</blockquote>
        </article>
      `,
    },
  }),
  pagination({ container: "#pages" }),
]);

search.start();
