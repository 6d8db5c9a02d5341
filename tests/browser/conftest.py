"""A browser and a web server for tests that look at what a reader sees.

Debian's Chromium is used, since nothing may be downloaded. Without it these tests are skipped, but in CI they fail:
there, a skipped test would go unnoticed.
"""

import functools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import browsers
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


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
    context = browser.new_context(**{"reduced_motion": "reduce", "bypass_csp": True, **settings})
    context.set_default_timeout(30_000)
    return context


@contextmanager
def page_of(context: "BrowserContext") -> Iterator["Page"]:
    """An empty page; what it leaves behind in its browser is taken away at the end."""
    page, origins = context.new_page(), set[str]()
    page.on("framenavigated", lambda frame: origins.add("/".join(frame.url.split("/")[:3])))
    try:
        yield page
    finally:
        page.goto("about:blank")  # so that no script of the page keeps anything afterwards
        kept = context.new_cdp_session(page)
        for origin in origins:
            kept.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        context.clear_cookies()
        page.close()


@pytest.fixture(scope="session")
def shared_context(browser: "Browser") -> Iterator["BrowserContext"]:
    """One for all tests that set nothing in it: a page of it comes four times as fast as one of a new context."""
    context = opened(browser)
    yield context
    context.close()


@pytest.fixture
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    """One of its own, for a test that sets something in it."""
    context = opened(browser)
    yield context
    context.close()


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator["Page"]:
    """An empty page, which must see no JavaScript error by the end of the test."""
    name = "context" if "context" in request.fixturenames else "shared_context"
    with page_of(request.getfixturevalue(name)) as page:
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert errors == []


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """The address at which a folder can be read, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """A function that serves a folder until the last test and gives its address."""
    with ExitStack() as running:
        yield lambda folder: running.enter_context(served(folder))
