// Titles that speak of a tool, as src/coursehub/names/mentions.py finds them; a test in a browser (tests/browser/test_free.py)
// holds both sides together.

import { claim, fold, identity, isGeneral, pattern, SPACE } from "./identity.js";

/** @typedef {import("./identity.js").Identity} Identity
 *  @typedef {import("./identity.js").Vocabulary} Vocabulary
 *  @typedef {{folded: string, hasCapital: boolean}} Word  A folded word of a title, and how the title writes it. */

const LONGEST_RUN = 4;
const LONG_WORD = 6;
const MOST_READ = 300;
const PAUSE = pattern(String.raw`[,;:!?\(\)\[\]\{\}"“”„\|]+|\s[\-–—]+\s|\.\s`);
const POSSESSIVE = pattern(String.raw`['’]s?(?!\w)`, "g");
const BLANKS = new RegExp(`[${SPACE}]+`);

/** Finds the titles that speak of a tool. */
export class Mentions {
  /** @param {Vocabulary} vocabulary @param {string[]} ordinary the words of all titles that alone name no tool */
  constructor(vocabulary, ordinary) {
    this.vocabulary = vocabulary;
    this.ordinary = new Set(ordinary);
    /** @type {Map<string, number[]>} */
    this.byCode = new Map();
  }

  /** Take in the title of a post. @param {string} title @param {number} post */
  add(title, post) {
    for (const code of new Set(this.#codes(title))) {
      const posts = this.byCode.get(code);
      if (posts) posts.push(post);
      else this.byCode.set(code, [post]);
    }
  }

  /** The posts whose titles speak of a tool, in their order. @param {Identity} tool @returns {number[]} */
  of(tool) {
    return this.byCode.get(tool.code) ?? [];
  }

  /** The codes of all names that the title could have in it; of `doctests` also that of `doctest`. @param {string} title */
  *#codes(title) {
    const parts = phrases(title);
    const hasSmall = parts.flat().some(({ folded, hasCapital }) => [...folded].length >= LONG_WORD && !hasCapital);
    for (const words of parts) {
      for (let start = 0; start < words.length; start++) {
        const longest = words.slice(start, start + LONGEST_RUN);
        const vendor = this.#vendor(longest);
        for (let count = 1; count <= longest.length; count++) {
          const tool = this.#tool(longest.slice(0, count), vendor < count, hasSmall && start > 0);
          if (!tool) continue;
          yield tool.code;
          if (!tool.isListed && tool.code.endsWith("s")) yield tool.code.slice(0, -1);
        }
      }
    }
  }

  /** How many words of a run are a vendor's name at its start; all of them where there is none. @param {Word[]} run */
  #vendor(run) {
    let name = run[0].folded;
    let count = 1;
    while (count < run.length && !this.vocabulary.vendors.has(name)) name += ` ${run[count++].folded}`;
    return count;
  }

  /** The tool that a run of words names. @param {Word[]} run @param {boolean} hasVendor
   * @param {boolean} isMarked whether a capital marks a name there @returns {Identity | null} */
  #tool(run, hasVendor, isMarked) {
    const words = run.map((word) => word.folded);
    const slug = hasVendor ? undefined : this.vocabulary.slugs.get(words.join(""));
    const tools = hasVendor
      ? claim(words.join(" "), this.vocabulary).identities
      : [identity(slug ?? words.join("-"), "", [], slug !== undefined)];
    if (tools.length !== 1) return null;
    const [tool] = tools;
    const isOrdinary = (/** @type {string} */ word) => this.ordinary.has(word);
    if (tool.isListed) return run.some(({ folded, hasCapital }) => hasCapital || !isOrdinary(folded)) ? tool : null;
    const rest = tool.slug.split("-");
    const isRare = !rest.every((word) => isOrdinary(word) || isGeneral([word], this.vocabulary));
    return isRare || (isMarked && rest.length > 1 && run.every((word) => word.hasCapital)) ? tool : null;
  }
}

/** The words of a title, in one list those between which there is no pause. @param {string} title @returns {Word[][]} */
function phrases(title) {
  const read = [...title].slice(0, MOST_READ).join("").replace(POSSESSIVE, "");
  return read.split(PAUSE).map((phrase) =>
    phrase.split(BLANKS).flatMap((written) =>
      fold(written).map((folded) => ({ folded, hasCapital: written !== written.toLowerCase() }))));
}
