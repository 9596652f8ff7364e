// The stylesheet of the view of days.

export const DAY_STYLES = `
.page.dated { display: block; }
.dated > .side, .dated > div > :not(.box, .alert, .day) { display: none; }
.day { margin-block-start: .75rem; }
.day > h2 { margin-block: 1rem .125rem; font-size: 1.5rem; line-height: 1.25; outline: none; }
.day > .quiet { font-size: .875rem; line-height: 1.5rem; }
.ways { display: flex; flex-wrap: wrap; column-gap: 1.25rem; font-size: .875rem; line-height: 1.5rem; }
.day a { color: var(--link); text-underline-offset: .18em; text-decoration-thickness: 1px; }
.day .results { margin-block-start: 1.5rem; }
.turn { display: flex; justify-content: space-between; gap: 1.5rem; margin-block-start: 2.25rem; padding-block-start: 1rem; border-block-start: 1px solid var(--rule); }
.turn a { text-decoration: none; }
.turn:empty { display: none; }
.turn a:hover bdi { text-decoration: underline; }
.before::before { content: "‹ " / ""; }
.after { text-align: end; margin-inline-start: auto; }
.after::after { content: " ›" / ""; }
.alldays { columns: 14rem; column-gap: 2.5rem; margin-block: 1rem; }
.alldays li { margin: 0; break-inside: avoid; border-block-end: 1px solid var(--rule); }
.alldays a { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; padding-block: .5rem; font: 600 1.0625rem/1.4 var(--serif); text-decoration: none; }
.alldays a:hover bdi { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .18em; }
.alldays .number { flex: none; font: .875rem/1.5 var(--sans); color: var(--quiet); }
@media (pointer: coarse) { .ways > *, .turn a { padding-block: .625rem; } }
@media print { .ways, .turn { display: none; } }
`;
