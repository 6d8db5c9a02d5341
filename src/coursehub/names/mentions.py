"""Titles that speak of a tool: who asks for `Terraform` learns of `Managing Terraform's state on AWS`.

Each run of a title's words that could be a name is filed under the code of that name, so that one look finds all titles
that speak of it. A run of ordinary words is no name, unless a tool is listed by it and the title writes it with a
capital: `Feast in MLOps` speaks of Feast, and `what we aim for` not of Aim. `docs/assets/mentions.js` does the same in
the browser.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from coursehub.names.english import is_ordinary
from coursehub.names.identity import Identity, Vocabulary, claim, fold

_LONGEST_RUN = 4  # words
_MOST_READ = 300  # characters of a title
_PAUSE = re.compile(r"[,;:!?()\[\]{}\"“”„|]+|\s[-–—]+\s|\.\s")
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")


class Word(NamedTuple):
    """A folded word of a title, and how the title writes it."""

    folded: str
    is_ordinary: bool
    has_capital: bool


class Mentions:
    """Finds the titles that speak of a tool."""

    def __init__(self, titles: Iterable[str], vocabulary: Vocabulary) -> None:
        self._by_code: dict[str, list[int]] = defaultdict(list)
        for number, title in enumerate(titles):
            for code in dict.fromkeys(_codes(title, vocabulary)):
                self._by_code[code].append(number)

    def of(self, tool: Identity) -> Sequence[int]:
        """The numbers of the titles that speak of a tool, in their order."""
        return self._by_code.get(tool.code, ())


def phrases(title: str) -> Iterator[list[Word]]:
    """Yield the words of a title, in one list those between which there is no pause: no name has one."""
    for phrase in _PAUSE.split(_POSSESSIVE.sub("", title[:_MOST_READ])):
        yield [
            Word(word, is_ordinary(word), written != written.lower())
            for written in phrase.split()
            for word in fold(written)
        ]


def _codes(title: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the codes of all names that the title could have in it."""
    for words in phrases(title):
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST_RUN, len(words)) + 1):
                code = _code(words[start:end], vocabulary)
                if code:
                    yield code


def _code(run: Sequence[Word], vocabulary: Vocabulary) -> str:
    """The code of the tool that a run of words names, empty where it is none."""
    words = tuple(word.folded for word in run)
    if any(words[:count] in vocabulary.vendors for count in range(1, len(words))):
        tools = claim(" ".join(words), vocabulary).identities
    else:
        slug = vocabulary.slug(words)
        tools = (Identity(slug or "-".join(words), "", is_listed=slug is not None),)
    if len(tools) != 1:
        return ""
    is_rare = any(not word.is_ordinary for word in run)
    is_name = any(not (word.is_ordinary or vocabulary.is_general((word.folded,))) for word in run)
    is_written_so = any(word.has_capital for word in run)
    return tools[0].code if is_name or (tools[0].is_listed and (is_rare or is_written_so)) else ""
