// How files of data are written whose every byte counts: src/coursehub/site/columns.py.

/** @typedef {[semester: string, count: number][]} Runs  Semesters, each with how many entries in a row have it. */

export const NEW = -1; // instead of a tool's number: the next one
export const NAME = "\t"; // at a title's start: the tools' names
export const AT_ONCE = 500; // entries, of which reading takes a few milliseconds

/** Each semester as often as its run is long. @param {Runs} pairs */
export function* runs(pairs) {
  for (const [semester, count] of pairs) for (let left = count; left > 0; left--) yield semester;
}

/** A title, of which the file may have where it lies in its address. @param {string | number[]} written @param {string} address */
export function headlineOf(written, address) {
  if (typeof written === "string") return written;
  const [start, length, ...capitals] = written;
  const part = address.split(/[?#]/)[0].replace(/\/+$/, "").split("/").at(-1) ?? "";
  const letters = [...part.slice(start, start + length).replaceAll("-", " ")];
  for (const at of capitals) letters[at] = letters[at].toUpperCase();
  return letters.join("");
}

/** The list of what is written plainly where it is one. @template T @param {T | T[]} value @returns {T[]} */
export const list = (value) => (Array.isArray(value) ? value : [value]);
