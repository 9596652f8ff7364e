// Citations of papers: a tab for each form, the text, and what can be done with it.

import { FORMS, cite } from "./cite.js";
import { CITE_STYLES } from "./cite-styles.js";
import { h } from "./dom.js";
import { texts } from "./say.js";

const say = texts({
  citation: "Citation",
  citeForms: "Form of the citation",
  citePlain: "Text",
  copy: "Copy",
  copied: "Copied.",
  copyRefused: "Copying is not allowed here. The text is selected.",
  download: "Download .{ending}",
});

/** Shared by all elements. @type {CSSStyleSheet | undefined} */
let citeSheet;

/** @param {ShadowRoot | Document} root */
function style(root) {
  if (!citeSheet) {
    citeSheet = new CSSStyleSheet();
    citeSheet.replaceSync(CITE_STYLES);
  }
  if (!root.adoptedStyleSheets.includes(citeSheet)) root.adoptedStyleSheets.push(citeSheet);
}

/**
 * Hands the reader a file.
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
function save(name, type, text) {
  const href = URL.createObjectURL(new Blob([text], { type }));
  const anchor = h("a", { href, download: name });
  anchor.click();
  // Some browsers read it a while later.
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}

/**
 * @param {HTMLElement} place has an id
 * @param {import("./cite-facts.js").Citable[]} papers
 * @param {string} [file] begins the names of files; without, the paper's key
 */
export function showCitations(place, papers, file) {
  style(/** @type {ShadowRoot} */ (place.getRootNode()));
  const { id } = place;
  let form = FORMS[0];
  let shown = { name: "", text: "" };
  const area = h("textarea", { readonly: true, spellcheck: "false", "aria-label": say("citation") });
  const said = h("span", { role: "status" });
  const download = h("button", { part: "button", type: "button", dir: "auto", click: () => {
    // Readers of RIS expect the line ends of its definition.
    save(`${file ?? shown.name}.${form.ending}`, form.type, form.ending === "ris" ? shown.text.replace(/\n/g, "\r\n") : shown.text);
  } });
  const copy = h("button", { part: "button", type: "button", click: async () => {
    said.textContent = "";
    const { text } = shown;
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = say("copied");
    } catch {
      area.focus();
      area.select();
      said.textContent = say("copyRefused");
    }
  } }, say("copy"));
  const tabs = FORMS.map((each, at) => h("button", {
    role: "tab", id: `${id}t${at}`, type: "button", part: "button", "aria-controls": `${id}p`,
    click: () => choose(at),
    keydown: (/** @type {KeyboardEvent} */ event) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: FORMS.length - 1 }[event.key];
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      choose((to + FORMS.length) % FORMS.length);
      tabs[FORMS.indexOf(form)].focus();
    },
  }, each.name || say("citePlain")));
  const panel = h("div", { role: "tabpanel", id: `${id}p` },
    area,
    h("p", { class: "foot" }, copy, download, said));

  /** @param {number} at */
  function choose(at) {
    form = FORMS[at];
    shown = cite(papers, form);
    tabs.forEach((tab, n) => {
      tab.setAttribute("aria-selected", `${n === at}`);
      tab.tabIndex = n === at ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", tabs[at].id);
    const text = shown.text.replace(/\n$/, "");
    area.value = text;
    // Where the field does not follow its text by itself.
    area.rows = Math.min(Math.max(text.split("\n").length, Math.ceil(text.length / 90)), 13);
    area.scrollTop = 0;
    area.classList.toggle("prose", !form.ending);
    area.dir = form.ending ? "ltr" : "auto";
    download.textContent = say("download", { ending: form.ending });
    download.hidden = !form.ending;
    said.textContent = "";
  }
  choose(0);
  place.replaceChildren(h("div", { class: "forms", role: "tablist", "aria-label": say("citeForms") }, ...tabs), panel);
}
