// The view of lists: it stands in place of the results.

import { h } from "./dom.js";
import { OWN, SHARED } from "./lists-link.js";
import { fillPanel } from "./lists-panel.js";
import { ownList, sharedList, shelf } from "./lists-places.js";
import { tell } from "./lists-say.js";
import { LIST_STYLES } from "./lists-styles.js";

export class ListView {
  #lists;
  #back = h("button", { class: "link", part: "button", type: "button", click: () => this.#up() });
  #name = h("bdi");
  #heading = h("h2", { id: "lists", tabindex: -1 }, this.#name);
  #body = h("div");
  element = h("section", { class: "lists", part: "lists-view", "aria-labelledby": "lists", hidden: true }, h("p", { class: "small" }, this.#back), this.#heading, this.#body);
  #shown = "";
  /** @type {import("./lists-places.js").ShownPlace | undefined} */
  #place;

  /** @param {import("./lists.js").Lists} lists */
  constructor(lists) {
    this.#lists = lists;
    const { site, store } = lists;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LIST_STYLES);
    site.root.adoptedStyleSheets.push(sheet);
    site.page.append(this.element);
    store.addEventListener("change", () => this.#draw());
    this.element.addEventListener("keydown", (event) => {
      // Keys here are not those of the results.
      event.stopPropagation();
      const { key, isComposing, altKey, ctrlKey, metaKey } = event;
      if (key !== "Escape" || isComposing || altKey || ctrlKey || metaKey) return;
      event.preventDefault();
      const at = site.root.activeElement;
      if (at instanceof HTMLTextAreaElement) return at.blur();
      if (at instanceof HTMLInputElement && at.type === "search" && at.value) {
        at.value = "";
        at.dispatchEvent(new InputEvent("input", { bubbles: true }));
      } else {
        this.#up();
      }
    });
  }

  /** Whether the place is below that of all lists. */
  get #below() {
    return this.#shown.startsWith(OWN) && this.#shown !== OWN;
  }

  #up() {
    this.#lists.go(this.#below ? OWN : "");
  }

  /** @param {string} fragment */
  show(fragment) {
    const { page, button } = this.#lists.site;
    if (fragment === this.#shown) return;
    const focused = this.element.contains(this.#lists.site.root.activeElement);
    this.#shown = fragment;
    this.element.hidden = !fragment;
    page.parentElement?.classList.toggle("listing", !!fragment);
    if (!fragment) {
      this.#place = undefined;
      this.#body.replaceChildren();
      if (focused) button.focus();
      return;
    }
    if (fragment.startsWith(SHARED)) this.#place = sharedList(this.#lists, fragment);
    else {
      let key = fragment.slice(OWN.length);
      try {
        key = decodeURIComponent(key);
      } catch {
        // No list is called so.
      }
      this.#place = (key && ownList(this.#lists, key)) || shelf(this.#lists);
    }
    this.#body.replaceChildren(this.#place.element);
    this.#back.textContent = tell(this.#below ? "allLists" : "backToSearch");
    this.#draw();
    scrollTo({ top: Math.min(scrollY, page.getBoundingClientRect().top + scrollY), behavior: "instant" });
    this.#heading.focus({ preventScroll: true });
  }

  #draw() {
    if (!this.#place) return;
    this.#place.draw();
    this.#name.textContent = this.#place.title;
  }

  /** @returns {boolean} whether there was something to focus */
  focus() {
    if (this.#place) this.#heading.focus({ preventScroll: true });
    return this.#place !== undefined;
  }

  /**
   * Shows which lists a paper of the results is in.
   * @param {HTMLElement} place
   * @param {import("./lists-edits.js").Snapshot} snapshot
   */
  fill(place, snapshot) {
    fillPanel(this.#lists, place, snapshot);
  }
}
