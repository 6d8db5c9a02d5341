// Words as readers look for them, in any script: a language for lunr, which is the search that Material has. Material's
// worker loads it as it loads those of lunr-languages, by a name that search.py gives it.
//
// Lunr finds what begins a word of the text, and takes for a word all between two blanks. That is no word where a script
// has no blanks, nor of “(C++),” or “&amp;”. So an entry's words are taken apart here, and those of a question likewise:
//
// | in a text | is found as |
// | --- | --- |
// | (C++), W&amp;B, .NET | c++, w&b and wb, .net and net |
// | scikit-learn | scikit, learn, scikitlearn; the question `scikit-learn` wants the first two |
// | Zürich | zürich, zurich |
// | 向量检索 | each two letters that follow each other (向量, 量检, 检索), and the last (索) |
// | ค้นหาภาพ | likewise each four, for an alphabet has fewer letters |
//
// A question's common words (“how to”) are left out; `rubrics` finds what has a rubric; and a word that begins none of the
// index is a slip of the nearest one there: `evidenly` finds Evidently. A whole word counts more than what it begins.

(() => {
  /** @type {any} */
  const lunr = /** @type {any} */ (self).lunr;
  const PAIRS = String.raw`(?=[\p{L}\p{M}\p{N}])[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}]`;
  const FOURS = String.raw`(?=[\p{L}\p{M}\p{N}])[\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]`;
  const PART = new RegExp(
    String.raw`(?<pairs>(?:${PAIRS})+)|(?<fours>(?:${FOURS})+)|(?:(?!${PAIRS}|${FOURS})[\p{L}\p{M}\p{N}.&+#_'])+`, "gu");
  const BEFORE = /^(?:[^\p{L}\p{N}.]|\.(?![\p{L}\p{N}]))+/u; // of a word, but for the dot of .NET
  const AFTER = /[^\p{L}\p{M}\p{N}+#]+$/u; // but for the signs of C++ and C#
  const SIMPLE = /^[a-z\d]+$/;
  // A blank, which no word of a question has: Material cuts Chinese questions where it knows a word from the index, and
  // must know none of these.
  const END = " ";
  const WHOLE = 10; // how much more a whole word counts than one that only begins so
  const NAME = 1_000; // and a name of several words that is written as it is there, such as a rule's
  const SHORTEST = 4; // letters of a word that may be a slip of another

  /** @typedef {{text: string, size: number}} Part  Letters of a script without blanks, of which `size` are found
   *    together, or a word, whose `size` is 0. */

  /** @param {string} word @returns {Part[]} */
  function partsOf(word) {
    if (SIMPLE.test(word)) return [{ text: word, size: 0 }];
    const plain = word.normalize("NFKC").toLowerCase().replaceAll("’", "'");
    return Array.from(plain.matchAll(PART), ({ 0: text, groups }) => {
      if (groups?.pairs) return { text, size: 2 };
      if (groups?.fours) return { text, size: 4 };
      // To mark a word in a page, Material drops its `+`, and would mark each c. This one looks alike.
      return { text: text.replace(BEFORE, "").replace(AFTER, "").replaceAll("+", "＋"), size: 0 };
    }).filter(({ text }) => text);
  }

  /** The letters that follow each other, and what is shorter at the end. @param {Part} part */
  function runsOf({ text, size }) {
    const letters = [...text];
    const isShort = letters.length === text.length; // then no letter is two of JavaScript's
    return letters.map((_, at) => (isShort ? text.slice(at, at + size) : letters.slice(at, at + size).join("")) + END);
  }

  /** What a word is found as beside itself. @param {string} word */
  function* otherForms(word) {
    if (SIMPLE.test(word)) return;
    yield word.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
    yield word.replace(/[^\p{L}\p{M}\p{N}]/gu, "");
    for (const { index } of word.matchAll(/\.(?=[\p{L}\p{N}])/gu)) yield word.slice(index + 1);
  }

  /** All that a word of an entry, which is HTML, is found as. @param {string} word */
  function termsOf(word) {
    const parts = partsOf(word.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
    const words = parts.filter(({ size }) => !size).map(({ text }) => text);
    const joined = words.length > 1 && words.length === parts.length ? [words.join("")] : [];
    const forms = words.flatMap((each) => [each, ...otherForms(each)]);
    return [...new Set([...forms, ...joined]), ...parts.filter(({ size }) => size).flatMap(runsOf)].filter(Boolean);
  }

  /** @type {Map<string, string[]>} the terms of words that had signs, most of which come again */
  const known = new Map();

  /** A function of lunr's pipeline. @param {any} token */
  function apart(token) {
    const word = token.toString();
    if (SIMPLE.test(word)) return token;
    const terms = known.get(word) ?? termsOf(word);
    known.set(word, terms);
    return terms.map((term) => new lunr.Token(term, token.metadata)); // a copy of it for each would take twice as long
  }

  /** @type {any} the index that questions are put to */
  let index;
  /** @type {Map<string, string>} words that begin nothing → what they are a slip of, or else themselves */
  const corrected = new Map();

  /** Whether a word of the index begins so. @param {string} word */
  function isBeginningOfAny(word) {
    let node = index?.tokenSet;
    for (let at = 0; node && at < word.length; at++) node = node.edges[word[at]];
    return Boolean(node);
  }

  /** Whether a term begins with a word in which one letter is wrong, missing, too many, or in its neighbour's place.
   * @param {string} word @param {string} term */
  function isSlip(word, term) {
    let at = 0;
    while (at < word.length && word[at] === term[at]) at++;
    const after = word.slice(at + 1);
    return term.startsWith(after, at + 1) || term.startsWith(word.slice(at), at + 1) || term.startsWith(after, at) ||
      term.startsWith((word[at + 1] ?? "") + word[at] + word.slice(at + 2), at);
  }

  /** How many entries have a term in a field. @param {string} term @param {string} field @returns {number} */
  const countOf = (term, field) => Object.keys(index.invertedIndex[term][field] ?? {}).length;

  /** The word that is meant by one that begins none of the index: of those that differ by a slip, a whole one before a
   * longer one, then one of a title, then the most frequent. @param {string} word */
  function meant(word) {
    if (word.length < SHORTEST || isBeginningOfAny(word)) return word;
    const known = corrected.get(word);
    if (known) return known;
    const near = Object.keys(index?.invertedIndex ?? {}).filter((term) => SIMPLE.test(term) && isSlip(word, term));
    const ranks = new Map(near.map((term) => [term, [
      Number(term.length <= word.length + 1), countOf(term, "keywords") + countOf(term, "title"), countOf(term, "text"),
    ]]));
    const rankOf = (/** @type {string} */ term) => ranks.get(term) ?? [];
    const better = (/** @type {string} */ one, /** @type {string} */ other) =>
      rankOf(other).map((rank, at) => rank - rankOf(one)[at]).find(Boolean) ?? 0;
    const best = near.toSorted(better)[0] ?? word;
    corrected.set(word, best);
    return best;
  }

  /** The clauses of lunr's that a word of a question becomes. All parts of one word are wanted.
   * @param {{term: string, presence: number, editDistance?: number}} clause */
  function clausesOf(clause) {
    const isBeginning = clause.term.endsWith("*");
    const word = isBeginning ? clause.term.slice(0, -1) : clause.term;
    if (word.includes("*") || clause.editDistance) return [clause];
    if (SIMPLE.test(word)) {
      if (!isBeginning) return [clause];
      const singular = word.slice(0, -1);
      const isPlural = word.length > SHORTEST - 1 && word.endsWith("s") && index && singular in index.invertedIndex;
      const term = isPlural ? singular : meant(word);
      return [{ ...clause, term: `${term}*`, whole: isPlural ? { [word]: WHOLE, [term]: WHOLE / 2 } : { [term]: WHOLE } }];
    }
    const parts = partsOf(word);
    const telling = parts.filter(({ text }) => lunr.stopWordFilter(text));
    const terms = new Set((telling.length ? telling : parts).flatMap((part) => {
      if (!part.size) return part.text + (isBeginning ? "*" : "");
      const runs = runsOf(part);
      return runs.length < part.size ? `${part.text}*` : runs.slice(0, runs.length - part.size + 1);
    }));
    const { OPTIONAL, REQUIRED } = lunr.Query.presence;
    const presence = terms.size > 1 && clause.presence === OPTIONAL ? REQUIRED : clause.presence;
    const whole = { [parts.map(({ text }) => text).join("")]: parts.length > 1 ? NAME : WHOLE };
    return Array.from(terms, (term, at) => ({ ...clause, term, presence, usePipeline: false, ...(at ? {} : { whole }) }));
  }

  /** Whether a word of a question says what it is about, as “how” and “to” do not, which are in no index.
   * @param {{term: string}} clause */
  const isTelling = ({ term }) => Boolean(lunr.stopWordFilter(term.replace(/\*$/, "")));

  /** A word's clause, and those that make it count more where it is a whole word. Material, which says of each clause
   * whether a page lacks its word, knows nothing of them.
   * @param {{term: string, boost: number, whole?: Record<string, number>}} clause */
  function withWhole({ whole = {}, ...clause }) {
    const { OPTIONAL } = lunr.Query.presence;
    const more = Object.entries(whole).map(([term, boost]) =>
      ({ ...clause, term, boost: clause.boost * boost, presence: OPTIONAL, usePipeline: false }));
    return [clause, ...more];
  }

  /** The terms of a result without the places that another term has, too: Material marks a word each time that a place is
   * there. @param {Record<string, Record<string, {position: number[]}>>} metadata  by term and field */
  function withPlacesOnce(metadata) {
    /** @type {Record<string, Set<number>>} */
    const seen = {};
    const once = (/** @type {[string, {position: number[]}]} */ [field, { position }]) => {
      seen[field] ??= new Set();
      const first = position.filter((place) => !seen[field].has(place) && seen[field].add(place));
      return [field, { position: first }];
    };
    return Object.fromEntries(Object.entries(metadata).map(([term, fields]) =>
      [term, Object.fromEntries(Object.entries(fields).map(once))]));
  }

  lunr.Pipeline.registerFunction(apart, "words");
  lunr.QueryLexer.termSeparator = /\s+/; // else it would cut at hyphens, and each part find by itself
  const { parse } = lunr.QueryParser.prototype;
  /** @this {any} */
  lunr.QueryParser.prototype.parse = function () {
    const query = parse.call(this);
    const { clauses } = query;
    const telling = clauses.filter(isTelling);
    query.clauses = (telling.length ? telling : clauses).flatMap(clausesOf);
    return query;
  };

  const { build } = lunr.Builder.prototype;
  /** @this {any} */
  lunr.Builder.prototype.build = function () {
    index = build.call(this);
    return index;
  };

  const { query } = lunr.Index.prototype;
  /** @this {any} */
  lunr.Index.prototype.query = function (/** @type {Function} */ ask) {
    const results = query.call(this, (/** @type {any} */ asked) => {
      ask.call(asked, asked);
      asked.clauses = asked.clauses.flatMap(withWhole);
    });
    for (const { matchData } of results) matchData.metadata = withPlacesOnce(matchData.metadata);
    return results;
  };

  /** @this {any} */
  lunr.words = function () {
    for (const pipeline of [this.pipeline, this.searchPipeline]) for (const each of [lunr.trimmer, lunr.stemmer]) pipeline.remove(each);
    this.pipeline.before(lunr.stopWordFilter, apart);
  };
  // Beside another language, lunr-languages takes only these two of each.
  lunr.words.wordCharacters = String.raw`\s\S`;
  lunr.words.stopWordFilter = apart;
})();
