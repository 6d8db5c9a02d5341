"""`coursehub new`: a claim is written, or a post that another program had."""

import codecs
import os
import shlex
import sys
from pathlib import Path

import click

from coursehub.claims import availability, new_claim
from coursehub.cli import conversions
from coursehub.cli.claims import as_meant, require_known
from coursehub.cli.shared import FINDINGS, fail, load, root_option
from coursehub.names import file_names
from coursehub.records.hub import Hub
from coursehub.system import files
from coursehub.text import mkdocs_yaml


@click.command()
@click.argument("names", nargs=-1, metavar="NAME…")
@click.option("--option", required=True, help="Which kind of post it will be, such as mlops-tool.")
@click.option("--author", "authors", multiple=True, metavar="LOGIN", help="A GitHub login; once for each co-author.")
@click.option(
    "--from", "source", metavar="FILE|FOLDER", type=click.Path(exists=True, path_type=Path),
    help="A post, or a folder of posts, of Jekyll, Hugo, Quarto, Medium, Notion, Jupyter and the like.",
)  # fmt: skip
@click.option("--semester", help="With --from: the semester of earlier posts; else the day of each decides.")
@root_option
def new(
    names: tuple[str, ...], option: str, authors: tuple[str, ...], source: Path | None, semester: str | None, root: Path
) -> None:
    """Write a claim in the right place. Several names are a combination; of a title, they are its words.

    With --from, write a post, with its pictures. A name that cannot be claimed is refused in the words of
    `coursehub free`, with exit code 1.
    """
    hub = load(root)
    if source:
        conversions.write_posts(hub, root, source, names, option, authors, semester)
    require_known(hub, option)
    word = hub.course.now.word(option)
    if semester:
        fail("--semester goes with --from: a new claim is of the open semester")
    if not names:
        fail(f"which {word} is it? coursehub new NAME --option {option}")
    names = as_meant(hub, names, option)
    answer = availability.ask(hub, names, option)
    click.echo(availability.in_words(answer, word))
    if not answer.can_be_claimed:
        sys.exit(FINDINGS)
    its_path = new_claim.path_of(answer.semester, answer.key)
    path = root / its_path
    if why := file_names.too_long(its_path):
        fail(f"{its_path}: {why}. Give the {word} a shorter name.")
    is_repeat = answer.status is availability.Status.EARLIER
    schema = new_claim.schema_at(_site(root))
    text = new_claim.text_of(names, option, answer.semester, authors or _own_login(root), schema, is_repeat=is_repeat)
    try:
        files.create(path, text.encode())
        where = f"Written to {its_path}"
    except FileExistsError:
        _write_before_text(hub, path, its_path, text)
        where = f"Written before the text that is in {its_path}"
    click.echo(f"\n{where}. Commit it and open a pull request to claim the {word}.")


def _write_before_text(hub: Hub, path: Path, its_path: str, claim: str) -> None:
    """Put a claim before a text that has no front matter; of any other file, say why that cannot be."""
    there = path.read_bytes().removeprefix(codecs.BOM_UTF8) if path.is_file() else b""
    post = hub.post_by_path.get(its_path)
    if post and post.status == "withdrawn":
        word = hub.word(post)
        fail(f"{path} exists already and is withdrawn. To take the {word} over, put this in its place:\n\n{claim}")
    if not post or post.front or there.lstrip().startswith(b"---"):
        why = "is no claim on this" if post and post.front else "its front matter cannot be read"
        fail(f"{path} exists already, and {why}; “coursehub check {shlex.quote(its_path)}” says more")
    files.write(path, f"{claim}\n".encode() + there.lstrip(b"\r\n"))


def _site(root: Path) -> str:
    """Return the address of the published site, or nothing where `mkdocs.yml` has none."""
    try:
        return mkdocs_yaml.site_url((root / mkdocs_yaml.PATH).read_text(encoding="utf-8"), os.environ)
    except (OSError, UnicodeDecodeError):
        return ""


def _own_login(root: Path) -> tuple[str, ...]:
    login = new_claim.own_login(root, Path.home(), os.environ)
    if login is None:
        fail(
            "whose claim is it? Give your GitHub login: --author LOGIN (or once for all: git config github.user LOGIN)"
        )
    return (login,)
