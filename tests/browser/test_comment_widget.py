"""Comments in a real browser, against stand-ins that speak the widgets' protocol: no other machine is asked."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import sites
import yaml
from conftest import Clock, becomes, settled, visit_as_published

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Frame, Page, Route

ROOT = Path(__file__).parents[2]
WIDGETS = Path(__file__).parent / "widgets"
POST, OTHER = "posts/F2026/wibbleflow/", "posts/F2026/pandera/"
ELSEWHERE = "posts/F2026/elsewherium/"
HOSTS = {"giscus": "https://giscus.app", "utterances": "https://utteranc.es"}
FILES = {
    "https://giscus.app/client.js": "giscus-client.js",
    "https://giscus.app/en/widget": "giscus-widget.html",
    "https://utteranc.es/client.js": "utterances-client.js",
    "https://utteranc.es/utterances.html": "utterances.html",
}
STYLE = ".giscus, .giscus-frame { width: 100%; min-height: 150px; } .giscus-frame { border: none; color-scheme: light dark; } .giscus-frame--loading { opacity: 0; }"
FOUND = {
    "discussion": {
        "id": "D_1", "url": "https://github.com/example/course/discussions/7", "locked": False,
        "repository": {"nameWithOwner": "example/course"}, "reactionCount": 0,
        "totalCommentCount": 2, "totalReplyCount": 1, "reactions": {},
    },
    "viewer": None,
}  # fmt: skip
LOADED = '.hub-comments[data-state="loaded"]'
SEARCH = "https://github.com/example/course/discussions?discussions_q={}"


class Widgets:
    """A stand-in for the widgets' hosts, and the addresses that it was asked for."""

    def __init__(self, browser: "BrowserContext | Page") -> None:
        self.asked: list[str] = []
        self.fault: Callable[[Route], bool] = lambda _: False
        self.discussion: dict[str, Any] | None = None  # what giscus finds; None: there is none yet
        browser.route(re.compile(r"^https?://(?!127\.0\.0\.1[:/])"), self.answer)

    def answer(self, route: "Route") -> None:
        url = route.request.url
        self.asked.append(url)
        address = url.partition("?")[0]
        if self.fault(route):
            return
        if address == "https://giscus.app/default.css":
            route.fulfill(body=STYLE, content_type="text/css")
        elif address in FILES:
            body = (WIDGETS / FILES[address]).read_text()
            if self.discussion:
                body = re.sub(r"/\*FOUND\*/ \{.*?\}", json.dumps(self.discussion).replace("\\", "\\\\"), body)
            kind = "text/javascript" if address.endswith(".js") else "text/html"
            route.fulfill(body=body, content_type=kind, headers={"Access-Control-Allow-Origin": "*"})
        else:
            route.abort()


@pytest.fixture
def widgets(page: "Page") -> Widgets:
    page.emulate_media(color_scheme="light")
    return Widgets(page)


@pytest.fixture
def scripts(context: "BrowserContext") -> list[dict[str, str]]:
    """Each of the widgets' scripts: its attributes when it was inserted."""
    seen: list[dict[str, str]] = []

    def saw(attributes: dict[str, str]) -> None:
        seen.append(attributes)

    context.expose_function("hubSawScript", saw)
    context.add_init_script("""new MutationObserver((changes) => {
        for (const node of changes.flatMap((each) => [...each.addedNodes]))
            if (node.src?.endsWith("/client.js"))
                hubSawScript(Object.fromEntries([...node.attributes].map((each) => [each.name, each.value])));
    }).observe(document, {childList: true, subtree: true})""")
    return seen


def site(name: str) -> Any:
    @pytest.fixture(scope="module")
    def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
        build = sites.shared(tmp_path_factory, name)
        assert build.code == 0, build.output
        return serve(build.site)

    return address


giscus, utterances, automatic, silent = site("giscus"), site("utterances"), site("automatic"), site("silent")


@pytest.fixture(params=["giscus", "utterances"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def either(provider: str, request: pytest.FixtureRequest) -> str:
    """The site with giscus, and the one with utterances."""
    return str(request.getfixturevalue(provider))


def load(page: "Page") -> None:
    page.get_by_role("button", name="Load comments").click()


def frame(page: "Page") -> "Frame":
    """The widget's own document, once the page shows that it is there."""
    page.wait_for_selector(LOADED)
    frames = [each for each in page.frames if each.url.startswith(tuple(HOSTS.values()))]
    assert len(frames) == 1
    height = "document.querySelector('.hub-comments iframe').getBoundingClientRect().height"
    page.wait_for_function(f"{height} > 80")
    return frames[0]


def asked_for(page: "Page") -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(frame(page).url).query).items()}


def theme(page: "Page") -> str:
    return str(frame(page).evaluate("document.querySelector('[data-theme]').dataset.theme"))


def toggle(page: "Page") -> None:
    """The other palette."""
    name = "Switch to dark" if page.get_attribute("body", "data-md-color-scheme") == "default" else "Switch to light"
    page.get_by_title(name).click()


def link(page: "Page") -> str:
    """The address of the plain link, which has to be seen."""
    anchor = page.locator(".hub-comments__link a")
    assert anchor.is_visible()
    return unquote(anchor.get_attribute("href") or "")


def status(page: "Page") -> str:
    return page.locator(".hub-comments [role=status]").inner_text()


def go(page: "Page", address: str) -> None:
    """Go to another page as Material goes there: without loading it anew."""
    page.evaluate("window.stayed = true")
    page.evaluate(
        """address => { const link = Object.assign(document.createElement("a"), {href: address, textContent: "go"});
        document.querySelector("article").prepend(link); link.click(); }""",
        address,
    )
    page.wait_for_url(address)
    page.wait_for_function("() => !document.querySelector('article > a:first-child')?.textContent.startsWith('go')")
    assert page.evaluate("window.stayed")


# What is loaded, and when


def test_nothing_is_asked_of_the_widget_before_the_reader_wants_it(
    page: "Page", widgets: Widgets, either: str, provider: str
) -> None:
    visit_as_published(page, either, POST)
    button = page.get_by_role("button", name="Load comments")
    button.scroll_into_view_if_needed()
    settled(page)
    assert (widgets.asked, page.locator("iframe").count()) == ([], 0)
    description = page.locator(f"#{button.get_attribute('aria-describedby')}").inner_text()
    assert HOSTS[provider].removeprefix("https://") in description
    assert "GitHub" in description
    assert "IP" in description
    load(page)
    assert frame(page).url.startswith(HOSTS[provider])
    assert {f"https://{urlsplit(each).hostname}" for each in widgets.asked} == {HOSTS[provider]}


def test_the_script_of_giscus_has_exactly_these_attributes(
    page: "Page", widgets: Widgets, scripts: list[dict[str, str]], giscus: str
) -> None:
    page.goto(giscus + POST)
    load(page)
    assert asked_for(page)["term"] == "posts/F2026/wibbleflow"
    assert scripts == [
        {
            "src": "https://giscus.app/client.js", "async": "", "crossorigin": "anonymous",
            "data-repo": "example/course", "data-repo-id": "R_example",
            "data-category": "Announcements", "data-category-id": "DIC_example",
            "data-mapping": "specific", "data-term": "posts/F2026/wibbleflow", "data-strict": "1",
            "data-reactions-enabled": "1", "data-emit-metadata": "1", "data-input-position": "bottom",
            "data-theme": "light", "data-lang": "en",
        }
    ]  # fmt: skip


def test_the_script_of_utterances_has_exactly_these_attributes(
    page: "Page", widgets: Widgets, scripts: list[dict[str, str]], utterances: str
) -> None:
    page.goto(utterances + POST)
    load(page)
    frame(page)
    assert scripts == [
        {
            "src": "https://utteranc.es/client.js", "async": "", "crossorigin": "anonymous",
            "repo": "example/course", "issue-term": "posts/F2026/wibbleflow", "label": "comments",
            "theme": "github-light",
        }
    ]  # fmt: skip


def test_a_post_that_lies_elsewhere_takes_comments(page: "Page", widgets: Widgets, giscus: str) -> None:
    page.goto(giscus + ELSEWHERE)
    load(page)
    assert asked_for(page)["term"] == "posts/F2026/elsewherium"


def test_only_posts_take_comments(tmp_path_factory: pytest.TempPathFactory) -> None:
    build = sites.shared(tmp_path_factory, "giscus")
    pages = {str(path.parent.relative_to(build.site)) for path in build.site.rglob("*.html")}
    commented = {str(Path(path).parent) for path in build.mentions(b"hub-comments") if path.endswith(".html")}
    posts = {each for each in pages if re.fullmatch(r"posts/[SF]\d{4}/[^/]+", each)}
    assert commented == posts
    assert {POST.rstrip("/"), ELSEWHERE.rstrip("/")} < posts < pages


def test_by_setting_comments_load_by_themselves_when_their_place_is_near(
    page: "Page", widgets: Widgets, automatic: str
) -> None:
    page.set_viewport_size({"width": 800, "height": 300})
    page.goto(automatic + OTHER)
    settled(page)
    assert widgets.asked == []
    page.locator(".hub-comments").scroll_into_view_if_needed()
    assert asked_for(page)["term"] == "posts/F2026/pandera"
    assert page.locator(".hub-comments :is(button, input):visible").count() == 0
    assert page.evaluate("document.activeElement === document.body")


def test_a_reader_can_have_them_loaded_always_and_take_it_back(page: "Page", widgets: Widgets, giscus: str) -> None:
    page.goto(giscus + POST)
    page.get_by_label("Always load comments in this browser").check()
    page.goto(giscus + OTHER)
    page.locator(".hub-comments").scroll_into_view_if_needed()
    assert asked_for(page)["term"] == "posts/F2026/pandera"
    page.get_by_label("Always load comments in this browser").uncheck()
    page.goto(giscus + POST)
    page.get_by_role("button", name="Load comments").wait_for()


def test_always_is_said_of_one_provider_alone(
    page: "Page", context: "BrowserContext", widgets: Widgets, giscus: str
) -> None:
    context.add_init_script("localStorage.setItem('hub-comments', 'utterances')")
    page.goto(giscus + POST)
    settled(page)
    page.locator(".hub-comments").scroll_into_view_if_needed()
    page.get_by_role("button", name="Load comments").wait_for()
    assert widgets.asked == []


def test_who_comes_back_from_signing_in_goes_on_where_they_were(
    page: "Page", widgets: Widgets, either: str, provider: str
) -> None:
    page.goto(f"{either}{POST}?{provider}=SESSION#hub-discussion")
    assert asked_for(page)["session"] == "SESSION"
    assert "SESSION" not in page.url
    if provider == "giscus":
        assert asked_for(page)["origin"].endswith(f"/{POST}#hub-discussion")


def test_a_box_of_that_class_in_a_post_takes_no_comments(page: "Page", widgets: Widgets, giscus: str) -> None:
    page.goto(giscus + POST)
    page.evaluate("document.querySelector('.hub-body').innerHTML += '<div class=giscus id=mine></div>'")
    load(page)
    frame(page)
    assert page.locator("#mine iframe").count() == 0


# From page to page, with the palette


def test_from_post_to_post(page: "Page", widgets: Widgets, either: str) -> None:
    visit_as_published(page, either, POST)
    load(page)
    frame(page)
    go(page, either + OTHER)
    assert page.locator("iframe").count() == 0
    load(page)
    asked = asked_for(page)
    assert asked.get("term", asked.get("issue-term")) == "posts/F2026/pandera"
    before = theme(page)
    toggle(page)
    becomes(page, lambda: theme(page) == before, False)


def test_a_script_that_comes_late_fills_no_other_posts_box(page: "Page", widgets: Widgets, either: str) -> None:
    held: list[Route] = []

    def hold(route: "Route") -> bool:
        return route.request.url.endswith("client.js") and not held and not held.append(route)

    widgets.fault = hold
    visit_as_published(page, either, POST)
    load(page)
    becomes(page, lambda: len(held), 1)
    go(page, either + OTHER)
    widgets.fault = lambda _: False
    load(page)
    late = held[0].request
    with page.expect_event("requestfinished", lambda request: request.url == late.url):
        widgets.answer(held[0])
    asked = asked_for(page)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")  # by then it has run
    assert asked.get("term", asked.get("issue-term")) == "posts/F2026/pandera"
    assert ["wibbleflow" in each for each in widgets.asked] == [False] * len(widgets.asked)


def test_from_home_to_post(page: "Page", widgets: Widgets, either: str) -> None:
    visit_as_published(page, either, "")
    go(page, either + POST)
    load(page)
    before = theme(page)
    toggle(page)
    becomes(page, lambda: theme(page) == before, False)
    toggle(page)
    becomes(page, lambda: theme(page), before)


def test_from_post_to_home_and_then_the_other_palette(page: "Page", widgets: Widgets, either: str) -> None:
    """The page fixture sees to it that no script fails."""
    visit_as_published(page, either, POST)
    load(page)
    frame(page)
    go(page, either)
    toggle(page)
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    go(page, either + POST)
    load(page)
    assert theme(page) in ("dark", "github-dark")


def test_a_widget_under_way_gets_the_palette_of_the_moment_when_it_is_there(
    page: "Page", widgets: Widgets, either: str
) -> None:
    held: list[Route] = []

    def hold(route: "Route") -> bool:
        is_frame = route.request.resource_type == "document"
        return is_frame and not held and not held.append(route)

    widgets.fault = hold
    page.goto(either + POST)
    load(page)
    becomes(page, lambda: len(held), 1)
    toggle(page)
    widgets.answer(held[0])
    becomes(page, lambda: theme(page) in ("dark", "github-dark"), True)


def test_the_system_s_dark_palette_counts_from_the_start(
    page: "Page", widgets: Widgets, scripts: list[dict[str, str]], either: str
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(either + POST)
    load(page)
    assert theme(page) in ("dark", "github-dark")
    assert [each.get("data-theme", each.get("theme")) for each in scripts] == [theme(page)]


# Loading, and after it


def test_loading_is_said_and_shown(page: "Page", widgets: Widgets, either: str, provider: str) -> None:
    held: list[Route] = []
    widgets.fault = lambda route: not held and not held.append(route)
    page.goto(either + POST)
    load(page)
    becomes(page, lambda: status(page), f"Loading comments from {HOSTS[provider].removeprefix('https://')} …")
    assert page.locator(".hub-comments__said").is_visible()
    assert page.locator(".hub-comments :is(button):visible").count() == 0
    assert link(page)
    becomes(page, lambda: len(held), 1)
    widgets.answer(held[0])
    frame(page)
    assert status(page) in ("Comments loaded.", "Nobody has commented yet.")
    assert page.locator(".hub-comments iframe").is_visible()
    assert page.locator(".hub-comments iframe").evaluate("each => each.getBoundingClientRect().height") > 80


def test_the_keyboard_alone_loads_comments_and_goes_on_into_them(page: "Page", widgets: Widgets, giscus: str) -> None:
    page.goto(giscus + POST)
    button = page.get_by_role("button", name="Load comments")
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    assert button.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    inside = frame(page)
    assert page.evaluate("document.activeElement.matches('section.hub-comments')")
    page.keyboard.press("Tab")
    assert page.get_by_label("Always load").evaluate("each => each === document.activeElement")
    page.keyboard.press("Tab")
    assert inside.evaluate("document.activeElement.tagName") == "TEXTAREA"
    section = page.get_by_role("region", name="Comments", exact=True)
    assert section.count() == 1


def test_a_known_discussion_is_counted_and_linked(page: "Page", widgets: Widgets, giscus: str) -> None:
    widgets.discussion = FOUND
    page.goto(giscus + POST)
    load(page)
    becomes(page, lambda: status(page), "Comments loaded: 3.")
    assert link(page) == "https://github.com/example/course/discussions/7"


def test_no_discussion_yet_is_no_fault(page: "Page", widgets: Widgets, giscus: str) -> None:
    page.goto(giscus + POST)
    load(page)
    becomes(page, lambda: status(page), "Nobody has commented yet.")
    frame(page)


def test_what_giscus_complains_of_is_said(page: "Page", widgets: Widgets, giscus: str) -> None:
    widgets.discussion = {"error": "giscus is not installed on this repository <b>"}
    page.goto(giscus + POST)
    load(page)
    page.wait_for_selector('.hub-comments[data-state="troubled"]')
    assert "giscus.app says: “giscus is not installed on this repository <b>”" in status(page)
    assert link(page)


def test_words_from_another_origin_are_not_listened_to(page: "Page", widgets: Widgets, giscus: str) -> None:
    widgets.fault = lambda route: route.request.resource_type == "document"
    page.goto(giscus + POST)
    load(page)
    page.wait_for_selector(".hub-comments iframe", state="attached")
    page.evaluate("postMessage({giscus: {error: 'lies'}}, '*')")
    page.evaluate(
        "dispatchEvent(new MessageEvent('message', {origin: 'https://giscus.app', source: window, data: {giscus: {error: 'lies'}}}))"
    )
    page.evaluate(
        """dispatchEvent(new MessageEvent('message', {origin: 'https://evil.example', data: {giscus: {error: 'lies'}},
        source: document.querySelector('.hub-comments iframe').contentWindow}))"""
    )
    page.evaluate("""new Promise((done) => {
        addEventListener("message", (event) => event.data === "the last" && done());
        postMessage("the last", "*");
    })""")
    assert status(page).startswith("Loading")


# When it does not work


def assert_failed(page: "Page", host: str) -> None:
    page.wait_for_selector('.hub-comments[data-state="failed"]')
    assert f"Either {host} is down" in status(page)
    assert page.locator(".hub-comments__said").is_visible()
    assert page.locator(".hub-comments iframe:visible").count() == 0
    assert link(page).endswith('"posts/F2026/wibbleflow" in:title')


def test_an_unreachable_host_is_said_and_can_be_tried_again(
    page: "Page", widgets: Widgets, either: str, provider: str
) -> None:
    widgets.fault = lambda route: not route.abort("connectionrefused")
    page.goto(either + POST)
    load(page)
    assert_failed(page, HOSTS[provider].removeprefix("https://"))
    widgets.fault = lambda _: False
    page.get_by_role("button", name="Try again").click()
    frame(page)
    assert not page.get_by_role("button", name="Try again").is_visible()


def test_a_blocked_script_is_said(page: "Page", widgets: Widgets, either: str, provider: str) -> None:
    widgets.fault = lambda route: not route.abort("blockedbyclient")
    page.goto(either + POST)
    load(page)
    assert_failed(page, HOSTS[provider].removeprefix("https://"))


def test_a_script_that_does_nothing_is_said(page: "Page", widgets: Widgets, either: str, provider: str) -> None:
    """Blockers put such scripts in the place of others."""
    headers = {"Access-Control-Allow-Origin": "*"}
    widgets.fault = lambda route: not route.fulfill(body="", content_type="text/javascript", headers=headers)
    page.goto(either + POST)
    load(page)
    assert_failed(page, HOSTS[provider].removeprefix("https://"))


@pytest.mark.parametrize("what", ["script", "document"])
def test_a_host_that_never_answers_is_said_in_time(
    page: "Page", clock: Clock, widgets: Widgets, either: str, provider: str, what: str
) -> None:
    held: list[Route] = []
    widgets.fault = lambda route: route.request.resource_type == what and not held.append(route)
    page.goto(either + POST)
    clock.stop()
    load(page)
    becomes(page, lambda: len(held), 1)
    clock.run(14)
    assert status(page).startswith("Loading")
    clock.run(2)
    assert_failed(page, HOSTS[provider].removeprefix("https://"))
    clock.resume()
    widgets.fault = lambda _: False
    if what == "document" and provider == "giscus":  # and if it answers after all, so much the better
        widgets.answer(held[0])
    else:
        held[0].abort()
        page.get_by_role("button", name="Try again").click()
    frame(page)
    assert page.locator(".hub-comments iframe").is_visible()


def test_where_the_browser_keeps_nothing_the_choice_is_not_offered(
    page: "Page", context: "BrowserContext", widgets: Widgets, giscus: str
) -> None:
    context.add_init_script("""const get = Storage.prototype.getItem;
        Storage.prototype.getItem = function (name) {
            if (name === "hub-comments") throw new DOMException("no", "SecurityError");
            return get.call(this, name);
        }""")
    page.goto(giscus + POST)
    load(page)
    frame(page)
    assert not page.locator(".hub-comments input").is_visible()


def test_where_a_choice_can_not_be_kept_comments_load_all_the_same(
    page: "Page", context: "BrowserContext", widgets: Widgets, giscus: str
) -> None:
    context.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
    )
    page.goto(giscus + POST)
    page.get_by_label("Always load").check()
    load(page)
    frame(page)


def test_without_javascript_there_is_the_link(browser: Any, giscus: str) -> None:
    plain = browser.new_context(java_script_enabled=False)
    widgets = Widgets(plain)
    page = plain.new_page()
    page.goto(giscus + POST)
    section = page.locator(".hub-comments")
    assert "turn on JavaScript" in section.inner_text()
    assert link(page) == SEARCH.format('"posts/F2026/wibbleflow" in:title')
    assert section.locator("button:visible, input:visible").count() == 0
    assert widgets.asked == []
    plain.close()


def test_the_link_of_utterances_leads_to_the_issue(page: "Page", widgets: Widgets, utterances: str) -> None:
    page.goto(utterances + POST)
    assert link(page) == 'https://github.com/example/course/issues?q=is:issue "posts/F2026/wibbleflow" in:title'


def test_the_link_leads_to_the_discussion_itself_where_the_build_knows_it(page: "Page", giscus: str) -> None:
    page.goto(giscus + OTHER)
    assert link(page) == "https://github.com/example/course/discussions/3"


def test_with_no_repository_nothing_is_loaded_and_the_page_says_so(page: "Page", widgets: Widgets, silent: str) -> None:
    visit_as_published(page, silent, POST)
    section = page.locator(".hub-comments")
    assert section.inner_text().startswith("Comments\n")
    assert "Comments are not open on this site yet." in section.inner_text()
    assert section.locator("button, input, iframe").count() == 0
    links = [each.get_attribute("href") for each in section.locator("a").all()]
    assert links == ["https://github.com/coursehub-staff/coursehub"]
    assert widgets.asked == []


def test_a_preview_loads_no_comments(tmp_path_factory: pytest.TempPathFactory) -> None:
    page = (sites.shared(tmp_path_factory, "commented-preview").site / "posts/F2026/wibbleflow.html").read_text()
    assert "A preview has no comments." in page
    assert "Read and write comments on GitHub" in page
    assert "data-hub-comments" not in page


# The settings


@pytest.mark.parametrize(
    ("name", "troubles"),
    [
        ("disqus", ["mkdocs.yml: extra.comments.provider is “disqus”; it can be giscus or utterances. See docs/comments.md."]),
        ("without-ids", [
            "mkdocs.yml: extra.comments.repo_id is missing; with a repo, giscus needs it. See docs/comments.md.",
            "mkdocs.yml: extra.comments.category_id is missing; with a repo, giscus needs it. See docs/comments.md.",
        ]),
        ("misspelt", [
            "mkdocs.yml: extra.comments has no setting “repo-id”; it has provider, load, repo, repo_id, category, category_id, label. See docs/comments.md.",
            "mkdocs.yml: extra.comments.load is “never”; it can be click or automatic. See docs/comments.md.",
            "mkdocs.yml: extra.comments.repo is “https://github.com/o/n”; it takes OWNER/NAME, with no https:// before it. See docs/comments.md.",
        ]),
    ],
)  # fmt: skip
def test_settings_that_could_not_work_stop_the_build(
    tmp_path_factory: pytest.TempPathFactory, name: str, troubles: list[str]
) -> None:
    build = sites.shared(tmp_path_factory, name)
    assert build.code == 1
    assert re.findall(r"mkdocs\.yml: .*", build.output) == troubles
    assert "Traceback" not in build.output


class _Loader(yaml.SafeLoader):
    """Reads `!ENV [NAME, default]` as a list, and other tags as nothing."""


_Loader.add_constructor("!ENV", lambda loader, node: loader.construct_sequence(node))  # type: ignore[arg-type]


def text(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", ["giscus.json", "utterances.json"])
def test_only_this_site_may_show_its_comments(name: str) -> None:
    settings, address = json.loads(text(name)), urlsplit(yaml.load(text("mkdocs.yml"), Loader=_Loader)["site_url"][1])
    assert settings["origins"] == [f"{address.scheme}://{address.netloc}"]
    assert settings.get("originsRegex", []) == []


def test_staff_are_told_of_every_setting() -> None:
    settings = yaml.load(text("mkdocs.yml"), Loader=_Loader)["extra"]["comments"]
    rows = re.findall(r"^\| `(\w+)` \|", text("src/coursehub/site/templates/comments.md"), re.MULTILINE)
    assert set(rows) == set(settings)
