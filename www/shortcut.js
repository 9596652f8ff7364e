// Keys that lead to the search from anywhere on the page, as the attribute `shortcut` names them:
// "/ mod+k", where `mod` is the command key of Apple's keyboards and the control key of others.

import { takesText } from "./dom.js";

const APPLE = /^(Mac|iP)/.test(navigator.platform);

/**
 * @param {string | null} attribute
 * @returns {string[]}
 */
export function shortcuts(attribute) {
  return attribute === "off" ? [] : (attribute || "/ mod+k").toLowerCase().split(/\s+/);
}

/**
 * @param {string} shortcut
 * @returns {string[]} its modifiers, as the platform has them, then its key
 */
function keysOf(shortcut) {
  return shortcut.split(/(?<=.)\+/).map((key) => (key === "mod" ? (APPLE ? "meta" : "control") : key === "ctrl" ? "control" : key));
}

/**
 * @param {KeyboardEvent} event
 * @param {string} shortcut
 * @returns {boolean}
 */
export function isPressed(event, shortcut) {
  const keys = keysOf(shortcut);
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  const chord = ctrlKey || metaKey || altKey;
  return key.toLowerCase() === keys.pop()
    && ctrlKey === keys.includes("control") && metaKey === keys.includes("meta") && altKey === keys.includes("alt")
    // Some keyboards have the slash behind the shift key.
    && (chord ? shiftKey === keys.includes("shift") : !takesText(event.composedPath()[0]));
}

/**
 * @param {string[]} all
 * @returns {[string, string]} the first as readers see it; all as assistive technology is told
 */
export function named(all) {
  /** @param {string} key */
  const large = (key) => key.charAt(0).toUpperCase() + key.slice(1);
  const [first = ""] = all;
  return [
    keysOf(first).map((key) => (key === "control" ? "Ctrl" : key === "meta" ? "⌘" : large(key))).join(APPLE ? "" : " "),
    all.map((shortcut) => keysOf(shortcut).map(large).join("+")).join(" "),
  ];
}
