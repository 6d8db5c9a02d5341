"""The weight of a page, as it comes to its reader over a network: compressed, and from this host alone."""

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sites
from conftest import Quiet, served
from kinds import KINDS

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Request

MOST = 250_000  # bytes


class Zipped(Quiet):
    """Sends every file compressed, as hosts of static sites do."""

    def send_head(self) -> io.BytesIO | None:  # type: ignore[override]
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return None
        body = gzip.compress(path.read_bytes(), compresslevel=6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(sites.shared(tmp_path_factory, "kinds").site, Zipped) as address:
        yield address


def load(page: "Page", address: str) -> tuple[int, list[str]]:
    """The bytes of all answers, without headers, and the addresses that were asked."""
    finished: list[Request] = []
    page.on("requestfinished", lambda each: finished.append(each))  # noqa: PLW0108 - Playwright wants a function
    page.goto(address, wait_until="networkidle")
    return sum(each.sizes()["responseBodySize"] for each in finished), [each.url for each in finished]


# The first is plain text. Pictures weigh what they weigh, and Mermaid comes when a diagram is near.
@pytest.mark.parametrize("address", ["posts/F2025/wibbleflow/", KINDS["external post"], KINDS["video post"]])
def test_a_post_weighs_little_and_comes_from_here(
    context: "BrowserContext", page: "Page", site: str, address: str
) -> None:
    """By somebody who comes for the first time: the browser is new."""
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url))
    size, addresses = load(page, site + address)
    assert len(addresses) > 8
    assert 50_000 < size <= MOST, f"{size} bytes: {addresses}"
    assert [each for each in asked if not each.startswith((site, "data:"))] == []
    assert [each for each in asked if "search_index" in each or "diagrams/mermaid" in each] == []
