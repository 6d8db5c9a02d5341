"""The house is as pyproject.toml and CONTRIBUTING.md have it."""

import re
import subprocess
import sys
from pathlib import Path

import house
from marked import with_part

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / house.PAGE).read_text("utf-8")


def test_a_room_imports_only_from_rooms_below_it() -> None:
    """In a process of its own: what checks it turns logging off."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_the_picture_shows_the_house_as_it_is() -> None:
    assert with_part(PAGE, "house", house.house(ROOT / "src")) == PAGE, "make docs draws it anew"


def test_every_file_that_a_newcomer_is_sent_to_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", PAGE)
    assert len(links) > 12
    assert [link for link in links if not (ROOT / link).exists()] == []
