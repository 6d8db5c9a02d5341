"""A reader on the front page, in a post, and on pages of tools, topics and authors."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import sites
from conftest import listening, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

VIDEO = "posts/F2026/zebratube/"
WOMBAT = "posts/F2026/quokka-db--wombat/"
KINDS = [
    "",
    "posts/",
    "posts/F2026/",
    WOMBAT,
    VIDEO,
    "tools/",
    "tools/quokkadb/",
    "topics/versioning/",
    "authors/ada-example/",
]
HERE = re.compile(r"http://127\.0\.0\.1:|data:|blob:")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    return serve(sites.shared(tmp_path_factory, "reading").site)


@pytest.fixture
def asked(page: "Page") -> Iterator[list[str]]:
    """Addresses elsewhere that the page asked for; a stand-in answers."""
    asked: list[str] = []

    def answer(route: "Route") -> None:
        asked.append(route.request.url)
        route.fulfill(body="<title>Player</title><button>Pause</button>", content_type="text/html")

    page.route(lambda url: not HERE.match(url), answer)
    yield asked


def play(page: "Page") -> "str | None":
    page.keyboard.press("Enter")
    return page.wait_for_selector(".hub-video iframe").get_attribute("src")


def tab_to(page: "Page", name: str) -> None:
    """Press the Tab key until the element of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    pytest.fail(f"no Tab leads to {name}")


def test_a_video_is_loaded_when_it_is_asked_for_and_no_sooner(page: "Page", site: str, asked: list[str]) -> None:
    page.goto(site + VIDEO)
    settled(page)
    page.locator(".hub-video").hover()
    assert asked == []
    tab_to(page, "Play the video here")
    src = play(page)
    assert src == "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0&start=10"
    page.frame_locator(".hub-video iframe").get_by_role("button", name="Pause").wait_for()
    assert asked == [src]


def test_who_plays_by_keyboard_is_in_the_player_then(page: "Page", site: str, asked: list[str]) -> None:
    page.goto(site + VIDEO)
    tab_to(page, "Play the video here")
    play(page)
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    assert page.evaluate("document.activeElement.title") == 'Video: Zebratube, as a "film" & more'
    page.frame_locator(".hub-video iframe").get_by_role("button", name="Pause").wait_for()
    assert asked


def test_a_player_has_the_place_that_was_kept_for_it(page: "Page", site: str, asked: list[str]) -> None:
    page.goto(site + VIDEO)
    before = page.locator(".hub-video").bounding_box()
    page.get_by_role("button", name="Play the video here").click()
    page.wait_for_selector(".hub-video iframe")
    assert page.locator(".hub-video").bounding_box() == before
    frame = page.locator(".hub-video iframe").bounding_box()
    assert before
    assert frame
    assert frame["width"] == before["width"]


def test_a_player_is_framed_without_a_complaint_of_the_policy(page: "Page", site: str, asked: list[str]) -> None:
    heard: list[str] = []
    with listening(page, console=lambda each: each.type in ("error", "warning") and heard.append(each.text)):
        page.goto(site + VIDEO)
        page.get_by_role("button", name="Play the video here").click()
        page.frame_locator(".hub-video iframe").get_by_role("button", name="Pause").wait_for()
    assert heard == []


def test_without_javascript_a_video_is_a_link(browser: "Browser", site: str) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(site + VIDEO)
    assert not page.locator(".hub-video").is_visible()
    assert page.get_by_role("link", name="Watch it on youtube.com").is_visible()
    plain.close()


def test_a_video_works_after_instant_navigation(page: "Page", site: str, asked: list[str]) -> None:
    page.goto(site + "posts/")
    page.get_by_role("link", name='Zebratube, as a "film" & more').click()
    page.get_by_role("button", name="Play the video here").click()
    page.wait_for_selector(".hub-video iframe")
    assert len(asked) == 1


def test_a_citation_is_copied_by_keyboard(context: "BrowserContext", page: "Page", site: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.rstrip("/"))
    page.goto(site + WOMBAT)
    tab_to(page, "Cite this post")
    page.keyboard.press("Enter")
    shown = page.locator(".hub-cite code").inner_text()
    assert shown.startswith("@misc{quokka-db--wombat-F2026,")
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('@misc'))")
    assert page.evaluate("navigator.clipboard.readText()").strip() == shown.strip()


def test_one_gets_from_the_front_page_to_a_tool_and_on(page: "Page", site: str) -> None:
    page.goto(site)
    page.get_by_role("link", name="50 % less {waiting}: Quokka & Wombat").click()
    page.locator(".hub-chips").get_by_role("link", name="Quokka DB").click()
    page.wait_for_url("**/tools/quokkadb/")
    assert page.inner_text("h1") == "QuokkaDB"
    page.get_by_role("link", name="QuokkaDB, a first look").click()
    page.wait_for_url("**/posts/F2025/quokkadb/")
    page.get_by_role("link", name="Ada-Example").click()
    page.wait_for_url("**/authors/ada-example/")
    assert page.locator(".hub-card").count() == 2


def test_an_authors_name_on_a_card_leads_to_the_author_and_the_rest_to_the_post(page: "Page", site: str) -> None:
    page.goto(site + "tools/quokkadb/")
    card = page.locator(".hub-card").first
    card.get_by_role("link", name="bob-example").click()
    page.wait_for_url("**/authors/bob-example/")
    page.goto(site + "tools/quokkadb/")
    page.locator(".hub-card").first.locator(".hub-card__summary").click(force=True)
    page.wait_for_url(f"**/{WOMBAT}")


def test_search_for_a_tool_finds_its_posts_and_its_page(page: "Page", site: str) -> None:
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("quokkadb")
    page.wait_for_selector(".md-search-result__item")
    addresses = {link.get_attribute("href") or "" for link in page.locator(".md-search-result__link").all()}
    places = {address.split("?")[0].removeprefix(site) for address in addresses}
    assert {"tools/quokkadb/", "posts/F2025/quokkadb/"} <= {place.lstrip("./") for place in places}


def test_an_example_that_nobody_took_can_be_asked_for(page: "Page", site: str) -> None:
    page.goto(site + "topics/llmops/")
    invitation = page.locator(".hub-invitation a[href*='tool=']").first
    (name,) = parse_qs(urlsplit(invitation.get_attribute("href") or "").query)["tool"]
    invitation.click()
    page.get_by_text(re.compile(f"“.*{re.escape(name)}” is free in F2026.")).first.wait_for()


def test_contents_and_facts_stand_beside_a_post_where_there_is_room(page: "Page", site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site + WOMBAT)
    contents, text, facts = (page.locator(each) for each in (".md-sidebar--secondary", ".hub-body", ".hub-margin"))
    assert contents.get_by_role("link", name="The example").is_visible()
    box, beside = text.bounding_box(), facts.bounding_box()
    assert box
    assert beside
    assert box["width"] <= 700
    assert (beside["x"] + beside["width"] < box["x"], abs(beside["y"] - box["y"]) < 30) == (True, True)
    page.set_viewport_size({"width": 360, "height": 740})
    assert not contents.is_visible()
    box, below = text.bounding_box(), facts.bounding_box()
    assert box
    assert below
    assert below["y"] >= box["y"] + box["height"]


@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024), (1280, 720)])
def test_a_posts_text_begins_on_the_first_screen(page: "Page", site: str, width: int, height: int) -> None:
    """Of a post with a title of 75 signs and a summary of 191."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto(site + "posts/F2026/ocrmypdf/")
    first = page.locator(".hub-body p").first.bounding_box()
    chips = page.locator(".hub-chips").bounding_box()
    assert first
    assert chips
    assert first["y"] < height - 60
    assert chips["height"] < 40  # one line


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_the_window(page: "Page", site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    widths = {}
    for address in KINDS:
        page.goto(site + address)
        widths[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: wide for address, wide in widths.items() if wide > width} == {}


@pytest.mark.parametrize(("width", "height", "seen"), [
    (1280, 800, ["h1", ".hub-free", ".hub-now", ".hub-numbers", "#newest"]),
    (360, 740, ["h1", ".hub-lead", ".hub-free input"]),
])  # fmt: skip
def test_the_first_screen_says_what_this_is(page: "Page", site: str, width: int, height: int, seen: list[str]) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(site)
    settled(page)
    # Of what is in a line, the first line: how many a title takes depends on the fonts of a machine.
    ends = {each: page.locator(each).first.evaluate("each => each.getClientRects()[0].bottom") for each in seen}
    assert {each: end for each, end in ends.items() if end > height} == {}
