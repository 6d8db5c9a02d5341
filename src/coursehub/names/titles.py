"""Titles → identities: the papers, books and datasets that an option with `names: title` is about. Pure.

A title is one claim whatever is in it: it has no combination, vendor or tail. Two spellings are one title where the
same words are left without articles, punctuation, LaTeX, and what a citation puts around them. What is weaker is kept
in `Title`: the title without its subtitle, edition or part, and the work's number. Slugs begin with `title_`, which no
tool's slug does, so keys, codes and files of titles are never those of tools. `assets/titles.js` does the same in
the browser; a browser test holds the two together.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from coursehub.names import works
from coursehub.names.identity import Claim, Identity, Step, Title, Vocabulary, Words, fold, plain
from coursehub.text.expressions import expression

PREFIX = "title_"  # no tool's slug has this sign
LONGEST = 300  # characters of a title that are read
_MOST_BYTES = 80  # of a slug, without hyphens: pictures in a folder of this name need room for theirs


def claim(names: str | Sequence[str], vocabulary: Vocabulary) -> Claim:
    """The claim of one title: of several the first. A title of no words yields no identity."""
    name = names if isinstance(names, str) else next(iter(names), "")
    identity = _identity(" ".join(plain(name[:LONGEST]).split()))
    return Claim((identity,) if identity else ())


def with_works(its: Claim, addresses: Iterable[str]) -> Claim:
    """The claim, of which these addresses are known to lead to the work, too."""
    if not any(each.title for each in its.identities):
        return its
    more = Title("", works=tuple(filter(None, map(works.work, addresses))))
    return Claim(tuple(_with(each, more) for each in its.identities))


def merged(identities: Iterable[Identity]) -> dict[str, Identity]:
    """Code → the last identity that has it, of a title with the shorter forms and numbers of all that have it."""
    by_code: dict[str, Identity] = {}
    for identity in identities:
        before = by_code.get(identity.code)
        by_code[identity.code] = _with(identity, before.title) if before and before.title else identity
    return by_code


def _with(identity: Identity, more: Title | None) -> Identity:
    if not identity.title or not more:
        return identity
    shorter = tuple(dict.fromkeys((*more.shorter, *identity.title.shorter)))
    known = tuple(dict.fromkeys((*more.works, *identity.title.works)))
    head = min(filter(None, (identity.title.head, more.head)), key=len)
    return identity._replace(title=Title(head, shorter, known))


def marks(its: Claim) -> Iterator[str]:
    """Keys under which to file a claim, so that it has one of `sought` of each claim that is the same or akin."""
    if its.identities:
        yield its.code
    for each in its.identities:
        if each.title:
            yield from (f"<{shorter}" for shorter in each.title.shorter)
            yield from each.title.works


def sought(its: Claim) -> Iterator[str]:
    """Keys by which to look for what is the same claim, first, or akin to it."""
    if its.identities:
        yield its.code
    for each in its.identities:
        if each.title:
            yield from (*each.title.shorter, f"<{each.code}", *each.title.works)


def kinship(one: Claim, other: Claim) -> str:
    """Why two claims of other titles may be of one work, in words that follow both; empty where nothing says so."""
    for ours, theirs in ((ours, theirs) for ours in one.identities for theirs in other.identities):
        if ours.title is None or theirs.title is None or ours.code == theirs.code:
            continue
        if shared := set(ours.title.works).intersection(theirs.title.works):
            return f"both are {min(shared)}"
        if theirs.code in ours.title.shorter or ours.code in theirs.title.shorter:
            return "one is the other without its subtitle, edition or part"
    return ""


def _identity(name: str) -> Identity | None:
    if name.startswith(PREFIX):  # a key, which leads to itself
        name = name.removeprefix(PREFIX).replace("-", " ")
    number, rest = works.split(name)
    numbers = (number,) if number else ()
    steps = tuple(Step("number", each) for each in numbers)
    from coursehub.names.citations import title_in, without_markup  # noqa: PLC0415  (slow to load; courses have tools)

    title = title_in(without_markup(rest))
    words = _words(title)
    if words:
        heads = [_words(title[:end]) for end in _ends_of_heads(title)]
        shorter = tuple(dict.fromkeys(map(_code, _shorter(words, heads))))
        steps += (Step("title", title),) if fold(title) != fold(name) else ()
        return Identity(_slug(words), title, steps, title=Title(_code(heads[0] if heads else words), shorter, numbers))
    words = fold(number)
    return Identity(_slug(words), name, steps, title=Title(_code(words), works=numbers)) if words else None


# --- words

_ARTICLES = frozenset({"the", "a", "an"})
_KINDS = {"part": "part", "pt": "part", "volume": "volume", "vol": "volume", "edition": "edition", "ed": "edition",
          "edn": "edition"}  # fmt: skip
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ENDINGS = ("st", "nd", "rd", "th")
_NUMBERS = {
    word: str(number) for words in (_ORDINALS, _CARDINALS, _ROMAN) for number, word in enumerate(words, start=1)
} | {f"{number}{ending}": str(number) for number in range(1, 31) for ending in ("", *_ENDINGS)}


def _words(title: str) -> Words:
    """The words that count: no articles but at the end; an edition, part or volume as `edition 3`, however written."""
    words = fold(title)
    words = tuple(word for at, word in enumerate(words, start=1) if word not in _ARTICLES or at == len(words))
    counted: list[str] = []
    for word in words:
        kind, before = _KINDS.get(word), counted[-1] if counted else ""
        if kind == "edition" and before in _NUMBERS:
            counted[-1:] = [kind, _NUMBERS[before]]
        elif before in _KINDS and word in _NUMBERS:
            counted[-1:] = [_KINDS[before], _NUMBERS[word]]
        else:
            counted.append(word)
    return tuple(counted)


def _code(words: Words) -> str:
    return _slug(words).replace("-", "")


def _slug(words: Words) -> str:
    """The words with hyphens; of a long title the first eighty bytes, and a sum of all, by which it differs."""
    letters = "".join(words)
    cut = letters.encode()[:_MOST_BYTES].decode(errors="ignore")
    if cut == letters:
        return f"{PREFIX}{'-'.join(words)}"
    pieces, room = [], len(cut)
    for word in words:
        pieces.append(word[:room])
        room -= len(pieces[-1])
        if not room:
            break
    return f"{PREFIX}{'-'.join(pieces)}-{_sum(letters):08x}"


def _sum(letters: str) -> int:
    """FNV-1a of 32 bits, which a browser works out at once: http://www.isthe.com/chongo/tech/comp/fnv/."""
    total = 0x811C9DC5
    for byte in letters.encode():
        total = (total ^ byte) * 0x01000193 & 0xFFFFFFFF
    return total


# --- shorter forms

_SUBTITLE = expression(
    r"\s*:(?![0-9])\s*|\s+[-–—]+\s+|\s*—\s*|(?<=[?!])\s+|(?<=[a-z]{3})\.\s+|,\s+(?=(?:part|vol|volume)\b)",
    re.ASCII | re.IGNORECASE,
)
# Words that name a field or a kind of text: a head of these alone, such as “Deep Learning”, may begin many works.
_FIELDS = frozenset({
    "advanced", "agent", "agents", "algebra", "algorithm", "algorithms", "analysis", "applied", "architecture",
    "artificial", "book", "brief", "calculus", "case", "cloud", "comment", "commentary", "compiler", "compilers",
    "computation", "computational", "computer", "computers", "computing", "concurrent", "cryptography", "data",
    "database", "databases", "deep", "description", "design", "discussion", "distributed", "economics", "editorial",
    "editors", "engineering", "foreword", "foundations", "fundamentals", "graphics", "guest", "handbook", "information",
    "intelligence", "introduction", "invited", "keynote", "language", "languages", "learning", "linear", "logic",
    "machine", "management", "mathematical", "mathematics", "memoriam", "mining", "model", "modeling", "models",
    "modern", "multi", "multiagent", "natural", "network", "networking", "networks", "neural", "noted", "obituary",
    "operating", "optimization", "panel", "parallel", "pattern", "physics", "preface", "principles", "probability",
    "processing", "program", "programming", "programs", "psychology", "quantum", "recognition", "reinforcement",
    "reply", "research", "response", "retrieval", "review", "robotics", "science", "security", "software",
    "statistical", "statistics", "structure", "structures", "study", "supervised", "survey", "system", "systems",
    "talk", "theory", "tutorial", "unsupervised", "vision", "visualization", "web",
})  # fmt: skip
_SMALL = frozenset({"and", "of", "for", "to", "in", "on", "with", "from"})


def _ends_of_heads(title: str) -> Iterator[int]:
    """Where the title can be cut before a subtitle."""
    for match in _SUBTITLE.finditer(title):
        if match.start() and fold(title[: match.start()]) and fold(title[match.end() :]):
            yield match.start()


def _shorter(words: Words, prefixes: Sequence[Words]) -> Iterator[Words]:
    """The title without subtitle, edition or part, where what is left can be nothing else."""
    for each in (words, *(prefix for prefix in prefixes if not _is_field(prefix))):
        if each != words:
            yield each
        if len(each) > 2 and each[-2] in _KINDS and each[-1].isdecimal():
            yield each[:-2]


def _is_field(words: Words) -> bool:
    return all(word in _FIELDS or word in _SMALL or word.isdecimal() for word in words)
