"""`coursehub receipt`: the page for Gradescope."""

import os
from pathlib import Path

import click
import msgspec

from coursehub.cli.participation import read_comments
from coursehub.cli.shared import fail, load, root_option
from coursehub.doctor import checkout
from coursehub.grading import participation
from coursehub.grading import receipt as paper
from coursehub.records.hub import Hub
from coursehub.records.post import FOLDER, Post
from coursehub.system import git

PAPERS = {"letter": "us-letter", "a4": "a4"}
DEFAULT = "build/receipts/{key}.pdf"


@click.command()
@click.argument("post", metavar="POST")
@click.option(
    "--comments", "comments_path", metavar="FILE.json", type=click.Path(dir_okay=False, path_type=Path),
    help="What `coursehub comments` wrote; without it the page has no comments.",
)  # fmt: skip
@click.option("--paper", "size", type=click.Choice(list(PAPERS)), default="letter", show_default=True)
@click.option(
    "--output", metavar="FILE.pdf", type=click.Path(dir_okay=False, path_type=Path),
    help=f"By default {DEFAULT.format(key='KEY')}.",
)  # fmt: skip
@root_option
def receipt(post: str, comments_path: Path | None, size: str, output: Path | None, root: Path) -> None:
    """The page for Gradescope as a PDF. POST is a post's file, or its claim key in the open semester."""
    hub = load(root)
    found = _find(hub, post, root)
    comments = read = None
    if comments_path:
        discussions = read_comments(comments_path)
        read = discussions.read
        comments = {
            login: participation.of_author(hub, found.semester, discussions, login)
            for login in dict.fromkeys(found.authors)
        }
    since = git.since(root, [found.path]) if git.is_repository(root) else {}
    page = paper.receipt_of(
        hub, found, since=since.get(found.path), site=_site(root, hub), comments=comments, read=read
    )
    try:
        content = paper.as_pdf(msgspec.structs.replace(page, paper=PAPERS[size]))
    except ImportError:
        fail("receipts need typst, which is not installed: run make site")
    target = output or root / DEFAULT.format(key=found.stem)
    try:
        if not output:
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        fail(f"{target} can not be written: {error.strerror}")
    click.echo(f"Written to {target}.")


def _find(hub: Hub, written: str, root: Path) -> Post:
    here = Path(written)
    paths = [written, f"{FOLDER}/{hub.course.open_semester}/{written.removesuffix('.md')}.md"]
    if here.resolve().is_relative_to(root.resolve()):
        paths.append(here.resolve().relative_to(root.resolve()).as_posix())
    found = next((hub.post_by_path[path] for path in paths if path in hub.post_by_path), None)
    if found is None:
        fail(f"there is no post “{written}”: give its file, or its claim key in {hub.course.open_semester}")
    if found.front is None or found.troubles:
        fail(f"{found.path} can not be read; coursehub check says why")
    return found


def _site(root: Path, hub: Hub) -> str:
    try:
        return os.environ.get("COURSEHUB_SITE_URL") or checkout.read(root, hub.course).site_url
    except checkout.SetUpError as error:
        fail(str(error))
