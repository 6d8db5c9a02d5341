"""Fields of another engine's post → what a post here says of itself."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from coursehub.records.course import Course
from coursehub.records.fields import FIELDS
from coursehub.records.foreign_fields import ELSEWHERE
from coursehub.text.addresses import is_login

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH = rf"(?P<word>{'|'.join(_MONTHS)})[a-z]*\.?"
# Days that can be read in one way only: 03/04/2021 cannot.
_DAYS = [
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b",
    )
]
_PROFILE = re.compile(r"(?:https?://)?(?:www\.)?github\.com/([\w-]+)/?", re.ASCII)
_UNFINISHED = {"draft": "true", "published": "false", "publish": "false", "status": "draft", "hidden": "true"}
_LEFT_OUT_SILENTLY = frozenset({"title", "layout"})


class Fields(NamedTuple):
    """The facts that a post gives of itself. `own` are the fields that a post here has, too, as they were written.

    `date` is the day, and `day_as_written` what stood there. `people` are names of authors, which are no logins.
    `without_place`: the fields that posts here have nothing for, with their values in short.
    """

    title: str = ""
    summary: str = ""
    date: dt.date | None = None
    day_as_written: str = ""
    is_draft: bool = False
    topics: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    own: Mapping[str, Any] = {}
    without_place: Mapping[str, str] = {}


def read(fields: Mapping[str, Any], file_name: str, course: Course) -> Fields:
    """The fields of a post whose file has this name; Jekyll and Medium have the day there."""
    by_name = {str(name).lower().strip(): value for name, value in fields.items()}
    written = str(_first(by_name, "date") or "")
    date = day_in(written) or day_in(file_name)
    authors = [*_people(_first(by_name, "authors"))]
    if "semester" in by_name:  # a post of a course like ours, where authors are logins
        authors = [(name if is_login(name) else login, name) for login, name in authors]
    tags = [tag for name, value in by_name.items() if _meaning(name) == "topics" for tag in _words(value)]
    own = {name: value for name, value in by_name.items() if name in _KEPT and value not in (None, "", [])}
    return Fields(
        title=_line(_first(by_name, "title")),
        summary=_line(_first(by_name, "summary")),
        date=date,
        day_as_written="" if date else written,
        is_draft=any(str(by_name.get(name, "")).lower() == value for name, value in _UNFINISHED.items()),
        topics=_topics(tags, course),
        logins=tuple(dict.fromkeys(login for login, _ in authors if login)),
        people=tuple(dict.fromkeys(person for login, person in authors if not login)),
        own=own,
        without_place={
            str(name): _short(value)
            for name, value in fields.items()
            if not _has_place(str(name).lower().strip()) and value not in (None, "", [], {}, False)
        },
    )


# What a post of ours may say already, and what no other engine means something else by.
_KEPT = ("tool", "tool_url", "option", "covers", "evidence", "differences", "distinct_from", "format", "names", "bio")


def _meaning(name: str) -> str:
    return name if name in FIELDS else ELSEWHERE.get(name, "")


def _has_place(name: str) -> bool:
    return bool(_meaning(name)) or name in _UNFINISHED or name in _LEFT_OUT_SILENTLY


def _first(by_name: Mapping[str, Any], ours: str) -> Any:  # noqa: ANN401  (whatever the front matter holds)
    """The value of our own name, else of the first in the table that has one."""
    names = [ours, *(name for name, meaning in ELSEWHERE.items() if meaning == ours)]
    return next((by_name[name] for name in names if by_name.get(name) not in (None, "", [])), None)


def day_in(written: str) -> dt.date | None:
    """The day that a text names, however it is written; None where there is none, or it can be read in two ways."""
    for pattern in _DAYS:
        if match := pattern.search(written):
            groups = match.groupdict()
            month = _MONTHS[groups["word"][:3].lower()] if groups.get("word") else int(groups["month"])
            try:
                return dt.date(int(match["year"]), month, int(match["day"]))
            except ValueError:
                return None
    return None


def _people(value: object) -> Iterator[tuple[str, str]]:
    """Each author as a login, where it is sure to be one, and as a name."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            named = {str(name).lower(): each[name] for name in each}
            yield from _people(named.get("github") or named.get("url") or named.get("name"))
            continue
        for part in _line(each).split(",") if isinstance(value, str) else [_line(each)]:
            name = part.strip()
            profile = _PROFILE.fullmatch(name)
            login = profile[1] if profile else name.removeprefix("@") if name.startswith("@") else ""
            if name and not (name.startswith("http") and not profile):
                yield (login if is_login(login) else ""), name


def _words(value: object) -> Iterator[str]:
    """The tags in a list, in a text with commas, or in one that is a tag itself."""
    if isinstance(value, list):
        for each in value:
            yield from _words(each.get("name") if isinstance(each, dict) else each)
    elif isinstance(value, str):
        yield from (part.strip() for part in value.split(","))


def _topics(tags: list[str], course: Course) -> tuple[str, ...]:
    """The course's topics among the tags."""
    by_name = {_slug(name): topic.id for topic in course.topics for name in (topic.title, topic.id)}
    return tuple(dict.fromkeys(by_name[_slug(tag)] for tag in tags if _slug(tag) in by_name))


def _slug(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def _line(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float | dt.date) else ""


def _short(value: object) -> str:
    return "true" if value is True else _line(value) or "…"
