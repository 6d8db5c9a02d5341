"""Which column of a table holds what, by the words of its heading."""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from coursehub.importing.listing import options_in
from coursehub.importing.rows import Hints
from coursehub.names.identity import fold
from coursehub.records.course import Course

_TITLES = ("thing", "claim", "work", "title", "topic", "place", "post")  # the surest first

Kinds = frozenset[str]


class Columns(NamedTuple):
    """Which columns are read, by their number; no other is. `options` are what a title column's heading says.

    Without `url`, the link is that of the title's own cell.
    """

    titles: tuple[int, ...]
    url: int | None
    option: int | None
    semester: int | None
    year: int | None
    options: tuple[str | None, ...]

    @property
    def known(self) -> int:
        """How many kinds of columns the header names."""
        return sum(part is not None for part in self)


def columns_of(headings: Sequence[str], course: Course, hints: Hints) -> Columns | None:
    """Return which column is what, or None where none has a title, or where one that the hints name is missing.

    A heading that may be about a person is passed over.
    """
    if missing_hints(headings, hints):
        return None
    kinds = [_kinds(heading) for heading in headings]
    semester = _named(headings, hints.semester_column)
    title = _named(headings, hints.title_column)
    url = _named(headings, hints.link_column)
    if url is None:
        url = next(iter(_best(map(_link_rank, kinds), passing_over={title, semester})), None)
    titles = (title,) if title is not None else tuple(_best(map(_title_rank, kinds), passing_over={url, semester}))
    if not titles and url is not None and _title_rank(kinds[url]) is not None:
        titles, url = (url,), None
    if not titles:
        return None
    used = {url, *titles}
    option, of_heading, year = (_first(kinds, kind, used) for kind in ("option", "semester", "year"))
    in_headings = (options_in(headings[number], course) for number in titles)
    options = tuple(only[0] if len(only) == 1 else None for only in in_headings)
    return Columns(titles, url, option, of_heading if semester is None else semester, year, options)


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
    """The kinds of the heading's words; none of one that is about a person."""
    kinds = frozenset().union(*(_kinds_of_words().get(word, ()) for word in fold(heading)))
    return frozenset() if "others" in kinds else kinds


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
    return next((rank for rank, kind in enumerate(_TITLES) if kind in kinds), None)


def _best(ranks: Iterable[int | None], passing_over: set[int | None]) -> list[int]:
    """The numbers of the columns with the lowest rank, from left to right."""
    ranked = [(rank, number) for number, rank in enumerate(ranks) if rank is not None and number not in passing_over]
    lowest = min(ranked, default=(0, 0))[0]
    return [number for rank, number in ranked if rank == lowest]


def _first(kinds: Sequence[Kinds], kind: str, used: set[int | None]) -> int | None:
    return next((number for number, some in enumerate(kinds) if kind in some and number not in used), None)
