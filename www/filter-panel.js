// The panel of filters: beside the results where there is room, else a sheet above them. It comes
// with the chips of what is set, and with what to do where nothing is left.

import { papers } from "./counts.js";
import { h } from "./dom.js";
import { facetsFor, fieldOf, FIELDS, isLarge, settings, withValue, withoutField } from "./filter-fields.js";
import { FILTER_STYLES } from "./filter-styles.js";
import { say } from "./filter-texts.js";
import { ValueField } from "./filter-values.js";
import { YearField } from "./filter-years.js";

/** The least width of the element, in units of the text, where the panel stands beside results. */
const ROOM = 52;

export class FilterPanel {
  #site;
  /** @type {Filters} */
  #filters = {};
  /** What was counted last, by field. @type {Map<string, Facet>} */
  #facets = new Map();
  /** @type {Map<string, { element: HTMLElement, show: (facet: Facet | undefined, filters: Filters) => void }>} */
  #shown = new Map();
  /** Whether papers have authors, as far as was seen. @type {boolean | undefined} */
  #named;
  #body = h("div", { class: "fields" });
  #trouble = h("p", { class: "quiet", role: "status" });
  /** Whether all is counted, whatever it takes. */
  #whole = false;
  #rest = h("button", { class: "link", part: "button", type: "button", hidden: true, click: () => {
    this.#whole = this.#rest.hidden = true;
    this.#panel.querySelector("h2")?.focus();
    this.refresh();
  } }, say("countRest"));
  #done = h("button", { class: "next done", part: "button", type: "button", click: () => this.close() }, say("showPapers"));
  #clear = h("button", { class: "link", part: "button", type: "button", hidden: true, click: () => this.#clearAll() }, say("clearAll"));
  #panel = h("section", { class: "side", part: "filters", "aria-labelledby": "side" },
    h("div", { class: "head" },
      h("h2", { id: "side", tabindex: "-1" }, say("filtersTitle")),
      this.#clear,
      h("button", { class: "close", part: "button", type: "button", "aria-label": say("filtersClose"), click: () => this.close() }, "×")),
    this.#trouble,
    this.#body,
    this.#rest,
    this.#done);
  #sheet = h("dialog", { class: "sheet", "aria-labelledby": "side", close: () => this.#panel.parentNode === this.#sheet && this.close(), click: (/** @type {Event} */ event) => {
    // Beside the panel lies what is behind it.
    if (event.target === this.#sheet) this.#sheet.close();
  } });
  #resized = () => this.#place();
  isOpen = false;

  /** @param {FilterSite} site */
  constructor(site) {
    this.#site = site;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(FILTER_STYLES);
    site.root.adoptedStyleSheets.push(sheet);
    site.root.append(this.#sheet);
    for (const spec of FIELDS) {
      const { field, filter } = spec;
      if (site.offered && !site.offered.includes(field)) continue;
      if (filter) {
        const values = new ValueField(spec, (value, wanted) => site.apply(withValue(this.#filters, filter, value, wanted)));
        this.#shown.set(field, { element: values.element, show: (facet, filters) => values.show(facet, filters[filter] ?? [], this.#named !== false) });
      } else {
        const years = new YearField((from, to) => {
          site.apply({ ...(from && { from }), ...(to && { to }), ...withoutField(this.#filters, spec) });
        });
        this.#shown.set(field, { element: years.element, show: (facet, filters) => years.show(facet, filters) });
      }
    }
    this.#body.append(...[...this.#shown.values()].map(({ element }) => element));
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#sheet.open) {
        event.preventDefault();
        this.close();
      }
      // Keys here are not those of the results.
      event.stopPropagation();
    });
  }

  /** The facets that a request is to ask for. @returns {Field[]} */
  get fields() {
    return facetsFor(this.#site.papers(), this.#whole).filter((facet) => this.#shown.has(fieldOf(facet)));
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.#open();
  }

  #open() {
    this.isOpen = true;
    // A page around may make room now.
    this.#site.host.dataset.filters = "";
    this.#site.button.setAttribute("aria-expanded", "true");
    this.#draw();
    this.#place();
    this.#rest.hidden = this.#whole || !isLarge(this.#site.papers());
    addEventListener("resize", this.#resized);
    this.refresh();
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    removeEventListener("resize", this.#resized);
    const { host, page, button } = this.#site;
    delete host.dataset.filters;
    page.classList.remove("beside");
    button.setAttribute("aria-expanded", "false");
    this.#sheet.close();
    this.#panel.remove();
    button.focus();
  }

  /** Puts the panel where there is room for it. */
  #place() {
    const { host, page } = this.#site;
    const beside = !page.classList.contains("narrow") && host.clientWidth >= ROOM * parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (this.#panel.isConnected && beside !== this.#sheet.open) return;
    page.classList.toggle("beside", beside);
    if (beside) {
      page.append(this.#panel);
      this.#sheet.close();
    } else {
      this.#sheet.append(this.#panel);
      this.#sheet.showModal();
    }
    /** @type {HTMLElement | null} */ (this.#panel.querySelector("h2"))?.focus({ preventScroll: true });
  }

  /**
   * Shows which filters are set.
   * @param {Filters} filters
   */
  show(filters) {
    const changed = filters !== this.#filters;
    this.#filters = filters;
    this.#draw();
    if (changed) this.#chips();
  }

  #draw() {
    const set = settings(this.#filters).length > 0;
    // The focus does not vanish with the button.
    if (!set && this.#clear.matches(":focus")) /** @type {HTMLElement | null} */ (this.#panel.querySelector("h2"))?.focus();
    this.#clear.hidden = !set;
    if (!this.isOpen) return;
    for (const [field, { show }] of this.#shown) show(this.#facets.get(field), this.#filters);
  }

  /** Counts anew what is shown. */
  async refresh() {
    try {
      // A few lines tell whether papers have authors.
      this.counted(await this.#site.count({ facets: this.fields, limit: this.#named === undefined ? 5 : 0 }));
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      if (code !== "aborted") this.#trouble.textContent = say("uncounted", { reason: message });
    }
  }

  /** @param {Answer} answer */
  counted(answer) {
    const { facets, hits, total, settled } = answer;
    if (hits.length) this.#named ||= hits.some((hit) => hit.author_count > 0);
    if (facets.length) {
      this.#trouble.textContent = "";
      this.#facets = new Map(facets.map((facet) => [fieldOf(facet.field), facet]));
      this.#done.textContent = answer.exact ? say("showCount", { papers: papers(total) }) : say("showPapers");
      this.#draw();
    }
    if (!total && settled && settings(this.#filters).length) this.#hint(answer);
    else this.#site.hints.hidden = true;
  }

  #clearAll() {
    this.#site.apply({});
  }

  #chips() {
    const { chips, root, button } = this.#site;
    const set = settings(this.#filters);
    const before = [...chips.querySelectorAll("button")].indexOf(/** @type {any} */ (root.activeElement));
    const made = set.map(({ spec, text, others }) => h("li", {}, h("button", {
      class: "chip", part: "chip", type: "button", "aria-label": say("removeFilter", { field: spec.noun, value: text }), click: () => this.#site.apply(others),
    }, h("span", { class: "quiet" }, spec.title), " ", h("span", { dir: "auto" }, text), h("span", { class: "cross", "aria-hidden": "true" }, "×"))));
    chips.replaceChildren(
      h("ul", { "aria-label": say("filtersSetNow") }, ...made),
      set.length > 1 && h("button", { class: "link", part: "button", type: "button", click: () => this.#clearAll() }, say("clearAll")) || "",
    );
    chips.hidden = !set.length;
    // The focus goes on to the chip that stands there now.
    if (before >= 0) {
      const now = chips.querySelectorAll("button");
      (now[Math.min(before, set.length - 1)] ?? button).focus();
    }
  }

  /**
   * Says without which filter there would be papers.
   * @param {Answer} answer
   */
  async #hint({ query }) {
    const { hints, count } = this.#site;
    const filters = this.#filters;
    const set = settings(filters);
    /** @type {Map<string, number>} */
    const left = new Map();
    try {
      // A facet counts papers that pass every filter but its own.
      const wanted = facetsFor(Infinity, true).filter((facet) => set.some(({ spec }) => spec.field === fieldOf(facet)));
      for (const { field, total } of (await count({ facets: wanted })).facets) left.set(fieldOf(field), total);
    } catch {
      // All can be cleared without knowing what that brings.
    }
    if (filters !== this.#filters) return;
    // The focus does not vanish with the offers.
    const offer = (/** @type {string} */ text, /** @type {Filters} */ wanted) => h("button", { class: "link", part: "button", type: "button", click: () => {
      this.#site.button.focus();
      this.#site.apply(wanted);
    } }, text);
    const fields = new Set(set.map(({ spec }) => spec));
    const offers = [...fields].flatMap((spec) => {
      const total = left.get(spec.field);
      if (fields.size < 2 || !total) return [];
      return [offer(say("without", { any: spec.any, papers: papers(total) }), withoutField(filters, spec))];
    });
    const every = fields.size === 1 ? left.get([...fields][0]?.field ?? "") : undefined;
    hints.replaceChildren(
      ...offers,
      offer(every ? say("clearFor", { papers: papers(every) }) : say(query.trim() ? "clear" : "toStart"), {}),
    );
    hints.hidden = false;
  }
}
