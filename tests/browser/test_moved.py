"""Old addresses of posts that moved, as readers follow them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import sites
from conftest import visit_as_published
from sites import Build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    return serve(sites.shared(tmp_path_factory, "moved").site)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return sites.shared(tmp_path_factory, "moved-preview")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_an_old_address_leads_to_the_post(browser: "Browser", moved: str, has_scripts: bool) -> None:
    """Also under the site's policy, to which this browser keeps."""
    context = browser.new_context(java_script_enabled=has_scripts)
    try:
        page = context.new_page()
        page.goto(f"{moved}posts/F2025/quokka/")
        page.wait_for_url(f"{moved}posts/F2026/quokkary/")
        assert page.locator("h1").inner_text() == "Quokkary & friends"
    finally:
        context.close()


def test_a_link_to_it_on_a_page_that_was_reached_at_once_leads_there_as_well(page: "Page", moved: str) -> None:
    visit_as_published(page, moved, "posts/F2026/")
    page.get_by_role("link", name="A post that links").click()
    page.get_by_role("link", name="where it was before").click()
    page.wait_for_url(f"{moved}posts/F2026/quokkary/*")
    page.locator("h1", has_text="Quokkary & friends").wait_for()
    page.go_back()
    page.locator("h1", has_text="A post that links").wait_for()


def test_from_disk_too(page: "Page", preview: Build) -> None:
    page.goto((preview.site / "posts/F2026/quokka-ry.html").as_uri())
    page.wait_for_url((preview.site / "posts/F2026/quokkary.html").as_uri())
    page.locator("h1", has_text="Quokkary & friends").wait_for()
