// Authors' names taken apart. What no rule fits stays whole: a name in one piece is never wrong.

/**
 * @typedef {object} Name
 * @property {string} family the family name, or all of a name that stays whole
 * @property {string} particle what stands before it in small letters: "van der"
 * @property {string} given
 * @property {string} suffix "Jr." or "III"
 * @property {boolean} whole whether the name is not one of a family and a given part
 */

/** Words before a family name, in small letters. */
const PARTICLE = /^(?:a[fpv]|al|abu|ben|bin|bint|d[aeiou]|da[ls]|de[ilnrs]|de[gl]li|dell[aeo]|dalla|do[s]|d['’]|e[lr]|ibn|l[aeo]s?|te|te[nr]|['’][st]|v[ao]n|vom|v[ao]nder|zu[mr]?)$/;

/** Those that many write with a capital. In the middle of a name they are hardly ever a given name. */
const CAPITAL_PARTICLE = /^(?:Al|Da|Dal|Das|De|De[lnr]|Della|D[iu]|Do[s]|El|L[aeo]|L[ao]s|Te[nr]|V[ao]n)$/;

/** "Ramón y Cajal" is one family name. */
const JOINT = /^[eiy]$/;

const SUFFIX = /^(?:[JS]r\.?|[JS]R\.?|II|III|IV|2nd|3rd)$/;

/** Groups of people, and what is written in no alphabet, where the family name may stand first. */
const WHOLE = /[\d&:;()[\]/@]|\b(?:and|association|collaboration|committee|community|company|consortium|corporation|foundation|group|inc|initiative|institute|labs?|laboratory|project|society|team|university)\b|[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/iu;

/**
 * Text on one line: no control characters, and none that turn the direction of what follows.
 * @param {string} text
 * @returns {string}
 */
export function tidy(text) {
  return text
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g, "")
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ")
    .normalize()
    .trim();
}

/**
 * @param {string[]} words with a family name at their end
 * @returns {number} where it begins, particles included
 */
function familyStart(words) {
  if (PARTICLE.test(words[0]) && words.length > 1) return 0;
  let start = words.length - 1;
  for (let at = words.length - 2; at > 0; at--) {
    if (PARTICLE.test(words[at]) || CAPITAL_PARTICLE.test(words[at])) start = at;
    else if (JOINT.test(words[at]) && at > 1) start = at - 1;
  }
  return start;
}

/**
 * @param {string[]} words a family name
 * @param {string} given
 * @param {string} suffix
 * @returns {Name}
 */
function named(words, given, suffix) {
  let particles = 0;
  while (particles < words.length - 1 && PARTICLE.test(words[particles])) particles++;
  return {
    family: words.slice(particles).join(" "),
    particle: words.slice(0, particles).join(" "),
    given,
    suffix,
    whole: false,
  };
}

/**
 * @param {string} text "Laurens van der Maaten", "Maaten, Laurens van der", "OpenAI"
 * @returns {Name}
 */
export function splitName(text) {
  const name = tidy(text);
  const whole = { family: name, particle: "", given: "", suffix: "", whole: true };
  if (WHOLE.test(name)) return whole;
  const [first = "", ...others] = name.split(/\s*,\s*/).filter(Boolean);
  const words = first.split(" ");
  const suffixes = others.filter((part) => SUFFIX.test(part));
  const givens = others.filter((part) => !SUFFIX.test(part));
  if (suffixes.length > 1 || givens.length > 1) return whole;
  let [suffix = ""] = suffixes;
  if (givens.length) {
    // Particles may follow the given names then.
    const given = givens[0].split(" ");
    let end = given.length;
    while (end > 1 && PARTICLE.test(given[end - 1])) end--;
    return named([...given.slice(end), ...words], given.slice(0, end).join(" "), suffix);
  }
  if (!suffix && words.length > 2 && SUFFIX.test(words[words.length - 1])) suffix = words.pop() ?? "";
  if (words.length < 2) return whole;
  const start = familyStart(words);
  return named(words.slice(start), words.slice(0, start).join(" "), suffix);
}

/**
 * @param {Name} name
 * @returns {string} the family name with what stands before it
 */
export function familyOf({ particle, family }) {
  return particle ? `${particle} ${family}` : family;
}
