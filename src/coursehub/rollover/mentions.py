"""Pages that name the semester that ends in words: “Fall 2026”, “December 4”. Only a person can change those."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from coursehub.records.course import Course, Semester
from coursehub.records.semesters import semesters_stated
from coursehub.text.expressions import expression

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_PARTS = expression(r"[;:!?()|]|, |\. ")  # of a sentence, each of which may speak of another semester
_LONGEST = 2_000  # characters of a line that is read: a longer one is no prose


class Mention(NamedTuple):
    """Words in a page, with their line."""

    path: str
    line: int
    words: str


def mentions(pages: Mapping[str, bytes], course: Course, closing: Semester) -> Iterator[Mention]:
    """The words in these pages that mean a semester of the course, or the day of one of its deadlines."""
    day = _days(course, closing)
    for path, content in pages.items():
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if len(line) <= _LONGEST and any(map(str.isdecimal, line)):
                yield from (Mention(path, number, words) for words in _words(line, course, closing, day))


def _words(line: str, course: Course, closing: Semester, day: re.Pattern[str]) -> Iterator[str]:
    for part in _PARTS.split(line):
        stated = semesters_stated(part, course)
        words = stated.words if stated and stated.meant == (closing.id,) else ""
        if words and not words.isdecimal() and words != closing.id:  # which stays where it is a path's
            yield words
    yield from (match[0] for match in day.finditer(line))


def _days(course: Course, closing: Semester) -> re.Pattern[str]:
    """The pattern of the days of a semester's deadlines as English has them."""
    written = filter(None, (closing.claims_open, closing.post_due, closing.comments_due))
    days = dict.fromkeys(course.moment(each).date() for each in written)
    return re.compile("|".join(map(_forms, days)) or "(?!)", re.IGNORECASE)


def _forms(day: dt.date) -> str:
    name = _MONTHS[day.month - 1]
    month, number = rf"{name[:3]}(?:{name[3:]}|t?\.?)", rf"{day.day}(?:st|nd|rd|th)?"
    year = rf"(?:,? +{day.year})?"
    digits = rf"0?{day.month}/0?{day.day}(?:/(?:20)?{day.year % 100:02})?"  # as Americans write it
    return rf"\b{month} +{number}\b{year}|\b{number} +(?:of +)?{month}\b{year}|(?<![\d/]){digits}(?![\d/])"
