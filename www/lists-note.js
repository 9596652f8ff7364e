// A field for the note on a paper, which is kept as it is typed.

import { h } from "./dom.js";
import { tell } from "./lists-say.js";
import { noting } from "./lists-edits.js";

/** How long a reader pauses before what was typed is kept, in milliseconds. */
const PAUSE = 400;

/** The most that can be typed. */
const MOST = 20_000;

export class NoteField {
  area;
  #said = h("span", { class: "quiet said" });
  element;
  #lists;
  #paper;
  #timer = 0;
  /** What stands in the store as far as it is known. */
  #kept = "";

  /**
   * @param {import("./lists.js").Lists} lists
   * @param {import("./lists-edits.js").Snapshot} paper
   * @param {string} label id of what it is a note on
   */
  constructor(lists, paper, label) {
    this.#lists = lists;
    this.#paper = paper;
    this.area = h("textarea", {
      class: "note", part: "note", id: `${label}n`, dir: "auto", maxlength: MOST, rows: 2, "aria-label": tell("noteOn"), "aria-labelledby": `${label}n ${label}`,
      input: () => {
        clearTimeout(this.#timer);
        this.#said.textContent = "";
        // A page that is left may not come back.
        document.addEventListener("visibilitychange", this.#save);
        this.#timer = setTimeout(() => this.#save(), PAUSE);
      },
      blur: () => this.#save(),
    });
    this.element = h("div", { class: "noting" }, this.area, this.#said);
    this.show();
  }

  /** Takes what another tab wrote, unless something is being written here. */
  show() {
    const { note = "" } = this.#lists.store.papers.get(this.#paper.id) ?? {};
    if (this.area.value === this.#kept && this.area.value !== note) {
      this.area.value = note;
      // Where the field does not follow its text by itself.
      this.area.rows = Math.min(Math.max(2, note.split("\n").length, Math.ceil(note.length / 80)), 12);
    }
    this.#kept = note;
  }

  #save = async () => {
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#save);
    const { value } = this.area;
    if (value === this.#kept) return;
    // What fails is tried again with the next key.
    if (await this.#lists.save([noting(this.#paper, value)], value ? [] : [this.#paper.id])) {
      this.#kept = value;
      this.#said.textContent = tell("noteSaved");
    }
  };
}
