// Titles → identities, as src/coursehub/names/titles.py does it with works.py and citations.py, under the same names; at
// the end which are near, as near_names.py does it. Only a course that has titles loads this. A test in a browser
// (tests/browser/test_free.py) holds both sides together.

import { byCodePoint, claimOf, fold, identity, near as nearNames, oneLine } from "./identity.js";

/** @typedef {import("./identity.js").Claim} Claim
 *  @typedef {import("./identity.js").Identity} Identity
 *  @typedef {import("./identity.js").Name} Name
 *  @typedef {import("./identity.js").Title} Title */

const PREFIX = "title_";
const LONGEST = 300;
const MOST_BYTES = 80;

/** A pattern as Python's `re.ASCII` reads it: without the flag `u`, and with \s of ASCII alone. */
const pattern = (/** @type {string} */ source, flags = "") =>
  new RegExp(source.replace(/\[\^([^\]]*?)\\s/g, "[^$1 \\t-\\r").replaceAll("\\s", "[ \\t-\\r]").replaceAll("\\S", "[^ \\t-\\r]"), flags);

/** The claim of one title. @param {string} name @returns {Claim} */
export function claim(name) {
  const its = identify(oneLine([...name].slice(0, LONGEST).join("")));
  return claimOf(its ? [its] : []);
}

/** @param {string} name @returns {Identity | undefined} */
function identify(name) {
  if (name.startsWith(PREFIX)) name = name.slice(PREFIX.length).replaceAll("-", " ");
  const [number, rest] = split(name);
  const works = number ? [number] : [];
  const steps = works.map((each) => ({ name: "number", result: each }));
  const title = titleIn(withoutMarkup(rest));
  const words = wordsOf(title);
  if (words.length) {
    const heads = [...endsOfHeads(title)].map((end) => wordsOf(title.slice(0, end)));
    const shorter = [...new Set([...shorterForms(words, heads)].map(codeOf))];
    if (fold(title).join(" ") !== fold(name).join(" ")) steps.push({ name: "title", result: title });
    return { ...identity(slugOf(words), title, steps), title: { head: codeOf(heads[0] ?? words), shorter, works } };
  }
  const digits = fold(number);
  if (!digits.length) return undefined;
  return { ...identity(slugOf(digits), name, steps), title: { head: codeOf(digits), shorter: [], works } };
}

/** Whether two titles that are written otherwise may be of one work.
 * @param {Pick<Identity, "code" | "title">} ours @param {Pick<Identity, "code" | "title">} theirs */
export function areAkin(ours, theirs) {
  if (!ours.title || !theirs.title || ours.code === theirs.code) return false;
  const { shorter, works } = ours.title;
  return (
    works.some((work) => theirs.title?.works.includes(work)) ||
    shorter.includes(theirs.code) || theirs.title.shorter.includes(ours.code)
  );
}

// --- words

const ARTICLES = new Set(["the", "a", "an"]);
const KINDS = new Map(Object.entries({
  part: "part", pt: "part", volume: "volume", vol: "volume", edition: "edition", ed: "edition", edn: "edition",
}));
/** @type {Map<string, string>} */
const NUMBERS = new Map();
for (const words of [
  "first second third fourth fifth sixth seventh eighth ninth tenth",
  "one two three four five six seven eight nine ten",
  "i ii iii iv v vi vii viii ix x",
]) {
  for (const [at, word] of words.split(" ").entries()) NUMBERS.set(word, `${at + 1}`);
}
for (let number = 1; number <= 30; number++) {
  for (const ending of ["", "st", "nd", "rd", "th"]) NUMBERS.set(`${number}${ending}`, `${number}`);
}

/** The words that count. @param {string} title */
function wordsOf(title) {
  const words = fold(title);
  /** @type {string[]} */
  const counted = [];
  for (const word of words.filter((each, at) => !ARTICLES.has(each) || at === words.length - 1)) {
    const before = counted.at(-1) ?? "";
    const number = NUMBERS.get(word);
    if (KINDS.get(word) === "edition" && NUMBERS.has(before)) counted.splice(-1, 1, "edition", NUMBERS.get(before) ?? "");
    else if (KINDS.has(before) && number) counted.splice(-1, 1, KINDS.get(before) ?? "", number);
    else counted.push(word);
  }
  return counted;
}

const codeOf = (/** @type {string[]} */ words) => slugOf(words).replaceAll("-", "");

/** @param {string[]} words */
function slugOf(words) {
  const letters = [...words.join("")];
  const encoder = new TextEncoder();
  let [bytes, room] = [0, 0];
  while (room < letters.length && bytes + encoder.encode(letters[room]).length <= MOST_BYTES) {
    bytes += encoder.encode(letters[room++]).length;
  }
  if (room === letters.length) return PREFIX + words.join("-");
  const kept = [];
  for (const word of words) {
    if (!room) break;
    const start = [...word].slice(0, room);
    kept.push(start.join(""));
    room -= start.length;
  }
  return `${PREFIX}${kept.join("-")}-${sum(encoder.encode(letters.join(""))).toString(16).padStart(8, "0")}`;
}

/** FNV-1a of 32 bits. @param {Uint8Array} bytes */
function sum(bytes) {
  let total = 0x811c9dc5;
  for (const byte of bytes) total = Math.imul(total ^ byte, 0x01000193) >>> 0;
  return total;
}

// --- shorter forms

const SUBTITLE = pattern(
  String.raw`\s*:(?![0-9])\s*|\s+[-–—]+\s+|\s*—\s*|(?<=[?!])\s+|(?<=[a-z]{3})\.\s+|,\s+(?=(?:part|vol|volume)\b)`, "gi",
);
const FIELDS = new Set((
  "advanced agent agents algebra algorithm algorithms analysis applied architecture artificial book brief " +
  "calculus case cloud comment commentary compiler compilers computation computational computer computers " +
  "computing concurrent cryptography data database databases deep description design discussion distributed " +
  "economics editorial editors engineering foreword foundations fundamentals graphics guest handbook " +
  "information intelligence introduction invited keynote language languages learning linear logic machine " +
  "management mathematical mathematics memoriam mining model modeling models modern multi multiagent natural " +
  "network networking networks neural noted obituary operating optimization panel parallel pattern physics " +
  "preface principles probability processing program programming programs psychology quantum recognition " +
  "reinforcement reply research response retrieval review robotics science security software statistical " +
  "statistics structure structures study supervised survey system systems talk theory tutorial unsupervised " +
  "vision visualization web"
).split(" "));
const SMALL = new Set(["and", "of", "for", "to", "in", "on", "with", "from"]);

/** Where the title can be cut before a subtitle. @param {string} title */
function* endsOfHeads(title) {
  for (const match of title.matchAll(SUBTITLE)) {
    const end = match.index + match[0].length;
    if (match.index && fold(title.slice(0, match.index)).length && fold(title.slice(end)).length) yield match.index;
  }
}

/** The title without subtitle, edition or part, where what is left can be nothing else.
 * @param {string[]} words @param {string[][]} heads */
function* shorterForms(words, heads) {
  for (const each of [words, ...heads.filter((head) => !isField(head))]) {
    if (each.join(" ") !== words.join(" ")) yield each;
    if (each.length > 2 && KINDS.has(each.at(-2) ?? "") && isNumber(each.at(-1) ?? "")) yield each.slice(0, -2);
  }
}

const isNumber = (/** @type {string} */ word) => /^\p{Nd}+$/u.test(word);
const isField = (/** @type {string[]} */ words) =>
  words.every((word) => FIELDS.has(word) || SMALL.has(word) || isNumber(word));

// --- numbers and addresses

const ADDRESS = pattern(
  String.raw`^https?://(?:[^/?#@\s]*@)?([^/?#:\s]+)(?::[0-9]*)?([^?#\s]*)((?:\?[^#\s]*)?)(?:#\S*)?$`, "i",
);
const DOI = pattern(
  String.raw`(?:\bdoi\s*:?\s*)?(?:https?://\S*?/)?(?<![0-9.])(10\.[0-9]{4,9}/[\w.;:()/+'*!$%,@=~-]+)(?:[?&#]\S*)?`, "i",
);
const ARXIV = pattern(
  String.raw`(?:https?://)?(?:[a-z-]+\.)?(?:arxiv(?:\.org)?|ar5iv(?:\.org|\.labs\.arxiv\.org)|huggingface\.co/papers)` +
    String.raw`(?:\s*:\s*|/(?:[a-z]+/)?|\s+)([0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7})(?![0-9])` +
    String.raw`(?:v[0-9]+)?(?:\.pdf)?(?:\s*\[[a-z.-]+\])?`, "i",
);
const BARE_ARXIV = /^([0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?$/i;
const PAGES_OF_A_DOI = /(?:\/(?:abstract|full|pdf|epub|html|meta))+$|\.pdf$/i;
const PUBLISHERS = /** @type {[RegExp, string][]} */ ([
  [/^https?:\/\/(?:www\.)?aclanthology\.org\/([a-z0-9.-]+?)(?:\.pdf)?\/?$/i, "10.18653/v1/"],
  [/^https?:\/\/(?:www\.)?nature\.com\/articles\/([a-z0-9.-]+?)(?:\.pdf)?\/?$/i, "10.1038/"],
]);

/** The number of a work in a text, empty where there is none; and the rest of the text.
 * @param {string} text @returns {[number: string, rest: string]} */
function split(text) {
  for (const [publisher, start] of PUBLISHERS) {
    const match = publisher.exec(text);
    if (match) return [`doi:${start}${match[1].toLowerCase()}`, ""];
  }
  const bare = BARE_ARXIV.exec(text);
  if (bare) return [`arxiv:${bare[1]}`, ""];
  const preprint = ARXIV.exec(text);
  if (preprint) return [`arxiv:${preprint[1].toLowerCase()}`, cut(text, preprint)];
  const address = ADDRESS.exec(text);
  const decoded = address ? text.replace(/%2f/gi, "/") : text;
  const match = DOI.exec(decoded);
  if (match) return [doi(match[1]), cut(decoded, match)];
  return address ? [page(address), ""] : ["", text];
}

/** @param {string} text @param {RegExpExecArray} match */
const cut = (text, match) => `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`.trim();

/** @param {string} written */
function doi(written) {
  let its = written.replace(/[.,;:']+$/, "").replace(PAGES_OF_A_DOI, "").toLowerCase();
  while (its.endsWith(")") && its.split(")").length > its.split("(").length) its = its.slice(0, -1).replace(/[.,;:']+$/, "");
  const preprint = /^10\.48550\/arxiv\.(.*)$/.exec(its);
  return preprint ? `arxiv:${preprint[1].replace(/v[0-9]+$/, "")}` : `doi:${its}`;
}

/** @param {RegExpExecArray} address */
const page = ([, host, path, query]) =>
  `${host.toLowerCase().replace(/^www\./, "")}${path.replace(/\/+$/, "").replace(/\.pdf$/, "")}${query}`;

// --- citations

const YEAR = "(?:1[89]|20)[0-9]{2}[a-z]?";
const NAME = String.raw`[A-Z][^\s,;:()"“”]*`;
const ET_AL = String.raw`et al\.?,?\s*\(?(?:${YEAR})?\)?\.?`;
/** @type {Record<string, string>} */
const LETTERS = { ss: "ß", ae: "æ", AE: "Æ", oe: "œ", OE: "Œ", aa: "å", AA: "Å", o: "ø", O: "Ø", l: "ł", L: "Ł" };
const LETTER = pattern(String.raw`\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?![A-Za-z])\s*`, "g");
const TAG = /<\/?[a-z]{1,6}>/gi;
const LATEX = /** @type {[RegExp, string][]} */ ([
  [pattern(String.raw`\\(?:[a-zA-Z]+\s*(?=\{)|["'${"`"}^~=.]\s*|[uvHcdbkrt](?![A-Za-z])\s*)`, "g"), ""],
  [/``|''/g, '"'],
  [/~/g, " "],
  [/[{}$\\]/g, ""],
]);
const QUOTED = /^([^"“”]*)["“]([^"“”]+)["”]([^"“”]*)$/;
const DATED = pattern(String.raw`\b${YEAR}\b|\bet al\b`);
const BRACKETS = pattern(String.raw`\s*[(\[]([^()\[\]]*)[)\]]`, "g");
const NOISE = pattern(
  String.raw`^(?:|${YEAR}|(?:.*[^\w])?(?:et al|${YEAR}|['’][0-9]{2})(?:[^\w].*)?` +
    "|pdf|html|preprint|online|draft|slides|paper|technical report|(?:extended|full) (?:abstract|version))$", "i",
);
const EDITION = /\b(?:ed|edn|edition|part|vol|volume)\b/i;
const YEAR_BEHIND = pattern(String.raw`,?\s*${YEAR}$`);
const BEFORE = [
  pattern(String.raw`^(?=[^()]*(?:\b[A-Z]\.|\bet al|&|,))[^()]+\(${YEAR}\)\.\s+(?=\S)`),
  pattern(String.raw`^${NAME}(?:,? (?:and|&) ${NAME})? et al\.?,?\s*(?:\(?${YEAR}\)?)?\s*[:.,–—-]?\s*(?=\S)`),
];
const BEHIND = [
  pattern(String.raw`[.,]\s+(?:In:?\s+)?(?:Proceedings|Proc\.)\s.*$`),
  pattern(String.raw`[.,]\s+(?:arXiv|CoRR)\b.*$`),
  pattern(String.raw`[.,]\s+In:?\s+[A-Z]{3,}\b.*$`),
  pattern(String.raw`(?:\s*[,;.–—-]\s+|\s+by\s+)(?:(?:${NAME}|and|&) ){1,6}${ET_AL}$`),
  pattern(String.raw`\s+${NAME} ${ET_AL}$`),
  pattern(String.raw`\s+by\s+${NAME}(?:(?:,? (?:and|&) |,? )${NAME}){0,6},?\s+\(?${YEAR}\)?\.?$`),
  pattern(String.raw`[,.;]\s+(?:[A-Z][a-z]+,?\s+)?\(?${YEAR}\)?\.?$`),
];
const EDGES = /^[ *_.,;:–—-]+|[ *_.,;:–—-]+$/g;

/** The text without LaTeX and the tags of HTML. @param {string} text */
function withoutMarkup(text) {
  text = text.replace(TAG, "");
  if (!text.includes("\\") && !text.includes("{") && !text.includes("``")) return text;
  text = text.replace(LETTER, (_, letter) => LETTERS[letter]);
  for (const [latex, instead] of LATEX) text = text.replace(latex, instead);
  return text;
}

/** The title in a reference to it; all of it where no word would be left. @param {string} text */
function titleIn(text) {
  const title = bare(text);
  return fold(title).length ? title : text;
}

/** @param {string} text */
function bare(text) {
  const quoted = QUOTED.exec(text);
  if (quoted) {
    const around = `${quoted[1]} ${quoted[3]}`;
    if (DATED.test(around) || !fold(around).length) text = quoted[2];
  }
  for (const before of BEFORE) text = text.replace(before, "");
  text = text.replace(BRACKETS, bracketed).replace(EDGES, "");
  for (const behind of BEHIND) {
    const shorter = text.replace(behind, "");
    if (fold(shorter).length) text = shorter;
  }
  return text.replace(EDGES, "");
}

/** @param {string} all @param {string} inner */
function bracketed(all, inner) {
  const inside = inner.trim();
  if (EDITION.test(inside)) return `, ${inside.replace(YEAR_BEHIND, "")}`;
  return NOISE.test(inside) ? "" : all;
}

// --- nearness

const MOST_ALIKE = 5;

/** The titles near a title, by code; not those that may be the same.
 * @param {Identity} title @param {Name[]} names of titles @param {import("./identity.js").Vocabulary} vocabulary
 * @returns {{identity: Identity, why: string}[]} */
export function near(title, names, vocabulary) {
  const named = new Map(nearNames(title, names, vocabulary).map((each) => [each.identity.code, each]));
  const alike = names
    .map((name) => name.identity)
    .filter((other) => other.title?.head === title.title?.head && other.code !== title.code)
    .sort((one, other) => byCodePoint(one.code, other.code));
  for (const other of alike.slice(0, MOST_ALIKE)) {
    if (!named.has(other.code)) named.set(other.code, { identity: other, why: "begins with the same title" });
  }
  const others = [...named.values()].filter((each) => !areAkin(title, each.identity));
  return others.sort((one, other) => byCodePoint(one.identity.code, other.identity.code));
}
