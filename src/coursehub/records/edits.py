"""A file's bytes after edits, which leave every other byte as it is."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import msgspec

from coursehub.records.finding import Edit
from coursehub.text.expressions import expression

_BREAK = expression(rb"\r\n|\r|\n")
_MARK = b"\xef\xbb\xbf"  # of byte order, which is in column 0


class _Span(NamedTuple):
    start: int
    end: int
    new: bytes


def with_line_ends(content: bytes, line_ends: str) -> bytes:
    """A file's bytes with this line break behind each line."""
    return _BREAK.sub(line_ends.encode(), content)


def applied(content: bytes, edits: Sequence[Edit]) -> bytes:
    """A file's bytes after these edits, which do not overlap. Raises `ValueError` where a place is not in the file.

    Lines that are new end as the file's first line does. An edit that begins in column 0 of the first line takes the
    place of the byte order mark.
    """
    if any(edit.column == 0 for edit in edits):
        content = content.removeprefix(_MARK)
        edits = [edit if edit.column else msgspec.structs.replace(edit, column=1) for edit in edits]
    mark = _MARK if content.startswith(_MARK) else b""
    text = content.removeprefix(_MARK)
    breaks = list(_BREAK.finditer(text))
    starts = [0, *(each.end() for each in breaks)]
    ends = [*(each.start() for each in breaks), len(text)]
    newline = breaks[0][0] if breaks else b"\n"

    places = sorted({place for each in edits for place in ((each.line, each.column), (each.end_line, each.end_column))})
    offsets: dict[tuple[int, int], int] = {}
    for line, columns in groupby(places, key=itemgetter(0)):
        if not 1 <= line <= len(starts):
            raise ValueError(f"there is no line {line}")
        written, at, before = text[starts[line - 1] : ends[line - 1]].decode(), starts[line - 1], 1
        for _, column in columns:
            if not 1 <= column <= len(written) + 1:
                raise ValueError(f"line {line} has no column {column}")
            at += len(written[before - 1 : column - 1].encode())
            offsets[line, column] = at
            before = column
    spans = sorted(
        _Span(offsets[each.line, each.column], offsets[each.end_line, each.end_column], each.text.encode())
        for each in edits
    )
    parts, at = [mark], 0
    for span in spans:
        if not at <= span.start <= span.end:
            raise ValueError("two edits overlap")
        parts += (text[at : span.start], span.new.replace(b"\n", newline))
        at = span.end
    return b"".join((*parts, text[at:]))
