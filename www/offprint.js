// The entry script: what a page includes to get <offprint-search>. It keeps its name from build
// to build and knows the folder of the client files that belong to it.

import { loadModule, setHome } from "./client-host.js";
import { OffprintSearch } from "./element.js";
import { startOffline } from "./offline-start.js";

/**
 * Searches a collection of papers. The build makes `custom-elements.json` of this.
 *
 * @element offprint-search
 *
 * @attr {url} src - Folder of the site that is searched; without, the script's own
 * @attr {"page" | "box" | "modal"} mode - How it stands in the page: whole (`page`, without it), as a box whose results drop down, or as a button that opens a dialog. Box and modal load the engine when they are used
 * @attr {"light" | "dark" | "auto"} theme - Colours, on a paper of its own; `auto` follows the reader's system. Without it they follow the `color-scheme` of the page around
 * @attr {string} lang - Language of what it says, where the site has that
 * @attr {string} placeholder - Words in the empty box, and on the button of a modal
 * @attr {number} limit - Results at a time: 10 without it, 6 in a box
 * @attr {string} filters - Fields that readers may filter by, out of `year topic category venue author code`; all without it, `off` for no button. A box has the button only with it
 * @attr {"relevance" | "newest" | "oldest"} sort - The order at first
 * @attr {string} fields - What result lines show, out of `authors venue date code categories`; all but the last without it
 * @attr {"off"} lists - `off`: no stars, lists and notes. A box has none
 * @attr {boolean} url-sync - Keeps query, filters, order and open paper in the page's address
 * @attr {string} shortcut - Keys that lead to it, `/ mod+k` without it, where `mod` is the command key of Apple's keyboards and the control key of others; `off` for none
 * @attr {"blob" | "off"} worker - `blob`: the engine's worker may start from a blob although the page has a content security policy, which must allow it; `off`: the engine runs on the page's own thread
 *
 * @fires {CustomEvent<Info>} ready - The index is open; the detail says title and number of papers
 * @fires {CustomEvent<{ query: string, filters: Filters, sort: Sort, offset: number }>} search - A query is about to be asked; `preventDefault()` keeps it from being asked
 * @fires {CustomEvent<Answer>} results - Results are shown; of a large collection twice, the second time with final order and count (`settled`)
 * @fires {CustomEvent<{ hit: Hit, query: string }>} select - A reader follows a title; `preventDefault()` keeps the browser where it is
 * @fires {CustomEvent<OffprintError>} error - Something failed and the reader was told; the detail has a stable `code`
 *
 * @slot empty - Shown where nothing is asked
 * @slot footer - Below the results
 * @slot opener - What the button of a modal shows
 *
 * @csspart form - The form around the box
 * @csspart input - The box
 * @csspart dropdown - What a box drops down
 * @csspart opener - The button of a modal
 * @csspart dialog - The dialog of a modal
 * @csspart all - The link from a box to the collection's own page
 * @csspart count - How many papers were found
 * @csspart sort - The choice of an order
 * @csspart chips - Filters that are set
 * @csspart chip - One of them
 * @csspart filters - The panel of filters
 * @csspart other - What else could be searched for
 * @csspart suggestions - What the query may become
 * @csspart results - A list of results
 * @csspart result - One result
 * @csspart title - Its title
 * @csspart authors - Its authors
 * @csspart meta - Venue, date and buttons below them
 * @csspart categories - Its categories, where `fields` has them
 * @csspart star - Its star
 * @csspart snippet - The passage that matched
 * @csspart mark - A word that matched
 * @csspart abstract - An opened abstract with what belongs to it
 * @csspart citation - Its citations
 * @csspart paper-lists - Its lists and note
 * @csspart note - A note
 * @csspart related - Its related papers
 * @csspart why - What its score consists of
 * @csspart link - A link to elsewhere
 * @csspart button - A button
 * @csspart divider - What parts papers with some of the words from those with all
 * @csspart more - The button for more results
 * @csspart empty - What is shown where nothing is asked
 * @csspart error - An error
 * @csspart retry - The button that tries again
 * @csspart notice - What is said of a slow host
 * @csspart lists-view - What is shown of a reader's lists in place of results
 * @csspart lists - Their names
 * @csspart kept-papers - The papers of a list
 * @csspart kept - One of them
 * @csspart day - What is shown of days in place of results
 * @csspart message - What is said of a change of lists
 * @csspart update - The offer of a newer build
 *
 * @cssprop --offprint-ink - Text
 * @cssprop --offprint-quiet - Text of less weight
 * @cssprop --offprint-rule - Lines between things
 * @cssprop --offprint-edge - Edges of fields and buttons
 * @cssprop --offprint-field - Ground of fields
 * @cssprop --offprint-paper - Ground of what lies over the page, and of the element with a theme
 * @cssprop --offprint-link - Titles and links
 * @cssprop --offprint-visited - Titles that were followed
 * @cssprop --offprint-accent - Focus, progress, bars
 * @cssprop --offprint-mark - Ground of words that matched
 * @cssprop --offprint-serif - Typeface of titles and abstracts
 * @cssprop --offprint-sans - Typeface of the rest
 */

const CLIENT = "__OFFPRINT_CLIENT__";

/** Languages that there are beside English, each in a module of its own. */
const LANGUAGES = ["ar", "de"];

/** The language around the first element. */
const around = (document.querySelector("offprint-search") ?? document.documentElement).closest("[lang]");
const [wanted] = /** @type {HTMLElement | null} */ (around)?.lang.toLowerCase().split("-") ?? [];

function define() {
  if (!customElements.get("offprint-search")) customElements.define("offprint-search", OffprintSearch);
}

const build = setHome(import.meta.url, CLIENT);
// English where it does not come.
if (wanted && LANGUAGES.includes(wanted)) loadModule(`lang-${wanted}.js`).then(define, define);
else define();
startOffline(new URL(".", import.meta.url).href, build);
