"""The entries of a document's lists: each item, row or line that one link leads, with its title and semester."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from coursehub.importing.outline import Block, Link, Table
from coursehub.importing.semesters import Stated, is_season, semesters_stated
from coursehub.importing.words import FILLERS, LABELS, PEOPLE, SENTENCE_STARTS
from coursehub.markdown.places import Spot
from coursehub.names.identity import fold
from coursehub.records.course import Course


class Trail(NamedTuple):
    """The headings and the items above a block, the nearest first."""

    above: tuple[Block, ...] = ()

    def above_of(self, block: Block) -> "Trail":
        """Return the trail of a block that comes next; a further paragraph of an item has the item in it."""
        rank = _rank(block) + (block.tag == "li" and not block.is_first)
        return Trail(tuple(one for one in self.above if _rank(one) < rank))


class Entry(NamedTuple):
    """An entry as the document has it. `stated` are the words about its semester, and `stated_at` where they are."""

    title: str
    url: str
    at: Spot
    trail: Trail
    stated: Stated | None = None
    stated_at: Spot | None = None
    is_struck: bool = False


class Puzzle(NamedTuple):
    """A line of a list that is no entry, and why."""

    text: str
    why: str
    at: Spot
    trail: Trail


class Further(NamedTuple):
    """A link that belongs to an entry above or before it, such as its slides."""

    text: str
    at: Spot
    trail: Trail


class Rows(NamedTuple):
    """A table with links in it. `stated` are words above it about its semester, and `stated_at` where they are."""

    table: Table
    at: Spot
    trail: Trail
    stated: Stated | None = None
    stated_at: Spot | None = None


Part = Entry | Puzzle | Further | Rows

_LEAD_END = re.compile(r"(?:[^\w\s]|^)\s*\Z")
_SEPARATORS = re.compile(r"[\s,;:.*+>|/&·•–—\-()\[\]\"'“”‘’_#!~=→»«✅⭐🔗]*")  # noqa: RUF001
_JOINED = re.compile(r"\s*(?:[,;&+•·]|and|und|y|et|\n)\s*(?:and\s+)?\n?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"^\W*(?:\d{1,3}|[a-z])?[.):]?\W*$", re.IGNORECASE)
_BY = re.compile(
    r"\s*(?:[-–—|,(]\s*)?\b(?:by|von|par|por|av|di)\s.*\Z|\s*(?:authors?|presenters?|presented by|team)\s*:.*\Z",
    re.IGNORECASE | re.DOTALL,
)  # noqa: RUF001, E501
_AFTER = re.compile(r"\s*(?:\Z|\n|[-–—|,;:.(\[·•/&+!]|(?:by|von|par|por|av|with|and)\s)", re.IGNORECASE)  # noqa: RUF001
_EDGE = " \t\n,;:.|/·•–—-([{*_>→\"'“”‘’#"  # noqa: RUF001
_PERSON = re.compile(
    r"(?:mailto:\S*|https?://(?:www\.)?(?:(?:github|gitlab|bitbucket|twitter|x|instagram|facebook|medium)\.(?:com|org)/@?[\w.-]+/?"
    r"|(?:[a-z]+\.)?linkedin\.com/in/\S*|orcid\.org/\S*|scholar\.google\.\S*))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*\Z|[\w-]+(?:\.[\w-]+)+/\S*\Z", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"„]([^“”\"„]*\s[^“”\"„]*)[”\"“]")
_MOST_TITLE = 300


def entries(outline: Iterable[Block | Table], course: Course) -> list[tuple[int, Part]]:
    """Return each entry, each table with links and each puzzle with the number of its block, in their order."""
    blocks = [*outline]
    trail = Trail()
    owners: set[Spot] = set()  # items and headings that are an entry, or whose links are
    lists: set[int] = set()  # those with an entry
    parts: list[tuple[int, Part]] = []
    linkless: list[tuple[int, int, Puzzle]] = []
    for number, block in enumerate(blocks):
        if isinstance(block, Table):
            if any(cell.links for row in block.rows for cell in row):
                parts.append((number, Rows(block, block.at, trail, *_stated("", block.at, trail, course))))
            continue
        above = trail.above_of(block)
        own = [*_of_block(block, above, owners, course)]
        parts += [(number, each) for each in own]
        if any(isinstance(each, Entry) for each in own):
            owners.add(block.at)
            lists.add(block.list)
        elif block.tag == "li" and block.is_first and not block.links and not _is_nested(above, owners):
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            if not (isinstance(following, Block) and following.tag == "li" and following.level > block.level):
                linkless.append((number, block.list, Puzzle(block.text, "has no link", block.at, above)))
        if block.is_heading or (block.tag == "li" and block.is_first) or is_caption(block, course):
            trail = Trail((block, *above.above))
    parts += [
        (number, puzzle) for number, its_list, puzzle in linkless if its_list in lists and not _BY.match(puzzle.text)
    ]
    parts.sort(key=lambda part: (part[0], part[1].at))
    return [*_without_few(parts, blocks)]


def row_entries(table: Table, trail: Trail, course: Course) -> Iterator[Part]:
    """Yield the entries of a table whose columns have no names: of each row, as if it were a line."""
    for row in table.rows:
        yield from _of_line(joined(row), trail, set(), course)


def joined(row: Sequence[Block]) -> Block:
    """A row as an item: its cells, separated by bars."""
    text, links = "", list[Link]()
    for cell in row:
        shift = len(text)
        links += [link._replace(start=link.start + shift, end=link.end + shift) for link in cell.links]
        text += f"{cell.text} | "
    at = next((cell.at for cell in row if cell.text or cell.links), row[0].at)
    return Block("li", 1, text.removesuffix(" | "), tuple(links), at)


_FEWEST = {"p": 3, "h": 2}  # paragraphs and headings below a heading that make a list; one link is none


def _without_few(parts: Iterable[tuple[int, Part]], blocks: Sequence[Block | Table]) -> Iterator[tuple[int, Part]]:
    """Yield the parts without entries of paragraphs and headings that are too few to be a list."""
    parts = [*parts]

    def kind(number: int, part: Part) -> tuple[str, Spot | int | None]:
        block = blocks[number]
        if isinstance(block, Table) or not isinstance(part, Entry):
            return "", None
        owner = part.trail.above[0] if part.trail.above else None
        heading = owner if owner and owner.is_heading and _title(owner.text) == part.title else block
        if heading.is_heading:
            return "h", heading.level
        return block.tag, owner.at if owner else None

    counts = Counter(kind(*part) for part in parts)
    for part in parts:
        if counts[kind(*part)] >= _FEWEST.get(kind(*part)[0], 0):
            yield part


def _rank(block: Block) -> int:
    """How far inside a block is: in headings, then in paragraphs that are one, then in items."""
    return block.level if block.is_heading else 10 + block.level


def is_caption(block: Block, course: Course) -> bool:
    """Whether a heading states a semester, or a paragraph is nothing but one, so that it belongs to a list below."""
    if block.is_heading:
        return is_season(block.text) or semesters_stated(block.text, course) is not None
    return block.tag == "p" and not block.links and _is_semester(block, course)


def _is_nested(trail: Trail, owners: set[Spot]) -> bool:
    """Whether an item belongs to an entry."""
    return any(above.tag == "li" and above.at in owners for above in trail.above)


def _of_block(block: Block, trail: Trail, owners: set[Spot], course: Course) -> Iterator[Part]:
    """Yield the entries and puzzles of a block, line by line where each line has a link that leads it."""
    if block.tag == "h1":
        return
    if block.tag == "li" and _is_nested(trail, owners):
        yield from (Further(link.text, link.at, trail) for link in block.links if not _leads_elsewhere(link))
        return
    for line in _lines(block):
        yield from _of_line(line, trail, owners, course)


def _lines(block: Block) -> list[Block]:
    """The block, or its lines where several of them have a link of their own that leads them."""
    if "\n" not in block.text:
        return [block]
    lines: list[Block] = []
    start = 0
    for text in block.text.split("\n"):
        end = start + len(text)
        links = tuple(
            link._replace(start=link.start - start, end=link.end - start)
            for link in block.links
            if start <= link.start <= end
        )
        lines.append(block._replace(text=text, links=links, at=links[0].at if links else block.at))
        start = end + 1
    led = [line for line in lines if line.links and (_leads(line, line.links[0]) or _is_address(line.links[0]))]
    return lines if len(led) > 1 and len(led) == sum(bool(line.links) for line in lines) else [block]


def _is_address(link: Link) -> bool:
    return bool(_ADDRESS.match(link.text))


def _is_label(link: Link) -> bool:
    """Whether a link says only what kind of thing it leads to."""
    return is_label(link.text)


def is_label(text: str) -> bool:
    """Whether a text says only what kind of thing something is, such as “Blog post”; one without words does."""
    words = {*fold(text)} - FILLERS
    return words <= LABELS and (bool(words) or not fold(text) or "here" in fold(text))


def _leads(line: Block, link: Link) -> bool:
    """Whether nothing stands before a link but a label, a number or a name."""
    lead = line.text[: line.links[0].start]
    words = lead.split()
    if not words or _NUMBER.match(lead) or lead.rstrip()[-1:] in ":-–—|·•>=→.)]":  # noqa: RUF001
        return len(words) < 25 and not (
            words and words[0].lower().strip(",.:") in SENTENCE_STARTS and lead.rstrip()[-1:] not in ":|"
        )
    return len(words) < 4 and words[0].lower() not in SENTENCE_STARTS or lead.rstrip()[-1:] in ",/"


def _of_line(line: Block, trail: Trail, owners: set[Spot], course: Course) -> Iterator[Part]:
    """Yield the entry that a line is, or the entries of a run of links; then the links that belong to it."""
    links = [link for link in line.links if not _leads_elsewhere(link)]
    if not links:
        return
    lead = line.text[: links[0].start]
    if fold(lead) and PEOPLE.issuperset(fold(lead)):
        return
    named = [link for link in links if not _is_label(link) and not _is_address(link)]
    before = _title(lead)
    if named and (named[0] is links[0] or not before):
        parts = [*_led_by_links(line, named, trail, owners, course)]
    elif before and not is_label(before) and not _states_semester(before, course):
        parts = [*_led_by_words(line, before, links[0], trail, course)]
    else:
        parts = [*_titled_elsewhere(line, links, trail, owners, course)]
    yield from parts
    if any(isinstance(part, Entry) for part in parts):
        spots = {part.at for part in parts}
        yield from (Further(link.text, link.at, trail) for link in links if link.at not in spots)


def _led_by_links(
    line: Block, named: Sequence[Link], trail: Trail, owners: set[Spot], course: Course
) -> Iterator[Part]:
    """Yield the entries of a line whose first link has a title of its own."""
    if _states_semester(named[0].text, course):
        return
    owner = _owner(trail, course)
    if owner and owner.at in owners and not LABELS.isdisjoint(fold(named[0].text)):
        yield Further(named[0].text, named[0].at, trail)  # “ML video” below a heading whose report was taken
    elif _leads(line, named[0]) and (line.tag == "li" or _AFTER.match(line.text, named[0].end)):
        for link in _run(line, named) if named[0] is line.links[0] else named[:1]:
            yield _entry(link.text, link, line, trail, course)
    elif line.tag == "li":
        yield Puzzle(line.text, "is a sentence with a link in it", line.at, trail)


def _led_by_words(line: Block, title: str, link: Link, trail: Trail, course: Course) -> Iterator[Part]:
    """Yield the entry of a line that has its title before the link."""
    quoted = _QUOTED.search(title)
    if _is_title(title, "" if _is_address(link) else line.text[: link.start]) and (
        line.tag == "li" or _is_address(link)
    ):
        yield _entry(quoted[1] if quoted else title, link, line, trail, course)
    elif line.tag == "li":
        yield Puzzle(line.text, "is a sentence with a link in it", line.at, trail)


def _titled_elsewhere(
    line: Block, links: Sequence[Link], trail: Trail, owners: set[Spot], course: Course
) -> Iterator[Part]:
    """Yield the entry of a line whose links only say what they lead to, with the words behind or above them."""
    owner = _owner(trail, course)
    rest = [_title(words) for words in _between(line, links)]
    behind = next((words for words in rest if words and not is_label(words)), "")
    is_category = owner is not None and owner.is_heading and line.tag == "li" and _is_address(links[0])
    if owner and owner.at in owners and not is_category:
        yield Further(links[0].text, links[0].at, trail)
    elif owner and not behind and not owner.links and not is_category:
        owners.add(owner.at)
        yield _entry(_title(owner.text), links[0], line, trail, course)
    elif line.tag == "li" and behind and _is_title(behind, "") and not _states_semester(behind, course):
        yield _entry(behind, links[0], line, trail, course)
    elif line.tag == "li":
        yield Puzzle(line.text, "has no title", line.at, trail)


def _leads_elsewhere(link: Link) -> bool:
    """Whether a link is a picture, or leads to a place on the page or to a person."""
    return link.address.startswith("#") or not (link.text or not link.address) or bool(_PERSON.fullmatch(link.address))


def _owner(trail: Trail, course: Course) -> Block | None:
    """The item or heading above that can be a title: one that states no semester, and is not the page's own."""
    titles = (above for above in trail.above if above.tag != "h1" and not _is_semester(above, course))
    return next(titles, None)


def _is_semester(block: Block, course: Course) -> bool:
    return is_season(block.text) or _states_semester(block.text, course)


def _is_title(text: str, lead: str) -> bool:
    """Whether words before a link are a title: no sentence, unless a sign sets them apart from the link."""
    words = fold(text)
    is_apart = lead.rstrip()[-1:] in ":|([" if lead else False
    return (
        bool(words) and len(text) <= _MOST_TITLE and (words[0] not in SENTENCE_STARTS or (is_apart and len(words) > 2))
    )


def _states_semester(text: str, course: Course) -> bool:
    """Whether a text states a semester and hardly anything else, as “Fall 2023 projects” does."""
    stated = semesters_stated(text, course) if len(text) < 80 else None
    if stated is None:
        return is_season(text)
    rest = fold(text.replace(stated.words, " "))
    return all(word in LABELS or word in {"projects", "students", "student"} for word in rest)


def _title(words: str) -> str:
    """Words as a title: without what separates them from a link, and without their authors."""
    return " ".join(_BY.sub("", " ".join(words.split())).strip(_EDGE).split())


def _between(line: Block, links: Sequence[Link]) -> Iterator[str]:
    """The words behind each link, up to the next."""
    for link, following in zip(links, [*(each.start for each in links[1:]), len(line.text)], strict=True):
        yield line.text[link.end : following]


def _run(line: Block, named: Sequence[Link]) -> Sequence[Link]:
    """The links from the first on that are joined by nothing but commas or “and”."""
    count = 1
    for one, other in zip(named, named[1:], strict=False):
        if not _JOINED.fullmatch(line.text, one.end, other.start):
            break
        count += 1
    return named[:count]


def _entry(title: str, link: Link, line: Block, trail: Trail, course: Course) -> Entry:
    own = _outside(line)
    stated, at = _stated(own.replace(title, " "), line.at, trail, course)
    return Entry(title, link.address, link.at, trail, stated, at, link.is_struck)


def _outside(line: Block) -> str:
    """The line's words that are in none of its links."""
    ends = [0, *(link.end for link in line.links)]
    starts = [*(link.start for link in line.links), len(line.text)]
    return " | ".join(line.text[end:start] for end, start in zip(ends, starts, strict=True))


def _stated(own: str, at: Spot, trail: Trail, course: Course) -> tuple[Stated | None, Spot | None]:
    """What states the semester: the entry's own words, or else the nearest item or heading that does."""
    stated = semesters_stated(own, course)
    if stated and (len(stated.meant) == 1 or not stated.words.isdecimal()):
        return stated, at
    season = ""
    for above in trail.above:
        if is_season(above.text):
            season = season or above.text
            continue
        stated = semesters_stated(above.text, course)
        if stated and season and len(stated.meant) != 1:
            stated = semesters_stated(f"{season} {stated.words}", course) or stated
        if stated:
            return stated, above.at
    return None, None
