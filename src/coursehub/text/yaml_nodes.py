"""A YAML text as a tree of frozen nodes that know their line and column, from 1."""

import re
from functools import lru_cache

import msgspec
import yaml

MAX_DEPTH = 8

_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
# A plain value's first character → the types it may have, and how to tell.
_TYPES = {
    first: [(tag.rpartition(":")[2], pattern.match) for tag, pattern in resolvers]
    for first, resolvers in _RESOLVERS.items()
}


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


@lru_cache(maxsize=1024)  # a course's posts say the same again and again
def plain_type(text: str) -> str:
    """The type that YAML sees in a text without quotes: str, bool, int, float, null, timestamp, …"""
    for name, match in _TYPES.get(text[:1], ()):
        if match(text):
            return name
    return "str"
