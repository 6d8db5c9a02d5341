"""Rows of a table, from whatever file: cells with their text and their links.

CSV, workbooks, and tables in Markdown and HTML all become these; `sheet.read_table` makes posts of them.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

Link = tuple[str, str]  # (text, address)


class Cell(NamedTuple):
    """The text of a cell as a reader sees it, and its links, each as (text, address)."""

    text: str = ""
    links: tuple[Link, ...] = ()


class Row(NamedTuple):
    """A row, and the line of the file where it begins, counted from 1; in a workbook the row's number."""

    line: int
    cells: tuple[Cell, ...]


class Hints(NamedTuple):
    """Hints on the lists by the person who imports them; a row that says otherwise has its own way.

    `option` and `semester` are ids of the course, `base_url` is the address of the page that relative links are on.
    Columns are named by their heading, a sheet of a workbook by its name. `of_years`: semesters, each for the posts of
    which the list states the year alone.
    """

    option: str | None = None
    semester: str | None = None
    base_url: str | None = None
    title_column: str | None = None
    link_column: str | None = None
    semester_column: str | None = None
    worksheet: str | None = None
    of_years: tuple[str, ...] = ()

    def chosen(self, semesters: Collection[str]) -> str | None:
        """Return the one of these semesters that a year means; None where that is not known."""
        hinted = {self.semester, *self.of_years}.intersection(semesters) if len(semesters) > 1 else semesters
        return next(iter(hinted)) if len(hinted) == 1 else None


_QUOTED = r'\s*"((?>(?:[^"]|"")*))"\s*'
_FORMULA = re.compile(rf"\s*=\s*HYPERLINK\s*\({_QUOTED}(?:[,;]{_QUOTED})?\)\s*", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"(?<!!)\[((?>(?:[^\[\]\\]|\\.)*))\]\(\s*+<?((?>(?:[^\s()<>]|\([^\s()]*+\))*))>?\s*+(?:\"[^\"]*+\"\s*+)?\)"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def cell(written: str) -> Cell:
    """The cell that a text means: `=HYPERLINK("address"; "text")` and `[text](address)` are links."""
    if formula := _FORMULA.fullmatch(written):
        address, text = (_plain((part or "").replace('""', '"')) for part in formula.groups())
        return Cell(text or address, ((text or address, address),))
    if "](" not in written:
        return Cell(_plain(written))
    links = tuple((_unescaped(match[1]), match[2]) for match in _MARKDOWN.finditer(written))
    return Cell(_plain(_MARKDOWN.sub(lambda match: _unescaped(match[1]), written)), links)


def is_hyperlink(written: str) -> bool:
    """Whether a text is the formula `=HYPERLINK("address"; "text")`, with nothing in it that has to be computed."""
    return bool(_FORMULA.fullmatch(written))


def _unescaped(text: str) -> str:
    return _plain(_ESCAPED.sub(r"\1", text))


def _plain(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())
