"""Names that are not the same and that a person might take for the same: suggested, never blocking.

Four relations count. A look: `Кеdrо` with Cyrillic letters, `M0dern`, `Modem`. A slip: one letter missing, added,
changed or swapped. Initials: `MCP` and `Model Context Protocol`. A longer name: `Prefect Cloud` begins with `Prefect`.
One of the two must be unlisted: of two tools that `data/tools.yaml` lists it is known that they are two.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from coursehub.names.identity import Identity, Words, abbreviates, fold
from coursehub.names.letters import looks

_SHORTEST_FOR_A_SLIP = 5  # letters: in shorter names one letter is a different name
_MOST_WORDS_MORE = 2
_FEWEST_WORDS_FOR_INITIALS = 3
_FEW = 8  # names to compare with all others
LOOKS_THE_SAME = "looks the same"


class Near(NamedTuple):
    """Another tool that may be meant, and why it may."""

    identity: Identity
    why: str


class Index:
    """Finds the names near a name without comparing all with all.

    Two codes that are one slip apart have a form in common when one letter is left out of either (Bocek, Hunt,
    Wirth 2007), so each is filed under those forms; initials and first words are filed likewise. To file all takes
    longer than to compare a few names with all, so that is done first.
    """

    def __init__(self, identities: Iterable[Identity]) -> None:
        self._by_code = {identity.code: identity for identity in identities}
        self._asked = 0
        self._by_initials: dict[str, list[Identity]] = defaultdict(list)
        self._by_words: dict[Words, list[Identity]] = defaultdict(list)
        self._by_look: dict[str, list[Identity]] = defaultdict(list)
        for identity in self._by_code.values():
            words = fold(identity.name)
            self._by_initials[_initials(words)].append(identity)
            for count in range(1, len(words) + 1):
                self._by_words[words[:count]].append(identity)
            for look in looks(identity.code):
                self._by_look[look].append(identity)

    @cached_property
    def _by_form(self) -> dict[str, list[Identity]]:
        by_form: dict[str, list[Identity]] = defaultdict(list)
        for code, identity in self._by_code.items():
            for form in _forms(code):
                by_form[form].append(identity)
        return by_form

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
        for other in self._alike(identity.code):
            if is_slip(identity.code, other.code):
                yield Near(other, "is one letter away")

    def _alike(self, code: str) -> Iterable[Identity]:
        """The names that may be a slip for this one: all that are."""
        self._asked += 1
        if self._asked > _FEW:
            return [other for form in _forms(code) for other in self._by_form.get(form, ())]
        return [other for other_code, other in self._by_code.items() if abs(len(other_code) - len(code)) <= 1]

    def _abbreviations(self, identity: Identity) -> Iterator[Near]:
        words = fold(identity.name)
        for other in (*self._by_initials.get(identity.code, ()), *self._by_words.get((_initials(words),), ())):
            longest = max(len(words), len(fold(other.name)))
            if longest >= _FEWEST_WORDS_FOR_INITIALS and abbreviates(identity.name, other.name):
                yield Near(other, "has these initials" if len(words) == 1 else "is its initials")

    def _longer_or_shorter(self, identity: Identity) -> Iterator[Near]:
        words = fold(identity.name)
        for other in self._by_words.get(words, ()):
            if 0 < len(fold(other.name)) - len(words) <= _MOST_WORDS_MORE:
                yield Near(other, "begins with this name")
        for count in range(max(1, len(words) - _MOST_WORDS_MORE), len(words)):
            for other in self._by_words.get(words[:count], ()):
                if len(fold(other.name)) == count:
                    yield Near(other, "is how this name begins")


def _initials(words: Words) -> str:
    return "".join(word[0] for word in words)


def _forms(code: str) -> set[str]:
    """The code, and the code without each of its letters."""
    if len(code) < _SHORTEST_FOR_A_SLIP:
        return set()
    return {code, *(code[:index] + code[index + 1 :] for index in range(len(code)))}


def is_slip(one: str, other: str) -> bool:
    """Whether two codes differ by one letter missing, added, changed, or swapped with its neighbour.

    Numbers tell versions and products apart: `GPT-3` is no slip for `GPT-4`.
    """
    if min(len(one), len(other)) < _SHORTEST_FOR_A_SLIP or abs(len(one) - len(other)) > 1:
        return False
    at = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    return (at is None or _is_one_edit(one[at:], other[at:])) and _letters(one) != _letters(other)


def _is_one_edit(one: str, other: str) -> bool:
    """Whether two texts that begin otherwise are the same but for their first letters."""
    is_changed, is_longer, is_shorter = one[1:] == other[1:], one[1:] == other, one == other[1:]
    return is_changed or is_longer or is_shorter or (one[:2] == other[1::-1] and one[2:] == other[2:])


def _letters(code: str) -> str:
    return "".join(char for char in code if not char.isdecimal())
