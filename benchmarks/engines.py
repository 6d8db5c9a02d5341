"""The engines that are compared: how each is found, what it is told to do, and how a whole site of it is known."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import forms
from corpus import Post
from forms import Form
from results import BASE, OURS

from coursehub.records.course import Course

# Programs of the project's own environment first, whatever is on the user's path.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("COURSEHUB_")},
    "PATH": PATH,
    "NO_MKDOCS_2_WARNING": "1",
}


class Engine(NamedTuple):
    """`command` builds the site of a folder in that folder; `caches` are what makes the next build faster, if any."""

    name: str
    form: Form
    command: tuple[str, ...]
    version: Callable[[], str]
    caches: tuple[str, ...] = ()

    @property
    def is_installed(self) -> bool:
        """Whether the program is there."""
        return shutil.which(self.command[0], path=PATH) is not None


def engines(course: Course) -> tuple[Engine, ...]:
    """All of them, in the order of their turns."""
    return (
        Engine(OURS, forms.hub(course), ("mkdocs", "build", "--strict"), _packages("coursehub", "mkdocs"), (".cache",)),
        Engine(BASE, forms.MATERIAL, ("mkdocs", "build"), _packages("mkdocs-material", "mkdocs")),
        Engine("Zensical", forms.MATERIAL, ("zensical", "build"), _says("zensical", "--version"), (".cache",)),
        Engine("Pelican", forms.PELICAN, ("pelican", "--fatal=errors"), _says("pelican", "--version")),
        Engine("Hugo", forms.HUGO, ("hugo", "--buildFuture"), _says("hugo", "version"), ("resources",)),
        Engine("Eleventy", forms.ELEVENTY, ("eleventy", "--quiet"), _says("eleventy", "--version")),
    )


def _packages(*names: str) -> Callable[[], str]:
    first, *others = names
    return lambda: ", ".join([version(first), *(f"{name} {version(name)}" for name in others)])


def _says(*command: str) -> Callable[[], str]:
    """The first number of a version in what a command prints."""

    def ask() -> str:
        ran = subprocess.run(command, env=ENVIRONMENT, check=False, capture_output=True, text=True)
        found = re.search(r"\d+(\.\d+)+", ran.stdout)
        return found[0] if found else "unknown"

    return ask


def pages(engine: Engine, folder: Path) -> int:
    """The number of pages of a built site."""
    return sum(1 for _ in (folder / engine.form.output).rglob("*.html"))


def missing(engine: Engine, folder: Path, posts: Iterable[Post]) -> Iterator[str]:
    """What a whole site would have and this one has not: a page for each post, with the post's title."""
    for post in posts:
        page = engine.form.page(post)
        file = folder / engine.form.output / page
        if not file.is_file():
            yield f"there is no {page}"
        elif escape(post.title) not in file.read_text(encoding="utf-8"):
            yield f"{page} has not the title “{post.title}”"
