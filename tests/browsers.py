"""The browsers that tests are run in, as far as this machine has them, and what is not run without them, or npm."""

import shutil
from pathlib import Path
from typing import NamedTuple

import recordings


class WebKit(NamedTuple):
    """Safari's engine as Debian has it: what drives it, the browser, and the screen that it is shown on."""

    driver: str
    browser: Path
    screen: str


def chromium() -> str | None:
    """Return the path of Chromium or Chrome, or None; its headless build first, where the same takes a third less work."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def webkit() -> WebKit | None:
    """Return the parts of WebKit, or None unless all are there."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), None)
    return WebKit(driver, browser, screen) if driver and browser and screen else None


NO_CHROMIUM = "the tests in Chromium (on Debian and Ubuntu: apt install chromium)"
NO_WEBKIT = "the tests in WebKit, Safari's engine (apt install webkit2gtk-driver xvfb)"


def not_run(*, has_recordings: bool) -> str:
    """Return a sentence about what this machine can't run and how to get it; nothing where it can run all."""
    parts = ((NO_CHROMIUM, chromium()), (NO_WEBKIT, webkit()), (recordings.MISSING, has_recordings))
    lacking = [text for text, part in parts if not part]
    return f"Not run on this machine: {'; '.join(lacking)}. All other tests are." if lacking else ""


if __name__ == "__main__":  # before npm, if it is there, installs the recordings
    if sentence := not_run(has_recordings=recordings.are_there() or shutil.which("npm") is not None):
        print(sentence)
