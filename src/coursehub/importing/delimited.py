"""Rows of CSV and its kin, as spreadsheet programs save them."""

import csv
import io
import re
from contextlib import suppress
from itertools import islice

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
    named = _SEP.match(text)
    delimiter = named[1] if named else max(_DELIMITERS, key=lambda each: _columns(text, each, course, hints))
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
    return rows[1:] if named else rows


def _columns(text: str, delimiter: str, course: Course, hints: Hints) -> tuple[bool, int, int]:
    """How well this delimiter fits: whether the first row is the header, the columns it names, the cells of a row."""
    rows = _first_rows(text, delimiter)
    known = [columns.known if (columns := columns_of(row, (), course, hints)) else 0 for row in rows]
    first = next((number for number, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    return bool(known and known[first]), max(known, default=0), max(map(len, rows), default=0)


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    with suppress(csv.Error):  # the text will be read again, and then the error is reported
        rows.extend(islice(reader, _HEADER_ROWS))
    return rows
