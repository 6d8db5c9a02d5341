// What a form's controls ask for, as the page's address carries it: it can be sent to somebody.

/** @typedef {HTMLInputElement | HTMLSelectElement} Control */

/** Give a control a value; false if it has no such choice. @param {Control} control @param {string} value */
export function set(control, value) {
  const isPossible = control instanceof HTMLInputElement || [...control.options].some((option) => option.value === value);
  if (isPossible) control.value = value;
  return isPossible;
}

/** Make the address the one of what the controls have now. @param {Control[]} controls */
export function writeAddress(controls) {
  const address = new URL(location.href);
  for (const { name, value } of controls) {
    address.searchParams.delete(name); // so that the same question always has the same address
    if (value.trim()) address.searchParams.append(name, value.trim());
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}
