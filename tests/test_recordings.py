"""The workflows and the door to GitHub, with what GitHub itself was recorded to send."""

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import msgspec
import pytest
import recordings
import workflows
from recordings import Tape

from coursehub.github.door import GitHub, GitHubError, NotFoundError
from coursehub.links.issue import Issue

pytestmark = pytest.mark.slow

RECORDED = dt.datetime(2017, 10, 10, 16, tzinfo=dt.UTC)  # to which the recordings' dates were set
STUB = '#!/bin/sh\nprintf "%s\\n" "$(basename "$0")" "$@"\n'


@pytest.fixture(autouse=True)
def _recordings_are_there() -> None:
    if not recordings.are_there():
        if os.environ.get("CI"):
            pytest.fail(f"this machine can't run {recordings.MISSING}")
        pytest.skip(recordings.MISSING)


# --- events


def context(name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"github": {"event_name": name, "event": payload, "token": "token", "ref": "refs/heads/main"}}


def ran(step: Mapping[str, Any], name: str, payload: Mapping[str, Any], folder: Path) -> list[str]:
    """The command that a step's shell lines run at last, word by word."""
    stub = folder / ".venv/bin/coursehub"
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.write_text(STUB)
    stub.chmod(0o755)
    job = {"steps": [{name: value for name, value in step.items() if name != "if" or "steps." not in value}]}
    environment = {"PATH": os.environ["PATH"], "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    github, summary = context(name, payload)["github"], folder / "summary.md"
    summary.unlink(missing_ok=True)
    done = workflows.run_job(job, github, folder, folder, environment, "main")
    assert [each.code for each in done] in ([0], [])
    summed_up = summary.read_text() if summary.exists() else ""
    return "".join([*(each.output for each in done), summed_up]).splitlines()


def judging(name: str) -> list[dict[str, Any]]:
    """The steps that run Course Hub on what an event brings."""
    jobs = workflows.load(name)["jobs"].values()
    return [step for job in jobs for step in job["steps"] if "github.event." in str(step.get("env"))]


def test_check_judges_each_recorded_pull_request_by_its_head_and_author(tmp_path: Path) -> None:
    posts, preview = judging("check.yml")
    group = workflows.load("check.yml")["concurrency"]["group"]
    for number, payload in enumerate(recordings.events("pull_request")):
        pull = payload["pull_request"]
        head, login = pull["head"]["sha"], pull["user"]["login"]
        assert workflows.fill(group, context("pull_request", payload)) == f"check-{payload['number']}"
        command = ran(posts, "pull_request", payload, tmp_path / f"{number}")
        assert command == ["coursehub", "check", "--merge-of", head, "--actor", login, "--format", "github"]
        command = ran(preview, "pull_request", payload, tmp_path / f"{number}-preview")
        assert command == ["coursehub", "preview", "preview", "--merge-of", head, "--artifact", ""]


def test_check_judges_a_recorded_queue_since_its_base(tmp_path: Path) -> None:
    posts, _ = judging("check.yml")
    for payload in recordings.events("merge_group"):
        command = ran(posts, "merge_group", payload, tmp_path)
        assert command == ["coursehub", "check", "--base", payload["merge_group"]["base_sha"], "--format", "github"]


def test_the_desk_judges_the_recorded_pull_request_by_number(tmp_path: Path) -> None:
    alone, _ = judging("desk.yml")
    for payload in recordings.events("pull_request"):
        command = ran(alone, "pull_request_target", payload, tmp_path)
        assert command[:3] == ["coursehub", "desk", "--post"]
        assert command[-1] == str(payload["pull_request"]["number"])


def test_the_desk_finds_the_number_in_the_recorded_name_of_a_queue(tmp_path: Path) -> None:
    alone, queue = judging("desk.yml")
    for payload in recordings.events("merge_group"):
        group = payload["merge_group"]
        assert group["head_ref"].startswith("refs/heads/gh-readonly-queue/main/pr-104-")
        assert ran(queue, "merge_group", payload, tmp_path) == [
            "coursehub", "desk", "104", "--status-on", group["head_sha"]
        ]  # fmt: skip
        assert ran(alone, "merge_group", payload, tmp_path) == []


def texts(value: object) -> Iterator[str]:
    """All texts in a part of a workflow that may have expressions."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str) and "${{" in value:
        yield value


@pytest.mark.parametrize("event", ["pull_request", "merge_group", "check_suite", "workflow_run", "status", "push"])
@pytest.mark.parametrize("name", sorted(path.name for path in workflows.WORKFLOWS.glob("*.yml")))
def test_every_expression_has_a_value_for_recorded_events(name: str, event: str) -> None:
    """Of whichever events wake the workflow; a group of runs is never the nameless one."""
    workflow = workflows.load(name)
    for payload in recordings.events(event):
        if not any(workflows.is_woken(workflow, each, payload.get("action")) for each in (event, f"{event}_target")):
            continue
        filled = [workflows.fill(text, context(event, payload)) for text in texts(workflow)]
        assert not any("${{" in text for text in filled)
        assert not workflows.fill(workflow["concurrency"]["group"], context(event, payload)).endswith("-")


# --- answers


def door(tape: httpx2.BaseTransport, repository: str) -> GitHub:
    url = "https://api.github.com"
    return GitHub(
        f"octokit-fixture-org/{repository}", "secret", url=url, graphql_url=f"{url}/graphql",
        server="https://github.com", sleep=lambda seconds: None, transport=tape,
    )  # fmt: skip


class Named(msgspec.Struct):
    name: str


class Status(msgspec.Struct):
    state: str
    context: str
    description: str | None


def test_a_list_goes_on_to_its_last_page() -> None:
    tape = Tape(recordings.exchanges("paginate-issues"))
    github = door(tape, "paginate-issues")
    pages = list(github.pages("/issues", list[Issue], per_page=3))
    assert [issue.number for page in pages for issue in page] == list(range(13, 0, -1))
    assert (len(pages), tape.left_over, github.answer_time) == (5, [], RECORDED)


def test_a_repository_with_a_new_name_is_read_and_written_by_its_old_one() -> None:
    tape = Tape(recordings.exchanges("rename-repository"))
    github = door(tape, "rename-repository")
    github.write("PATCH", "", {"name": "rename-repository-newname"})
    assert github.get("", Named) == Named("rename-repository-newname")
    github.write("PATCH", "", {"name": "rename-repository-newname", "description": "test description"})
    assert tape.left_over == []


def test_nobody_is_sent_to_another_host() -> None:
    tape = Tape(recordings.exchanges("get-archive"))
    with pytest.raises(GitHubError, match="answered 302"):
        door(tape, "get-archive").get("/tarball/main", Named)
    assert tape.left_over == ["GET /octokit-fixture-org/get-archive/legacy.tar.gz/refs/heads/main"]


def test_what_is_written_without_an_answer_is_written() -> None:
    tape = Tape(recordings.exchanges("lock-issue"))
    github = door(tape, "lock-issue")
    github.write("PUT", "/issues/1/lock", {})
    github.write("DELETE", "/issues/1/lock", {})
    assert tape.left_over == []


def test_statuses_are_written_and_read() -> None:
    tape = Tape(recordings.exchanges("create-status"))
    github = door(tape, "create-status")
    sha = "0000000000000000000000000000000000000001"
    written = recordings.exchanges("create-status")[:2]
    for recorded in written:
        github.write("POST", f"/statuses/{sha}", recorded["body"])
    recorded = recordings.exchanges("create-status")[2]
    path = recorded["path"].removeprefix("/repos/octokit-fixture-org/create-status")
    statuses = github.get(path, list[Status])
    assert [status.state for status in statuses] == [each["body"]["state"] for each in reversed(written)]


@pytest.mark.parametrize(
    ("scenario", "method", "path", "message"),
    [
        ("errors", "POST", "/labels", "GitHub answered 422, Validation Failed"),
        ("branch-protection", "GET", "/branches/main/protection", "GitHub answered 404, Branch not protected"),
    ],
)
def test_a_refusal_is_in_githubs_words(scenario: str, method: str, path: str, message: str) -> None:
    github = door(Tape(recordings.exchanges(scenario)), scenario)
    with pytest.raises(NotFoundError, match=message):
        github.get(path, Named) if method == "GET" else github.write(method, path, {})


@pytest.mark.parametrize("scenario", recordings.scenarios())
def test_whatever_is_recorded_comes_whole_or_as_an_error(scenario: str) -> None:
    """Each answer that was read below a repository, alone."""
    for each in recordings.exchanges(scenario):
        path, _, query = each["path"].partition("?")
        owner, repository, *_ = path.removeprefix("/repos/").split("/")
        if each["method"] != "get" or owner != "octokit-fixture-org" or each["status"] != 200:
            continue
        github = door(Tape([each] * 3), repository)
        address, parameters = path.removeprefix(f"/repos/{owner}/{repository}"), dict(parse_qsl(query))
        if isinstance(each["response"], str):
            with pytest.raises(GitHubError):
                github.get(address, msgspec.Raw, **parameters)
        else:
            assert msgspec.json.decode(github.get(address, msgspec.Raw, **parameters)) == each["response"]
            assert github.answer_time == RECORDED
