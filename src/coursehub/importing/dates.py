"""Which semester each row of a table states: in its own cells, in a merged cell, or by the heading above it."""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from coursehub.importing.rows import Row
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


def dated(
    rows: Sequence[Row], terms: Sequence[str], years: Sequence[str], meant: Meaning
) -> Iterator[tuple[Row, When]]:
    """Yield each row with the semester that its own texts state, or else the last heading above it.

    A heading is a row with nothing but a semester or a year in it; it is not yielded.
    """
    above = ""
    for row, term, year in zip(rows, terms, years, strict=True):
        texts = [cell.text for cell in row.cells if cell.text]
        if len(texts) == 1 and (texts[0] in (term, year) or meant(texts[0], "").semester):
            above = texts[0]
        elif term or year:
            yield row, meant(term, year)
        else:
            yield row, meant(above, "") if above else _NOTHING_STATED


def column_of_semesters(rows: Sequence[Row], passing_over: Container[int | None], meant: Meaning) -> int | None:
    """The number of the first column that has nothing but semesters, in half of the rows or more."""
    counts = Counter(number for row in rows for number, cell in enumerate(row.cells) if cell.text)
    many = sorted(number for number, count in counts.items() if 2 * count >= len(rows) and number not in passing_over)
    texts = {number: filter(None, (text_at(row, number) for row in rows)) for number in many}
    return next((number for number in many if all(meant(text, "").semester for text in texts[number])), None)


def filled_down(rows: Sequence[Row], number: int | None, meant: Meaning) -> tuple[list[str], int]:
    """The texts of a column, with that of a merged cell in each of its rows, and how many cells that filled.

    A CSV has the text of a merged cell in its first row alone. So empty cells are taken as merged where the first row
    has a text and no two behind each other mean one semester.
    """
    texts = [text_at(row, number) for row in rows]
    written = [meant(text, "").semester or text for text in texts if text]
    empty = len(texts) - len(written)
    if not empty or not texts[0] or any(one == other for one, other in pairwise(written)):
        return texts, 0
    return list(accumulate(texts, _text_or_above)), empty


def _text_or_above(above: str, text: str) -> str:
    return text or above


def text_at(row: Row, number: int | None) -> str:
    """The text of a row's cell; empty where there is none."""
    return row.cells[number].text if number is not None and number < len(row.cells) else ""
