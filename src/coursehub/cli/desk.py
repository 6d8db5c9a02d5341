"""`coursehub desk`: judge open pull requests, and tell them."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from coursehub import checks, history, report
from coursehub import desk as claim_desk
from coursehub.cli.github import github_option
from coursehub.cli.shared import BROKEN, CLEAN, FOUND, fail, format_option, load, root_option
from coursehub.desk.comment import summary
from coursehub.desk.verdict import Verdict
from coursehub.github.door import GitHub, GitHubError


@click.command()
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--post", is_flag=True, help="Write comment and status of every pull request of which something is new.")
@click.option("--again", is_flag=True, help="Judge all of them anew, as after a change of rules or data.")
@click.option("--status-on", "commit", metavar="SHA", help="Only set the status of this commit, as in a merge queue.")
@click.option("--bot", default="github-actions[bot]", show_default=True, help="Whose comments are the desk's own.")
@github_option
@format_option
@root_option
def desk(
    github: GitHub, number: int | None, post: bool, again: bool, commit: str | None, bot: str, output: str, root: Path
) -> None:
    """Judge open pull requests: NUMBER, or all of them.

    The rules and data are those of this folder, which is to be a clean checkout of main; the pull requests are read
    from GitHub, and nothing of them is run. Without --post, nothing is written.
    """
    if commit and (not number or post or again):
        raise click.UsageError("--status-on takes a NUMBER and nothing else.")
    if again and number:
        raise click.UsageError("--again is about all pull requests; leave out the NUMBER.")
    try:
        sitting = claim_desk.sit(github, load(root), bot, history.commit(root, "HEAD"))
        site = claim_desk.site_of(github) if post else ""
    except history.GitError as error:
        fail(f"git: {error}")
    except GitHubError as error:
        if number and (post or commit):
            claim_desk.not_judged(github, number, str(error), commit)
        fail(f"nothing was judged, so nothing passes: {error}")
    pulls = [pull for pull in sitting.pulls if pull.number == number] if number else list(sitting.pulls)
    if number and not pulls and not post:
        fail(f"pull request #{number} of {github.repository} is not open, or is none against main")
    if post:
        pulls += [pull for pull in sitting.pulls if pull not in pulls]
        pulls = [pull for pull in pulls if again or pull.number == number or claim_desk.has_news(sitting, pull)]
    verdicts, failures = [], []
    for pull in pulls:
        try:
            judged = claim_desk.judge(sitting, pull)
            verdicts.append(judged.verdict)
            if post:
                claim_desk.tell(github, sitting, pull, judged, site)
            elif commit:
                claim_desk.set_status(github, commit, claim_desk.status(judged.verdict))
        except (GitHubError, checks.BrokenRuleError) as error:
            failures.append(f"#{pull.number} was not judged, so it does not pass: {error}")
            if post or commit:
                claim_desk.not_judged(github, pull.number, str(error), commit)
    click.echo(FORMATS[output](verdicts), nl=False)
    for failure in failures:
        click.echo(f"coursehub: {failure}", err=True)
    if failures:
        sys.exit(BROKEN)
    sys.exit(CLEAN if post or commit or not number or verdicts[0].passes else FOUND)


class Verdicts(msgspec.Struct, frozen=True):
    """What `--format json` prints. `version` is that of this shape and of the verdicts in it."""

    verdicts: list[Verdict]
    version: int = 1


def _as_text(verdicts: list[Verdict]) -> str:
    if not verdicts:
        return "There is nothing to tell.\n"
    return "".join(
        f"#{verdict.pull} by {verdict.actor}: {report.visible(summary(verdict))}\n"
        + report.in_words(verdict.findings, lambda path, line: None, colour=False)
        for verdict in verdicts
    )


def _as_github(verdicts: list[Verdict]) -> str:
    found = [finding for verdict in verdicts for finding in verdict.findings]
    return report.as_github(found, len(verdicts), lambda path, line: None, colour=False)


def _as_json(verdicts: list[Verdict]) -> str:
    return msgspec.json.format(msgspec.json.encode(Verdicts(verdicts)), indent=2).decode() + "\n"


FORMATS: dict[str, Callable[[list[Verdict]], str]] = {"text": _as_text, "github": _as_github, "json": _as_json}
