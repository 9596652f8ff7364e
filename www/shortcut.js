// Keys that lead to the search from anywhere on the page, as the attribute `shortcut` names them:
// "/ mod+k", where `mod` is the command key of Apple's keyboards and the control key of others.

import { takesText } from "./dom.js";

const MOD = /^(Mac|iP)/.test(navigator.platform) ? "meta" : "control";

/**
 * @param {string | null} attribute
 * @returns {string[]} each as its modifiers and its key: "control+k"
 */
export function shortcuts(attribute) {
  return attribute === "off" ? [] : (attribute || "/ mod+k").toLowerCase().replaceAll("mod+", `${MOD}+`).replaceAll("ctrl+", "control+").split(/\s+/);
}

/**
 * @param {KeyboardEvent} event
 * @param {string[]} all
 * @returns {boolean}
 */
export function isPressed(event, all) {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  const chord = ctrlKey || metaKey || altKey;
  // Some keyboards have the slash behind the shift key.
  const pressed = [ctrlKey && "control", metaKey && "meta", altKey && "alt", chord && shiftKey && "shift", key.toLowerCase()];
  return all.includes(pressed.filter(Boolean).join("+")) && (chord || !takesText(event.composedPath()[0]));
}

/**
 * @param {string[]} all
 * @returns {[string, string]} the first as readers see it; all as assistive technology is told
 */
export function named(all) {
  const told = all.join(" ").replace(/\b\w/g, (letter) => letter.toUpperCase());
  return [told.split(" ")[0].replace("Control+", "Ctrl ").replace("Meta+", "⌘"), told];
}
