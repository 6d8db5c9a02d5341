"""Which semester each row of a table states: in its own cells, in a merged cell, or by the heading above it."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from coursehub.importing.rows import Cell, Row
from coursehub.importing.semesters import semester_meant, semesters_are
from coursehub.names.identity import fold
from coursehub.records.course import Course
from coursehub.text.wording import brief, with_and


class When(NamedTuple):
    """The semester that a text states; or, in words, why it is none of the course's, and what to do."""

    semester: str | None = None
    fault: str = ""
    help: str = ""


_NOTHING_STATED = When()
_NO_CELL = Cell()

Meaning = Callable[[str, str], When]  # (text of the semester's cell, text of the year's) → what they state


def meaning(course: Course, given: str | None) -> Meaning:
    """What a semester and a year, as somebody wrote them, mean in the course.

    A year in which the course had one semester means that one; of several it means the `given` one, or none.
    """

    @cache
    def meant(term: str, year: str) -> When:
        for written in (term, f"{term} {year}") if term else (year,):
            if semester := semester_meant(written, course):
                return When(semester)
        written = " ".join(filter(None, (term, year)))
        in_year = semesters_in(written, course)
        if len(in_year) == 1 or given in in_year:
            return When(given if given in in_year else in_year[0])
        quoted = f"“{brief(written)}”"
        if in_year:
            help = f"Left out. Give --semester {in_year[0]} if all are of that one, or write in the list which it is."
            return When(None, f"{quoted}, in which the course has {with_and(in_year)}", help)
        return When(None, f"{quoted}, which is none of the course's", f"Left out. {semesters_are(course)}")

    return meant


def semesters_in(written: str, course: Course) -> list[str]:
    """The course's semesters in a year; none where the text is no year alone."""
    words = fold(written)
    if len(words) != 1 or len(words[0]) != 4 or not words[0].isdecimal():
        return []
    return [semester for semester in course.order if words[0] in semester]


def dated(rows: Sequence[Row], term: int | None, year: int | None, meant: Meaning) -> Iterator[tuple[Row, When]]:
    """Yield each row with the semester that it states, by its two columns, or else by the last heading above it.

    A heading is a row with nothing but a semester or a year in it; it is not yielded.
    """
    above = ""
    for row in rows:
        own = text_at(row, term), text_at(row, year)
        texts = [cell.text for cell in row.cells if cell.text]
        if len(texts) == 1 and (meant(texts[0], "").semester or texts[0] in own):
            above = texts[0]
        elif any(own):
            yield row, meant(*own)
        else:
            yield row, meant(above, "") if above else _NOTHING_STATED


def column_of_semesters(rows: Sequence[Row], passing_over: set[int | None], meant: Meaning) -> int | None:
    """The number of the first column that has nothing but semesters, in half of the rows or more."""
    width = max((len(row.cells) for row in rows), default=0)

    def is_one(number: int) -> bool:
        texts = [text for row in rows if (text := text_at(row, number))]
        return 0 < len(rows) <= 2 * len(texts) and all(meant(text, "").semester for text in texts)

    return next((number for number in range(width) if number not in passing_over and is_one(number)), None)


def filled_down(rows: Sequence[Row], number: int, meant: Meaning) -> tuple[list[Row], int]:
    """The rows with what a merged cell of this column says in each of its rows, and how many cells that filled.

    A CSV has the text of a merged cell in its first row alone. So empty cells are taken as merged where the first row
    has a text and no two behind each other mean one semester.
    """
    texts = [text_at(row, number) for row in rows]
    written = [meant(text, "").semester or text for text in texts if text]
    if len(written) == len(texts) or not texts[0] or any(one == other for one, other in pairwise(written)):
        return list(rows), 0
    filled: list[Row] = []
    last = _NO_CELL
    for row in rows:
        if text_at(row, number):
            last = row.cells[number]
            filled.append(row)
        else:
            cells = (*row.cells, *[_NO_CELL] * (number + 1 - len(row.cells)))
            filled.append(row._replace(cells=(*cells[:number], last, *cells[number + 1 :])))
    return filled, len(texts) - len(written)


def text_at(row: Row, number: int | None) -> str:
    """The text of a row's cell; empty where there is none."""
    return row.cells[number].text if number is not None and number < len(row.cells) else ""
