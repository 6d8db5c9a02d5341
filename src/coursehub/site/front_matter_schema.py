"""The JSON Schema of a post's front matter, by which editors complete and check it."""

import datetime as dt
from typing import Any, get_type_hints

from coursehub.checks.rules.fields import ALWAYS, LONGEST, LONGEST_CLAIM, PUBLISHED
from coursehub.claims.new_claim import SCHEMA_PATH
from coursehub.records.course import Course, Option
from coursehub.records.post import FIELDS, FORMATS, STATUSES, Post
from coursehub.site.page import Asset
from coursehub.text import addresses
from coursehub.text.formats import indented_json

Schema = dict[str, Any]

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

    It knows each field's type, values and length, and which a post needs. What other posts, the text or the calendar
    have to say about a value, only `coursehub check` knows.
    """
    longest = LONGEST | {"tool": max(LONGEST_CLAIM[option.names] for option in course.options)}
    values: dict[str, Schema] = {
        **{name: {"maxLength": most} for name, most in longest.items()},
        "authors": _LOGIN,
        "option": {"enum": list(course.option_by_id)},
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
        "allOf": [_published(), *map(_covered, course.options)],
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


def _covered(option: Option) -> Schema:
    """Names that `covers` may have in a post of an option."""
    names = {"enum": [requirement.id for requirement in option.requirements]}
    return {
        "if": {"required": ["option"], "properties": {"option": {"const": option.id}}},
        "then": {"properties": {"covers": {"propertyNames": names}}},
    }
