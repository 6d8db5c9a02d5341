"""`coursehub export`: all pages as Markdown with front matter, for another renderer."""

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from coursehub import checks, exporting, site
from coursehub.cli.shared import CLEAN, FINDINGS, fail, load, root_option
from coursehub.comments import settings as comment_settings
from coursehub.exporting import theme
from coursehub.exporting.settings import left_out
from coursehub.site import inputs
from coursehub.text import mkdocs_yaml
from coursehub.text.visible import visible
from coursehub.text.wording import plural
from forkpool import processes


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@root_option
def export(folder: Path, root: Path) -> None:
    """Write all pages of the site as Markdown with front matter into DIR, with zensical.toml, for another renderer.

    DIR is a new folder. Posts with an error that blocks are left out and listed, with exit code 1.
    """
    if folder.is_symlink() or (folder.exists() and any(folder.iterdir())):
        fail(f"{visible(str(folder))} is there already; nothing was written")
    hub = load(root, with_contents=True)
    broken = {finding.path for finding in checks.judge(hub, processes()) if finding.blocks}
    text = _settings_text(root)
    written, defaults = _settings(text), _settings(theme.settings())
    docs = _below(root / str(written.get("docs_dir") or "docs"))
    own = mkdocs_yaml.custom_dir(text, os.environ)
    templates = _below(root / own) if own else {}
    read = inputs.read(
        root, hub, text, os.environ, lambda message: click.echo(f"coursehub: {visible(message)}", err=True)
    )
    has_cards = bool((written.get("extra") or {}).get("cards"))
    built = site.build(
        hub,
        msgspec.structs.replace(
            read,
            broken=frozenset(broken),
            cards=root / inputs.CARDS if has_cards else None,
            own_pages=frozenset(path for path in docs if path.endswith(".md")),
        ),
    )
    files = dict(exporting.exported(built, hub.course, docs, templates, defaults, written, _comments(written, text)))
    _write_all(folder, files)
    for name in left_out(written):
        click.echo(f"coursehub: no other renderer runs {visible(name)}, which mkdocs.yml names", err=True)
    for path in sorted(broken):
        click.echo(f"coursehub: {visible(path)} is left out: it has an error that “coursehub check” shows", err=True)
    pages = sum(path.endswith(".md") for path in files)
    click.echo(f"{visible(str(folder))}: {plural(pages, 'page')}, {plural(len(files) - pages, 'other file')}")
    click.echo(f"To build it: pip install zensical, and in {visible(str(folder))}: zensical build")
    sys.exit(FINDINGS if broken else CLEAN)


def _settings_text(root: Path) -> str:
    try:
        return (root / mkdocs_yaml.PATH).read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        fail(f"{mkdocs_yaml.PATH} is missing, or no text: {error}")


def _settings(text: str) -> dict[str, Any]:
    try:
        return mkdocs_yaml.settings(text, os.environ)
    except ValueError as error:
        fail(f"{mkdocs_yaml.PATH}: {visible(' '.join(str(error).split()))}")


def _below(folder: Path) -> dict[str, Path]:
    """Path → file of all files in a folder, but hidden ones, as MkDocs takes them."""
    files = ((path.relative_to(folder), path) for path in sorted(folder.rglob("*")) if path.is_file())
    return {name.as_posix(): path for name, path in files if not any(part.startswith(".") for part in name.parts)}


def _comments(written: Mapping[str, Any], text: str) -> dict[str, object]:
    widget = comment_settings.read(text, os.environ)
    its = (written.get("extra") or {}).get("comments") or {}
    return {"load": "click", **its, **msgspec.to_builtins(widget), "are_set_up": bool(widget.repo)}


def _write_all(folder: Path, contents: Mapping[str, exporting.File]) -> None:
    """Write all files beside the folder, and put them in its place at once, so that nobody ever finds half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
        for path, content in contents.items():
            file = Path(beside, "all", path)
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                file.write_bytes(content)
            else:
                shutil.copyfile(content, file)
        Path(beside, "all").replace(folder)
