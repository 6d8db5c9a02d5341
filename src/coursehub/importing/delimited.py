"""Rows of CSV and its kin, as spreadsheet programs save them."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from coursehub.importing.columns import columns_of
from coursehub.importing.listing import CannotImportError
from coursehub.importing.rows import Hints, Row, cell
from coursehub.records.course import Course
from coursehub.records.finding import Place

_DELIMITERS = ",;\t|"
_SEP = re.compile(r'"?sep=(.)"?[,;\t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)  # Excel's way to say which delimiter it is
_HEADER_ROWS = 10


def rows_of(path: str, text: str, course: Course, hints: Hints) -> list[Row]:
    """The rows of a text with delimiters: those that its first line names, or else those that yield most columns.

    Raises `CannotImportError` where a row cannot be read.
    """
    said = _SEP.match(text)
    delimiter = said[1] if said else max(_DELIMITERS, key=lambda each: _columns(text, each, course, hints))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for row in reader:
            rows.append(Row(line, tuple(map(cell, row))))
            line = reader.line_num + 1
    except csv.Error as error:
        help = "Export the sheet again; nothing was imported."
        raise CannotImportError(Place(path, line), "not-csv", f"the row cannot be read: {error}", help) from error
    return rows[1:] if said else rows


def _columns(text: str, delimiter: str, course: Course, hints: Hints) -> tuple[int, int]:
    """How many columns the header names where cells are delimited so, and how many cells a row has."""
    rows = list(_first_rows(text, delimiter))
    known = (columns.known for row in rows if (columns := columns_of(row, course, hints)))
    return max(known, default=0), max(map(len, rows), default=0)


def _first_rows(text: str, delimiter: str) -> Iterator[Sequence[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for _, row in zip(range(_HEADER_ROWS), reader, strict=False):
            yield row
    except csv.Error:
        return
