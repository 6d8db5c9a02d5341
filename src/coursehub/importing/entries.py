"""The entries of a document's lists: each item, row or line that one link leads, with its title and semester."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence

from coursehub.importing.lines import IN_A_SENTENCE, content_links, is_about_people, is_led, parts_of, title_of
from coursehub.importing.outline import Block, Link, Table
from coursehub.importing.page import Page
from coursehub.importing.parts import Entry, Further, Part, Puzzle, Rows, Trail
from coursehub.markdown.places import Spot

_FEWEST = {"p": 3, "h": 2}  # paragraphs and headings that make a list; one link is none

_MOST_ABOVE = 30  # lists and headings in each other

Numbered = tuple[int, Part]  # (the number of its block, part)


def entries(outline: Sequence[Block | Table], page: Page) -> list[Numbered]:
    """Return each entry, table with links, further link and puzzle with the number of its block, in their order."""
    trail = Trail()
    with_entries: set[int] = set()  # lists
    parts: list[Numbered] = []
    bare = _BareItems()
    for number, block in enumerate(outline):
        if isinstance(block, Table):
            if any(content_links(cell) for row in block.rows for cell in row):
                parts.append((number, Rows(block, block.at, trail, *page.stated_for("", block.at, trail))))
            continue
        above = trail.above_of(block)
        own = [*_of_block(block, above, page)]
        parts += [(number, part) for part in own]
        bare.close(block.level if block.tag == "li" else 0)
        if any(isinstance(part, Entry) for part in own):
            page.owners.add(block.at)
            with_entries.add(block.list)
            bare.have_entries()
        elif block.tag == "li" and block.is_first and not block.links and not _is_nested(above, page):
            bare.open(number, block, above)
        if block.is_heading or (block.tag == "li" and block.is_first) or page.is_caption(block):
            trail = Trail((block, *above.above[:_MOST_ABOVE]))
    parts += [
        (number, Puzzle(block.text, "has no link", block.at, above))
        for number, block, above in bare.closed()
        if block.list in with_entries and not is_about_people(block.text)
    ]
    if with_entries:  # where other lists have posts, a list of sentences is none
        parts = [part for part in parts if not _is_sentence(part[1]) or _list(outline[part[0]]) in with_entries]
    return [*_without_few(sorted(parts, key=lambda part: (part[0], part[1].at)), outline)]


def _is_sentence(part: Part) -> bool:
    return isinstance(part, Puzzle) and part.why == IN_A_SENTENCE


def _list(block: Block | Table) -> int:
    return block.list if isinstance(block, Block) else 0


class _BareItems:
    """The items without a link: those that are open, and those that turned out to have no entry below them."""

    def __init__(self) -> None:
        self._open: list[tuple[int, Block, Trail]] = []
        self._closed: list[tuple[int, Block, Trail]] = []

    def open(self, number: int, block: Block, above: Trail) -> None:
        """Begin an item, whose links may be in the items below it."""
        self._open.append((number, block, above))

    def close(self, level: int) -> None:
        """End the items that are not above this level."""
        while self._open and self._open[-1][1].level >= level:
            self._closed.append(self._open.pop())

    def have_entries(self) -> None:
        """Note that there is an entry below all that are open."""
        self._open.clear()

    def closed(self) -> list[tuple[int, Block, Trail]]:
        """Return the items without an entry."""
        self.close(0)
        return self._closed


def row_entries(table: Table, trail: Trail, page: Page) -> Iterator[Part]:
    """Yield the entries of a table whose columns have no names: of each row, as if it were a line.

    A row whose cells are nothing but links has an entry in each.
    """
    for row in table.rows:
        cells = [cell for cell in row if cell.text]
        is_grid = len(cells) > 1 and all(
            cell.links and cell.links[0].text == cell.text and not page.is_label(cell.text) for cell in cells
        )
        for line in cells if is_grid else [_joined(row)]:
            yield from parts_of(line._replace(tag="li"), trail, page)


def _joined(row: Sequence[Block]) -> Block:
    """A row as one line: its cells, separated by bars."""
    text, links = "", list[Link]()
    for cell in row:
        shift = len(text)
        links += [link._replace(start=link.start + shift, end=link.end + shift) for link in cell.links]
        text += f"{cell.text} | "
    at = next((cell.at for cell in row if cell.text or cell.links), row[0].at)
    return Block("li", 1, text.removesuffix(" | "), tuple(links), at)


def _is_nested(trail: Trail, page: Page) -> bool:
    """Whether an item belongs to an entry."""
    return any(above.tag == "li" and above.at in page.owners for above in trail.above)


def _of_block(block: Block, trail: Trail, page: Page) -> Iterator[Part]:
    """Yield the parts of a block, line by line where each line has a link that leads it."""
    if block.tag == "h1":
        return
    if block.tag == "li" and _is_nested(trail, page):
        yield from (Further(link.text, link.at, trail) for link in content_links(block))
        return
    for line in _lines(block):
        yield from parts_of(line, trail, page)


def _lines(block: Block) -> list[Block]:
    """The block, or its lines where several are led by a link of their own, and so is the first."""
    if "\n" not in block.text:
        return [block]
    lines: list[Block] = []
    start = 0
    links = deque(block.links)
    for text in block.text.split("\n"):
        end = start + len(text)
        own: list[Link] = []
        while links and links[0].start <= end:
            link = links.popleft()
            own.append(link._replace(start=link.start - start, end=link.end - start))
        lines.append(block._replace(text=text, links=tuple(own), at=own[0].at if own else block.at))
        start = end + 1
    linked = [line for line in lines if line.links]
    begins = block.tag != "li" or (bool(lines[0].links) and bool(title_of(lines[0].text)))
    return lines if begins and len(linked) > 1 and all(map(is_led, linked)) else [block]


def _without_few(parts: Sequence[Numbered], outline: Sequence[Block | Table]) -> Iterator[Numbered]:
    """Yield the parts without entries of paragraphs and headings that are too few to be a list."""
    kinds = [_kind(outline[number], part) for number, part in parts]
    counts = Counter(kinds)
    for numbered, kind in zip(parts, kinds, strict=True):
        if counts[kind] >= _FEWEST.get(kind[0], 0):
            yield numbered


def _kind(block: Block | Table, part: Part) -> tuple[str, Spot | int | None]:
    """Whether an entry is an item, a paragraph below a heading, or a heading with what is below it."""
    if isinstance(block, Table) or not isinstance(part, Entry):
        return "", None
    owner = part.trail.above[0] if part.trail.above else None
    heading = owner if owner and owner.is_heading and title_of(owner.text) == part.title else block
    if heading.is_heading:
        return "h", heading.level
    return block.tag, owner.at if owner else None
