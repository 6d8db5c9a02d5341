"""`coursehub pending`: read from GitHub which claims open pull requests ask for, into a file."""

from pathlib import Path

import click

from coursehub.claims import pending as pending_claims
from coursehub.cli.github import github_option
from coursehub.cli.shared import fail, load, root_option
from coursehub.desk import pending as pending_reader
from coursehub.github.door import GitHub, GitHubError
from coursehub.system import files
from coursehub.text.visible import visible
from coursehub.text.wording import plural


@click.command()
@click.option(
    "--output", "path", metavar="FILE.json", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write them.",
)  # fmt: skip
@click.option("--bot", default="github-actions[bot]", show_default=True, help="Whose comments are the desk's own.")
@github_option
@root_option
def pending(github: GitHub, path: Path, bot: str, root: Path) -> None:
    """Read from GitHub which claims open pull requests ask for, and the desk keeps for them, into a file.

    The file is written when all of them are read, and else stays as it was. Nothing is written to GitHub.
    """
    if not path.parent.is_dir():
        fail(f"there is no folder {path.parent} to write {path.name} into")
    hub = load(root)
    try:
        reading = pending_reader.read(github, hub, bot)
        files.write(path, pending_claims.write(reading.pending))
    except GitHubError as error:
        fail(f"{visible(str(error)).rstrip('.')}. Nothing was written")
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}")
    for trouble in reading.troubles:
        click.echo(f"coursehub: {visible(trouble)}", err=True)
    click.echo(
        f"{plural(len(reading.pending.claims), 'claim')} of "
        f"{plural(len(reading.pending.pulls), 'open pull request')} read; "
        f"they cost {plural(github.cost, 'point')} of GitHub's hourly limit.", err=True,
    )  # fmt: skip
