// The button that shows how an opened paper is cited. What it shows comes when it is pressed.

import { h } from "./dom.js";
import { told } from "./errors.js";
import { texts } from "./say.js";

const sayCite = texts({ cite: "Cite" });

/**
 * @param {Paper} paper
 * @param {string} id begins the ids of what is shown
 * @param {typeof import("./client-host.js").loadModule} load
 * @returns {[HTMLElement, HTMLElement]} the button, and where its citations will stand
 */
export function citation(paper, id, load) {
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
        const { showCitations } = await load("cite.js", tries ? `?again=${tries}` : "");
        showCitations(place, [paper]);
      } catch (error) {
        tries++;
        filled = false;
        const { message, advice } = told(error);
        place.replaceChildren(h("p", { role: "alert" }, `${message} ${advice}`));
      }
    },
  }, sayCite("cite"));
  return [button, place];
}
