// The lists that a paper of the results is in, and the note on it, below its abstract.

import { h } from "./dom.js";
import { NoteField } from "./lists-note.js";
import { listsOf, nameOf } from "./lists-papers.js";
import { named, nameForm, newList } from "./lists-places.js";
import { tell } from "./lists-say.js";
import { adding, keeping, removing } from "./lists-edits.js";

/**
 * @param {import("./lists.js").Lists} lists
 * @param {HTMLElement} place has an id
 * @param {import("./lists-edits.js").Snapshot} snapshot
 */
export function fillPanel(lists, place, snapshot) {
  const { store } = lists;
  const { id } = snapshot;
  const boxes = h("div", { class: "boxes", role: "group", "aria-label": tell("listsTitle") });
  const label = h("span", { id: `${place.id}t`, class: "unseen" }, snapshot.title);
  const note = new NoteField(lists, snapshot, label.id);
  /** @param {import("./lists-edits.js").List} list @param {boolean} wanted */
  const put = (list, wanted) => (wanted
    ? lists.save([keeping(snapshot), adding(list, [{ id, added: Date.now() }])])
    : lists.save([removing(list.key, new Set([id]))], [id]));
  /** @type {Map<string, HTMLLabelElement>} */
  let known = new Map();
  const draw = () => {
    const now = listsOf(store);
    const before = known;
    known = new Map(now.map((list) => {
      const { key } = list;
      const line = before.get(key) ?? h("label", {}, h("input", { type: "checkbox", change: async (/** @type {Event} */ event) => {
        const box = /** @type {HTMLInputElement} */ (event.target);
        if (!(await put(listsOf(store).find((list) => list.key === key) ?? list, box.checked))) box.checked = !box.checked;
      } }), h("bdi"));
      const [box] = line.querySelectorAll("input");
      box.checked = list.papers.some((entry) => entry.id === id);
      /** @type {HTMLElement} */ (line.lastElementChild).textContent = nameOf(list);
      return [key, line];
    }));
    const lines = [...known.values()];
    if (lines.length !== boxes.children.length || lines.some((line, n) => line !== boxes.children[n])) boxes.replaceChildren(...lines);
    note.show();
  };
  const add = nameForm(tell("newList"), tell("addChosen"), async (name) => {
    await put(named(lists, name) ?? newList(name), true);
    return undefined;
  });
  store.addEventListener("change", draw);
  draw();
  place.replaceChildren(boxes, add, label, h("span", { class: "quiet", "aria-hidden": "true" }, tell("noteOn")), note.element);
}
