"""`coursehub new --from`: posts of other engines, converted and written."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import click

from coursehub.checks import report
from coursehub.claims import availability, new_claim
from coursehub.cli.claims import as_meant
from coursehub.cli.shared import CLEAN, FINDINGS, fail
from coursehub.converting import archive, plan
from coursehub.converting import files as foreign_files
from coursehub.converting.plan import Outcome, Wish
from coursehub.converting.post import Converted
from coursehub.records.course import Semester
from coursehub.records.finding import Severity
from coursehub.records.hub import Hub
from coursehub.system import files
from coursehub.text.visible import visible
from coursehub.text.wording import nearest, plural, with_and


def write_posts(
    hub: Hub, root: Path, source: Path, names: Sequence[str], option: str, authors: Sequence[str], semester: str | None
) -> NoReturn:
    """Convert a file, or each post of a folder, write what can be written, say what became of each, and stop.

    Exit code 1: a post was not written, or a line of one wants a person.
    """
    if source.suffix.lower() == ".zip":
        with TemporaryDirectory() as folder:
            _unpack(source, Path(folder))
            write_posts(hub, root, Path(folder), names, option, authors, semester)
    wanted = _semester(hub, semester)
    known = hub.course.ever.option_by_id
    if option not in known:
        fail(f"--option: “{option}” is not one of the options. {nearest(option, known)}")
    names = as_meant(hub, names, option, semester or hub.course.open_semester) if names else ()
    posts = [*foreign_files.posts_in(source)] if source.is_dir() else [source]
    if len(posts) == 1:
        _write_one(hub, root, posts[0], Wish(option, names, authors, wanted))
    if not posts:
        fail(f"--from: {visible(str(source))} has no file that can be a post: Markdown, a notebook, or Medium's HTML")
    if names:
        fail(
            f"--from: {visible(str(source))} has {plural(len(posts), 'post')}, which cannot all be about one tool. "
            "Without a name, each is about what its own title and front matter say"
        )
    outcomes = plan.outcomes(hub, posts, Wish(option, (), authors, wanted))
    outcomes = [_written(root, each) for each in outcomes]
    for each in outcomes:
        click.echo(_row(source, each))
    written = [each.post for each in outcomes if each.post]
    _print_findings(written)
    rest = len(outcomes) - len(written)
    click.echo(
        f"\n{plural(len(outcomes), 'file')}: {len(written)} written, {rest} not; "
        f"{plural(sum(map(_lines_to_mend, written)), 'place')} to look at. "
        "Each post has a # where something is to be filled in."
    )
    sys.exit(FINDINGS if rest or any(map(_lines_to_mend, written)) else CLEAN)


def _unpack(source: Path, folder: Path) -> None:
    try:
        archive.unpack(source, folder)
    except (archive.UnusableArchiveError, OSError) as error:
        fail(f"--from: {visible(source.name)}: {error}")


def _semester(hub: Hub, semester: str | None) -> Semester | None:
    if semester is None:
        return None
    if semester not in hub.course.order:
        fail(f"--semester: “{semester}” is not one of the semesters. {nearest(semester, hub.course.order)}")
    return hub.course.semesters[hub.course.order[semester]]


def _write_one(hub: Hub, root: Path, file: Path, wish: Wish) -> NoReturn:
    """Write one post, of the open semester unless another is named."""
    if not foreign_files.is_text(file):
        fail(
            f"--from: {visible(file.name)} is neither Markdown, a notebook nor HTML; "
            "pandoc makes Markdown of most other files"
        )
    open_semester = hub.course.semesters[hub.course.order[hub.course.open_semester]]
    semester = wish.semester or open_semester
    is_open = semester is open_semester
    if is_open and wish.tools:
        answer = availability.ask(hub, wish.tools, wish.option)
        click.echo(availability.in_words(answer))
        if not answer.can_be_claimed:
            sys.exit(FINDINGS)
    login = new_claim.own_login(root, Path.home(), os.environ) if is_open else None
    (outcome,) = plan.outcomes(hub, [file], wish._replace(semester=semester, own=(login,) if login else ()))
    outcome = _written(root, outcome)
    if not outcome.post:
        click.echo(f"Nothing was written: {visible(outcome.why)}.")
        sys.exit(FINDINGS)
    _print_findings([outcome.post])
    pictures = len(outcome.post.pictures)
    with_pictures = f", with {plural(pictures, 'picture')} beside it" if pictures else ""
    click.echo(f"\nWritten to {outcome.post.path}{with_pictures}.{_to_fill_in(outcome.post)}")
    click.echo(f"Then: coursehub check {outcome.post.path}")
    sys.exit(FINDINGS if _lines_to_mend(outcome.post) else CLEAN)


def _written(root: Path, outcome: Outcome) -> Outcome:
    """Write a post and its pictures, or say why that cannot be; then nothing of it is there."""
    each = outcome.post
    if not each:
        return outcome
    contents = {root / path: content for path, content in (*each.pictures.items(), (each.path, each.text.encode()))}
    try:
        files.create_all(contents)
    except FileExistsError as error:
        return outcome._replace(post=None, why=f"{error.filename} is there already, and was left as it is")
    except OSError as error:
        return outcome._replace(post=None, why=f"{error.filename} cannot be written: {error.strerror}")
    return outcome


def _row(source: Path, outcome: Outcome) -> str:
    name = visible(outcome.file.relative_to(source).as_posix())
    each = outcome.post
    if not each:
        return f"{name}: not written: {visible(outcome.why)}"
    counts = [plural(len(each.pictures), "picture")] if each.pictures else []
    if lines := _lines_to_mend(each):
        counts.append(f"{plural(lines, 'place')} to look at")
    return f"{name} → {each.path}{f' ({with_and(counts)})' if counts else ''}"


def _lines_to_mend(each: Converted) -> int:
    return sum(finding.severity is not Severity.NOTICE for finding in each.findings)


def _print_findings(posts: Sequence[Converted]) -> None:
    findings = [finding for each in posts for finding in each.findings]
    if findings:
        click.echo()
        click.echo(report.in_words(findings, lambda path, line: None, colour=False), nl=False)


_PLACE = re.compile(r"^(\w+):(?: #.*)?$", re.MULTILINE)


def _to_fill_in(each: Converted) -> str:
    names = _PLACE.findall(each.text.partition("\n---\n")[0])
    return f" Fill in {with_and([f'“{name}”' for name in names])}." if names else ""
