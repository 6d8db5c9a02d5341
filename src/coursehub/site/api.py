"""Files for programs: a record as JSON, its JSON Schema, and its rows as CSV."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from coursehub.site.page import Asset
from coursehub.text import formats
from coursehub.text.formats import Cell, indented_json


class Paths(NamedTuple):
    """Where the three files are, from the site's root."""

    json: str
    schema: str
    csv: str


def paths(name: str) -> Paths:
    """The paths of the three files of that name."""
    return Paths(f"api/{name}.json", f"api/{name}.schema.json", f"api/{name}.csv")


def files(
    at: Paths, document: msgspec.Struct, row: type[msgspec.Struct], rows: Sequence[msgspec.Struct]
) -> Iterator[Asset]:
    """The three files: `document` holds the `rows`, each of the type `row`."""
    yield Asset(at.json, indented_json(document))
    yield Asset(at.schema, indented_json(_schema(at, type(document))))
    yield Asset(at.csv, as_csv(row, rows))


def _schema(at: Paths, document: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema of a document: every field is required; others are allowed."""
    schema = msgspec.json.schema(document)
    described = {name: _with_plain_description(each) for name, each in schema["$defs"].items()}
    objects = {name: each for name, each in described.items() if "properties" in each}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": at.schema.rpartition("/")[2],  # relative to where it is found, for sites have addresses of their own
        "$comment": "Objects may have more fields one day: fields are only added.",
        **schema,
        "$defs": described | {name: _with_all_required(each) for name, each in objects.items()},
    }


def _with_plain_description(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema whose description is not indented: before 3.13 Python leaves a docstring as the file has it."""
    return {**schema, "description": inspect.cleandoc(schema["description"])} if "description" in schema else schema


def _with_all_required(schema: dict[str, Any]) -> dict[str, Any]:
    """Also the fields that have a default in the program, for they are written, too."""
    properties = {
        name: {key: value for key, value in each.items() if key != "default"}
        for name, each in schema["properties"].items()
    }
    return {**schema, "properties": properties, "required": list(properties)}


def as_csv(row: type[msgspec.Struct], rows: Sequence[msgspec.Struct]) -> bytes:
    """The rows below the names of their fields; items of a list are joined by semicolons, null is empty."""
    cells = (map(_cell, msgspec.to_builtins(each).values()) for each in rows)
    return formats.as_csv([row.__struct_fields__, *map(tuple, cells)])


def _cell(value: object) -> Cell:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return None if value is None else str(value)


def robots(address: str) -> Asset:
    """The file for crawlers, https://www.rfc-editor.org/rfc/rfc9309: all is allowed, and where the sitemap is.

    Without an address this is a preview, of which nothing is allowed.
    """
    rules = ["Allow: /", "", f"Sitemap: {address}sitemap.xml"] if address else ["Disallow: /"]
    return Asset("robots.txt", "\n".join(["User-agent: *", *rules, ""]).encode())
