"""YAML read by the events of libyaml, which reads all of it.

PyYAML's events carry positions and come from libyaml without recursion, so that neither deep nesting nor an alias can
exhaust anything. PyYAML takes longer to load than a post to be judged, so import this where it is needed.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from coursehub.text.lines import line_and_column
from coursehub.text.yaml_nodes import MAX_DEPTH, Document, Fields, Items, Node, Scalar, Trouble, plain_type

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml: slower, same events
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

__all__ = ["Loader", "Span", "read", "spans"]

# What YAML takes for the end of a line and editors do not: after one of these all lines would be miscounted.
_HIDDEN_BREAK = re.compile("[\x85\u2028\u2029]")


class _Open:
    """A list or mapping whose end has not come yet."""

    __slots__ = ("column", "entries", "is_mapping", "key", "line", "values")

    def __init__(self, is_mapping: bool, line: int, column: int) -> None:
        self.is_mapping, self.line, self.column = is_mapping, line, column
        self.values: list[Node] = []
        self.entries: dict[str, tuple[Scalar, Node]] = {}
        self.key: Scalar | None = None

    def close(self) -> Node:
        if self.is_mapping:
            return Fields(self.entries, self.line, self.column)
        return Items(tuple(self.values), self.line, self.column)


def read(text: str, first_line: int = 1) -> Document:
    """The document that `located.parse` gives, whatever the text holds."""
    troubles: list[Trouble] = []
    hidden = None if text.isascii() else _HIDDEN_BREAK.search(text)
    if hidden:
        line, column = line_and_column(text, hidden.start())
        what = f"has the invisible character U+{ord(hidden[0]):04X}, which YAML takes for the end of a line"
        troubles.append(Trouble("malformed-yaml", line + first_line - 1, column, what))
        text = _HIDDEN_BREAK.sub(" ", text)
    try:
        root = _build(text, first_line, troubles)
    except yaml.YAMLError as error:
        troubles.append(_yaml_trouble(error, text, first_line))
        root = None
    return Document(root, tuple(troubles))


def _build(text: str, first_line: int, troubles: list[Trouble]) -> Node | None:
    stack: list[_Open] = []
    root: Node | None = None
    documents = 0
    last = text.count("\n")  # the end of a text, where an empty value may be, is a line further for libyaml
    events: Iterator[Any] = iter(Loader(text).get_event, None)  # PyYAML's events are untyped
    for event in events:
        kind = type(event)
        mark = event.start_mark
        if kind is ScalarEvent:
            line, column = (mark.line if mark.line < last else last) + first_line, mark.column + 1
            if event.anchor or event.tag:
                troubles.append(_not_plain(event, line, column))
            is_quoted = event.style or not event.implicit[0]
            node: Node = Scalar(event.value, "str" if is_quoted else plain_type(event.value), line, column)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            line, column = min(mark.line, last) + first_line, mark.column + 1
            if event.anchor or event.tag:
                troubles.append(_not_plain(event, line, column))
            if len(stack) == MAX_DEPTH:
                troubles.append(Trouble("malformed-yaml", line, column, "is nested too deeply"))
                return None
            stack.append(_Open(kind is MappingStartEvent, line, column))
            continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            node = stack.pop().close()
        elif kind is AliasEvent:
            line, column = min(mark.line, last) + first_line, mark.column + 1
            troubles.append(Trouble("alias-in-yaml", line, column, f"*{event.anchor}"))
            node = Scalar("", "str", line, column)
        else:
            if kind is DocumentStartEvent:
                documents += 1
                if documents == 2:
                    line = mark.line + first_line
                    troubles.append(Trouble("malformed-yaml", line, 1, "begins a second YAML document"))
                    return root
            continue
        if stack:
            _put(stack[-1], node, troubles)
        else:
            root = node
    return root


def _put(parent: _Open, node: Node, troubles: list[Trouble]) -> None:
    if not parent.is_mapping:
        parent.values.append(node)
    elif parent.key is None:
        if type(node) is not Scalar:
            troubles.append(Trouble("malformed-yaml", node.line, node.column, "has a list or a mapping for a key"))
            node = Scalar("", "str", node.line, node.column)
        parent.key = node
    else:
        key, parent.key = parent.key, None
        first, _ = parent.entries.setdefault(key.text, (key, node))
        if first is not key:
            troubles.append(Trouble("duplicate-field", key.line, key.column, key.text, first.line))


def _not_plain(event: Any, line: int, column: int) -> Trouble:  # noqa: ANN401  (PyYAML's events are untyped)
    if event.anchor:
        return Trouble("alias-in-yaml", line, column, f"&{event.anchor}")
    return Trouble("malformed-yaml", line, column, f"has the YAML tag “{event.tag}”")


def _yaml_trouble(error: yaml.YAMLError, text: str, first_line: int) -> Trouble:
    if isinstance(error, yaml.reader.ReaderError):
        line, column = line_and_column(text, text.find(chr(error.character)))
        what = f"has the character U+{error.character:04X}, which YAML does not allow"
        return Trouble("malformed-yaml", line + first_line - 1, column, what)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or "cannot be read"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if line > text.count("\n") + 1:  # libyaml's end of a text is a line further
        line, column = line_and_column(text, len(text))
    line += first_line - 1
    return Trouble("malformed-yaml", line, column, f"is not YAML: {problem}")


class Span(NamedTuple):
    """Where a value is written, in offsets of the text; `style` is its quote or sign.

    A list or mapping ends where its last value does, or behind its bracket; `is_flow` is whether it has brackets.
    """

    start: int
    end: int
    style: str = ""
    is_flow: bool = False


@lru_cache(maxsize=4)  # of one post, many values are asked for in turn
def spans(text: str) -> dict[tuple[bool, int], Span]:
    """Whether a value is a single one, and where it begins → its span, as far as YAML can be read."""
    by_start: dict[tuple[bool, int], Span] = {}
    open_at: list[tuple[int, bool]] = []
    end = 0  # of the last value
    try:
        events: Iterator[Any] = iter(Loader(text).get_event, None)  # PyYAML's events are untyped
        for event in events:
            kind = type(event)
            if kind is ScalarEvent:
                start, end = event.start_mark.index, event.end_mark.index
                if not event.anchor and not event.tag:
                    by_start[True, start] = Span(start, end, event.style or "")
            elif kind is SequenceStartEvent or kind is MappingStartEvent:
                open_at.append((event.start_mark.index, bool(event.flow_style)))
            elif kind is SequenceEndEvent or kind is MappingEndEvent:
                start, is_flow = open_at.pop()
                end = event.end_mark.index if is_flow else end
                by_start[False, start] = Span(start, end, "", is_flow)
    except yaml.YAMLError:
        pass
    return by_start
