// What readers see of a collection that can be kept: a line that offers it and tells how far it is,
// and news of updates above everything else on the page.

import { h } from "./dom.js";
import { bytesIn } from "./offline-keeper.js";
import { OFFLINE_STYLES } from "./offline-styles.js";
import { language, texts } from "./say.js";

const say = texts({
  keepOffline: "Keep this collection offline ({size})",
  keepLoading: "Keeping this collection offline: {loaded} of {size}",
  keepElsewhere: "Another window keeps this collection offline.",
  keepPaused: "Paused: {loaded} of {size} are kept.",
  keepBroken: "Interrupted at {loaded} of {size}. What is there stays; it goes on once the site can be reached.",
  keepFull: "There is no room for {size} more on this device.",
  keepDone: "Kept offline ({size}).",
  keepDoneAway: "Kept offline ({size}); you are reading without a network.",
  keepEvictable: "The browser may remove it when room is short.",
  keepAway: "You are offline, and this collection is not kept on this device: searches need the network.",
  keepInsecure: "Keeping this collection offline needs a secure connection (https).",
  keepRefused: "This browser does not let the page keep anything offline.",
  keepPause: "Pause",
  keepResume: "Resume",
  keepRetry: "Try again",
  keepRemove: "Remove",
  updateReload: "This collection was updated.",
  updateLoad: "This collection was updated. The new version is {size}; the one you have stays until it is there.",
  updateReady: "The new version is kept offline.",
  updateTake: "Update",
  updateReloadNow: "Reload",
  updateLater: "Later",
  keepClose: "Close",
});

/** @param {number} bytes */
function size(bytes) {
  const [unit, value] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  const digits = unit === "megabyte" && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language().lang, {
    style: "unit", unit, minimumFractionDigits: digits, maximumFractionDigits: digits,
  }).format(value);
}

/** What there is to say above everything else. @typedef {{ text: "updateReload" | "updateLoad" | "updateReady" | "keepAway", bytes: number }} News */

export class OfflinePanel {
  #text = h("p", { role: "status" });
  #first = h("button", { type: "button", part: "button", hidden: true });
  #second = h("button", { type: "button", part: "button", hidden: true });
  #bar = h("progress", { "aria-label": "", hidden: true });
  #newsText = h("p", {});
  #take = h("button", { type: "button", class: "main", part: "button" });
  #later = h("button", { type: "button", class: "later", part: "button" });
  // A region that was there before is read out once it holds something.
  #news = h("div", { role: "status" });
  #card = h("div", { class: "news", part: "update" }, this.#newsText, h("div", {}, this.#take, this.#later));

  /** @param {HTMLElement} place */
  constructor(place) {
    const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(OFFLINE_STYLES);
    root.adoptedStyleSheets = [sheet];
    root.append(h("div", { class: "line" }, this.#text, this.#first, this.#second), this.#bar, this.#news);
  }

  /** @param {"keepInsecure" | "keepRefused"} why */
  refuse(why) {
    this.#text.textContent = say(why);
  }

  /**
   * @param {import("./offline-keeper.js").Keeper} keeper
   * @param {import("./offline-store.js").Build} offered
   * @param {boolean} away whether the site cannot be reached
   * @param {boolean} lasting whether the browser promised to leave it alone
   */
  show(keeper, offered, away, lasting) {
    const { state, loaded, total, wanted } = keeper;
    const values = { loaded: size(loaded), size: size(state === "full" ? wanted : total) };
    const remove = () => [say("keepRemove"), () => keeper.remove()];
    /** @type {[text: string, ...buttons: any[]]} */
    const line =
      state === "loading" ? [say("keepLoading", values), [say("keepPause"), () => keeper.pause()]]
      : state === "elsewhere" ? [say("keepElsewhere")]
      : state === "paused" ? [say("keepPaused", values), [say("keepResume"), () => keeper.resume()], remove()]
      : state === "broken" ? [say("keepBroken", values), [say("keepRetry"), () => keeper.resume()], remove()]
      : state === "full" ? [say("keepFull", values), [say("keepRetry"), () => keeper.resume()], remove()]
      : state === "kept" ? [
        say(away ? "keepDoneAway" : "keepDone", values) + (lasting ? "" : ` ${say("keepEvictable")}`), remove()]
      // Said above the page.
      : away ? [""]
      : ["", [say("keepOffline", { size: size(bytesIn(offered)) }), () => {
        // Asked of the reader's browser, and perhaps of the reader: nothing waits for the answer.
        navigator.storage?.persist?.().catch(() => {});
        keeper.keep(offered);
      }]];
    const [text, ...buttons] = line;
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#text.hidden = !text;
    this.#text.classList.toggle("kept", state === "kept");
    for (const [at, button] of [this.#first, this.#second].entries()) {
      const [name, press] = buttons[at] ?? [];
      // Its focus stays where the next thing to press is.
      button.hidden = !name;
      if (button.textContent !== name) button.textContent = name ?? "";
      button.onclick = press;
    }
    this.#bar.hidden = !/loading|paused|broken/.test(state);
    this.#bar.ariaLabel = text;
    this.#bar.max = total || 1;
    this.#bar.value = loaded;
  }

  /**
   * @param {News | undefined} news
   * @param {() => void} take
   * @param {() => void} later
   */
  announce(news, take, later) {
    if (!news) {
      this.#card.remove();
      return;
    }
    const text = say(news.text, { size: size(news.bytes) });
    if (this.#newsText.textContent !== text) this.#newsText.textContent = text;
    this.#take.textContent = say(news.text === "updateLoad" ? "updateTake" : "updateReloadNow");
    // There is nothing that a reader could do about the network.
    this.#take.hidden = news.text === "keepAway";
    this.#later.textContent = say(this.#take.hidden ? "keepClose" : "updateLater");
    this.#take.onclick = take;
    this.#later.onclick = later;
    if (!this.#card.isConnected) this.#news.append(this.#card);
  }
}
