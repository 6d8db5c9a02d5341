"""How files of data are written whose every byte counts: the indexes of the claims and the catalog.

Every entry costs bytes for every visitor who asks, so values of one kind come together in columns, which compress
well, and what can be worked out is left out. `assets/columns.js` reads them.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import TypeVar

import msgspec

NEW = -1  # instead of a tool's number: the next one
NAME = "\t"  # at a title's start: the tools' names; no title begins with white space

_Value = TypeVar("_Value", int, str)


def title(written: str, tools: Iterable[str]) -> str:
    """The title, with `NAME` for the tools' names where it begins with them."""
    name = " + ".join(tools)
    return NAME + written.removeprefix(name) if name and written.startswith(name) else written


def headline(text: str, address: str) -> str | tuple[int, ...]:
    """A title, or where it lies in the last part of the address but for blanks and capitals.

    That is where it begins there, its length, and which of its letters are capitals.
    """
    part = _last_part(address)
    start = part.find(text.lower().replace(" ", "-"))
    if start < 0 or "-" in text or not text.isascii():
        return text
    return start, len(text), *(at for at, char in enumerate(text) if char != char.lower())


def _last_part(address: str) -> str:
    return address.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]


def runs(semesters: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """(semester, count) for each run of entries of one semester."""
    return tuple((semester, sum(1 for _ in run)) for semester, run in groupby(semesters))


def plain(values: tuple[_Value, ...]) -> tuple[_Value, ...] | _Value:
    """The values of an entry; a single one without a tuple around it."""
    return values[0] if len(values) == 1 else values


def encoded(index: msgspec.Struct) -> bytes:
    """The bytes of the file."""
    return msgspec.json.encode(index) + b"\n"
