"""`coursehub ruleset`: the rules for main, for import on GitHub."""

from pathlib import Path

import click

from coursehub.cli.shared import fail, load, root_option
from coursehub.doctor import checkout
from coursehub.doctor.ruleset import ruleset as ruleset_of
from coursehub.text.formats import indented_json
from coursehub.text.visible import visible
from coursehub.workflows import CHECK, FOLDER


@click.command()
@root_option
def ruleset(root: Path) -> None:
    """Print the ruleset of main as JSON, with what pull requests must pass by this repository's workflows.

    GitHub imports it: Settings → Rules → Rulesets → New ruleset → Import a ruleset. GitHub is not asked.
    """
    try:
        own = checkout.read(root, load(root).course)
    except checkout.SetUpError as error:
        fail(visible(str(error)))
    if not own.checks:
        place = visible(str(root / FOLDER / CHECK))
        fail(f"{place} has no job that main could wait for. In a course, one calls Course Hub's {CHECK}")
    click.echo(indented_json(ruleset_of(own)), nl=False)
