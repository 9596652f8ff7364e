// The stylesheet of the view of lists.

export const LIST_STYLES = `
.page.listing { display: block; }
.listing > .side, .listing > div > :not(.box, .lists) { display: none; }
.small { font-size: .875rem; line-height: 1.5rem; }
.lists { margin-block-start: .75rem; }
.lists > h2 { margin-block: 1rem .25rem; font-size: 1.5rem; line-height: 1.25; outline: none; }
.lists .foot { margin-block: .25rem .75rem; }
.lists .act { margin-block: .25rem; color: var(--ink); }
.lists .link, .boxes + form .act { color: var(--link); }
.field { inline-size: 100%; margin: 0; padding: .4375rem .75rem; font: inherit; font-size: 1rem; color: var(--ink); background: var(--field); border: 1px solid var(--edge); border-radius: .375rem; appearance: none; }
.field:focus-visible { outline-offset: -1px; border-color: var(--accent); border-radius: .375rem; }
.lists .field[type="search"] { margin-block: .5rem 1rem; }
.act { padding: .375rem 1rem; line-height: 1.5rem; border: 1px solid var(--edge); border-radius: .375rem; white-space: nowrap; }
.act:hover { border-color: var(--ink); }
.naming { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-block: .75rem; }
.naming .field { flex: 1 1 12rem; inline-size: auto; max-inline-size: 24rem; }
.naming span:empty, .wrong:empty { display: none; }
.wrong { margin-block: .75rem; padding: .625rem 1rem; border: 1px solid var(--rule); border-inline-start: 3px solid var(--accent); border-radius: .25rem; font-size: .9375rem; }

.shelf { margin-block: .75rem 1.25rem; border-block-start: 1px solid var(--rule); }
.shelf li { margin: 0; border-block-end: 1px solid var(--rule); }
.place { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; inline-size: 100%; padding-block: .625rem; font: 600 1.125rem/1.4 var(--serif); color: var(--link); }
.place:hover bdi { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .18em; }
.place .number { flex: none; font: .875rem/1.5 var(--sans); }

.tools { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; min-block-size: 2.75rem; padding-block: .5rem; margin-block-end: .75rem; border-block: 1px solid var(--rule); font-size: .875rem; line-height: 1.5rem; }
.tools > :nth-child(2) { flex: 1; white-space: nowrap; }
.adding { display: inline-flex; flex-wrap: wrap; column-gap: .5rem; align-items: center; }
.adding .link { margin-inline-start: .25rem; }
.lists [part="citation"] { margin-block-end: 1.25rem; }
.adding select { max-inline-size: 12rem; text-overflow: ellipsis; }
.pick { display: flex; gap: .625rem; align-items: center; cursor: pointer; }
.lists input[type="checkbox"], .boxes input { flex: none; inline-size: 1rem; block-size: 1rem; margin: 0; accent-color: var(--accent); }
.kept article { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: .625rem; }
.kept .pick { align-self: start; padding-block: .3125rem; }
.kept li + li { margin-block-start: 1.375rem; }
h3.name { margin: 0; font: 600 1.125rem/1.4 var(--serif); color: var(--ink); }
.where { font-size: .875rem; font-style: italic; }
.kept .foot { margin: 0; margin-block-start: .125rem; }
.kept .panel { margin-block: .5rem; }
.noting { margin-block-start: .5rem; max-inline-size: 40rem; }
.noting textarea.note { display: block; inline-size: 100%; min-block-size: 3.75rem; max-block-size: 16rem; margin: 0; padding: .4375rem .75rem; font: .9375rem/1.5 var(--sans); color: var(--ink); background: var(--field); border: 1px solid var(--rule); border-inline-start: 3px solid var(--edge); border-radius: .25rem; resize: vertical; field-sizing: content; }
.noting textarea.note:focus-visible { outline-offset: -1px; border-radius: .25rem; }
.said { display: block; min-block-size: 1.25rem; font-size: .8125rem; line-height: 1.25rem; }

[part="paper-lists"] { margin-block: .5rem .25rem; max-inline-size: 30rem; font-size: .875rem; line-height: 1.5rem; }
.boxes { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.boxes label { display: flex; gap: .5rem; align-items: center; cursor: pointer; }
[part="paper-lists"] .field { font-size: .9375rem; padding-block: .25rem; }
[part="paper-lists"] .act { padding-block: .25rem; }
.sharing { margin-block-end: .75rem; }
.sharing .foot { margin: .375rem 0 0; }
.missing { margin-block-end: 1rem; padding: .625rem 1rem; border: 1px solid var(--rule); border-inline-start: 3px solid var(--edge); border-radius: .25rem; font-size: .875rem; }
.missing li + li { margin: 0; }
.missing ul { max-block-size: 8rem; overflow-y: auto; }

@media (pointer: coarse) {
  .boxes label, .tools .pick { padding-block: .375rem; }
  .lists .foot button, .tools button { padding-block: .375rem; }
}
@media print {
  .lists .tools, .lists .foot button, .lists .field, .pick, .naming, .sharing { display: none; }
}
`;
