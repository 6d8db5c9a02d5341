"""The front matter of a converted post, with a place for each thing that only its author knows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from coursehub.converting.fields import Fields
from coursehub.records.course import Course, Semester, season
from coursehub.text.visible import visible
from coursehub.text.yaml_writing import yaml_text


class Claimed(NamedTuple):
    """The claim that a converted post makes. `guess`: how the tools' names were guessed, empty where they are known."""

    tools: Sequence[str]
    option: str
    semester: Semester
    authors: Sequence[str]
    is_repeat: bool = False
    guess: str = ""


def front_matter(claim: Claimed, title: str, fields: Fields, course: Course) -> str:
    """The lines from --- to ---."""
    is_draft = fields.is_draft
    lines = [
        f"title: {yaml_text(title)}",
        f"authors: {_listed(claim.authors)}" if claim.authors else f"authors: # GitHub logins{_of(fields.people)}",
        f"option: {claim.option}",
        f"tool: {_listed(claim.tools)}{f' # check: {claim.guess}' if claim.guess else ''}",
        _value("tool_url", fields.own.get("tool_url"))
        or _place("tool_url", "home page or repository of the tool", is_draft),
        f"semester: {claim.semester.id}",
        f"status: {'draft' if is_draft else 'published'}",
        _date(fields, claim.semester),
        f"summary: {yaml_text(fields.summary)}"
        if fields.summary
        else _place("summary", "one or two sentences for lists and search", is_draft),
    ]
    if fields.topics:
        lines.append(f"topics: {_listed(fields.topics)}")
    lines += [
        line for name in ("format", "distinct_from", "names", "bio") if (line := _value(name, fields.own.get(name)))
    ]
    lines += _covers(claim, fields, course)
    lines.append(_value("evidence", fields.own.get("evidence")) or "# evidence: links that show that you tried it")
    if differences := _value("differences", fields.own.get("differences")):
        lines.append(differences)
    elif claim.is_repeat:
        lines.append("differences: # a paragraph: what your post adds to the earlier ones")
    return "\n".join(["---", *lines, "---", ""])


def _place(name: str, wanted: str, is_draft: bool) -> str:
    """A line to fill in; a draft's can wait."""
    return f"# {name}: {wanted}" if is_draft else f"{name}: # {wanted}"


def _of(people: Sequence[str]) -> str:
    return f" of {visible(', '.join(people))[:200]}" if people else ""


def _listed(values: Sequence[str]) -> str:
    written = [yaml_text(value) for value in values]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


def _value(name: str, value: object) -> str:
    if isinstance(value, str) and value.strip():
        return f"{name}: {yaml_text(value.strip())}"
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return f"{name}: {_listed(value)}"
    return ""


def _date(fields: Fields, semester: Semester) -> str:
    first, last = season(semester)
    if fields.date and first <= fields.date <= last:
        return f"date: {fields.date}"
    before = fields.date or visible(fields.day_as_written)[:60]
    return _place("date", f"the day of publication here{f'; it was {before}' if before else ''}", fields.is_draft)


def _covers(claim: Claimed, fields: Fields, course: Course) -> list[str]:
    option = course.at(claim.semester.id).option_by_id.get(claim.option)
    known: object = fields.own.get("covers")
    given: Mapping[str, object] = known if isinstance(known, dict) else {}
    names = [each.id for each in option.requirements] if option else []
    if not names:
        return []
    start = "# " * (fields.is_draft and not given)
    lines = [
        f"{start}  {name}: {yaml_text(str(given[name])) if given.get(name) else '# the heading of the section on it'}"
        for name in names
    ]
    return [f"{start}covers:", *lines]


def semester_of(course: Course, day: dt.date | None) -> Semester | None:
    """The semester of a post of this day: the one that has it in its season, and of several the one that opened last.

    None where there is none, or where `data/course.yaml` does not say which of several opened last.
    """
    if day is None:
        return None
    possible = [each for each in course.semesters if season(each)[0] <= day <= season(each)[1]]
    if len(possible) < 2:
        return next(iter(possible), None)
    if not all(each.claims_open for each in possible):
        return None
    opened = [each for each in possible if each.claims_open and each.claims_open[:10] <= day.isoformat()]
    return max(opened, key=lambda each: each.claims_open or "", default=None)
