"""Lists of earlier posts → `data/prior_posts.yaml`.

A list is a document (an assignment's text, a page) or a spreadsheet (Excel, CSV). Reading and merging are pure; the
files are read and written here.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from coursehub.importing.document import read_text
from coursehub.importing.encodings import decoded
from coursehub.importing.listing import CannotImportError, Listed, Listing
from coursehub.importing.merging import Import, merge
from coursehub.importing.plan import Plan, plan
from coursehub.importing.rows import Hints
from coursehub.importing.semesters import Semesters, read_semesters, sure_semester
from coursehub.importing.sheet import read_sheet
from coursehub.names.identity import Vocabulary
from coursehub.records import course as course_file
from coursehub.records import prior_posts
from coursehub.records.course import Course
from coursehub.records.finding import Place
from coursehub.system import files
from coursehub.system.files import locked
from coursehub.text.addresses import is_web_address
from coursehub.text.wording import brief

__all__ = [
    "CannotImportError",
    "Hints",
    "Import",
    "Listed",
    "Listing",
    "Plan",
    "Semesters",
    "carry_out",
    "merge",
    "plan",
    "planned",
    "read_lists",
    "read_semesters",
    "read_sheet",
    "read_text",
    "semesters_of",
    "sure_hints",
    "write",
]

_SHEETS = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls")


def sure_hints(hints: Hints, course: Course) -> Hints:
    """The hints with the course's ids for semesters; raises `CannotImportError` where one is none of the course's.

    A single semester is that of all posts of which a list states none.
    """
    if hints.option is not None and hints.option not in course.ever.option_by_id:
        help = f"The options are: {', '.join(course.ever.option_by_id)}."
        message = f"“{brief(hints.option)}” is none of the course's options"
        raise CannotImportError(Place(course_file.PATH), "option-unknown", message, help)
    if hints.base_url is not None and not is_web_address(hints.base_url):
        message = f"--base-url “{brief(hints.base_url)}” is no web address"
        help = "Give the address of the page that has the list, beginning with https://."
        raise CannotImportError(Place(course_file.PATH), "base-url-unusable", message, help)
    written = hints.of_years or filter(None, [hints.semester])
    semesters = tuple(sure_semester(each, course, Place(course_file.PATH)) for each in written)
    semester = semesters[0] if len(semesters) == 1 else None
    if hints.option and semester and (when := course.other_times(hints.option, semester)):
        message = f"“{hints.option}” is an option {when}, and the list is of {semester}"
        help = f"The options of {semester} are: {', '.join(course.at(semester).option_by_id)}."
        raise CannotImportError(Place(course_file.PATH), "option-unknown", message, help)
    return hints._replace(semester=semester, of_years=semesters)


def read_lists(files: Iterable[Path], course: Course, hints: Hints) -> list[Listing]:
    """The lists in the files, one each; raises `CannotImportError` where one has none. The hints are sure ones."""
    return [_read_list(file, course, hints) for file in files]


def planned(
    root: Path, listings: Sequence[Listing], course: Course, vocabulary: Vocabulary, semesters: Semesters
) -> Plan:
    """The import of these lists into the repository's `data/prior_posts.yaml`; nothing is written."""
    return plan(_old(root), listings, course, vocabulary, semesters)


def carry_out(root: Path, plan: Plan) -> Import:
    """Merge the lists' posts into the repository's `data/prior_posts.yaml`, and write it if that changed it.

    Raises `CannotImportError`, and then nothing is written. Of several imports at once, each waits for the one before
    it, and is planned again on what that one wrote.
    """
    target = (root / prior_posts.PATH).resolve()
    with locked(target.parent):
        old = _old(root)
        result = merge(plan if plan.text == old else plan.on(old))
        if result.text != old:
            _refuse_if_changed(root, old)
            write(target, result.text)
    return result


def _old(root: Path) -> str:
    """The text of `data/prior_posts.yaml`, empty where there is none."""
    target = root / prior_posts.PATH
    return _utf_8(target) if target.exists() else ""


def _refuse_if_changed(root: Path, old: str) -> None:
    """Raise `CannotImportError` where an editor, or an import that could not wait, wrote the file meanwhile."""
    if _old(root) != old:
        raise CannotImportError(
            Place(prior_posts.PATH), "changed-meanwhile", "was changed by another program during the import",
            "Run the import again.",
        )  # fmt: skip


def semesters_of(hints: Hints, table: Path | None, course: Course) -> Semesters:
    """The semesters of posts of which no list states one: post by post from a TSV, else the hinted one."""
    return Semesters(read_semesters(table.as_posix(), _utf_8(table), course) if table else {}, hints.semester)


def _read_list(file: Path, course: Course, hints: Hints) -> Listing:
    path = file.as_posix()  # which is the same for all who import it
    if os.fsencode(file) != path.encode("utf-8", "replace"):  # each post says in which list it was
        raise CannotImportError(Place(path), "not-utf-8", "has a name that is not UTF-8", "Rename it.")
    content = file.read_bytes()
    if file.suffix.lower() in _SHEETS:
        return read_sheet(path, content, course, hints)
    text, notes = decoded(path, content)
    listing = read_text(path, text, course, hints)
    return listing._replace(findings=(*notes, *listing.findings))


def _utf_8(file: Path) -> str:
    """The file's text with its line ends and byte order mark as they are."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        help = "Save it as UTF-8; in a spreadsheet program choose “CSV UTF-8”."
        raise CannotImportError(Place(file.as_posix(), line), "not-utf-8", "is not UTF-8", help) from error


def write(path: Path, text: str) -> None:
    """Replace the file in one step: whatever fails, either the old or the new text is there, whole."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, text.encode("utf-8"))
