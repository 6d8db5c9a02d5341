/** An element with properties and children; texts stay texts.
 * @param {string} tag @param {object} properties @param {(Node | string)[]} children */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Let the browser do what waits. */
// @ts-ignore: not every browser has a scheduler
export const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
