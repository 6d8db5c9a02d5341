"""A built site's links, followed: which are broken within it, what other sites answer, and where each link is."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from coursehub.links import crawl, link_places
from coursehub.links.dead_links import Answer
from coursehub.links.link_places import Links
from coursehub.links.link_report import Inner
from coursehub.links.linkchecker import answer

# In a course, and in the repository of Course Hub, which makes pages of templates.
SOURCES = (
    "data/*.yaml",
    "posts/*/*.md",
    "docs/*.md",
    "overrides/**/*.html",
    "src/coursehub/*/templates/*",
    "src/mkdocs_coursehub/theme/**/*.html",
    "mkdocs.yml",
)
OWN = ("edit", "commits", "new")  # pages of this repository on GitHub that every page of the site links to


class Followed(NamedTuple):
    """The broken links within a site, the answers of other sites by address, and the pages that have the links."""

    inner: list[Inner]
    answers: dict[str, Answer]
    links: Links


def follow(site: Path, repository: str, agent: str, timeout: int, a_second: int) -> Followed:
    """Follow all links of a site; `repository` is its address on GitHub.

    A host has `timeout` seconds to answer, and gets `a_second` requests a second at most. Raises `MissingError` and
    `UnfinishedError`.
    """
    links = links_of(site)
    inner = [each for each in broken(site, links) if each.target.startswith("/")]
    outer = [url for url in links.outer if not url.startswith(tuple(f"{repository}/{page}/" for page in OWN))]
    rows = crawl.elsewhere(outer, agent, timeout, a_second)
    return Followed(inner, {url: answer(row, crawl.is_unknown) for url, row in rows.items()}, links)


def links_of(site: Path) -> Links:
    """The links that the pages of a built site have."""
    return link_places.on_pages(_texts(site, ["**/*.html"]))


def broken(site: Path, links: Links) -> list[Inner]:
    """The links of a site that lead nowhere within it, or are no address, by target; `links` are those of its pages.

    Raises as `follow` does.
    """
    targets = {}
    for row in crawl.within(site):
        if not row.is_valid:
            pages = links.inner.get(row.url) or links.outer.get(row.url) or [row.parent.removeprefix("/")]
            targets[row.url] = Inner(row.url, tuple(map(link_places.page_name, pages)), row.result)
    return sorted(targets.values())


def places(urls: Iterable[str], links: Links, root: Path) -> Mapping[str, list[tuple[str, int]]]:
    """Each address with the files and lines of a repository that have it, or else the pages that do, with line 0."""
    in_files = link_places.in_files(urls, _texts(root, SOURCES))
    return {
        url: places or [(link_places.page_name(page), 0) for page in links.outer.get(url, ())]
        for url, places in in_files.items()
    }


def _texts(folder: Path, patterns: Iterable[str]) -> dict[str, str]:
    paths = sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8", errors="replace") for path in paths}
