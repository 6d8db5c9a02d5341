"""The browsers that tests are run in, as far as this machine has them, and what is not run without."""

import shutil
from pathlib import Path
from typing import NamedTuple


class WebKit(NamedTuple):
    """Safari's engine as Debian has it: what drives it, the browser, and the screen that it is shown on."""

    driver: str
    browser: Path
    screen: str


def chromium() -> str | None:
    """Return the path of Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def webkit() -> WebKit | None:
    """Return the parts of WebKit, or None unless all are there."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), None)
    return WebKit(driver, browser, screen) if driver and browser and screen else None


NO_CHROMIUM = "the tests in Chromium (on Debian and Ubuntu: apt install chromium)"
NO_WEBKIT = "the tests in WebKit, Safari's engine (apt install webkit2gtk-driver xvfb)"


def not_run() -> str:
    """Return a sentence about what this machine can't run and how to get it; nothing where it can run all."""
    lacking = [text for text, browser in ((NO_CHROMIUM, chromium()), (NO_WEBKIT, webkit())) if not browser]
    return f"Not run on this machine: {' and '.join(lacking)}. All other tests are." if lacking else ""


if __name__ == "__main__":
    if sentence := not_run():
        print(sentence)
