"""Records as JSON, and tables as CSV in which no spreadsheet runs a cell as a formula.

https://owasp.org/www-community/attacks/CSV_Injection
"""

import io
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from coursehub.text.expressions import expression

T = TypeVar("T")

# Also after what some spreadsheets take for the next cell's start, and in the full width of East Asian ones.
_RUN = expression("(^|[;\t\r\n])(?=[\"' ]*[=+\\-@\t\r＝＋－＠])")

Cell = str | int | None


def indented_json(record: object) -> bytes:
    """Return the record as JSON for people and programs: UTF-8, indented by two blanks, with a line's end."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"


class _Versioned(msgspec.Struct):
    version: int


def versioned(content: bytes, shape: type[T], *, version: int, most: int) -> T:
    """The record of this version that a file of at most `most` bytes holds as JSON; a newer one has another shape.

    Raises `ValueError`, with what is wrong, where it is no such record.
    """
    if len(content) > most:
        raise ValueError(f"it has more than {most:,} bytes")
    try:
        its_version = msgspec.json.decode(content, type=_Versioned).version
        if its_version != version:
            raise ValueError(f"its version is {its_version}, not {version}")
        return msgspec.json.decode(content, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def is_run(text: str) -> bool:
    """Whether a spreadsheet could run a cell with this text, as a whole or in part."""
    return bool(_RUN.search(text))


def inert(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run; numbers are cells of their own kind."""
    return _RUN.sub(r"\1'", text)


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as CSV in UTF-8, with commas."""
    import csv  # noqa: PLC0415  (slow to load, and few commands write it)

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    for row in rows:
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode()
