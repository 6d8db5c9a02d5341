"""The site's Content-Security-Policy: strict, and unnoticed, whatever a reader does.

A browser lists in its console whatever a policy forbade, so that an empty console shows that nothing needed was.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import sites
from conftest import becomes, emptied, listening, opened, settled, visit_as_published
from kinds import KINDS
from looks import shift, styled, weight
from sites import Build, Document
from test_built_site import search
from test_comment_widget import Widgets

expect = pytest.importorskip("playwright.sync_api", reason="no playwright: make test sets it up").expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

MOST_BYTES = 100_000
POST, VIDEO = KINDS["post"], KINDS["video post"]


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return sites.shared(tmp_path_factory, "kinds")


@pytest.fixture(scope="module")
def site(kinds: Build, serve: Callable[..., str]) -> str:
    return serve(kinds.site)


@pytest.fixture(scope="module")
def strict(browser: "Browser") -> "Iterator[Page]":
    """A page of a browser that keeps to the policy."""
    context = opened(browser, bypass_csp=False)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


@pytest.fixture
def reader(strict: "Page") -> "Iterator[Page]":
    """Somebody whose console must stay empty."""
    messages: list[str] = []
    with (
        emptied(strict),
        listening(
            strict,
            console=lambda each: messages.append(f"{each.type} {each.text}"),
            pageerror=lambda error: messages.append(str(error)),
        ),
    ):
        yield strict
    # sound.txt has a picture that is no picture
    assert [each for each in messages if "404" not in each] == []


def policy(page: "Page") -> dict[str, list[str]]:
    content = page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content") or ""
    return {name: sources for name, *sources in (directive.split() for directive in content.split(";"))}


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_has_the_policy_asks_for_little_and_that_here_and_stays_still(
    reader: "Page", kinds: Build, site: str, kind: str
) -> None:
    """And the console stays empty, as `reader` sees to. On a phone, test_accessibility looks at what moves."""
    asked: list[str] = []
    with listening(reader, request=lambda each: asked.append(each.url)):
        reader.goto(site + KINDS[kind])
        settled(reader)
        becomes(reader, lambda: reader.evaluate("typeof window.document$?.subscribe"), "function")
    assert [each for each in asked if not each.startswith((site, "data:"))] == []
    assert [each for each in asked if re.search("search_index|workers/search", each)] == []
    # Pictures weigh what they weigh, and Mermaid comes when a diagram is near.
    light = [each for each in asked if each.startswith(site) and not re.search(r"\.(png|webp)$|/mermaid\.js$", each)]
    size = weight(kinds.site, light)
    assert 60_000 < size <= MOST_BYTES, f"{size} bytes: {light}"
    assert {f"{site}assets/site.css", f"{site}assets/start.js"} <= {*light}
    moved, what = shift(reader)
    assert moved <= 0.02, what
    assert policy(reader) == {
        "default-src": ["'none'"],
        "script-src": ["'self'", "https://giscus.app"],
        "style-src": ["'self'", "https://giscus.app"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "frame-src": ["'self'", "https://www.youtube-nocookie.com", "https://player.vimeo.com", "https://giscus.app"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }


@pytest.mark.parametrize("kind", ["home", "post", "catalog"])
def test_a_page_gets_its_style_once_and_not_anew_for_each_script(reader: "Page", site: str, kind: str) -> None:
    """Whatever marks the document as a whole makes a phone wait for all of its elements: `start.js` does it first."""
    assert styled(reader, site + KINDS[kind]) <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_on_a_page_is_inline_and_the_policy_comes_first(kinds: Build, kind: str) -> None:
    address = KINDS[kind]
    page = Document.read(kinds.site / address) if address.endswith(".html") else kinds.page(address)
    scripts = [each.attributes for each in page.elements if each.tag == "script" and "src" not in each.attributes]
    assert {each.get("type") for each in scripts} <= {"application/json", "application/ld+json"}
    assert [each.tag for each in page.elements if each.tag == "style" or "style" in each.attributes] == []
    assert [name for each in page.elements for name in each.attributes if name.startswith("on")] == []
    loading = [each for each in page.elements if each.tag == "script" or each.attributes.get("rel") == "stylesheet"]
    (policy,) = [each for each in page.elements if each.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert page.elements.index(policy) < page.elements.index(loading[0])


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_has_browsers_fetch_ahead(kinds: Build, kind: str) -> None:
    """Chromium passes over rel=next; Firefox fetches it, is forbidden to, and says so."""
    address = KINDS[kind]
    page = Document.read(kinds.site / address) if address.endswith(".html") else kinds.page(address)
    rels = {rel for each in page.find("link") for rel in each.attributes["rel"].split()}
    assert not rels & {"next", "prefetch", "prerender", "preload", "preconnect", "dns-prefetch"}


def test_without_comments_no_host_of_theirs_is_in_it(
    page: "Page", tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]
) -> None:
    page.goto(serve(sites.shared(tmp_path_factory, "sound").site))
    sources = policy(page)
    assert (sources["script-src"], sources["style-src"]) == (["'self'"], ["'self'"])
    assert not [each for each in sources["frame-src"] if "giscus" in each or "utteranc" in each]


def test_what_the_policy_forbids_does_not_run(browser: "Browser", site: str) -> None:
    """So that these tests do not pass for want of a policy."""
    page = browser.new_page()
    messages: list[str] = []
    page.on("console", lambda each: messages.append(each.text))
    page.goto(site)
    page.evaluate("""() => {
      document.body.insertAdjacentHTML("beforeend", '<img src="x" onerror="window.ran = 1"><p style="color: red" id="red">x</p>');
      document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = 2" }));
      document.body.append(Object.assign(document.createElement("script"), { src: "https://evil.example/a.js" }));
    }""")
    page.locator("body > img").evaluate("each => each.decode().catch(() => {})")
    assert page.evaluate("window.ran") is None
    assert len([each for each in messages if "Content Security Policy" in each]) >= 3
    page.close()


def test_a_reader_searches(reader: "Page", site: str) -> None:
    reader.goto(site)
    search(reader, "quokkasentence")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/posts/F2026/wibbleflow/**")
    reader.wait_for_selector(".hub-body mark")


def test_a_link_with_words_to_search_for_opens_the_search(reader: "Page", site: str) -> None:
    reader.goto(f"{site}?q=quokkasentence")
    reader.locator(".md-search-result__list").get_by_text("Wibbleflow").first.wait_for()


def test_the_search_index_waits_for_the_search(reader: "Page", site: str) -> None:
    asked: list[str] = []
    with listening(reader, request=lambda each: asked.append(each.url.removeprefix(site))):
        visit_as_published(reader, site, "posts/")
        reader.locator(".hub-card__title a").first.click()
        reader.wait_for_url("**/posts/F2026/*/")
        settled(reader)
        assert [each for each in asked if "search_index" in each] == []
        reader.goto(site + POST)
        settled(reader)
        assert [each for each in asked if "search_index" in each] == []
        search(reader, "quokkasentence")
    assert [each for each in asked if "search_index" in each] == ["search/search_index.json"]


def test_a_reader_changes_the_palette(reader: "Page", site: str) -> None:
    """By the keyboard, which finds the button that leads back in the same place; the choice outlives the system's."""
    body, bar = reader.locator("body"), reader.locator("meta[name=theme-color]")
    reader.emulate_media(color_scheme="light")
    visit_as_published(reader, site, POST)
    expect(bar).to_have_attribute("content", "rgb(255, 255, 255)")
    reader.emulate_media(color_scheme="dark")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    reader.get_by_role("button", name="Switch to light").press("Enter")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    expect(reader.get_by_role("button", name="Switch to dark")).to_be_focused()
    assert reader.locator(".hub-palette button:visible").count() == 1
    reader.keyboard.press("Enter")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    reader.locator("a.md-header__button.md-logo").click()
    expect(reader).to_have_title(re.compile("^Machine Learning in Production"))
    assert body.get_attribute("data-md-color-scheme") == "slate"
    expect(bar).not_to_have_attribute("content", "rgb(255, 255, 255)")
    reader.emulate_media(color_scheme="light")
    assert body.get_attribute("data-md-color-scheme") == "slate"


@pytest.mark.parametrize("scheme", ["slate", "default"])
def test_the_first_thing_shown_has_the_palette_of_the_system(reader: "Page", site: str, scheme: str) -> None:
    """Even where Material's own script is late."""
    held: list[Route] = []
    reader.route("**/bundle.*.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function
    reader.emulate_media(color_scheme="dark" if scheme == "slate" else "light")
    reader.goto(site, wait_until="commit")
    reader.wait_for_selector(".md-footer", state="attached")
    assert reader.get_attribute("body", "data-md-color-scheme") == scheme
    for route in held:
        route.continue_()


def test_a_reader_goes_from_page_to_page(reader: "Page", site: str) -> None:
    visit_as_published(reader, site, "")
    reader.evaluate("window.stayed = true")
    for name in ("Posts", "Claims", "Statistics", "Catalog"):
        reader.locator(".md-tabs").get_by_role("link", name=name).click()
        expect(reader).to_have_title(re.compile(name))
    reader.go_back()
    expect(reader).to_have_title(re.compile("Statistics"))
    assert reader.evaluate("window.stayed")


@pytest.mark.parametrize(("name", "module"), [("Catalog", "catalog-page"), ("Claims", "rows")])
def test_a_reader_leaves_before_the_filters_are_loaded(reader: "Page", site: str, name: str, module: str) -> None:
    held: list[Route] = []
    reader.route(f"**/{module}.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function
    visit_as_published(reader, site, "")
    for page in (name, "Statistics"):
        reader.locator(".md-tabs").get_by_role("link", name=page).click()
        expect(reader).to_have_title(re.compile(page))
        becomes(reader, lambda: len(held), 1)
    held[0].continue_()
    reader.evaluate(
        "async (module) => { await import(module); await new Promise(requestAnimationFrame); }",
        f"{site}assets/{module}.js",
    )
    reader.unroute(f"**/{module}.js")


def test_a_reader_copies_code(reader: "Page", site: str) -> None:
    reader.goto(site + POST)
    reader.locator(".highlight").first.hover()
    reader.locator(".highlight button[data-md-type=copy]").first.click()
    assert "def train" in reader.evaluate("navigator.clipboard.readText()")


def test_a_reader_loads_comments(reader: "Page", site: str) -> None:
    Widgets(reader)
    visit_as_published(reader, site, "posts/")  # from a page without
    reader.get_by_role("link", name="All that a text can hold").click()
    reader.get_by_role("button", name="Load comments").click()
    reader.wait_for_selector('.hub-comments[data-state="loaded"]')


def test_a_reader_plays_a_video(reader: "Page", site: str) -> None:
    reader.route(
        "https://www.youtube-nocookie.com/**",
        lambda route: route.fulfill(body="<title>A film</title>", content_type="text/html"),
    )
    visit_as_published(reader, site, "posts/")
    reader.get_by_role("link", name="A film about Filmium").click()
    reader.get_by_role("button", name="Play the video here").click()
    reader.frame_locator(".hub-video iframe").locator("title").wait_for(state="attached")
    assert reader.frames[1].url.startswith("https://www.youtube-nocookie.com/embed/aaaaaaaaaaa")


def test_a_reader_sees_diagrams_in_both_palettes(reader: "Page", site: str) -> None:
    reader.emulate_media(color_scheme="light")
    reader.goto(site + POST)
    diagram = reader.locator("pre.diagram").first
    assert "flowchart LR" in diagram.inner_text()
    diagram.scroll_into_view_if_needed()
    picture = reader.get_by_role("img", name="From events to a model")
    picture.wait_for()
    light = picture.get_attribute("src")
    assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") > 100
    reader.get_by_text("Mermaid cannot read this diagram").wait_for()
    reader.get_by_title("Switch to dark").click()
    expect(picture).not_to_have_attribute("src", light or "")
    reader.get_by_text("The diagram as text").click()
    assert reader.get_by_text("flowchart LR").is_visible()


def test_formulas_are_set_by_the_browser(reader: "Page", site: str) -> None:
    reader.goto(site + POST)
    assert reader.locator(".hub-body math").count() == 2
    assert reader.locator(".hub-body math[display=block]").count() == 1
    assert "It costs $5, or $6 for two." in reader.inner_text(".hub-body")
    assert reader.locator("code", has_text="$\\nosuchcommand$").is_visible()


def test_a_reader_asks_whether_a_name_is_free(reader: "Page", site: str) -> None:
    reader.goto(f"{site}claims/")
    reader.locator("[data-hub-free-name]").fill("MLflow")
    reader.locator(".hub-free__verdict").wait_for()


def test_a_reader_filters_the_catalog(reader: "Page", site: str) -> None:
    reader.goto(f"{site}catalog/")
    reader.get_by_label("Title, tool, application, topic, author or site").fill("kubeflow")
    expect(reader).to_have_url(re.compile("kubeflow"))


ASKING = (
    "catalog/?search=mlflow", "catalog/?semester=S2020", "claims/?tool=MLflow", "claims/?status=published",
    f"{POST}#formulas-and-diagrams", f"{VIDEO}#hub-comments",
)  # fmt: skip


@pytest.mark.parametrize("address", ASKING)
def test_what_an_address_asks_for_moves_nothing_on_a_phone(reader: "Page", site: str, address: str) -> None:
    """However late the scripts are: they are held until the page has been shown."""
    held: list[Route] = []
    reader.set_viewport_size({"width": 360, "height": 740})
    reader.route("**/*.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function
    reader.route("**/start.js", lambda route: route.continue_())
    reader.goto(site + address, wait_until="commit")
    reader.locator(".md-footer").wait_for(state="attached")
    reader.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    reader.unroute("**/*.js")
    for route in held:
        route.continue_()
    settled(reader)
    expect(reader.locator("html")).not_to_have_class(re.compile("hub-asks-"))
    moved, what = shift(reader)
    assert moved <= 0.02, what
