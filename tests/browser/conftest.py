"""A browser and a web server for tests that look at what a reader sees.

Debian's Chromium is used, since nothing may be downloaded. Without it these tests are skipped, but in CI they fail:
there, a skipped test would go unnoticed.
"""

import functools
import io
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast

import browsers
import msgspec
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other machine is reached
)  # fmt: skip
FIXTURES = Path(__file__).parents[1] / "fixtures/search"
SIZE: "ViewportSize" = {"width": 1280, "height": 720}


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, once for all tests of a process."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    chromium = browsers.chromium() or skip_or_fail(browsers.NO_CHROMIUM)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield running
        running.close()


def skip_or_fail(lacking: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"this machine can't run {lacking}")
    pytest.skip(lacking)


def opened(browser: "Browser", **settings: Any) -> "BrowserContext":
    """A new browser in which nothing is remembered; nothing outside this machine is reached.

    It passes over the site's policy, since Playwright waits by evaluating text, which the policy forbids; test_policy
    has a browser that keeps to it.
    """
    context = browser.new_context(**{"reduced_motion": "reduce", "bypass_csp": True, "viewport": SIZE, **settings})
    context.set_default_timeout(30_000)
    return context


@contextmanager
def listening(page: "Page", **listeners: Callable[[Any], object]) -> Iterator[None]:
    """Call each listener, a function written in Python, for the page's events of its name, as long as `with` lasts."""
    heard = cast("Any", page)  # the types know each event by itself
    for event, listener in listeners.items():
        heard.on(event, listener)
    try:
        yield
    finally:
        for event, listener in listeners.items():
            heard.remove_listener(event, listener)


@contextmanager
def emptied(page: "Page") -> Iterator["Page"]:
    """A page that is left as if it had not been used, and nothing of it in its browser."""
    origins = set[str]()
    with listening(page, framenavigated=lambda frame: origins.add("/".join(frame.url.split("/")[:3]))):
        try:
            yield page
        finally:
            if page.url.startswith("http"):
                page.evaluate("sessionStorage.clear()")
            page.goto("about:blank")  # so that no script of the page keeps anything afterwards
            session = page.context.new_cdp_session(page)
            for origin in origins:
                session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
            session.detach()
            page.context.clear_cookies()
            page.unroute_all()
            page.emulate_media(color_scheme="null")
            page.set_viewport_size(SIZE)
            page.mouse.move(0, 0)


@pytest.fixture(scope="session")
def shared_page(browser: "Browser") -> Iterator["Page"]:
    """The page of all tests that set nothing in their browser: it comes four times as fast as one of a new browser."""
    context = opened(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    """A browser of its own, for a test that sets something in it: a permission, a script, a clock, a slow line."""
    context = opened(browser)
    yield context
    context.close()


class Clock:
    """The clock of the pages of a browser: it runs from noon on, and once `stop` was called only as far as it is `run`."""

    def __init__(self, context: "BrowserContext") -> None:
        self.clock = context.clock
        self.clock.install(time="2026-11-20T12:00:00Z")

    def stop(self) -> None:
        self.clock.pause_at("2026-11-20T13:00:00Z")

    def run(self, seconds: int) -> None:
        self.clock.run_for(seconds * 1000)

    def resume(self) -> None:
        self.clock.resume()


@pytest.fixture
def clock(context: "BrowserContext") -> Clock:
    """The clock of the test's own browser, so that what a page does in time is awaited by no timer."""
    return Clock(context)


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator["Page"]:
    """An empty page, of the test's own `context` if it has one, which must see no JavaScript error by the end."""
    if "context" in request.fixturenames:
        empty = nullcontext(request.getfixturevalue("context").new_page())
    else:
        empty = emptied(request.getfixturevalue("shared_page"))
    errors: list[str] = []
    with empty as page, listening(page, pageerror=lambda error: errors.append(str(error))):
        yield page
        assert errors == []


def becomes(page: "Page", look: Callable[[], object], wanted: object) -> None:
    """Look until it is as wanted, for half a minute at most; meanwhile Playwright takes what the browser asks for."""
    end = time.monotonic() + 30
    while (seen := look()) != wanted and time.monotonic() < end:
        page.wait_for_timeout(20)
    assert seen == wanted


def settled(page: "Page") -> None:
    """Wait until a page has loaded, and has begun no request for half a second.

    Playwright's `networkidle` also waits for the requests' ends, and once in a while one of a frame has none.
    """
    asked: list[object] = []
    with listening(page, request=lambda each: asked.append(each)):  # noqa: PLW0108 - Playwright wants a function
        page.wait_for_load_state("load")
        before = -1
        while before != len(asked):
            before = len(asked)
            page.wait_for_timeout(500)


def queries(name: str) -> list[tuple[str, str]]:
    """Return the rows of a table in `fixtures/search/`: words for a search, and what has to come first."""
    lines = (FIXTURES / f"{name}.tsv").read_text().splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(words, first) for words, first in rows]


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, without a log; a site that is `published`, with a sitemap that has its pages at this address."""

    published: ClassVar[set[str]] = set()

    def send_head(self) -> Any:
        here = f"http://{self.headers['Host']}/"
        if self.path != "/sitemap.xml" or here not in self.published:
            return super().send_head()
        text = Path(self.directory, "sitemap.xml").read_text()
        body = text.replace(min(re.findall(r"<loc>(.*?)</loc>", text), key=len), here).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def end_headers(self) -> None:
        if self.path == "/sitemap.xml":
            self.send_header("Cache-Control", "no-store")  # it is another one once the site is published
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def call(page: "Page", function: str, argument: object) -> Any:
    """Return what a function of JavaScript answers. Both go as one text: Playwright checks each part of a list of names."""
    text = msgspec.json.encode(argument).decode()
    return msgspec.json.decode(
        page.evaluate(f"async (text) => JSON.stringify(await ({function})(JSON.parse(text)))", text)
    )


@pytest.fixture(autouse=True)
def nothing_published() -> Iterator[None]:
    """After each test, sites are as they were built."""
    yield
    Quiet.published.clear()


def visit_as_published(page: "Page", site: str, address: str) -> None:
    """Visit a site whose sitemap has its pages at this address: Material navigates instantly only within that."""
    Quiet.published.add(site)
    with page.expect_event("requestfinished", lambda request: request.url.endswith("sitemap.xml")):
        page.goto(site + address)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")  # by then it has been read


@pytest.fixture(scope="session")
def serve() -> Callable[[Path], str]:
    """A function that serves a folder as long as the process runs, and gives its address with a slash at its end.

    To stop a server takes half a second, and there are many.
    """

    def address(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/"

    return address
