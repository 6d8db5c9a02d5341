"""`coursehub preview`: which file of a preview to open for each post that a branch changes, for a job's summary."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import click

from coursehub.checks import scope
from coursehub.cli.shared import built_site, fail, indented, root_option
from coursehub.github.markdown import span
from coursehub.records.paths import is_post
from coursehub.system import git


@click.command()
@click.argument("folder", metavar="PREVIEW", type=click.Path(file_okay=False, path_type=Path), callback=built_site)
@click.option("--base", metavar="REF", help="What the branch left.")
@click.option("--merge-of", metavar="SHA", help="HEAD merges this commit: only what is new to the other side counts.")
@click.option("--artifact", metavar="ADDRESS", default="", help="Where the preview can be downloaded.")
@root_option
def preview(folder: Path, base: str | None, merge_of: str | None, artifact: str, root: Path) -> None:
    """List in Markdown which file of PREVIEW to open for each post that this branch changes."""
    if (base is None) == (merge_of is None):
        raise click.UsageError("It takes either --base or --merge-of, to know what changed.")
    try:
        changed = scope.concerned(git.changed(root, base or git.base_of_merge(root, merge_of or "")))
    except git.GitError as error:
        fail(f"git does not say what changed, for this reason.{indented(error)}")
    posts = sorted(path for path in changed if is_post(path) and (root / path).is_file())
    click.echo("\n".join(_summary(folder, posts, artifact)))


def _summary(folder: Path, changed: Iterable[str], artifact: str) -> Iterator[str]:
    """The lines of the summary; `changed` are paths of posts."""
    where = f"[preview]({artifact})" if artifact else "preview"
    yield f"## Preview\n\nDownload {where}, unpack it, and open by double click:\n"
    for path in changed:
        page = str(PurePosixPath(path).with_suffix(".html"))
        if (folder / page).is_file():
            yield f"- {_as_code(page)}"
        else:
            yield f"- nothing for {_as_code(path)}: it is claimed, withdrawn or private, or has an error that blocks"
    yield f"- {_as_code('index.html')} for all the rest"


def _as_code(text: str) -> str:
    """The text in a code span that nothing in it can end, with a replacement for each character that nobody sees."""
    return span("".join(char if char.isprintable() else "\ufffd" for char in text))
