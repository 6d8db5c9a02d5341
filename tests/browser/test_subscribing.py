"""The links to feeds, in the browser."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sites
from conftest import listening, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.parametrize("address", ["posts/F2026/", "topics/operations/", "posts/F2026/wibbleflow/"])
def test_a_page_with_feeds_asks_for_nothing_that_is_not_there(
    page: "Page", tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str], address: str
) -> None:
    """Material would look for a sitemap beside every alternate."""
    root = serve(sites.shared(tmp_path_factory, "sound").site)
    missing: list[str] = []
    with listening(page, response=lambda each: missing.append(each.url) if each.status >= 400 else None):
        with page.expect_response("**/sitemap.xml"):
            page.goto(root + address)
        settled(page)
    assert missing == []
    assert page.locator("head link[rel=alternate][type='application/rss+xml']").count() == 1  # the one of all posts


def test_subscribe_leads_to_the_feed(
    page: "Page", tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]
) -> None:
    page.goto(serve(sites.shared(tmp_path_factory, "sound").site) + "posts/F2026/")
    link = page.get_by_role("link", name="Subscribe to Machine Learning in Production, F2026")
    assert page.request.get(link.evaluate("each => each.href")).text().startswith("<?xml")
