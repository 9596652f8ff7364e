// The stylesheet of the panel of filters and of the chips.

export const FILTER_STYLES = `
.page.beside { display: grid; grid-template-columns: minmax(0, 1fr) 14.25rem; column-gap: 2.25rem; align-items: start; }
.side { font-size: .875rem; line-height: 1.5rem; }
.beside > .side { position: sticky; inset-block-start: 1rem; max-block-size: calc(100dvh - 2rem); overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; padding: .25rem; padding-inline-start: 1rem; border-inline-start: 1px solid var(--rule); }
.side .head { display: flex; align-items: baseline; gap: 1rem; margin-block-end: .5rem; }
.side h2 { flex: 1; font: 600 1.0625rem/1.5 var(--serif); outline: none; }
.close { inline-size: 1.75rem; font-size: 1.25rem; line-height: 1.75rem; text-align: center; color: var(--quiet); }
.close:hover { color: var(--ink); }
.side .link, .chips .link { white-space: nowrap; }
.done { display: none; }

fieldset { min-inline-size: 0; margin: 0; padding: .75rem 0 0; border: 0; }
fieldset:not([hidden]) ~ fieldset { margin-block-start: .75rem; border-block-start: 1px solid var(--rule); }
legend { float: inline-start; inline-size: 100%; padding: 0; margin-block-end: .25rem; font-weight: 600; }
legend ~ * { clear: both; }
.values label { display: grid; grid-template-columns: auto 1fr auto; column-gap: .5rem; align-items: center; padding-block: .1875rem; line-height: 1.25; cursor: pointer; }
.values label:hover > span:first-of-type { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .18em; }
input[type="checkbox"] { inline-size: .875rem; block-size: .875rem; margin: 0; accent-color: var(--accent); }
.side .number, .caption { color: var(--quiet); font-variant-numeric: tabular-nums; }
.side input:not([type="checkbox"]) { inline-size: 100%; margin: .125rem 0 .375rem; padding: .25rem .5rem; font: inherit; color: var(--ink); background: var(--field); border: 1px solid var(--edge); border-radius: .25rem; appearance: textfield; }
.values:has(> label:nth-child(13)) { max-block-size: 20rem; overflow-y: auto; scrollbar-width: thin; padding-inline-end: .25rem; }
.side p:empty { display: none; }

.bars { display: flex; align-items: end; gap: 1px; block-size: 3.5rem; border-block-end: 1px solid var(--rule); cursor: crosshair; touch-action: pan-y; user-select: none; }
.bars:has(> :nth-child(50)) { gap: 0; }
.bars span { flex: 1; background: var(--accent); opacity: .75; }
.bars span.out { background: var(--edge); opacity: .4; }
.caption { font-size: .8125rem; }
.range { display: flex; align-items: center; gap: .5rem; margin-block: .25rem .375rem; }
.side .range input { margin: 0; }
.side input:not([type="checkbox"]):focus-visible { outline-offset: -1px; border-color: var(--accent); }

.chips ul { display: contents; }
.chips { display: flex; flex-wrap: wrap; align-items: center; gap: .375rem .5rem; padding-block: .375rem; }
.chips li + li { margin: 0; }
.chip { display: block; max-inline-size: 100%; padding: .0625rem .5625rem; line-height: 1.5rem; border: 1px solid var(--rule); border-radius: 1rem; color: var(--ink); }
.chip:hover { border-color: var(--edge); }
.cross { margin-inline-start: .375rem; color: var(--quiet); }
.chip:hover .cross { color: var(--accent); }

.sheet { inset-block: 0; inset-inline: auto 0; inline-size: min(24rem, 100%); max-inline-size: none; block-size: 100%; max-block-size: none; margin: 0; margin-inline-start: auto; padding: 0; overflow: hidden; color: var(--ink); background: var(--field); border: 0; font: 1rem/1.5 var(--sans); overflow-wrap: anywhere; }
.sheet::backdrop { background: rgb(0 0 0 / .45); }
.sheet > .side { display: flex; flex-direction: column; block-size: 100%; font-size: 1rem; }
.sheet .head { margin: 0; padding: .75rem 1.25rem; border-block-end: 1px solid var(--rule); }
.sheet .fields { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 0 1.25rem 1rem; }
.sheet .side > .quiet { padding-inline: 1.25rem; }
.sheet .done { display: block; margin: .75rem 1.25rem; text-align: center; color: var(--field); background: var(--link); border-color: transparent; }
.sheet .values label { padding-block: .375rem; }
.sheet input[type="checkbox"] { inline-size: 1.125rem; block-size: 1.125rem; }
.sheet .side input:not([type="checkbox"]) { padding: .5rem .625rem; }
.sheet .bars { block-size: 5rem; }
@media (max-width: 40rem) {
  .sheet { inset-block: auto 0; inline-size: 100%; block-size: 88%; border-radius: .75rem .75rem 0 0; }
}
@media (pointer: coarse) {
  .chip { padding-block: .5625rem; border-radius: 1.5rem; }
  .sheet .close { inline-size: 2.75rem; line-height: 2.75rem; }
  .sheet .values label { padding-block: .6875rem; }
  .chips .link, .sheet .link { padding-block: .625rem; }
}
@media (forced-colors: active) {
  .bars span { forced-color-adjust: none; background: CanvasText; opacity: 1; }
  .bars span.out { background: GrayText; }
}
`;
