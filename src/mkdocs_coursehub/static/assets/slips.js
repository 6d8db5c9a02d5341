// A word that is not there, and the one that was meant. The site's search, whose worker loads no modules, has the same in
// src/mkdocs_once/words.js.

const SHORTEST = 4; // letters of a word that may be a slip of another

/** The word that one is a slip of: of those that differ by a letter, a whole one before a longer one, then the most
 * frequent; nothing where none is near. @param {string} word @param {Map<string, number>} counts  by word */
export function nearest(word, counts) {
  if (word.length < SHORTEST) return undefined;
  const near = [...counts.keys()].filter((each) => isSlip(word, each));
  const isLonger = (/** @type {string} */ each) => Number(each.length > word.length + 1);
  const frequency = (/** @type {string} */ each) => counts.get(each) ?? 0;
  return near.toSorted((one, other) => isLonger(one) - isLonger(other) || frequency(other) - frequency(one))[0];
}

/** Whether a word begins with another in which one letter is wrong, missing, too many, or in its neighbour's place.
 * @param {string} word @param {string} other */
function isSlip(word, other) {
  let at = 0;
  while (at < word.length && word[at] === other[at]) at++;
  const after = word.slice(at + 1);
  return other.startsWith(after, at + 1) || other.startsWith(word.slice(at), at + 1) || other.startsWith(after, at) ||
    other.startsWith((word[at + 1] ?? "") + word[at] + word.slice(at + 2), at);
}
