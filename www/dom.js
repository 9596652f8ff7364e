// Elements from data. Text only ever becomes text nodes: nothing here, or anywhere in the
// client, parses markup.

/**
 * @typedef {string | Node | undefined | null | false} Child
 * @typedef {string | number | boolean | undefined | ((event: any) => void)} Attribute
 */

/**
 * Makes an element. A function becomes an event listener, `true` an empty attribute; `false`
 * and `undefined` leave the attribute out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : `${value}`);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * @param {Part[]} parts
 * @returns {(Node | string)[]}
 */
export function marked(parts) {
  return parts.map(({ text, mark }) => (mark ? h("mark", { part: "mark" }, text) : text));
}

/**
 * The address if a link may lead there.
 * @param {string | undefined} address
 * @returns {string | undefined}
 */
export function webAddress(address) {
  try {
    const { protocol, href } = new URL(address ?? "");
    return protocol === "https:" || protocol === "http:" ? href : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A link, or nothing where the address is none.
 * @param {string | undefined} address
 * @param {string} text
 * @returns {HTMLElement | undefined}
 */
export function link(address, text) {
  const href = webAddress(address);
  return href ? h("a", { href, rel: "noopener", part: "link" }, text) : undefined;
}

/**
 * A button that looks like a link.
 * @param {Child} text
 * @param {() => void} click
 * @returns {HTMLElement}
 */
export function linkButton(text, click) {
  return h("button", { class: "link", part: "button", type: "button", dir: "auto", click }, text);
}

/**
 * @param {EventTarget | undefined} target
 * @returns {boolean} whether keys pressed there write text
 */
export function takesText(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
