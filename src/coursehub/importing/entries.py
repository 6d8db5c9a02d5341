"""The entries of a document's lists: each item, row or line that one link leads, with its title and semester."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from coursehub.importing.outline import Block, Link, Table
from coursehub.importing.semesters import Stated, is_season, semesters_stated
from coursehub.importing.words import LABELS, SENTENCE_STARTS
from coursehub.markdown.places import Spot
from coursehub.names.identity import fold
from coursehub.records.course import Course


class Trail(NamedTuple):
    """The headings and the items above a block, the nearest first."""

    above: tuple[Block, ...] = ()

    def under(self, block: Block) -> "Trail":
        """Return the trail of what comes below a block."""
        kept = (one for one in self.above if _rank(one) < _rank(block))
        return Trail((block, *kept))


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
    """A line that looks like a part of the list, and why it is none: a sentence about it."""

    text: str
    why: str
    at: Spot


_LEAD_END = re.compile(r"(?:[^\w\s]|^)\s*\Z")
_SEPARATORS = re.compile(r"[\s,;:.*+>|/&·•–—\-()\[\]\"'“”‘’_#!~=→»«✅⭐🔗]*")  # noqa: RUF001
_JOINED = re.compile(r"\s*(?:[,;&+•·]|and|und|y|et|\n)\s*(?:and\s+)?\n?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"^\W*(?:\d{1,3}|[a-z])?[.):]?\W*$", re.IGNORECASE)
_BY = re.compile(r"\s*(?:[-–—|,(]\s*)?\b(?:by|von|par|por|av|di)\s.*\Z|\s*(?:authors?|presenters?|presented by|team)\s*:.*\Z", re.IGNORECASE | re.DOTALL)  # noqa: RUF001, E501
_AFTER = re.compile(r"\s*(?:\Z|\n|[-–—|,;:.(\[·•/&+!]|(?:by|von|par|por|av|with|and)\s)", re.IGNORECASE)  # noqa: RUF001
_EDGE = " \t\n,;:.|/·•–—-([{*_>→\"'“”‘’#"  # noqa: RUF001
_PERSON = re.compile(
    r"(?:mailto:|https?://(?:www\.)?(?:(?:github|gitlab|bitbucket|twitter|x|instagram|facebook|medium)\.(?:com|org)/@?[\w.-]+/?"
    r"|(?:[a-z]+\.)?linkedin\.com/in/|orcid\.org/|scholar\.google\.\w+/))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*\Z|[\w-]+(?:\.[\w-]+)+/\S*\Z", re.IGNORECASE)
_MOST_TITLE = 300


def entries(outline: Iterable[Block | Table], course: Course) -> Iterator[tuple[int, Entry | Puzzle]]:
    """Yield each entry and each puzzle with the number of its block."""
    blocks = [*outline]
    trail = Trail()
    owners: set[Spot] = set()  # items and headings that are an entry, or whose links made one
    with_entries: set[int] = set()
    linkless: list[tuple[int, Block]] = []
    results: list[tuple[int, Entry | Puzzle]] = []
    for number, block in enumerate(blocks):
        if isinstance(block, Table):
            continue
        here = trail if block.is_first else Trail(tuple(b for b in trail.above if _rank(b) <= _rank(block)))
        own = [*_of_block(block, here, owners, course)]
        results += [(number, each) for each in own]
        if any(isinstance(each, Entry) for each in own):
            owners.add(block.at)
            with_entries.add(block.list)
        is_context = block.is_heading or (block.tag == "li" and block.is_first) or _is_caption(block, course)
        if is_context:
            trail = trail.under(block)
        if block.tag == "li" and block.is_first and not own and not block.links and not _is_nested(here, owners):
            deeper = next((b for b in blocks[number + 1 :][:1] if isinstance(b, Block) and b.level > block.level), None)
            if deeper is None:
                linkless.append((number, block))
    for number, block in linkless:
        if block.list in with_entries and not _BY.match(block.text):
            results.append((number, Puzzle(block.text, "has no link", block.at)))
    yield from sorted(results, key=lambda each: (each[0], each[1].at))


def _rank(block: Block) -> int:
    """How far inside a block stands: headings, captions, then items."""
    if block.is_heading:
        return block.level
    return 10 + block.level


def _is_caption(block: Block, course: Course) -> bool:
    """Whether a paragraph is nothing but a semester, and so the heading of what follows."""
    if block.tag != "p" or block.links or len(block.text) > 60:
        return False
    return is_season(block.text) or semesters_stated(block.text, course) is not None


def _is_nested(trail: Trail, owners: set[Spot]) -> bool:
    """Whether an item belongs to an entry."""
    return any(above.tag == "li" and above.at in owners for above in trail.above)


def _of_block(block: Block, trail: Trail, owners: set[Spot], course: Course) -> Iterator[Entry | Puzzle]:
    """Yield the entries and puzzles of a block, line by line where each line is led by a link."""
    above = Trail(tuple(one for one in trail.above if _rank(one) < _rank(block) or not block.is_first))
    if block.tag == "li" and (_is_nested(above, owners) or (not block.is_first and _has_entry(trail, owners))):
        return
    lines = _lines(block)
    for line in lines:
        yield from _of_line(line, above, owners, course)


def _has_entry(trail: Trail, owners: set[Spot]) -> bool:
    return bool(trail.above) and trail.above[0].at in owners


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
    words = fold(link.text)
    return not words or LABELS.issuperset(words)


def _leads(line: Block, link: Link) -> bool:
    """Whether nothing stands before a link but a label, a number or a name."""
    lead = line.text[: line.links[0].start]
    words = lead.split()
    if not words or _NUMBER.match(lead) or lead.rstrip()[-1:] in ":-–—|·•>=→.)]":  # noqa: RUF001
        return len(words) < 25 and not (words and words[0].lower().strip(",.:") in SENTENCE_STARTS and lead.rstrip()[-1:] not in ":|")
    return len(words) < 4 and words[0].lower() not in SENTENCE_STARTS or lead.rstrip()[-1:] in ",/"


def _of_line(line: Block, trail: Trail, owners: set[Spot], course: Course) -> Iterator[Entry | Puzzle]:
    """Yield the entry that a line is, or the entries of a run of links."""
    links = [link for link in line.links if not link.address.startswith("#") and (link.text or not link.address)]
    links = [link for link in links if not _PERSON.fullmatch(link.address)] or [l for l in links if not l.address.startswith("mailto:")]
    if not links:
        return
    named = [link for link in links if not _is_label(link) and not _is_address(link)]
    first = links[0]
    lead = line.text[: first.start]
    if named and (named[0] is first or not _title(lead)):
        main = named[0]
        if _stands_alone_as_semester(main.text, course):
            return
        if not _leads(line, main) or (line.tag != "li" and not _AFTER.match(line.text, main.end)):
            if line.tag == "li":
                yield Puzzle(line.text, "is a sentence with a link in it", line.at)
            return
        for link in _run(line, named) if named[0] is first else [main]:
            yield _entry(link.text, link, line, trail, course)
        return
    title = _title(lead)
    if title and (line.tag == "li" or _is_address(first)) and _is_title(title):
        if not _stands_alone_as_semester(title, course):
            yield _entry(title, first, line, trail, course)
            return
        title = ""
    if title:
        if line.tag == "li":
            yield Puzzle(line.text, "is a sentence with a link in it", line.at)
        return
    rest = [_title(part) for part in _between(line, links)]
    behind = next((part for part in rest if part), "")
    if line.tag == "li" and behind and _is_title(behind) and not _stands_alone_as_semester(behind, course):
        yield _entry(behind, first, line, trail, course)
        return
    owner = next((above for above in trail.above if not _is_caption_or_semester(above, course)), None)
    if owner and owner.at not in owners and not any(rest) and not owner.links:
        owners.add(owner.at)
        yield _entry(_title(owner.text), first, line, trail, course)
    elif line.tag == "li" and (owner is None or owner.at not in owners):
        yield Puzzle(line.text, "has no title", line.at)


def _is_caption_or_semester(block: Block, course: Course) -> bool:
    return is_season(block.text) or _stands_alone_as_semester(block.text, course)


def _is_title(text: str) -> bool:
    words = fold(text)
    return bool(words) and words[0] not in SENTENCE_STARTS and len(text) <= _MOST_TITLE


def _stands_alone_as_semester(text: str, course: Course) -> bool:
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
