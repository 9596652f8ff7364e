// The search box.

import { h } from "./dom.js";
import { say } from "./page-texts.js";

export class SearchBox {
  input;
  element;
  #key = h("kbd", { "aria-hidden": "true" });

  /**
   * @param {() => void} typed
   * @param {() => void} committed
   */
  constructor(typed, committed) {
    this.input = h("input", {
      id: "q", part: "input", type: "search", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      enterkeyhint: "search", placeholder: say("searchPapers"), input: typed,
    });
    this.element = h("form", { class: "box", role: "search", part: "form", submit: (/** @type {Event} */ event) => {
      event.preventDefault();
      committed();
      // The keyboard of a phone covers the results.
      if (matchMedia("(pointer: coarse)").matches) this.input.blur();
    } },
      h("label", { for: "q", class: "unseen" }, say("searchPapers")),
      this.input,
      this.#key,
      h("div", { class: "progress" }));
  }

  /**
   * Tells with which keys one comes here.
   * @param {string} shown
   * @param {string} told
   */
  hint(shown, told) {
    this.#key.textContent = shown;
    this.input.setAttribute("aria-keyshortcuts", told);
  }

  /** The text; "" where there is nothing to search for. */
  get query() {
    return this.input.value.trim() && this.input.value;
  }
}
