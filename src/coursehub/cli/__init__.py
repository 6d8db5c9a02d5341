"""Arguments → calls → text and exit code: 0 clean, 1 findings or taken, 2 wrong use or a broken set-up."""

import atexit
import codecs
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn

import click

from coursehub import __version__
from coursehub.system import actions_log
from coursehub.text.visible import visible


class _Command(NamedTuple):
    """Where a command's function is, below this folder, and what the list of all commands says of it."""

    module: str
    function: str
    summary: str


# A module is loaded only when its command is called: to list all of them, none.
COMMANDS = {
    "init": _Command("init", "init", "Write a repository for a new course."),
    "check": _Command("check", "check", "What is wrong in posts and data? Fixes it, too."),
    "server": _Command("server", "server", "Check open posts for an editor (LSP)."),
    "free": _Command("claims", "free", "Can this tool be claimed in the open semester?"),
    "compare": _Command("claims", "compare", "Are two names the same claim?"),
    "new": _Command("new", "new", "Write a claim in the right place."),
    "publish": _Command("publish", "publish", "Lead from a claim or a draft to a published post."),
    "rollover": _Command("rollover", "rollover", "End the term: open the next semester, withdraw what is left over."),
    "upgrade": _Command("upgrade", "upgrade", "Make the course fit this release: pins, lock, workflows."),
    "override": _Command("upgrade", "override", "Copy a template of the theme, to change it."),
    "export": _Command("export", "export", "Write all pages as Markdown, for another renderer."),
    "import": _Command("prior", "import_posts", "Take in earlier posts from lists and spreadsheets."),
    "pending": _Command("pending", "pending", "Read from GitHub what open pull requests claim."),
    "comments": _Command("comments", "comments", "Read all comments on posts from GitHub."),
    "participation": _Command("participation", "participation", "Who commented on whose posts, and when?"),
    "grades": _Command("participation", "grades", "Write a grade sheet."),
    "receipt": _Command("receipt", "receipt", "Write a post's page for Gradescope as a PDF."),
    "desk": _Command("desk", "desk", "Judge open pull requests."),
    "preview": _Command("preview", "preview", "Which file of a preview to open for each changed post."),
    "links": _Command("links", "links", "Follow a built site's links, and keep the record of the dead ones."),
    "doctor": _Command("doctor", "doctor", "What is not set up yet on GitHub?"),
    "ruleset": _Command("ruleset", "ruleset", "Print the rules for main, for import on GitHub."),
    "strip": _Command("strip", "strip", "Take out of pictures what they tell of who took them."),
    "replay": _Command("prior", "replay", "Judge the earlier posts again, by today's rules."),
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are needed, so that a check starts at once.

    For all of them, whatever they print or write: no stranger's text is a command of GitHub Actions, and a full disk, a
    folder that may not be written, or an argument that is no text ends in a sentence.
    """

    def main(self, *arguments: Any, **settings: Any) -> Any:  # noqa: ANN401
        gc.disable()  # what a command loads and reads it needs to its end; to look for garbage took a fifth of the time
        atexit.register(gc.freeze)  # nor at the end, where Python would
        actions_log.guard(os.environ)
        _set_encodings()
        try:
            return super().main(*arguments, **settings)
        except OSError as error:
            if error.filename is None:
                _leave_output()
                _fail(f"the output, or a file, cannot be written: {error.strerror or error}")
            _fail(f"{visible(os.fsdecode(error.filename))} cannot be read or written: {error.strerror}")
        finally:
            gc.enable()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        _refuse_what_is_no_text(args)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"coursehub.cli.{module}"), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in COMMANDS.items()])


def _set_encodings() -> None:
    """Make what is piped UTF-8 on every machine: a code page of Windows lacks most signs. A console has its own."""
    codecs.register_error(_REFUSED, _refuse_input)
    reading, writing = ("utf-8-sig", _REFUSED), ("utf-8", "backslashreplace")  # names of files may be no text
    for stream, (encoding, errors) in ((sys.stdin, reading), (sys.stdout, writing), (sys.stderr, writing)):
        if isinstance(stream, io.TextIOWrapper) and not stream.closed:
            stream.reconfigure(encoding=None if stream.isatty() else encoding, errors=errors)


_REFUSED = "coursehub.refused"  # how Python is to handle an error


def _refuse_input(error: UnicodeError) -> NoReturn:
    """Stop with exit code 2 at bytes on standard input that are no text."""
    _fail("what comes on standard input is not UTF-8")


def _refuse_what_is_no_text(arguments: Sequence[str]) -> None:
    """Stop with exit code 2 at bytes that are not UTF-8, unless a file has them as its name."""
    for argument in arguments:
        if not argument.isascii() and _is_no_text(argument):
            _fail(f"the argument “{visible(argument)}” is not UTF-8")


def _fail(message: str) -> NoReturn:
    from coursehub.cli.shared import fail  # noqa: PLC0415  (it loads what no command needs that prints its version)

    fail(message)


def _is_no_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:
        return not os.path.lexists(argument)
    return False


def _leave_output() -> None:
    """Let what standard output still holds go nowhere: else it would be tried again, and fail, when Python ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_version(context: click.Context, parameter: click.Parameter, is_given: bool) -> None:
    if not is_given or context.resilient_parsing:
        return
    from coursehub.system.origin import origin  # noqa: PLC0415

    commit = origin().commit
    click.echo(f"coursehub, version {__version__}{f', commit {commit}' if commit else ''}")
    context.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version,
    help="Show the version, and the commit where it is known, and exit.",
)  # fmt: skip
def main() -> None:
    """Claims, checks and paperwork of a course with public student writing."""
