// The stylesheet of opened abstracts.

export const ABSTRACT_STYLES = `
.abstract { font: 1.0625rem/1.6 var(--serif); hyphens: auto; }
.abstract + .abstract { margin-block-start: .75em; }
dl { margin-block-start: .75rem; font-size: .875rem; }
dl div { display: grid; grid-template-columns: 6rem 1fr; column-gap: .75rem; margin-block-start: .25rem; }
dt { color: var(--quiet); }
dd .link { min-block-size: 1.5rem; }
.panel .foot { margin-block-start: .5rem; }
.panel ul { font: 1rem/1.4 var(--serif); }
.panel li { margin-block-start: .375rem; }
h3 { margin-block-start: 1rem; font-size: .875rem; color: var(--quiet); }
.why { font-variant-numeric: tabular-nums; }
.why div { grid-template-columns: 2.75rem 1fr; }
.why dt { text-align: end; }
dl:empty { display: none; }
@container (max-width: 30rem) {
  dl:not(.why) div { grid-template-columns: 1fr; }
}
`;
