// Text for TeX. Letters with one accent are written as commands and not in UTF-8, since BibTeX itself
// counts bytes: it sorts and shortens UTF-8 wrongly. Biber and reference managers read both. What
// Latin commands cannot write stays in UTF-8.

/** No character of a paper may mean anything to TeX. @type {Record<string, string | undefined>} */
const SPECIAL = {
  // Braces count for BibTeX even behind a backslash.
  "{": "{\\textbraceleft}", "}": "{\\textbraceright}", "\\": "{\\textbackslash}",
  "%": "\\%", "&": "\\&", "#": "\\#", _: "\\_", $: "\\$",
  "~": "{\\textasciitilde}", "^": "{\\textasciicircum}", "`": "{\\textasciigrave}",
  "<": "{\\textless}", ">": "{\\textgreater}", "|": "{\\textbar}",
  "–": "--", "—": "---", "’": "'", "…": "{\\ldots}", "\u00a0": "~",
  ß: "{\\ss}", ø: "{\\o}", Ø: "{\\O}", æ: "{\\ae}", Æ: "{\\AE}", œ: "{\\oe}", Œ: "{\\OE}", ł: "{\\l}", Ł: "{\\L}",
  å: "{\\aa}", Å: "{\\AA}", ı: "{\\i}",
};

/** Marks that stand behind a letter once it is taken apart. @type {Record<string, string | undefined>} */
const ACCENTS = {
  "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0307": ".", "\u0308": "\"",
  "\u0306": "u", "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k", "\u0331": "b",
};

/**
 * @param {string} text
 * @returns {string}
 */
export function tex(text) {
  let out = "";
  for (const character of text) {
    const [, base = "", mark = ""] = /^([a-z])(.)$/i.exec(character.normalize("NFD")) ?? [];
    const accent = ACCENTS[mark];
    if (Object.hasOwn(SPECIAL, character)) out += SPECIAL[character];
    else if (accent) out += /\w/.test(accent) ? `{\\${accent}{${base}}}` : `{\\${accent}${base}}`;
    else out += character;
  }
  return out;
}

/** Mathematics as titles have it: no blank inside the dollars, no figure behind them. */
const MATH = /(\$(?![\s$])[^$]{0,199}[^$\s]\$(?!\d))/;

/** Commands that only set something. Any other might read a file, or go on for ever. */
const COMMANDS = new Set((
  "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
  + "phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
  + "mathcal mathbb mathrm mathbf mathit mathsf mathfrak mathscr cal bf rm it text sqrt frac bar hat tilde vec dot ddot overline "
  + "underline widetilde widehat ell infty pm mp to rightarrow leftarrow times cdot cdots ldots dots leq geq le ge ne neq sim simeq "
  + "approx equiv propto partial nabla in otimes oplus ast star circ dagger prime perp parallel subset cup cap ll gg log exp sin cos "
  + "sum int hbar Re Im quad"
).split(" "));

/**
 * @param {string} math
 * @returns {boolean} whether it may stand as it is
 */
function harmless(math) {
  // Two circumflexes are a character by its number.
  if (/[%#&~]|\^\^/.test(math)) return false;
  for (const [, command] of math.matchAll(/\\([a-z]+|[^])/gi)) {
    if (!COMMANDS.has(command) && !/[,;:! ]/.test(command)) return false;
  }
  let depth = 0;
  for (const character of math) {
    if (character === "{") depth++;
    else if (character === "}" && --depth < 0) return false;
  }
  return depth === 0;
}

/** Names in titles, which keep their capital in a title of small letters. */
const NAMES = /^(?:Abelian|Arabic|Banach|Bayes|Bayesian|Boltzmann|Boolean|Bregman|Brownian|Carlo|Cauchy|Chinese|Dirichlet|Einstein|English|Euclidean|Euler|Fisher|Fourier|French|Galois|Gauss|Gaussian|German|Gibbs|Google|Hamiltonian|Hawkes|Hessian|Hilbert|Japanese|Kalman|Lagrangian|Laplacian?|Lie|Lipschitz|Lyapunov|Markov|Markovian|Monte|Nash|Newton|Poisson|Python|Riemannian|Russian|Shannon|Spanish|Turing|Twitter|Wasserstein|Wikipedia)(?:['’]s?)?$/;

/**
 * A title. BibTeX's styles put titles in small letters, so what must keep its capitals stands in
 * braces: words with capitals inside, single letters, names. Where most words are small, every
 * capital but the first means a name.
 * @param {string} title
 * @returns {string}
 */
export function texTitle(title) {
  const long = title.match(/(?<=\s)\p{L}{4,}/gu) ?? [];
  const small = long.filter((word) => /^\p{Ll}/u.test(word)).length;
  const sentence = small * 2 > long.length;
  // All in capitals they tell nothing.
  const loud = long.length > 1 && !/\p{Ll}/u.test(title);
  let first = true;
  /** @param {string} piece @returns {string} */
  const protect = (piece) => {
    const [core = ""] = /[\p{L}\p{N}].*/u.exec(piece) ?? [];
    const word = core.replace(/[^\p{L}\p{N}]+$/u, "");
    const kept = !loud && (/.\p{Lu}|^\p{Lu}\p{N}|^[^\P{Lu}A]$/u.test(word) || NAMES.test(word) || (sentence && !first && /^\p{Lu}/u.test(word)));
    if (word) first = /[:.?!…–—]$/.test(piece);
    else if (/[:–—]/.test(piece)) first = true;
    if (!kept) return tex(piece);
    const at = piece.indexOf(core);
    return `${tex(piece.slice(0, at))}{${tex(word)}}${tex(piece.slice(at + word.length))}`;
  };
  return title.split(MATH).map((part, at) => {
    if (at % 2 && harmless(part)) {
      first = false;
      return `{${part}}`;
    }
    return part.split(/(\s+|(?<=[-/–—]))/).map((piece) => (/^\s*$/.test(piece) ? piece : protect(piece))).join("");
  }).join("");
}
