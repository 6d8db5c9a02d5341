"""`coursehub doctor`: which settings are missing on GitHub."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from coursehub import doctor as examination
from coursehub.cli.github import github_option
from coursehub.cli.shared import CLEAN, FOUND, fail, load, root_option
from coursehub.doctor import Row, checkout
from coursehub.github.door import GitHub, GitHubError
from coursehub.text.formats import indented_json
from coursehub.text.visible import visible

SIGNS = {"set": "✓", "missing": "✗", "unseen": "?"}


@click.command()
@github_option
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@root_option
def doctor(github: GitHub, output: str, root: Path) -> None:
    """Say which of the settings that Course Hub needs are missing on GitHub.

    Nothing is changed. docs/set-up.md has all of them in order; most are shown only to an administrator's token.
    """
    try:
        rows = examination.examine(github, checkout.read(root, load(root).course))
    except checkout.SetUpError as error:
        fail(str(error))
    except GitHubError as error:
        fail(f"{github.repository} could not be looked at, so nothing is said of its settings: {error}")
    if output == "json":
        told = Examination(github.repository, rows)
        click.echo(indented_json(told), nl=False)
    else:
        click.echo("\n".join(_lines(rows)))
    sys.exit(FOUND if any(row.state == "missing" for row in rows) else CLEAN)


class Examination(msgspec.Struct, frozen=True):
    """What `--format json` prints. `version` is that of this shape and of the rows in it."""

    repository: str
    settings: list[Row]
    version: int = 1


def _lines(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        yield f"{SIGNS[row.state]} {row.name}: {row.what}"
        if row.state == "set":
            continue
        found = "Not seen: " if row.state == "unseen" else "Found: "
        yield f"    {found}{visible(row.found)}."
        if row.state == "missing":
            yield f"    Why: {row.why}."
        yield f"    Do: {row.help}"
        if row.command:
            yield f"    Or: {row.command}"
    missing, unseen = (sum(row.state == state for row in rows) for state in ("missing", "unseen"))
    yield ""
    yield f"{len(rows)} settings: {len(rows) - missing - unseen} set, {missing} missing, {unseen} could not be seen."
    if unseen:
        yield "What could not be seen may be missing too."
