"""YAML whose every value knows its line and column.

Text stays as written: `1.10` is "1.10", and what YAML would have made of it (`Scalar.yaml_type`) is kept beside it for
the rules to judge.
"""

import re
from typing import Any, TypeVar

import msgspec

from coursehub.text import plain_yaml
from coursehub.text.expressions import expression
from coursehub.text.yaml_nodes import Document, Fields, Items, Node, Scalar, Trouble

__all__ = [
    "Document",
    "Fields",
    "Items",
    "Node",
    "Scalar",
    "Trouble",
    "at",
    "convert",
    "parse",
    "plain",
    "walk",
]

Record = TypeVar("Record")


def parse(text: str, first_line: int = 1) -> Document:
    """Read one YAML document; never raises for what the text holds.

    `first_line` is the line of the file on which `text` begins. Everything that plain YAML reading would
    forgive or expand (a key twice, an anchor or alias, a tag, a second document) is a `Trouble`.
    """
    if root := plain_yaml.read(text, first_line):
        return Document(root, ())
    from coursehub.text import libyaml  # noqa: PLC0415  (it takes longer to load than a post to be judged)

    return libyaml.read(text, first_line)


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
    import yaml  # noqa: PLC0415  (slow to load)

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


_MSGSPEC_WORD = expression("`([^`]+)`")
_WORDS = {
    "object": "a mapping",
    "object | array": "a mapping or a list",
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
