// All published posts, to be searched and filtered: reads the file that src/coursehub/site/catalog_index.py writes.

import { AT_ONCE, headlineOf, list, NAME, NEW, runs } from "./columns.js";
import { fold } from "./identity.js";
import { nearest } from "./slips.js";

const FILTERS = /** @type {const} */ (["semester", "topic", "option", "format", "hosted"]);
const NOTHING = "none"; // what a filter calls what has no value; src/coursehub/site/pages/catalog_page.py names it so, too
// The first questions take longer than the answer to a key may, for patterns and loops are not compiled yet.
const REHEARSED = ["", "a", "Ω b-c", "wandb medium"];
// Words of a question that say nothing about a post.
const COMMON = new Set("a about an and are do for from how i in is it of on or post posts the to use using what which with".split(" "));
// Where there are no blanks between words, one may begin anywhere; in Korean, within a compound.
const WITHOUT_BLANKS = /^[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

/** @typedef {{options: string[], topics: string[], topic_titles: string[], formats: string[], tools: string[],
 *    aliases: Partial<Record<number, string[]>>, tool_topics: Partial<Record<number, number>>,
 *    semester: import("./columns.js").Runs, option: number[], format: number[], tool: (number | number[])[],
 *    topic: Partial<Record<number, number[]>>, titles: string[], also: Partial<Record<number, string[]>>,
 *    authors: (string | string[])[], links: (string | null)[], headlines: Partial<Record<number, string | number[]>>,
 *    given: number[], hosts: Partial<Record<number, string>>,
 *    dead: Partial<Record<number, string>>, archived: Partial<Record<number, string>>,
 *    summary_words: Partial<Record<number, string>>}}
 *    Data  The file's content, as catalog_index.py describes it.
 *  @typedef {{title: string, named: string, isFromAddress: boolean, also: string[], tools: string[], authors: string[], semester: string, option: string,
 *    topics: string[], format: string, hosted: string, host: string, href: string, isPage: boolean, dead: string,
 *    archived: string}} Entry  As src/coursehub/site/catalog.py has it, but for `format`, which is what is certain of it; what
 *    is not known or not there is empty.
 *  @typedef {typeof FILTERS[number]} Filter
 *  @typedef {{search: string, sort: string} & Partial<Record<Filter, string>>} Question  Empty is no limit, and newest
 *    first; the page has a filter only where there is something to choose. */

export class Catalog {
  /** @param {Data} data */
  constructor(data) {
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {string[]} each entry's words, between blanks: those of its tools' names */
    this.tools = [];
    /** @type {string[]} with those of titles, authors, semester and place */
    this.names = [];
    /** @type {string[]} with all others: of its topics and summary */
    this.texts = [];
    /** @type {Map<string, number> | undefined} how many entries have a word, once that was asked */
    this.frequencies = undefined;
    this.columns = FILTERS.map((name) => new Column(name));
    /** @type {Map<string, number[]>} by order, the entries in it */
    this.orders = new Map();
    /** @type {{setting: string, terms: string[][][], numbers: number[]} | undefined} the last question and its answer */
    this.last = undefined;
    /** Whether the last answer has better matches before others, and not just the newest first. */
    this.isRanked = false;
    this.data = data;
  }

  /** Read the file's content, with pauses in which the browser can do other things.
   * @param {Data} data @param {import("./loading.js").Pause} pause */
  static async read(data, pause) {
    const catalog = new Catalog(data);
    for (const _ of catalog.#filling()) if (catalog.entries.length % AT_ONCE === 0) await pause();
    for (const _ of catalog.#sorting()) await pause();
    for (const search of [...REHEARSED, ...REHEARSED]) {
      await pause();
      catalog.find({ search, sort: "", hosted: search && "here" });
    }
    return catalog;
  }

  /** Take in the entries, one at a step. */
  *#filling() {
    const { data } = this;
    const ofTopics = new Map(data.topics.map((topic, at) => [topic, fold(data.topic_titles[at])]));
    const ofTools = data.tools.map((name, at) => [name, ...(data.aliases[at] ?? [])].flatMap(withJoined));
    let unused = 0;
    for (const semester of runs(data.semester)) {
      const row = this.entries.length;
      const tools = list(data.tool[row]).map((number) => (number === NEW ? unused++ : number));
      const entry = this.#entry(row, semester, tools);
      this.entries.push(entry);
      const named = tools.flatMap((number) => ofTools[number]);
      const words = [
        ...[entry.title, ...entry.also].flatMap(fold),
        ...[entry.semester, entry.host, ...entry.authors].flatMap(withJoined),
        ...named,
      ];
      const about = [...entry.topics.flatMap((topic) => ofTopics.get(topic) ?? []), entry.format, data.summary_words[row] ?? ""];
      this.tools.push(` ${named.join(" ")} `);
      this.names.push(` ${words.join(" ")} `);
      this.texts.push(` ${[...words, ...about].join(" ")} `);
      const values = { ...entry, topic: entry.topics };
      for (const column of this.columns) column.add(list(values[column.name]));
      yield;
    }
  }

  /** @param {number} row @param {string} semester @param {number[]} tools @returns {Entry} */
  #entry(row, semester, tools) {
    const { data } = this;
    const names = tools.map((number) => data.tools[number]);
    const title = data.titles[row];
    const link = data.links[row];
    const isPage = link === "" || Boolean(link && !link.includes("://"));
    const ofTools = new Set(tools.map((number) => data.tool_topics[number]).filter((topic) => topic !== undefined));
    const topics = data.topic[row] ?? [...ofTools];
    const dead = data.dead[row] ?? "";
    const host = data.hosts[row] ?? (isPage ? "" : hostOf(dead || link));
    const listed = title.startsWith(NAME) ? names.join(" + ") + title.slice(NAME.length) : title;
    const headline = data.headlines[row];
    const also = data.also[row] ?? [];
    return {
      title: headline === undefined ? listed : headlineOf(headline, dead || link || ""),
      named: headline === undefined ? names.join(" + ") : listed,
      isFromAddress: headline !== undefined && !data.given.includes(row),
      also: headline === undefined ? also : [listed, ...also],
      tools: names,
      authors: list(data.authors[row]),
      semester,
      option: data.options[data.option[row]] ?? "",
      topics: topics.map((number) => data.topics[number]),
      format: data.formats[data.format[row]] ?? "",
      hosted: isPage && !host ? "here" : "elsewhere",
      host,
      href: link === "" ? pageOf(semester, names) : link ?? "",
      isPage,
      dead,
      archived: data.archived[row] ?? "",
    };
  }

  /** Put the entries in every order, one at a step. */
  *#sorting() {
    const { data, entries } = this;
    const at = (/** @type {string[]} */ ids, /** @type {string} */ id) => (ids.includes(id) ? ids.indexOf(id) : undefined);
    const semesters = data.semester.map(([semester]) => semester).reverse();
    /** @type {Record<string, (entry: Entry) => string | number | undefined>} */
    const keys = {
      title: ({ title }) => fold(title).join(" "),
      topic: ({ topics }) => at(data.topics, topics[0]),
      option: ({ option }) => at(data.options, option),
      semester: ({ semester }) => at(semesters, semester),
      where: ({ host, hosted }) => (hosted === "here" ? "" : host || undefined),
    };
    this.orders.set("", entries.map((_, number) => number));
    for (const [name, key] of Object.entries(keys)) {
      /** @type {[number[], number[]]} */
      const [known, unknown] = [[], []];
      const values = entries.map((entry, number) => {
        const value = key(entry);
        (value === undefined ? unknown : known).push(number);
        return value ?? "";
      });
      const compare = (/** @type {number} */ one, /** @type {number} */ other) =>
        values[one] < values[other] ? -1 : Number(values[one] > values[other]);
      this.orders.set(name, [...known.toSorted(compare), ...unknown]); // either way round, they come last
      yield;
      this.orders.set(`-${name}`, [...known.toSorted((one, other) => compare(other, one)), ...unknown]);
      yield;
    }
  }

  /** Whether there is a word in what is searched for. @param {string} search */
  hasWords(search) {
    return termsOf(search).length > 0;
  }

  /** What is searched for, with another word in the place of each that no entry has, where that is a slip of one.
   * @param {string} search */
  meant(search) {
    return search.split(/\s+/).map((word) => this.#meantWord(word)).join(" ");
  }

  /** @param {string} word */
  #meantWord(word) {
    const terms = termsOf(word);
    if (!terms.length || COMMON.has(word.toLowerCase()) || this.texts.some((text) => matches(text, terms))) return word;
    this.frequencies ??= frequenciesOf(this.texts);
    const folded = fold(word);
    return (folded.length === 1 && !WITHOUT_BLANKS.test(folded[0]) && nearest(folded[0], this.frequencies)) || word;
  }

  /** The numbers of the entries that a question finds, in its order: with no order chosen, first where a tool's name
   * has just that, then a title or the like; then where those have such words; then where a topic or the summary has. @param {Question} question @returns {number[]} */
  find(question) {
    const numbers = this.#findAll(question);
    const terms = termsOf(question.search);
    const phrase = ` ${fold(question.search).join(" ")} `;
    const isIn = [
      (/** @type {number} */ at) => this.tools[at].includes(phrase),
      (/** @type {number} */ at) => this.names[at].includes(phrase),
      (/** @type {number} */ at) => matches(this.tools[at], terms),
      (/** @type {number} */ at) => matches(this.names[at], terms),
      () => true,
    ];
    const ranks = new Map(question.sort || !terms.length ? [] : numbers.map((at) => [at, isIn.findIndex((is) => is(at))]));
    this.isRanked = new Set(ranks.values()).size > 1;
    return this.isRanked ? numbers.toSorted((one, other) => (ranks.get(one) ?? 0) - (ranks.get(other) ?? 0)) : numbers;
  }

  /** @param {Question} question @returns {number[]} */
  #findAll(question) {
    const { search, ...others } = question;
    const terms = termsOf(search);
    const setting = JSON.stringify(others);
    const { last } = this;
    const numbers = last?.setting === setting && narrows(terms, last.terms)
      ? last.numbers.filter((at) => matches(this.texts[at], terms)) // as with most keys of a word
      : this.#findAmongAll(question, terms);
    this.last = { setting, terms, numbers };
    return numbers;
  }

  /** @param {Question} question @param {string[][][]} terms @returns {number[]} */
  #findAmongAll(question, terms) {
    const chosen = this.#chosen(question);
    const isFound = this.texts.map((text, at) =>
      chosen.every(({ column, wanted }) => column.of[at].includes(wanted)) && matches(text, terms));
    const order = this.orders.get(question.sort) ?? this.orders.get("") ?? [];
    return order.filter((at) => isFound[at]);
  }

  /** By filter and value, how many there would be if that filter were set so and the others stayed as they are.
   * @param {Question} question @returns {Map<string, Map<string, number>>} */
  count(question) {
    const terms = termsOf(question.search);
    const chosen = this.#chosen(question);
    for (const column of this.columns) column.counts.fill(0);
    this.texts.forEach((text, at) => {
      const missed = chosen.filter(({ column, wanted }) => !column.of[at].includes(wanted)).map(({ column }) => column);
      if (missed.length > 1 || !matches(text, terms)) return;
      for (const column of missed.length ? missed : this.columns) column.count(at);
    });
    return new Map(this.columns.map((column) => [column.name, column.counted()]));
  }

  /** The filters that are set, each with the number that it wants. @param {Question} question */
  #chosen(question) {
    return this.columns.filter(({ name }) => question[name])
      .map((column) => ({ column, wanted: column.number(question[column.name] ?? "") }));
  }
}

/** What a filter looks at: the values of each entry, by number. */
class Column {
  /** @param {Filter} name */
  constructor(name) {
    this.name = name;
    /** @type {Map<string, number>} */
    this.numbers = new Map();
    /** @type {Map<string, number[]>} entries of the same values share the list of them */
    this.lists = new Map();
    /** @type {number[][]} */
    this.of = [];
    /** @type {number[]} by value, how many were counted */
    this.counts = [];
  }

  /** Take in an entry's values. @param {string[]} values */
  add(values) {
    const key = values.join("\n");
    let numbers = this.lists.get(key);
    if (!numbers) {
      const known = values.filter(Boolean);
      numbers = (known.length ? known : [NOTHING]).map((value) => {
        if (!this.numbers.has(value)) this.numbers.set(value, this.counts.push(0) - 1);
        return this.number(value);
      });
      this.lists.set(key, numbers);
    }
    this.of.push(numbers);
  }

  /** @param {string} value */
  number(value) {
    return this.numbers.get(value) ?? -1;
  }

  /** Count the values of an entry. @param {number} at */
  count(at) {
    for (const value of this.of[at]) this.counts[value]++;
  }

  /** How many were counted of each value. @returns {Map<string, number>} */
  counted() {
    return new Map([...this.numbers].map(([value, number]) => [value, this.counts[number]]));
  }
}

/** What is searched for: for each word that says something, the ways to find it, each a list of what must all begin a word, or be in one of
 * a script without blanks. `ML-flow` is found as `mlflow`, and where there are `ml` and `flow`. @param {string} search @returns {string[][][]} */
function termsOf(search) {
  const words = search.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const telling = words.filter((word) => !COMMON.has(word.toLowerCase()));
  return (telling.length ? telling : words).map(fold).filter((words) => words.length)
    .map((words) => (words.length > 1 ? [[words.join("")], words] : [words]).map(asSought));
}

/** The words of a way to find something, of which only the last one may go on. @param {string[]} words */
const asSought = (words) => words.map((word, at) => atBeginning(word) + (at < words.length - 1 ? " " : ""));

/** @param {string} word */
const atBeginning = (word) => (WITHOUT_BLANKS.test(word) ? word : ` ${word}`);

/** @param {string} text @param {string[][][]} terms */
const matches = (text, terms) => terms.every((ways) => ways.some((way) => way.every((word) => text.includes(word))));

/** Whether what some terms find was all found by the terms before: each of those is within a word of every way that one
 * of these has. @param {string[][][]} terms @param {string[][][]} before */
const narrows = (terms, before) => before.every((old) => terms.some((ways) => ways.every((way) =>
  old.some((words) => words.every((word) => way.some((each) => each.includes(word)))))));

/** How many texts have each word. @param {string[]} texts */
function frequenciesOf(texts) {
  /** @type {Map<string, number>} */
  const frequencies = new Map();
  for (const text of texts)
    for (const word of new Set(text.split(" "))) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  return frequencies;
}

/** The words of a name, and the name as one word: `Clear ML` is found as `clearml`. @param {string} name */
function withJoined(name) {
  const words = fold(name);
  return words.length > 1 ? [...words, words.join("")] : words;
}

/** The page of a post that is named by its semester and tools. @param {string} semester @param {string[]} tools */
const pageOf = (semester, tools) => `posts/${semester}/${tools.map((name) => fold(name).join("-")).sort().join("--")}/`;

/** The host of an address, without `www.`. @param {string | null} address */
const hostOf = (address) => /^https?:\/\/(?:[^/?#]*@)?(?:www\.)?([^/:?#]+)/i.exec(address ?? "")?.[1].toLowerCase() ?? "";
