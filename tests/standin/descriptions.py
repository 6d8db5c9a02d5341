"""GitHub's published descriptions as checks of each request and each answer, and as the ground of answers."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from graphql import DocumentNode, GraphQLSchema, build_schema, parse, validate
from jsonschema import Draft202012Validator, FormatChecker, validators
from referencing import Registry, Resource

FOLDER = Path(__file__).parent / "descriptions"
HINT = "if GitHub has it, regenerate the copies: tests/standin/descriptions/README.md"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ADDRESS = re.compile(r"https?://[^\s]+")

_formats = FormatChecker(formats=())
_formats.checks("date-time")(lambda value: not isinstance(value, str) or bool(STAMP.fullmatch(value)))
_formats.checks("uri")(lambda value: not isinstance(value, str) or bool(ADDRESS.fullmatch(value)))

_proven: set[int] = set()
_follow = Draft202012Validator.VALIDATORS["$ref"]


def _reference(validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[Any]:
    """Errors against a schema referred to. A user or repository that is in many answers is checked once."""
    key = hash((reference, json.dumps(instance, sort_keys=True)))
    if key not in _proven:
        errors = list(_follow(validator, reference, instance, schema))
        if not errors:
            _proven.add(key)
        yield from errors


_Validator = validators.extend(Draft202012Validator, {"$ref": _reference})


@cache
def described() -> dict[str, Any]:
    """The copy of the REST description: operations and schemas."""
    read: dict[str, Any] = json.loads((FOLDER / "rest.json").read_text("utf-8"))
    return read


def _operation(name: str) -> dict[str, Any]:
    operation: dict[str, Any] = described()["operations"][name]
    return operation


@cache
def _registry() -> Any:
    return Registry().with_resource("described:rest", Resource.opaque(described()))


@cache
def _validator(reference: str) -> Any:
    return _Validator({"$ref": "described:rest" + reference}, registry=_registry(), format_checker=_formats)


def _check(reference: str, value: Any, what: str) -> None:
    error = jsonschema.exceptions.best_match(_validator(reference).iter_errors(value))
    assert error is None, f"{what}: {error.json_path}: {error.message[:600]}"


def _pointer(*parts: str) -> str:
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def check_answer(operation: str, status: int, body: Any) -> None:
    """Refuse an answer that GitHub does not describe; errors it leaves undescribed have the common form."""
    responses = _operation(operation)["responses"]
    if status < 400 and responses.get(str(status), "undescribed") is None:
        assert body is None, f"{operation} answers {status} without a body"
        return
    if responses.get(str(status)):
        reference = _pointer("operations", operation, "responses", str(status))
    else:
        assert status >= 400, f"{operation} does not answer {status}"
        reference = "#/schemas/validation-error" if status == 422 else "#/schemas/basic-error"
    _check(reference, body, f"the answer {status} to {operation}")


def check_request(
    operation: str, path: Mapping[str, str], query: list[tuple[str, str]], body: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The path's and the query's parameters as values; refuse what GitHub does not know."""
    parameters = {(each["name"], each["in"]): each for each in _operation(operation)["parameters"]}
    assert len(dict(query)) == len(query), f"{operation}: a parameter is given twice: {query}"
    read: tuple[dict[str, Any], dict[str, Any]] = {}, {}
    for place, given, values in (("path", path, read[0]), ("query", dict(query), read[1])):
        for name, text in given.items():
            assert (name, place) in parameters, f"{operation} has no parameter {name!r}; {HINT}"
            values[name] = _value(parameters[name, place]["schema"], text, f"{operation}: {name}")
    missing = [name for (name, place), each in parameters.items() if each["required"] and name not in read[0] | read[1]]
    assert not missing, f"{operation} needs {missing}"
    expected = _operation(operation).get("body")
    if expected is None:
        assert body is None, f"{operation} takes no body"
    elif body is not None or expected["required"]:
        _check(_pointer("operations", operation, "body", "schema"), body, f"the body of {operation}")
    return read


def _value(schema: Mapping[str, Any], text: str, what: str) -> Any:
    value: Any = text
    if schema.get("type") == "integer":
        assert re.fullmatch(r"-?\d+", text), f"{what}: {text!r} is no whole number"
        value = int(text)
    elif schema.get("type") == "boolean":
        assert text in {"true", "false"}, f"{what}: {text!r} is neither true nor false"
        value = text == "true"
    _Validator(schema, format_checker=_formats).validate(value)
    return value


def fill(name: str, /, **known: Any) -> dict[str, Any]:
    """An object of that schema: what is known of it, and something plain for all else that it must have."""
    return {**_plain(name), **known}


@cache
def _plain(name: str) -> dict[str, Any]:
    filled: dict[str, Any] = _plain_value(described()["schemas"][name])
    return filled


def _plain_value(schema: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return None if name.startswith("nullable-") else _plain_value(described()["schemas"][name])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if isinstance(kind, list) or kind is None:
        return None
    if kind == "object":
        properties = schema.get("properties", {})
        return {part: _plain_value(properties[part]) for part in schema.get("required", [])}
    texts = {"uri": "https://api.github.com/", "date-time": "2026-01-01T00:00:00Z"}
    plain = {
        "string": texts.get(schema.get("format", ""), ""),
        "integer": 0,
        "number": 0,
        "boolean": False,
        "array": [],
    }
    return plain[kind]


@cache
def graphql_schema() -> GraphQLSchema:
    return build_schema((FOLDER / "schema.graphql").read_text("utf-8"))


@cache
def parsed(query: str) -> DocumentNode:
    """The query, after GitHub's schema has found no fault in it."""
    document = parse(query)
    errors = validate(graphql_schema(), document)
    assert not errors, f"{errors[0]}\n{HINT}"
    return document
