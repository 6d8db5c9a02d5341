"""Lists of earlier posts in a spreadsheet's CSV."""

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from coursehub.importing.listing import (
    CannotImportError,
    Listed,
    Listing,
    assumed,
    fault_of,
    finding,
    options_in,
)
from coursehub.importing.semesters import semesters_are
from coursehub.names.identity import fold
from coursehub.records.course import Course
from coursehub.records.finding import Finding, Place
from coursehub.records.semesters import semester_meant
from coursehub.text.wording import brief


class _Columns(NamedTuple):
    """Which columns are read; no other is. `options` are what a title column's heading says."""

    titles: tuple[int, ...]
    url: int
    option: int | None
    semester: int | None
    options: tuple[str | None, ...]


# A column with one of these in its heading is about a person or something else, whatever else the heading says.
_OTHERS = frozenset(
    {"andrew", "andrewid", "author", "authors", "by", "comment", "commenter", "comments", "date", "email", "emails",
     "grade", "grader", "id", "login", "mail", "note", "notes", "partner", "points", "reviewer", "score", "time",
     "timestamp"}
)  # fmt: skip
_TITLE_WORDS = ({"tool", "tools", "application", "applications", "app", "apps"}, {"claim"}, {"project"}, {"title"})
_LINK_WORDS = {"link", "links", "url", "urls", "hyperlink"}
_POST_WORDS = {"blog", "blogpost", "post", "article"}
_HEADER_ROWS = 10


def read_sheet(
    path: str, text: str, course: Course, *, option: str | None = None, semester: str | None = None
) -> Listing:
    """The posts of a spreadsheet's CSV: the columns that hold title, link, option and semester, and no other.

    `option` and `semester` are for sheets that have no such column.
    """
    header_line, columns, rows = _table(path, text, course)
    posts: list[Listed] = []
    findings: list[Finding] = []
    if columns.option is None and option is None and None in columns.options:
        option = course.options[0].id
        findings.append(assumed(option, Place(path, header_line)))
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        post = _row(row, columns, course, Place(path, line), option)
        if isinstance(post, Finding):
            findings.append(post)
        else:
            posts.append(post)
    return Listing(tuple(posts), tuple(findings), semester)


def _table(path: str, text: str, course: Course) -> tuple[int, _Columns, list[tuple[int, list[str]]]]:
    """The header's line, its columns, and the rows below it, by the delimiter that yields most columns."""
    headers = [header for delimiter in ",;\t" if (header := _header(text, delimiter, course))]
    if not headers:
        message = "has no header row that names a column for the tool or application and one for the link"
        help = "Name them, for instance, “Tool” and “Blog post link” in the first row."
        raise CannotImportError(Place(path), "no-header", message, help)
    number, columns, delimiter = max(headers, key=lambda header: sum(part is not None for part in header[1]))
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        help = "Export the sheet again; nothing was imported."
        raise CannotImportError(Place(path, line), "not-csv", f"the row cannot be read: {error}", help) from error
    return rows[number][0], columns, rows[number + 1 :]


def _header(text: str, delimiter: str, course: Course) -> tuple[int, _Columns, str] | None:
    """The first row that names a title and a link column, among the first few."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number in range(_HEADER_ROWS):
        try:
            row = next(reader, None)
        except csv.Error:
            return None
        if row is None:
            return None
        columns = _columns(row, course)
        if columns:
            return number, columns, delimiter
    return None


def _columns(headings: Sequence[str], course: Course) -> _Columns | None:
    """Which column is what, by the words of its heading. A heading that may be about a person is passed over."""
    ranks: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, heading in enumerate(headings):
        kind = _kind(set(fold(heading)))
        if kind:
            ranks[kind[0]].append((kind[1], number))
    if not ranks["title"] or not ranks["url"]:
        return None
    best = min(ranks["title"])[0]
    titles = tuple(number for rank, number in ranks["title"] if rank == best)
    option, semester = (min(ranks[kind], default=(0, None))[1] for kind in ("option", "semester"))
    by_heading = (options_in(headings[number], course) for number in titles)
    options = tuple(only[0] if len(only) == 1 else None for only in by_heading)
    return _Columns(titles, min(ranks["url"])[1], option, semester, options)


def _kind(words: set[str]) -> tuple[str, int] | None:
    """The kind of column that has these words in its heading, and how sure that is (the lower, the surer)."""
    if words & _OTHERS:
        return None
    if words & {"option", "options"}:
        return "option", 0
    if words & {"semester", "term"}:
        return "semester", 0
    rank = next((rank for rank, some in enumerate(_TITLE_WORDS) if words & some), None)
    if words & _LINK_WORDS and (rank is None or words & _POST_WORDS):
        return "url", 0 if words & _POST_WORDS else 1
    if rank is not None and not words & _LINK_WORDS:
        return "title", rank
    return ("url", 2) if words & _POST_WORDS else None


def _row(row: Sequence[str], columns: _Columns, course: Course, place: Place, option: str | None) -> Listed | Finding:
    """The row's post, or why it is none."""

    def cell(number: int | None) -> str:
        return " ".join(row[number].split()) if number is not None and number < len(row) else ""

    titles = [(cell(number), of_heading) for number, of_heading in zip(columns.titles, columns.options, strict=True)]
    title, of_heading = next(((title, of_heading) for title, of_heading in titles if title), ("", None))
    written_option, written_semester = cell(columns.option), cell(columns.semester)
    the_option = _option(written_option, course) if written_option else of_heading or option
    semester = semester_meant(written_semester, course.order)
    listed_in = " ".join(Path(place.path).stem.split())
    listed = Listed(title, cell(columns.url) or None, the_option or "", semester, listed_in, place)
    if fault := fault_of(listed):
        return fault
    if the_option is None:
        message = f"the option of “{brief(title)}” is “{brief(written_option)}”, which is none of the course's"
        ids = ", ".join(each.id for each in course.options)
        return finding(place, "option-unknown", message, f"Left out. The options are: {ids}.")
    if written_semester and semester is None:
        message = f"the semester of “{brief(title)}” is “{brief(written_semester)}”, which is none of the course's"
        return finding(place, "semester-unknown", message, f"Left out. {semesters_are(course)}")
    return listed


def _option(written: str, course: Course) -> str | None:
    """The option that a cell names, by its word or by words of its title (`MLOps`), if it is only one."""
    options = options_in(written, course)
    if not options:
        words = set(fold(written))
        options = [option.id for option in course.options if words <= set(fold(option.title))]
    return options[0] if len(options) == 1 else None
