"""A course's workflows, which call those of this repository: acted out, and refused where GitHub refuses them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import course
import pytest
import workflows
from course import Course

from coursehub import workflows as known

CALLERS = {Path(path).name: text.decode() for path, text in course.callers().items()}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Course]:
    with course.opened(tmp_path, course.callers()) as opened:
        yield opened


@pytest.mark.slow
def test_a_course_is_judged_published_and_woken_by_its_callers(hub: Course) -> None:
    first, second = hub.claims("octocat", "Kedro"), hub.claims("hubot", "kedro")
    hub.deliver()
    assert (hub.state(first), hub.state(second)) == ("success", "failure")
    event = next(each for each in hub.github.events if each.payload.get("number") == first)
    checked = hub.run_job(hub.workflow("check.yml")["jobs"]["posts"], "pull_request", event.payload)
    assert [each.code for each in checked] == [0]
    inputs = hub.publish()
    assert inputs and inputs.pending
    assert [claim.tools for claim in inputs.pending.claims] == [("Kedro",)]
    assert hub.publish() is None
    assert "There is nothing new." in hub.wake()[0].output


@pytest.mark.slow
def test_a_line_that_the_clock_does_not_know_starts_nothing_and_is_an_error(hub: Course) -> None:
    """A course that changes the time of one has to see that nothing comes of it."""
    hub.know_workflows()
    [done] = hub.run("clock.yml", "schedule", {"schedule": "0 6 * * *"})
    assert (done.code, hub.github.events) == (1, [])
    assert "::error::Nothing is started at '0 6 * * *'" in done.output


@pytest.mark.slow
def test_the_desk_names_a_course_s_checks_as_github_shows_them(hub: Course) -> None:
    post = course.claim("octocat", "Kedro", status="draft")
    number = hub.github.open("octocat", {"posts/F2026/kedro.md": post})
    hub.deliver()
    assert "The check “check / Site” makes a preview" in hub.comment(number)


def test_a_course_s_checks_are_those_of_the_called_workflow(tmp_path: Path) -> None:
    for path, text in course.callers().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text)
    assert known.checks(tmp_path).names == ("check / Posts and data", "check / Site")
    jobs = workflows.called(workflows.parse(CALLERS["check.yml"]))["jobs"]
    assert tuple(job["name"] for job in jobs.values()) == known.checks(tmp_path).names


@pytest.mark.parametrize("name", known.REUSABLE)
def test_a_caller_has_the_triggers_of_what_it_calls_and_no_more_permissions(name: str) -> None:
    caller, own = workflows.parse(CALLERS[name]), workflows.load(name)
    assert {**caller["on"], "workflow_call": None} == own["on"]
    assert (caller["name"], caller["permissions"]) == (own["name"], {})
    asked: dict[str, str] = {}
    for job in own["jobs"].values():
        for permission, level in job["permissions"].items():
            asked[permission] = max(asked.get(permission, "none"), level, key=workflows.LEVELS.index)
    ((_, job),) = caller["jobs"].items()
    assert job["permissions"] == asked
    assert workflows.called(caller)["jobs"].keys() == own["jobs"].keys()


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("desk.yml", "statuses: write", "statuses: read",
         "The nested job 'judge' is requesting 'statuses: write', but is only allowed 'statuses: read'."),
        ("check.yml", "    permissions:\n      contents: read\n", "",
         "The nested job 'posts' is requesting 'contents: read', but is only allowed 'contents: none'."),
        ("check.yml", "check.yml@", "tests.yml@", "tests.yml is not reusable"),
        ("check.yml", "check.yml@", "pages.yml@", "failed to fetch workflow"),
        ("publish.yml", "permissions: {}", "permissions: {}\nconcurrency: publish", "a deadlock was detected"),
    ],
)  # fmt: skip
def test_a_caller_that_github_would_not_start_is_refused(name: str, old: str, new: str, reason: str) -> None:
    assert old in CALLERS[name]
    with pytest.raises(workflows.RefusedError, match=reason.replace("(", r"\(")):
        workflows.called(workflows.parse(CALLERS[name].replace(old, new)))


def groups(name: str) -> Any:
    return workflows.load(name)["concurrency"]["group"]


def test_no_two_workflows_wait_for_each_other() -> None:
    """A caller's run is in the called workflow's group, whose name therefore is not made of the workflow's own."""
    names = [path.name for path in workflows.WORKFLOWS.glob("*.yml")]
    assert len({str(groups(name)) for name in names}) == len(names)
    assert not [name for name in names if "github.workflow" in str(groups(name))]


def test_every_job_sets_up_by_the_same_lines() -> None:
    """Here and in a course: what a course's files pin is what runs."""
    for name in known.REUSABLE:
        for job in workflows.load(name)["jobs"].values():
            own = [step["run"] for step in job["steps"] if "run" in step]
            if any(".venv/bin/" in run for run in own):
                assert [run for run in own if "pip install" in run] == [workflows.SET_UP]
                assert not any(program in run for run in own for program in ("make ", "tools/", "python3 "))
