"""Trouble at GitHub: the desk says so, nothing passes meanwhile, and what was left undone is done by the next run."""

import datetime as dt
from pathlib import Path

import course
import pytest
from standin import Fault, StandIn, partial, primary_limit, secondary_limit

from coursehub import desk, repository
from coursehub.desk import Outcome
from coursehub.github.door import GitHub

BOT = "github-actions[bot]"
READS = {
    "the list of pull requests": r"POST /graphql OpenPulls",
    "when commits came": r"GET /repos/course/hub/actions/runs",
    "where the branch left main": r"GET /repos/course/hub/compare/",
    "a folder": r"GET /repos/course/hub/git/trees/",
    "a post": r"GET /repos/course/hub/git/blobs/",
}
WRITES = {
    "the comment": r"POST /repos/course/hub/issues/\d+/comments",
    "the status": r"POST /repos/course/hub/statuses/",
}
FAULTS = {
    "500": Fault(500),
    "502": Fault(502),
    "rate limit": primary_limit(course.START + dt.timedelta(hours=1)),
    "secondary limit": secondary_limit(900),
    "time-out": Fault(timeout=True),
    "truncated": Fault(truncate=True),
    "no permission": Fault(403, body=b'{"message": "Resource not accessible by integration"}'),
    "no JSON": Fault(200, body=b"<html>Unicorn!</html>"),
}


class Rehearsal:
    def __init__(self, folder: Path) -> None:
        self.github = StandIn(folder / "hub.git", course.files_of_main(), course.START)
        self.github.settings["pages"] = None
        for path, content in course.files_of_main().items():
            (folder / "main" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "main" / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        self.hub = repository.load(folder / "main")
        self.waited: list[float] = []
        self.door = GitHub(
            "course/hub", "token", url="https://api.github.com", graphql_url="https://api.github.com/graphql",
            server="https://github.com", sleep=self.waited.append, transport=self.github.transport(),
        )  # fmt: skip

    def run(self, number: int | None = None) -> Outcome:
        return desk.post(self.door, self.hub, self.github.main, BOT, number)

    def states(self) -> list[str | None]:
        found = [self.github.latest(pull.head_sha) for pull in self.github.pulls.values()]
        return [each[0].state if each else None for each in found]

    def comments(self) -> list[int]:
        return [len(self.github.comments_on(number)) for number in self.github.pulls]


@pytest.fixture
def rehearsal(tmp_path: Path) -> Rehearsal:
    made = Rehearsal(tmp_path)
    for login in ("octocat", "hubot"):
        made.github.open(login, {"posts/F2026/kedro.md": course.claim(login, "Kedro")})
    return made


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("asked", READS)
def test_what_can_not_be_read_is_not_judged(rehearsal: Rehearsal, asked: str, fault: str) -> None:
    rehearsal.github.fail(READS[asked], FAULTS[fault], times=None)
    outcome = rehearsal.run(1)
    assert outcome.verdicts == []
    assert outcome.failures[0].startswith("nothing was judged, so nothing new passes: ")
    assert rehearsal.states() == ["pending", None]
    assert rehearsal.comments() == [0, 0]
    rehearsal.github.mend()
    assert rehearsal.run().failures == []
    assert (rehearsal.states(), rehearsal.comments()) == (["success", "failure"], [1, 1])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("asked", WRITES)
def test_what_can_not_be_told_does_not_pass_and_is_told_by_the_next_run(
    rehearsal: Rehearsal, asked: str, fault: str
) -> None:
    rehearsal.github.fail(WRITES[asked], FAULTS[fault], times=None)
    outcome = rehearsal.run(1)
    assert [failure.partition(":")[0] for failure in outcome.failures] == [
        "#1 was not judged, so it does not pass",
        "#2 was not judged, so it does not pass",
    ]
    assert not {"success"} & set(rehearsal.states())
    rehearsal.github.mend()
    assert rehearsal.run().failures == []
    assert (rehearsal.states(), rehearsal.comments()) == (["success", "failure"], [1, 1])


@pytest.mark.parametrize("fault", ["500", "502", "time-out", "truncated", "no JSON"])
def test_passing_trouble_is_waited_for(rehearsal: Rehearsal, fault: str) -> None:
    for asked in READS.values():
        rehearsal.github.fail(asked, FAULTS[fault], times=2)
    assert rehearsal.run(1).failures == []
    assert rehearsal.states() == ["success", "failure"]
    assert rehearsal.waited


def test_a_comment_that_was_written_though_the_answer_was_lost_is_not_written_twice(rehearsal: Rehearsal) -> None:
    rehearsal.github.fail(WRITES["the comment"], Fault(502, done=True))
    assert rehearsal.run(1).failures
    assert rehearsal.run(1).failures == []
    assert rehearsal.comments() == [1, 1]


@pytest.mark.parametrize("missing", ["mergeable", "comments", "headRefOid"])
def test_an_answer_with_an_error_in_it_counts_as_none(rehearsal: Rehearsal, missing: str) -> None:
    rehearsal.github.fail("graphql OpenPulls", partial("repository", "pullRequests", "nodes", 1, missing), times=None)
    assert "Something went wrong" in rehearsal.run(1).failures[0]
    assert rehearsal.states() == ["pending", None]


def test_what_passed_before_does_not_while_it_can_not_be_judged_again(rehearsal: Rehearsal) -> None:
    rehearsal.run()
    rehearsal.github.fail(READS["the list of pull requests"], Fault(500), times=None)
    rehearsal.run(1)
    assert rehearsal.states() == ["pending", "failure"]


def test_one_that_is_too_large_does_not_stop_the_others(rehearsal: Rehearsal) -> None:
    rehearsal.github.open("mona", {f"{number}/a/b.txt": "x" for number in range(200)})
    outcome = rehearsal.run(3)
    assert len(outcome.verdicts) == 2
    assert outcome.failures[0].endswith("changes files in more folders than the desk reads")
    assert rehearsal.states() == ["success", "failure", "failure"]
    before = len(rehearsal.github.requests)
    assert rehearsal.run().failures == []
    assert len(rehearsal.github.requests) - before < 5  # nobody uses up the others' share of questions


def test_a_closed_pull_request_does_not_pass_before_it_is_judged_again(rehearsal: Rehearsal) -> None:
    rehearsal.run()
    rehearsal.github.close(1)
    rehearsal.run(1)
    assert rehearsal.states() == ["pending", "success"]
    rehearsal.github.now += dt.timedelta(seconds=60)
    rehearsal.github.reopen(1)
    rehearsal.run(1)
    assert rehearsal.states() == ["failure", "success"]


def test_a_comment_of_a_newer_desk_is_not_overwritten(rehearsal: Rehearsal) -> None:
    rehearsal.run()
    [comment] = rehearsal.github.comments_on(1)
    comment.body = comment.body.replace('"version":1', '"version":2')
    outcome = rehearsal.run(1)
    assert "its record is of version 2, and this desk reads version 1" in outcome.failures[0]
    assert '"version":2' in rehearsal.github.comments_on(1)[0].body
    assert rehearsal.states() == ["pending", "failure"]
