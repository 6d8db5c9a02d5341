"""Rows of an Excel workbook: the sheet that has a header, with links, merged cells and dates as a reader sees them."""

import datetime as dt
import html
import io
import re
import warnings
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

from coursehub.importing import rows
from coursehub.importing.listing import CannotImportError, finding, web_links
from coursehub.importing.rows import Cell, Row
from coursehub.names.identity import fold
from coursehub.records.finding import Finding, Place, Severity
from coursehub.text.wording import brief, with_and

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as ExcelCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # a workbook that is locked by a password begins so, too

# Far beyond any list of posts, and read in seconds: what is packed well, or merged, can be a million times as large.
_MOST_BYTES = 30_000_000
_MOST_ELEMENTS = 1_000_000
_MOST = {"elements": _MOST_ELEMENTS, "cells": 200_000, "links": 5_000, "merged cells": 5_000}
_MOST_COLUMNS = 200

_AREAS = {"hyperlink": "links", "mergeCell": "merged cells"}
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_NO_CELL = Cell()
_HELP = "Save the sheet that has the list as CSV (“CSV UTF-8”), and import that."

HasHeader = Callable[[Sequence[Row]], bool]


class Sheet(NamedTuple):
    """The rows of a workbook's sheet, its name, what is to be said of the others, and the links in the file."""

    name: str
    rows: list[Row]
    findings: list[Finding]
    links: frozenset[str]


def read(path: str, content: bytes, has_header: HasHeader, worksheet: str | None = None) -> Sheet:
    """The first visible sheet that has a header, or else the first; or the one that is called `worksheet`.

    Raises `CannotImportError` where the file is no workbook, is too large, or has no sheet of that name.
    """
    try:
        _refuse_if_large(path, content)
        sheets = _sheets(path, content)
    except CannotImportError:
        raise
    except Exception as error:  # whatever a broken file does to zipfile, to the XML parser and to openpyxl
        raise CannotImportError(Place(path), "not-a-workbook", "cannot be read as an Excel workbook", _HELP) from error
    if worksheet is not None:
        sheets = _called(path, sheets, worksheet)
    with_header = [each for each, its_rows in sheets.items() if has_header(its_rows)]
    name = next(iter([*with_header, *sheets]), "")
    return Sheet(name, sheets.get(name, []), _not_read(path, name, with_header, len(sheets)), _links(content))


def _refuse_if_large(path: str, content: bytes) -> None:
    """Refuse what would take more time or memory than a list of posts is worth, before it does."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(part.file_size for part in archive.infolist())
        if size > _MOST_BYTES:
            raise _too_large(path, f"unpacks to {size:,} bytes; at most {_MOST_BYTES:,} are read")
        counts = sum((_counts(archive.open(part)) for part in archive.infolist()), Counter[str]())
    for what, most in _MOST.items():
        if counts[what] > most:
            raise _too_large(path, f"has more than {most:,} {what}")


_NAMESPACES = re.compile(r'\b(?:xmlns(?::\w+)?|Type|uri)="[^"]*"')


def _links(content: bytes) -> frozenset[str]:
    """The web addresses of the cells and links of all sheets, by their XML as it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith(("xl/worksheets/", "xl/sharedStrings"))]
        xml = "\n".join(archive.read(name).decode("utf-8", "replace") for name in names)
    return web_links(html.unescape(_NAMESPACES.sub("", xml)))


def _too_large(path: str, why: str) -> CannotImportError:
    return CannotImportError(Place(path), "workbook-too-large", why, _HELP)


def _counts(part: IO[bytes]) -> Counter[str]:
    """How many cells (each of an area counts), links, merged cells and elements a part has, up to the most elements."""
    counts: Counter[str] = Counter()
    with suppress(ElementTree.ParseError):  # a picture
        for event, element in ElementTree.iterparse(part, ("start", "end")):
            if event == "end":
                element.clear()
                continue
            name = element.tag.rpartition("}")[2]
            counts["elements"] += 1
            counts["cells"] += _cells_in(element.get("ref", "")) if name in _AREAS else name == "c"
            counts[_AREAS.get(name, "")] += 1
            if counts["elements"] > _MOST_ELEMENTS:
                break
    return counts


def _cells_in(area: str) -> int:
    """How many cells an area such as `B2:C9` has; 1 for anything else."""
    match = _AREA.fullmatch(area.replace("$", "").upper())
    if not match:
        return 1
    first, top, last, bottom = match.groups()
    return (abs(_number(last) - _number(first)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _number(letters: str) -> int:
    """The number of a column: 1 of `A`, 27 of `AA`."""
    return sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))


def _load(content: bytes, *, computed: bool) -> "Workbook":
    """The workbook, with formulas or with what they last came to."""
    from openpyxl import load_workbook  # noqa: PLC0415  (slow to load, and seldom needed)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it will not write again
        return load_workbook(io.BytesIO(content), data_only=computed, keep_links=False)


def _sheets(path: str, content: bytes) -> dict[str, list[Row]]:
    """The rows of each sheet by its name, hidden ones last."""
    written = _load(content, computed=False)
    widest = max((sheet.max_column for sheet in written.worksheets), default=0)
    if widest > _MOST_COLUMNS:
        raise _too_large(path, f"has {widest:,} columns; at most {_MOST_COLUMNS} are read")
    formulas = any(each.data_type == "f" for sheet in written.worksheets for each in sheet._cells.values())
    computed = _load(content, computed=True) if formulas else written
    ordered = sorted(written.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
    return {sheet.title: _rows(sheet, computed[sheet.title]) for sheet in ordered}


def _rows(written: "Worksheet", computed: "Worksheet") -> list[Row]:
    """The rows of a sheet that have a text; below the first cell of a merged area, each has its text."""
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    for (row, column), each in written._cells.items():  # those that there are: a stray one far below costs nothing
        its_cell = _cell(each, computed._cells.get((row, column), each).value)
        if its_cell != _NO_CELL:
            cells[row][column] = its_cell
    for area in written.merged_cells.ranges:
        first = cells.get(area.min_row, {}).get(area.min_col, _NO_CELL)
        for row in range(area.min_row + 1, area.max_row + 1):
            if row in cells:
                cells[row].setdefault(area.min_col, first)
    return [
        Row(row, tuple(by_column.get(column, _NO_CELL) for column in range(1, max(by_column) + 1)))
        for row, by_column in sorted(cells.items())
    ]


def _cell(written: "ExcelCell | MergedCell", computed: object) -> Cell:
    """A cell's text, and its links: its own, that of `=HYPERLINK()`, and those in its text."""
    is_link = written.data_type == "f" and rows.is_hyperlink(str(written.value))
    its_cell = rows.cell(_text(written.value if is_link else computed))
    link = written.hyperlink
    if not link or not link.target:
        return its_cell
    target = link.target + (f"#{link.location}" if link.location else "")
    text = its_cell.text or target
    return Cell(text, ((text, target), *its_cell.links))


def _text(value: object) -> str:
    """A value as a reader sees it: 2024 and not 2024.0, a day without its midnight."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return str(value.date() if value.time() == dt.time() else value)
    return "" if value is None else str(value)


def _called(path: str, sheets: dict[str, list[Row]], name: str) -> dict[str, list[Row]]:
    """The one sheet with this name, whatever its capitals."""
    for each, its_rows in sheets.items():
        if fold(each) == fold(name):
            return {each: its_rows}
    names = with_and([f"“{brief(each)}”" for each in list(sheets)[:20]])
    raise CannotImportError(Place(path), "no-worksheet", f"has no worksheet “{brief(name)}”", f"It has {names}.")


def _not_read(path: str, name: str, with_header: Sequence[str], total: int) -> list[Finding]:
    """The note on which of several sheets was read; a warning where another has a header, too."""
    others = [f"“{brief(each)}”" for each in with_header if each != name]
    if others:
        message = f"the worksheet “{brief(name)}” was read; {with_and(others[:20])} can be read, too"
        help = "Left out. Import the file once more for each, with --worksheet."
        return [finding(Place(path), "worksheet-left-out", message, help)]
    if total > 1:
        message = f"of {total} worksheets “{brief(name)}” was read, the only one with a header"
        return [finding(Place(path), "worksheet-read", message, "For another one, give --worksheet.", Severity.NOTICE)]
    return []
