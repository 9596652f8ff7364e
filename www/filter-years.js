// The years: papers in each as bars, of which a range can be taken, and the range as two numbers.

import { h } from "./dom.js";
import { papersShown, yearsText } from "./filter-fields.js";
import { say } from "./filter-texts.js";

/** Bars at most; beyond, each stands for several years. */
const MOST_BARS = 90;

/** How long a number must stand before it counts, in milliseconds: years are typed digit by digit. */
const REST = 500;

export class YearField {
  #changed;
  #bars = h("div", {
    class: "bars", role: "img",
    pointerdown: (/** @type {PointerEvent} */ event) => this.#press(event),
    pointermove: (/** @type {PointerEvent} */ event) => this.#move(event),
    pointerup: () => this.#release(),
    pointercancel: () => this.#drop(),
    pointerleave: () => this.#drag || this.#tell(),
  });
  #caption = h("p", { class: "quiet caption", "aria-hidden": "true" });
  #from = this.#input(say("fromYear"));
  #to = this.#input(say("toYear"));
  element = h("fieldset", { class: "years" }, h("legend", {}, say("year")), this.#bars, this.#caption,
    h("div", { class: "range" }, this.#from, h("span", { "aria-hidden": "true" }, "–"), this.#to));

  /** Papers of each bar, from the first year on. @type {number[]} */
  #counts = [];
  #first = 0;
  #last = 0;
  /** Years in a bar. */
  #step = 1;
  /** @type {Facet | undefined} */
  #facet;
  /** The bars between which the pointer is dragged. @type {[number, number] | undefined} */
  #drag;
  #timer = 0;

  /** @param {(from: string, to: string) => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * @param {Facet | undefined} facet
   * @param {Filters} filters
   */
  show(facet, { from = "", to = "" }) {
    const years = facet?.values.map(({ value, count }) => ({ year: +value, count })) ?? [];
    this.element.hidden = !years.length && !from && !to;
    this.#facet = facet;
    // What is being typed is not overwritten.
    if (!this.#timer) [this.#from.value, this.#to.value] = [from.slice(0, 4), to.slice(0, 4)];
    if (years.length) {
      // The bars stay where they are while the query changes.
      const all = [this.#first, this.#last, +from.slice(0, 4), +to.slice(0, 4), ...years.map(({ year }) => year)].filter(Boolean);
      this.#first = Math.min(...all);
      this.#last = Math.max(...all);
      this.#step = Math.ceil((this.#last - this.#first + 1) / MOST_BARS);
      this.#counts = Array(Math.floor((this.#last - this.#first) / this.#step) + 1).fill(0);
      for (const { year, count } of years) this.#counts[Math.floor((year - this.#first) / this.#step)] += count;
      for (const input of [this.#from, this.#to]) [input.min, input.max] = [`${this.#first}`, `${this.#last}`];
      [this.#from.placeholder, this.#to.placeholder] = [`${this.#first}`, `${this.#last}`];
    } else if (facet) {
      this.#counts = [];
    }
    this.#draw();
  }

  #draw() {
    const most = Math.max(1, ...this.#counts);
    while (this.#bars.children.length > this.#counts.length) this.#bars.lastChild?.remove();
    while (this.#bars.children.length < this.#counts.length) this.#bars.append(h("span"));
    const [start, end] = this.#range();
    this.#counts.forEach((count, place) => {
      const bar = /** @type {HTMLElement} */ (this.#bars.children[place]);
      bar.style.blockSize = count ? `max(2px, ${(100 * count) / most}%)` : "0";
      bar.classList.toggle("out", place < start || place > end);
    });
    this.#bars.hidden = this.#counts.length < 2;
    const peak = this.#counts.indexOf(most);
    this.#bars.setAttribute("aria-label", say("byYear", {
      years: yearsText(`${this.#first}`, `${this.#last}`), peak: this.#years(peak, peak), papers: this.#papers(peak, peak),
    }));
    if (!this.#drag) this.#tell();
  }

  /** The bars that are taken, by the pointer or by the numbers. @returns {[number, number]} */
  #range() {
    if (this.#drag) return [Math.min(...this.#drag), Math.max(...this.#drag)];
    const place = (/** @type {string} */ year) => Math.floor((+year - this.#first) / this.#step);
    return [this.#from.value ? place(this.#from.value) : 0, this.#to.value ? place(this.#to.value) : Infinity];
  }

  /** @param {number} start @param {number} end */
  #years(start, end) {
    const last = this.#first + (end + 1) * this.#step - 1;
    return yearsText(`${this.#first + start * this.#step}`, `${Math.min(last, this.#last)}`);
  }

  /** @param {number} start @param {number} end */
  #papers(start, end) {
    let sum = 0;
    for (let place = Math.max(0, start); place <= end && place < this.#counts.length; place++) sum += this.#counts[place] ?? 0;
    return papersShown(sum, this.#facet?.exact);
  }

  /** @param {number} [place] a bar; without, the range is told */
  #tell(place) {
    const range = this.#range();
    const [start, end] = this.#drag || place === undefined ? range : [place, place];
    const bounded = this.#drag || place !== undefined;
    this.#caption.textContent = bounded ? say("yearsCount", { years: this.#years(start, end), papers: this.#papers(start, end) }) : this.#papers(start, end);
    this.#caption.hidden = this.#bars.hidden;
  }

  /** @param {PointerEvent} event */
  #at({ clientX }) {
    const { left, width } = this.#bars.getBoundingClientRect();
    const part = (clientX - left) / width;
    const along = getComputedStyle(this.#bars).direction === "rtl" ? 1 - part : part;
    return Math.max(0, Math.min(this.#counts.length - 1, Math.floor(along * this.#counts.length)));
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button) return;
    event.preventDefault();
    this.#bars.setPointerCapture(event.pointerId);
    const place = this.#at(event);
    this.#drag = [place, place];
    this.#draw();
    this.#tell();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const place = this.#at(event);
    if (this.#drag) {
      this.#drag[1] = place;
      this.#draw();
    }
    this.#tell(place);
  }

  #release() {
    if (!this.#drag) return;
    const [start, end] = this.#range();
    this.#drop();
    const { from, to } = this.#bounds(start, end);
    // A second press on what is taken lets it go.
    if (from === this.#from.value && to === this.#to.value) this.#changed("", "");
    else this.#changed(from, to);
  }

  #drop() {
    this.#drag = undefined;
    this.#draw();
  }

  /** @param {number} start @param {number} end */
  #bounds(start, end) {
    const from = this.#first + start * this.#step;
    return { from: `${from}`, to: `${Math.min(this.#last, this.#first + (end + 1) * this.#step - 1)}` };
  }

  /** @param {string} label */
  #input(label) {
    return h("input", {
      type: "number", inputmode: "numeric", "aria-label": label,
      input: () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#take(), REST);
        this.#draw();
      },
      blur: () => this.#timer && this.#take(),
      keydown: (/** @type {KeyboardEvent} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.target);
        if (event.key === "Enter") this.#take();
        // An empty end begins where the bars do.
        else if (/^Arrow(Up|Down)$/.test(event.key) && !input.value) input.value = input.placeholder;
      },
    });
  }

  /** Takes what the numbers say, once they are whole years. */
  #take() {
    clearTimeout(this.#timer);
    const typed = this.#timer !== 0;
    this.#timer = 0;
    let [from, to] = [this.#from.value, this.#to.value];
    if (!typed || [from, to].some((year) => year && !/^[1-9]\d{3}$/.test(year))) return;
    // One end pushes the other along.
    if (from && to && +from > +to) [from, to] = this.#to.matches(":focus") ? [to, to] : [from, from];
    this.#changed(from, to);
  }
}
