/** The new element with properties and children; texts stay texts.
 * @template {keyof HTMLElementTagNameMap} Tag @param {Tag} tag @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {(Node | string)[]} children @returns {HTMLElementTagNameMap[Tag]} */
export function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** The first element of a kind that a selector names. Throws where there is none.
 * @template {Element} Kind @param {ParentNode} within @param {string} selector @param {new () => Kind} kind */
export function find(within, selector, kind) {
  const first = within.querySelector(selector);
  if (first instanceof kind) return first;
  throw new Error(`There is no ${kind.name} at ${selector}`);
}
