// Names → identities → claim key, as src/coursehub/names/identity.py does it, step by step and under the same names;
// at the end what is near, as nearness.py does it, and which words mix scripts, as letters.py does it. A test in a browser
// (tests/browser/test_free.py) holds both sides together: whoever changes a step changes it there and here.

import { LETTERS } from "./letters.js";

/** @typedef {{name: string, result: string}} Step
 *  @typedef {{head: string, shorter: string[], works: string[]}} Title  What else is known of a title: codes, numbers.
 *  @typedef {{slug: string, name: string, steps: Step[], isListed: boolean, code: string, title?: Title}} Identity
 *  @typedef {{identities: Identity[], undivided: Identity[], name: string, key: string, codes: string[], code: string}} Claim
 *    `undivided`: names with an “and” that were read as several tools, each as that of one.
 *  @typedef {{slugs: Map<string, string>, names: Map<string, string>, combinations: Map<string, string[]>,
 *    vendors: Map<string, string>, tails: Set<string>, openings: Set<string>, general: Set<string>, longest: number}}
 *    Vocabulary  Words that belong together are keys with a blank between them. */

export const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const LETTER = String.raw`\p{L}\p{N}_`;

/** @type {Record<string, string>} */
const CLASSES = { "\\w": `[${LETTER}]`, "\\s": `[${SPACE}]`, "\\S": `[^${SPACE}]`, "\\d": "\\p{Nd}" };

/** A pattern as Python's `re` reads it: its \w, \s and \d are of all scripts. Not within brackets, for which browsers
 * would need the flag `v`: Safari reads some of that otherwise. */
export const pattern = (/** @type {string} */ source, flags = "") =>
  new RegExp(source.replace(/\\[wsSd]/g, (letter) => CLASSES[letter]), `u${flags}`);

/** A word whatever its case; to Python, the Turkish letters are an i then. The flag `i` would be slow with \w. */
function anyCase(/** @type {string} */ word) {
  return word.replace(/\p{L}/gu, (letter) => `[${letter}${letter === "i" ? "Iİı" : letter.toUpperCase()}]`);
}

const MEANT = /** @type {[RegExp, string][]} */ ([
  [pattern(String.raw`(?<=\w)\+\+(?!\w)`, "g"), "plusplus"],
  [pattern(String.raw`(?<=\w)#(?!\w)`, "g"), "sharp"],
]);
const SIMPLE = /^[a-z\d ]*$/i; // a name in which only case is to be folded, which is most
const TRADE_MARKS = /[™®©℠]/g;
const APOSTROPHES = /['’‘`]/g;
const VOICED = "\u3099\u309a"; // what makes バ of ハ: another letter, and no accent
const WORD = /[\p{L}\p{N}]+/gu;
const BETWEEN = String.raw`[^\p{L}\p{N}]`;
const INK = pattern(String.raw`\S+`, "g");
const GLOSS = pattern(String.raw`^(?<outer>[^\(\)]*\w[^\(\)]*)\((?<inner>[^\(\)]+)\)(?<rest>[^\(\)]*)$`);
const PARENTHESES = /\([^()]*\)/g;
const SUBTITLE = pattern(String.raw`\s*:\s+|\s+[\-–—]+\s+|\s+${anyCase("by")}\s+(?=\S)|\s*[—–]\s*`);
const VERSION = pattern(String.raw`[${SPACE}\-]+(?:[vV]\.?\s?\d+(?:\.\w+)*|\d+(?:\.\w+)+)$`);
const JOINING = [anyCase("with"), String.raw`${anyCase("vs")}\.?`, anyCase("versus"), anyCase("plus")].join("|");
const STRONG = String.raw`(?<!\+)\+(?=\s*[${LETTER}\(])|[,;\|]|(?<=\s)\/(?=\s)|(?<=\s)(?:${JOINING})(?=\s)`;
const STRONG_SEPARATOR = pattern(STRONG);
const SEPARATOR_SOURCE = String.raw`\s*(?:${STRONG}|(?<weak>&|(?<=\s)${anyCase("and")}(?=\s)))\s*`;
const SEPARATOR = pattern(SEPARATOR_SOURCE, "g");
const CUT = pattern(`${SEPARATOR_SOURCE}|\\/`, "g");
const ANY_SPACE = new RegExp(`[${SPACE}]+`);
const OUTER_SPACE = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const LONGEST_NAME = 200;
const MOST_JOINED = 4;
const MOST_JUXTAPOSED = 12;

const strip = (/** @type {string} */ text) => text.replace(OUTER_SPACE, "");
const isAscii = (/** @type {string} */ text) => /^[\0-\x7f]*$/.test(text);
const length = (/** @type {string} */ text) => (isAscii(text) ? text.length : [...text].length);

/** Python's order of texts: by code point, where JavaScript's is by UTF-16 unit.
 * @param {string} one @param {string} other */
export function byCodePoint(one, other) {
  const [ours, theirs] = [[...one], [...other]];
  const at = ours.findIndex((char, index) => char !== theirs[index]);
  if (at < 0) return ours.length - theirs.length;
  return at < theirs.length ? Number(ours[at].codePointAt(0)) - Number(theirs[at].codePointAt(0)) : 1;
}

/** Python's str.casefold: `ß` is ss, the final sigma a sigma, Cherokee is folded to capitals. @param {string} text */
function casefold(text) {
  if (isAscii(text)) return text.toLowerCase();
  return Array.from(text, (char) => {
    if (char === "ı") return char;
    const upper = char.toLowerCase().toUpperCase();
    if (/^[\u13a0-\u13fd]/.test(upper)) return upper;
    return Array.from(upper, (each) => each.toLowerCase()).join("");
  }).join("");
}

/** Whether a mark has a canonical combining class: then it moves past another when put in order. */
const isCombining = (/** @type {string} */ mark) =>
  `${mark}\u0334`.normalize("NFD").startsWith("\u0334") || `\u0345${mark}`.normalize("NFD").endsWith("\u0345");

/** The name in Unicode's compatibility form, without signs of trade marks and what nobody sees. @param {string} name */
const plain = (name) => strip(isAscii(name) ? name : known(name).replace(TRADE_MARKS, "").normalize("NFKC"));

/** The name as `plain` has it, with one blank wherever there is white space. @param {string} name */
export const oneLine = (name) => plain(name).split(ANY_SPACE).filter(Boolean).join(" ");

/** The words of a name, without case, accents, emoji, punctuation; `&` is read as “and”.
 * @param {string} name @returns {string[]} */
export function fold(name) {
  if (SIMPLE.test(name)) return name.toLowerCase().split(" ").filter(Boolean);
  let text = casefold(plain(name));
  for (const [meant, meaning] of MEANT) text = text.replace(meant, meaning);
  text = text.replace(APOSTROPHES, "").replaceAll("&", " and ");
  if (!isAscii(text)) {
    text = text.normalize("NFKD").replace(/\p{M}/gu, (mark) => (isCombining(mark) && !VOICED.includes(mark) ? "" : mark));
    text = text.normalize("NFC"); // Korean syllables, and kana, are whole again
    text = Array.from(text, (letter) => readAs.get(letter) ?? letter).join("");
  }
  return text.match(WORD) ?? [];
}

/** What names are looked up by. */
export const code = (/** @type {string} */ name) => fold(name).join("");

/** The claim that a name makes, or a combination written as one.
 * @param {string} name @param {Vocabulary} vocabulary @returns {Claim} */
export function claim(name, vocabulary) {
  const start = [...name].slice(0, LONGEST_NAME).join("");
  const tools = identitiesOf(start, vocabulary);
  const identities = new Map(tools.toReversed().map((each) => [each.code, each])); // the first of each code
  return claimOf([...identities.values()], mayBeOne(tools) ? undivided(start, vocabulary) : []);
}

/** @param {string} name @param {Vocabulary} vocabulary @returns {Identity[]} */
const identitiesOf = (name, vocabulary) =>
  [...parts(name, vocabulary)]
    .map(([part, steps]) => identify(part, steps, vocabulary))
    .flatMap((each) => (each.slug ? settled(each, vocabulary) : []));

const mayBeOne = (/** @type {Identity[]} */ tools) => tools.length > 1 && !tools.every((each) => each.isListed);

/** @param {string} name @param {Vocabulary} vocabulary */
const undivided = (name, vocabulary) =>
  name.split(STRONG_SEPARATOR)
    .filter((part) => mayBeOne(identitiesOf(part, vocabulary)))
    .map((part) => identity(fold(part).join("-"), strip(part)));

const SETTLED = /^[a-z\d]+(?:[ -][a-z\d]+)*$/i;

/** The tool or tools that the identity's own slug leads to.
 * @param {Identity} tool @param {Vocabulary} vocabulary @param {string[]} seen @returns {Identity[]} */
function settled(tool, vocabulary, seen = []) {
  const { slug } = tool;
  if (tool.isListed || seen.includes(slug) || (!tool.steps.length && SETTLED.test(tool.name))) return [tool];
  const again = [...parts(slug, vocabulary)].map(([part, steps]) => identify(part, steps, vocabulary));
  if (again.length === 1 && again[0].slug === slug) return [tool];
  return again.flatMap((each) => {
    const name = again.length === 1 && !each.isListed ? tool.name : each.name;
    const further = identity(each.slug, name, [...tool.steps, ...each.steps], each.isListed);
    return settled(further, vocabulary, [...seen, slug]);
  });
}

/** The claim that is about these tools. @param {Identity[]} tools @param {Identity[]} [undivided] @returns {Claim} */
export function claimOf(tools, undivided = []) {
  const identities = tools.toSorted((one, other) => byCodePoint(one.slug, other.slug));
  const codes = tools.map((each) => each.code).sort(byCodePoint);
  return {
    identities, undivided, codes, code: codes.join("--"),
    name: identities.map((each) => each.name).join(" + "), key: keyOf(identities.map((each) => each.slug)),
  };
}

const DEVICE = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9])$/;

/** The claim key of tools with these slugs. One that is a device's name on Windows, such as `aux`, ends with `_`.
 * @param {string[]} slugs */
export function keyOf(slugs) {
  const key = slugs.join("--");
  return DEVICE.test(key) ? `${key}_` : key;
}

/** @param {string} slug @param {string} name @param {Step[]} steps @param {boolean} isListed @returns {Identity} */
export const identity = (slug, name, steps = [], isListed = false) =>
  ({ slug, name, steps, isListed, code: slug.replaceAll("-", "") });

const slugOf = (/** @type {string[]} */ words, /** @type {Vocabulary} */ vocabulary) =>
  vocabulary.slugs.get(words.join(""));

// --- letters

/** @type {[first: number, last: number, script: string][]} */
const SPANS = [[0, 0x7f, "Latin"]];
let spansEnd = 0x80;
for (const run of LETTERS.runs.split(";")) {
  const [gap, length, script] = run.split(",").map((number) => Number.parseInt(number, 36));
  SPANS.push([spansEnd + gap, spansEnd + gap + length - 1, LETTERS.scripts[script]]);
  spansEnd += gap + length;
}
const UNSEEN = new RegExp(`[${LETTERS.unseen}]`, "u");

const byLetter = (/** @type {Record<string, string>} */ groups) =>
  new Map(Object.entries(groups).flatMap(([look, letters]) => Array.from(letters, (letter) => [letter, look])));
/** @type {Map<string, string>} Latin letters, and what they are read as. */
const readAs = byLetter(LETTERS.latin);
/** @type {Map<string, string>} Letters of other scripts, and what they look like when they are small. */
const small = byLetter(LETTERS.looks);
/** @type {Map<string, string>} Letters of other scripts, small, and what their capitals look like. */
const capital = new Map([...small, ...byLetter(LETTERS.capitals)]);
const byCapital = new Map([...small, ...[...byLetter(LETTERS.capitals)].filter(([, look]) => look)]);
const bySmall = new Map([...byCapital, ...small]);

/** The script of a character, or nothing if some Unicode in use does not know it. @param {string} char */
function scriptOf(char) {
  const number = Number(char.codePointAt(0));
  let [low, high] = [0, SPANS.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (SPANS[middle][0] <= number) low = middle;
    else high = middle;
  }
  return number <= SPANS[low][1] ? SPANS[low][2] : "";
}

/** The text without what nobody sees, and without what some Unicode in use does not know. @param {string} text */
const known = (text) => Array.from(text, (char) => (scriptOf(char) && !UNSEEN.test(char) ? char : "")).join("");

/** How a code may look, as ASCII as can be: its letters small, and as capitals. @param {string} code */
function looks(code) {
  if (isAscii(code)) return [inAscii(code), ""];
  const [one, other] = [bySmall, byCapital].map((each) =>
    inAscii(Array.from(code, (letter) => each.get(letter) ?? letter).join("")),
  );
  return [one, other === one ? "" : other];
}

const inAscii = (/** @type {string} */ look) =>
  /[01]|rn/.test(look) ? look.replaceAll("0", "o").replaceAll("1", "l").replaceAll("rn", "m") : look;

const TOGETHER = ["Hiragana Katakana", "Bopomofo", "Hangul"].map((more) => new Set(`Latin Han ${more}`.split(" ")));
const ALNUM = /[\p{L}\p{N}]/u;
const MARK = /\p{M}/u;

/** Whether a word of the name mixes scripts. @param {string} name */
export function isMixed(name) {
  if (isAscii(name)) return false;
  let word = "";
  for (const char of `${known(name)} `) {
    if (ALNUM.test(char)) word += char;
    else if (!MARK.test(char)) {
      if (isMixedWord(word)) return true;
      word = "";
    }
  }
  return false;
}

/** @param {string} word */
function isMixedWord(word) {
  const scripts = new Set();
  let isDisguised = false;
  for (const char of word) {
    const letter = Array.from(new Set(char.normalize("NFKC"))).find(isOfOneScript);
    if (!letter) continue;
    scripts.add(scriptOf(letter));
    isDisguised ||= scriptOf(letter) !== "Latin" && lookOf(char) !== "";
  }
  if (scripts.size < 2) return false;
  return (isDisguised && scripts.has("Latin")) || !TOGETHER.some((together) => [...scripts].every((script) => together.has(script)));
}

/** @param {string} letter */
function isOfOneScript(letter) {
  const script = scriptOf(letter);
  if (isAscii(letter)) return /[a-z]/i.test(letter);
  return script && script !== "Common" && ALNUM.test(letter) && !(script === "Greek" && !lookOf(letter));
}

/** What a letter that is not Latin looks like. @param {string} char */
function lookOf(char) {
  const letter = char.normalize("NFKC");
  const lower = letter.toLowerCase();
  return (lower === letter ? small : capital).get(lower) ?? "";
}

// --- combinations

/** The parts of a combination; one part where the name is a single tool's.
 * @param {string} name @param {Vocabulary} vocabulary @returns {Generator<[string, Step[]]>} */
function* parts(name, vocabulary) {
  let text = plain(name);
  let whole = text;
  for (const [label, left] of readings(text, vocabulary)) {
    if (isOneTool(left, vocabulary)) return yield [strip(name), []];
    const stack = vocabulary.combinations.get(code(left));
    if (stack) {
      for (const tool of stack) yield [tool, [{ name: "stack", result: stack.join(" + ") }]];
      return;
    }
    text = left;
    if (label !== "version") whole = left;
  }
  let tools = pieces(whole, vocabulary);
  if (tools.length < 2 && !slugOf(fold(text), vocabulary)) {
    const words = withoutVendor(text, vocabulary);
    const tail = suffix(words, vocabulary.tails, vocabulary);
    tools = juxtaposed(words, vocabulary);
    if (!tools.length) tools = juxtaposed(words.slice(0, words.length - tail.length), vocabulary);
  }
  if (tools.length < 2) return yield [strip(name), []];
  const steps = [{ name: "combination", result: tools.join(" + ") }];
  for (const piece of tools) {
    for (const [part, more] of parts(piece, vocabulary)) yield [part, [...steps, ...more]];
  }
}

/** Whether the text is a listed name, and not several listed tools with separators between them.
 * @param {string} text @param {Vocabulary} vocabulary */
function isOneTool(text, vocabulary) {
  if (!listedSlug(text, vocabulary)) return false;
  const owners = new Set();
  let start = 0;
  for (const match of text.matchAll(CUT)) {
    owners.add(listedSlug(text.slice(start, match.index), vocabulary));
    start = match.index + match[0].length;
  }
  owners.add(listedSlug(text.slice(start), vocabulary));
  return owners.has(undefined) || owners.size === 1;
}

/** The listed tool that a text names, with or without its vendor and tail.
 * @param {string} text @param {Vocabulary} vocabulary */
function listedSlug(text, vocabulary) {
  const words = fold(text);
  const slug = slugOf(words, vocabulary);
  if (slug) return slug;
  for (const [, left] of reductions(words, vocabulary)) {
    const reduced = slugOf(left, vocabulary);
    if (reduced) return reduced;
  }
  return undefined;
}

/** Cut at separators, but for those inside a listed tool's name.
 * @param {string} text @param {Vocabulary} vocabulary */
function pieces(text, vocabulary) {
  const shielded = text.replace(PARENTHESES, (inside) => ".".repeat(inside.length));
  /** @type {[number, number][]} */
  const spans = [];
  let start = 0;
  for (const match of shielded.matchAll(SEPARATOR)) {
    const end = match.index + match[0].length;
    if (match.groups?.weak === "&" && !isBetweenNames(text.slice(start, match.index), text.slice(end))) continue;
    spans.push([start, match.index]);
    start = end;
  }
  spans.push([start, text.length]);
  const texts = [];
  while (spans.length) {
    let joined = Math.min(spans.length, MOST_JOINED);
    while (joined > 1 && !isOneTool(text.slice(spans[0][0], spans[joined - 1][1]), vocabulary)) joined--;
    const piece = strip(text.slice(spans[0][0], spans[joined - 1][1]));
    if (fold(piece).length) texts.push(piece);
    spans.splice(0, joined);
  }
  return texts;
}

/** Whether an `&` joins two names, rather than two initials (`W&B`).
 * @param {string} before @param {string} after */
function isBetweenNames(before, after) {
  const [left, right] = [before.match(INK)?.at(-1), after.match(INK)?.[0]];
  return Boolean(left && right && length(left) > 1 && length(right) > 1);
}

/** Listed tools named side by side (`Databricks MLflow`), or nothing.
 * @param {string[]} words @param {Vocabulary} vocabulary @returns {string[]} */
function juxtaposed(words, vocabulary) {
  if (words.length < 2 || words.length > MOST_JUXTAPOSED || slugOf(words, vocabulary)) return [];
  for (let end = words.length - 1; end > 0; end--) {
    const slug = slugOf(words.slice(0, end), vocabulary);
    if (!slug) continue;
    const rest = words.slice(end);
    const restSlug = slugOf(rest, vocabulary);
    const others = restSlug ? [nameOf(restSlug, vocabulary)] : juxtaposed(rest, vocabulary);
    if (others.length) return [nameOf(slug, vocabulary), ...others];
  }
  return [];
}

const nameOf = (/** @type {string} */ slug, /** @type {Vocabulary} */ vocabulary) => vocabulary.names.get(slug) ?? slug;

/** @param {string} text @param {Vocabulary} vocabulary */
function withoutVendor(text, vocabulary) {
  const words = fold(text);
  const vendor = prefix(words, vocabulary.vendors, vocabulary);
  return vendor.length && !slugOf(vendor, vocabulary) ? words.slice(vendor.length) : words;
}

// --- one tool

/** @param {string} name @param {Step[]} before @param {Vocabulary} vocabulary @returns {Identity} */
function identify(name, before, vocabulary) {
  const steps = [...before];
  let text = plain(name);
  for (const [label, left] of readings(text, vocabulary)) {
    if (label) steps.push({ name: label, result: left });
    text = left;
    const slug = slugOf(fold(left), vocabulary);
    if (slug) return listed(slug, left, steps, vocabulary);
  }
  let words = fold(text);
  for (const [label, left] of reductions(words, vocabulary)) {
    const [slug, result] = [slugOf(left, vocabulary), left.join(" ")];
    if (slug) return listed(slug, result, [...steps, { name: label, result }], vocabulary);
  }
  for (const [label, left] of unlisted(words, vocabulary)) {
    steps.push({ name: label, result: left.join(" ") });
    words = left;
  }
  return identity(words.join("-"), strip(name), steps);
}

/** @param {string} slug @param {string} text @param {Step[]} steps @param {Vocabulary} vocabulary */
function listed(slug, text, steps, vocabulary) {
  const name = vocabulary.names.get(slug) ?? text;
  if (code(text) !== slug.replaceAll("-", "")) steps.push({ name: "alias", result: name });
  else if (text !== name) steps.push({ name: "spelling", result: name });
  return identity(slug, name, steps, true);
}

/** The name with less and less around it: gloss, subtitle, opening words, version. Each has words.
 * @param {string} text @param {Vocabulary} vocabulary @returns {Generator<[string, string]>} */
function* readings(text, vocabulary) {
  yield ["", text];
  const gloss = GLOSS.exec(text)?.groups;
  if (gloss) {
    let outer = strip(`${strip(gloss.outer)} ${strip(gloss.rest)}`);
    const inner = strip(gloss.inner);
    const maker = vocabulary.vendors.get(fold(inner).join(" "));
    if (maker && slugOf([maker, ...fold(outer)], vocabulary)) yield ["vendor", `${maker} ${outer}`];
    const known = slugOf(fold(inner), vocabulary);
    if (known && !slugOf(fold(outer), vocabulary) && abbreviates(fold(outer), fold(inner))) outer = inner;
    yield ["gloss", outer];
    text = outer;
  }
  const head = headOf(text);
  if (head !== text) yield ["subtitle", head];
  const core = withoutOpening(head, vocabulary);
  if (core !== head) yield ["opening", core];
  const unversioned = core.replace(VERSION, "");
  if (unversioned !== core && fold(unversioned).length) yield ["version", unversioned];
}

/** The name before a subtitle or a maker: `Aporia: Monitor ML Models`, `Sacred by IDSIA`. @param {string} text */
function headOf(text) {
  const head = text.split(SUBTITLE, 1)[0];
  return fold(head).length ? head : text;
}

/** `Intro to MiniKube` → `MiniKube`. @param {string} text @param {Vocabulary} vocabulary */
function withoutOpening(text, vocabulary) {
  const opening = prefix(fold(text), vocabulary.openings, vocabulary);
  if (!opening.length) return text;
  const words = opening.map(anyCase).join(`${BETWEEN}*`);
  return text.replace(pattern(`^${BETWEEN}*${words}${BETWEEN}+`), "") || text;
}

/** Ways to read the words as a listed tool: another form of the vendor, no vendor, no tail, neither.
 * @param {string[]} words @param {Vocabulary} vocabulary @returns {Generator<[string, string[]]>} */
function* reductions(words, vocabulary) {
  const vendor = prefix(words, vocabulary.vendors, vocabulary);
  const tail = suffix(words, vocabulary.tails, vocabulary);
  const rest = words.slice(vendor.length);
  const trimmed = words.slice(0, words.length - tail.length);
  if (vendor.length) {
    yield ["vendor", [vocabulary.vendors.get(vendor.join(" ")) ?? "", ...rest]];
    yield ["vendor", rest];
  }
  if (tail.length) {
    yield ["tail", trimmed];
    yield ["vendor and tail", trimmed.slice(vendor.length)];
  }
}

/** What is dropped from an unlisted tool's name, only where the rest can still name a tool.
 * @param {string[]} words @param {Vocabulary} vocabulary @returns {Generator<[string, string[]]>} */
function* unlisted(words, vocabulary) {
  const tail = suffix(words, vocabulary.tails, vocabulary);
  if (tail.length && !isGeneral(words.slice(0, -tail.length), vocabulary)) {
    words = words.slice(0, -tail.length);
    yield ["tail", words];
  }
  const vendor = prefix(words, vocabulary.vendors, vocabulary);
  if (!vendor.length) return;
  const short = vocabulary.vendors.get(vendor.join(" ")) ?? "";
  const rest = words.slice(vendor.length);
  if (!isGeneral(rest, vocabulary)) yield ["vendor", rest];
  else if (vendor.join(" ") !== short) yield ["vendor", [short, ...rest]];
}

/** Whether these words could mean any tool. @param {string[]} words @param {Vocabulary} vocabulary */
export const isGeneral = (words, vocabulary) =>
  words.every((word) => vocabulary.general.has(word) || /^\p{Nd}+$/u.test(word));

/** @typedef {{has(words: string): boolean}} Known */

/** The longest of `known` that the words begin with and do not end with.
 * @param {string[]} words @param {Known} known @param {Vocabulary} vocabulary */
function prefix(words, known, vocabulary) {
  for (let count = Math.min(vocabulary.longest, words.length - 1); count > 0; count--) {
    if (known.has(words.slice(0, count).join(" "))) return words.slice(0, count);
  }
  return [];
}

/** The longest of `known` that the words end with and do not begin with.
 * @param {string[]} words @param {Known} known @param {Vocabulary} vocabulary */
function suffix(words, known, vocabulary) {
  for (let count = Math.min(vocabulary.longest, words.length - 1); count > 0; count--) {
    if (known.has(words.slice(-count).join(" "))) return words.slice(-count);
  }
  return [];
}

const SMALL_WORDS = new Set(["and", "of", "for", "the", "to", "in", "on", "a"]);

/** Whether one name is the initials of the other: `NNI` and `Neural Network Intelligence`.
 * @param {string[]} one @param {string[]} other */
const abbreviates = (one, other) => isInitials(one, other) || isInitials(other, one);

/** @param {string[]} short @param {string[]} words */
function isInitials(short, words) {
  const letters = short.filter((word) => !SMALL_WORDS.has(word)).join("");
  if (words.length < 2 || length(letters) < 2) return false;
  return letters === initials(words) || letters === initials(words.filter((word) => !SMALL_WORDS.has(word)));
}

const initials = (/** @type {string[]} */ words) =>
  words.map((word) => String.fromCodePoint(Number(word.codePointAt(0)))).join("");

// --- nearness

const SHORTEST_CHANGED = 5;
const SHORTEST_ADDED = 4;
const SHORTEST_SWAPPED = 3;
const MOST_WORDS_MORE = 2;
const FEWEST_WORDS_FOR_INITIALS = 3;

/** @typedef {string | string[]} Letters  A code's characters.
 *  @typedef {{identity: Identity, bare: string, letters: Letters, more: Letters[], look: string, otherLook: string, phrase: string,
 *    count: number, initials: string, posts: number[]}} Name
 *  An identity with what nearness looks at, worked out once: the code (of a title without its mark), its characters, those
 *  of the tool's other names, how it looks, in capitals perhaps otherwise, the name's words, how many; and a place for the
 *  numbers of the posts about it. */

/** @type {Letters[]} */
const NONE = []; // most names have no other, and share this

const lettersOf = (/** @type {string} */ code) => (isAscii(code) ? code : [...code]);

/** @param {Identity} identity @param {string[]} words of its name @returns {Name} */
export function nameFor(identity, words) {
  const bare = identity.title ? identity.code.replace("title_", "") : identity.code;
  const whole = identity.title ? bare : words.join("");
  const [look, otherLook] = looks(bare);
  const phrase = words.join(" ");
  return {
    identity, bare, letters: lettersOf(bare), more: whole === bare ? NONE : [lettersOf(whole)], look, otherLook, phrase,
    count: words.length, initials: initials(words), posts: [],
  };
}

/** Note one more name of a tool, by its code. @param {Name} name @param {string} code */
export function addCode(name, code) {
  if (code !== name.bare) name.more = [...name.more, lettersOf(code)];
}

/** The names near an identity, by code. Every name is looked at, which for 15,000 takes about a millisecond.
 * @param {Identity} identity @param {Name[]} names @param {Vocabulary} vocabulary
 * @returns {{identity: Identity, why: string}[]} */
export function near(identity, names, vocabulary) {
  const words = fold(identity.name);
  const ours = nameFor(identity, words);
  const meant = ofKnownVendors(identity, words, vocabulary);
  const others = [];
  for (const theirs of names) {
    const why = relation(ours, theirs, meant, vocabulary);
    const other = theirs.identity;
    if (why && other.code !== identity.code && !(identity.isListed && other.isListed)) others.push({ identity: other, why });
  }
  return others.sort((one, other) => byCodePoint(one.identity.code, other.identity.code));
}

/** The codes of the tools that a name leads to once its first words, a slip of a vendor's, are the vendor's.
 * @param {Identity} identity @param {string[]} words of its name @param {Vocabulary} vocabulary */
function ofKnownVendors({ isListed, title }, words, vocabulary) {
  /** @type {Set<string>} */
  const codes = new Set();
  if (isListed || title) return codes;
  for (let count = 1; count <= Math.min(vocabulary.longest, words.length - 1); count++) {
    const start = lettersOf(words.slice(0, count).join(""));
    for (const vendor of vocabulary.vendors.keys()) {
      if (!isSlip(start, lettersOf(vendor.replaceAll(" ", "")))) continue;
      for (const each of claim([vendor, ...words.slice(count)].join(" "), vocabulary).codes) codes.add(each);
    }
  }
  return codes;
}

/** Why one name might be taken for the other, or nothing.
 * @param {Name} ours @param {Name} theirs @param {Set<string>} meant codes of the tools that a vendor's slip hides
 * @param {Vocabulary} vocabulary */
function relation(ours, theirs, meant, vocabulary) {
  if (isLookalike(ours, theirs)) return "looks the same";
  if (areSlips(ours, theirs) || meant.has(theirs.identity.code)) return "is one letter away";
  if (isAbbreviation(ours, theirs)) return ours.count === 1 ? "has these initials" : "is its initials";
  const more = theirs.count - ours.count;
  if (more === 0 || Math.abs(more) > MOST_WORDS_MORE) return "";
  const [shorter, longer] = more > 0 ? [ours, theirs] : [theirs, ours];
  if (!begins(longer, shorter.phrase) || isPackage(longer, shorter.count, vocabulary)) return "";
  return more > 0 ? "begins with this name" : "is how this name begins";
}

/** Whether a name is a package's for the tool of its first words: `pytest-cov` is, `mlflow-server` is not.
 * @param {Name} name @param {number} count @param {Vocabulary} vocabulary */
function isPackage({ identity, phrase }, count, vocabulary) {
  if (identity.title || ANY_SPACE.test(plain(identity.name))) return false;
  const rest = phrase.split(" ").slice(count);
  return !vocabulary.tails.has(rest.join(" ")) && !isGeneral(rest, vocabulary);
}

/** @param {Name} ours @param {Name} theirs */
const isLookalike = (ours, theirs) =>
  ours.look === theirs.look ||
  (ours.otherLook !== "" && (ours.otherLook === theirs.look || ours.otherLook === theirs.otherLook)) ||
  (theirs.otherLook !== "" && ours.look === theirs.otherLook);

/** @param {Name} ours @param {Name} theirs */
function isAbbreviation(ours, theirs) {
  if (Math.max(ours.count, theirs.count) < FEWEST_WORDS_FOR_INITIALS) return false;
  if (theirs.initials !== ours.bare && !begins(theirs, ours.initials)) return false;
  return abbreviates(ours.phrase.split(" "), theirs.phrase.split(" "));
}

/** Whether a name's first words are these. @param {Name} name @param {string} words */
const begins = ({ phrase }, words) =>
  words !== "" && phrase.startsWith(words) && (phrase.length === words.length || phrase[words.length] === " ");

/** Whether a code of one name is a slip of one of the other's. @param {Name} ours @param {Name} theirs */
function areSlips(ours, theirs) {
  if (isSlipOfAny(ours.letters, theirs)) return true;
  for (const one of ours.more) if (isSlipOfAny(one, theirs)) return true;
  return false;
}

/** @param {Letters} one @param {Name} name */
function isSlipOfAny(one, name) {
  if (isSlip(one, name.letters)) return true;
  for (const other of name.more) if (isSlip(one, other)) return true;
  return false;
}

/** Whether two codes differ by one letter missing, added, changed, or swapped with its neighbour, and not in digits
 * alone: those tell versions and products apart. @param {Letters} one @param {Letters} other */
export const isSlip = (one, other) => isOneEditAway(one, other) && withoutDigits(one) !== withoutDigits(other);

/** @param {Letters} code */
const withoutDigits = (code) => [...code].filter((char) => !/\p{Nd}/u.test(char)).join("");

/** @param {Letters} one @param {Letters} other */
function isOneEditAway(one, other) {
  if (one.length < other.length) [one, other] = [other, one];
  const more = one.length - other.length;
  if (more > 1 || one.length < SHORTEST_SWAPPED) return false;
  let at = 0;
  while (at < other.length && one[at] === other[at]) at++;
  if (at === one.length) return false;
  if (more) return one.length >= SHORTEST_ADDED && agree(one, at + 1, other, at);
  const isSwap = one[at] === other[at + 1] && one[at + 1] === other[at];
  const isChange = one.length >= SHORTEST_CHANGED && agree(one, at + 1, other, at + 1);
  return isChange || (isSwap && agree(one, at + 2, other, at + 2));
}

/** Whether the rests of two texts, each from its place on, are the same.
 * @param {Letters} one @param {number} from @param {Letters} other @param {number} start */
function agree(one, from, other, start) {
  const rest = one.length - from;
  if (rest !== other.length - start) return false;
  for (let at = 0; at < rest; at++) if (one[from + at] !== other[start + at]) return false;
  return true;
}
