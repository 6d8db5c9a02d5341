"""Semesters as people write them, and the table that says in which semester each post was written."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from coursehub.names.identity import code
from coursehub.records import seasons
from coursehub.records.course import Course
from coursehub.records.seasons import FALL, SUMMER, WINTER


class Stated(NamedTuple):
    """Words that state a semester or a year, and the course's semesters that they can mean, in their order."""

    words: str
    meant: tuple[str, ...]


class _Part(NamedTuple):
    """A part of a year: a season, its letter or a number, or neither; `last` is the second year of `2024/25`."""

    year: int
    last: int = 0
    season: str = ""
    number: int = 0

    @property
    def is_academic_year(self) -> bool:
        """Whether it has two years, of which one follows the other."""
        return self.last == self.year + 1


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"


_LETTERS = "".join(seasons.LETTERS)
_PERIOD = rf"(?:{_any_of(seasons.PERIODS)})s?"
_SEASON_WORD = rf"(?:{_any_of(seasons.SEASON_OF)})(?:[ .-]?{_PERIOD})?"
_SEASON = rf"(?P<season>{_any_of(seasons.SEASON_OF)})(?:[ .-]?{_PERIOD})?"
_DASH = r"\s?[/–—-]\s?"
_FULL_YEAR = r"(?P<year>(?:19|20)\d\d)"
_YEAR = rf"{_FULL_YEAR}(?:{_DASH}(?P<last>(?:20)?\d\d)(?![\d-]))?(?!\d)"
_SHORT = rf"['’]?(?P<year>\d\d)(?:{_DASH}(?P<last>\d\d))?(?![.:/,]\d)"
_NUMBER = rf"(?P<number>[1-4]|{_any_of(seasons.ROMAN)})"
_OF = r"[\s,.:(_'’·-]{0,3}(?:(?:of|de|del|di|du)\s)?"

# Each has a year; a text is read by the first, what it leaves by the next.
_FORMS = [
    re.compile(rf"(?<![^\W_]){form}(?![^\W_])", re.IGNORECASE)
    for form in (
        rf"{_SEASON_WORD}\s?(?:[/&+-]|and)\s?{_SEASON_WORD}{_OF}{_YEAR}",
        _SEASON + _OF + _YEAR,
        rf"{_YEAR}[\s_.,/:(年-]{{0,3}}{_SEASON}",
        _SEASON + r"[\s_'’-]{0,2}" + _SHORT,
        rf"(?P<letter>[{_LETTERS}])[_'’-]?(?P<year>(?:19|20)?\d\d)",
        rf"{_FULL_YEAR}[\s_-]?(?P<letter>[{_LETTERS}])",
        rf"(?:{_PERIOD}|[st])[\s.#-]?{_NUMBER}{_OF}[(/]?{_YEAR}",
        rf"{_NUMBER}(?:st|nd|rd|th|er|º|ª|°|\.)?[\s-]?{_PERIOD}{_OF}{_YEAR}",
        rf"{_FULL_YEAR}[\s_./,:-]{{1,3}}(?:{_PERIOD}[\s.]?|[st])?{_NUMBER}(?![/.-]\d)",
        rf"{_NUMBER}\s?[/-]\s?{_FULL_YEAR}",
        _YEAR,
    )
]
_SEASON_ALONE = re.compile(rf"\W*{_SEASON}\W*", re.IGNORECASE)
_COURSE_NUMBER = re.compile(r"[A-Z]{2,}[ -]?\Z")  # what stands before a number that is no year: COMP 2041


def semesters_stated(text: str, course: Course) -> Stated | None:
    """Return the words with which a text states a semester or a year, and what they can mean; None without any.

    A year alone means any of its semesters; a text that names several means any of them.
    """
    ids: list[tuple[str, tuple[str, ...]]] = [
        (match[0], (_by_lower(course)[match[0].casefold()],)) for match in _ids(course).finditer(text)
    ]
    if stated := ids or [(words, _meant(part, course)) for words, part in _parts(text)]:
        meant = {semester for _, semesters in stated for semester in semesters}
        return Stated(", ".join(dict(stated)), tuple(semester for semester in course.order if semester in meant))
    return None


def is_season(text: str) -> bool:
    """Whether a text is a season and nothing more, whose year may be in a heading above."""
    return len(text) < 50 and bool(_SEASON_ALONE.fullmatch(text))


def semester_meant(written: str, course: Course) -> str | None:
    """The one semester of the course that is meant by `S2024`, `Spring 24`, `vt24`, `2024-2` or `WS 2024/25`."""
    wanted = code(written)
    if same := next((semester for semester in course.order if code(semester) == wanted), None):
        return same
    stated = semesters_stated(written, course)
    return stated.meant[0] if stated and len(stated.meant) == 1 else None


def _by_lower(course: Course) -> dict[str, str]:
    return {semester.casefold(): semester for semester in course.order}


def _ids(course: Course) -> re.Pattern[str]:
    return _id_pattern(tuple(semester for semester in course.order if not semester.isdecimal()))


@lru_cache(maxsize=8)
def _id_pattern(ids: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/-])(?:{_any_of(ids)})(?![\w/-])", re.IGNORECASE)


def _parts(text: str) -> Iterator[tuple[str, _Part]]:
    """The parts of years that a text states, with its words."""
    for form in _FORMS:
        matches = [*form.finditer(text)]
        for match in matches:
            if form is not _FORMS[-1] or not _COURSE_NUMBER.search(text, max(0, match.start() - 12), match.start()):
                yield match[0], _part(match)
        if matches:
            text = form.sub(" | ", text)


def _part(match: re.Match[str]) -> _Part:
    groups = {name: value.lower() for name, value in match.groupdict(default="").items()}
    year, last = (
        2000 + int(value or 0) % 100 if len(value) < 3 else int(value)
        for value in (groups["year"], groups.get("last", ""))
    )
    season = seasons.SEASON_OF.get(groups.get("season", ""), groups.get("letter", ""))
    number = groups.get("number", "") or "0"
    return _Part(year, last if last > year else 0, season, seasons.ROMAN.get(number) or int(number))


@lru_cache(maxsize=256)
def _part_of_id(semester: str) -> _Part | None:
    return next((part for _, part in _parts(semester)), None)


def _meant(part: _Part, course: Course) -> tuple[str, ...]:
    """The course's semesters that a part of a year can mean."""
    parts = {semester: each for semester in course.order if (each := _part_of_id(semester))}
    letters = _letters(parts.values())
    has_fall = any(letters.get(each.season, each.season) == FALL for each in parts.values())
    has_numbers = any(each.number for each in parts.values())

    def is_meant(each: _Part) -> bool:
        wanted, has = (letters.get(one.season, one.season) for one in (part, each))
        if wanted and (each.number or (has and wanted != has)):
            return False
        if has_numbers and part.number and part.number != each.number:
            return False
        if part.is_academic_year and each.is_academic_year:
            return part.year == each.year
        return not _years(part, has, has_fall=has_fall).isdisjoint(_years(each, has, has_fall=has_fall))

    return tuple(semester for semester, each in parts.items() if is_meant(each))


def _letters(parts: Iterable[_Part]) -> dict[str, str]:
    """The season of each letter: `S` is the summer where the course has a winter and no fall."""
    seasons_here = {seasons.LETTERS.get(each.season, each.season) for each in parts}
    return seasons.LETTERS | ({"s": SUMMER} if WINTER in seasons_here and FALL not in seasons_here else {})


def _years(part: _Part, season: str, *, has_fall: bool) -> set[int]:
    """The calendar years in which a season of this part can be: of an academic year's two, it is often in one."""
    if not part.is_academic_year:
        return {*range(part.year, max(part.year, min(part.last, part.year + 100)) + 1)}
    if season == FALL or (season == WINTER and not has_fall):
        return {part.year}
    return {part.last} if season else {part.year, part.last}
