"""Sites with all that a post can hold, and with what strangers try, as other renderers build them: `make renderers`.

No test of `make test`: the renderers are in an environment of their own.
"""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import renderers
from sites import SharedSite

ROOT = Path(__file__).parents[1]
ZENSICAL = ROOT / ".venv/renderers/bin/zensical"
ACTIVE = frozenset(["script", "iframe", "object", "embed", "img", "base"])
SITES = {
    "kinds": {"COURSEHUB_COMMENTS": "comments.json", "COURSEHUB_PENDING": "pending.json", "COURSEHUB_SITE_URL": "https://course.example/"},
    "moved": {"COURSEHUB_COMMENTS": "comments.json", "COURSEHUB_PENDING": "pending.json", "COURSEHUB_SITE_URL": "https://course.example/hub/"},
    "hostile": {}, "attacked": {}, "reading": {}, "scripts": {},
}  # fmt: skip


@pytest.fixture(params=SITES)
def pair(request: pytest.FixtureRequest, shared_site: SharedSite, tmp_path: Path) -> tuple[Path, Path]:
    """A site, and the one that Zensical makes of its export."""
    ours = shared_site(request.param)
    env = {name: value for name, value in os.environ.items() if not name.startswith("COURSEHUB_")} | SITES[
        request.param
    ]
    command = [Path(sys.executable).with_name("coursehub"), "export", tmp_path / "export"]
    subprocess.run(command, cwd=ours.root, env=env, check=False)
    subprocess.run([str(ZENSICAL), "build"], cwd=tmp_path / "export", check=True)
    return ours.site, tmp_path / "export/site"


class Active(HTMLParser):
    """Finds in pages all that would run, or fetch something from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found, self.in_script = list[str](), False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or re.match(r"\s*javascript:", value or "", re.IGNORECASE):
                self.found.append(f"{name}={value}")
            if tag in ACTIVE and name in ("src", "href", "data") and "//" in (value or ""):
                self.found.append(f"{tag} {value}")

    def handle_data(self, data: str) -> None:
        if self.in_script and "alert(" in data and not data.lstrip().startswith("{"):
            self.found.append(data)


def test_every_page_has_the_same_text_and_nothing_that_runs(pair: tuple[Path, Path]) -> None:
    ours, theirs = pair
    assert [*renderers.differences(ours, theirs, renderers.ZENSICAL)] == []
    active = Active()
    for page in theirs.rglob("*.html"):
        active.feed(page.read_text())
    assert active.found == []
