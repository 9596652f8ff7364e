// A search folded into a modal: a button, and a dialog with the whole search.

const MODAL_STYLES = `
:host([mode="modal"]) { display: inline-block; container-type: normal; background: none; }
.opener { display: flex; align-items: center; gap: .625rem; padding: .5rem .75rem; line-height: 1.5rem; color: var(--quiet); background: var(--field); border: 1px solid var(--edge); border-radius: .375rem; }
.opener:hover { border-color: var(--ink); color: var(--ink); }
.opener kbd { position: static; translate: none; }
.lens { position: relative; inline-size: 1rem; block-size: 1rem; }
.lens::before, .lens::after { content: ""; position: absolute; inset-block-start: 0; inset-inline-start: 0; inline-size: .75rem; block-size: .75rem; border: 2px solid currentColor; border-radius: 50%; }
.lens::after { inset-block-start: .625rem; inset-inline-start: .5625rem; inline-size: .4375rem; block-size: 0; border-width: 0 0 2px; border-radius: 0; transform-origin: left; rotate: 45deg; }
.modal {
  inline-size: min(46rem, 100vw - 2rem);
  max-inline-size: none;
  max-block-size: min(48rem, 100dvh - 12vh);
  margin-block: 8vh auto;
  padding: 0;
  overflow: hidden;
  color: var(--ink);
  background: var(--paper);
  border: 1px solid var(--rule);
  border-radius: .625rem;
  box-shadow: 0 1rem 4rem rgb(0 0 0 / .3);
  font: 1rem/1.5 var(--sans);
  text-align: start;
}
.modal[open] { display: flex; flex-direction: column; }
.modal::backdrop { background: rgb(0 0 0 / .45); }
.modal > .page { flex: 1; container-type: inline-size; overflow: hidden auto; overscroll-behavior: contain; scrollbar-width: thin; padding: 0 1.25rem 1.25rem; }
.modal .box { --x: 2.3125rem; --y: 2.375rem; position: sticky; inset-block-start: 0; z-index: 1; margin-inline: -1.25rem; padding-block: 1.25rem .75rem; padding-inline: 1.25rem 4rem; background: var(--paper); }
.modal .box kbd { display: none; }
.modal .progress { inset-block-end: .75rem; inset-inline: 1.625rem 4.375rem; }
.modal .bar { margin-block: 0 2rem; }
.modal > .close { position: absolute; inset-block-start: 1.625rem; inset-inline-end: .875rem; z-index: 2; inline-size: 2.5rem; block-size: 2.5rem; font-size: 1.5rem; line-height: 1; text-align: center; color: var(--quiet); }
.modal > .close:hover { color: var(--ink); }
@media (max-width: 40rem) {
  .modal { inline-size: 100%; max-block-size: none; block-size: 100%; margin: 0; border: 0; border-radius: 0; }
}
@media (pointer: coarse) { .modal .bar { margin-block-end: 2.5rem; } }
@media (forced-colors: active) {
  .lens::before, .lens::after { border-color: ButtonText; }
}
@media (prefers-reduced-motion: no-preference) {
  .modal[open] { animation: unfold .12s ease-out; }
  @keyframes unfold { from { opacity: 0; translate: 0 -.375rem; } }
}
@media print { .opener { display: none; } }
`;

/**
 * @param {FoldSite} site
 * @returns {Fold}
 */
export function fold({ h, texts, host, root, page, input, keys: [shown, told] }) {
  const say = texts({ openSearch: "Search", closeSearch: "Close search", searchDialog: "Search papers" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(MODAL_STYLES);
  root.adoptedStyleSheets.push(sheet);
  const button = h("button", {
    class: "opener", part: "opener", type: "button", "aria-haspopup": "dialog", "aria-keyshortcuts": told || undefined, click: () => open(),
  }, h("slot", { name: "opener" },
    h("span", { class: "lens", "aria-hidden": "true" }),
    h("span", {}, host.getAttribute("placeholder") || say("openSearch")),
    shown && h("kbd", { "aria-hidden": "true" }, shown)));
  const dialog = h("dialog", { class: "modal", part: "dialog", "aria-label": say("searchDialog"), click: (/** @type {Event} */ event) => {
    // Beside the dialog lies what is behind it.
    if (event.target === dialog) dialog.close();
  } },
    page,
    h("button", { class: "close", part: "button", type: "button", "aria-label": say("closeSearch"), click: () => dialog.close() }, "×"));
  root.append(button, dialog);
  // The element's own keys, and some browsers, would empty the box first.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    dialog.close();
  });

  function open() {
    if (!dialog.open) dialog.showModal();
    input.focus();
    input.select();
  }
  return { open, close: () => dialog.close() };
}
