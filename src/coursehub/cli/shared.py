"""Shared by the commands: exit codes, options, the repository, how findings are printed."""

import datetime as dt
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from coursehub.checks import report
from coursehub.names.file_names import in_git, same
from coursehub.records import repository
from coursehub.records.finding import Finding, Place
from coursehub.records.hub import Hub
from coursehub.records.listing import Listing
from coursehub.records.repository import NoCourseError
from coursehub.system import actions_log, git
from coursehub.text.visible import visible
from forkpool import processes

SHALLOW = (
    "this clone is shallow, so it cannot date claims, nor say who of two came first. "
    "Fetch the whole history: git fetch --unshallow"
)
CLEAN, FINDINGS, BROKEN = 0, 1, 2  # exit codes, as docs/commands.md promises them


def fail(message: str) -> NoReturn:
    """Print what is wrong with the call or the set-up, and stop with exit code 2."""
    click.echo(f"coursehub: {message}", err=True)
    sys.exit(BROKEN)


def indented(error: Exception) -> str:
    """Return the lines of a program's message, each on a line of its own, to be put after a sentence."""
    return "".join(f"\n  {visible(line)}" for line in str(error).splitlines() if line.strip())


def _root(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path:
    """Return the folder of `--root`, or the nearest one upwards that has a course."""
    if value:
        return value
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "data/course.yaml").is_file()), here)


def root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--root` to a command: the repository's folder."""
    return click.option(
        "--root",
        type=click.Path(file_okay=False, path_type=Path),
        callback=_root,
        help="The repository; by default the one around the current folder.",
    )(command)


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--format` to a command: how findings are printed."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(report.FORMATS),
        default="text",
        show_default=True,
        help="text for people, github for annotations, json for programs.",
    )(command)


def summary_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--summary` to a command: where all findings are listed for a workflow's job."""
    return click.option(
        "--summary",
        metavar="FILE.md",
        envvar="GITHUB_STEP_SUMMARY",
        show_envvar=True,
        type=click.Path(dir_okay=False, path_type=Path),
        help="With --format github: add all findings to this file, since GitHub shows few annotations.",
    )(command)


def built_site(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    """Return the folder of a built site, or stop with exit code 2 where it has none."""
    if not (value / "index.html").is_file():
        fail(f"{visible(str(value))} has no index.html; build the site first: mkdocs build --strict")
    return value


def inside(path: Path, root: Path) -> str:
    """Return a path from the top of the repository, or stop with exit code 2 where it is not in it."""
    if (there := within(path, root)) is not None:
        return there
    fail(f"{visible(str(path))} is not in the repository {visible(str(root))}")


def within(path: Path, root: Path) -> str | None:
    """Return a path from the top of the repository, spelled as the folders have it, or None where it is not in it."""
    plain = absolute(path)
    for way, top in (plain, absolute(root)), (plain.parent.resolve() / plain.name, root.resolve()):
        if way.is_relative_to(top):  # an editor may know the folder by a link
            return _as_listed(top, way.relative_to(top).parts)
    return None


def _as_listed(top: Path, parts: Sequence[str]) -> str:
    """Return a path below `top` as its folders list it: Windows and macOS take posts/f2026 for posts/F2026, too."""
    here = top
    for part in parts:
        names = os.listdir(here) if here.is_dir() else []  # noqa: PTH208  (names are all that is needed)
        is_other = part not in names and os.path.lexists(here / part)
        here /= next((name for name in names if is_other and same(name) == same(part)), part)
    return in_git(here.relative_to(top).as_posix())


def absolute(path: Path) -> Path:
    """Return the path from the top, without `..`; links are not followed."""
    return Path(os.path.normpath(path.absolute()))


def say_if_shallow(root: Path) -> None:
    """Say that claims have no dates where the clone's history is cut off."""
    if git.is_repository(root) and git.is_shallow(root):
        click.echo(f"coursehub: {SHALLOW}", err=True)


def load(
    root: Path, *, base: str = "HEAD", now: dt.datetime | None = None, with_contents: bool = False,
    with_texts: bool = True, files: Listing | None = None, unsaved: Mapping[str, bytes] = {},
) -> Hub:  # fmt: skip
    """Return the repository, or stop with exit code 2 and the place where `data/course.yaml` is broken."""
    try:
        return repository.load(
            root, base=base, now=now, processes=processes(), with_contents=with_contents, with_texts=with_texts,
            files=files, unsaved=unsaved,
        )  # fmt: skip
    except NoCourseError as error:
        for path, trouble in error.troubles:
            click.echo(f"{Place(path, trouble.line, trouble.column)}: {trouble.sentence}", err=True)
        fail(f"{error}; run this in a Course Hub repository, or name it with --root")


def print_findings(
    findings: list[Finding], judged: int, root: Path, output: str, summary: Path | None,
    unsaved: Mapping[str, bytes] = {}, *, to_stderr: bool = False,
) -> NoReturn:  # fmt: skip
    """Print findings in a form of `--format`, and stop: exit code 1 if anything blocks.

    Lines are shown of what is `unsaved` (path → bytes) or else of the files below `root`.
    """
    if output == "github":
        annotate(findings, summary)
        sys.exit(_code(findings))
    lines: dict[str, list[str]] = {}

    def source(path: str, line: int) -> str | None:
        if path not in lines:
            lines[path] = _split(unsaved[path]) if path in unsaved else _lines(root / path)
        return lines[path][line - 1] if 0 < line <= len(lines[path]) else None

    colour = output == "text" and (sys.stderr if to_stderr else sys.stdout).isatty()
    text = report.written(output, findings, judged, source, colour=colour)
    click.echo(text, nl=False, color=colour, err=to_stderr)
    sys.exit(_code(findings))


def annotate(findings: list[Finding], summary: Path | None) -> None:
    """Print findings as annotations for GitHub, and list them all in the job's summary, if there is one."""
    actions_log.write_commands(report.as_github(findings))
    if not summary or not findings:
        return
    from coursehub.cli import job_summary  # noqa: PLC0415  (only workflows need it)

    try:
        with summary.open("a", encoding="utf-8") as file:
            file.write(job_summary.as_markdown(report.by_severity(findings)))
    except OSError as error:
        fail(f"--summary: {visible(str(summary))} cannot be written: {error.strerror}")


def _code(findings: list[Finding]) -> int:
    return FINDINGS if any(finding.blocks for finding in findings) else CLEAN


def _lines(path: Path) -> list[str]:
    """Return a file's lines to show; none of a link, a picture, or a file too large to be meant."""
    if path.suffix not in (".md", ".yaml") or not path.is_file() or path.is_symlink():
        return []
    if path.stat().st_size > 5_000_000:
        return []
    return _split(path.read_bytes())


def _split(content: bytes) -> list[str]:
    return content.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
