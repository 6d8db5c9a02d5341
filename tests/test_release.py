"""A release: what its tag must agree with, what is in wheel and sdist, and the steps of release.yml that need no GitHub."""

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import adopted
import pytest
import release
import test_adoption
import workflows
from repositories import Repository
from workflows import Done, Store

from coursehub import __version__
from coursehub.upgrading.changelog import sections

ROOT = Path(__file__).parents[1]
SOURCE = '"""A package."""\n\n__version__ = "0.2.0"\n'
OLDER = "## [0.1.0] - 2026-12-01\n\n- The first.\n"
TAG = f"v{__version__}"
# Of this repository's files, those that lie in a wheel elsewhere than in src; and what only a release has.
REUSABLE = [f"{name}.yml" for name in ("check", "clock", "desk", "links", "publish")]
MOVED = {
    "CHANGELOG.md": "coursehub/CHANGELOG.md", "requirements/site.txt": "coursehub/starting/requirements.txt",
    **{f".github/workflows/{name}": f"coursehub/workflows/reusable/{name}" for name in REUSABLE},
}  # fmt: skip
COMMIT = "coursehub/system/commit.txt"
BESIDE = {
    *(f".github/workflows/{name}" for name in REUSABLE),
    "CHANGELOG.md",
    "README.md",
    "pyproject.toml",
    "requirements/site.txt",
}


# Tag, version and changelog


def test_the_notes_are_the_section_of_the_version() -> None:
    changelog = f"## [0.2.0] - 2027-01-15\n\n### Added\n\n- More.\n\n{OLDER}"
    for head in ("# Changes\n\n", "# Changes\n\n## [Unreleased]\n\n"):
        assert release.notes_of("v0.2.0", SOURCE, head + changelog) == "### Added\n\n- More.\n"


@pytest.mark.parametrize(
    ("tag", "changelog", "says"),
    [
        ("v0.2.1", "", "The tag is v0.2.1, and the version in src/coursehub/__init__.py is 0.2.0: its tag is v0.2.0."),
        ("0.2.0", "", "The tag is 0.2.0, and the version in src/coursehub/__init__.py is 0.2.0: its tag is v0.2.0."),
        ("v0.2.0", "# Changes\n", "The newest section of CHANGELOG.md is missing: it takes “## [0.2.0] - YYYY-MM-DD”."),
        ("v0.2.0", OLDER, "The newest section of CHANGELOG.md is “0.1.0”: it takes “## [0.2.0] - YYYY-MM-DD”."),
        (
            "v0.2.0", f"## [Unreleased]\n\n- More.\n\n{OLDER}",
            "The newest section of CHANGELOG.md is “Unreleased”: it takes “## [0.2.0] - YYYY-MM-DD”.",
        ),
        (
            "v0.2.0", f"{OLDER}\n## [0.2.0] - 2027-01-15\n\n- More.\n",
            "The newest section of CHANGELOG.md is “0.1.0”: it takes “## [0.2.0] - YYYY-MM-DD”.",
        ),
        (
            "v0.2.0", f"## [0.2.0] - 2027-01-15\n\n{OLDER}",
            "The section 0.2.0 of CHANGELOG.md has no text: it takes “## [0.2.0] - YYYY-MM-DD”.",
        ),
        (
            "v0.2.0", "## [0.2.0]\n\n- More.\n",
            "The section 0.2.0 of CHANGELOG.md has no day: it takes “## [0.2.0] - YYYY-MM-DD”.",
        ),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_said(tag: str, changelog: str, says: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(says)}$"):
        release.notes_of(tag, SOURCE, changelog)


def test_the_changelog_has_the_version_or_what_is_still_to_come_first() -> None:
    newest, *older = sections((ROOT / "CHANGELOG.md").read_text())
    assert newest.name in (release.COMING, __version__)
    assert newest.text
    assert [each for each in older if not each.day or not each.text] == []


def test_the_version_has_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert (project["project"]["dynamic"], "version" in project["project"]) == (["version"], False)
    assert project["tool"]["hatch"]["version"] == {"path": str(release.VERSION)}
    assert release._VERSION.findall((ROOT / release.VERSION).read_text()) == [__version__]


# The workflow


def jobs() -> dict[str, Any]:
    return dict(workflows.load("release.yml")["jobs"])


def test_a_job_with_a_right_runs_nothing_of_the_repository() -> None:
    rights = {
        name: {right for right, level in job["permissions"].items() if level == "write"} for name, job in jobs().items()
    }
    assert {name: each for name, each in rights.items() if each} == {
        "publish": {"id-token", "attestations"}, "announce": {"contents"},
    }  # fmt: skip
    for name in ("publish", "announce"):
        actions = [step["uses"] for step in jobs()[name]["steps"] if "uses" in step]
        assert [each for each in actions if each.startswith("actions/checkout@")] == []
    assert [step for step in jobs()["publish"]["steps"] if "run" in step] == []


def test_it_has_no_secret() -> None:
    text = (workflows.WORKFLOWS / "release.yml").read_text()
    assert re.findall(r"secrets\.|password|skip-existing", text) == []
    assert jobs()["publish"]["environment"] == "release"  # the name that the index knows: see CONTRIBUTING.md


def test_each_job_waits_for_all_before_it() -> None:
    assert {name: job.get("needs") for name, job in jobs().items()} == {
        "build": None, "test": "build", "publish": ["build", "test"], "announce": "publish",
    }  # fmt: skip
    assert [name for name, job in jobs().items() if "if" in job] == []  # so that none runs after one that failed


def test_the_wheel_that_is_tested_is_the_one_that_was_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the variable that the test reads."""
    built = tmp_path / "build/release/dist/coursehub-9-py3-none-any.whl"
    stub = tmp_path / ".venv/bin/pytest"
    for path, text in (built, "x"), (stub, '#!/bin/sh\necho "$COURSEHUB_WHEEL" "$@"\n'):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    stub.chmod(0o755)
    *_, step = jobs()["test"]["steps"]
    (done,) = workflows.run_job({"steps": [step]}, {}, tmp_path, tmp_path, {"PATH": os.environ["PATH"]}, TAG)
    assert (done.code, done.output) == (0, f"{built} {Path(test_adoption.__file__).relative_to(ROOT)}\n")
    monkeypatch.setenv("COURSEHUB_WHEEL", str(built))
    assert adopted.first_wheel(tmp_path) == built


class Built(NamedTuple):
    """A run of the job that builds: its commands, its artifact, the commit, and the files that were in the sources."""

    done: list[Done]
    artifact: dict[str, bytes]
    commit: str
    sources: set[str]

    @property
    def wheel(self) -> bytes:
        return self.artifact[f"dist/coursehub-{__version__}-py3-none-any.whl"]

    @property
    def sdist(self) -> bytes:
        return self.artifact[f"dist/coursehub-{__version__}.tar.gz"]


def sources() -> list[str]:
    """The paths of what builds the product, as the folder has them, and the program that judges a tag."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "src", ".github", ".gitignore", "tools", *BESIDE],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    return [path for path in listed if path and (ROOT / path).is_file()]


def origin(folder: Path) -> Repository:
    """This product's sources as a repository on the eve of its release, with files of a course and tests beside them."""
    repository = Repository(folder)
    for path in sources():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    changelog = (folder / "CHANGELOG.md").read_text()
    repository.write("CHANGELOG.md", changelog.replace("## [Unreleased]", f"## [{__version__}] - 2026-12-05"))
    for path in (
        "tests/test_x.py",
        "tests/fixtures/x.txt",
        "posts/F2026/x.md",
        "data/course.yaml",
        "docs/x.md",
        "mkdocs.yml",
    ):
        repository.write(path)
    repository.commit()
    return repository


def run(job: str, repository: Repository, folder: Path, store: Store) -> list[Done]:
    python = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**workflows.runner_environment("", "course/hub", folder.parent), "PATH": python}
    github = {"ref_name": TAG, "token": "token", "repository": "course/hub"}
    return workflows.run_job(jobs()[job], github, repository.root, folder, environment, TAG, store)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """In a folder that also has what a person's work leaves behind."""
    folder = tmp_path_factory.mktemp("release")
    repository = origin(folder / "origin")
    repository.git("tag", TAG)
    for path in (".cache/pages.sqlite", "site/index.html", "src/coursehub/__pycache__/x.cpython-311.pyc"):
        (folder / "job" / path).parent.mkdir(parents=True)
        (folder / "job" / path).write_text("x")
    store = Store(folder / "nowhere")
    done = run("build", repository, folder / "job", store)
    assert [(each.step, each.output) for each in done if each.code] == []
    listed = set(repository.git("ls-files", "src").splitlines())
    yield Built(done, store.artifact("release"), repository.git("rev-parse", "HEAD"), listed)


@pytest.mark.slow
def test_the_wheel_has_the_packages_and_nothing_else(built: Built) -> None:
    names = zipfile.ZipFile(io.BytesIO(built.wheel)).namelist()
    about = f"coursehub-{__version__}.dist-info/"
    assert len(names) == len(set(names))
    assert {name for name in names if not name.startswith(about)} == {
        *(path.removeprefix("src/") for path in built.sources), *MOVED.values(), COMMIT,
    }  # fmt: skip
    ours = {name.removeprefix(about) for name in names if name.startswith(about)}
    assert ours == {"METADATA", "WHEEL", "RECORD", "entry_points.txt"}


@pytest.mark.slow
def test_the_page_on_the_index_links_nothing_that_only_a_checkout_has(built: Built) -> None:
    about = zipfile.ZipFile(io.BytesIO(built.wheel)).read(f"coursehub-{__version__}.dist-info/METADATA").decode()
    page = about.partition("\n\n")[2]
    assert page == (ROOT / "README.md").read_text()
    links = re.findall(r"\]\(([^)]*)\)", page)
    assert links
    assert [link for link in links if not link.startswith("https://")] == []


@pytest.mark.slow
def test_the_sdist_has_what_builds_the_wheel_and_nothing_else(built: Built) -> None:
    with tarfile.open(fileobj=io.BytesIO(built.sdist)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == {*built.sources, *BESIDE, f"src/{COMMIT}", "PKG-INFO", ".gitignore"}


@pytest.mark.slow
def test_the_sdist_builds_the_same_wheel(built: Built) -> None:
    """The step that sees to it has run: it is not one of those that this machine leaves out."""
    assert "See that the sdist builds the same wheel" in [each.step for each in built.done]


@pytest.mark.slow
def test_what_is_installed_knows_its_commit_and_pins_its_version(built: Built, tmp_path: Path) -> None:
    zipfile.ZipFile(io.BytesIO(built.wheel)).extractall(tmp_path / "installed")

    def coursehub(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", "from coursehub.cli import main; main()", *arguments], cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")}, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    assert coursehub("--version") == f"coursehub, version {__version__}, commit {built.commit}\n"
    coursehub("init", "hub", "--yes", "--repo", "octocat/hub")
    assert (tmp_path / "hub/coursehub.txt").read_text().splitlines()[-1] == f"coursehub=={__version__}"


@pytest.mark.slow
def test_the_release_has_the_notes_and_both_files(built: Built, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store._artifacts["release"] = built.artifact
    gh = tmp_path / "bin/gh"
    gh.parent.mkdir()
    gh.write_text('#!/bin/sh\nprintf "%s\\n" "$GH_REPO" "$@"\ncat build/release/notes.md\n')
    gh.chmod(0o755)
    environment = {"PATH": f"{gh.parent}:{os.environ['PATH']}"}
    github = {"ref_name": TAG, "token": "token", "repository": "course/hub"}
    (done,) = workflows.run_job(jobs()["announce"], github, tmp_path, tmp_path / "job", environment, TAG, store)
    section = release.sections((ROOT / "CHANGELOG.md").read_text())[0].text
    assert (done.code, done.output.splitlines()) == (0, [
        "course/hub", "release", "create", TAG, "--verify-tag", "--title", f"Course Hub {__version__}",
        "--notes-file", "build/release/notes.md", *sorted(f"build/release/{name}" for name in built.artifact if "/" in name),
        *section.splitlines(),
    ])  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tag", "says"),
    [("v9.9.9", f"The tag is v9.9.9, and the version in src/coursehub/__init__.py is {__version__}: its tag is {TAG}. Nothing is released."),
     (TAG, "main does not have this commit. Nothing is released.")],
    ids=["another version", "another branch"],
)  # fmt: skip
def test_nothing_is_built_of_another_tag_or_branch(tmp_path: Path, tag: str, says: str) -> None:
    repository = Repository(tmp_path / "origin")
    for path in ("tools/release.py", str(release.VERSION)):
        repository.write(path, (ROOT / path).read_bytes())
    repository.write("CHANGELOG.md", f"## [{__version__}] - 2026-12-05\n\n- All.\n")
    repository.commit()
    repository.branch("work")
    repository.commit()
    repository.git("tag", tag)
    python = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**workflows.runner_environment("", "course/hub", tmp_path), "PATH": python}
    done = workflows.run_job(jobs()["build"], {"ref_name": tag}, repository.root, tmp_path / "job", environment, tag)
    assert [(each.code, each.output) for each in done] == [(1, f"{says}\n")]
