"""`coursehub comments`: read all comments on posts from GitHub into a file."""

import sys
from pathlib import Path

import click
from click.core import ParameterSource

from coursehub.cli.github import github_option
from coursehub.cli.shared import fail, root_option
from coursehub.comments import record, settings
from coursehub.comments.record import PROVIDERS
from coursehub.github.discussions import Progress, read_discussions, read_issues
from coursehub.github.door import GitHub, GitHubError
from coursehub.system import files
from coursehub.text import mkdocs_yaml
from coursehub.text.visible import visible
from coursehub.text.wording import plural

STEP = 25  # discussions between two lines where nobody watches one line change


@click.command()
@click.option(
    "--output", "path", metavar="FILE.json", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write them.",
)  # fmt: skip
@click.option("--provider", type=click.Choice(PROVIDERS), help="The widget; by default what mkdocs.yml says.")
@click.option("--category", metavar="NAME", help="giscus: the category of Discussions; by default as in mkdocs.yml.")
@click.option("--label", metavar="LABEL", help="utterances: the label of its issues; by default as in mkdocs.yml.")
@github_option
@root_option
def comments(
    github: GitHub, path: Path, provider: str | None, category: str | None, label: str | None, root: Path
) -> None:
    """Read all comments on posts from GitHub into a file.

    The file is written when all of them are read, and else stays as it was.
    """
    if not path.parent.is_dir():
        fail(f"there is no folder {path.parent} to write {path.name} into")
    set_up = _set_up(root)
    provider = provider or set_up.provider
    if provider not in PROVIDERS:
        fail(f"{mkdocs_yaml.PATH}: extra.comments.provider is “{provider}”, not one of: {', '.join(PROVIDERS)}")
    is_named = click.get_current_context().get_parameter_source("repository") is ParameterSource.COMMANDLINE
    if set_up.repo and not is_named:
        github = github.at(set_up.repo)
    if (label and provider == "giscus") or (category and provider == "utterances"):
        raise click.UsageError("--category is for giscus, and --label for utterances.")
    try:
        if provider == "giscus":
            discussions = read_discussions(github, category or set_up.category, _progress())
        else:
            discussions = read_issues(github, label or set_up.label, _progress())
        files.write(path, record.write(discussions))
    except GitHubError as error:
        fail(f"{visible(str(error)).rstrip('.')}. Nothing was written")
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}")
    except KeyboardInterrupt:
        fail("interrupted. Nothing was written")
    number = sum(len(each.comments) for each in discussions.discussions)
    click.echo(
        f"{plural(len(discussions.discussions), 'discussion')} with {plural(number, 'comment')} read; "
        f"they cost {plural(github.cost, 'point')} of GitHub's hourly limit.", err=True,
    )  # fmt: skip
    if discussions.not_shown:
        click.echo(
            f"GitHub counts {discussions.not_shown} more that it shows to nobody, such as spam; they are left out.",
            err=True,
        )


def _set_up(root: Path) -> settings.Widget:
    try:
        return settings.read((root / mkdocs_yaml.PATH).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return settings.Widget()
    except (OSError, ValueError) as error:
        fail(f"{mkdocs_yaml.PATH}: {error}")


def _progress() -> Progress:
    """Return what prints a line that changes where somebody watches, and elsewhere a line now and then."""
    is_watched = sys.stderr.isatty()

    def show(read: int, of: int) -> None:
        line = f"{read} of {plural(of, 'discussion')} read"
        if is_watched:
            click.echo(f"{line}\r", nl=False, err=True)  # what comes next is written over it
        elif read % STEP == 0 and read < of:
            click.echo(line, err=True)

    return show
