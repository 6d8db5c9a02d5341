"""The roster: which login is which student. It stays on the staff's machine, and no message here quotes a cell."""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from coursehub.records.course import Course, Extension, wrong_extension
from coursehub.text.addresses import is_login
from coursehub.text.formats import is_run
from coursehub.text.wording import plural

REQUIRED = ("login", "name", "id")
OPTIONAL = ("sis_user_id", "sis_login_id", "section", "email", *Extension.__struct_fields__)
_ALIASES = {"student": "name"}  # as Canvas calls it
_IDENTIFYING = ("id", "sis_user_id", "sis_login_id", "email")


class Student(msgspec.Struct, frozen=True):
    """A row of the roster. `line` is its first line in the file; `extension` has only what the roster itself says."""

    line: int
    login: str
    name: str
    id: str
    sis_user_id: str = ""
    sis_login_id: str = ""
    section: str = ""
    email: str = ""
    extension: Extension = Extension()


class RosterTrouble(NamedTuple):
    """A fault in a line of the roster, without the words of any cell but a login."""

    line: int
    what: str


class RosterError(Exception):
    """The roster cannot be used."""

    def __init__(self, troubles: list[RosterTrouble]) -> None:
        super().__init__("; ".join(f"line {line}: {what}" for line, what in troubles))
        self.troubles = troubles


def read(content: bytes, course: Course, semester: str) -> tuple[Student, ...]:
    """The students of a roster, a CSV file in UTF-8, with or without a byte-order mark.

    Raises `RosterError` with everything that is wrong.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RosterError([RosterTrouble(line, "is not in UTF-8; save the file as “CSV UTF-8”")]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise RosterError([RosterTrouble(line, "is not in UTF-8, or the file is no text; save it as “CSV UTF-8”")])
    lines = list(_lines(text))
    if not lines:
        raise RosterError([RosterTrouble(1, "the file is empty; its first line names the columns: login,name,id")])
    columns = _columns(*lines[0])
    students: list[Student] = []
    troubles: list[RosterTrouble] = []
    for line, cells in lines[1:]:
        row, faults = _row(line, cells, columns, course, semester)
        troubles += [RosterTrouble(line, what) for what in faults]
        if row:
            students.append(row)
    troubles += _twice(students)
    if not lines[1:]:
        troubles.append(RosterTrouble(lines[0][0], "no student follows the names of the columns"))
    if troubles:
        raise RosterError(sorted(troubles))
    return tuple(students)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with the line on which each begins, but for empty ones."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            what = "cannot be read as CSV; look at its quotes, and those of the lines after it"
            raise RosterError([RosterTrouble(start, what)]) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield start, [cell.strip() for cell in cells]
        start = reader.line_num + 1


def _columns(line: int, cells: list[str]) -> list[str]:
    """The columns' names. A file without them has a student there, so the line is not quoted."""
    if len(cells) == 1 and (";" in cells[0] or "\t" in cells[0]):
        sign = "semicolons" if ";" in cells[0] else "tabs"
        raise RosterError([RosterTrouble(line, f"the columns are separated by {sign}; save the file with commas")])
    names = ["_".join(cell.lower().split()) for cell in cells]
    names = [_ALIASES.get(name, name) for name in names]
    troubles = [
        RosterTrouble(line, f"the name of column {index} is none of: {', '.join((*REQUIRED, *OPTIONAL))}")
        for index, name in enumerate(names, 1)
        if name not in (*REQUIRED, *OPTIONAL)
    ]
    known = [name for name in (*REQUIRED, *OPTIONAL) if name in names]
    troubles += [RosterTrouble(line, f"the column {name} is there twice") for name in known if names.count(name) > 1]
    troubles += [RosterTrouble(line, f"the column {name} is missing") for name in REQUIRED if name not in names]
    if troubles:
        raise RosterError(troubles)
    return names


def _row(
    line: int, cells: list[str], columns: list[str], course: Course, semester: str
) -> tuple[Student | None, list[str]]:
    if len(cells) != len(columns):
        numbers = f"{plural(len(cells), 'cell')} for {plural(len(columns), 'column')}"
        return None, [f"has {numbers}; look at its commas and quotes"]
    row = dict(zip(columns, cells, strict=True))
    troubles = [f"the {name} is empty" for name in REQUIRED if not row[name]]
    if row["login"] and not is_login(row["login"]):
        troubles.append("the login is not a GitHub login: at most 39 letters, digits and single hyphens, without @")
    troubles += [
        f"the {name} begins with a sign that a spreadsheet takes for a formula"
        for name in _IDENTIFYING
        if is_run(row.get(name, ""))
    ]
    extension = Extension(**{name: row.get(name) or None for name in Extension.__struct_fields__})
    for name in Extension.__struct_fields__:
        if problem := wrong_extension(course, semester, name, getattr(extension, name)):
            what = problem if problem.startswith(semester) else problem.partition("” ")[2]
            troubles.append(f"the {name} {what}")
    texts = {name: row[name] for name in columns if name not in Extension.__struct_fields__}
    return Student(line, extension=extension, **texts), troubles


def _twice(students: list[Student]) -> Iterator[RosterTrouble]:
    for name in ("login", *_IDENTIFYING):
        first: dict[str, int] = {}
        for student in students:
            value = getattr(student, name).lower()
            if value in first:
                shown = f"the login {student.login}" if name == "login" and is_login(student.login) else f"the {name}"
                yield RosterTrouble(student.line, f"{shown} is also in line {first[value]}")
            elif value:
                first[value] = student.line
