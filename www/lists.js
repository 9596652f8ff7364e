// Stars on result lines. This module comes while a reader rests; the views of lists and of days
// (`#listed=`) come when they are asked for.

import { h } from "./dom.js";
import { told } from "./errors.js";
import { STARRED, adding, keeping, lineSnapshot, paperSnapshot, removing } from "./lists-edits.js";
import { ListStore } from "./lists-store.js";
import { STAR_STYLES } from "./lists-star-styles.js";
import { starSay } from "./lists-words.js";

/** Elements that search the same collection share it. @type {Map<string, ListStore>} */
const stores = new Map();

/** How long messages stay, in milliseconds: those with something to undo, and others. */
const LONG = 30000;
const SHORT = 6000;

const SVG = "http://www.w3.org/2000/svg";

/** The modules of what stands in place of results. */
const VIEWS = { lists: "lists-view.js", days: "days.js" };

/** @returns {SVGElement} */
function starIcon() {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M12 3.5l2.6 5.6 6.1.7-4.5 4.2 1.2 6-5.4-3-5.4 3 1.2-6-4.5-4.2 6.1-.7z");
  icon.append(path);
  return icon;
}

export class Lists {
  store;
  site;
  /** Its address. */
  collection;
  #toast = h("div", { class: "toast", part: "message", role: "status" });
  #timer = 0;
  /** Whether the reader knows where nothing is kept. */
  #warned = false;
  #life = new AbortController();
  /** @type {Views} */
  #views = {};
  #tries = 0;
  /** What is to be shown, once it can be. */
  #wanted = "";

  /** @param {ListSite} site */
  constructor(site) {
    this.site = site;
    this.#toast.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.#toast.replaceChildren();
      this.#focus();
    });
    const { url } = site.collection();
    this.collection = url;
    this.store = stores.get(url) ?? new ListStore(url);
    stores.set(url, this.store);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STAR_STYLES);
    site.root.adoptedStyleSheets.push(sheet);
    site.root.append(this.#toast);
    this.store.addEventListener("change", () => this.#draw(), { signal: this.#life.signal });
    this.store.ready.then(() => {
      if (!this.#life.signal.aborted) for (const line of this.#lines) this.dress(line);
    });
  }

  /** All lines with a star. */
  get #lines() {
    return [...this.site.results.lines, ...(this.#views.days?.lines ?? [])];
  }

  /** Gives the focus that a message had to what is shown. */
  #focus() {
    if (!this.#views.days?.focus() && !this.#views.lists?.focus()) this.site.focus();
  }

  /**
   * Gives a line its star, and what is shown of a paper the button for its lists.
   * @param {Line} line
   */
  dress(line) {
    const { hit, item, title, panel } = line;
    if (!item.querySelector(".star")) {
      const id = `${title.id}s`;
      const star = h("button", {
        class: "star", part: "star", type: "button", id, "aria-label": starSay("star"), "aria-labelledby": `${id} ${title.id}`, "data-id": hit.id,
        click: () => this.#toggle(hit),
      });
      star.append(starIcon());
      title.parentElement?.after(star);
      this.#press(star);
    }
    const links = panel.querySelector(".foot");
    if (!links || panel.querySelector("[part=paper-lists]")) return;
    const place = h("div", { part: "paper-lists", id: `${panel.id}l`, hidden: true });
    const button = h("button", {
      class: "more", part: "button", type: "button", "aria-expanded": "false", "aria-controls": place.id, click: async () => {
        place.hidden = !place.hidden;
        button.setAttribute("aria-expanded", `${!place.hidden}`);
        if (place.hidden || place.firstChild) return;
        // It was read for what is shown above.
        const snapshot = await this.site.paper(hit.doc).then(({ paper }) => paperSnapshot(paper), () => lineSnapshot(hit));
        await this.#load("lists", (view) => view.fill(place, snapshot));
      },
    }, starSay("listsOf"));
    links.append(button);
    links.after(place);
  }

  /** @param {HTMLElement} star */
  #press(star) {
    const papers = this.store.lists.get(STARRED)?.papers ?? [];
    star.setAttribute("aria-pressed", `${papers.some(({ id }) => id === star.dataset.id)}`);
  }

  #draw() {
    for (const { item } of this.#lines) {
      /** @type {HTMLElement | null} */
      const star = item.querySelector(".star");
      if (star) this.#press(star);
    }
  }

  /** @param {Hit} hit */
  async #toggle(hit) {
    const { id, doc } = hit;
    const list = this.store.lists.get(STARRED);
    if (list?.papers.some((entry) => entry.id === id)) {
      await this.save([removing(STARRED, new Set([id]))], [id]);
      return;
    }
    const entry = { id, added: Date.now() };
    const saved = await this.save([keeping(lineSnapshot(hit)), adding({ key: STARRED, name: "", made: entry.added }, [entry])]);
    // The line says less than a citation needs.
    if (saved) this.site.paper(doc).then(({ paper }) => this.store.change([keeping(paperSnapshot(paper))])).catch(() => {});
  }

  /**
   * Changes what is kept; says so where it cannot be.
   * @param {import("./lists-edits.js").Edit[]} edits
   * @param {Iterable<string>} [dropped]
   * @returns {Promise<boolean>} whether it is kept now
   */
  async save(edits, dropped) {
    try {
      await this.store.change(edits, dropped);
    } catch (error) {
      const { name, message } = /** @type {any} */ (error) ?? {};
      this.say(name === "QuotaExceededError" ? starSay("storageFull") : starSay("notSaved", { why: message ?? name ?? "" }), undefined, true);
      return false;
    }
    if (this.warning && !this.#warned) {
      this.#warned = true;
      this.say(this.warning, undefined, true);
    }
    return true;
  }

  /** Said where nothing is kept; "" elsewhere. */
  get warning() {
    return this.store.lasting ? "" : starSay("notKept");
  }

  /**
   * @param {string} text
   * @param {() => void} [undo]
   * @param {boolean} [stays] until it is dismissed
   */
  say(text, undo, stays = false) {
    clearTimeout(this.#timer);
    const inside = () => this.#toast.contains(this.site.root.activeElement);
    const close = () => {
      const focused = inside();
      this.#toast.replaceChildren();
      if (focused) this.#focus();
    };
    const button = (undo || stays) && h("button", { part: "button", type: "button", click: () => {
      close();
      undo?.();
    } }, starSay(undo ? "undo" : "dismiss"));
    this.#toast.replaceChildren(h("span", {}, text), button || "");
    // The focus was on what is gone now.
    if (undo && button) button.focus();
    const later = () => {
      // Not under the reader's hands.
      if (inside()) this.#timer = setTimeout(later, LONG);
      else close();
    };
    if (!stays) this.#timer = setTimeout(later, undo ? LONG : SHORT);
  }

  /**
   * @template {keyof Views} K
   * @param {K} kind
   * @param {(view: NonNullable<Views[K]>) => void} use
   */
  async #load(kind, use) {
    try {
      if (!this.#views[kind]) {
        const tries = this.#tries;
        const { ListView, DayView } = await this.site.load(VIEWS[kind], tries ? `?again=${tries}` : "");
        await this.store.ready;
        this.#views[kind] ??= new (DayView ?? ListView)(this);
      }
      use(/** @type {NonNullable<Views[K]>} */ (this.#views[kind]));
    } catch (error) {
      this.#tries++;
      const { message, advice } = told(error);
      this.say(`${message} ${advice}`, undefined, true);
    }
  }

  /** The element searches another collection now. */
  end() {
    this.#life.abort();
    this.show("");
    this.#toast.remove();
  }

  /**
   * Goes to a place: a list, or the results with "".
   * @param {string} fragment
   */
  go(fragment) {
    this.site.go(fragment);
    this.show(fragment);
  }

  /**
   * Shows what the address names.
   * @param {string} fragment
   */
  show(fragment) {
    this.#wanted = fragment;
    const of = () => (this.#wanted.startsWith("#listed=") ? "days" : "lists");
    for (const kind of /** @type {(keyof Views)[]} */ (["lists", "days"])) {
      if (this.#views[kind] || (fragment && of() === kind)) this.#load(kind, (view) => view.show(of() === kind ? this.#wanted : ""));
    }
  }
}
