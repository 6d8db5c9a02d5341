"""Lists of earlier posts in tables: rows → posts."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from coursehub.importing import dates, workbook
from coursehub.importing.cell_links import Address, addresses_in, is_relative
from coursehub.importing.columns import Columns, columns_of, missing_hints
from coursehub.importing.dates import When, text_at
from coursehub.importing.delimited import rows_of
from coursehub.importing.encodings import decoded
from coursehub.importing.listing import (
    CannotImportError,
    Listed,
    Listing,
    assumed,
    fault_of,
    finding,
    options_in,
    options_of,
    overruled,
    web_links,
)
from coursehub.importing.rows import Hints, Row
from coursehub.names.identity import fold
from coursehub.records.assignment import Options
from coursehub.records.course import Course
from coursehub.records.finding import Finding, Place, Severity
from coursehub.records.semesters import semester_meant
from coursehub.text.addresses import is_web_address
from coursehub.text.wording import brief, plural, slip_of, with_and

_HEADER_ROWS = 10  # a sheet's title and empty rows may stand above the header
_UNUSABLE = "link-unusable"
_LINKS_LOST = (
    "no row has a web address: where words are links in a spreadsheet, its CSV has the words alone",
    "Save the sheet as .xlsx, and import that.",
)
_NO_HINTS = Hints()
_NO_ADDRESS = Address("", None)


class _Reading(NamedTuple):
    """A row as it was read: its post, if it has one; the findings on it; and the link that was taken."""

    post: Listed | None
    findings: tuple[Finding, ...]
    line: int
    link: Address = _NO_ADDRESS


def read_sheet(path: str, content: bytes, course: Course, hints: Hints = _NO_HINTS) -> Listing:
    """The posts of a spreadsheet: an Excel workbook, or CSV and its kin.

    Raises `CannotImportError` where it cannot be read or does not name its columns.
    """
    if content.startswith(workbook.OLD_EXCEL):
        message = "is an Excel file of the old kind, or locked by a password"
        raise CannotImportError(Place(path), "not-a-workbook", message, "Save it as .xlsx, without a password.")
    if content.startswith(workbook.ZIP):
        return _read_workbook(path, content, course, hints)
    text, notes = decoded(path, content)
    listing = read_table(path, rows_of(path, text, course, hints), course, hints)
    if any(each.rule == _UNUSABLE for each in listing.findings) and not any(post.url for post in listing.posts):
        notes.append(_note(Place(path), "links-lost", *_LINKS_LOST))
    return listing._replace(findings=(*notes, *listing.findings), links=web_links(text))


def _read_workbook(path: str, content: bytes, course: Course, hints: Hints) -> Listing:
    """The posts of a sheet of an Excel workbook; its name may state the semester."""

    def has_header(rows: Sequence[Row]) -> bool:
        header = _header(rows, course, hints)
        return header is not None and header[0] + 1 < len(rows)

    sheet = workbook.read(path, content, has_header, hints.worksheet)
    listing = read_table(path, sheet.rows, course, hints, semester=semester_meant(sheet.name, course))
    return listing._replace(findings=(*sheet.findings, *listing.findings), links=sheet.links)


def read_table(
    path: str, rows: Sequence[Row], course: Course, hints: Hints = _NO_HINTS, *, semester: str | None = None
) -> Listing:
    """The posts of a table: by the columns that hold title, link, option, semester and year, and no other.

    `semester` is stated for the whole of the table, as by a heading above it. Raises `CannotImportError` where no row
    names the columns.
    """
    header = _header(rows, course, hints)
    if header is None:
        raise _no_header(path, rows[:_HEADER_ROWS], hints)
    number, columns = header
    top, heading = Place(path, rows[number].line), _texts(rows[number])
    below = [row for row in rows[number + 1 :] if any(_texts(row)) and _texts(row) != heading]
    notes: list[Finding] = []
    meant = dates.meaning(course, hints)
    if columns.semester is None and columns.year is None:
        used = {columns.url, columns.option, *columns.titles}
        columns = columns._replace(semester=dates.column_of_semesters(below, used, meant))
        if columns.semester is not None:
            notes.append(_read_as_semesters(top, heading, columns.semester))
    option = hints.option
    if columns.option is None and option is None and None in columns.options:
        known = options_of(course, hints.semester).options
        option = known[0].id
        notes += [assumed(option, top)] * (len(known) > 1)
    is_first = all(sum(map(bool, _texts(row))) < 2 for row in rows[:number])
    if columns.doubtful:
        notes.append(_doubtful(top, heading, columns))
    terms, years = (dates.filled_down(below, each, meant) for each in (columns.semester, columns.year))
    if filled := max(terms[1], years[1]):
        notes.append(_filled(top, filled))
    readings = [
        _read(row, when, columns, options_of(course, when.semester), Place(path, row.line), hints.base_url, option)
        for row, when in dates.dated(below, terms[0], years[0], meant, semester)
    ]
    posts = tuple(reading.post for reading in readings if reading.post)
    findings = [*notes, *(each for reading in readings for each in reading.findings)]
    findings += [
        *_assumptions(path, readings),
        *_without_link(path, posts, below),
        *overruled(top, posts, hints.semester, hints.option),
    ]
    is_guess = bool(columns.doubtful) or not is_first
    return Listing(posts, tuple(findings), hints.semester, is_guess, basis=_basis(columns, heading))


def _basis(columns: Columns, heading: Sequence[str]) -> str:
    """The columns that were read, in words."""
    numbers = (*columns.titles, columns.url, columns.option, columns.semester, columns.year)
    names = [heading[number] for number in numbers if number is not None and number < len(heading)]
    listed = with_and([f"“{brief(name, 40)}”" for name in dict.fromkeys(names)])
    return f"by the {'column' if len(set(names)) == 1 else 'columns'} {listed}"


def _texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def _header(rows: Sequence[Row], course: Course, hints: Hints) -> tuple[int, Columns] | None:
    """The number of the row that names the columns, and which they are; None where none does.

    Without a column for links, the titles below it have to have some.
    """
    for number, row in enumerate(rows[:_HEADER_ROWS]):
        below = rows[number + 1 :]
        columns = columns_of(_texts(row), below, course, hints)
        if columns and (columns.url is not None or _has_links(below, columns.titles)):
            return number, columns
    return None


def _has_links(rows: Iterable[Row], titles: Sequence[int]) -> bool:
    return any(row.cells[number].links for row in rows for number in titles if number < len(row.cells))


def _no_header(path: str, rows: Sequence[Row], hints: Hints) -> CannotImportError:
    """The refusal of a table whose columns are not known, with the headings that it has."""
    row = next((row for row in rows if sum(map(bool, _texts(row))) > 1), rows[0] if rows else Row(1, ()))
    headings = [brief(text, 40) for text in _texts(row) if text]
    if not headings:
        return CannotImportError(Place(path), "no-header", "has no rows", "Give a table with a header row.")
    place, shown = Place(path, row.line), with_and([f"“{heading}”" for heading in headings[:20]])
    if missing := missing_hints(_texts(row), hints):
        option, name = missing[0]
        near = slip_of(name, headings)
        help = f"Did you mean “{near}”?" if near else "Give one of these, as it is written."
        message = f"has no column “{brief(name)}” for {option}; its headings are {shown}"
        return CannotImportError(place, "no-header", message, help)
    message = f"has no header row that names a column for the title and one for the link; its first row has {shown}"
    help = (
        "If that is the header, say which columns they are: --title-column “…” --link-column “…”. If there is none,"
        " put one above it, such as “Tool” and “Link”."
    )
    return CannotImportError(place, "no-header", message, help)


def _read(
    row: Row, when: When, columns: Columns, options: Options, place: Place, base_url: str | None, option: str | None
) -> _Reading:
    """Read a row by its columns; `options` are those of its semester."""
    titles = zip(columns.titles, columns.options, strict=True)
    number, of_heading = next((pair for pair in titles if text_at(row, pair[0])), (columns.titles[0], None))
    title = text_at(row, number)
    its_cell = number if columns.url is None else columns.url
    addresses = addresses_in(row.cells[its_cell], base_url) if its_cell < len(row.cells) else []
    if columns.url is None and not row.cells[number : number + 1][0].links:
        addresses = []
    link, *further = sorted(addresses, key=lambda each: each.url is None) or [_NO_ADDRESS]
    written = text_at(row, columns.option)
    the_option = _option(written, options) if written else of_heading or option
    listed_in = " ".join(Path(place.path).stem.split())
    listed = Listed(title, link.url or link.written or None, the_option or "", when.semester, listed_in, place)
    fault = _fault(listed, link, when, written, options)
    if fault:
        return _Reading(None, (fault,), place.line)
    return _Reading(listed, tuple(_further(listed, each) for each in further), place.line, link)


def _fault(listed: Listed, link: Address, when: When, option: str, options: Options) -> Finding | None:
    """Why a row is no post, or None."""
    place, title = listed.place, brief(listed.title)
    if is_web_address(listed.title):
        listed = listed._replace(title="")  # nobody called it anything
    if link.url is None and is_relative(link.written) and fold(title):
        message = f"the link of “{title}” is “{brief(link.written)}”, which is relative to the page that has the list"
        return finding(place, _UNUSABLE, message, "Left out. Give that page's address: --base-url https://…")
    if fault := fault_of(listed):
        return fault
    if not listed.option:
        message = f"the option of “{title}” is “{brief(option)}”, which is none of the course's"
        ids = ", ".join(each.id for each in options.options)
        return finding(place, "option-unknown", message, f"Left out. The options are: {ids}.")
    if when.fault:
        return finding(place, "semester-unknown", f"the semester of “{title}” is {when.fault}", when.help)
    return None


def _option(written: str, options: Options) -> str | None:
    """The option that a cell names, by its word or by words of its title (`MLOps`), if it is only one."""
    named = options_in(written, options)
    if not named:
        words = set(fold(written))
        named = [option.id for option in options.options if words <= set(fold(option.title))]
    return named[0] if len(named) == 1 else None


def _further(listed: Listed, link: Address) -> Finding:
    message = f"“{brief(listed.title)}” has one more link, “{brief(link.written)}”; {listed.url} was taken"
    help = "Left out. If it is a post of its own, give it a row; if it is the post, put it first."
    return finding(listed.place, "link-too-many", message, help)


def _doubtful(place: Place, heading: Sequence[str], columns: Columns) -> Finding:
    others = with_and([f"“{brief(heading[number], 40)}”" for number in columns.doubtful[:5]])
    number = len(columns.doubtful)
    message = f"{others} {'is a column' if number == 1 else 'are columns'} that could be meant just as well"
    return _note(place, "columns-doubtful", message, "If so, give --title-column or --link-column.")


def _read_as_semesters(place: Place, heading: Sequence[str], number: int) -> Finding:
    name = heading[number] if number < len(heading) else ""
    message = f"the column “{brief(name)}” has nothing but semesters and is read as such"
    return _note(place, "semester-column-assumed", message, "If that is wrong, give --semester-column.")


def _filled(place: Place, count: int) -> Finding:
    cells = "an empty cell is" if count == 1 else f"{count:,} empty cells are"
    message = f"{cells} taken for part of the merged cell above, which states the semester"
    return _note(place, "cells-filled", message, "If that is wrong, write the semester into each row.")


_ASSUMED = {
    "scheme": ("scheme-assumed", "no https://, which was added", "If one of them is wrong, correct it in the list."),
    "words": ("link-in-words", "words beside it", "If an address has a blank in it, write %20 there."),
    "base": ("link-completed", "an address relative to --base-url", "If this one is wrong, correct --base-url."),
}


def _assumptions(path: str, readings: Sequence[_Reading]) -> Iterator[Finding]:
    """Yield what had to be assumed of links: a finding a kind, with the first of them as an example."""
    for why, (rule, has, help) in _ASSUMED.items():
        those = [reading for reading in readings if reading.link.why == why]
        if those:
            link, verb = those[0].link, "has" if len(those) == 1 else "have"
            message = f"{plural(len(those), 'link')} {verb} {has}: “{brief(link.written)}” is taken as {link.url}"
            yield _note(Place(path, those[0].line), rule, message, help)


def _without_link(path: str, posts: Sequence[Listed], rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield the note that rows have no link where it was looked for, and one elsewhere."""
    with_links = {row.line for row in rows if any(cell.links or "://" in cell.text for cell in row.cells)}
    those = [post for post in posts if not post.url and post.place.line in with_links]
    if those:
        verb = "has" if len(those) == 1 else "have"
        message = (
            f"{plural(len(those), 'post')} {verb} no link, but one in another column, such as “{brief(those[0].title)}”"
        )
        yield _note(Place(path, those[0].place.line), "link-elsewhere", message, "Give the right one by --link-column.")


def _note(place: Place, rule: str, message: str, help: str) -> Finding:
    return finding(place, rule, message, help, Severity.NOTICE)
