"""The engines that are compared: their programs and commands, and the pages that a complete site of each has."""

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
from results import BASE, COLD, FULL_BASE, OURS, OWN, SHARED

from coursehub.records.course import Course

# Programs of the project's own environment first, whatever is on the user's path.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("COURSEHUB_")},
    "PATH": PATH,
    "NO_MKDOCS_2_WARNING": "1",
}


ANY = sys.maxsize  # of posts


class Engine(NamedTuple):
    """`command` builds the site of a folder in that folder; `caches` are folders that make the next build faster.

    `cases`: those that it takes part in. `most_posts`: with more, which takes hours, it takes part only if it is named.
    """

    name: str
    form: Form
    command: tuple[str, ...]
    version: Callable[[], str]
    caches: tuple[str, ...] = ()
    cases: tuple[str, ...] = SHARED
    most_posts: int = 2000

    @property
    def is_installed(self) -> bool:
        """Whether the program is on the path."""
        return shutil.which(self.command[0], path=PATH) is not None


def engines(course: Course) -> tuple[Engine, ...]:
    """All engines, in the order of their turns."""
    hub, of_material = _packages("coursehub", "mkdocs"), _packages("mkdocs-material", "mkdocs")
    return (
        Engine(
            OURS,
            forms.hub(course),
            ("mkdocs", "build", "--strict"),
            hub,
            (".cache", ".git/coursehub"),
            (*SHARED, *OWN),
            ANY,
        ),
        Engine(BASE, forms.MATERIAL, ("mkdocs", "build"), of_material),
        Engine(FULL_BASE, forms.MATERIAL_PAGES, ("mkdocs", "build"), of_material, cases=(COLD,)),
        Engine(
            "Zensical", forms.MATERIAL, ("zensical", "build"), _printed_version("zensical", "--version"), (".cache",)
        ),
        Engine("Pelican", forms.PELICAN, ("pelican", "--fatal=errors"), _printed_version("pelican", "--version")),
        Engine(
            "Hugo",
            forms.HUGO,
            ("hugo", "--buildFuture"),
            _printed_version("hugo", "version"),
            ("resources",),
            most_posts=ANY,
        ),
        Engine("Eleventy", forms.ELEVENTY, ("eleventy", "--quiet"), _printed_version("eleventy", "--version")),
    )


def _packages(*names: str) -> Callable[[], str]:
    first, *others = names
    return lambda: ", ".join([version(first), *(f"{name} {version(name)}" for name in others)])


def _printed_version(*command: str) -> Callable[[], str]:
    """A function that returns the first version number which a command prints, or “unknown”."""

    def ask() -> str:
        ran = subprocess.run(command, env=ENVIRONMENT, check=False, capture_output=True, text=True)
        number = re.search(r"\d+(\.\d+)+", ran.stdout)
        return number[0] if number else "unknown"

    return ask


def pages(engine: Engine, folder: Path) -> tuple[int, float]:
    """The number of pages of a built site, and the megabytes of all its files."""
    sizes = {file: file.stat().st_size for file in (folder / engine.form.output).rglob("*") if file.is_file()}
    return sum(file.suffix == ".html" for file in sizes), sum(sizes.values()) / 1e6


def missing(engine: Engine, folder: Path, posts: Iterable[Post]) -> Iterator[str]:
    """Return what is missing in a site, in words: each post has to have a page with its title."""
    for post in posts:
        page = engine.form.page(post)
        file = folder / engine.form.output / page
        if not file.is_file():
            yield f"there is no {page}"
        elif escape(post.title) not in file.read_text(encoding="utf-8"):
            yield f"{page} has not the title “{post.title}”"
