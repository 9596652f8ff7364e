// The entry script: what a page includes to get <offprint-search>. It keeps its name from build
// to build and knows the folder of the client files that belong to it.

import { setHome } from "./client-host.js";
import { OffprintSearch } from "./element.js";
import { startOffline } from "./offline-start.js";

const CLIENT = "__OFFPRINT_CLIENT__";

const home = new URL(".", import.meta.url).href;
// The hosted page asks for this script, and so for its manifest, with the name of its build.
const build = new URL(import.meta.url).search;

setHome(home, CLIENT, build);
if (!customElements.get("offprint-search")) customElements.define("offprint-search", OffprintSearch);
startOffline(home, build.slice(1));
