// The stylesheet of stars and messages.

export const STAR_STYLES = `
article { position: relative; }
.star { position: absolute; inset-block-start: -.375rem; inset-inline-end: -.625rem; inline-size: 2.25rem; block-size: 2.25rem; padding: .5625rem; color: var(--quiet); animation: arrive .2s; }
.star svg { display: block; inline-size: 100%; block-size: 100%; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linejoin: round; }
.star:hover { color: var(--ink); }
.star[aria-pressed="true"] { color: var(--accent); }
.star[aria-pressed="true"] path { fill: currentColor; }
.star:focus-visible { outline-offset: -4px; }
@keyframes arrive { from { opacity: 0; } }
.toast { position: fixed; inset-block-end: max(1rem, env(safe-area-inset-bottom)); inset-inline: 1rem; z-index: 1; inline-size: fit-content; max-inline-size: min(34rem, 100% - 2rem); margin-inline: auto; display: flex; gap: 1.25rem; align-items: baseline; padding: .625rem 1rem; font-size: .875rem; line-height: 1.5rem; color: var(--ink); background: var(--field); border: 1px solid var(--edge); border-radius: .375rem; box-shadow: 0 .25rem 1rem rgb(0 0 0 / .16); }
.toast:empty { padding: 0; border: 0; box-shadow: none; }
.toast button { color: var(--link); font-weight: 600; white-space: nowrap; }
.toast button:hover { text-decoration: underline; text-underline-offset: .2em; }
@media (prefers-reduced-motion: reduce) { .star { animation: none; } }
@media (pointer: coarse) { .star { inline-size: 2.75rem; block-size: 2.75rem; padding: .8125rem; inset-block-start: -.6875rem; inset-inline-end: -.8125rem; } }
@media print { .star, .toast { display: none; } }
`;
