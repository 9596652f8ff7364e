// The element's own stylesheet. Lengths follow the text; the rules for narrow places ask for the
// element's width, not the window's. `light-dark()` follows the color-scheme of the page around.

/** Colours by name, light and dark. @type {Record<string, string>} */
const COLOURS = {
  ink: "#1f1d1a, #e8e4dc",
  quiet: "#625d55, #a9a298",
  rule: "#d9d4ca, #3b3832",
  edge: "#8c867b, #7d776d",
  field: "#fff, #211f1c",
  link: "#17456f, #a3c8ea",
  visited: "#5d3a72, #cdb2de",
  accent: "#9a3324, #e79a85",
  mark: "#fbe8a6, #5c4a14",
};
/** Browsers that do not know it show the light ones. */
const both = CSS.supports("color", "light-dark(red, red)");

const STYLES = `
:host {
  ${Object.entries(COLOURS).map(([name, pair]) => `--${name}: var(--offprint-${name}, ${both ? `light-dark(${pair})` : pair.split(",")[0]});`).join("")}
  --paper: var(--offprint-paper, Canvas);
  --serif: var(--offprint-serif, "Iowan Old Style", Charter, "Palatino Linotype", Palatino, P052, Georgia, serif);
  --sans: var(--offprint-sans, system-ui, sans-serif);
  display: block;
  container-type: inline-size;
  color: var(--ink);
  font: 1rem/1.5 var(--sans);
  text-align: start;
  overflow-wrap: anywhere;
}
:host([theme]) { color-scheme: light dark; background: var(--paper); }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]), [hidden], .folded > div > :not(form), :host([mode="modal"]) .folded { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
h2, h3, p, ol, ul, dl, dd { margin: 0; padding: 0; font: inherit; }
ol, ul { list-style: none; }
li { text-align: start; scroll-margin-block: 1rem; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; text-align: start; cursor: pointer; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.quiet { color: var(--quiet); }

.box { position: relative; --x: 1.0625rem; --y: 1.125rem; }
.box::before, .box::after { content: ""; position: absolute; inset-inline-start: var(--x); inset-block-start: var(--y); inline-size: .875rem; block-size: .875rem; border: 2px solid var(--quiet); border-radius: 50%; pointer-events: none; }
.box::after { margin: .6875rem; inline-size: .5rem; block-size: 0; border-width: 0 0 2px; border-radius: 0; transform-origin: left; rotate: 45deg; }
.box:dir(rtl)::after { transform-origin: right; rotate: -45deg; }
#q {
  inline-size: 100%;
  margin: 0;
  padding-block: .8125rem;
  padding-inline: 2.875rem 1rem;
  font: 1.125rem/1.5 var(--sans);
  color: var(--ink);
  background: var(--field);
  border: 1px solid var(--edge);
  border-radius: .375rem;
  appearance: none;
}
#q:placeholder-shown { text-overflow: ellipsis; }
input::placeholder { color: var(--quiet); opacity: 1; }
#q:focus-visible { outline-offset: -1px; border-color: var(--accent); border-radius: .375rem; }
kbd {
  position: absolute;
  inset-block-start: 50%;
  inset-inline-end: .875rem;
  translate: 0 -50%;
  padding-inline: .5rem;
  font: .8125rem/1.5rem var(--sans);
  color: var(--quiet);
  border: 1px solid var(--rule);
  border-radius: .25rem;
  pointer-events: none;
}
#q:not(:placeholder-shown) + kbd, #q:focus + kbd, kbd:empty { display: none; }
@media (hover: none) { kbd { display: none; } }
.progress { position: absolute; inset: auto .375rem 0; block-size: 2px; overflow: hidden; visibility: hidden; }
:host(:is([data-state="searching"], [data-state="loading"])) .progress { visibility: visible; animation: appear .6s step-end; }
.progress::after { content: ""; display: block; block-size: 100%; inline-size: 30%; background: var(--accent); animation: pass 1.4s ease-in-out infinite; }
@keyframes appear { from { visibility: hidden; } }
@keyframes pass { from { translate: -100%; } to { translate: 334%; } }

.bar { position: relative; display: grid; grid-template-columns: 1fr auto; column-gap: 1.5rem; margin-block: .75rem 2rem; font-size: .875rem; line-height: 1.5rem; color: var(--quiet); }
.bar > * { grid-column: 1 / -1; }
.bar > .count { grid-area: 1 / 1; font-variant-numeric: tabular-nums; }
.bar > .controls { grid-area: 1 / 2; display: flex; gap: 1.25rem; align-items: start; }
.quietly { padding-block: 0; line-height: 1.5rem; block-size: 1.5rem; white-space: nowrap; }
.quietly:hover, .chip:hover { color: var(--ink); }
select { appearance: none; margin: 0; padding: 0; padding-inline-end: .875rem; font: inherit; color: inherit; background: none; border: 0; cursor: pointer; field-sizing: content; }
option { color: var(--ink); background: var(--field); }
span:has(> select) { position: relative; }
span:has(> select)::after { content: ""; inline-size: .35em; block-size: .35em; border: solid; border-width: 0 1px 1px 0; rotate: 45deg; pointer-events: none; position: absolute; inset-block-start: .5em; inset-inline-end: .125rem; }
.funnel::before { content: ""; display: inline-block; inline-size: .75rem; block-size: .625rem; margin-inline-end: .5rem; background: linear-gradient(currentColor 0 0) 50% 0 / 100% 1px, linear-gradient(currentColor 0 0) 50% 50% / 62% 1px, linear-gradient(currentColor 0 0) 50% 100% / 25% 1px; background-repeat: no-repeat; }
[aria-expanded="true"].funnel { color: var(--ink); }
.number { font-variant-numeric: tabular-nums; }
.quietly .number { display: inline-block; min-inline-size: 1.25rem; margin-inline-start: .375rem; border-radius: 1rem; font-size: .75rem; line-height: 1.25rem; text-align: center; color: var(--field); background: var(--quiet); }
.chips { min-block-size: 2.5rem; }
/* Its first line stands in the margin, so that results stay where they are; so do suggestions. */
.other { display: flex; flex-wrap: wrap; column-gap: 1rem; }
.other:not(:empty):has(+ [hidden]) { margin-block-end: -1.5rem; }
.other:not(:empty):has(+ [hidden]) ~ .ends { display: none; }
.ends { position: absolute; inset-block-start: 100%; inset-inline: 0; display: flex; align-items: center; column-gap: 1rem; block-size: 1.5rem; overflow: auto hidden; white-space: nowrap; scrollbar-width: none; }
:host([mode="box"]) .box { --x: .875rem; --y: .8125rem; }
:host([mode="box"]) #q { padding-block: .5rem; padding-inline: 2.5rem 1rem; font-size: 1rem; }
.later { animation: appear .6s step-end; }

li + li { margin-block-start: 1.75rem; }
h2 { font: 600 1.1875rem/1.35 var(--serif); text-wrap: pretty; }
button.title { display: inline-block; }
.results h2 { padding-inline-end: 1.75rem; }
.title { font: inherit; color: var(--link); text-decoration: none; }
.title:visited { color: var(--visited); }
.title:hover { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .18em; }
.authors { margin-block-start: .1875rem; font-size: .9375rem; }
.snippet { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; margin-block-start: .375rem; font: .9375rem/1.6 var(--serif); color: var(--quiet); min-block-size: 4.8em; }
.snippet:empty:not(.waiting) { display: none; }
mark { background: linear-gradient(transparent 52%, var(--mark) 0 92%, transparent 0); color: var(--ink); }
.title mark { color: inherit; }
.foot { display: flex; flex-wrap: wrap; column-gap: 1rem; margin-block-start: .125rem; font-size: .875rem; line-height: 1.5rem; color: var(--quiet); }
.foot a, .more, .link { color: var(--link); text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); text-decoration-thickness: 1px; text-underline-offset: .2em; }
.foot a:hover, .more:hover, .link:hover { text-decoration-color: currentColor; }
.more::after { content: ""; display: inline-block; margin-inline-start: .4em; inline-size: .35em; block-size: .35em; border: solid; border-width: 0 1px 1px 0; rotate: 45deg; translate: 0 -.2em; }
.more[aria-expanded="true"]::after { rotate: 225deg; translate: 0 .05em; }
.venue { font-style: italic; }

.panel { margin-block-start: .625rem; padding-inline-start: 1rem; border-inline-start: 2px solid var(--rule); }
.foot:empty { display: none; }

.divider { display: flex; align-items: center; gap: .75rem; margin-block: 2.25rem 1.5rem; font-size: .875rem; color: var(--quiet); }
.results > :first-child:not(:empty) { margin-block-end: 2rem; padding-block-end: 1.75rem; border-block-end: 1px solid var(--rule); }
ol:empty + .divider { margin-block-start: 0; }
.divider::after { content: ""; flex: 1; border-block-start: 1px solid var(--rule); }
.next, .alert button { margin-block-start: 2rem; padding: .5rem 1.25rem; border: 1px solid var(--edge); border-radius: .375rem; }
.next:hover, .alert button:hover { border-color: var(--ink); }
.alert { margin-block-end: 2rem; padding: 1rem 1.25rem; border: 1px solid var(--rule); border-inline-start: 3px solid var(--accent); border-radius: .25rem; }
.alert button { margin-block-start: .75rem; padding-block: .25rem; }
strong { font-weight: 600; }

@container (max-width: 30rem) {
  .bar > .controls { grid-area: 1 / 1; }
  .bar { margin-block-end: 1.75rem; }
  /* Two lines, so that nothing below moves while one types. */
  .bar > .count { grid-area: auto / 1; }
  .other:not(:empty):has(+ [hidden]) { margin-block-end: 0; }
  .count:not(:empty):has(+ :empty) { min-block-size: 3rem; }
  h2 { font-size: 1.125rem; }
  .snippet { -webkit-line-clamp: 5; min-block-size: 8em; }
}
@media (pointer: coarse) {
  .quietly { block-size: 2.75rem; line-height: 2.75rem; }
  span:has(> select)::after { inset-block-start: 1.2em; }
  .bar { margin-block: .25rem 2.5rem; }
  .foot > :is(a, button), .other button, .ends button { padding-block: .625rem; margin-block: -.625rem; }
  .ends { block-size: 2.5rem; }
  .chips { min-block-size: 3.5rem; }
}
@media (forced-colors: active) {
  mark, .title mark { forced-color-adjust: none; background: Mark; color: MarkText; }
  .progress::after { background: Highlight; }
}
@media (prefers-reduced-motion: reduce) {
  .progress::after { animation: none; inline-size: 100%; opacity: .5; }
}
@media print {
  .box, .bar > .controls, .side, .next, .more, .other, .ends, button.link:not(dd *) { display: none; }
  li { break-inside: avoid; }
}
`;

/** Made with the first element and shared by all. @type {CSSStyleSheet | undefined} */
let sheet;

/** @returns {CSSStyleSheet} */
export function sharedSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
  }
  return sheet;
}
