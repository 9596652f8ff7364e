// What stands between the box and the results: the button of the filters, the order, the count,
// and what else could be searched for.

import { h, linkButton } from "./dom.js";
import { countFilters } from "./filters.js";
import { say } from "./page-texts.js";
import { SORTS, countLine, listed } from "./words.js";

export class Controls {
  filters = h("button", { class: "quietly funnel", part: "button", type: "button", "aria-expanded": "false" });
  lists = h("button", { class: "quietly", part: "button", type: "button" }, say("lists"));
  /** Filters that are set; filled by the panel's module. */
  chips = h("div", { class: "chips", part: "chips", hidden: true });
  /** Which filter leaves nothing; filled by the panel's module. */
  hints = h("div", { class: "other", hidden: true });
  #sort = h("select", { id: "sort", class: "quietly", part: "sort" }, ...SORTS.map((value) => h("option", { value }, say(value))));
  #count = h("p", { class: "count", part: "count", role: "status" });
  /** Shown even while it is empty: what comes is read out. */
  #other = h("p", { class: "other", part: "other", role: "status" });
  /** What the query may become. */
  #ends = h("p", { class: "ends", part: "suggestions", role: "group", "aria-label": say("suggestions"), hidden: true });
  element = h("div", { class: "bar" },
    h("div", { class: "controls" },
      this.filters,
      h("span", {}, h("label", { for: "sort", class: "unseen" }, say("order")), this.#sort),
      this.lists),
    this.chips,
    this.#count,
    this.#other,
    this.hints,
    this.#ends);

  /**
   * @param {() => void} toggled
   * @param {(sort: Sort) => void} sorted
   * @param {() => void} listed
   */
  constructor(toggled, sorted, listed) {
    this.lists.addEventListener("click", listed);
    this.filters.addEventListener("click", toggled);
    this.#sort.addEventListener("change", () => sorted(/** @type {Sort} */ (this.#sort.value)));
  }

  /**
   * @param {View} view
   * @param {Sort} usual the order where none is chosen
   */
  show({ query, filters, sort }, usual) {
    const set = countFilters(filters);
    this.filters.replaceChildren(say("filters"), set ? h("span", { class: "number" }, h("span", { class: "unseen" }, say("filtersSet")), `${set}`) : "");
    // Papers that no words were searched for have no relevance.
    const [first] = this.#sort.options;
    first.disabled = first.hidden = !query && set > 0;
    first.text = say(query ? "relevance" : sort ? "startPage" : "browse");
    this.#sort.value = sort ?? (query ? usual : set ? "newest" : "relevance");
    // Room for what the module brings.
    this.chips.hidden = !set;
    this.hints.hidden = true;
  }

  /**
   * @param {string} text
   * @param {boolean} [later] not shown unless it stands for a while
   */
  say(text, later = false) {
    this.#count.classList.toggle("later", later);
    this.#count.textContent = text;
  }

  /**
   * @param {Answer} answer
   * @param {Filters} filters
   */
  count(answer, filters) {
    this.say(countLine(answer, countFilters(filters) > 0));
  }

  /**
   * Says what was searched for in the place of misspelt words, and offers what else could be: words
   * as they were typed, or fewer of them.
   * @param {Answer} answer
   * @param {(query: string, literal: boolean) => void} search
   */
  offer({ query, searched, missing, without }, search) {
    /**
     * @param {string} text
     * @param {boolean} literal
     */
    const offer = (text, literal) => linkButton(say(literal ? "searchInstead" : "searchFor", { query: text.trim() }), () => search(text, literal));
    this.#other.replaceChildren();
    if (searched !== query) this.#other.append(h("span", {}, say("corrected", { query: searched.trim() })), offer(query, true));
    if (missing.length && without.trim()) {
      this.#other.append(
        h("span", {}, say("absent", { words: listed(missing), n: missing.length })),
        offer(without, false));
    }
  }

  /**
   * @param {"words" | "topics"} kind what they are
   * @param {{ text: string, take: () => void }[]} ends
   */
  suggest(kind, ends) {
    const focused = this.#ends.matches(":focus-within");
    this.#ends.replaceChildren(say(kind), ...ends.map(({ text, take }) => linkButton(text, take)));
    this.#ends.hidden = !ends.length;
    if (focused) this.#ends.querySelector("button")?.focus();
  }

  clear() {
    this.#other.replaceChildren();
    this.say("");
  }
}
