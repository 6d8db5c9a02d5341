"""The places of links: on which built pages, and in which file and line somebody wrote them."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

# A longer address may go on after a shorter one.
_GOES_ON = re.compile(r"[\w/?&=%~+@$*-]|[.,:;!'](?=[\w/])")


class Links(NamedTuple):
    """Address → the pages that have it, in order. Inner ones begin with a slash; none has a fragment."""

    inner: dict[str, list[str]]
    outer: dict[str, list[str]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, value) for name, value in attrs if name in ("href", "src") and value]


def on_pages(pages: Mapping[str, str]) -> Links:
    """The links of built pages (path → HTML): what readers can follow to other sites, and all within the site."""
    inner: dict[str, set[str]] = defaultdict(set)
    outer: dict[str, set[str]] = defaultdict(set)
    for path, html in pages.items():
        reader = _Reader()
        reader.feed(html)
        for tag, target in reader.found:
            address = target.strip()
            try:
                scheme = urlsplit(address).scheme.lower() or ("http" if address.startswith("//") else "")
                address = urldefrag(urljoin(f"/{path}", address)).url
            except ValueError:  # such as half an IPv6 address: a link all the same
                scheme = address.partition(":")[0].lower()
            if scheme in ("http", "https") and tag == "a":
                outer[address].add(path)
            elif not scheme:
                inner[address].add(path)
    return Links(_in_order(inner), _in_order(outer))


def _in_order(pages_by_address: Mapping[str, set[str]]) -> dict[str, list[str]]:
    return {address: sorted(pages, key=page_name) for address, pages in sorted(pages_by_address.items())}


def page_name(path: str) -> str:
    """A page's address from the site's root: `posts/F2026/dvc/index.html` → `/posts/F2026/dvc/`."""
    folder, name = posixpath.split(path)
    return f"/{folder}/".replace("//", "/") if name == "index.html" else f"/{path}"


def in_files(urls: Iterable[str], files: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Address → (path, line) of each place in these files (path → text) that spells it."""
    places_by_url: dict[str, list[tuple[str, int]]] = {}
    for url in urls:
        places = set()
        for path, text in files.items():
            start = text.find(url)
            while start >= 0:
                end = start + len(url)
                if not _GOES_ON.match(text, end):
                    places.add((path, text.count("\n", 0, start) + 1))
                start = text.find(url, end)
        places_by_url[url] = sorted(places)
    return places_by_url
