"""Build this repository's site with what could replace MkDocs and Material, and compare text and search of each page.

    python tools/renderers.py .venv build/renderers

The environment `renderers` in the first folder is that of requirements/renderers.txt. Differences that are not among
those below are printed in words, and the exit code is 1. See docs/renderers.md.
"""

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from coursehub.text.wording import plural

_UNSEEN = frozenset(["script", "style", "template", "noscript"])
_APART = re.compile(r"h[1-6]|p|div|li|td|th|tr|dt|dd|br|pre|label|button|article|section|nav|summary|figcaption")
_MOST = 20  # differences between two sites that are printed
_THEME = ("assets/javascripts/", "assets/stylesheets/", "assets/images/", "search/")  # files that are not the course's
_HERE = "https://site.example/"
_IN_PLACE = "properdocs.yml"  # which ProperDocs takes before mkdocs.yml


class Known(NamedTuple):
    """Words that differ on every page, and why that is as it should be."""

    ours: str
    theirs: str
    why: str


class Renderer(NamedTuple):
    """A program that could replace MkDocs with Material.

    `within`: the element whose text is compared. `has_our_index`: whether its search has the entries that ours has.
    `known` are differences in text, `files` those in other files: path → why; `links`: addresses that only ours has.
    """

    name: str
    within: str
    has_our_index: bool
    known: tuple[Known, ...]
    files: Mapping[str, str]
    links: re.Pattern[str]


MATERIALX = Renderer(
    "ProperDocs with MaterialX", "body", True,
    (Known("Made with Material for MkDocs", "Made with MaterialX", "the footer names the theme"),),
    {"assets/site.css": "the theme's styles are in it"},
    re.compile("https://squidfunk.github.io/mkdocs-material/"),  # the footer names the theme
)  # fmt: skip
ZENSICAL = Renderer(
    "Zensical, from an export", "article", False,
    (),
    {"assets/site.css": "its own styles are beside ours", "sitemap.xml": "it has the same addresses, escaped"},
    re.compile(r".*/(edit|commits)/main/(posts|src)/.*"),  # what is exported is edited in the export
)  # fmt: skip


class _Reader(HTMLParser):
    """Reads words and addresses of a page that are within an element of this name."""

    def __init__(self, within: str) -> None:
        super().__init__()
        self.within, self.depth, self.unseen, self.parts = within, 0, 0, list[str]()
        self.addresses = set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens, and where it leads."""
        self.depth += tag == self.within
        self.unseen += tag in _UNSEEN
        self._part(tag)
        if self.depth > 0 and tag in ("a", "img"):
            self.addresses.update(value for name, value in attrs if name in ("href", "src") and value)

    def handle_endtag(self, tag: str) -> None:
        """Note what closes."""
        self.depth -= tag == self.within
        self.unseen -= tag in _UNSEEN
        self._part(tag)

    def _part(self, tag: str) -> None:
        if _APART.fullmatch(tag):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        """Keep what is seen."""
        if self.depth > 0 and not self.unseen:
            self.parts.append(data)


def read(page: Path, within: str) -> tuple[list[str], set[str]]:
    """Return the words of a page within the elements of this name, and the addresses there."""
    reader = _Reader(within)
    reader.feed(page.read_text(encoding="utf-8"))
    reader.close()
    return "".join(reader.parts).split(), reader.addresses


def differences(ours: Path, theirs: Path, renderer: Renderer) -> Iterator[str]:
    """Yield a sentence for each difference between two sites."""
    pages, others = _pages(ours), _pages(theirs)
    for path in sorted({*pages} ^ {*others}):
        yield f"{path}: only {'ours' if path in pages else 'theirs'} has this page"
    for path in sorted({*pages} & {*others}):
        (words, addresses), (their_words, their_addresses) = (
            read(site[path], renderer.within) for site in (pages, others)
        )
        text = " ".join(words)
        for each in renderer.known:
            text = text.replace(each.ours, each.theirs)
        yield from (f"{path}: {each}" for each in changes(text.split(), their_words))
        for address in sorted(_from(path, addresses) - _from(path, their_addresses)):
            leads_on = not address.startswith(_HERE) or (ours / urlsplit(address).path.removeprefix("/")).exists()
            if leads_on and not renderer.links.fullmatch(address):  # what leads nowhere is resolved in two ways
                yield f"{path}: theirs has no link to {address}"
    yield from file_differences(ours, theirs, renderer.files)
    if renderer.has_our_index:
        yield from search_differences(ours, theirs)


def _from(page: str, addresses: Iterable[str]) -> set[str]:
    """The addresses that a page has, from the top, and not quoted."""
    return {unquote(urljoin(f"{_HERE}{quote(page.removesuffix('index.html'))}", address)) for address in addresses}


def _pages(site: Path) -> dict[str, Path]:
    return {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}


def changes(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each place where words differ."""
    if ours == theirs:
        return
    for kind, start, end, first, last in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            before = " ".join(ours[max(0, start - 3) : start])
            yield f"after “{before}” ours has “{_short(ours[start:end])}”, theirs “{_short(theirs[first:last])}”"


def _short(of: Sequence[str]) -> str:
    text = " ".join(of)
    return text if len(text) <= 200 else f"{text[:200]} …"


def search_differences(ours: Path, theirs: Path) -> Iterator[str]:
    """Yield a sentence for each entry of the search that differs, and for the search's settings."""
    index, other = (json.loads((site / "search/search_index.json").read_bytes()) for site in (ours, theirs))
    if index["config"] != other["config"]:
        yield f"search: settings are {other['config']} in theirs, {index['config']} in ours"
    entries, others = ({each["location"]: each for each in one["docs"]} for one in (index, other))
    for location in sorted({*entries} | {*others}):
        if entries.get(location) != others.get(location):
            yield f"search: “{location}” differs: ours {entries.get(location)}, theirs {others.get(location)}"


def file_differences(ours: Path, theirs: Path, known: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each file beside pages, search and theme, such as a feed, that differs."""
    for path in sorted(path.relative_to(ours).as_posix() for path in ours.rglob("*") if path.is_file()):
        if path.startswith(_THEME) or path.endswith((".html", ".gz")) or path in known:
            continue
        if not (theirs / path).is_file():
            yield f"{path}: only ours has this file"
        elif (ours / path).read_bytes() != (theirs / path).read_bytes():
            yield f"{path}: theirs has other bytes"


def build(environment: Path, folder: Path) -> list[tuple[Renderer, Path]]:
    """Build the site three times, ours into `folder`/ours, and return where the others are.

    Raises `subprocess.CalledProcessError`.
    """
    theirs = environment / "renderers/bin"

    def run(*command: object, cwd: Path | None = None, **settings: str) -> None:
        subprocess.run([*map(str, command)], check=True, cwd=cwd, env={**os.environ, **settings})

    shutil.rmtree(folder, ignore_errors=True)
    run(environment / "bin/mkdocs", "build", "--quiet", "--strict", "--site-dir", folder / "ours", COURSEHUB_CACHE="0")
    settings = Path("mkdocs.yml").read_text(encoding="utf-8")
    Path(_IN_PLACE).write_text(re.sub("^theme: material$", "theme: materialx", settings, flags=re.MULTILINE), "utf-8")
    try:
        run(
            theirs / "properdocs", "build", "--quiet", "--strict", "--site-dir", folder / "materialx",
            COURSEHUB_CACHE="0",
        )  # fmt: skip
    finally:
        Path(_IN_PLACE).unlink()
    run(environment / "bin/coursehub", "export", folder / "export")
    run((theirs / "zensical").absolute(), "build", "--strict", cwd=folder / "export")
    return [(MATERIALX, folder / "materialx"), (ZENSICAL, folder / "export/site")]


def main() -> int:
    """Build and compare, and return 1 if anything differs."""
    environment, folder = Path(sys.argv[1]), Path(sys.argv[2])
    code = 0
    for renderer, site in build(environment, folder):
        different = [*differences(folder / "ours", site, renderer)]
        code = 1 if different else code
        print(f"{renderer.name}: {plural(len(_pages(site)), 'page')}, {plural(len(different), 'difference')}")
        for each in different[:_MOST]:
            print(f"  {each}")
        if len(different) > _MOST:
            print(f"  and {len(different) - _MOST} more")
    return code


if __name__ == "__main__":
    sys.exit(main())
