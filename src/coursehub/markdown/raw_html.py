"""Raw HTML in a text: its tags, its headings, and where its pictures and links lead."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import accumulate

from coursehub.markdown.allowed import SOURCE
from coursehub.markdown.parts import Heading, Tag, Target
from coursehub.markdown.places import Source, Spot
from coursehub.text.expressions import expression

_COMMENT = expression(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_NOT_A_BREAK = expression(r"[^\n]")
_TAG = expression(r"<(?P<name>/?[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>(?>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*))>?")
_ATTRIBUTE = expression(
    r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+)))?"
)
_HEADING = expression(r"<h([1-6])\b[^<>]*>((?>(?:[^<]|<(?!/?h[1-6]\b))*))</h\1\s*>", re.IGNORECASE)
_ANY_TAG = expression(r"<[^>]*>")


_WRAPPERS = {"div", "table"}


class RawHtml:
    """A piece of raw HTML, without its comments: it knows where in the text each of its characters stands."""

    def __init__(self, html: str, at: Spot, source: Source) -> None:
        self.html = _COMMENT.sub(_blank, html)
        self._at, self._source = at, source
        self._lines = html.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]
        self._indentations = {0: at.column - 1}

    def spot(self, offset: int) -> Spot:
        """The place of a character. Before a line, the text has what its quotation or list needs."""
        number = bisect_right(self._starts, offset) - 1
        line = self._at.line + number
        if number not in self._indentations:
            self._indentations[number] = max(self._source.lines[line - 1].find(self._lines[number]), 0)
        return Spot(line, self._indentations[number] + 1 + offset - self._starts[number])


def _blank(comment: re.Match[str]) -> str:
    return _NOT_A_BREAK.sub(" ", comment[0])


def tags(pieces: Sequence[RawHtml]) -> Iterator[Tag]:
    """Opening tags. Of an attribute given twice, browsers take the first."""
    piece = wrappers = 0
    for each in pieces:
        for match in _TAG.finditer(each.html):
            name = match["name"].lower()
            if name[0] == "/":
                wrappers = max(wrappers - (name[1:] in _WRAPPERS), 0)
                continue
            piece += not wrappers
            attributes: dict[str, str] = {}
            for attribute in _ATTRIBUTE.finditer(match["rest"]):
                value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
                attributes.setdefault(attribute["name"].lower(), unescape(value))
            yield Tag(name, attributes, each.spot(match.start()), piece)
            wrappers += name in _WRAPPERS


def headings(pieces: Sequence[RawHtml]) -> Iterator[Heading]:
    """Headings that are whole in one piece."""
    for each in pieces:
        for match in _HEADING.finditer(each.html) if "</h" in each.html.lower() else ():
            yield Heading(int(match[1]), unescape(_ANY_TAG.sub("", match[2])), each.spot(match.start()))


def pictures(tags: Sequence[Tag]) -> Iterator[Target]:
    """The pictures, of which one without an address leads nowhere. What else has a `src` is no tag for a post."""
    for tag in tags:
        if tag.name == "img":
            yield Target(tag.attributes.get("alt", ""), tag.attributes.get("src", ""), tag.at)


def links(tags: Sequence[Tag]) -> Iterator[Target]:
    """The links, with their titles."""
    for tag in tags:
        if tag.name == "a" and "href" in tag.attributes:
            yield Target(tag.attributes.get("title", ""), tag.attributes["href"], tag.at)


def sources(tags: Sequence[Tag]) -> Iterator[Target]:
    """The files in `srcset`."""
    for tag in tags:
        for address, _ in SOURCE.findall(tag.attributes.get("srcset", "")):
            yield Target("", address, tag.at)
