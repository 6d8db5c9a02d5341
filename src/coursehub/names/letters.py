"""Letters, as Python and browsers know them alike: which there are, their scripts, and which look like others.

`letters.json` and `assets/letters.js` have one table, which `tools/letters.py` writes. Scripts are mixed as
Unicode's “highly restrictive” level allows (UTS 39): a word has one script, or Latin beside those of Chinese, Japanese
or Korean. Greek letters that look like no Latin ones are signs, as in `μTorrent`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from coursehub.text.expressions import expression

_COMMON, _LATIN, _GREEK = "Common", "Latin", "Greek"
_TOGETHER = (
    frozenset({_LATIN, "Han", "Hiragana", "Katakana"}),
    frozenset({_LATIN, "Han", "Bopomofo"}),
    frozenset({_LATIN, "Han", "Hangul"}),
)
_ALIKE_IN_ASCII = str.maketrans("01", "ol")


class Letter(NamedTuple):
    """A letter of a name: where it is, counted from 1, and its script."""

    char: str
    at: int
    script: str


class MixedWord(NamedTuple):
    """A word that mixes scripts, the script of most of its letters, and the letters that are of another.

    `meant`: the letter of the word's script that each of those looks like, or nothing.
    """

    word: str
    script: str
    foreign: tuple[Letter, ...]
    meant: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, dict=True):
    """The file. `runs`: gap, length and script of characters that follow each other, in base 36.

    `latin`, `looks`, `capitals`: what letters look like → those letters, without case. The first has Latin letters,
    which are read as what they look like; the last has those whose capital looks like something else, or like nothing.
    """

    scripts: tuple[str, ...]
    runs: str
    unseen: str
    latin: dict[str, str]
    looks: dict[str, str]
    capitals: dict[str, str]

    @cached_property
    def spans(self) -> tuple[tuple[int, int, str], ...]:
        """The first and last code points of the runs, and their scripts."""
        spans, end = [(0, 0x7F, _LATIN)], 0x80
        for run in self.runs.split(";"):
            gap, length, script = (int(number, 36) for number in run.split(","))
            spans.append((end + gap, end + gap + length - 1, self.scripts[script]))
            end += gap + length
        return tuple(spans)

    @cached_property
    def ignored(self) -> re.Pattern[str]:
        """No part of a name: characters that nobody sees, and those that some Unicode in use does not know."""
        known = "".join(f"{chr(first)}-{chr(last)}" for first, last, _ in self.spans[1:])
        return expression(rf"[^\x00-\x7f{known}]|[{self.unseen}]")

    @cached_property
    def unseen_characters(self) -> re.Pattern[str]:
        """Characters that nobody sees."""
        return expression(f"[{self.unseen}]")

    @cached_property
    def read_as(self) -> dict[int, str]:
        """Latin letters, and what they are read as."""
        return _by_letter(self.latin)

    @cached_property
    def small(self) -> dict[int, str]:
        """Letters of other scripts, and what they look like when they are small."""
        return _by_letter(self.looks)

    @cached_property
    def capital(self) -> dict[int, str]:
        """Letters of other scripts, small, and what their capitals look like."""
        return self.small | _by_letter(self.capitals)

    @cached_property
    def by_capital(self) -> dict[int, str]:
        """Letters, small, and what they look like: as capitals, or else as they are."""
        return self.small | {letter: look for letter, look in _by_letter(self.capitals).items() if look}

    @cached_property
    def by_small(self) -> dict[int, str]:
        """Letters, small, and what they look like: as they are, or else as capitals."""
        return self.by_capital | self.small


def _by_letter(groups: dict[str, str]) -> dict[int, str]:
    return {ord(letter): look for look, letters in groups.items() for letter in letters}


@cache
def _table() -> _Table:
    return msgspec.json.decode(Path(__file__).with_name("letters.json").read_bytes(), type=_Table)


def known(text: str) -> str:
    """The text without what nobody sees, and without what some Unicode in use does not know."""
    return text if text.isascii() else _table().ignored.sub("", text)


def is_unseen(char: str) -> bool:
    """Whether nobody sees this character where it stands alone."""
    return not char.isascii() and bool(_table().unseen_characters.match(char))


def in_latin(text: str) -> str:
    """A folded text, with Latin letters such as `ø` and `ɑ` as the ones that they look like."""
    return text.translate(_table().read_as)


def looks(code: str) -> tuple[str, ...]:
    """The looks of a code, as ASCII as can be: with small letters, and with capitals if that is another look."""
    if code.isascii():
        return (_in_ascii(code),)
    table = _table()
    return tuple(dict.fromkeys(_in_ascii(code.translate(each)) for each in (table.by_small, table.by_capital)))


def _in_ascii(look: str) -> str:
    return look.translate(_ALIKE_IN_ASCII).replace("rn", "m")


# --- scripts


@lru_cache(maxsize=2**10)
def mixed_words(name: str) -> tuple[MixedWord, ...]:
    """The words of a name that mix scripts."""
    return () if name.isascii() else tuple(mixed for word in _words(name) if (mixed := _mixed(word)))


def _words(name: str) -> Iterator[list[tuple[int, str]]]:
    """The words of a name as their characters, each with its place, counted from 1."""
    word: list[tuple[int, str]] = []
    for at, char in enumerate(name, 1):
        if not known(char):
            continue
        if char.isalnum():
            word.append((at, char))
        elif unicodedata.category(char)[0] != "M":
            if word:
                yield word
            word = []
    if word:
        yield word


def _mixed(word: list[tuple[int, str]]) -> MixedWord | None:
    letters = [letter for at, char in word for letter in _letters(char, at)]
    scripts = Counter(letter.script for letter in letters)
    if len(scripts) < 2:
        return None
    disguised = [letter for letter in letters if letter.script != _LATIN in scripts and _look(letter.char)]
    others = [letter for letter in letters if letter.script != _LATIN]
    is_allowed = any(scripts.keys() <= together for together in _TOGETHER)
    if is_allowed and not disguised:
        return None
    most = max(scripts, key=lambda script: (scripts[script], script == _LATIN))
    if is_allowed or (_LATIN in scripts and disguised == others):
        most = _LATIN
    foreign = tuple(disguised if is_allowed else (letter for letter in letters if letter.script != most))
    meant = tuple(_meant(letter, most) for letter in foreign)
    return MixedWord("".join(char for _, char in word), most, foreign, meant)


def _letters(char: str, at: int) -> Iterator[Letter]:
    """A character that belongs to one script, or nothing; of a sign such as 𝛂, the letter that it stands for."""
    for letter in dict.fromkeys(unicodedata.normalize("NFKC", char)):
        script = _script(letter)
        if script != _COMMON and letter.isalnum() and not (script == _GREEK and not _look(letter)):
            yield Letter(char, at, script)
            return


def _script(char: str) -> str:
    if char.isascii():
        return _LATIN if char.isalpha() else _COMMON
    spans = _table().spans
    first, last, script = spans[bisect_right(spans, (ord(char), 0x110000, "")) - 1]
    return script if first <= ord(char) <= last else _COMMON


def _look(char: str) -> str:
    """The ASCII letters that one of another script looks like, in the case that it has, or nothing."""
    letter = unicodedata.normalize("NFKC", char)
    small = letter.lower()
    table = _table()
    look = (table.small if small == letter else table.capital).get(ord(small), "") if len(small) == 1 else ""
    return look if small == letter else look.upper()


def _meant(letter: Letter, script: str) -> str:
    if script == _LATIN:
        return _look(letter.char)
    candidates = map(chr, _table().capital if letter.char.isupper() else _table().small)
    cased = (each.upper() if letter.char.isupper() else each for each in candidates)
    return next((each for each in cased if _script(each) == script and _look(each) == letter.char), "")
