"""Which semester each row of a table states: in its own cells, in a merged cell, or by the heading above it."""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from coursehub.importing.rows import Hints, Row
from coursehub.importing.semesters import semesters_are
from coursehub.names.identity import fold
from coursehub.records.course import Course
from coursehub.records.semesters import semester_meant, semesters_stated
from coursehub.text.wording import brief


class When(NamedTuple):
    """The semester that a text states; or, in words, why it is none of the course's, and what to do."""

    semester: str | None = None
    fault: str = ""
    help: str = ""


_NOTHING_STATED = When()
_LONGEST = 100  # characters of a cell that states a semester
_MOST_WORDS = 3  # of a heading: “Fall semester 2024”

Meaning = Callable[[str, str], When]  # (text of the semester's cell, text of the year's) → what they state


def meaning(course: Course, hints: Hints) -> Meaning:
    """Return the function from a semester and a year, as somebody wrote them, to the course's semester that they mean.

    A year in which the course had one semester means that one; of several it means the one that is hinted, or none.
    """

    @cache
    def meant(term: str, year: str) -> When:
        term, year = term[:_LONGEST], year[:_LONGEST]
        stated = None
        for written in (term, f"{term} {year}") if term else (year,):
            stated = semesters_stated(written, course) or stated
            if semester := semester_meant(written, course):
                return When(semester)
            if stated and (semester := hints.chosen(stated.meant)):
                return When(semester)
        quoted = f"“{brief(' '.join(filter(None, (term, year))))}”"
        if stated and stated.meant:
            either = " or ".join(stated.meant)
            one = stated.meant[0]
            help = f"Left out. Write there which it is; or give --semester {one}, and one for each other year."
            return When(None, f"{quoted}, which can be {either}", help)
        return When(None, f"{quoted}, which is none of the course's", f"Left out. {semesters_are(course)}")

    return meant


def dated(
    rows: Sequence[Row], terms: Sequence[str], years: Sequence[str], meant: Meaning, above: str | None
) -> Iterator[tuple[Row, When]]:
    """Yield each row with the semester that its own texts state, or else the last heading above it.

    A heading is a row with nothing but a semester or a year in it; it is not yielded. `above` is the semester that a
    heading above the table states.
    """
    for row, term, year in zip(rows, terms, years, strict=True):
        texts = [cell.text for cell in row.cells if cell.text]
        if len(texts) == 1 and (texts[0] in (term, year) or _is_heading(texts[0], meant)):
            above = texts[0]
        elif term or year:
            yield row, meant(term, year)
        else:
            yield row, meant(above, "") if above else _NOTHING_STATED


def _is_heading(text: str, meant: Meaning) -> bool:
    """Whether a text is little more than a semester: “Fall semester 2024”, and not “The election of 2024”."""
    return len(fold(text)) <= _MOST_WORDS and text[:1].isalnum() and bool(meant(text, "").semester)


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
