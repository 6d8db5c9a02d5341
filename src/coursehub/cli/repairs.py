"""Repairs of `coursehub check --fix`: written to the files, or shown as a diff."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click

from coursehub.checks.fixes import Refusal, Repair
from coursehub.cli.shared import CLEAN, FINDINGS, fail
from coursehub.system import files
from coursehub.text.visible import visible


def apply(repair: Repair, root: Path) -> None:
    """Move and write the files, each whole or not at all, and say which; stop with exit code 2 where one can't be."""
    draft = repair.draft
    try:
        for path, origin in draft.origins.items():
            files.move(root / origin, root / path)
            click.echo(f"{visible(origin)}: moved to {visible(path)}", err=True)
        for path, content in draft.contents.items():
            file = root / path
            files.write(file, content, mode=file.stat().st_mode & 0o777)
    except OSError as error:
        fail(f"{visible(str(error.filename))} cannot be edited: {error.strerror}")
    say(repair)


def say(repair: Repair) -> None:
    """Print on standard error what was fixed, and what was not and why."""
    draft = repair.draft
    now = {origin: path for path, origin in draft.origins.items()}
    rules: dict[str, dict[str, None]] = {}
    for path, rule in repair.fixed:
        rules.setdefault(now.get(path, path), {})[rule] = None
    for path, names in rules.items():
        click.echo(f"{visible(path)}: fixed ({', '.join(names)})", err=True)
    _say_refused(repair)


def print_diff(repair: Repair) -> NoReturn:
    """Print what the repair changes, as git writes it, and stop: exit code 1 if that is anything."""
    _say_refused(repair)
    lines = [line for path in sorted({*repair.draft.contents, *repair.draft.origins}) for line in _diff(repair, path)]
    shown = (f"{visible(line.decode(errors='replace').rstrip())}\n".encode() for line in lines)
    sys.stdout.buffer.write(b"".join(shown if sys.stdout.isatty() else lines))
    sys.stdout.flush()
    sys.exit(FINDINGS if lines else CLEAN)


def _diff(repair: Repair, path: str) -> Iterator[bytes]:
    from difflib import unified_diff  # noqa: PLC0415  (seldom needed)

    draft = repair.draft
    origin = draft.origins.get(path, path)
    if origin != path:
        yield f"diff --git a/{origin} b/{path}\nrename from {origin}\nrename to {path}\n".encode()
    if path not in draft.contents:
        return
    before, after = ([each.decode("utf-8", "surrogateescape") for each in content.splitlines(keepends=True)]
                     for content in (draft.before(path), draft.contents[path]))  # fmt: skip
    for line in unified_diff(before, after, f"a/{origin}", f"b/{path}", n=2):
        end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        yield f"{line}{end}".encode("utf-8", "surrogateescape")


def _say_refused(repair: Repair) -> None:
    for refusal in repair.refused:
        click.echo(f"{_place(refusal)}: not fixed ({refusal.finding.rule}): {_why(refusal)}", err=True)


def _place(refusal: Refusal) -> str:
    return f"{visible(refusal.finding.path)}:{refusal.finding.line}"


def _why(refusal: Refusal) -> str:
    if refusal.error is None:
        return "it would stay as it is"
    error = refusal.error
    where = "" if error.path == refusal.finding.path else f" in {visible(error.path)}"
    return f"then there would be a new error{where}: {visible(error.message)} ({error.rule})"
