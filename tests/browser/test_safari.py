"""A reader in Safari, by its engine: Debian has it as WebKitGTK, which Playwright cannot drive."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import browsers
import pytest
import sites
from conftest import skip_or_fail
from kinds import KINDS

if TYPE_CHECKING:
    from selenium.webdriver import WebKitGTK

PATIENCE = 30  # seconds, for a slow machine
TEXTS = "return [...document.querySelectorAll(arguments[0])].map((each) => each.innerText)"


@contextmanager
def screen(xvfb: str) -> Iterator[str]:
    """The name of an X display that nobody sees."""
    read, write = os.pipe()
    arguments = [xvfb, "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(arguments, pass_fds=[write], stderr=subprocess.DEVNULL) as running:
        os.close(write)
        with os.fdopen(read) as pipe:
            yield f":{pipe.readline().strip()}"
        running.terminate()


@pytest.fixture(scope="module")
def safari() -> "Iterator[WebKitGTK]":
    from selenium import webdriver  # noqa: PLC0415

    webkit = browsers.webkit() or skip_or_fail(browsers.NO_WEBKIT)
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(webkit.browser)
    options.add_argument("--automation")
    with screen(webkit.screen) as display:
        service = webdriver.WebKitGTKService(webkit.driver, env={**os.environ, "DISPLAY": display})
        running = webdriver.WebKitGTK(options, service)
        yield running
        running.quit()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    return serve(sites.shared(tmp_path_factory, "kinds").site)


def wait(safari: "WebKitGTK", selector: str, words: str = "") -> str:
    """Wait until an element is there and has these words. Returns all its words.

    All are read in one step: a page may put another element in the place of one that was found.
    """
    from selenium.webdriver.support.wait import WebDriverWait  # noqa: PLC0415

    def text_there(_: "WebKitGTK") -> str:
        texts = safari.execute_script(TEXTS, selector)
        return next((f" {text}" for text in texts if words in text), "")

    return WebDriverWait(safari, PATIENCE).until(text_there, f"{selector} never said “{words}”").strip()


def write(safari: "WebKitGTK", selector: str, words: str) -> None:
    """Type into a field, as soon as the page's script has shown it."""
    from selenium.common.exceptions import ElementNotInteractableException, StaleElementReferenceException  # noqa: PLC0415
    from selenium.webdriver.support.wait import WebDriverWait  # noqa: PLC0415

    not_yet = [ElementNotInteractableException, StaleElementReferenceException]

    def written(_: "WebKitGTK") -> bool:
        safari.find_element("css selector", selector).send_keys(words)
        return True

    WebDriverWait(safari, PATIENCE, ignored_exceptions=not_yet).until(written)


def test_it_says_whether_a_tool_is_free(safari: "WebKitGTK", site: str) -> None:
    safari.get(site)
    write(safari, ".hub-free input", "Wibblequux")
    wait(safari, ".hub-free__verdict", "“Wibblequux” is free in F2026.")


def test_the_catalog_finds_a_tool_by_another_of_its_names(safari: "WebKitGTK", site: str) -> None:
    safari.get(site + KINDS["catalog"])
    wait(safari, "[data-hub-catalog]", "Title, tool, application, topic, author or site")
    write(safari, "#hub-catalog-search", "wandb")
    wait(safari, "[data-hub-catalog-found]", " of 405 posts")
    assert "Weights & Biases" in wait(safari, ".hub-catalog-list tbody")


def test_a_diagram_is_drawn(safari: "WebKitGTK", site: str) -> None:
    safari.get(site + KINDS["post"])
    safari.execute_script("document.querySelector('pre.diagram').scrollIntoView()")
    wait(safari, ".hub-diagram")
    assert safari.find_element("css selector", ".hub-diagram img").get_attribute("alt") == "From events to a model"


def test_the_search_finds_a_post(safari: "WebKitGTK", site: str) -> None:
    safari.get(site + KINDS["post"])
    write(safari, ".md-search__input", "quokkasentence")
    wait(safari, ".md-search-result__meta", "1 matching document")
