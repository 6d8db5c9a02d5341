"""Tests that a pull request runs: a student's post none of the product's, whatever its name; the rest what it needs."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import needs
import pytest
import workflows
from repositories import ENVIRONMENT, Repository

pytestmark = needs.SHELL

JOBS = workflows.load("tests.yml")["jobs"]
FIRST = dict.fromkeys(
    ("posts/F2026/old.md", "data/course.yaml", "docs/claim.md", "docs/assets/hub.css", "src/a.py"), "text\n"
)


def outputs(folder: Path, changes: dict[str, str | None], *, in_queue: bool = False) -> dict[str, str]:
    """The outputs of the job “What changed” of tests.yml for a pull request that changes these files; None removes one."""
    repository = Repository(folder / "hub")
    for path, text in FIRST.items():
        repository.write(path, text)
    base = repository.commit()
    repository.branch("work")
    for path, text in changes.items():
        if text is None:
            repository.git("rm", "-q", path)
        else:
            repository.write(path, text)
    repository.commit()
    repository.checkout("main")
    repository.write("src/meanwhile.py")  # what others merged is not this pull request's change
    merged = repository.commit()
    repository.merge("work")
    event: dict[str, Any] = (
        {"merge_group": {"base_sha": merged}} if in_queue else {"pull_request": {"base": {"sha": base}}}
    )
    environment = {"PATH": os.environ["PATH"], "GITHUB_OUTPUT": str(folder / "outputs")}
    (done,) = workflows.run_job(
        JOBS["changes"], {"event": event}, repository.root / ".git", folder / "clone", environment, "main"
    )
    assert (done.code, done.output) == (0, "")
    return dict(line.split("=") for line in (folder / "outputs").read_text().splitlines())


@pytest.mark.parametrize(
    ("changes", "more_than_posts", "product"),
    [
        ({"posts/F2026/new.md": "post\n", "posts/F2026/new/curve.png": "picture"}, "false", "false"),
        ({"posts/F2026/old.md": None}, "false", "false"),
        ({"posts/F2026/$(touch pwned) `x`; ü.md": "post\n"}, "false", "false"),
        ({"data/course.yaml": "other\n"}, "true", "false"),
        ({"docs/claim.md": "other\n", "examples/dvc/run.py": "other\n"}, "true", "false"),
        ({"docs/assets/hub.css": "other\n"}, "true", "true"),
        ({"posts/F2026/new.md": "post\n", "src/a.py": None}, "true", "true"),
        ({"posts.py": "other\n"}, "true", "true"),
        ({".github/workflows/check.yml": "other\n"}, "true", "true"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("in_queue", [False, True], ids=["pull request", "merge queue"])
def test_what_changed(
    tmp_path: Path, changes: dict[str, str | None], more_than_posts: str, product: str, in_queue: bool
) -> None:
    decision = outputs(tmp_path, changes, in_queue=in_queue)
    assert decision == {"more-than-posts": more_than_posts, "product": product}


def test_what_can_not_be_compared_is_tested(tmp_path: Path) -> None:
    """A commit without parents is no merge, so there is nothing to compare it with."""
    repository = Repository(tmp_path / "hub")
    repository.write("posts/F2026/new.md")
    repository.commit()
    environment = {"PATH": os.environ["PATH"], "GITHUB_OUTPUT": str(tmp_path / "outputs")}
    workflows.run_job(
        JOBS["changes"], {"event": {}}, repository.root / ".git", tmp_path / "clone", environment, "main"
    )  # fmt: skip
    assert (tmp_path / "outputs").read_text() == "more-than-posts=true\nproduct=true\n"


@pytest.mark.parametrize(
    ("changes", "quick", "elsewhere", "suite", "passes"),
    [
        ("success", "success", "success", "success", True),
        ("success", "success", "success", "skipped", True),
        ("success", "skipped", "skipped", "skipped", True),
        ("success", "failure", "success", "success", False),
        ("success", "success", "failure", "success", False),
        ("success", "success", "success", "failure", False),
        ("success", "success", "success", "cancelled", False),
        ("failure", "skipped", "skipped", "skipped", False),
        ("cancelled", "skipped", "skipped", "skipped", False),
    ],
)
def test_the_required_job_passes_only_if_all_passed_that_had_to_run(
    changes: str, quick: str, elsewhere: str, suite: str, passes: bool
) -> None:
    (step,) = JOBS["tests"]["steps"]
    results = {"CHANGES": changes, "QUICK": quick, "ELSEWHERE": elsewhere, "SUITE": suite}
    ran = subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], env={**ENVIRONMENT, **results}, check=False)
    assert (ran.returncode == 0) is passes
    # or else it would be skipped with the others, which GitHub takes for passed
    assert (JOBS["tests"]["if"], JOBS["tests"]["needs"]) == ("always()", ["changes", "quick", "elsewhere", "suite"])


def test_windows_and_macos_need_no_make() -> None:
    job = JOBS["elsewhere"]
    assert {each["os"].partition("-")[0]: each["bin"] for each in job["strategy"]["matrix"]["include"]} == {
        "macos": ".venv/bin", "windows": ".venv/Scripts",
    }  # fmt: skip
    scripts = [step["run"] for step in job["steps"] if "run" in step]
    assert 'pytest -n auto -m "not slow"' in scripts[-1]
    assert not [script for script in scripts if re.search(r"\bmake\b|\.venv/", script)]
