"""A page of a course that a wheel alone made, in a browser."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import adopted
import pytest
from conftest import listening

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_its_post_is_there_and_the_console_is_silent(
    page: "Page", serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = serve(adopted.shared(tmp_path_factory).site)
    complaints: list[str] = []
    with listening(page, console=lambda message: complaints.append(f"{message.type}: {message.text}")):
        page.goto(f"{site}{adopted.POST}/")
        assert page.locator("h1").inner_text() == "Tables, all the way down"
        page.get_by_role("cell", name="1970").wait_for()
        page.get_by_role("link", name="Claims").first.click()
        page.get_by_role("heading", name="Claims").first.wait_for()
    assert complaints == []
