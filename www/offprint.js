// The entry script: what a page includes to get <offprint-search>. It keeps its name from build
// to build and knows the folder of the client files that belong to it.

import { setHome } from "./client-host.js";
import { OffprintSearch } from "./element.js";

const CLIENT = "__OFFPRINT_CLIENT__";

setHome(import.meta.url, CLIENT);
if (!customElements.get("offprint-search")) customElements.define("offprint-search", OffprintSearch);
