"""The statistics page as a reader sees it: on a phone and on a desk, in light and in dark."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sites

if TYPE_CHECKING:
    from playwright.sync_api import Page

SMALLEST = 11  # pixels
TEXTS = """() => [...document.querySelectorAll("svg.hub-chart")].map(chart => ({
    name: chart.getAttribute("aria-labelledby"),
    room: [0, document.documentElement.clientWidth],
    texts: [...chart.querySelectorAll("text")].map(each => {
        const box = each.getBoundingClientRect();
        return {words: each.textContent, size: parseFloat(getComputedStyle(each).fontSize),
                left: box.left, right: box.right, top: box.top, bottom: box.bottom};
    }),
}))"""
COLOURS = """() => [...document.querySelectorAll(".hub-chart rect, .hub-chart text")].map(each =>
    [each.tagName, getComputedStyle(each).fill, getComputedStyle(document.body).backgroundColor])"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    return serve(sites.shared(tmp_path_factory, "sound").site) + "statistics/"


@pytest.fixture(params=[(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")], ids=str)
def seen(request: pytest.FixtureRequest, page: "Page", address: str) -> "Page":
    width, scheme = request.param
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    return page


def test_what_a_chart_says_has_room_and_can_be_read(seen: "Page") -> None:
    assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    charts = seen.evaluate(TEXTS)
    assert len(charts) == 12
    for chart in charts:
        texts = chart["texts"]
        assert [each["words"] for each in texts if each["size"] < SMALLEST] == []
        leftmost, rightmost = chart["room"]
        assert [each["words"] for each in texts if each["left"] < leftmost or each["right"] > rightmost] == []
        clashes = [
            (one["words"], other["words"])
            for index, one in enumerate(texts)
            for other in texts[index + 1 :]
            if one["left"] < other["right"] and other["left"] < one["right"]
            if one["top"] + 3 < other["bottom"] and other["top"] + 3 < one["bottom"]  # a line's own room overlaps
        ]
        assert clashes == [], chart["name"]


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_bars_and_words_stand_out(seen: "Page") -> None:
    colours = {tuple(each) for each in seen.evaluate(COLOURS)}
    bars = {colour for tag, colour, _ in colours if tag == "rect"}
    assert len(bars) == 2
    for tag, colour, background in colours:
        bright, dark = sorted((luminance(colour), luminance(background)), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= (4.5 if tag == "text" else 3), (tag, colour, background)


def test_a_table_opens_by_keyboard(page: "Page", address: str) -> None:
    page.goto(address)
    table = page.locator("details.hub-details").first
    assert not table.locator("table").is_visible()
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    assert table.locator("tbody tr").first.inner_text().split() == ["S2020", "15", "0"]


def test_a_picture_is_announced_by_its_sentence(page: "Page", address: str) -> None:
    page.goto(address)
    pictures = page.get_by_role("img", name="403 posts in 9 semesters")
    assert pictures.count() == 1
