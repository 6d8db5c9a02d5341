"""Lists of earlier posts in a document: an assignment's text, a course's page in Markdown, a page saved from a browser.

A sentence such as “were discussed in past semesters:” makes sure which list is meant. Without one, the list is
understood by its shape alone, and whoever imports it is asked.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from coursehub.importing import outline
from coursehub.importing.assignment import stray
from coursehub.importing.cell_links import addresses_in, is_relative
from coursehub.importing.entries import entries, row_entries
from coursehub.importing.leads import Lead, leads_of_markdown, leads_of_page
from coursehub.importing.leads import following as following_of
from coursehub.importing.lines import content_links
from coursehub.importing.listing import (
    CannotImportError,
    Listed,
    Listing,
    assumed,
    fault_of,
    finding,
    options_in,
    options_of,
    overruled,
    web_links,
)
from coursehub.importing.outline import Block, Table, Unreadable
from coursehub.importing.page import Page
from coursehub.importing.parts import Entry, Further, Part, Puzzle, Rows, Trail
from coursehub.importing.rows import Cell, Hints, Row
from coursehub.importing.semesters import semesters_are
from coursehub.importing.sheet import read_table
from coursehub.importing.words import WORK
from coursehub.markdown.places import Spot
from coursehub.names.identity import fold
from coursehub.records.assignment import Options
from coursehub.records.course import Course
from coursehub.records.finding import Finding, Place, Severity
from coursehub.records.semesters import Stated
from coursehub.text.wording import brief, plural, with_and

_NO_HINTS = Hints()
_PAGES = {".html", ".htm", ".xhtml"}
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MARKS = {"marks": "signs of Markdown", "quotations": "quotations in each other", "formulas": "signs of formulas"}


class _Document(NamedTuple):
    """The facts that all of a document's posts have in common."""

    path: str
    name: str
    course: Course
    hints: Hints
    page: Page

    @property
    def options(self) -> Options:
        """The options that its posts can have."""
        return options_of(self.course, self.hints.semester)

    def place(self, at: Spot) -> Place:
        """A place in the document."""
        return Place(self.path, at.line, at.column)


class _Post(NamedTuple):
    """A post before its semester is known; `stated` are the document's words about it, at `stated_at`."""

    listed: Listed
    stated: Stated | None = None
    stated_at: Spot | None = None


_Result = _Post | Further | Finding


def read_text(path: str, text: str, course: Course, hints: Hints = _NO_HINTS) -> Listing:
    """The posts in the lists of a document.

    Those that “were discussed in” some semester, with the option that the sentence names; in a document without such a
    sentence, the items, rows and lines that a link leads, as a guess. `hints` are for what the document does not state.
    Raises `CannotImportError` where there is no list.
    """
    is_page = Path(path).suffix.lower() in _PAGES or bool(_PAGE.match(text))
    blocks = (outline.of_html if is_page else outline.of_markdown)(text, hints.base_url or "")
    if isinstance(blocks, Unreadable):
        message = f"has too many {_MARKS[blocks.why]} to be read"
        raise CannotImportError(Place(path, *blocks.at), "text-too-long", message, "Import it in parts.")
    document = _Document(path, _name(path, blocks), course, hints, Page(blocks, course))
    leads = [*(leads_of_page(blocks) if is_page else leads_of_markdown(text, blocks))]
    following = following_of(leads, blocks, document.page)
    parts = entries(blocks, document.page)
    pairs = zip(leads, (_within(its, parts) for its in following), strict=True)
    results = [each for lead, its_parts in pairs for each in _behind(lead, its_parts, document)]
    is_guess = not results
    covered = {number for its in (*following, *(lead.own for lead in leads)) for number in its}
    others = [part for number, part in parts if number not in covered]
    results += _without_repeated([*_guessed(others, document)]) if is_guess else _beside(others, document)
    posts, findings = _settled(results, document)
    if not posts and not findings:
        raise _no_list(path, parts)
    links = web_links(_COMMENT.sub("", text))
    basis = "by what each line begins with" if is_guess else "after a sentence that says they were discussed"
    return Listing(posts, findings, is_guess=is_guess, links=links, basis=basis)


_OFTEN = 4  # posts with one and the same link


def _without_repeated(results: Sequence[_Result]) -> Iterator[_Result]:
    """Yield the results; of posts that share their link with several others, such as that of a meeting, a finding."""
    shared: dict[str | None, list[Listed]] = defaultdict(list)
    for each in results:
        if isinstance(each, _Post):
            shared[each.listed.url].append(each.listed)
    for each in results:
        if not isinstance(each, _Post) or not each.listed.url or len(shared[each.listed.url]) < _OFTEN:
            yield each
        elif shared[each.listed.url][0] is each.listed:
            message = f"{len(shared[each.listed.url])} lines have the same link, {each.listed.url}"
            help = f"Left out, the first as “{brief(each.listed.title)}”. Give each post its own address."
            yield finding(each.listed.place, "link-repeated", message, help)


def _no_list(path: str, parts: Iterable[tuple[int, Part]]) -> CannotImportError:
    message = (
        "has no list of earlier posts: no item, row or line in it is led by a link, and no links follow a sentence such"
        " as “were discussed in past semesters:”"
    )
    puzzle = next((part for _, part in parts if isinstance(part, Puzzle)), None)
    example = f" “{brief(puzzle.text)}” on line {puzzle.at.line} {puzzle.why}." if puzzle else ""
    help = f"Give the assignment's text, a page with such a list, or a sheet.{example}"
    return CannotImportError(Place(path), "no-list", message, help)


def _name(path: str, blocks: Iterable[Block | Table]) -> str:
    """The first heading up to its colon: `Individual Assignment 4`."""
    headings = (block.text for block in blocks if isinstance(block, Block) and block.is_heading)
    names = (" ".join(text.partition(":")[0].split()) for text in headings)
    return next((name for name in names if fold(name)), " ".join(Path(path).stem.split()))


# --- lists behind a sentence


def _within(blocks: range, parts: Sequence[tuple[int, Part]]) -> list[Part]:
    """The parts of these blocks."""
    start, end = (bisect_left(parts, number, key=lambda part: part[0]) for number in (blocks.start, blocks.stop))
    return [part for _, part in parts[start:end]]


def _behind(lead: Lead, parts: Sequence[Part], document: _Document) -> Iterator[_Result]:
    """Yield the posts of a sentence and of the parts behind it, and what is wrong there."""
    if not lead.links and not parts:
        return
    named = options_in(lead.words, document.options)
    option = named[0] if named else document.hints.option
    if option is None:
        option = document.options.options[0].id
        if len(document.options.options) > 1:
            yield assumed(option, document.place((*lead.links, *parts)[0].at))
    for title, url, at in lead.links:
        yield _Post(_listed(document, title, url, at, option))
    yield from (stray(document.place(each.at), each.title) for each in lead.strays)
    for part in parts:
        yield from _of_part(part, document, option)


def _beside(parts: Sequence[Part], document: _Document) -> Iterator[Finding]:
    """Yield the note that there are lists that no sentence leads to."""
    if rest := [part for part in parts if isinstance(part, Entry | Rows)]:
        yield _not_taken(rest, "no sentence such as “were discussed in past semesters:” leads to them", document)


def _not_taken(parts: Sequence[Entry | Rows], why: str, document: _Document) -> Finding:
    """The note that lists are passed over, and where they are."""
    count = sum(len(part.table.rows) if isinstance(part, Rows) else 1 for part in parts)
    first, last = parts[0].at.line, parts[-1].at.line
    where = f"on line {first}" if first == last else f"from line {first} to {last}"
    headings = dict.fromkeys(above.text for part in parts for above in part.trail.above[:1])
    under = with_and([f"“{brief(heading, 40)}”" for heading in [*headings][:3]])
    message = f"{plural(count, 'other line')} with links, {where}, {'is' if count == 1 else 'are'} not taken: {why}"
    which = f"those under {under}" if under else "these"
    help = f"If {which} are earlier posts, too, import a file with nothing but their list."
    return finding(document.place(parts[0].at), "list-not-taken", message, help, Severity.NOTICE)


# --- lists by their shape


def _guessed(parts: Sequence[Part], document: _Document) -> Iterator[_Result]:
    """Yield the posts of a document's lists; where some are below headings about students' work, of these alone."""
    depths = [_work_depth(part.trail, document.page) for part in parts]
    least = next((depth for depth in (2, 1) if depth in depths), 0)
    chosen = [part for part, depth in zip(parts, depths, strict=True) if depth >= least]
    options = {part.at: _option_above(part.trail, document) for part in chosen}
    fallback = document.hints.option or document.options.options[0].id
    entries = [part for part in chosen if isinstance(part, Entry | Rows)]
    if not entries:
        return
    is_assumed = document.hints.option is None and len(document.options.options) > 1
    if is_assumed and None in (options[part.at] for part in entries):
        yield assumed(fallback, document.place(entries[0].at))
    for part in chosen:
        yield from _of_part(part, document, options[part.at] or fallback)
    rest = [part for part, depth in zip(parts, depths, strict=True) if depth < least and isinstance(part, Entry | Rows)]
    if rest:
        yield _not_taken(rest, "only other headings are about students' work", document)


def _work_depth(trail: Trail, page: Page) -> int:
    """2 below a heading about students' work or of a semester, 1 where the page's title states one, else 0."""
    headings = [above for above in trail.above if above.is_heading]
    if any(not WORK.isdisjoint(fold(heading.text)) for heading in headings):
        return 2
    return max((1 if heading.tag == "h1" else 2 for heading in headings if page.stated(heading.text)), default=0)


def _option_above(trail: Trail, document: _Document) -> str | None:
    """The option that the nearest heading with only one names."""
    named = (options_in(above.text, document.options) for above in trail.above if above.is_heading)
    return next((options[0] for options in named if len(options) == 1), None)


# --- posts


def _of_part(part: Part, document: _Document, option: str) -> Iterator[_Result]:
    """Yield the posts of a part of the outline, and what is wrong with it."""
    if isinstance(part, Rows):
        yield from _of_table(part, document, option)
    elif isinstance(part, Puzzle):
        yield _not_understood(part, document)
    elif isinstance(part, Further):
        yield part
    elif part.is_struck:
        help = "Left out. To take it, remove what strikes it out and import again."
        yield finding(document.place(part.at), "struck-out", f"“{brief(part.title)}” is struck out", help)
    else:
        yield _Post(_listed(document, part.title, part.url, part.at, option), part.stated, part.stated_at)


def _not_understood(puzzle: Puzzle, document: _Document) -> Finding:
    help = "Left out. If it is a post, write it as “[title](https://…)”, or “[title]()” where no link is known."
    message = f"“{brief(puzzle.text)}” {puzzle.why}"
    return finding(document.place(puzzle.at), "line-not-understood", message, help)


def _of_table(part: Rows, document: _Document, option: str) -> Iterator[_Result]:
    """Yield the posts of a table, by its columns; without names of columns, each row is read as a line."""
    rows = [Row(row[0].at.line, tuple(map(_cell, row))) for row in part.table.rows]
    try:
        listing = read_table(
            document.path, rows, document.course, document.hints._replace(option=option, semester=None)
        )
    except CannotImportError as error:
        by_row = [*row_entries(part.table, part.trail, document.page)]
        if not any(isinstance(each, Entry) for each in by_row):
            yield error.finding
        for each in by_row:
            yield from _of_part(each, document, option)
        return
    yield from listing.findings
    for post in listing.posts:
        at = None if post.semester else part.stated_at
        yield _Post(post._replace(listed_in=document.name), None if post.semester else part.stated, at)


def _cell(block: Block) -> Cell:
    return Cell(" ".join(block.text.split()), tuple((link.text, link.address) for link in content_links(block)))


def _listed(document: _Document, title: str, url: str, at: Spot, option: str) -> Listed:
    return Listed(title, url or None, option, None, document.name, document.place(at))


def _settled(results: Iterable[_Result], document: _Document) -> tuple[tuple[Listed, ...], tuple[Finding, ...]]:
    """The posts with the semesters that the document states, and findings about those of which that is none."""
    posts: list[Listed] = []
    findings: list[Finding] = []
    undated: dict[tuple[Stated, Spot], list[Listed]] = defaultdict(list)
    relative: list[Listed] = []
    further: list[Further] = []
    for each in results:
        if isinstance(each, Finding):
            findings.append(each)
        elif isinstance(each, Further):
            further.append(each)
        elif _is_relative(each.listed):
            relative.append(each.listed)
        elif fault := fault_of(each.listed):
            findings.append(fault)
        elif each.stated is None or each.stated_at is None:
            posts.append(each.listed)
        elif semester := document.hints.chosen(each.stated.meant):
            posts.append(each.listed._replace(semester=semester))
        else:
            undated[each.stated, each.stated_at].append(each.listed)
    if further:
        findings.append(_further(further, document))
    if relative:
        findings.append(_relative(relative))
    findings += [_undated(stated, document.place(at), those, document) for (stated, at), those in undated.items()]
    if posts:
        findings += overruled(posts[0].place, posts, document.hints.semester, None)
    return tuple(posts), tuple(findings)


def _is_relative(listed: Listed) -> bool:
    """Whether a post's link leads to a page beside the document; `example.org/a` has lost its https://."""
    if not listed.url or not fold(listed.title):
        return False
    return is_relative(listed.url) and not addresses_in(Cell(listed.url), None)[0].url


def _further(links: Sequence[Further], document: _Document) -> Finding:
    """The note that posts have more links than the one that is taken, such as their slides."""
    first = links[0]
    count = plural(len(links), "more link")
    message = f"{count} of the posts {'is' if len(links) == 1 else 'are'} not taken, such as “{brief(first.text)}”"
    help = (
        f"Each post has one address; this one is on line {first.at.line}. If it is a post, give it an item of its own."
    )
    return finding(document.place(first.at), "link-further", message, help, Severity.NOTICE)


def _relative(listed: Sequence[Listed]) -> Finding:
    first = listed[0]
    url = brief(first.url or "")
    message = f"the link of “{brief(first.title)}” is “{url}”, which is relative to the page that has the list"
    if len(listed) > 1:
        verb = "is" if len(listed) == 2 else "are"
        message += f"; so {verb} {plural(len(listed) - 1, 'more link')}, down to line {listed[-1].place.line}"
    help = "Left out. Give that page's address: --base-url https://…"
    return finding(first.place, "link-unusable", message, help)


def _undated(stated: Stated, place: Place, listed: Sequence[Listed], document: _Document) -> Finding:
    """Why posts are left out of whose semester the document says what cannot be used."""
    lines = sorted(post.place.line for post in listed)
    span = f"line {lines[0]}" if lines[0] == lines[-1] else f"lines {lines[0]} to {lines[-1]}"
    whose = f"the semester of {plural(len(listed), 'post')} ({span}) is “{brief(stated.words)}”"
    if not stated.meant:
        message, help = f"{whose}, which is none of the course's", f"Left out. {semesters_are(document.course)}"
        return finding(place, "semester-unknown", message, help)
    example = stated.meant[0]
    help = f"Left out. Write there which it is; or give --semester {example}, and one for each other year."
    message = f"{whose}, which can be {' or '.join(stated.meant)}"
    return finding(place, "semester-ambiguous", message, help)
