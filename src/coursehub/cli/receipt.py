"""`coursehub receipt`: the page for Gradescope."""

import os
import shlex
from pathlib import Path

import click
import msgspec

from coursehub.cli.participation import read_comments
from coursehub.cli.shared import SHALLOW, fail, load, root_option, within
from coursehub.doctor import checkout
from coursehub.grading import participation
from coursehub.grading import receipt as paper
from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER
from coursehub.records.post import Post
from coursehub.system import files, git

PAPERS = {"letter": "us-letter", "a4": "a4"}
DEFAULT = "build/receipts/{key}.pdf"


@click.command()
@click.argument("name", metavar="POST")
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
def receipt(name: str, comments_path: Path | None, size: str, output: Path | None, root: Path) -> None:
    """The page for Gradescope as a PDF. POST is a post's file, or its claim key in the open semester."""
    hub = load(root)
    post = _find(hub, name, root)
    comments = read = None
    if comments_path:
        discussions = read_comments(comments_path)
        read = discussions.read
        comments = {
            login: participation.of_author(hub, post.semester, discussions, login)
            for login in dict.fromkeys(post.authors)
        }
    since = git.since(root, [post.path]) if git.is_repository(root) else {}
    if post.path not in since and git.is_shallow(root) and git.content(root, "HEAD", post.path) is not None:
        fail(f"nothing was written: {SHALLOW}")
    page = paper.receipt_of(hub, post, since=since.get(post.path), site=_site(root, hub), comments=comments, read=read)
    try:
        content = paper.as_pdf(msgspec.structs.replace(page, paper=PAPERS[size]))
    except ImportError:
        fail("receipts need typst, which is not installed: pip install typst, or all of requirements.txt")
    target = output or root / DEFAULT.format(key=post.stem)
    try:
        if not output:
            target.parent.mkdir(parents=True, exist_ok=True)
        files.write(target.resolve(), content)
    except OSError as error:
        fail(f"{target} cannot be written: {error.strerror}")
    click.echo(f"Written to {target}.")


def _find(hub: Hub, name: str, root: Path) -> Post:
    key = name.removesuffix(".md")
    paths = [name, f"{FOLDER}/{hub.course.open_semester}/{key}.md", within(Path(name), root) or ""]
    post = next((hub.post_by_path[path] for path in paths if path in hub.post_by_path), None)
    if post is None:
        fail(f"there is no post “{name}”: give its file, or its claim key in {hub.course.open_semester}")
    if post.front is None or post.troubles:
        fail(f"{post.path} cannot be read; “coursehub check {shlex.quote(post.path)}” says why")
    return post


def _site(root: Path, hub: Hub) -> str:
    try:
        return os.environ.get("COURSEHUB_SITE_URL") or checkout.read(root, hub.course).site_url
    except checkout.SetUpError as error:
        fail(str(error))
