"""`coursehub upgrade` and `coursehub override`: a course and the installed release."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import click

from coursehub import starting, workflows
from coursehub.cli.repairs import diff, print_diff_lines
from coursehub.cli.shared import fail, root_option
from coursehub.records import course
from coursehub.records.repository import NoCourseError
from coursehub.system import files, git
from coursehub.text import mkdocs_yaml
from coursehub.text.visible import visible
from coursehub.text.wording import nearest, plural
from coursehub.upgrading import NewerPinError, Plan, changelog, overrides, planned, release
from coursehub.upgrading.overrides import SUFFIXES, Misfit
from coursehub.upgrading.release import Release

_NOTHING = "Nothing was written."
_MOST = 5  # paths that a sentence names


@click.command()
@click.option("--dry-run", is_flag=True, help="Show as a diff what would change, and write nothing.")
@root_option
def upgrade(dry_run: bool, root: Path) -> None:
    """Make a course fit this release of Course Hub: its pins, its lock, and the files that “init” wrote.

    Of files that the course changed, only pins are raised. Overrides that no longer fit are listed, and what is new.
    """
    _require_course(
        root,
        f"git alone brings changes to it, and {starting.MANUAL}move-to-the-package/ has how a copy becomes a course",
    )
    product = starting.product()
    if not product.is_known:
        _refuse("this Course Hub does not know which release or commit it is, so no course can be pinned to it")
    installed = release.installed(product)
    try:
        plan = planned(_files(root, installed), installed)
    except NewerPinError as error:
        _refuse(f"{visible(str(error))}: install that one, or a later one")
    misfits = [*overrides.misfits(dict(_overrides(root)), release.templates())]
    report = [*_changes(plan, with_texts=dry_run), *_misfits(misfits, _folder(root)), *_end(plan, installed, dry_run)]
    if dry_run:
        print_diff_lines([line for path, change in plan.writes.items() for line in diff(path, path, *change)])
    else:
        _require_committed(root, [*plan.writes])
        files.change_all({root / path: change for path, change in plan.writes.items()})
    click.echo("\n".join(report), err=dry_run)


@click.command()
@click.argument("template")
@root_option
def override(template: str, root: Path) -> None:
    """Copy TEMPLATE of the theme, such as main.html, to where the course's own goes first, to be changed there.

    Its first line says which text it was made from: so “upgrade” can list it when the theme's is another one.
    """
    _require_course(root, "its theme's templates are in src/mkdocs_coursehub/theme")
    templates = release.templates()
    if template not in templates:
        has_material = any(each.package != "coursehub" for each in templates.values())
        elsewhere = "" if has_material else " Material's are known where it is installed in the version of the lock."
        fail(f"the theme has no template “{visible(template)}”. {nearest(template, sorted(templates))}{elsewhere}")
    folder = _folder(root)
    if not folder:
        fail(
            "mkdocs.yml names no folder for templates of your own. Write into it, in the place of “theme: material”:\n"
            "theme:\n  name: material\n  custom_dir: overrides"
        )
    path = f"{folder}/{template}"
    try:
        files.create(root / path, overrides.override(template, templates[template]).encode())
    except FileExistsError:
        fail(f"{visible(path)} is there already. {_NOTHING}")
    click.echo(f"{visible(path)}: written. It goes before the theme's {template}; its first line is for “upgrade”.")


def _require_course(root: Path, instead: str) -> None:
    """Stop unless the folder is a course, and not the product's own repository or a copy: then say what to do there."""
    if not (root / course.PATH).is_file():
        fail(f"{visible(str(NoCourseError(root, ())))}; run this in a Course Hub repository, or name it with --root")
    if (root / "src/coursehub").is_dir():
        _refuse(f"{visible(str(root))} holds Course Hub itself, in src/coursehub: {instead}")


def _files(root: Path, installed: Release) -> dict[str, bytes]:
    """Return path → bytes of what a release wrote, and of the course's workflows; stop where one is a link."""
    own = {
        f"{workflows.FOLDER}/{path.name}"
        for pattern in ("*.yml", "*.yaml")
        for path in (root / workflows.FOLDER).glob(pattern)
    }
    paths = sorted({*installed.contents, *installed.written.texts, *own})
    for path in paths:
        if (root / path).resolve() != root.resolve() / path:
            _refuse(f"{visible(path)} is a link, or lies behind one: put the file itself there, and commit that")
    return {path: (root / path).read_bytes() for path in paths if (root / path).exists()}


def _folder(root: Path) -> str:
    """Return the folder of the course's own templates, by mkdocs.yml; empty where there is none."""
    try:
        settings = (root / mkdocs_yaml.PATH).read_text(encoding="utf-8", errors="replace")
        folder = mkdocs_yaml.custom_dir(settings, os.environ).rstrip("/")
    except FileNotFoundError:
        return ""
    except ValueError as error:
        _refuse(f"{mkdocs_yaml.PATH}: {visible(' '.join(str(error).split()))}")
    if not (root / folder).resolve().is_relative_to(root.resolve()):
        _refuse(f"{mkdocs_yaml.PATH} has its templates in {visible(folder)}, which is not in this repository")
    return folder


def _overrides(root: Path) -> Iterator[tuple[str, str]]:
    folder = _folder(root)
    for path in (root / folder).rglob("*") if folder else ():
        if path.suffix in SUFFIXES and path.is_file():
            yield path.relative_to(root / folder).as_posix(), path.read_text(encoding="utf-8", errors="replace")


def _require_committed(root: Path, paths: Sequence[str]) -> None:
    """Stop unless git has each of these files as it is, so that nothing is lost."""
    if not paths:
        return
    if not git.is_repository(root):
        _refuse(f"{visible(str(root))} is not the top of a git repository with a commit, so nobody could undo it")
    if open_ones := [path for path in git.uncommitted(root) if path in paths]:
        named = ", ".join(visible(path) for path in open_ones[:_MOST]) + (" …" if len(open_ones) > _MOST else "")
        _refuse(f"{plural(len(open_ones), 'file')} not committed: {named}. Commit or stash that, and run this again")


def _changes(plan: Plan, *, with_texts: bool) -> Iterator[str]:
    """Yield a line for each file; and `with_texts`, for what the course changed, how the release's text differs."""
    for change in plan.changes:
        yield visible(f"{change.path}: {change.words}")
        if with_texts and change.offered is not None:
            lines = diff(change.path, change.path, change.after or change.before, change.offered)
            yield from (f"  {visible(line.decode(errors='replace').rstrip())}" for line in lines)
    if not with_texts and any(change.offered is not None for change in plan.changes):
        yield "How the text of this release differs from what the course changed: coursehub upgrade --dry-run"


def _misfits(misfits: Sequence[Misfit], folder: str) -> Iterator[str]:
    for path, words, _ in misfits:
        yield visible(f"{folder}/{path}: {words}")
    if any(misfit.is_judged for misfit in misfits):
        yield "To renew one of these: rename it, copy it again with “coursehub override”, and put your changes there."


def _end(plan: Plan, installed: Release, dry_run: bool) -> Iterator[str]:
    if not plan.writes:
        yield f"Nothing to do: the course is at Course Hub {installed.version}."
        return
    since = plan.since or installed.version
    news = changelog.news(installed.changelog, since, installed.version)
    way = f"{since} → {installed.version}" if since != installed.version else f"{since}, as it is installed"
    yield f"Course Hub {way}.{' What is new:' if news else ''}"
    if news:
        yield from ("", *(f"  {line}".rstrip() for line in news.splitlines()), "")
    if dry_run:
        yield f"{_NOTHING} This is a dry run."
    else:
        yield "Look at it with “git diff”. Then set up again as README.md says, build the site, and commit."


def _refuse(why: str) -> NoReturn:
    fail(f"{why}. {_NOTHING}")
