// The stylesheet of citations.

export const CITE_STYLES = `
[part="citation"] { margin-block: .5rem .25rem; font-size: .875rem; line-height: 1.5rem; }
.forms { display: flex; flex-wrap: wrap; column-gap: 1.25rem; border-block-end: 1px solid var(--rule); }
.forms button { padding-block: .25rem; margin-block-end: -1px; color: var(--quiet); border-block-end: 2px solid transparent; white-space: nowrap; }
.forms button:hover, .forms [aria-selected="true"] { color: var(--ink); }
.forms [aria-selected="true"] { border-color: var(--accent); }
textarea { display: block; inline-size: 100%; max-block-size: 20rem; margin-block: .625rem .375rem; padding: .5rem .75rem; font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: var(--ink); background: var(--field); border: 1px solid var(--rule); border-radius: .25rem; resize: vertical; field-sizing: content; tab-size: 2; }
textarea.prose { font: .9375rem/1.6 var(--serif); }
textarea:focus-visible { outline-offset: -1px; border-radius: .25rem; }
[part="citation"] .foot { margin: 0; }
[part="citation"] .foot button { color: var(--link); text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); text-decoration-thickness: 1px; text-underline-offset: .2em; }
[part="citation"] .foot button:hover { text-decoration-color: currentColor; }
@media (pointer: coarse) {
  .forms button, [part="citation"] .foot button { padding-block: .5rem; }
}
@media (forced-colors: active) {
  .forms [aria-selected="true"] { border-color: Highlight; }
}
@media print {
  .forms, [part="citation"] .foot { display: none; }
}
`;
