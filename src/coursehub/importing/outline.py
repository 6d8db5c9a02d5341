"""The outline of a document, Markdown or HTML: headings, items of lists, paragraphs and tables, with their links."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from coursehub.importing.events import Event, Tag, Text, html_events, markdown_events
from coursehub.markdown.engine import refusal
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


_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_TITLE = re.compile(r"title:[ \t]*[\"']?([^\"'\n]*[^\"'\s])[\"']?\s*\Z")

_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "li", "main", "ol", "p",
    "section", "summary", "ul",
}  # fmt: skip
_LISTS = {"ul", "ol", "dl", "menu"}
_ITEMS = {"li", "dt", "dd"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
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
    return tuple(_Outline(base).read(markdown_events(text)))


def _title_alone(front_matter: re.Match[str]) -> str:
    """Front matter's title as a heading, on its line."""
    lines = (_TITLE.match(line) for line in front_matter[0].split("\n"))
    return "\n".join(f"# {title[1]}" if title else "" for title in lines)


def of_html(text: str, base: str = "") -> tuple[Block | Table, ...]:
    """The outline of a page's text; of a page with one article, or one main part, that of this part."""
    events = [*html_events(RawHtml(text, START, Source(text)))]
    own = (
        event.attributes["href"]
        for event in events
        if isinstance(event, Tag) and event.name == "base" and "href" in event.attributes
    )
    base = urljoin(base, next(own, ""))
    return tuple(_Outline(base).read(_main_part(events)))


def _starts(event: Event, name: str) -> bool:
    return isinstance(event, Tag) and event.name == name and not event.is_end


def _main_part(events: list[Event]) -> list[Event]:
    for name in ("article", "main"):
        starts = [number for number, event in enumerate(events) if _starts(event, name)]
        if len(starts) == 1:
            rest = events[starts[0] :]
            end = (n for n, event in enumerate(rest) if isinstance(event, Tag) and event.is_end and event.name == name)
            return rest[: next(end, len(rest))]
    return events


class _Anchor(NamedTuple):
    """A link that is open: where it begins in the text of its block, and the first of the parts that are its words."""

    address: str
    start: int
    part: int
    at: Spot
    is_struck: bool


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
        self.anchor: _Anchor | None = None

    def read(self, events: Iterable[Event]) -> Iterator[Block | Table]:
        """Yield the blocks and tables, in their order."""
        for event in events:
            if isinstance(event, Text):
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

    def pass_over(self, tag: Tag) -> None:
        """Count what is open of the kind that is passed over."""
        if tag.name == self.around:
            self.around_open += -1 if tag.is_end else 1
            if not self.around_open:
                self.around = ""

    def add(self, event: Text) -> None:
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

    def read_tag(self, tag: Tag) -> Iterator[Block | Table]:
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
                self.add(Text(" ", tag.at))
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

    def in_table(self, tag: Tag) -> None:
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

    def begin_link(self, tag: Tag) -> None:
        """Open a link."""
        address = _BLANKS.sub("", tag.attributes.get("href", "")) if "href" in tag.attributes else None
        if address is not None:
            whole = urljoin(self.base, address) if self.base and address and address[0] != "#" else address
            self.anchor = _Anchor(whole, self.length, len(self.parts), tag.at, bool(self.struck))

    def in_link(self, name: str, *, is_end: bool) -> None:
        """Begin a line in a link that has several, as cards do; of these, a heading has its title."""
        self.break_line()
        if self.anchor and name in _HEADINGS and not is_end:
            self.anchor = self.anchor._replace(part=len(self.parts))

    def end_link(self) -> None:
        """Close the link that is open, if any; of several lines, its text is the first."""
        if its := self.anchor:
            text = " ".join("".join(self.parts[its.part :]).strip().partition("\n")[0].split())
            self.links.append(Link(text, its.address, its.start, self.length, its.is_struck, its.at))
            if not self.length:
                self.at = its.at
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


def _is_around(tag: Tag) -> bool:
    """Whether a tag opens what surrounds a page's text."""
    if tag.name in _AROUND:
        return True
    names = " ".join(tag.attributes.get(each, "") for each in ("role", "class", "id")).lower().split()
    return tag.name in _NAMED and not _AROUND_NAMES.isdisjoint(names)
