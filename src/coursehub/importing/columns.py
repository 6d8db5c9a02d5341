"""Which column of a table holds what, by the words of its heading."""

import re
import tomllib
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from coursehub.importing.listing import options_in, options_of
from coursehub.importing.rows import Hints, Row
from coursehub.names.identity import fold
from coursehub.records.course import Course
from coursehub.text.addresses import is_web_address

# What makes a heading that of the titles, the surest first.
_TITLES = [frozenset(kinds) for kinds in (
    {"thing"}, {"claim"}, {"work", "title"}, {"work"}, {"title"}, {"topic"}, {"place"}, {"post"}
)]  # fmt: skip
_MOST_WORDS = 15  # a question in a form, and no sentence in a cell
_PARTS = re.compile(r"(?<=[a-z])(?=[A-Z])")  # ToolName

Kinds = frozenset[str]


class Columns(NamedTuple):
    """Which columns are read, by their number; no other is. `options` are what a title column's heading says.

    Without `url`, the link is that of the title's own cell. `doubtful` are columns that could be meant just as well.
    """

    titles: tuple[int, ...]
    url: int | None
    option: int | None
    semester: int | None
    year: int | None
    options: tuple[str | None, ...]
    doubtful: tuple[int, ...] = ()

    @property
    def known(self) -> int:
        """How many kinds of columns the header names."""
        return sum(part is not None for part in self[1:5]) + 1


def columns_of(headings: Sequence[str], below: Sequence[Row], course: Course, hints: Hints) -> Columns | None:
    """Return which column is what, or None where none has a title, or where one that the hints name is missing.

    A heading that may be about a person is passed over. Of columns that may have the links, one is taken that has some
    in the rows below; of those that may have the titles, one that has not only links.
    """
    if missing_hints(headings, hints) or any(is_web_address(heading) for heading in headings):
        return None
    kinds = [_kinds(heading) for heading in headings]
    semester = _named(headings, hints.semester_column)
    title, url = _named(headings, hints.title_column), _named(headings, hints.link_column)
    urls, titles = ([] if number is None else [number] for number in (url, title))
    urls = urls or _best(map(_link_rank, kinds), {title, semester}, lambda number: _has_links(below, number))
    titles = titles or _best(map(_title_rank, kinds), {*urls[:1], semester}, lambda number: _has_words(below, number))
    if not titles and urls and _title_rank(kinds[urls[0]]) is not None:
        titles, urls = urls[:1], []
    if not titles:
        return None
    several = len(titles) if "thing" in kinds[titles[0]] else 1  # “Tool” and “Application”, of which each row has one
    used = {*urls[:1], *titles[:several]}
    option, of_heading, year = (_first(kinds, kind, used) for kind in ("option", "semester", "year"))
    known = options_of(course, hints.semester)
    in_headings = (options_in(headings[number], known) for number in titles[:several])
    options = tuple(only[0] if len(only) == 1 else None for only in in_headings)
    semester = of_heading if semester is None else semester
    doubtful = (*titles[several:], *urls[1:])
    return Columns(tuple(titles[:several]), next(iter(urls), None), option, semester, year, options, doubtful)


def _has_links(rows: Sequence[Row], number: int) -> bool:
    return any(row.cells[number].links or "://" in row.cells[number].text for row in rows if number < len(row.cells))


def _has_words(rows: Sequence[Row], number: int) -> bool:
    texts = (row.cells[number].text for row in rows if number < len(row.cells))
    return any(text and not is_web_address(text) for text in texts)


def missing_hints(headings: Sequence[str], hints: Hints) -> list[tuple[str, str]]:
    """The columns that the hints name and the header has not, each as (option of the command, heading)."""
    wanted = (
        ("--title-column", hints.title_column),
        ("--link-column", hints.link_column),
        ("--semester-column", hints.semester_column),
    )
    return [(option, name) for option, name in wanted if name is not None and _named(headings, name) is None]


def _named(headings: Iterable[str], name: str | None) -> int | None:
    """The number of the first column with this heading, whatever its capitals, accents and signs."""
    if name is None:
        return None
    wanted = fold(name)
    return next((number for number, heading in enumerate(headings) if fold(heading) == wanted), None)


@cache
def _kinds_of_words() -> dict[str, Kinds]:
    """The kinds that a word in a heading can mean, by the table in `headings.toml`."""
    table = tomllib.loads((resources.files(__package__) / "headings.toml").read_text("utf-8"))
    words = {word for some in table.values() for word in some}
    return {word: frozenset(kind for kind, some in table.items() if word in some) for word in words}


def _kinds(heading: str) -> Kinds:
    """The kinds of the heading's words; none of one that is about a person, or longer than headings are."""
    words = fold(_PARTS.sub(" ", heading[:500]))
    kinds = frozenset().union(*(_kinds_of_words().get(word, ()) for word in words))
    return frozenset() if "others" in kinds or len(words) > _MOST_WORDS else kinds


def _link_rank(kinds: Kinds) -> int | None:
    """How surely a column holds the post's link, 0 being the surest; None if it does not."""
    if "post" not in kinds and ("thing" in kinds or not kinds & {"link", "place"}):  # a link to a tool is no post's
        return None
    if "link" in kinds:
        return 0 if "post" in kinds else 1 if kinds == {"link"} else 2
    return None if kinds & {"title", "thing"} else 3 if "post" in kinds else 4


def _title_rank(kinds: Kinds) -> int | None:
    """How surely a column holds the post's title, 0 being the surest; None if it does not."""
    if "link" in kinds or kinds >= {"thing", "place"}:
        return None
    return next((rank for rank, some in enumerate(_TITLES) if some <= kinds), None)


def _best(
    ranks: Iterable[int | None], passing_over: Container[int | None], is_likely: Callable[[int], bool]
) -> list[int]:
    """The numbers of the columns with the lowest rank, from left to right, if there are likely ones, of those."""
    ranked = [(rank, number) for number, rank in enumerate(ranks) if rank is not None and number not in passing_over]
    ranked = [(rank, number) for rank, number in ranked if is_likely(number)] or ranked
    lowest = min(ranked, default=(0, 0))[0]
    return [number for rank, number in ranked if rank == lowest]


def _first(kinds: Sequence[Kinds], kind: str, used: Container[int]) -> int | None:
    return next((number for number, some in enumerate(kinds) if kind in some and number not in used), None)
