// What stars say.

import { texts } from "./say.js";

export const starSay = texts({
  star: "Star",
  listsOf: "Lists and note",
  notKept: "This window keeps nothing: lists and notes are lost when it is closed. Export them under “Lists” if you need them.",
  storageFull: "Not saved: the browser’s storage for this site is full. Export your lists, then delete some.",
  notSaved: "Not saved: {why}.",
  undo: "Undo",
  dismiss: "Dismiss",
});
