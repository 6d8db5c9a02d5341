"""Titles that speak of a tool: who asks for `Terraform` learns of `Managing Terraform's state on AWS`.

Each run of a title's words that could be a name is filed under the code of that name, so that one look finds all titles
that speak of it. Ordinary words are no name, but for those that the title writes as one: a listed tool with a capital
(`Feast in MLOps`, and not `what we aim for`), any other in the middle of a sentence, each word with a capital
(`a database on Clever Cloud`). `assets/mentions.js` does the same in the browser.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from coursehub.names.english import is_ordinary
from coursehub.names.identity import Identity, Vocabulary, claim, fold
from coursehub.text.expressions import expression

_LONGEST_RUN = 4  # words
_LONG_WORD = 6  # letters: a title that writes such a word small writes names with capitals, and not all words
_MOST_READ = 300  # characters of a title
_PAUSE = expression(r"[,;:!?()\[\]{}\"“”„|]+|\s[-–—]+\s|\.\s")
_POSSESSIVE = expression(r"['’]s?(?!\w)")


class Word(NamedTuple):
    """A folded word of a title, and how the title writes it."""

    folded: str
    is_ordinary: bool
    has_capital: bool


def mentions_in(titles: Iterable[str], vocabulary: Vocabulary) -> dict[str, list[int]]:
    """A tool's code → the numbers of the titles that speak of the tool, in their order."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, title in enumerate(titles):
        for code in dict.fromkeys(_codes(title, vocabulary)):
            numbers[code].append(number)
    return numbers


def phrases(title: str) -> list[list[Word]]:
    """The words of a title, in one list those between which there is no pause: no name has one."""
    parts = _PAUSE.split(_POSSESSIVE.sub("", title[:_MOST_READ]))
    return [[word for written in part.split() for word in _words(written)] for part in parts]


def _words(written: str) -> list[Word]:
    has_capital = written != written.lower()
    return [Word(word, is_ordinary(word), has_capital) for word in fold(written)]


def _codes(title: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the codes of all names that the title could have in it; of `doctests` also that of `doctest`."""
    parts = phrases(title)
    has_small = any(len(word.folded) >= _LONG_WORD and not word.has_capital for word in chain(*parts))
    for words in parts:
        for start in range(len(words)):
            longest = words[start : start + _LONGEST_RUN]
            vendor = _vendor(longest, vocabulary)
            for count in range(1, len(longest) + 1):
                is_marked = has_small and start > 0
                tool = _tool(longest[:count], vocabulary, has_vendor=vendor < count, is_marked=is_marked)
                if tool:
                    yield tool.code
                    if not tool.is_listed and tool.code.endswith("s"):
                        yield tool.code[:-1]


def _vendor(run: Sequence[Word], vocabulary: Vocabulary) -> int:
    """How many words of a run are a vendor's name at its start; all of them where there is none."""
    words = tuple(word.folded for word in run)
    return next((count for count in range(1, len(words)) if words[:count] in vocabulary.vendors), len(words))


def _tool(run: Sequence[Word], vocabulary: Vocabulary, *, has_vendor: bool, is_marked: bool) -> Identity | None:
    """The tool that a run of words names, or None. `is_marked`: a capital marks a name there."""
    words = tuple(word.folded for word in run)
    if has_vendor:
        tools = claim(" ".join(words), vocabulary).identities
    else:
        slug = vocabulary.slug(words)
        tools = (Identity(slug or "-".join(words), "", is_listed=slug is not None),)
    if len(tools) != 1:
        return None
    if tools[0].is_listed:
        is_name = any(word.has_capital or not word.is_ordinary for word in run)
    else:
        rest = tools[0].slug.split("-")  # without a vendor: `AWS infrastructure as code` names nothing
        is_name = not all(is_ordinary(word) or vocabulary.is_general((word,)) for word in rest)
        is_name |= is_marked and len(rest) > 1 and all(word.has_capital for word in run)
    return tools[0] if is_name else None
