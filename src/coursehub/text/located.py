"""YAML whose every value knows its line and column.

PyYAML's events carry positions and come from libyaml without recursion, so that neither deep nesting nor an
alias can exhaust anything. Text stays as written: `1.10` is "1.10", and what YAML would have made of it
(`Node.yaml_type`) is kept beside it for the rules to judge.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

import msgspec
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

from coursehub.text import plain_yaml
from coursehub.text.yaml_nodes import MAX_DEPTH, Fields, Items, Node, Scalar, plain_type

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml: slower, same events
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

__all__ = [
    "Document",
    "Fields",
    "Items",
    "Loader",
    "Node",
    "Scalar",
    "Trouble",
    "at",
    "convert",
    "line_and_column",
    "lines",
    "offset",
    "parse",
    "plain",
    "walk",
]

Record = TypeVar("Record")

# What YAML takes for the end of a line and editors do not: after one of these all lines would be miscounted.
_HIDDEN_BREAK = re.compile("[\x85\u2028\u2029]")


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


def parse(text: str, first_line: int = 1) -> Document:
    """Read one YAML document; never raises for what the text holds.

    `first_line` is the line of the file on which `text` begins. Everything that plain YAML reading would
    forgive or expand (a key twice, an anchor or alias, a tag, a second document) is a `Trouble`.
    """
    root = plain_yaml.read(text, first_line)
    return Document(root, ()) if root else by_libyaml(text, first_line)


def by_libyaml(text: str, first_line: int = 1) -> Document:
    """As `parse`, whatever the text holds."""
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


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `offset` (an `offset` of -1 is the start)."""
    at = min(max(offset, 0), len(text))
    starts = _line_starts(text)
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


def offset(text: str, line: int, column: int) -> int:
    """Where in the text the character of this line and column is; -1 where the text has no such line."""
    starts = _line_starts(text)
    return starts[line - 1] + column - 1 if 0 < line < len(starts) else -1


@lru_cache(maxsize=4)  # one text may have a hundred thousand findings
def lines(text: str) -> tuple[str, ...]:
    """The lines of a text, as editors count them."""
    return tuple(text.split("\n"))


@lru_cache(maxsize=4)
def _line_starts(text: str) -> tuple[int, ...]:
    """The offsets at which the lines begin, and that behind the last one."""
    return (0, *accumulate(len(line) + 1 for line in lines(text)))


def plain(node: Node | None) -> Any:  # noqa: ANN401  (whatever YAML holds)
    """The value as plain Python: text, None, bool, int, float, list, dict. Dates stay text."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return _CONSTRUCT.get(node.yaml_type, str)(node.text)
    if isinstance(node, Items):
        return [plain(item) for item in node.nodes]
    return {key: plain(value) for key, (_, value) in node.nodes.items()}


def _number(text: str) -> Any:  # noqa: ANN401  (int, float, or text)
    try:
        return yaml.safe_load(text)
    except ValueError:  # PyYAML takes `0x_` for a number and then cannot read it; Python refuses 5,000 digits
        return text


_CONSTRUCT: dict[str, Any] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() in ("yes", "true", "on"),
    "int": _number,
    "float": _number,
}


def convert(node: Node | None, record: type[Record]) -> Record | Trouble:
    """The node as a `record`, or where and why it is none."""
    try:
        return msgspec.convert(plain(node), record)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `")
        path = path.rstrip("`")
        name = _culprit(node, path, record)
        place = at(node, path, name)
        what = _MSGSPEC_WORD.sub(lambda match: _WORDS.get(match[1], match[0]), what[0].lower() + what[1:])
        where = path.strip("$.").replace("[...]", f".{name}", 1) or "the file"
        return Trouble("wrong-data", place.line, place.column, f"{where}: {what}")


_MSGSPEC_WORD = re.compile("`(\\w+)`")
_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "str": "text",
    "int": "a whole number",
    "bool": "true or false",
    "null": "nothing",
}


def _culprit(node: Node | None, path: str, record: type[Record]) -> str:
    """Which name of a mapping msgspec means by `[...]`: the first whose entry alone does not convert."""
    before, dots, _ = path.partition("[...]")
    data = plain(node)
    holder = data
    for name in before.strip("$.").split("."):
        holder = holder.get(name) if isinstance(holder, dict) else None
    if not dots or not isinstance(holder, dict):
        return ""
    entries: dict[str, Any] = dict(holder)
    for name, value in entries.items():
        holder.clear()
        holder[name] = value
        try:
            msgspec.convert(data, record)
        except msgspec.ValidationError:
            return name
    return ""


def at(node: Node | None, path: str, key: str = "") -> Node:
    """The deepest node on a path as msgspec writes it: `$.semesters[0].id`; `key` is what `[...]` stands for."""
    deepest: Node = node or Scalar("", "null", 1, 1)
    for name, index, dots in re.findall(r"\.(\w[\w-]*)|\[(\d+)\]|(\[\.\.\.\])", path):
        field = key if dots else name
        if isinstance(deepest, Fields) and field in deepest.nodes:
            deepest = deepest.nodes[field][1]
        elif isinstance(deepest, Items) and index and int(index) < len(deepest.nodes):
            deepest = deepest.nodes[int(index)]
        else:
            break
    return deepest


def walk(node: Node | None) -> list[Scalar]:
    """Every scalar of the tree, keys included, in order."""
    scalars: list[Scalar] = []
    if isinstance(node, Scalar):
        scalars.append(node)
    elif isinstance(node, Items):
        for item in node.nodes:
            scalars += (item,) if isinstance(item, Scalar) else walk(item)
    elif isinstance(node, Fields):
        for key, value in node.nodes.values():
            scalars += (key, value) if isinstance(value, Scalar) else (key, *walk(value))
    return scalars
