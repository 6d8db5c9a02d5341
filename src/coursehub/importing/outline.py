"""The outline of a document, Markdown or HTML: headings, items of lists, paragraphs and tables, with their links.

Markdown is read by the engine, whose tree has each node's place; HTML within it, and pages saved from a browser, by the
tags. Both become the same tags and texts, of which the outline is made.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import NamedTuple
from urllib.parse import urljoin

from coursehub.markdown.engine import refusal, to_tree
from coursehub.markdown.places import START, Source, Spot
from coursehub.markdown.raw_html import RawHtml


class Link(NamedTuple):
    """A link with its words, and where these begin and end in the text of its block. Without words it is a picture."""

    text: str
    address: str
    start: int
    end: int
    is_struck: bool
    at: Spot


class Block(NamedTuple):
    """A heading, an item's paragraph, or a paragraph: `tag` is `h1` … `h6`, `li` or `p`.

    `level` is the heading's, or the number of lists that are open; `list` counts lists from the document's beginning.
    `is_first`: of its item. Line breaks are kept.
    """

    tag: str
    level: int
    text: str
    links: tuple[Link, ...]
    at: Spot
    list: int = 0
    is_first: bool = True

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading."""
        return self.tag[0] == "h"


class Table(NamedTuple):
    """A table's rows, of cells. A cell that spans several columns is followed by empty ones."""

    rows: tuple[tuple[Block, ...], ...]
    at: Spot


class Unreadable(NamedTuple):
    """Why the engine does not read a text, and from where on."""

    why: str
    at: Spot


class _Tag(NamedTuple):
    name: str
    at: Spot
    attributes: Mapping[str, str]
    is_end: bool = False


class _Text(NamedTuple):
    text: str
    at: Spot


_MARKUP = re.compile(
    r"<!--.*?(?:--!?>|\Z)|<(?P<unread>script|style|template|textarea|svg)\b.*?(?:</(?P=unread)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-z][\w:-]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>?|<[!?][^>]*>?",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_TITLE = re.compile(r"title:[ \t]*[\"']?([^\"'\n]*[^\"'\s])[\"']?\s*\Z")

# What the engine's nodes are in HTML.
_NODES = {
    "list": "ul", "item": "li", "taskitem": "li", "paragraph": "p", "link": "a", "strikethrough": "del",
    "linebreak": "br", "softbreak": "br", "image": "img", "table_row": "tr", "table_cell": "td", "table": "table",
    "block_quote": "blockquote", "thematic_break": "hr", "footnote_definition": "aside", "code_block": "pre",
    "multiline_block_quote": "blockquote", "alert": "blockquote",
}  # fmt: skip
_WORDS = {"text", "code", "math"}

_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "li", "main", "ol", "p",
    "section", "summary", "ul",
}  # fmt: skip
_LISTS = {"ul", "ol", "dl", "menu"}
_ITEMS = {"li", "dt", "dd"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_VOID = {"br", "img", "hr", "input", "link", "meta", "wbr", "col"}
_STRUCK = {"del", "s", "strike"}
# What surrounds a page's text, by its element or by its role, class or id.
_AROUND = {"nav", "footer", "aside", "head", "select", "button", "noscript", "pre", "iframe"}
_AROUND_NAMES = {
    "breadcrumb", "breadcrumbs", "contentinfo", "footer", "menu", "nav", "navbar", "navigation", "search", "sidebar",
    "site-footer", "site-header", "site-nav", "table-of-contents", "toc",
}  # fmt: skip
_NAMED = {"div", "section", "ul", "ol", "table", "p", "td", "header"}


def of_markdown(text: str, base: str = "") -> "tuple[Block | Table, ...] | Unreadable":
    """The outline of a Markdown text; of its front matter, it has the title. Relative links are completed by `base`."""
    text = _FRONT_MATTER.sub(_title_alone, text)
    if refused := refusal(text):
        line = text.count("\n", 0, refused.offset) + 1
        return Unreadable(refused.why, Spot(line, 1))
    return tuple(_Outline(base).read(_of_tree(text)))


def _title_alone(front_matter: re.Match[str]) -> str:
    """Front matter's title as a heading, on its line."""
    lines = (_TITLE.match(line) for line in front_matter[0].split("\n"))
    return "\n".join(f"# {title[1]}" if title else "" for title in lines)


def of_html(text: str, base: str = "") -> tuple[Block | Table, ...]:
    """The outline of a page's text; of a page with one article, or one main part, that of this part."""
    events = [*_of_html(RawHtml(text, START, Source(text)))]
    own = (
        event.attributes["href"]
        for event in events
        if isinstance(event, _Tag) and event.name == "base" and "href" in event.attributes
    )
    base = urljoin(base, next(own, ""))
    return tuple(_Outline(base).read(_main_part(events)))


def _starts(event: "_Tag | _Text", name: str) -> bool:
    return isinstance(event, _Tag) and event.name == name and not event.is_end


def _main_part(events: "list[_Tag | _Text]") -> "list[_Tag | _Text]":
    for name in ("article", "main"):
        starts = [number for number, event in enumerate(events) if _starts(event, name)]
        if len(starts) == 1:
            rest = events[starts[0] :]
            end = (n for n, event in enumerate(rest) if isinstance(event, _Tag) and event.is_end and event.name == name)
            return rest[: next(end, len(rest))]
    return events


def _of_html(piece: RawHtml) -> "Iterator[_Tag | _Text]":
    start = 0
    for match in _MARKUP.finditer(piece.html):
        if match.start() > start:
            yield _Text(unescape(piece.html[start : match.start()]), piece.spot(start))
        start = match.end()
        if match["name"]:
            yield _Tag(match["name"].lower(), piece.spot(match.start()), _attributes(match["rest"]), bool(match["end"]))
    if start < len(piece.html):
        yield _Text(unescape(piece.html[start:]), piece.spot(start))


def _attributes(rest: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        attributes.setdefault(name.lower(), unescape(double or single or bare))
    return attributes


_NODE = re.compile(r"<(?P<end>/?)(?P<name>\w+)(?P<rest>(?:[^<>\"]|\"[^\"]*\")*+)>(?P<text>[^<]*)")


def _of_tree(text: str) -> "Iterator[_Tag | _Text]":
    """The tags and texts that the engine's tree is in HTML."""
    source, at = Source(text), START
    levels: list[str] = []
    for match in _NODE.finditer(to_tree(text)):
        name, attributes = match["name"], _attributes(match["rest"])
        if "sourcepos" in attributes:
            at = source.spot(*attributes["sourcepos"].partition("-")[0].split(":"))
        if name in ("html_block", "html_inline") and not match["end"]:
            yield from _of_html(RawHtml(unescape(match["text"]), at, source))
        elif name == "heading":
            levels.append(attributes.get("level") or levels.pop())
            yield _Tag(f"h{levels[-1]}", at, {}, bool(match["end"]))
        elif name in _NODES:
            yield _Tag(_NODES[name], at, {"href": attributes.get("destination", "")}, bool(match["end"]))
            if match["rest"].endswith("/") and _NODES[name] not in _VOID:
                yield _Tag(_NODES[name], at, {}, is_end=True)
        elif name in _WORDS and not match["end"]:
            yield _Text(unescape(match["text"]), at)


class _Outline:
    """The block, the link, the lists and the table that are open while tags and texts are read."""

    def __init__(self, base: str = "") -> None:
        self.base = base
        self.tag = "p"
        self.item_blocks = 0  # of the item that is open
        self.lists: list[int] = []
        self.list_count = 0
        self.struck = 0
        self.around = ""  # the element that is passed over, and how many of its kind are open in it
        self.around_open = 0
        self.picture = 0
        self.rows: list[list[Block]] | None = None
        self.table_at = START
        self.clear()

    def clear(self) -> None:
        """Begin a block."""
        self.text, self.at = "", START
        self.parts: list[str] = []
        self.length = 0
        self.ends_blank = True
        self.links: list[Link] = []
        self.anchor: tuple[str, int, int, Spot, int] | None = None

    def read(self, events: "Iterable[_Tag | _Text]") -> Iterator[Block | Table]:
        """Yield the blocks and tables, in their order."""
        for event in events:
            if isinstance(event, _Text):
                if not self.around:
                    self.add(event)
            elif self.around:
                self.pass_over(event)
            elif not event.is_end and _is_around(event):
                yield from self.end_block()
                self.around, self.around_open = event.name, 1
            else:
                yield from self.read_tag(event)
        yield from self.end_block()
        yield from self.end_table()

    def pass_over(self, tag: _Tag) -> None:
        """Count what is open of the kind that is passed over."""
        if tag.name == self.around:
            self.around_open += -1 if tag.is_end else 1
            if not self.around_open:
                self.around = ""

    def add(self, event: _Text) -> None:
        """Add words, with one blank for several."""
        text = _BLANKS.sub(" ", event.text)
        if self.ends_blank:
            text = text.lstrip(" ")
        if text:
            if not self.length:
                self.at = event.at
            self.parts.append(text)
            self.length += len(text)
            self.ends_blank = text[-1] == " "

    def break_line(self) -> None:
        """Begin a line, if there is one before it."""
        if self.length:
            self.parts.append("\n")
            self.length += 1
            self.ends_blank = True

    def read_tag(self, tag: _Tag) -> Iterator[Block | Table]:
        """Yield what a tag ends, and open or close what it stands for."""
        name, is_end = tag.name, tag.is_end
        if name == "a":
            self.end_link()
            if not is_end:
                self.begin_link(tag)
        elif name in _STRUCK:
            self.struck = max(0, self.struck + (-1 if is_end else 1))
        elif name == "br":
            if self.anchor:
                self.add(_Text(" ", tag.at))
            else:
                self.break_line()
        elif name == "table":
            yield from self.end_block()
            yield from self.end_table()
            if not is_end:
                self.rows, self.table_at = [], tag.at
        elif self.rows is not None:
            self.in_table(tag)
        elif self.anchor is not None and name in _BLOCKS - _ITEMS - _LISTS:
            self.in_link(name, is_end=is_end)
        elif name in _LISTS:
            yield from self.end_block()
            if is_end:
                del self.lists[-1:]
            else:
                self.list_count += 1
                self.lists.append(self.list_count)
            self.tag, self.item_blocks = "li" if self.lists else "p", 1
        elif name in _BLOCKS:
            yield from self.end_block()
            if name in _HEADINGS:
                self.tag = name if not is_end else "li" if self.lists else "p"
            elif name in _ITEMS and not is_end:
                self.item_blocks = 0

    def in_table(self, tag: _Tag) -> None:
        """Open or close a row or a cell; what else begins a block begins a line."""
        if self.rows is None:
            return
        if tag.name == "tr" and not tag.is_end:
            self.end_cell()
            self.rows.append([])
        elif tag.name in ("td", "th"):
            self.end_cell()
            if not tag.is_end:
                if not self.rows:
                    self.rows.append([])
                self.tag = "td"
        elif tag.name in _BLOCKS:
            self.break_line()

    def begin_link(self, tag: _Tag) -> None:
        """Open a link."""
        address = _BLANKS.sub("", tag.attributes.get("href", "")) if "href" in tag.attributes else None
        if address is not None:
            whole = urljoin(self.base, address) if self.base and address and address[0] != "#" else address
            self.anchor = whole, self.length, len(self.parts), tag.at, self.struck

    def in_link(self, name: str, *, is_end: bool) -> None:
        """Begin a line in a link that has several, as cards do; of these, a heading has its title."""
        self.break_line()
        if self.anchor and name in _HEADINGS and not is_end:
            address, start, _, at, struck = self.anchor
            self.anchor = address, start, len(self.parts), at, struck

    def end_link(self) -> None:
        """Close the link that is open, if any; of several lines, its text is the first."""
        if self.anchor is None:
            return
        address, start, part, at, struck = self.anchor
        text = "".join(self.parts[part:]).strip().partition("\n")[0]
        self.links.append(Link(" ".join(text.split()), address, start, self.length, bool(struck), at))
        if not self.length:
            self.at = at
        self.anchor = None

    def block(self) -> Block | None:
        """The block that ends here, or None of nothing but blanks."""
        self.end_link()
        text, links = "".join(self.parts), tuple(self.links)
        level = int(self.tag[1]) if self.tag in _HEADINGS else len(self.lists)
        block = Block(self.tag, level, text.rstrip(), links, self.at, self.lists[-1] if self.lists else 0)
        self.clear()
        return block if block.text or links else None

    def end_block(self) -> Iterator[Block]:
        """Yield the block that ends here; inside a table, a cell ends."""
        if self.rows is not None:
            self.end_cell()
        elif block := self.block():
            yield block._replace(is_first=not self.item_blocks)
            self.item_blocks += block.tag == "li"

    def end_cell(self) -> None:
        """End a cell, if one is open."""
        was_open, self.tag = self.tag == "td", "li" if self.lists else "p"
        cell = self.block()
        if self.rows and was_open:
            self.rows[-1].append(cell or Block("td", 0, "", (), self.table_at))

    def end_table(self) -> Iterator[Table]:
        """Yield the table that is open, if it has rows."""
        rows = tuple(tuple(row) for row in self.rows or () if row)
        self.rows = None
        if rows:
            yield Table(rows, self.table_at)


def _is_around(tag: _Tag) -> bool:
    """Whether a tag opens what surrounds a page's text."""
    if tag.name in _AROUND:
        return True
    names = " ".join(tag.attributes.get(each, "") for each in ("role", "class", "id")).lower().split()
    return tag.name in _NAMED and not _AROUND_NAMES.isdisjoint(names)
