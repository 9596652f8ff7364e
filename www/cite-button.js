// The button that shows how an opened paper is cited. What it shows comes when it is pressed.

import { loadModule } from "./client-host.js";
import { h } from "./dom.js";
import { told } from "./errors.js";
import { say } from "./page-texts.js";

/**
 * @param {Paper} paper
 * @param {string} id begins the ids of what is shown
 * @returns {[HTMLElement, HTMLElement]} the button, and where its citations will stand
 */
export function citation(paper, id) {
  const place = h("div", { part: "citation", id, hidden: true });
  let tries = 0;
  let filled = false;
  const button = h("button", {
    class: "more", part: "button", type: "button", "aria-expanded": "false", "aria-controls": id,
    click: async () => {
      place.hidden = !place.hidden;
      button.setAttribute("aria-expanded", `${!place.hidden}`);
      if (filled || place.hidden) return;
      filled = true;
      try {
        // A browser remembers that a script failed.
        /** @type {typeof import("./cite-panel.js")} */
        const { showCitations } = await loadModule("cite.js", tries ? `?again=${tries}` : "");
        showCitations(place, [paper]);
      } catch (error) {
        tries++;
        filled = false;
        const { message, advice } = told(error);
        place.replaceChildren(h("p", { role: "alert" }, `${message} ${advice}`));
      }
    },
  }, say("cite"));
  return [button, place];
}
