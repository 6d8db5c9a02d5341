"""The fields of the front matter: what each takes, and what is wrong with a value that it does not take."""

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from coursehub.records.paths import FOLDER, former_path_meant, is_former_path
from coursehub.text import located
from coursehub.text.dates import date_meant
from coursehub.text.expressions import expression
from coursehub.text.located import Fields, Items, Node, Scalar
from coursehub.text.yaml_writing import quoted

STATUSES = ("claimed", "draft", "published", "withdrawn")
FORMATS = ("introduction", "comparison", "combination", "application", "video", "podcast")


class Wrong(NamedTuple):
    """A value that its field does not take: `what` is wrong with it, and what to do.

    `meant`: YAML to write instead, where one can know it.
    """

    node: Node
    what: str
    help: str
    meant: str = ""


class Kind(NamedTuple):
    """The kind of value that a field takes. `read` gives the value, if there is one, and what is wrong with it."""

    wants: str
    read: Callable[[Node, str], tuple[Any, list[Wrong]]]


_READ_AS = {
    "bool": "YAML reads it as true or false",
    "int": "YAML reads it as a number",
    "float": "YAML reads it as a number and drops final zeros",
    "timestamp": "YAML reads it as a date",
    "merge": "YAML reads it as a merge key",
    "value": "YAML reads it as a default key",
}
_FORMER = f"the path that the file had, such as {FOLDER}/S2026/old-name.md"
_WORD = expression(r"[a-z][\w-]*", re.IGNORECASE | re.ASCII)
_DATE = expression(r"\d{4}-\d\d-\d\d", re.ASCII)
_FLAGS = {"true": "true", "yes": "true", "y": "true", "on": "true", "1": "true"} | {
    "false": "false", "no": "false", "n": "false", "off": "false", "0": "false",
}  # fmt: skip


def shape(node: Node) -> str:
    """Words for the kind of a value, in a message that another kind is wanted."""
    if isinstance(node, Items):
        return "is a list"
    if isinstance(node, Fields):
        return "is a mapping"
    return "is empty" if node.yaml_type == "null" else f"is “{node.text}”"


@lru_cache  # one for all that is wrong in a long list
def _it_takes(wants: str) -> str:
    return f"It takes {wants}."


def _text(node: Node, wants: str) -> tuple[str, list[Wrong]]:
    if not isinstance(node, Scalar):
        only = node.nodes[0] if isinstance(node, Items) and len(node.nodes) == 1 else None
        meant = only.text if isinstance(only, Scalar) and only.yaml_type == "str" else ""
        return "", [Wrong(node, shape(node), _it_takes(wants), meant if _WORD.fullmatch(meant) else "")]
    if not node.text.strip() or node.yaml_type == "null":
        return "", [Wrong(node, "is empty", _it_takes(wants))]
    if node.yaml_type != "str":
        what = f"is {node.text} without quotes, and {_READ_AS[node.yaml_type]}"
        return node.text, [Wrong(node, what, f'Put it in quotes: "{node.text}".', quoted(node.text))]
    return node.text.strip(), []


def _texts(node: Node, wants: str) -> tuple[tuple[str, ...], list[Wrong]]:
    if isinstance(node, Items) and not node.nodes:
        return (), [Wrong(node, "is an empty list", f"It takes {wants}.")]
    texts: list[str] = []
    wrongs: list[Wrong] = []
    for item in node.nodes if isinstance(node, Items) else (node,):
        text, more = _text(item, wants)
        wrongs += more
        if text:
            texts.append(text)
    return tuple(texts), wrongs


def _text_by_name(node: Node, wants: str) -> tuple[dict[str, str], list[Wrong]]:
    if not isinstance(node, Fields):
        return {}, [Wrong(node, shape(node), f"It takes {wants}.")]
    read = {key: _text(value, wants) for key, (_, value) in node.nodes.items()}
    return {key: text for key, (text, _) in read.items() if text}, [
        wrong for _, wrongs in read.values() for wrong in wrongs
    ]


def _date(node: Node, wants: str) -> tuple[dt.date | None, list[Wrong]]:
    if isinstance(node, Scalar) and _DATE.fullmatch(node.text):
        try:
            return dt.date.fromisoformat(node.text), []
        except ValueError:
            pass
    meant = date_meant(node.text) if isinstance(node, Scalar) else None
    return None, [Wrong(node, shape(node), f"It takes {wants}.", meant.isoformat() if meant else "")]


def _flag(node: Node, wants: str) -> tuple[bool, list[Wrong]]:
    if isinstance(node, Scalar) and node.yaml_type == "bool":
        return located.plain(node), []
    meant = node.text.strip().lower() if isinstance(node, Scalar) else ""
    return False, [Wrong(node, shape(node), f"It takes {wants}.", _FLAGS.get(meant, ""))]


def _former_paths(node: Node, wants: str) -> tuple[tuple[str, ...], list[Wrong]]:
    paths: list[str] = []
    wrongs: list[Wrong] = []
    if isinstance(node, Items) and not node.nodes:
        return _texts(node, wants)
    for item in node.nodes if isinstance(node, Items) else (node,):
        text, more = _text(item, wants)
        wrongs += more
        if text and is_former_path(text):
            paths.append(text)
        elif text:
            wrongs.append(Wrong(item, *_no_former_path(text), meant=former_path_meant(text)))
    return tuple(paths), wrongs


@lru_cache(maxsize=256)  # in a long list, often the same again
def _no_former_path(text: str) -> tuple[str, str]:
    """Why a text is no path that a file had, and what to do."""
    meant = former_path_meant(text)
    return f"is “{text}”", f"It takes {_FORMER}{meant and f'; perhaps {meant}'}."


_TEXT = Kind("a text", _text)
_TEXTS = Kind("a text, or a list of texts", _texts)
_LINKS = Kind("a link, or a list of links", _texts)

FIELDS: dict[str, Kind] = {
    "title": _TEXT,
    "authors": Kind("a GitHub login, or a list of logins", _texts),
    "option": _TEXT,
    "tool": Kind("a name, or a list of names", _texts),
    "tool_url": _LINKS,
    "semester": _TEXT,
    "status": _TEXT,
    "date": Kind("a date such as 2026-01-31", _date),
    "summary": _TEXT,
    "topics": _TEXTS,
    "format": _TEXT,
    "external_url": Kind("a link", _text),
    "archived": Kind("a link", _text),
    "private": Kind("true or false", _flag),
    "covers": Kind("a mapping of requirements to headings", _text_by_name),
    "evidence": _LINKS,
    "differences": _TEXT,
    "distinct_from": Kind("a name, or a list of names", _texts),
    "names": Kind("a person's name, or a list of names in the order of “authors”", _texts),
    "bio": Kind("a line about the author, or a list of lines in the order of “authors”", _texts),
    "aliases": Kind(f"{_FORMER}, or a list of such paths", _former_paths),
}


def is_text(node: Node) -> bool:
    """Whether an item of a list counts as one of its texts; empty ones do not."""
    return bool(_text(node, "")[0])


def values(front: Fields | None) -> tuple[dict[str, Any], dict[str, list[Wrong]]]:
    """Name of a field → its value, of those that are there; and name → all that is wrong there, where something is."""
    read: dict[str, Any] = {}
    wrong: dict[str, list[Wrong]] = {}
    for name, (_, node) in front.nodes.items() if front else ():
        kind = FIELDS.get(name)
        if kind is None:
            continue
        value, wrongs = kind.read(node, kind.wants)
        read[name] = value
        if wrongs:
            wrong[name] = wrongs
    return read, wrong
