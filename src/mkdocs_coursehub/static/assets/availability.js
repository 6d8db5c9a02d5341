// Is your tool still available? The answer of src/coursehub/claims/availability.py, from the file that browser_index.py writes.

import { AT_ONCE, headlineOf, list, NAME, NEW, runs } from "./columns.js";
import { addCode, claim, claimOf, fold, identity, isMixed, keyOf, nameFor, near } from "./identity.js";
import { Mentions } from "./mentions.js";

/** @typedef {import("./columns.js").Runs} Runs
 *  @typedef {import("./identity.js").Identity} Identity
 *  @typedef {import("./identity.js").Name} Tool
 *  @typedef {[head: string, shorter: string[], works: string[]]} TitleRow
 *  @typedef {number | number[]} Numbers  Of a claim's tools.
 *  @typedef {"nameless" | "mixed-scripts" | "free" | "taken" | "asked" | "last-semester" | "earlier"} Status
 *  @typedef {{login: string, pull: number, since: string}} Asker  Who asks for a claim in an open pull request.
 *
 *  @typedef {{semester: string, semesters: string[], new_file: string, files: string, pulls: string,
 *    schema: string, titled: Record<string, string>, named: string,
 *    asking: {as_of: string, askers: Record<string, Asker>, titles: Record<string, TitleRow>} | null, answers: Record<Status, string>,
 *    listed: {slugs: string[], names: string[], topics: (number | null)[], aliases: Record<string, string>},
 *    combinations: Record<string, string[]>, vendors: Record<string, string>, tails: string[], openings: string[],
 *    general: string[], free: [suggested: [name: string, key: string, codes: string[]][], others: number[]][],
 *    most_alternatives: number, repeatable: number[],
 *    unlisted: {names: string[], slugs: Partial<Record<number, string>>}, known_titles: Partial<Record<number, TitleRow>>,
 *    elsewhere: {semesters: Runs, tools: Numbers[], titles: string[], urls: (string | null)[],
 *      headlines: Partial<Record<number, string | number[]>>},
 *    here: {semesters: Runs, tools: Numbers[], titles: string[], authors: (string | string[])[], statuses: string[],
 *      status: number[], pages: number[], paths: Partial<Record<number, string>>},
 *    titles: {posts: number[], ordinary: string[]}}}
 *    Data  The file's content, as browser_index.py describes it.
 *
 *  @typedef {{title: string, semester: string, authors: string[], status: string, url: string | null,
 *    path: string | null, hasPage: boolean}} Related  A post that has to do with the claim.
 *  @typedef {{name: string, title: string, semester: string, url: string | null}} Mention  An earlier post that speaks
 *    of the tool `name`.
 *
 *  @typedef {{key: string, tools: string[], semester: string, status: Status, posts: Related[],
 *    near: {name: string, key: string, why: string, verdict: string}[], overlaps: Related[], alternatives: string[],
 *    steps: string[], asked: Asker | null, as_of: string | null, mentions: Mention[]}} Answer  What `coursehub free --format json` prints. */

// Patterns are compiled when they are first used, for narrow and for wide characters, and that takes longer than the
// answer to a key may: so these are asked beforehand.
const REHEARSED = ["wandb", "The A & B with C (D) by E: F v1.0", "Airflow + BigQuery", "Ω and Ψ by Ξ: Φ 1.0"];

const TITLES_AT_ONCE = 50; // of which reading takes a few milliseconds

// GitHub takes 8,191 bytes of an address (https://github.com/github/docs/issues/5136), and whoever is not signed in
// comes to its page by another address, which has this one in it, encoded once more.
const LONGEST = 8_000;

/** All that is known, ready to be asked. */
export class Index {
  /** @param {Data} data */
  constructor(data) {
    this.data = data;
    this.vocabulary = vocabulary(data);
    this.askers = new Map(Object.entries(data.asking?.askers ?? {}));
    this.now = data.semesters.indexOf(data.semester);
    /** @type {Tool[]} by number */
    this.tools = [];
    /** @type {Map<string, Tool>} */
    this.byCode = new Map();
    // Of each post, elsewhere and then here: its semester, that semester's position, the numbers of its tools.
    this.semesters = [...runs(data.elsewhere.semesters), ...runs(data.here.semesters)];
    this.orders = this.semesters.map((semester) => data.semesters.indexOf(semester));
    /** @type {Numbers[]} */
    this.claims = [];
    /** @type {typeof import("./titles.js") | undefined} loaded where the course has titles */
    this.titles = undefined;
    this.mentions = new Mentions(this.vocabulary, data.titles.ordinary);
  }

  /** Read the file's content, with pauses in which the browser can do other things.
   * @param {Data} data @param {import("./loading.js").Pause} pause */
  static async read(data, pause) {
    const index = new Index(data);
    if (Object.keys(data.titled).length) index.titles = await import("./titles.js");
    let count = 0;
    for (const _ of index.#filling()) if (++count % AT_ONCE === 0) await pause();
    for (const post of data.titles.posts) {
      index.mentions.add(index.#related(post).title, post);
      if (++count % TITLES_AT_ONCE === 0) await pause();
    }
    for (const name of [...REHEARSED, ...REHEARSED]) {
      await pause();
      index.ask(name);
    }
    return index;
  }

  /** Take in tools and posts, one at a step. */
  *#filling() {
    const { listed, unlisted, known_titles, elsewhere, here } = this.data;
    for (let at = 0; at < listed.slugs.length; at++) {
      yield this.#add(identity(listed.slugs[at], listed.names[at], [], true), fold(listed.names[at]));
    }
    for (const [code, slug] of Object.entries(listed.aliases)) {
      const tool = this.byCode.get(slug.replaceAll("-", ""));
      if (tool) addCode(tool, code);
      yield;
    }
    for (let at = 0; at < unlisted.names.length; at++) {
      const words = fold(unlisted.names[at]);
      const title = titleOf(known_titles[at]);
      yield this.#add({ ...identity(unlisted.slugs[at] ?? words.join("-"), unlisted.names[at]), ...title }, words);
    }
    let unused = listed.slugs.length;
    const number = (/** @type {number} */ tool) => (tool === NEW ? unused++ : tool);
    for (const tools of [...elsewhere.tools, ...here.tools]) {
      const claim = typeof tools === "number" ? number(tools) : tools.map(number);
      const post = this.claims.push(claim) - 1;
      for (const number of list(claim)) {
        const tool = this.tools[number];
        if (tool.posts.length) tool.posts.push(post);
        else tool.posts = [post]; // most stay alone, and a list that has grown takes room for more
      }
      yield;
    }
  }

  /** @param {Identity} identity @param {string[]} words */
  #add(identity, words) {
    const tool = nameFor(identity, words);
    this.tools.push(tool);
    this.byCode.set(identity.code, tool);
  }

  /** What a claim of this name, a tool's or a combination's, would meet now; of a title, where the option has titles.
   * @param {string} name @param {string} [option] @returns {Answer} */
  ask(name, option = "") {
    const titles = this.isTitled(option) ? this.titles : undefined;
    const whole = titles ? titles.claim(name) : claim(name, this.vocabulary);
    const others = this.titles ? this.tools.filter((tool) => !tool.identity.title === !titles) : this.tools;
    const { identities, key, codes } = whole;
    const { about, same, ...verdict } = this.#verdict(whole, isMixed(name));
    const overlaps = about.filter((post) => !same.includes(post) && this.orders[post] === this.now);
    const own = new Set(codes);
    return {
      ...verdict,
      key,
      near: this.#near(whole, others, titles?.near ?? near),
      overlaps: overlaps.map((post) => this.#related(post)),
      alternatives: this.#alternatives(identities, key, own),
      steps: identities.flatMap((each) => each.steps).map((step) => `${step.name}: ${step.result}`),
      as_of: this.data.asking?.as_of ?? null,
      mentions: identities.filter((each) => !each.title).flatMap((each) => this.#mentionsOf(each)),
    };
  }

  /** The names that a claim's might be taken for, each once, with what a claim of them would meet.
   * @param {import("./identity.js").Claim} claim @param {Tool[]} others @param {typeof near} namesNear */
  #near({ identities, undivided, codes }, others, namesNear) {
    const answered = new Set(codes);
    const names = [...undivided, ...identities].flatMap((each) => namesNear(each, others, this.vocabulary));
    return names
      .filter(({ identity: { code } }) => !answered.has(code) && answered.add(code))
      .map(({ identity: other, why }) => {
        return { name: other.name, key: keyOf([other.slug]), why, verdict: this.sentence(this.#verdict(claimOf([other]))) };
      });
  }

  /** Earlier posts whose titles speak of a tool and that do not just claim it, the newest first.
   * @param {Identity} tool @returns {Mention[]} */
  #mentionsOf(tool) {
    const isIt = (/** @type {Tool[]} */ tools) => tools.length === 1 && tools[0].identity.code === tool.code;
    return this.mentions.of(tool)
      .filter((post) => this.orders[post] <= this.now && !isIt(list(this.claims[post]).map((number) => this.tools[number])))
      .sort((one, other) => this.orders[other] - this.orders[one])
      .map((post) => {
        const { title, semester, url } = this.#related(post);
        return { name: tool.name, title, semester, url };
      });
  }

  /** What a claim would meet, with the posts about any of its tools and about all.
   * @param {import("./identity.js").Claim} claim @param {boolean} [isMixed] */
  #verdict({ identities, code, codes }, isMixed) {
    const about = [...new Set(codes.flatMap((each) => this.byCode.get(each)?.posts ?? []))];
    const same = about.filter((post) => this.#tools(post).map((tool) => tool.code).join("--") === code);
    if (identities[0]?.title) same.push(...this.#akin(identities[0]));
    const asker = this.askers.get(code) ?? this.#akinAsker(identities[0]) ?? null;
    /** @type {[Status, number[]]} */
    const [status, posts] = isMixed ? ["mixed-scripts", []] : this.#judge(same, codes.length > 0, asker !== null);
    return {
      tools: identities.map((each) => each.name), semester: this.data.semester, status,
      posts: posts.map((post) => this.#related(post)), asked: status === "asked" ? asker : null, about, same,
    };
  }

  /** The numbers of posts about titles that this one may be, though it is written otherwise. @param {Identity} title */
  #akin(title) {
    const akin = this.tools.filter((tool) => this.titles?.areAkin(title, tool.identity));
    return akin.flatMap((tool) => tool.posts).sort((one, other) => one - other);
  }

  /** Who asks for a title that this one may be. @param {Identity | undefined} title */
  #akinAsker(title) {
    if (!title?.title) return undefined;
    const asked = Object.entries(this.data.asking?.titles ?? {});
    const akin = asked.find(([code, row]) => this.titles?.areAkin(title, { code, ...titleOf(row) }));
    return akin && this.askers.get(akin[0]);
  }

  /** Whether an option claims titles. @param {string} option */
  isTitled(option) {
    return Object.hasOwn(this.data.titled, option);
  }

  /** The word for what an option claims. @param {string} option */
  word(option) {
    return this.isTitled(option) ? this.data.titled[option] : this.data.named;
  }

  /** The tools that a post is about, in the order of their codes. @param {number} post */
  #tools(post) {
    return list(this.claims[post]).map((number) => this.tools[number].identity);
  }

  /** The answer, and the posts that are the reason for it, the newest semester first.
   * @param {number[]} same posts with this claim @param {boolean} isNamed @param {boolean} isAsked in a pull request
   * @returns {[Status, number[]]} */
  #judge(same, isNamed, isAsked) {
    if (!isNamed) return ["nameless", []];
    const order = this.orders;
    const posts = same.filter((post) => order[post] <= this.now).sort((one, other) => order[other] - order[one]);
    const holders = posts.filter((post) => order[post] === this.now);
    if (holders.length) return ["taken", holders];
    const isRuledOut = posts.some((post) => order[post] === this.now - 1 && !this.data.repeatable.includes(post));
    if (isRuledOut) return ["last-semester", posts];
    if (isAsked) return ["asked", posts];
    return [posts.length ? "earlier" : "free", posts];
  }

  /** @param {number} post @returns {Related} */
  #related(post) {
    const { elsewhere, here } = this.data;
    const semester = this.semesters[post];
    const own = claimOf(this.#tools(post));
    const at = post - elsewhere.titles.length;
    const text = at < 0 ? elsewhere.titles[post] : here.titles[at];
    const title = text.startsWith(NAME) ? own.name + text.slice(NAME.length) : text;
    if (at < 0) {
      return { title, semester, authors: [], status: "published", url: elsewhere.urls[post], path: null, hasPage: false };
    }
    return {
      title, semester, authors: list(here.authors[at]), status: here.statuses[here.status[at]], url: null,
      path: here.paths[at] ?? pathOf(semester, own.key), hasPage: here.pages[at] === 1,
    };
  }

  /** The title that the earlier post at an address has itself, where that is known. @param {string | null} url */
  headline(url) {
    const { urls, headlines } = this.data.elsewhere;
    const headline = url && headlines[urls.indexOf(url)];
    return headline ? headlineOf(headline, url) : "";
  }

  /** A few free tools of the same topics: suggested ones first, then those that come next in the alphabet.
   * @param {Identity[]} identities @param {string} key @param {Set<string>} own the tools' codes @returns {string[]} */
  #alternatives(identities, key, own) {
    const { listed, free, most_alternatives } = this.data;
    const topics = new Set(identities.map((each) => listed.topics[listed.slugs.indexOf(each.slug)]));
    const asked = new Set([...this.askers.keys()].flatMap((code) => code.split("--")));
    const isFree = (/** @type {string[]} */ codes) => codes.every((each) => !own.has(each) && !asked.has(each));
    const following = (/** @type {{name: string, key: string, codes: string[]}[]} */ tools) =>
      tools.sort((one, other) => Number(one.key <= key) - Number(other.key <= key) || (one.key < other.key ? -1 : 1));
    const ofTopics = free.filter((_, topic) => topics.has(topic));
    const suggested = ofTopics.flatMap(([each]) => each).map(([name, key, codes]) => ({ name, key, codes }));
    const others = ofTopics.flatMap(([, numbers]) => numbers)
      .map((number) => this.tools[number].identity)
      .map(({ name, slug, code }) => ({ name, key: slug, codes: [code] }));
    return [...following(suggested), ...following(others)]
      .filter(({ codes }) => isFree(codes))
      .slice(0, most_alternatives)
      .map(({ name }) => name);
  }

  /** The answer's first sentence, as `coursehub free` words it.
   * @param {Pick<Answer, "tools" | "semester" | "status" | "posts" | "asked">} answer */
  sentence(answer) {
    const authors = answer.posts[0]?.authors ?? [];
    /** @type {Record<string, string>} */
    const words = {
      name: answer.tools.join(" + "), semester: answer.semester,
      holder: authors.length ? ` by ${authors.join(", ")}` : "",
      login: answer.asked?.login ?? "", pull: String(answer.asked?.pull ?? ""),
      since: answer.asked ? `${new Date(answer.asked.since).toISOString().slice(0, 16).replace("T", " ")} UTC` : "",
    };
    return this.data.answers[answer.status].replace(/\{(\w+)\}/g, (_, word) => words[word]);
  }

  /** Whether the check would let the claim pass. @param {Answer} answer */
  canBeClaimed(answer) {
    return answer.status === "free" || answer.status === "earlier";
  }

  /** Where the claim's file lies. @param {Answer} answer */
  file(answer) {
    return pathOf(answer.semester, answer.key);
  }

  /** The text of the claim's file, as far as it is known.
   * @param {Answer} answer @param {string} name as typed @param {string} option @param {string[]} authors */
  text(answer, name, option, authors) {
    return frontMatter(name, option, answer, authors, this.data.schema);
  }

  /** Where GitHub makes the claim's file, with its name and its text filled in; empty where that would be too long.
   * @param {Answer} answer @param {string} text */
  newFile(answer, text) {
    const path = encodeURIComponent(this.file(answer)).replaceAll("%2F", "/");
    const address = `${this.data.new_file}?filename=${path}&value=${encodeURIComponent(text)}`;
    return encodeURIComponent(address).length <= LONGEST ? address : "";
  }
}

/** @param {Data} data @returns {import("./identity.js").Vocabulary} */
function vocabulary({ listed, combinations, vendors, tails, openings, general }) {
  const phrases = [...Object.keys(vendors), ...tails, ...openings];
  return {
    slugs: new Map([
      ...listed.slugs.map(/** @returns {[string, string]} */ (slug) => [slug.replaceAll("-", ""), slug]),
      ...Object.entries(listed.aliases),
    ]),
    names: new Map(listed.slugs.map((slug, at) => [slug, listed.names[at]])),
    combinations: new Map(Object.entries(combinations)),
    vendors: new Map(Object.entries(vendors)),
    tails: new Set(tails), openings: new Set(openings), general: new Set(general),
    longest: Math.max(0, ...phrases.map((phrase) => phrase.split(" ").length)),
  };
}

/** What else is known of a title, as an identity has it. @param {TitleRow | undefined} row */
const titleOf = (row) => (row ? { title: { head: row[0], shorter: row[1], works: row[2] } } : {});

/** Where a claim's file lies. @param {string} semester @param {string} key */
const pathOf = (semester, key) => `posts/${semester}/${key}.md`;

/** The front matter of a new claim (claims/new_claim.py), with a comment where the student has to write.
 * @param {string} name @param {string} option @param {Answer} answer @param {string[]} authors
 * @param {string} schema its address, or empty */
function frontMatter(name, option, answer, authors, schema) {
  const logins = authors.map(yamlText);
  const author = logins.length === 1 ? logins[0] : `[${logins.join(", ")}]`;
  const differences = "differences: # a paragraph: what your post adds to the earlier ones\n";
  return `---
${schema && `# yaml-language-server: $schema=${schema}\n`}title: ${yamlText(name)}
authors: ${logins.length ? author : "# your GitHub login"}
option: ${option}
tool: ${yamlText(name)}
semester: ${answer.semester}
status: claimed
${answer.status === "earlier" ? differences : ""}---
`;
}

const PLAIN = /^[a-z](?:[\w .+&/()-]*[\w.+&/)-])?$/i;
const YAML_WORDS = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const UNSEEN = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g; // what YAML takes for no character, or for a line's end

/** A text as YAML, in quotes unless it is plainly a text. @param {string} text */
function yamlText(text) {
  if (PLAIN.test(text) && !YAML_WORDS.test(text)) return text;
  return JSON.stringify(text).replace(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
