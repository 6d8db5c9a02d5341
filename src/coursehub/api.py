"""What the site has for programs: a record as JSON, its JSON Schema, and its rows for spreadsheets."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from coursehub import table
from coursehub.json_text import indented
from coursehub.pages import Asset
from coursehub.table import Cell


class Paths(NamedTuple):
    """Where the three files are, from the site's root."""

    json: str
    schema: str
    csv: str


def paths(name: str) -> Paths:
    """The files of that name."""
    return Paths(f"api/{name}.json", f"api/{name}.schema.json", f"api/{name}.csv")


def files(
    at: Paths, document: msgspec.Struct, row: type[msgspec.Struct], rows: Sequence[msgspec.Struct]
) -> Iterator[Asset]:
    """The three files: `document` holds the `rows`, each of the type `row`."""
    yield Asset(at.json, indented(document))
    yield Asset(at.schema, indented(msgspec.json.schema(type(document))))
    yield Asset(at.csv, as_csv(row, rows))


def as_csv(row: type[msgspec.Struct], rows: Sequence[msgspec.Struct]) -> bytes:
    """The rows below the names of their fields; items of a list are joined by semicolons, null is empty."""
    cells = (map(_cell, msgspec.to_builtins(each).values()) for each in rows)
    return table.as_csv([row.__struct_fields__, *map(tuple, cells)])


def _cell(value: object) -> Cell:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return None if value is None else str(value)
