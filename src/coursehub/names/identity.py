"""Names → identities → claim key. Pure: no input, no output, no clock.

A name goes through steps, from the safest to the boldest, and stops at the first that leads to a tool that
`data/tools.yaml` lists. A tool that nobody listed keeps what the steps left of its name. Every step that
changed something is recorded, so that a verdict can be explained. `assets/identity.js` does the
same in the browser; a browser test holds the two together. What both have to know of letters is in `letters`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import msgspec

from coursehub.names import letters
from coursehub.names.file_names import is_device
from coursehub.text.expressions import expression

Words = tuple[str, ...]


class Step(NamedTuple):
    """One step of a name's way to its identity: what was done, and what was left."""

    name: str
    result: str


class Title(NamedTuple):
    """The further marks of a title (see `titles`): weaker than its code, so `distinct_from` can answer them.

    `head`: the code of the title as far as its subtitle. `shorter`: codes of the title without subtitle, edition or
    part. `works`: its DOI, arXiv number or address, as far as they are known.
    """

    head: str
    shorter: tuple[str, ...] = ()
    works: tuple[str, ...] = ()


class Identity(NamedTuple):
    """The tool, or the title, that a name leads to.

    `slug` is for paths and eyes, `code` for comparing: it has no hyphens. A tool's `title` is None.
    """

    slug: str
    name: str
    steps: tuple[Step, ...] = ()
    is_listed: bool = False
    title: Title | None = None

    @property
    def code(self) -> str:
        """The slug without hyphens: `Clear ML` and `ClearML` are one tool, listed or not."""
        return self.slug.replace("-", "")


class Claim(NamedTuple):
    """The tools that a claim is about, in the order of their slugs, each once.

    `undivided` are names with an “and” that were read as several tools, each as that of one, which a slip may have
    hidden: `Wegihts & Biases`.
    """

    identities: tuple[Identity, ...]
    undivided: tuple[Identity, ...] = ()

    @property
    def name(self) -> str:
        """The claim in words: the tools' names as their owners write them."""
        return " + ".join(identity.name for identity in self.identities)

    @property
    def steps(self) -> list[str]:
        """How the names were read, step by step, as `step: result`."""
        return [f"{step.name}: {step.result}" for identity in self.identities for step in identity.steps]

    @property
    def key(self) -> str:
        """The claim key, which is the post's file name: `airflow--bigquery`."""
        return key_of(identity.slug for identity in self.identities)

    @property
    def code(self) -> str:
        """The key without hyphens: two claims that have it in common are one, however they are spelled."""
        return self.identities[0].code if len(self.identities) == 1 else "--".join(self.codes)

    @property
    def codes(self) -> tuple[str, ...]:
        """The tools' codes, sorted."""
        return tuple(sorted([identity.code for identity in self.identities]))


def key_of(slugs: Iterable[str]) -> str:
    """The claim key of tools with these slugs. One that is a device's name on Windows, such as `aux`, ends with `_`."""
    key = "--".join(slugs)
    return f"{key}_" if is_device(key) else key


def slugs_of(key: str) -> list[str]:
    """The slugs of the tools that a claim key is made of."""
    return key.removesuffix("_").split("--")  # no slug has this sign


class Vocabulary(msgspec.Struct, frozen=True, dict=True):
    """The data that identity rests on, from `data/tools.yaml`, folded for look-up.

    `slugs`: code of a name or alias → slug. `combinations`: code of a stack's name → the names it stands for.
    `vendors`: words of a vendor → the vendor's short form. `tails`, `openings`: words that do not distinguish,
    at a name's end or start. `general`: words that alone do not name a tool.
    """

    slugs: dict[str, str] = {}
    names: dict[str, str] = {}
    combinations: dict[str, tuple[str, ...]] = {}
    vendors: dict[Words, str] = {}
    tails: frozenset[Words] = frozenset()
    openings: frozenset[Words] = frozenset()
    general: frozenset[str] = frozenset()

    @cached_property
    def longest(self) -> int:
        """Words in the longest vendor, tail or opening: how far a prefix or suffix is looked for."""
        return max((len(words) for words in (*self.vendors, *self.tails, *self.openings)), default=0)

    def slug(self, words: Words) -> str | None:
        """The slug of the listed tool that these words name, or None."""
        return self.slugs.get("".join(words))

    def is_general(self, words: Words) -> bool:
        """Whether these words could mean any tool."""
        return all(word in self.general or word.isdigit() for word in words)


# What carries meaning although it is punctuation: C++ is not C, and neither is C#.
_MEANT = ((expression(r"(?<=\w)\+\+(?!\w)"), "plusplus"), (expression(r"(?<=\w)#(?!\w)"), "sharp"))
_TRADE_MARKS = str.maketrans("", "", "™®©℠")
_APOSTROPHES = str.maketrans("", "", "'’‘`")
_VOICED = "\u3099\u309a"  # what makes バ of ハ: another letter, and no accent
_WORD = expression(r"[^\W_]+")
_GLOSS = expression(r"^(?P<outer>[^()]*\w[^()]*)\((?P<inner>[^()]+)\)(?P<rest>[^()]*)$")
_PARENTHESES = expression(r"\([^()]*\)")
_SUBTITLE = expression(r"\s*:\s+|\s+[-–—]+\s+|\s+by\s+(?=\S)|\s*[—–]\s*", re.IGNORECASE)
_VERSION = expression(r"[\s-]+(?:v\.?\s?\d+(?:\.\w+)*|\d+(?:\.\w+)+)$", re.IGNORECASE)
_STRONG = r"(?<!\+)\+(?=\s*[\w(])|[,;|]|(?<=\s)/(?=\s)|(?<=\s)(?:with|vs\.?|versus|plus)(?=\s)"
_EITHER = rf"\s*(?:{_STRONG}|(?P<weak>&|(?<=\s)and(?=\s)))\s*"
_SEPARATOR = expression(_EITHER, re.IGNORECASE)
_STRONG_SEPARATOR = expression(_STRONG, re.IGNORECASE)
_CUT = expression(rf"{_EITHER}|/", re.IGNORECASE)
_SETTLED = expression(r"[a-zA-Z0-9]+(?:[ -][a-zA-Z0-9]+)*")  # words that a slug has, too
_LONGEST_NAME = 200
_MOST_JOINED = 4  # a tool's own name has no more parts than this
_MOST_JUXTAPOSED = 12  # words, beyond which nobody names tools side by side


def plain(name: str) -> str:
    """The name in Unicode's compatibility form, without signs of trade marks and what nobody sees."""
    if name.isascii():
        return name.strip()
    return unicodedata.normalize("NFKC", letters.known(name).translate(_TRADE_MARKS)).strip()


@lru_cache(maxsize=2**15)  # one name is folded at every step of its way
def fold(name: str) -> Words:
    """The words of a name, without case, accents, emoji, punctuation; `&` is read as “and”."""
    if name.isascii() and name.replace(" ", "").isalnum():  # as nearly all are
        return tuple(name.lower().split())
    text = plain(name).casefold()
    for pattern, meaning in _MEANT:
        text = pattern.sub(meaning, text)
    text = text.translate(_APOSTROPHES).replace("&", " and ")
    if not text.isascii():
        chars = unicodedata.normalize("NFKD", text)
        bare = (char for char in chars if char in _VOICED or not unicodedata.combining(char))
        text = unicodedata.normalize("NFC", "".join(bare))  # Korean syllables, and kana, are whole again
        text = letters.in_latin(text)
    return tuple(_WORD.findall(text))


def code(name: str) -> str:
    """The words of a name run together: what names are looked up by."""
    return "".join(fold(name))


def claim(names: str | Sequence[str], vocabulary: Vocabulary) -> Claim:
    """The claim that a name, or the names of a combination, make. A name of no words yields no identity.

    Only the first 200 characters of a name are read; the rule overlong-field speaks up long before.
    """
    by_code: dict[str, Identity] = {}
    undivided: list[Identity] = []
    for start in (name[:_LONGEST_NAME] for name in ((names,) if isinstance(names, str) else names)):
        identities = list(_identities(start, vocabulary))
        for identity in identities:
            by_code.setdefault(identity.code, identity)
        if _may_be_one(identities):
            undivided += _undivided(start, vocabulary)
    return Claim(tuple(sorted(by_code.values(), key=lambda identity: identity.slug)), tuple(undivided))


def _may_be_one(identities: Sequence[Identity]) -> bool:
    return len(identities) > 1 and not all(identity.is_listed for identity in identities)


def _undivided(name: str, vocabulary: Vocabulary) -> Iterator[Identity]:
    for part in _STRONG_SEPARATOR.split(name):
        if _may_be_one(list(_identities(part, vocabulary))):
            yield Identity("-".join(fold(part)), part.strip())


def tool_names(name: str, vocabulary: Vocabulary) -> list[str]:
    """The names of the tools that a combination's name is made of, as written: `A + B` → A, B."""
    return [part for part, _ in _parts(name, vocabulary)]


def _identities(name: str, vocabulary: Vocabulary) -> Iterator[Identity]:
    word = name.lower()
    if name.isascii() and name.isalnum() and word not in vocabulary.slugs and word not in vocabulary.combinations:
        yield Identity(word, name)  # one word that nobody listed: no step changes it
        return
    for part, steps in _parts(name, vocabulary):
        identity = _identify(part, steps, vocabulary)
        if identity.slug:
            yield from _settled(identity, vocabulary)


def _settled(identity: Identity, vocabulary: Vocabulary, seen: frozenset[str] = frozenset()) -> Iterator[Identity]:
    """The tool or tools that the identity's own slug leads to: a key is read as any name is, and has to lead here.

    Of `ml-v3`, what remains of `ML v3 tool`, that is `ml`.
    """
    slug = identity.slug
    if identity.is_listed or slug in seen or (not identity.steps and _SETTLED.fullmatch(identity.name)):
        yield identity
        return
    again = [_identify(part, steps, vocabulary) for part, steps in _parts(slug, vocabulary)]
    if [each.slug for each in again] == [slug]:
        yield identity
        return
    for each in again:
        name = identity.name if len(again) == 1 and not each.is_listed else each.name
        settled = Identity(each.slug, name, identity.steps + each.steps, each.is_listed)
        yield from _settled(settled, vocabulary, seen | {slug})


# --- combinations


def _parts(name: str, vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """The parts of a combination; one part where the name is a single tool's."""
    text = whole = plain(name)
    for label, shorter in _readings(text, vocabulary):
        if _is_one_tool(shorter, vocabulary):
            yield name.strip(), ()
            return
        stack = vocabulary.combinations.get(code(shorter))
        if stack:
            yield from ((tool, (Step("stack", " + ".join(stack)),)) for tool in stack)
            return
        text = shorter
        if label != "version":  # which belongs to the last tool, and may be in its name: `LangChain + GPT-3.5`
            whole = shorter
    pieces = _pieces(whole, vocabulary)
    if len(pieces) < 2 and not vocabulary.slug(fold(text)):
        words = _without_vendor(text, vocabulary)
        tail = _suffix(words, vocabulary.tails, vocabulary)
        pieces = _juxtaposed(words, vocabulary) or _juxtaposed(words[: len(words) - len(tail)], vocabulary)
    if len(pieces) < 2:
        yield name.strip(), ()
        return
    steps = (Step("combination", " + ".join(pieces)),)
    for piece in pieces:
        for part, more in _parts(piece, vocabulary):
            yield part, steps + more


def _is_one_tool(text: str, vocabulary: Vocabulary) -> bool:
    """Whether the text is a listed name, and not several listed tools with separators between them.

    `scrapy-redis` is a tool, and `Scrapy + Redis` are two.
    """
    if not _listed_slug(text, vocabulary):
        return False
    edges = [0, *(edge for match in _CUT.finditer(text) for edge in match.span()), len(text)]
    owners = {_listed_slug(text[start:end], vocabulary) for start, end in zip(edges[::2], edges[1::2], strict=True)}
    return None in owners or len(owners) == 1


def _listed_slug(text: str, vocabulary: Vocabulary) -> str | None:
    """The listed tool that a text names, with or without its vendor and tail."""
    words = fold(text)
    readings = (words, *(shorter for _, shorter in _reductions(words, vocabulary)))
    return next((slug for slug in map(vocabulary.slug, readings) if slug), None)


def _pieces(text: str, vocabulary: Vocabulary) -> list[str]:
    """Cut at separators, but for those inside a listed tool's name (`Weights & Biases and MLflow`)."""
    shielded = _PARENTHESES.sub(lambda match: "." * len(match[0]), text)
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SEPARATOR.finditer(shielded):
        if match["weak"] == "&" and not _is_between_names(text, start, match):
            continue
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    pieces: list[str] = []
    while spans:
        joined = next(
            count
            for count in range(min(len(spans), _MOST_JOINED), 0, -1)
            if count == 1 or _is_one_tool(text[spans[0][0] : spans[count - 1][1]], vocabulary)
        )
        piece = text[spans[0][0] : spans[joined - 1][1]].strip()
        if fold(piece):
            pieces.append(piece)
        spans = spans[joined:]
    return pieces


def _is_between_names(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether an `&` joins two names, rather than two initials (`W&B`)."""
    before = text[start : match.start()].split()
    after = text[match.end() :].split()
    return bool(before and after and len(before[-1]) > 1 and len(after[0]) > 1)


def _juxtaposed(words: Words, vocabulary: Vocabulary) -> list[str]:
    """Listed tools named side by side (`Databricks MLflow`), or nothing."""
    if not 2 <= len(words) <= _MOST_JUXTAPOSED or vocabulary.slug(words):
        return []
    for end in range(len(words) - 1, 0, -1):
        slug = vocabulary.slug(words[:end])
        if slug is None:
            continue
        rest = words[end:]
        rest_slug = vocabulary.slug(rest)
        others = [vocabulary.names[rest_slug]] if rest_slug else _juxtaposed(rest, vocabulary)
        if others:
            return [vocabulary.names[slug], *others]
    return []


def _without_vendor(text: str, vocabulary: Vocabulary) -> Words:
    words = fold(text)
    vendor = _prefix(words, vocabulary.vendors, vocabulary)
    return words[len(vendor) :] if vendor and not vocabulary.slug(vendor) else words


# --- one tool


def _identify(name: str, steps: tuple[Step, ...], vocabulary: Vocabulary) -> Identity:
    trail = list(steps)
    text = plain(name)
    for label, shorter in _readings(text, vocabulary):
        if label:
            trail.append(Step(label, shorter))
        text = shorter
        slug = vocabulary.slug(fold(shorter))
        if slug:
            return _listed(slug, shorter, trail, vocabulary)
    words = fold(text)
    for label, left_words in _reductions(words, vocabulary):
        slug = vocabulary.slug(left_words)
        if slug:
            return _listed(slug, " ".join(left_words), [*trail, Step(label, " ".join(left_words))], vocabulary)
    for label, left_words in _unlisted(words, vocabulary):
        trail.append(Step(label, " ".join(left_words)))
        words = left_words
    return Identity("-".join(words), name.strip(), tuple(trail))


def _listed(slug: str, written: str, trail: list[Step], vocabulary: Vocabulary) -> Identity:
    name = vocabulary.names.get(slug, written)
    if code(written) != slug.replace("-", ""):
        trail.append(Step("alias", name))
    elif written != name:
        trail.append(Step("spelling", name))
    return Identity(slug, name, tuple(trail), is_listed=True)


def _readings(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The name with less and less around it: gloss, subtitle, opening words, version. Each has words."""
    yield "", text
    gloss = _GLOSS.match(text)
    if gloss:
        outer, inner = f"{gloss['outer'].strip()} {gloss['rest'].strip()}".strip(), gloss["inner"].strip()
        maker = vocabulary.vendors.get(fold(inner))
        if maker and vocabulary.slug((maker, *fold(outer))):
            yield "vendor", f"{maker} {outer}"
        known = vocabulary.slug(fold(inner))
        if known and not vocabulary.slug(fold(outer)) and abbreviates(outer, inner):
            outer = inner
        yield "gloss", outer
        text = outer
    head = _head(text)
    if head != text:
        yield "subtitle", head
        text = head
    opened = _without_opening(text, vocabulary)
    if opened != text:
        yield "opening", opened
        text = opened
    unversioned = _VERSION.sub("", text)
    if unversioned != text and fold(unversioned):
        yield "version", unversioned


def _head(text: str) -> str:
    """The name before a subtitle or a maker: `Aporia: Monitor ML Models`, `Sacred by IDSIA`."""
    head = _SUBTITLE.split(text, maxsplit=1)[0]
    return head if fold(head) else text


def has_subtitle(title: str) -> bool:
    """Whether a title goes on behind the name that it begins with. Read is what `claim` reads of it."""
    name = title[:_LONGEST_NAME]
    return _head(name) != name


def has_opening(title: str, vocabulary: Vocabulary) -> bool:
    """Whether a title has words before the name, such as “Getting started with”. Read is what `claim` reads of it."""
    name = title[:_LONGEST_NAME]
    return _without_opening(name, vocabulary) != name


def _without_opening(text: str, vocabulary: Vocabulary) -> str:
    """`Intro to MiniKube` → `MiniKube`."""
    opening = _prefix(fold(text), vocabulary.openings, vocabulary)
    if not opening:
        return text
    pattern = r"[\W_]*".join(map(re.escape, opening))
    return re.sub(rf"^[\W_]*{pattern}[\W_]+", "", text, flags=re.IGNORECASE) or text


def _reductions(words: Words, vocabulary: Vocabulary) -> Iterator[tuple[str, Words]]:
    """Ways to read the words as a listed tool: another form of the vendor, no vendor, no tail, neither."""
    vendor = _prefix(words, vocabulary.vendors, vocabulary)
    tail = _suffix(words, vocabulary.tails, vocabulary)
    rest = words[len(vendor) :]
    trimmed = words[: len(words) - len(tail)]
    if vendor:
        yield "vendor", (vocabulary.vendors[vendor], *rest)
        yield "vendor", rest
    if tail:
        yield "tail", trimmed
        yield "vendor and tail", trimmed[len(vendor) :]


def _unlisted(words: Words, vocabulary: Vocabulary) -> Iterator[tuple[str, Words]]:
    """Yield what is dropped from an unlisted tool's name, only where the rest can still name a tool."""
    tail = _suffix(words, vocabulary.tails, vocabulary)
    if tail and not vocabulary.is_general(words[: -len(tail)]):
        words = words[: -len(tail)]
        yield "tail", words
    vendor = _prefix(words, vocabulary.vendors, vocabulary)
    if not vendor:
        return
    rest = words[len(vendor) :]
    if not vocabulary.is_general(rest):
        yield "vendor", rest
    elif vendor != (vocabulary.vendors[vendor],):
        yield "vendor", (vocabulary.vendors[vendor], *rest)


def _prefix(words: Words, known: Iterable[Words], vocabulary: Vocabulary) -> Words:
    """The longest of `known` that the words begin with and do not end with."""
    for length in range(min(vocabulary.longest, len(words) - 1), 0, -1):
        if words[:length] in known:
            return words[:length]
    return ()


def _suffix(words: Words, known: Iterable[Words], vocabulary: Vocabulary) -> Words:
    """The longest of `known` that the words end with and do not begin with."""
    for length in range(min(vocabulary.longest, len(words) - 1), 0, -1):
        if words[-length:] in known:
            return words[-length:]
    return ()


_SMALL_WORDS = frozenset({"and", "of", "for", "the", "to", "in", "on", "a"})


def abbreviates(one: str, other: str) -> bool:
    """Whether one name is the initials of the other: `NNI` and `Neural Network Intelligence`."""
    return _is_initials(fold(one), fold(other)) or _is_initials(fold(other), fold(one))


def _is_initials(short: Words, words: Words) -> bool:
    own = "".join(word for word in short if word not in _SMALL_WORDS)
    initials = {
        "".join(word[0] for word in words),
        "".join(word[0] for word in words if word not in _SMALL_WORDS),
    }
    return len(words) > 1 and len(own) > 1 and own in initials
