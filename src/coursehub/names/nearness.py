"""Names that are not the same and that a person might take for the same: suggested, never blocking.

Four relations count. A look: `Кеdrо` with Cyrillic letters, `M0dern`, `Modem`. A slip: one letter missing, added,
changed or swapped, in any of the tool's names or in its vendor's (`Apahe NiFi`, `Gogle BigQuery`). Initials: `MCP` and
`Model Context Protocol`. A longer name: `Prefect Cloud` begins with `Prefect`, and `pytest-cov`, which is a package for
`pytest`, is another tool.
One of the two must be unlisted: of two tools that `data/tools.yaml` lists it is known that they are two.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

from coursehub.names.identity import Identity, Vocabulary, Words, abbreviates, claim, fold, plain
from coursehub.names.letters import looks

# Letters of the longer name, from which on a slip is likelier than another tool of such a name.
_SHORTEST_CHANGED = 5
_SHORTEST_ADDED = 4  # or missing
_SHORTEST_SWAPPED = 3
_MOST_WORDS_MORE = 2
_FEWEST_WORDS_FOR_INITIALS = 3
_FEW = 8  # names to compare with all others
LOOKS_THE_SAME = "looks the same"
ONE_LETTER_AWAY = "is one letter away"

T = TypeVar("T")


class Near(NamedTuple):
    """Another tool that may be meant, and why it may."""

    identity: Identity
    why: str


class Codes(Generic[T]):
    """Finds the codes that are one slip from a code without comparing all with all, each with what it stands for.

    Two codes that are one slip apart have a form in common when one letter is left out of either (Bocek, Hunt,
    Wirth 2007), so each is filed under those forms. To file all takes longer than to compare a few codes with all, so
    that is done first.
    """

    def __init__(self, meanings: Iterable[tuple[str, T]]) -> None:
        self._meanings = tuple(meanings)
        self._longest = max((len(code) for code, _ in self._meanings), default=0)
        self._asked = 0

    @cached_property
    def _by_form(self) -> dict[str, list[tuple[str, T]]]:
        by_form: dict[str, list[tuple[str, T]]] = defaultdict(list)
        for code, meaning in self._meanings:
            for form in _forms(code):
                by_form[form].append((code, meaning))
        return by_form

    def slips(self, code: str) -> list[T]:
        """Meanings of the codes that are one slip from this one; one may come twice."""
        return [meaning for other, meaning in self._alike(code) if is_slip(code, other)]

    def _alike(self, code: str) -> Iterable[tuple[str, T]]:
        """The codes that may be a slip for this one: all that are, some of them twice."""
        if len(code) > self._longest + 1:
            return ()
        self._asked += 1
        if self._asked > _FEW:
            return [each for form in _forms(code) for each in self._by_form.get(form, ())]
        half = max(0, len(code) - 2) // 2  # letters on one side of a slip, which touches two at most
        begins, ends = code[:half], code[len(code) - half :]
        lengths = range(len(code) - 1, len(code) + 2)
        return [
            each
            for each in self._meanings
            if len(each[0]) in lengths and (each[0].startswith(begins) or each[0].endswith(ends))
        ]


class Index:
    """Finds the names near a name: initials and first words are filed as `Codes` files codes.

    The `vocabulary` has the names of listed tools, and the vendors.
    """

    def __init__(self, identities: Iterable[Identity], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._by_code = {identity.code: identity for identity in identities}
        self._vendors = Codes(("".join(words), words) for words in vocabulary.vendors)
        self._by_initials: dict[str, list[Identity]] = defaultdict(list)
        self._by_words: dict[Words, list[Identity]] = defaultdict(list)
        self._by_look: dict[str, list[Identity]] = defaultdict(list)
        names: dict[str, list[tuple[str, Identity]]] = {}  # code of a tool → its codes, each with the tool
        for code, identity in self._by_code.items():
            words = fold(identity.name)
            self._by_initials[_initials(words)].append(identity)
            for count in range(1, len(words) + 1):
                self._by_words[words[:count]].append(identity)
            for look in looks(code):
                self._by_look[look].append(identity)
            names[code] = [(each, identity) for each in _codes(code, words, is_title=identity.title is not None)]
        for other, slug in vocabulary.slugs.items():
            code = slug.replace("-", "")
            if code in names and all(other != each for each, _ in names[code]):
                names[code].append((other, self._by_code[code]))
        self._codes = Codes(chain.from_iterable(names.values()))

    def near(self, identity: Identity) -> list[Near]:
        """The tools near this one, by code; each with the first reason that holds."""
        by_code: dict[str, Near] = {}
        kinds = (self._lookalikes, self._slips, self._abbreviations, self._longer_or_shorter)
        for near in (near for kind in kinds for near in kind(identity)):
            other = near.identity
            if other.code != identity.code and not (identity.is_listed and other.is_listed):
                by_code.setdefault(other.code, near)
        return [by_code[code] for code in sorted(by_code)]

    def _lookalikes(self, identity: Identity) -> Iterator[Near]:
        for look in looks(identity.code):
            for other in self._by_look.get(look, ()):
                yield Near(other, LOOKS_THE_SAME)

    def _slips(self, identity: Identity) -> Iterator[Near]:
        for code in _codes(identity.code, fold(identity.name), is_title=identity.title is not None):
            for other in self._codes.slips(code):
                yield Near(other, ONE_LETTER_AWAY)
        for code in self._of_known_vendors(identity):
            if code in self._by_code:
                yield Near(self._by_code[code], ONE_LETTER_AWAY)

    def _of_known_vendors(self, identity: Identity) -> Iterator[str]:
        """The codes of the tools that a name leads to once its first words, a slip of a vendor's, are the vendor's."""
        if identity.is_listed or identity.title:
            return
        words = fold(identity.name)
        for count in range(1, min(self._vocabulary.longest, len(words) - 1) + 1):
            for vendor in self._vendors.slips("".join(words[:count])):
                yield from claim(" ".join((*vendor, *words[count:])), self._vocabulary).codes

    def _abbreviations(self, identity: Identity) -> Iterator[Near]:
        words = fold(identity.name)
        for other in (*self._by_initials.get(identity.code, ()), *self._by_words.get((_initials(words),), ())):
            longest = max(len(words), len(fold(other.name)))
            if longest >= _FEWEST_WORDS_FOR_INITIALS and abbreviates(identity.name, other.name):
                yield Near(other, "has these initials" if len(words) == 1 else "is its initials")

    def _longer_or_shorter(self, identity: Identity) -> Iterator[Near]:
        words = fold(identity.name)
        for other in self._by_words.get(words, ()):
            if 0 < len(fold(other.name)) - len(words) <= _MOST_WORDS_MORE and not self._is_package(other, len(words)):
                yield Near(other, "begins with this name")
        for count in range(max(1, len(words) - _MOST_WORDS_MORE), len(words)):
            for other in self._by_words.get(words[:count], ()):
                if len(fold(other.name)) == count and not self._is_package(identity, count):
                    yield Near(other, "is how this name begins")

    def _is_package(self, identity: Identity, count: int) -> bool:
        """Whether a name is a package's for the tool of its first words: `pytest-cov` is, `mlflow-server` is not."""
        if identity.title or len(plain(identity.name).split()) > 1:
            return False
        rest = fold(identity.name)[count:]
        return rest not in self._vocabulary.tails and not self._vocabulary.is_general(rest)


def _initials(words: Words) -> str:
    return "".join(word[0] for word in words)


def _codes(code: str, words: Words, *, is_title: bool) -> tuple[str, ...]:
    """The codes of a name, with its vendor and all and without; of a title, its code."""
    whole = code if is_title else "".join(words)
    return (code,) if whole == code else (code, whole)


def _forms(code: str) -> set[str]:
    """The code, and the code without each of its letters."""
    return {code, *(code[:index] + code[index + 1 :] for index in range(len(code)))}


def is_slip(one: str, other: str) -> bool:
    """Whether two codes differ by one letter missing, added, changed, or swapped with its neighbour.

    Numbers tell versions and products apart: `GPT-3` is no slip for `GPT-4`.
    """
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if (at is not None and not _is_one_edit(one[at:], other[at:])) or _letters(one) == _letters(other):
        return False
    if sorted(one) == sorted(other):
        shortest = _SHORTEST_SWAPPED
    else:
        shortest = _SHORTEST_CHANGED if len(one) == len(other) else _SHORTEST_ADDED
    return max(len(one), len(other)) >= shortest


def _is_one_edit(one: str, other: str) -> bool:
    """Whether two texts that begin otherwise are the same but for their first letters."""
    is_changed, is_longer, is_shorter = one[1:] == other[1:], one[1:] == other, one == other[1:]
    return is_changed or is_longer or is_shorter or (one[:2] == other[1::-1] and one[2:] == other[2:])


def _letters(code: str) -> str:
    return "".join(char for char in code if not char.isdecimal())
