// The stylesheet of what is said about keeping a collection, and of updates.

export const OFFLINE_STYLES = `
:host { display: block; font-size: .875rem; line-height: 1.5rem; }
[hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
p { margin: 0; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; text-align: start; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent, Highlight); outline-offset: 3px; border-radius: 2px; }
.line { display: flex; flex-wrap: wrap; column-gap: 1rem; margin-block-end: .75rem; font-variant-numeric: tabular-nums; }
.line button { color: var(--link, LinkText); text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); text-decoration-thickness: 1px; text-underline-offset: .2em; }
.line button:hover { text-decoration-color: currentColor; }
progress { appearance: none; display: block; inline-size: min(100%, 20rem); block-size: 3px; margin-block: -.375rem .875rem; border: 0; border-radius: 2px; overflow: hidden; color: var(--accent, Highlight); background: var(--rule, GrayText); }
progress::-webkit-progress-bar { background: var(--rule, GrayText); }
progress::-webkit-progress-value { background: var(--accent, Highlight); }
progress::-moz-progress-bar { background: var(--accent, Highlight); }
.kept::before { content: ""; display: inline-block; inline-size: .3em; block-size: .6em; margin-inline: .2em .6em; border: solid currentColor; border-width: 0 1.5px 1.5px 0; rotate: 45deg; translate: 0 -.1em; }
.news { position: fixed; z-index: 10; inset-block-end: max(1rem, env(safe-area-inset-bottom)); inset-inline: 1rem; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.25rem; inline-size: fit-content; max-inline-size: min(36rem, 100% - 2rem); margin-inline: auto; padding: .75rem 1.25rem; color: var(--ink, CanvasText); background: var(--paper, Canvas); border: 1px solid var(--rule, GrayText); border-radius: .5rem; box-shadow: 0 4px 24px rgb(0 0 0 / .18); font-size: .9375rem; }
.news p { flex: 1 1 12rem; text-wrap: pretty; }
.news div { display: flex; gap: 1rem; align-items: center; }
.news button { padding-block: .25rem; }
.news .main { padding-inline: 1rem; border: 1px solid var(--edge, currentColor); border-radius: .375rem; font-weight: 600; }
.news .main:hover { border-color: var(--ink, currentColor); }
.news .later { color: var(--quiet, GrayText); }
.news .later:hover { color: var(--ink, CanvasText); }
@media (pointer: coarse) { .line button, .news button { padding-block: .5rem; } }
@media (forced-colors: active) { progress { border: 1px solid; block-size: 5px; } }
@media print { :host { display: none; } }
`;
