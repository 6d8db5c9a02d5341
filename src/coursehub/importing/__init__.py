"""Lists of earlier posts → `data/prior_posts.yaml`.

A list is an assignment's text (Markdown) or a spreadsheet (CSV). Reading and merging are pure; the files are
read and written here.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from coursehub.importing.document import read_text
from coursehub.importing.listing import CannotImportError, Listed, Listing
from coursehub.importing.merging import Import, merge
from coursehub.importing.rows import Hints
from coursehub.importing.semesters import read_semesters, sure_semester
from coursehub.importing.sheet import read_sheet
from coursehub.names.identity import Vocabulary
from coursehub.records import course as course_file
from coursehub.records import prior_posts
from coursehub.records.course import Course
from coursehub.records.finding import Place
from coursehub.system import files
from coursehub.system.files import locked

__all__ = [
    "CannotImportError",
    "Import",
    "Listed",
    "Listing",
    "import_files",
    "merge",
    "read_semesters",
    "read_sheet",
    "read_text",
    "write",
]


def import_files(
    root: Path, files: Iterable[Path], course: Course, vocabulary: Vocabulary, *,
    semester: str | None = None, semesters_from: Path | None = None, option: str | None = None,
) -> Import:  # fmt: skip
    """Merge the files' posts into the repository's `data/prior_posts.yaml`, and write it if that changed it.

    `semester` is that of the new posts, `semesters_from` a TSV that gives it post by post; `option` is that of
    lists that do not tell. Raises `CannotImportError`, and then nothing is written. Of several imports at once, each
    waits for the one before it.
    """
    semester = semester and sure_semester(semester, course, Place(course_file.PATH))
    if option is not None and option not in course.option_by_id:
        help = f"The options are: {', '.join(course.option_by_id)}."
        message = f"“{option}” is none of the course's options"
        raise CannotImportError(Place(course_file.PATH), "option-unknown", message, help)
    listings = [_read_list(file, course, option=option, semester=semester) for file in files]
    semesters = read_semesters(str(semesters_from), _decoded(semesters_from), course) if semesters_from else {}
    target = (root / prior_posts.PATH).resolve()
    with locked(target.parent):
        old = _decoded(target) if target.exists() else ""
        result = merge(old, listings, course, vocabulary, semester=semester, semesters=semesters)
        if result.text != old:
            _refuse_if_changed(target, old)
            write(target, result.text)
    return result


def _refuse_if_changed(target: Path, old: str) -> None:
    """Raise `CannotImportError` where an editor, or an import that could not wait, wrote the file meanwhile."""
    if (_decoded(target) if target.exists() else "") != old:
        raise CannotImportError(
            Place(prior_posts.PATH), "changed-meanwhile", "was changed by another program during the import",
            "Run the import again.",
        )  # fmt: skip


def _read_list(file: Path, course: Course, *, option: str | None, semester: str | None) -> Listing:
    if os.fsencode(file) != str(file).encode("utf-8", "replace"):  # each post says in which list it was
        raise CannotImportError(Place(str(file)), "not-utf-8", "has a name that is not UTF-8", "Rename it.")
    text = _decoded(file).removeprefix("\ufeff")
    if file.suffix.lower() in (".csv", ".tsv"):
        return read_sheet(str(file), text, course, Hints(option, semester))
    return read_text(str(file), text, course, Hints(option, semester))


def _decoded(file: Path) -> str:
    """The file's text with its line ends and byte order mark as they are."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        help = "Save it as UTF-8; in a spreadsheet program choose “CSV UTF-8”."
        raise CannotImportError(Place(str(file), line), "not-utf-8", "is not UTF-8", help) from error


def write(path: Path, text: str) -> None:
    """Replace the file in one step: whatever fails, either the old or the new text is there, whole."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, text.encode("utf-8"))
