"""The cost of a page for its reader: bytes over a network, and how far what is read moves while the page comes."""

import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from conftest import settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

# All that moved until now, as browsers score it: https://web.dev/articles/cls
SHIFTS = """() => new Promise((resolve) => {
  const moved = [];
  const note = (list) => moved.push(...list.getEntries().filter((each) => !each.hadRecentInput).map(({ value, sources }) =>
    [value, sources.map(({ node }) => node?.parentElement?.closest("[class]")?.className)]));
  new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(moved))));
})"""


def shift(page: "Page") -> tuple[float, list[object]]:
    """Return the page's layout shift until now, and the classes around what moved."""
    moved = page.evaluate(SHIFTS)
    return sum(value for value, _ in moved), moved


def styled(page: "Page", address: str) -> int:
    """Open a page, and return how often most of its elements got a style at once, until all was there."""
    browser = page.context.browser
    assert browser
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.goto(address)
    settled(page)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    elements = [each["args"].get("elementCount", 0) for each in events if each["name"] == "UpdateLayoutTree"]
    most = 0.6 * page.evaluate("document.querySelectorAll('*').length")
    return sum(each > most for each in elements)


def weight(folder: Path, addresses: Iterable[str]) -> int:
    """Return how many bytes a host of static sites sends for these addresses of a site in a folder."""
    return sum(_compressed(folder, unquote(path)) for path in {urlsplit(each).path for each in addresses})


@cache
def _compressed(folder: Path, path: str) -> int:
    file = folder / path.lstrip("/")
    file = file / "index.html" if file.is_dir() else file
    return len(gzip.compress(file.read_bytes(), compresslevel=6)) if file.is_file() else 0
