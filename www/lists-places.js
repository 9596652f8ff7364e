// What the view of lists shows: all lists, one of them, or one that somebody shared.

import { papers } from "./counts.js";
import { h } from "./dom.js";
import { told } from "./errors.js";
import { merging, readFile, writeFile } from "./lists-file.js";
import { eachOf, findPaper, unkept } from "./lists-find.js";
import { LONGEST_LINK, MOST_SHARED, OWN, folded, readLink, writeLink } from "./lists-link.js";
import { PaperTable, listsOf, nameOf } from "./lists-papers.js";
import { tell } from "./lists-say.js";
import { LONGEST_NAME, STARRED, adding, keeping, listEdit, paperEdit, removing } from "./lists-edits.js";

/** @typedef {import("./lists.js").Lists} Lists */
/** @typedef {import("./lists-edits.js").Kept} Kept */
/** @typedef {import("./lists-edits.js").List} List */

/**
 * @typedef {object} ShownPlace
 * @property {string} title
 * @property {HTMLElement} element
 * @property {() => void} draw takes up what has changed
 */

/** The list of all that is kept, which is made of the others. */
const EVERY = "*";

/** @param {string} text @param {() => void} click @param {string} [kind] */
const button = (text, click, kind = "link") => h("button", { class: kind, part: "button", type: "button", click }, text);

/**
 * @param {string} label
 * @param {(text: string) => void} typed
 * @returns {HTMLInputElement}
 */
function finder(label, typed) {
  const input = h("input", { type: "search", class: "field", part: "input", "aria-label": label, placeholder: label, autocomplete: "off", spellcheck: "false",
    input: () => typed(input.value) });
  return input;
}

/** @param {Lists} lists @returns {Kept[]} all papers in a list or with a note, the last added first */
function everyPaper({ store }) {
  /** @type {Map<string, number>} */
  const added = new Map();
  for (const { papers } of store.lists.values()) for (const { id, added: at } of papers) added.set(id, Math.max(at, added.get(id) ?? 0));
  return [...store.papers.values()]
    .filter(({ id, note }) => note || added.has(id))
    .sort((a, b) => (added.get(b.id) ?? 0) - (added.get(a.id) ?? 0));
}

/** @param {Lists} lists @param {List} list @returns {Kept[]} the last added first */
function papersOf({ store }, { papers }) {
  return [...papers].sort((a, b) => b.added - a.added).flatMap(({ id }) => store.papers.get(id) ?? []);
}

/** @param {Lists} lists @param {string} id */
function listsWith({ store }, id) {
  return listsOf(store).filter(({ papers }) => papers.some((entry) => entry.id === id)).map(nameOf).join(", ");
}

/**
 * @param {string} said above its field
 * @param {string} act
 * @param {(name: string) => Promise<string | undefined>} take answers with what is wrong
 * @returns {HTMLFormElement}
 */
export function nameForm(said, act, take) {
  const wrong = h("span", { role: "alert", class: "quiet" });
  const input = h("input", { class: "field", part: "input", maxlength: LONGEST_NAME, "aria-label": said, placeholder: said, autocomplete: "off", required: true });
  return h("form", { class: "naming", submit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    const name = input.value.trim();
    if (!name) return;
    wrong.textContent = await take(name) ?? "";
    if (!wrong.textContent) input.value = "";
  } }, input, h("button", { class: "act", part: "button" }, act), wrong);
}

/**
 * @param {Lists} lists
 * @param {string} name
 * @returns {List | undefined}
 */
export function named({ store }, name) {
  return listsOf(store).find((list) => folded(nameOf(list)) === folded(name));
}

/** @param {string} name @returns {List} */
export function newList(name) {
  return { key: crypto.getRandomValues(new Uint32Array(2)).join("-"), name, made: Date.now(), papers: [] };
}

/** @param {Lists} lists @returns {ShownPlace} */
export function shelf(lists) {
  const { store, site } = lists;
  const found = new PaperTable(lists, { own: true, name: () => tell("allKept"), empty: "" });
  const names = h("ul", { class: "shelf", part: "lists" });
  const none = h("p", { class: "quiet" }, tell("noneKept"));
  const find = finder(tell("findKept"), () => draw());
  const picker = h("input", { type: "file", accept: ".json,application/json", hidden: true, change: () => take() });
  const wrong = h("p", { role: "alert", class: "wrong" });
  const take = async () => {
    const [file] = picker.files ?? [];
    wrong.textContent = "";
    try {
      const read = readFile(await file.text());
      picker.value = "";
      const n = read.papers.filter(({ id }) => !store.papers.has(id)).length;
      if (!(await lists.save(merging(read, store.lists)))) return;
      const other = read.collection === site.collection().url ? "" : ` ${tell("importedOther", { title: read.title || read.collection })}`;
      lists.say(tell("imported", { n }) + other);
    } catch (error) {
      picker.value = "";
      wrong.textContent = tell("importTrouble", { why: told(error).message });
    }
  };
  const add = nameForm(tell("newList"), tell("makeList"), async (name) => {
    if (named(lists, name)) return tell("nameTaken");
    const list = newList(name);
    if (await lists.save([adding(list, [])])) lists.go(OWN + list.key);
    return undefined;
  });
  const save = () => {
    const href = URL.createObjectURL(new Blob([writeFile(store, site.collection())], { type: "application/json" }));
    h("a", { href, download: `lists-${new Date().toISOString().slice(0, 10)}.json` }).click();
    // Some browsers read it a while later.
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  };
  const where = h("p", { class: "quiet small" });
  const places = h("div", {}, names, none, add, h("p", { class: "foot" }, button(tell("exportAll"), save), button(tell("importFile"), () => picker.click()), picker), wrong,
    where);
  /** @type {Map<string, HTMLElement[]>} */
  const lines = new Map();
  const draw = () => {
    const every = everyPaper(lists);
    const wanted = find.value.trim();
    places.hidden = !!wanted;
    where.textContent = lists.warning || tell("whereKept");
    found.element.hidden = !wanted;
    find.hidden = !every.length;
    none.hidden = every.length > 0 || store.lists.size > 0;
    const shown = [{ key: EVERY, name: tell("allKept"), n: every.length }, ...listsOf(store).map((list) => ({ key: list.key, name: nameOf(list), n: list.papers.length }))];
    const items = shown.map(({ key, name, n }) => {
      const [item, text, count] = lines.get(key) ?? [h("li"), h("bdi"), h("span", { class: "number quiet" })];
      if (!lines.has(key)) {
        lines.set(key, [item, text, count]);
        item.append(button("", () => lists.go(OWN + encodeURIComponent(key)), "place"));
        item.firstElementChild?.append(text, count);
      }
      text.textContent = name;
      count.textContent = papers(n);
      return item;
    });
    if (items.length !== names.children.length || items.some((item, n) => item !== names.children[n])) names.replaceChildren(...items);
    found.show(wanted ? every : [], (id) => listsWith(lists, id));
    found.filter(wanted);
  };
  return { title: tell("listsTitle"), element: h("div", {}, find, places, found.element), draw };
}

/**
 * Puts papers back into a list, and the list itself.
 * @param {Lists} lists
 * @param {List} list
 * @param {Kept[]} papers
 */
function restore(lists, list, papers) {
  const entries = list.papers.filter(({ id }) => papers.some((paper) => paper.id === id));
  return lists.save([...papers.map((paper) => paperEdit(paper.id, (old) => old ?? paper)), adding(list, entries)]);
}

/**
 * @param {Lists} lists
 * @param {string} key
 * @returns {ShownPlace | undefined} undefined if there is no such list
 */
export function ownList(lists, key) {
  const { store, site } = lists;
  /** Whether it is no list that the reader made. */
  const fixed = key === EVERY || key === STARRED;
  const list = () => (key === EVERY ? undefined : listsOf(store).find((list) => list.key === key));
  if (key !== EVERY && !list()) return undefined;
  const keptHere = () => {
    const now = list();
    return now ? papersOf(lists, now) : key === EVERY ? everyPaper(lists) : [];
  };
  const name = () => {
    const now = list();
    return now ? nameOf(now) : tell("allKept");
  };
  const table = new PaperTable(lists, {
    own: true, name, key, empty: tell(key === EVERY ? "noneKept" : "emptyList"),
    removed: key === EVERY ? undefined : async (chosen) => {
      const before = list();
      const ids = chosen.map(({ id }) => id);
      if (before && await lists.save([removing(key, new Set(ids))], ids)) {
        lists.say(tell("removedPapers", { n: ids.length }), () => restore(lists, before, chosen));
      }
    },
  });
  const find = finder(tell("findInList"), (text) => table.filter(text));
  const link = h("input", { class: "field", part: "input", readonly: true, dir: "ltr", "aria-label": tell("linkLabel") });
  const said = h("span", { role: "status" });
  const length = h("p", { class: "quiet small" });
  const copy = button(tell("copyLink"), async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      said.textContent = tell("linkCopied");
    } catch {
      link.focus();
      link.select();
      said.textContent = tell("linkSelected");
    }
  });
  const linked = h("div", { class: "sharing", id: "share", hidden: true }, link, h("p", { class: "foot" }, copy, said), length);
  const share = h("button", { class: "more", part: "button", type: "button", "aria-expanded": "false", "aria-controls": "share", click: () => {
    linked.hidden = !linked.hidden;
    share.setAttribute("aria-expanded", `${!linked.hidden}`);
    showLink();
  } }, tell("share"));
  const showLink = () => {
    if (linked.hidden) return;
    const { meant } = table;
    const url = writeLink(site.link(), fixed ? "" : name(), meant);
    const fits = url.length <= LONGEST_LINK && meant.length <= MOST_SHARED;
    if (link.value !== url) said.textContent = "";
    link.value = fits ? url : "";
    link.hidden = copy.hidden = !fits;
    length.textContent = fits
      ? tell("linkLength", { papers: papers(meant.length), length: url.length })
      : tell("linkLong", { most: LONGEST_LINK, length: url.length });
  };
  const rename = nameForm(tell("nameOfList"), tell("saveName"), async (to) => {
    const other = named(lists, to);
    if (other && other.key !== key) return tell("nameTaken");
    if (await lists.save([listEdit(key, (old) => old && { ...old, name: to })])) {
      rename.hidden = true;
      renaming.focus();
    }
    return undefined;
  });
  rename.hidden = true;
  const renaming = button(tell("rename"), () => {
    rename.hidden = !rename.hidden;
    const [field] = rename.querySelectorAll("input");
    field.value = name();
    if (!rename.hidden) field.select();
  });
  const remove = button(tell("deleteList"), async () => {
    const before = list();
    const kept = keptHere();
    if (!before || !(await lists.save([listEdit(key, () => undefined)], kept.map(({ id }) => id)))) return;
    lists.go(OWN);
    lists.say(tell("deletedList", { list: before.name }), async () => {
      await restore(lists, before, kept);
      lists.go(OWN + encodeURIComponent(key));
    });
  });
  const element = h("div", {},
    h("p", { class: "foot" }, share, !fixed && renaming, !fixed && remove), rename, linked, find, table.element);
  element.addEventListener("change", showLink);
  element.addEventListener("input", showLink);
  const place = {
    title: name(), element, draw: () => {
      place.title = name();
      const kept = keptHere();
      find.hidden = !kept.length;
      share.hidden = !kept.length;
      table.show(kept, key === EVERY ? (id) => listsWith(lists, id) : undefined);
      showLink();
    },
  };
  return place;
}

/**
 * @param {Lists} lists
 * @param {string} fragment
 * @returns {ShownPlace}
 */
export function sharedList(lists, fragment) {
  const { site } = lists;
  const { name, papers, cut } = readLink(fragment);
  const title = name.slice(0, LONGEST_NAME) || tell("sharedList");
  const table = new PaperTable(lists, { own: false, name: () => title, empty: "" });
  const state = h("p", { class: "quiet", role: "status" });
  const missing = h("div", { class: "missing", hidden: true });
  const save = button(tell("saveShared"), async () => {
    // It never mixes with a list that is there.
    let own = title;
    for (let n = 2; named(lists, own); n++) own = `${title} ${n}`;
    const list = newList(own);
    // The first of the link stands first in the list too.
    const now = Date.now();
    const entries = hits().map(({ id }, n) => ({ id, added: now - n }));
    if (!(await lists.save([...hits().map(({ note, ...snapshot }) => keeping(snapshot)), adding(list, entries)]))) return;
    lists.say(tell("savedShared"));
    lists.go(OWN + encodeURIComponent(list.key));
  }, "act");
  /** @type {Map<string, Kept | undefined>} */
  const found = new Map();
  const hits = () => papers.flatMap(({ id }) => found.get(id) ?? []);
  const look = async () => {
    let trouble = "";
    await eachOf(papers, async ({ id, words }) => {
      try {
        const hit = trouble ? undefined : await findPaper(site, id, words);
        if (trouble) return;
        found.set(id, hit && unkept(hit));
        state.textContent = found.size < papers.length ? tell("sharedLoading", { n: found.size, all: papers.length }) : "";
      } catch (error) {
        trouble = told(error).message;
      }
    });
    table.show(hits());
    const gone = papers.filter(({ id }) => found.has(id) && !found.get(id));
    state.textContent = trouble ? tell("sharedFailed", { why: trouble }) : tell("sharedBy") + (cut ? ` ${tell("sharedCut", { most: MOST_SHARED })}` : "");
    missing.hidden = !gone.length;
    missing.replaceChildren(h("p", {}, tell("sharedMissing", { n: gone.length })), h("ul", {}, ...gone.map(({ id }) => h("li", { dir: "auto" }, id))));
    save.hidden = !hits().length;
  };
  save.hidden = true;
  look();
  return { title, element: h("div", {}, state, h("p", { class: "foot" }, save), missing, table.element), draw() {} };
}
