"""The semesters of earlier posts, and the table that says in which semester each post was written."""

from collections.abc import Mapping
from typing import NamedTuple

from coursehub.importing.listing import CannotImportError, Key, join_key
from coursehub.records.course import Course
from coursehub.records.finding import Place
from coursehub.records.semesters import semester_meant
from coursehub.text.wording import brief


class Semesters(NamedTuple):
    """The semesters that no list states: `by_post` are inferred, and `of_new` is that of all other new posts."""

    by_post: Mapping[Key, str] = {}
    of_new: str | None = None


def sure_semester(written: str, course: Course, place: Place) -> str:
    """As `semester_meant`; raises `CannotImportError` where there is none."""
    semester = semester_meant(written, course)
    if semester is None:
        message = f"“{brief(written)}” is none of the course's semesters"
        raise CannotImportError(place, "semester-unknown", message, semesters_are(course))
    return semester


def semesters_are(course: Course) -> str:
    """Help for whoever wrote another one."""
    return f"The semesters are in data/course.yaml: {', '.join(course.order)}."


def read_semesters(path: str, text: str, course: Course) -> dict[Key, str]:
    """The semesters that a TSV with the columns title, url and written_in gives, each for a post."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    names = lines[0].split("\t") if lines else []
    if not {"title", "url", "written_in"} <= set(names):
        help = "The first line names the columns title, url and written_in, with tabs between them."
        raise CannotImportError(Place(path), "no-header", "has no header for semesters", help)
    by_key: dict[Key, str] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = dict(zip(names, line.split("\t"), strict=False))
        key = join_key(cells.get("title", ""), cells.get("url", "").strip() or None)
        semester = sure_semester(cells.get("written_in", ""), course, Place(path, number))
        if by_key.setdefault(key, semester) != semester:
            message = f"“{cells['title']}” was in {by_key[key]} on a line above, and is in {semester} here"
            raise CannotImportError(Place(path, number), "semester-twice", message, "Remove one of the two lines.")
    return by_key
