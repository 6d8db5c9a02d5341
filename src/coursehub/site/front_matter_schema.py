"""The JSON Schema of a post's front matter, by which editors complete and check it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, get_type_hints

from coursehub.checks.rules.fields import ALWAYS, LONGEST, LONGEST_CLAIM, PUBLISHED
from coursehub.claims.new_claim import SCHEMA_PATH
from coursehub.records.assignment import Assignment
from coursehub.records.course import Course
from coursehub.records.fields import FIELDS, FORMATS, STATUSES
from coursehub.records.post import Post
from coursehub.site.page import Asset
from coursehub.text import addresses
from coursehub.text.formats import indented_json

Schema = dict[str, Any]
Names = tuple[str, ...]

_TEXT: Schema = {"type": "string", "minLength": 1}
_DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_LOGIN: Schema = {"pattern": addresses.LOGIN}
_LINK: Schema = {"pattern": addresses.PATTERN}
_TYPES = get_type_hints(Post)


def asset(course: Course) -> Asset:
    """The schema as a file of the site, for the fields and values of a course."""
    return Asset(SCHEMA_PATH, indented_json(schema(course)))


def schema(course: Course) -> Schema:
    """The schema, in draft 7, which is the one that editors know: https://json-schema.org/draft-07

    It knows each field's type, values and length, and which a post needs; where the assignment changed, by the post's
    semester. What other posts, the text or the calendar have to say about a value, only `coursehub check` knows.
    """
    longest = LONGEST | {"tool": max(LONGEST_CLAIM[option.names] for option in course.ever.options)}
    offered = _by_semester(course, lambda asked: tuple(asked.option_by_id))
    values: dict[str, Schema] = {
        **{name: {"maxLength": most} for name, most in longest.items()},
        "authors": _LOGIN,
        "option": {"enum": list(course.now.option_by_id)} if len(offered) == 1 else {},
        "semester": {"enum": list(course.order), "default": course.open_semester},
        "status": {"enum": list(STATUSES)},
        "topics": {"enum": list(course.topic_by_id)},
        "format": {"enum": list(FORMATS)},
        **dict.fromkeys(("tool_url", "external_url", "archived", "evidence"), _LINK),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"A post of {course.name}",
        "type": "object",
        "properties": {name: _field(name, values.get(name, {})) for name in FIELDS},
        "required": list(ALWAYS),
        "additionalProperties": False,
        "allOf": [_published(), *_offered(course, offered), *_covered(course)],
    }


def _field(name: str, values: Schema) -> Schema:
    """The schema of one field, whose text, or each of its texts, is one of the `values`."""
    one = _TEXT | values
    by_type: dict[object, Schema] = {
        str: one,
        tuple[str, ...]: {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]},
        dict[str, str]: {"type": "object", "additionalProperties": _TEXT},
        dt.date | None: _DATE,
        bool: {"type": "boolean"},
    }
    return {"description": f"It takes {FIELDS[name].wants}.", **by_type[_TYPES[name]]}


def _published() -> Schema:
    """Fields that a published post needs, but for a private one."""
    status, private = {"status": {"const": "published"}}, {"private": {"const": True}}
    return {
        "if": {"required": ["status"], "properties": status, "not": {"required": ["private"], "properties": private}},
        "then": {"required": list(PUBLISHED)},
    }


def _by_semester(course: Course, part: Callable[[Assignment], Names | None]) -> dict[Names, list[str]]:
    """A part of what the course asks, as it was or is → the semesters in which it is so."""
    semesters: dict[Names, list[str]] = defaultdict(list)
    for semester in course.order:
        if (names := part(course.at(semester))) is not None:
            semesters[names].append(semester)
    return semesters


def _offered(course: Course, offered: Mapping[Names, Sequence[str]]) -> Iterator[Schema]:
    """The options that posts of these semesters may have, where they are not the same in all."""
    for options, semesters in offered.items() if len(offered) > 1 else ():
        yield _where(course, {}, semesters, {"option": {"enum": list(options)}})


def _covered(course: Course) -> Iterator[Schema]:
    """Names that `covers` may have in posts of an option."""
    for option in course.ever.option_by_id:
        for names, semesters in _by_semester(course, partial(_required, option)).items():
            covers = {"covers": {"propertyNames": {"enum": list(names)}}}
            yield _where(course, {"option": {"const": option}}, semesters, covers)


def _required(option: str, asked: Assignment) -> Names | None:
    its = asked.option_by_id.get(option)
    return tuple(requirement.id for requirement in its.requirements) if its else None


def _where(course: Course, values: Schema, semesters: Sequence[str], then: Schema) -> Schema:
    """The fields `then` of posts with these values, in these semesters."""
    if len(semesters) < len(course.order):
        values = {**values, "semester": {"enum": list(semesters)}}
    return {"if": {"required": list(values), "properties": values}, "then": {"properties": then}}
