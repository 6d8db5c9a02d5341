"""Repairs of `coursehub check --fix`: written to the files, or shown as a diff."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import click

from coursehub.checks.draft import Draft
from coursehub.checks.fixes import Refusal, Repair
from coursehub.cli.shared import CLEAN, FINDINGS
from coursehub.system import files
from coursehub.text.visible import visible


def write(draft: Draft, root: Path, and_then: Callable[[], None] = lambda: None) -> None:
    """Move and write the files, all of them or none: as they were, too, where what comes `and_then` raises.

    Raises `OSError`, too, where one is no longer what was judged.
    """
    with ExitStack() as undo:
        for path, origin in draft.hub.origins.items():
            files.move(root / origin, root / path)
            undo.callback(files.move, root / path, root / origin)
        for path, content in draft.contents.items():
            before = draft.before(path)
            files.rewrite(root / path, before, content)
            undo.callback(files.rewrite, root / path, content, before)
        and_then()
        undo.pop_all()


def say(repair: Repair) -> None:
    """Print on standard error what was moved and fixed, and what was not and why."""
    now = {origin: path for path, origin in repair.draft.hub.origins.items()}
    for origin, path in now.items():
        click.echo(f"{visible(origin)}: moved to {visible(path)}", err=True)
    rules: dict[str, dict[str, None]] = {}
    for path, rule in repair.fixed:
        rules.setdefault(now.get(path, path), {})[rule] = None
    for path, names in rules.items():
        click.echo(f"{visible(path)}: fixed ({', '.join(names)})", err=True)
    _say_refused(repair)


def print_diff(repair: Repair) -> NoReturn:
    """Print what the repair changes, as git writes it, and stop: exit code 1 if that is anything."""
    _say_refused(repair)
    sys.exit(FINDINGS if print_draft(repair.draft) else CLEAN)


def print_draft(draft: Draft) -> bool:
    """Print what a draft changes, as git writes it, and return whether that is anything."""
    lines = [line for path in sorted({*draft.contents, *draft.hub.origins}) for line in _diff(draft, path)]
    print_diff_lines(lines)
    return bool(lines)


def print_diff_lines(lines: Sequence[bytes]) -> None:
    """Print a diff: for programs as it is, on a terminal without what would move its cursor."""
    shown = (f"{visible(line.decode(errors='replace').rstrip())}\n".encode() for line in lines)
    sys.stdout.buffer.write(b"".join(shown if sys.stdout.isatty() else lines))
    sys.stdout.flush()


def _diff(draft: Draft, path: str) -> Iterator[bytes]:
    origin = draft.origin(path)
    if origin != path:
        old, new = _quoted(f"a/{origin}"), _quoted(f"b/{path}")
        yield f"diff --git {old} {new}\nrename from {_quoted(origin)}\nrename to {_quoted(path)}\n".encode()
    if path in draft.contents:
        yield from diff(origin, path, draft.before(path), draft.contents[path])


def diff(origin: str, path: str, before: bytes | None, after: bytes) -> Iterator[bytes]:
    """The lines of a diff between a file, None where it is new, and what it becomes, as git writes it."""
    from difflib import unified_diff  # noqa: PLC0415  (seldom needed)

    old, new = "/dev/null" if before is None else _quoted(f"a/{origin}"), _quoted(f"b/{path}")
    one, other = ([each.decode("utf-8", "surrogateescape") for each in content.splitlines(keepends=True)]
                  for content in (before or b"", after))  # fmt: skip
    for line in unified_diff(one, other, old, new, n=2):
        end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        yield f"{line}{end}".encode("utf-8", "surrogateescape")


def _quoted(path: str) -> str:
    """The path as git writes it: where it has signs that a line of a diff cannot have, in quotes, with their bytes."""
    if path.isprintable() and '"' not in path and "\\" not in path:
        return path
    signs = (chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}" for byte in os.fsencode(path))
    return f'"{"".join(signs)}"'


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
