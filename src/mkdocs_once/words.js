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

  /** The clauses of lunr's that a word of a question becomes. All parts of one word are wanted.
   * @param {{term: string, presence: number, editDistance?: number}} clause */
  function clausesOf(clause) {
    const isBeginning = clause.term.endsWith("*");
    const word = isBeginning ? clause.term.slice(0, -1) : clause.term;
    if (SIMPLE.test(word) || word.includes("*") || clause.editDistance) return [clause];
    const terms = new Set(partsOf(word).flatMap((part) => {
      if (!part.size) return part.text + (isBeginning ? "*" : "");
      const runs = runsOf(part);
      return runs.length < part.size ? `${part.text}*` : runs.slice(0, runs.length - part.size + 1);
    }));
    const { OPTIONAL, REQUIRED } = lunr.Query.presence;
    const presence = terms.size > 1 && clause.presence === OPTIONAL ? REQUIRED : clause.presence;
    return Array.from(terms, (term) => ({ ...clause, term, presence, usePipeline: false }));
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
    query.clauses = query.clauses.flatMap(clausesOf);
    return query;
  };


  const { query } = lunr.Index.prototype;
  /** @this {any} */
  lunr.Index.prototype.query = function (/** @type {unknown} */ ask) {
    const results = query.call(this, ask);
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
