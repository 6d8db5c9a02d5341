"""A course of databases, from `coursehub init` to its second term and its first upgrade: by two wheels alone.

The wheels are built from this repository: the first as it is, or as `COURSEHUB_WHEEL` names it, and installed as pip
installs a commit from git; the second as a next release would be. Both are installed without the repository.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from repositories import ENVIRONMENT

from coursehub import __version__

ROOT = Path(__file__).parents[1]
FIRST, SECOND = "1" * 40, "2" * 40  # commits
NEXT = "9.0.0"  # the second release
SOURCES = ("src", "requirements", "pyproject.toml", "README.md", "CHANGELOG.md", ".github")
PAPER = "A Relational Model of Data for Large Shared Data Banks"
POST = "posts/S2027/title_relational-model-of-data-for-large-shared-data-banks"
OPTIONS = """\
  - id: paper
    title: Paper
    claims: paper
    names: title
    requirements: [{id: idea, title: The idea}]
"""
POST_TEXT = f"""---
title: Tables, all the way down
authors: monalisa
option: paper
tool: {PAPER}
tool_url: https://example.org/relational.pdf
semester: S2027
status: published
date: 2027-02-01
summary: Why a program need not know how data lies on a disk.
format: introduction
covers: {{idea: The idea}}
---

Before this paper, a program knew in which order records lie.

## The idea

{"A relation is a set of rows, and a question says what is wanted, not how. " * 25}

| name | since |
| --- | --- |
| rows | 1970 |
"""
OWN_THEME = "theme: {name: material, custom_dir: overrides}"
OWN = '<meta name="course" content="databases">'
DRAFT = """---
title: One file, one database
authors: hubot
option: system
tool: SQLite
semester: S2027
status: draft
---
To be written.
"""


class Step(NamedTuple):
    """A command that was run, its exit code, and what it printed on both channels."""

    command: str
    code: int
    output: str


class Adopted(NamedTuple):
    """The repository at the end, its site as it was first and at the end, and all that was run, by names."""

    root: Path
    first_site: Path
    site: Path
    steps: Mapping[str, Step]

    def output(self, name: str) -> str:
        """The output of a step, which went well."""
        step = self.steps[name]
        assert step.code == 0, f"{step.command}\n{step.output}"
        return step.output


def shared(factory: pytest.TempPathFactory) -> Adopted:
    """The course, which whichever of pytest's processes needs it first makes, once a run."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, record = base / "adopted", base / "adopted.json"
    with (base / "adopted.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            record.write_bytes(msgspec.json.encode(_steps(folder)))
    return Adopted(
        folder / "hub",
        folder / "first",
        folder / "hub/site",
        msgspec.json.decode(record.read_bytes(), type=dict[str, Step]),
    )


def _steps(folder: Path) -> dict[str, Step]:
    folder.mkdir()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(first_wheel, folder / "wheels/1")
        second = pool.submit(_wheel, _next_release(folder / "second"), folder / "wheels/2")
    hub, environment, steps = folder / "hub", _Environment(folder / "env"), dict[str, Step]()

    def run(name: str, *command: str, at: Path = hub) -> None:
        steps[name] = environment.run(*command, folder=at)

    def commit(message: str) -> None:
        run("add", "git", "add", "--all")
        run(message, "git", "commit", "--quiet", "--message", message)

    environment.install(first.result())
    environment.say_commit(FIRST)
    given = ("--yes", "--repo", "octocat/databases", "--name", "Databases", "--semester", "S2027", "--claims", "system")
    run("init", "coursehub", "init", str(hub), *given, at=folder)
    run("help", "coursehub", "--help")
    edit(hub / "data/course.yaml", "\nlimits:", f"{OPTIONS}\nlimits:")
    edit(hub / "mkdocs.yml", "theme: material", OWN_THEME)
    run("check", "coursehub", "check")
    run("ruleset", "coursehub", "ruleset")
    run("claim", "coursehub", "new", "PostgreSQL", "--option", "system", "--author", "octocat")
    (hub / "posts/S2027/sqlite.md").write_text(DRAFT)
    (hub / "posts/S2027/x.md").write_text(POST_TEXT)
    run("fix", "coursehub", "check", "--fix", "--unsafe-fixes")  # which gives the post's file its name
    run("override", "coursehub", "override", "main.html")
    edit(hub / "overrides/main.html", "{% block extrahead %}", f"{{% block extrahead %}}\n{OWN}")
    edit(hub / ".gitignore", "/site/", "/grades/\n/site/")
    run("build", "python", "-P", "-m", "mkdocs", "build", "--strict")
    (hub / "site").rename(folder / "first")
    commit("A course of databases")
    run("rollover", "coursehub", "rollover", "F2027")
    environment.install(second.result())
    run("dry run", "coursehub", "upgrade", "--dry-run")
    run("upgrade", "coursehub", "upgrade")
    commit("An upgrade")
    run("upgrade again", "coursehub", "upgrade")
    run("status", "git", "status", "--short")
    run("check again", "coursehub", "check")
    run("build again", "python", "-P", "-m", "mkdocs", "build", "--strict")
    shutil.copytree(hub, folder / "broken", ignore=shutil.ignore_patterns("site", ".git"))
    edit(folder / "broken" / f"{POST}.md", "option: paper", "option: poem")
    edit(folder / "broken/mkdocs.yml", "plugins: [coursehub]", "plugins: []")
    edit(folder / "broken/mkdocs.yml", OWN_THEME, "theme: material")  # whose templates need the plugin
    run("broken", "python", "-P", "-m", "mkdocs", "build", "--strict", at=folder / "broken")
    return steps


def edit(path: Path, old: str, new: str) -> None:
    """Put a text in the place of another one, which has to be there."""
    text = path.read_text()
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new, 1))


def _next_release(tree: Path) -> Path:
    """The sources of a release with another template, another workflow, and a section in the changelog."""
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, tree / name)
    (tree / "src/coursehub/system/commit.txt").write_text(SECOND)  # as release.yml writes it
    edit(tree / "src/coursehub/__init__.py", f'"{__version__}"', f'"{NEXT}"')
    edit(tree / "src/coursehub/starting/templates/check.yml", "name: Check\n", "name: Check\nrun-name: A check\n")
    edit(tree / "src/mkdocs_coursehub/theme/main.html", "{% block extrahead %}", "{% block extrahead %}{# another #}")
    edit(
        tree / "CHANGELOG.md", "\n## ", f"\n## [{NEXT}] - 2027-06-01\n\n- Another template.\n- Another workflow.\n\n## "
    )
    return tree


def first_wheel(folder: Path) -> Path:
    """The wheel that is to be released, where one is given, or else one of this repository as it is."""
    given = os.environ.get("COURSEHUB_WHEEL")
    return Path(given) if given else _wheel(ROOT, folder)


def _wheel(tree: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


class _Environment:
    """An environment with a wheel alone; this one's packages, but for the product, are behind it."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, symlinks=True)
        self._bin = folder / "bin"
        (self._packages,) = (folder / "lib").glob("python*/site-packages")
        # whose own .pth files, of which one leads to this repository, nobody reads
        (self._packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
        plain = {name: value for name, value in ENVIRONMENT.items() if not name.startswith(("COURSEHUB_", "PYTHON"))}
        names = {
            f"GIT_{who}_{what}": "octocat@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        self._variables = {**plain, **names, "NO_MKDOCS_2_WARNING": "1"}

    def install(self, wheel: Path) -> None:
        uv = [
            Path(sys.executable).with_name("uv"),
            "--quiet",
            "pip",
            "install",
            "--offline",
            "--no-deps",
            "--reinstall",
        ]
        subprocess.run([*uv, "--python", self._bin / "python", wheel], check=True)

    def say_commit(self, commit: str) -> None:
        """Say of the product what pip says of one that it built from a commit."""
        (about,) = self._packages.glob("coursehub-*.dist-info")
        origin = {
            "url": "https://github.com/coursehub-staff/coursehub",
            "vcs_info": {"vcs": "git", "commit_id": commit},
        }
        (about / "direct_url.json").write_bytes(msgspec.json.encode(origin))

    def run(self, program: str, *arguments: str, folder: Path) -> Step:
        own = self._bin / program
        ran = subprocess.run(
            [own if own.exists() else program, *arguments], cwd=folder, env=self._variables, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )  # fmt: skip
        return Step(" ".join((program, *arguments)), ran.returncode, ran.stdout)
