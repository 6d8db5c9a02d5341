"""The tools that check JavaScript: what they are pinned to, and what happens where npm is missing."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_versions_are_exact_and_no_registry_is_named() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    lock = (ROOT / "package-lock.json").read_text()
    pins = package["devDependencies"]
    assert {name: version for name, version in pins.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}
    assert json.loads(lock)["packages"][""]["devDependencies"] == pins
    assert "resolved" not in lock


@pytest.mark.parametrize(("environment", "code"), [({}, 0), ({"CI": ""}, 0), ({"CI": "true"}, 2)])
def test_without_npm_javascript_is_not_checked_and_in_ci_that_fails(
    tmp_path: Path, environment: dict[str, str], code: int
) -> None:
    make = shutil.which("make")
    assert make
    settings = {"PATH": str(tmp_path), **environment}
    ran = subprocess.run([make, "lint-javascript"], cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    sentence = "JavaScript is not checked, since this machine has no npm (on Debian and Ubuntu: apt install npm).\n"
    assert (ran.returncode, ran.stdout) == (code, sentence)
