"""A YAML text as a tree of frozen nodes that know their line and column, from 1, and what is wrong with it."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from coursehub.text.expressions import expression

MAX_DEPTH = 8


class Scalar(msgspec.Struct, frozen=True, array_like=True, tag="s", gc=False):
    """One value as written; `yaml_type` is what YAML takes it for: str, bool, int, float, null, timestamp."""

    text: str
    yaml_type: str
    line: int
    column: int


class Items(msgspec.Struct, frozen=True, array_like=True, tag="i", gc=False):
    """A list of values."""

    nodes: tuple["Node", ...]
    line: int
    column: int


class Fields(msgspec.Struct, frozen=True, array_like=True, tag="f", gc=False):
    """A mapping: key → (the key's own node, value). Of a key given twice the first stays."""

    nodes: dict[str, tuple[Scalar, "Node"]]
    line: int
    column: int

    def value(self, name: str) -> "Node | None":
        """The value under `name`, or None."""
        pair = self.nodes.get(name)
        return pair[1] if pair else None


Node = Scalar | Items | Fields  # a tree, so that none needs the garbage collector


class Trouble(NamedTuple):
    """Something in the text that a reader must not pass over: named like the rule that reports it.

    `first_line`: where the name stands for the first time, of a name that is given again.
    """

    rule: str
    line: int
    column: int
    what: str
    first_line: int = 0

    @property
    def sentence(self) -> str:
        """The trouble as a message about a data file has it."""
        again = f", first in line {self.first_line}" if self.first_line else ""
        return f"{_PREFIX.get(self.rule, '')}{self.what}{again}"


_PREFIX = {
    "duplicate-field": "this name is given again: ",
    "alias-in-yaml": "a YAML anchor or alias: ",
    "malformed-yaml": "the file ",
}


class Document(NamedTuple):
    """A YAML text that was read, and the troubles in it. `root` is None where nothing could be read."""

    root: Node | None
    troubles: tuple[Trouble, ...]


# The words that YAML 1.1 takes for more than text: https://yaml.org/type/
_WORDS = {
    form: kind
    for kind, words in (("bool", ("yes", "no", "true", "false", "on", "off")), ("null", ("null",)))
    for word in words
    for form in (word, word.capitalize(), word.upper())
} | {"": "null"}
_OTHERS = frozenset("+-.0123456789~<=")  # what begins the others
_DATE = expression(r"\d{4}-\d\d-\d\d", re.ASCII)  # as nearly all are that posts have


@lru_cache(maxsize=1024)  # a course's posts say the same again and again
def plain_type(text: str) -> str:
    """The type that YAML sees in a text without quotes: str, bool, int, float, null, timestamp, …"""
    if text[:1] not in _OTHERS:
        return _WORDS.get(text, "str")
    if _DATE.fullmatch(text):
        return "timestamp"
    return next((name for name, pattern in _resolvers().get(text[0], ()) if pattern.match(text)), "str")


@cache
def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """A value's first character → the types it may have, and how PyYAML tells."""
    import yaml  # noqa: PLC0415  (it takes longer to load than a post to be judged)

    return {
        first: [(tag.rpartition(":")[2], pattern) for tag, pattern in resolvers]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
