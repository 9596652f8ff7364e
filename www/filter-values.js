// The values of a field, each with a box to tick and the number of papers that have it.

import { h } from "./dom.js";
import { counted } from "./filter-fields.js";
import { say } from "./filter-texts.js";

/** How many values stand there at first. */
const FIRST_VALUES = 8;

/** How many stand there at most; what is not among them is found by typing. */
const MOST_VALUES = 200;

/** Distinguishes the ids of boxes. */
let fieldNumber = 0;

/**
 * Makes children of an element these, moving no more of them than need be: what has the focus
 * keeps it.
 * @param {Element} parent
 * @param {Element[]} children
 */
function arrange(parent, children) {
  for (const child of [...parent.children]) if (!children.includes(child)) child.remove();
  children.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
}

export class ValueField {
  #spec;
  #changed;
  /** @type {Map<string, { label: HTMLElement, box: HTMLInputElement, count: HTMLElement }>} */
  #rows = new Map();
  #list = h("div", { class: "values" });
  #note = h("p", { class: "quiet" });
  #all = h("button", { class: "link", type: "button", "aria-expanded": "false", click: () => this.#unfold() });
  #narrow;
  /** @type {Facet | undefined} */
  #facet;
  /** @type {string[]} */
  #chosen = [];
  /** Values that have what is typed in them. @type {string[]} */
  #fitting = [];
  #unfolded = false;
  element;

  /**
   * @param {import("./filter-fields.js").FieldSpec} spec
   * @param {(value: string, wanted: boolean) => void} changed
   */
  constructor(spec, changed) {
    this.#spec = spec;
    this.#changed = changed;
    const id = `f${++fieldNumber}`;
    const find = say("findValue", { field: spec.noun });
    this.#narrow = h("input", {
      id, type: "search", autocomplete: "off", spellcheck: "false", hidden: !spec.typed,
      placeholder: spec.typed ? say("name") : find, "aria-label": spec.typed ? say("authorName") : find,
      input: () => this.#draw(), keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.element = h("fieldset", {}, h("legend", {}, spec.title), this.#narrow, this.#list, this.#all, this.#note);
  }

  /**
   * @param {Facet | undefined} facet what was counted, if it was
   * @param {string[]} chosen
   * @param {boolean} named whether any paper has an author
   */
  show(facet, chosen, named) {
    this.#facet = facet;
    this.#chosen = chosen;
    this.element.hidden = !(this.#spec.typed && named) && !chosen.length && !facet?.values.length;
    this.#draw();
  }

  #draw() {
    const { names, typed } = this.#spec;
    const counts = new Map(this.#facet?.values.map(({ value, count }) => [value, count]));
    const sought = this.#narrow.value.trim().toLowerCase();
    const fits = (/** @type {string} */ value) => (names?.[value] ?? value).toLowerCase().includes(sought);
    // Names have an order of their own; what is chosen has a box even where no paper has it.
    const known = names ? Object.keys(names).filter((value) => counts.has(value)) : [...counts.keys()];
    const fitting = (this.#fitting = known.filter(fits));
    const shown = fitting.slice(0, this.#unfolded || sought ? MOST_VALUES : FIRST_VALUES);
    for (const value of this.#chosen) if (!shown.includes(value)) shown.push(value);
    arrange(this.#list, shown.map((value) => this.#row(value, counts.get(value))));

    const rest = fitting.length - shown.length;
    const primary = this.#facet?.field === "primary";
    this.#note.textContent = sought && !fitting.length && !typed ? say("nothingFits")
      : this.#unfolded && rest > 0 ? say("typeToFind", { n: rest })
      : primary ? say("byFirst")
      : this.#facet?.complete === false ? say("oftenOnly")
      : "";
    this.#all.textContent = this.#unfolded ? say("showFewer") : say("showAll", { n: known.length });
    this.#all.hidden = known.length <= FIRST_VALUES || sought !== "";
    this.#all.setAttribute("aria-expanded", `${this.#unfolded}`);
    this.#narrow.hidden = !typed && !this.#unfolded;
  }

  /**
   * @param {string} value
   * @param {number | undefined} number
   */
  #row(value, number) {
    let row = this.#rows.get(value);
    if (!row) {
      const box = h("input", { type: "checkbox", change: () => this.#changed(value, box.checked) });
      const count = h("span", { class: "number" });
      const label = h("label", {}, box, h("span", { dir: "auto" }, this.#spec.names?.[value] ?? value), count);
      this.#rows.set(value, (row = { label, box, count }));
    }
    row.box.checked = this.#chosen.includes(value);
    const facet = this.#facet;
    const how = !facet?.exact ? "some" : facet.field === "primary" ? "least" : "count";
    const [shown, said] = counted(number ?? 0, how);
    // Where nothing was counted, there is nothing to say.
    row.count.replaceChildren(...(facet ? [h("span", { "aria-hidden": "true" }, shown), h("span", { class: "unseen" }, said)] : []));
    return row.label;
  }

  #unfold() {
    this.#unfolded = !this.#unfolded;
    this.#narrow.value = this.#spec.typed ? this.#narrow.value : "";
    this.#draw();
    if (this.#unfolded) this.#narrow.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape" && this.#narrow.value) {
      this.#narrow.value = "";
      this.#draw();
    } else if (event.key === "Enter" && this.#narrow.value.trim()) {
      const sought = this.#narrow.value.trim();
      const value = this.#fitting.length === 1 ? this.#fitting[0] : this.#spec.typed ? sought : undefined;
      if (!value) return;
      this.#narrow.value = "";
      this.#changed(value, true);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
