"""A document, Markdown or HTML, as tags and texts with their places.

Markdown is read by the engine, whose tree has each node's place; HTML within it, and pages saved from a browser, by the
tags. Both become the same tags.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import NamedTuple

from coursehub.markdown.engine import to_tree
from coursehub.markdown.places import START, Source, Spot
from coursehub.markdown.raw_html import RawHtml


class Tag(NamedTuple):
    """A tag of HTML, or what a node of the engine's tree is in HTML."""

    name: str
    at: Spot
    attributes: Mapping[str, str]
    is_end: bool = False


class Text(NamedTuple):
    """Words between tags."""

    text: str
    at: Spot


Event = Tag | Text

_MARKUP = re.compile(
    r"<!--.*?(?:--!?>|\Z)|<(?P<unread>script|style|template|textarea|svg)\b.*?(?:</(?P=unread)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-z][\w:-]*)(?P<rest>(?>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*))>?|<[!?][^>]*>?",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")

# What the engine's nodes are in HTML.
_NODES = {
    "list": "ul", "item": "li", "taskitem": "li", "paragraph": "p", "link": "a", "strikethrough": "del",
    "linebreak": "br", "softbreak": "br", "image": "img", "table_row": "tr", "table_cell": "td", "table": "table",
    "block_quote": "blockquote", "thematic_break": "hr", "footnote_definition": "aside", "code_block": "pre",
    "multiline_block_quote": "blockquote", "alert": "blockquote",
}  # fmt: skip
_WORDS = {"text", "code", "math"}
_VOID = {"br", "img", "hr", "input", "link", "meta", "wbr", "col"}


def html_events(piece: RawHtml) -> Iterator[Event]:
    """Yield the tags and texts of HTML."""
    start = 0
    for match in _MARKUP.finditer(piece.html):
        if match.start() > start:
            yield Text(unescape(piece.html[start : match.start()]), piece.spot(start))
        start = match.end()
        if match["name"]:
            yield Tag(match["name"].lower(), piece.spot(match.start()), _attributes(match["rest"]), bool(match["end"]))
    if start < len(piece.html):
        yield Text(unescape(piece.html[start:]), piece.spot(start))


def _attributes(rest: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        attributes.setdefault(name.lower(), unescape(double or single or bare))
    return attributes


_NODE = re.compile(r"<(?P<end>/?)(?P<name>\w+)(?P<rest>(?>(?:[^<>\"]|\"[^\"]*\")*))>(?P<text>[^<]*)")


def markdown_events(text: str) -> Iterator[Event]:
    """Yield the tags and texts that the engine's tree of a Markdown text is in HTML."""
    source, at = Source(text), START
    levels: list[str] = []
    for match in _NODE.finditer(to_tree(text)):
        name, attributes = match["name"], _attributes(match["rest"])
        if "sourcepos" in attributes:
            at = source.spot(*attributes["sourcepos"].partition("-")[0].split(":"))
        if name in ("html_block", "html_inline") and not match["end"]:
            yield from html_events(RawHtml(unescape(match["text"]), at, source))
        elif name == "heading":
            levels.append(attributes.get("level") or levels.pop())
            yield Tag(f"h{levels[-1]}", at, {}, bool(match["end"]))
        elif name in _NODES:
            yield Tag(_NODES[name], at, {"href": attributes.get("destination", "")}, bool(match["end"]))
            if match["rest"].endswith("/") and _NODES[name] not in _VOID:
                yield Tag(_NODES[name], at, {}, is_end=True)
        elif name in _WORDS and not match["end"]:
            yield Text(unescape(match["text"]), at)
