"""`coursehub server`: an editor hears at each change of a post what is to be marked, and what can be fixed."""

import gc
import sys

import click

from coursehub.cli.shared import fail
from coursehub.editor.serving import serve


@click.command()
def server() -> None:
    """Check open posts for an editor, which starts this and speaks the Language Server Protocol with it.

    Exit code 0: the editor ended it as the protocol has it; 1: it went away.
    """
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        fail("an editor starts this and speaks with it: see “In an editor” in docs/commands.md")
    gc.enable()  # it may run for days
    reading = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115  (a thread may wait in it to the end)
    with open(sys.stdout.fileno(), "wb", closefd=False) as writing:
        sys.stdout = sys.stderr  # whatever else is printed is no message
        code = serve(reading, writing)
    sys.exit(code)
