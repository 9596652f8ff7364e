// A search folded into a box: what it finds lies below it over the page, in the top layer, so that
// nothing around cuts it. Loaded when the box is used.

const BOX_STYLES = `
:host([mode="box"]) { background: none; }
.drop {
  position: absolute;
  inset: auto;
  margin: 0;
  padding: .875rem 1rem 1rem;
  overflow: hidden auto;
  overscroll-behavior: contain;
  container-type: inline-size;
  color: var(--ink);
  background: var(--paper);
  border: 1px solid var(--rule);
  border-radius: .5rem;
  box-shadow: 0 .5rem 2rem rgb(0 0 0 / .18);
}
.drop .bar { margin-block: 0 .875rem; font-size: .8125rem; line-height: 1.25rem; }
:host(:not([filters])) .controls, .ends, .next, .snippet { display: none; }
.drop li + li { margin-block-start: .75rem; padding-block-start: .75rem; border-block-start: 1px solid var(--rule); }
.drop h2 { font-size: 1rem; }
.drop .authors { margin: 0; line-height: 1.4; color: var(--quiet); }
.drop .foot, .drop .authors, .drop .divider { font-size: .8125rem; line-height: 1.25rem; }
.drop .abstract { font-size: .9375rem; }
.drop .divider { margin-block: 1rem .75rem; }
.drop .alert { margin: 0; }
.whole { margin-block-start: 1rem; }
`;

/** Least room below the box, in pixels, before the list goes to where there is more. */
const ROOM_BELOW = 240;

/** Between box, list and the window's edge. */
const GAP = 6;

/**
 * @param {FoldSite} site
 * @returns {Fold}
 */
export function fold({ h, texts, host, root, page, input, address }) {
  const say = texts({ allResults: "All results on their own page" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(BOX_STYLES);
  root.adoptedStyleSheets.push(sheet);
  const inner = /** @type {HTMLElement} */ (page.firstElementChild);
  const all = h("a", { part: "all" }, say("allResults"));
  const whole = h("p", { class: "foot whole" }, all);
  const drop = h("div", { class: "drop", part: "dropdown", popover: "manual" }, ...[...inner.children].slice(1), whole);
  inner.append(drop);
  const link = () => {
    all.href = address();
    whole.hidden = !input.value.trim();
  };
  host.addEventListener("results", link);

  /** Whether there is anything to show. */
  const full = () => input.value.trim() || host.querySelector(':scope > [slot="empty"]');

  /** Puts the list below the box, or above it where there is more room. */
  const settle = () => {
    const { left, right, top, bottom, width } = input.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const below = clientHeight - bottom;
    const above = below < ROOM_BELOW && top > below;
    const wide = Math.min(Math.max(width, 416), clientWidth - 2 * GAP);
    // Along the side of the box where lines begin, or the other where there is no room.
    const atLeft = getComputedStyle(host).direction === "rtl" ? right - wide < GAP : left + wide <= clientWidth - GAP;
    const start = atLeft ? left : right - wide;
    Object.assign(drop.style, {
      inlineSize: `${wide}px`,
      maxBlockSize: `${Math.min((above ? top : below) - 2 * GAP, 576)}px`,
      left: `${scrollX + Math.max(GAP, Math.min(start, clientWidth - wide - GAP))}px`,
      top: above ? "auto" : `${scrollY + bottom + GAP}px`,
      bottom: above ? `${clientHeight - scrollY - top + GAP}px` : "auto",
    });
  };

  /** Ends the listeners of an open list. @type {AbortController | undefined} */
  let life;
  const open = () => {
    if (life || !full()) return;
    life = new AbortController();
    const { signal } = life;
    link();
    // Before it is there, so that it makes no scroll bar.
    settle();
    drop.showPopover();
    addEventListener("resize", settle, { signal });
    addEventListener("scroll", settle, { capture: true, passive: true, signal });
    addEventListener("pointerdown", (event) => {
      if (!event.composedPath().includes(host)) close();
    }, { signal });
  };
  const close = () => {
    if (life && drop.isConnected) drop.hidePopover();
    life?.abort();
    life = undefined;
  };

  input.addEventListener("focus", open);
  input.addEventListener("click", open);
  input.addEventListener("input", () => (full() ? open() : close()));
  host.addEventListener("focusout", ({ relatedTarget }) => {
    // A window that loses its focus closes nothing.
    if (relatedTarget && !host.contains(/** @type {Node} */ (relatedTarget))) close();
  });
  // Before the element's own keys, of which this one empties the box.
  page.addEventListener("keydown", (event) => {
    const { key, isComposing } = event;
    if (key === "ArrowDown") open();
    if (key !== "Escape" || isComposing || !life) return;
    event.preventDefault();
    event.stopPropagation();
    input.focus();
    close();
  });
  if (root.activeElement === input) open();
  return {
    open() {
      input.focus();
      open();
    },
    close,
  };
}
