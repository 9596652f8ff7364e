// The entry script: what a page includes to get <offprint-search>. It keeps its name from build
// to build and knows the folder of the client files that belong to it.

import { loadModule, setHome } from "./client-host.js";
import { OffprintSearch } from "./element.js";

const CLIENT = "__OFFPRINT_CLIENT__";

/** Languages that there are beside English, each in a module of its own. */
const LANGUAGES = ["ar", "de"];

/** The language around the first element. */
const around = (document.querySelector("offprint-search") ?? document.documentElement).closest("[lang]");
const [wanted] = /** @type {HTMLElement | null} */ (around)?.lang.toLowerCase().split("-") ?? [];

function define() {
  if (!customElements.get("offprint-search")) customElements.define("offprint-search", OffprintSearch);
}

setHome(new URL(".", import.meta.url).href, CLIENT);
// English where it does not come.
if (wanted && LANGUAGES.includes(wanted)) loadModule(`lang-${wanted}.js`).then(define, define);
else define();
