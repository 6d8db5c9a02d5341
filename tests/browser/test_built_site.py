"""The built site in a real browser: what a reader sees, and what a hostile post cannot do."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import sites
from conftest import listening, settled, visit_as_published

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Error, Page, Request

TITLE = '</title></script><script>alert("title")</script><img src=x onerror=alert(1)> {{ 7 * 7 }} Hostilium'
BEFORE = "<img src=x onerror=alert(90)> Hostilium before"
HOSTILE_PAGES = [
    "",
    "posts/",
    "posts/F2026/",
    "posts/F2026/hostile/",
    "posts/F2026/hostile2/",
    "claims/",
    "catalog/",
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    return serve(sites.shared(tmp_path_factory, "sound").site)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    return serve(sites.shared(tmp_path_factory, "hostile").site)


class Heard(list[str]):
    """Whatever a page does that it should not: dialogs, errors, requests that leave this machine."""

    def dialog(self, dialog: "Dialog") -> None:
        self.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def error(self, error: "Error") -> None:
        self.append(f"error {error}")

    def console(self, each: "ConsoleMessage") -> None:
        """A picture at an address that ends so is not there, and that is no fault."""
        if each.type == "error" and not each.location["url"].endswith("/x"):
            self.append(f"{each.text} at {each.location['url']}")

    def request(self, each: "Request") -> None:
        if not re.match(r"http://127\.0\.0\.1:|data:|blob:", each.url):
            self.append(each.url)


@pytest.fixture
def heard(page: "Page") -> Iterator[Heard]:
    heard = Heard()
    with listening(page, dialog=heard.dialog, pageerror=heard.error, console=heard.console, request=heard.request):
        yield heard


def search(page: "Page", words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.wait_for_selector(".md-search-result__item")


@pytest.mark.parametrize("address", HOSTILE_PAGES)
def test_a_hostile_post_does_nothing(page: "Page", hostile: str, heard: Heard, address: str) -> None:
    page.goto(hostile + address)
    settled(page)
    page.mouse.move(400, 300)
    for each in page.locator(".hub-body :is(a[href^='#'], summary, b, img, input, p, h2)").all():
        if each.is_visible():
            each.hover(force=True)
            each.click(force=True)
    assert heard == []
    assert "Hostilium" in page.inner_text("body") or "Zork" in page.inner_text("body")


def test_a_hostile_title_is_text_in_the_page_and_in_the_tab(page: "Page", hostile: str) -> None:
    page.goto(f"{hostile}posts/F2026/hostile/")
    assert page.inner_text("h1") == TITLE
    assert page.title() == f"{TITLE} - Course Hub"


@pytest.mark.parametrize("address", ["", "posts/", "posts/F2026/"])
def test_a_hostile_title_is_text_in_lists(page: "Page", hostile: str, address: str) -> None:
    page.goto(hostile + address)
    assert TITLE in page.locator(".hub-card__title").all_inner_texts()


def test_a_hostile_title_is_text_in_search_results(page: "Page", hostile: str, heard: Heard) -> None:
    page.goto(hostile)
    search(page, "Hostilium")
    page.wait_for_function("document.querySelectorAll('.md-search-result__item').length >= 3")
    results = page.inner_text(".md-search-result__list")
    assert TITLE in results
    assert BEFORE in results
    assert page.locator(".md-search-result__list :is(img, script, iframe)").count() == 0
    settled(page)
    assert heard == []


def test_a_hostile_title_is_text_after_instant_navigation(page: "Page", hostile: str, heard: Heard) -> None:
    """Material takes the next page's head and body over by script."""
    visit_as_published(page, hostile, "posts/")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_url("**/posts/F2026/hostile/")
    page.wait_for_function("document.title.includes('Hostilium')")
    assert page.inner_text("h1") == TITLE
    assert page.evaluate("window.stayed")
    settled(page)
    assert heard == []


@pytest.mark.parametrize(
    "address",
    ["", "posts/", "posts/F2026/", "posts/F2026/wibbleflow/", "posts/F2026/pandera/", "claims/", "catalog/"],
)
def test_reading_reaches_no_other_machine(page: "Page", sound: str, heard: Heard, address: str) -> None:
    page.goto(sound + address)
    settled(page)
    assert heard == []


def test_search_finds_the_text_of_a_post(page: "Page", sound: str, heard: Heard) -> None:
    page.goto(f"{sound}claims/")
    search(page, "quokkasentence")
    page.wait_for_function("document.querySelector('.md-search-result__list').innerText.includes('Wibbleflow')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts/F2026/wibbleflow/**")
    assert heard == []


def rows(page: "Page") -> list[str]:
    return page.locator(".hub-list tbody tr:visible").all_inner_texts()


def test_the_catalog_is_searched_by_keyboard_alone(page: "Page", sound: str, heard: Heard) -> None:
    page.goto(f"{sound}catalog/")
    box = page.get_by_label("Title, tool, application, topic, author or site")
    for _ in range(40):
        page.keyboard.press("Tab")
        if box.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.type("KUBEFLÓW medium")
    page.get_by_text(re.compile(r"^\d of 403 posts$")).and_(page.locator("span")).wait_for()
    matches = rows(page)
    assert 0 < len(matches) < 10
    assert [row for row in matches if "medium" not in row.lower()] == []
    page.wait_for_url("**/catalog/?search=KUBEFL%C3%93W+medium")
    assert not page.locator(".md-search__form").is_visible() or not page.locator("#__search").is_checked()
    assert heard == []


def test_the_catalog_works_after_instant_navigation_and_is_as_it_was_on_coming_back(page: "Page", sound: str) -> None:
    visit_as_published(page, sound, "")
    page.evaluate("window.stayed = true")
    page.locator(".md-tabs").get_by_role("link", name="Catalog").click()
    page.get_by_label("Title, tool, application, topic, author or site").fill("wibbleflow")
    number = page.locator("[data-hub-catalog-found]").get_by_text("2 of 403 posts", exact=True)
    number.wait_for()
    page.locator(".hub-list").get_by_role("link", name="Wibbleflow & friends").click()
    page.locator("h1", has_text="Wibbleflow").wait_for()  # the address changes before the page does
    page.go_back()
    page.wait_for_url("**/catalog/?search=wibbleflow")
    number.wait_for()
    assert len(rows(page)) == 2
    assert page.evaluate("window.stayed")


def test_without_javascript_the_newest_posts_lead_to_those_of_each_semester(
    context: "BrowserContext", sound: str
) -> None:
    assert context.browser
    plain = context.browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{sound}catalog/")
    assert (len(rows(page)), page.locator(".hub-catalog").is_visible()) == (50, False)
    page.get_by_text("These are the newest 50.").get_by_role("link", name="F2020").click()
    assert page.url.endswith("/posts/F2020/")
    assert len(rows(page)) == 9
    plain.close()


def test_the_palette_toggles_and_is_remembered(page: "Page", sound: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(sound)

    def look() -> tuple[str | None, str]:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return page.get_attribute("body", "data-md-color-scheme"), colour

    scheme, light = look()
    assert scheme == "default"
    page.get_by_title("Switch to dark").click()
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    assert look()[1] != light
    page.goto(f"{sound}claims/")
    assert look()[0] == "slate"
    page.get_by_title("Switch to light").click()
    page.wait_for_selector("body[data-md-color-scheme=default]")
    assert look() == ("default", light)


@pytest.mark.parametrize("number", range(3))
def test_what_the_assignment_asked_for_jumps_to_its_heading(page: "Page", sound: str, number: int) -> None:
    page.set_viewport_size({"width": 800, "height": 400})
    page.goto(f"{sound}posts/F2026/pandera/")
    links = page.locator(".hub-facts a[href*='#']")  # Material makes whole addresses of them
    assert links.count() == 3
    link = links.nth(number)
    target = (link.get_attribute("href") or "").partition("#")[2]
    link.click()
    page.wait_for_url(f"**#{target}")
    heading = page.locator(f"[id='{target}']")
    assert heading.evaluate("each => each.tagName") == "H2"
    page.wait_for_function("id => document.getElementById(id).getBoundingClientRect().top < 250", arg=target)
    assert heading.evaluate("each => each.getBoundingClientRect().top") >= 0
