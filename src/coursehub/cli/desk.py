"""`coursehub desk`: judge open pull requests, and write comments and statuses on them."""

import re
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from coursehub import desk as claim_desk
from coursehub import workflows
from coursehub.checks import report
from coursehub.cli.github import github_option
from coursehub.cli.shared import (
    BROKEN,
    CLEAN,
    FINDINGS,
    annotate,
    fail,
    format_option,
    load,
    root_option,
    say_if_shallow,
    summary_option,
)
from coursehub.desk.comment import summary
from coursehub.desk.commits import LARGEST_READ
from coursehub.desk.verdict import Verdict
from coursehub.github.door import GitHub
from coursehub.system import git
from coursehub.system.git_objects import GitObjects
from coursehub.text.formats import indented_json
from coursehub.text.visible import visible


def _sha(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value and not re.fullmatch("[0-9a-f]{7,64}", value):
        raise click.BadParameter(f"“{value}” is not the SHA of a commit")
    return value


@click.command()
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--post", is_flag=True, help="Write comment and status of every pull request of which something is new.")
@click.option("--again", is_flag=True, help="Judge all of them again, as after a change of rules or data.")
@click.option(
    "--status-on",
    "commit",
    metavar="SHA",
    callback=_sha,
    help="Only set the status of this commit, as in a merge queue.",
)
@click.option("--bot", default="github-actions[bot]", show_default=True, help="Whose comments are the desk's own.")
@github_option
@format_option
@summary_option
@root_option
def desk(
    github: GitHub,
    number: int | None,
    post: bool,
    again: bool,
    commit: str | None,
    bot: str,
    output: str,
    summary: Path | None,
    root: Path,
) -> None:
    """Judge open pull requests: NUMBER, or all of them.

    The rules and data are those of this folder, which is to be a clean checkout of main; the pull requests are read
    from GitHub, and nothing of them is run. Without --post, nothing is written.
    """
    if commit and (not number or post or again):
        raise click.UsageError("--status-on takes a NUMBER and nothing else.")
    if again and number:
        raise click.UsageError("--again is about all pull requests; leave out the NUMBER.")
    say_if_shallow(root)
    try:
        with tempfile.TemporaryDirectory() as folder:
            header = f"AUTHORIZATION: basic {b64encode(f'x-access-token:{github.token}'.encode()).decode()}"
            url = f"{github.home}.git"
            source = GitObjects(Path(folder), root, url=url, header=header, largest=LARGEST_READ)
            checks = workflows.checks(root)
            the_desk = claim_desk.Desk(github, source, load(root), git.commit(root, "HEAD"), bot, checks=checks)
            outcome = _look(the_desk, number, commit, post=post, again=again)
    except git.GitError as error:
        fail(f"git: {error}")
    if output == "github":
        annotate([finding for verdict in outcome.verdicts for finding in verdict.findings], summary)
    elif outcome.verdicts or not outcome.failures:
        click.echo(FORMATS[output](outcome.verdicts), nl=False)
    for failure in outcome.failures:
        click.echo(f"coursehub: {visible(failure)}", err=True)
    if outcome.failures:
        sys.exit(BROKEN)
    is_answer = number and not post and not commit
    sys.exit(FINDINGS if is_answer and not outcome.verdicts[0].passes else CLEAN)


def _look(
    the_desk: claim_desk.Desk, number: int | None, commit: str | None, *, post: bool, again: bool
) -> claim_desk.Outcome:
    if number and commit:
        return claim_desk.post_on(the_desk, number, commit)
    return claim_desk.post(the_desk, number, again=again) if post else claim_desk.look(the_desk, number)


class Verdicts(msgspec.Struct, frozen=True):
    """The JSON of `--format json`; `version` is that of its fields and of the verdicts'."""

    verdicts: list[Verdict]
    version: int = 1


def _as_text(verdicts: list[Verdict]) -> str:
    if not verdicts:
        return "There is nothing new.\n"
    return "".join(
        f"#{verdict.pull} by {verdict.actor}: {visible(summary(verdict))}\n"
        + report.in_words(verdict.findings, lambda path, line: None, colour=False)
        for verdict in verdicts
    )


def _as_json(verdicts: list[Verdict]) -> str:
    return indented_json(Verdicts(verdicts)).decode()


FORMATS: dict[str, Callable[[list[Verdict]], str]] = {"text": _as_text, "json": _as_json}
