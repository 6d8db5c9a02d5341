"""`coursehub participation` and `grades`: tables for the staff, from a roster that stays with them."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from coursehub.cli.shared import fail, load, root_option, say_if_shallow
from coursehub.comments import record
from coursehub.comments.record import Discussions
from coursehub.grading import confidential, roster
from coursehub.grading import grades as grade_book
from coursehub.grading import participation as part
from coursehub.grading.grades import Format
from coursehub.grading.roster import RosterError
from coursehub.records.hub import Hub
from coursehub.system import git
from coursehub.text.formats import Cell, as_csv
from coursehub.text.visible import visible
from coursehub.text.wording import plural

_FILE = click.Path(dir_okay=False, path_type=Path)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        root_option,
        click.option("--output", metavar="FILE.csv", type=_FILE, help="Where to write the table, instead of here."),
        click.option(
            "--comments", "comments_path", metavar="FILE.json", type=_FILE, required=True,
            help="What `coursehub comments` wrote.",
        ),
        click.option(
            "--roster", "roster_path", metavar="FILE.csv", type=_FILE, required=True,
            help="Columns login, name and id. It stays on your machine.",
        ),
        click.option("--semester", metavar="SEMESTER", help="By default the open one."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@_options
def participation(
    semester: str | None, roster_path: Path, comments_path: Path, output: Path | None, root: Path
) -> None:
    """Who commented on whose posts, and when: a row a student, with flags for a person to judge."""
    hub, ledger = _ledger(root, semester, roster_path, comments_path, output)
    _write(part.rows(ledger, hub.course), output, len(ledger.entries))
    _print_remarks(part.remarks(ledger, hub.course))


@click.command()
@_options
@click.option("--format", "form", type=click.Choice([each.value for each in Format]), default="csv", show_default=True)
def grades(
    semester: str | None, roster_path: Path, comments_path: Path, output: Path | None, form: str, root: Path
) -> None:
    """A grade sheet: points where the hub knows what they are given for, and nothing where a person must judge."""
    hub, ledger = _ledger(root, semester, roster_path, comments_path, output)
    say_if_shallow(root)
    rubric = hub.course.at(ledger.semester).rubric
    if not rubric:
        fail(f"data/course.yaml has no rubric for {ledger.semester}")
    paths = [post.path for entry in ledger.entries for post in entry.posts]
    sheets = grade_book.sheets(hub, ledger, git.since(root, paths) if git.is_repository(root) else {})
    if lacking := list(grade_book.lacking(sheets, Format(form))):
        _fail_at(lacking)
    _write(grade_book.rows(sheets, rubric, Format(form)), output, len(sheets))
    _print_remarks(part.remarks(ledger, hub.course))


def _ledger(
    root: Path, semester: str | None, roster_path: Path, comments_path: Path, output: Path | None
) -> tuple[Hub, part.Ledger]:
    """Return the repository and who did what in the semester; nothing is written yet."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        fail("this is for the staff's own machine: names and grades must not come into the logs of a workflow")
    hub = load(root)
    semester = semester or hub.course.open_semester
    if semester not in hub.course.order:
        fail(f"--semester: “{semester}” is not one of the semesters")
    if hub.course.comments_due(semester) is None:
        fail(f"data/course.yaml does not say when comments of {semester} are due: comments_due")
    _keep_private("--roster", roster_path)
    if output:
        _check_output(output, roster_path, comments_path)
    try:
        students = roster.read(_bytes("--roster", roster_path), hub.course, semester)
    except RosterError as error:
        _fail_at(error.troubles)
    return hub, part.ledger(hub, semester, read_comments(comments_path), students)


def read_comments(path: Path) -> Discussions:
    """Return the comments that a file holds, or stop with exit code 2."""
    content = _bytes("--comments", path)
    try:
        return record.read(content)
    except ValueError as error:
        fail(f"--comments: {path} is not what `coursehub comments` writes: {visible(str(error))}")


def _bytes(option: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fail(f"{option}: {path} cannot be read: {error.strerror}")


def _keep_private(option: str, path: Path) -> None:
    if why := confidential.exposure(path):
        fail(
            f"{option}: {path} holds names and ids or grades, and {why}. "
            "Keep it outside of the repository, or in a place that .gitignore names"
        )


def _check_output(output: Path, *inputs: Path) -> None:
    """Refuse what cannot or must not be written, before anything is read."""
    _keep_private("--output", output)
    if not output.parent.is_dir():
        fail(f"--output: there is no folder {output.parent}")
    if output.resolve() in {path.resolve() for path in inputs}:
        fail(f"--output: {output} is what the command reads")


def _fail_at(troubles: Sequence[tuple[int, str]]) -> NoReturn:
    """Print all that is wrong in the roster, by line and login, without a name or id, and stop with exit code 2."""
    for line, what in troubles:
        click.echo(f"roster, line {line}: {what}", err=True)
    fail("the roster cannot be used; nothing was written")


def _write(rows: Iterable[Sequence[Cell]], output: Path | None, students: int) -> None:
    content = as_csv(rows)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        is_private = confidential.write(output, content)
    except OSError as error:
        fail(f"--output: {output} cannot be written: {error.strerror}")
    readers = "for you alone to read" if is_private else "for all who may read its folder"
    click.echo(f"Written to {output}, {readers}: {plural(students, 'student')}.", err=True)


def _print_remarks(remarks: Iterable[str]) -> None:
    for remark in remarks:
        click.echo(visible(remark), err=True)
