"""`coursehub doctor`: which settings are missing on GitHub."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from coursehub.cli.github import github_option
from coursehub.cli.shared import CLEAN, FINDINGS, fail, load, root_option
from coursehub.doctor import checkout, examine
from coursehub.doctor.question import Row
from coursehub.github.door import GitHub, GitHubError
from coursehub.text.formats import indented_json
from coursehub.text.visible import visible
from coursehub.text.wording import plural

SIGNS = {"set": "✓", "missing": "✗", "unseen": "?"}


@click.command()
@github_option
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@root_option
def doctor(github: GitHub, output: str, root: Path) -> None:
    """Print which of the settings that Course Hub needs are missing on GitHub.

    Nothing is changed. docs/set-up.md has all of them in order; most are shown only to an administrator's token.
    """
    try:
        rows = examine(github, checkout.read(root, load(root).course))
    except checkout.SetUpError as error:
        fail(visible(str(error)))
    except GitHubError as error:
        fail(f"{github.repository} could not be looked at, so nothing is said of its settings: {error}")
    if output == "json":
        click.echo(indented_json(Examination(github.repository, rows)), nl=False)
    else:
        click.echo("\n".join(_lines(rows)))
    sys.exit(FINDINGS if any(row.state == "missing" for row in rows) else CLEAN)


class Examination(msgspec.Struct, frozen=True):
    """The JSON of `--format json`; `version` is that of its fields and of the rows'."""

    repository: str
    settings: list[Row]
    version: int = 1


def _lines(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        yield f"{SIGNS[row.state]} {row.name}: {row.what}"
        if row.state == "set":
            continue
        label = "Not seen" if row.state == "unseen" else "Found"
        yield f"    {label}: {visible(row.problem)}."
        if row.state == "missing":
            yield f"    Why: {row.why}."
        yield f"    Do: {row.help}"
        if row.command:
            yield f"    Or: {row.command}"
    missing, unseen = (sum(row.state == state for row in rows) for state in ("missing", "unseen"))
    yield ""
    settings = plural(len(rows), "setting")
    yield f"{settings}: {len(rows) - missing - unseen} set, {missing} missing, {unseen} could not be seen."
    if unseen:
        yield "What could not be seen may be missing too."
