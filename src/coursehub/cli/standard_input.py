"""A post on standard input: the text that an editor has and has not saved yet."""

import sys
from pathlib import Path

import click

from coursehub.cli.shared import fail, inside
from coursehub.records.paths import FOLDER, is_post
from coursehub.text.visible import visible

SIGN = Path("-")  # among the PATHS
_EXAMPLE = f"coursehub check - --stdin-filename {FOLDER}/F2026/kedro.md"


def unsaved(paths: tuple[Path, ...], name: Path | None, root: Path) -> dict[str, bytes]:
    """Return the path that the text has in the repository, and its bytes; nothing where it was not asked for.

    Raises `click.UsageError`, and stops with exit code 2 where there is no such path, or no text.
    """
    if SIGN not in paths:
        if name is not None:
            raise click.UsageError(f"--stdin-filename goes with -, as in: {_EXAMPLE}")
        return {}
    if paths != (SIGN,):
        raise click.UsageError("- is the text on standard input, which is judged alone: leave out the other PATHS.")
    if name is None:
        raise click.UsageError(f"- needs the text's place in the repository, as in: {_EXAMPLE}")
    path = inside(name, root)
    if not is_post(path):
        fail(
            f"--stdin-filename: {visible(path)} is no post: posts are files in {FOLDER}/ whose names end with .md. "
            "Other files are judged where they are: leave out - and give their PATHS"
        )
    return {path: _content()}


def _content() -> bytes:
    stream = sys.stdin
    if stream is None or stream.closed:
        fail("there is no standard input to read the text from")
    if stream.isatty():
        fail(f"- reads standard input, and that is your keyboard: {_EXAMPLE} < draft.md")
    return stream.buffer.read()
