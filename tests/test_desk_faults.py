"""Trouble at GitHub: the desk says so, nothing passes meanwhile, and what was left undone is done by the next run."""

import datetime as dt
from pathlib import Path

import course
import pytest
from course import Office
from standin import Fault, partial, primary_limit, secondary_limit

pytestmark = pytest.mark.slow

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


@pytest.fixture
def office(tmp_path: Path) -> Office:
    new_office = Office(tmp_path)
    for login in ("octocat", "hubot"):
        new_office.github.open(login, {"posts/F2026/kedro.md": course.claim(login, "Kedro")})
    return new_office


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("asked", READS)
def test_what_can_not_be_read_is_not_judged(office: Office, asked: str, fault: str) -> None:
    office.github.fail(READS[asked], FAULTS[fault], times=None)
    outcome = office.run(1)
    assert outcome.verdicts == []
    assert outcome.failures[0].startswith("nothing was judged, so nothing new passes: ")
    assert office.states() == ["pending", None]
    assert office.comments() == [0, 0]
    office.github.clear_faults()
    assert office.run().failures == []
    assert (office.states(), office.comments()) == (["success", "failure"], [1, 1])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("asked", WRITES)
def test_what_can_not_be_told_does_not_pass_and_is_told_by_the_next_run(office: Office, asked: str, fault: str) -> None:
    office.github.fail(WRITES[asked], FAULTS[fault], times=None)
    outcome = office.run(1)
    assert [failure.partition(":")[0] for failure in outcome.failures] == [
        "#1 was not judged, so it does not pass",
        "#2 was not judged, so it does not pass",
    ]
    assert not {"success"} & set(office.states())
    office.github.clear_faults()
    assert office.run().failures == []
    assert (office.states(), office.comments()) == (["success", "failure"], [1, 1])


@pytest.mark.parametrize("fault", ["500", "502", "time-out", "truncated", "no JSON"])
def test_passing_trouble_is_waited_for(office: Office, fault: str) -> None:
    for asked in READS.values():
        office.github.fail(asked, FAULTS[fault], times=2)
    assert office.run(1).failures == []
    assert office.states() == ["success", "failure"]
    assert office.waited


def test_a_comment_that_was_written_though_the_answer_was_lost_is_not_written_twice(office: Office) -> None:
    office.github.fail(WRITES["the comment"], Fault(502, done=True))
    assert office.run(1).failures
    assert office.run(1).failures == []
    assert office.comments() == [1, 1]


@pytest.mark.parametrize("missing", ["mergeable", "comments", "headRefOid"])
def test_an_answer_with_an_error_in_it_counts_as_none(office: Office, missing: str) -> None:
    office.github.fail("graphql OpenPulls", partial("repository", "pullRequests", "nodes", 1, missing), times=None)
    assert "Something went wrong" in office.run(1).failures[0]
    assert office.states() == ["pending", None]


def test_what_passed_before_does_not_while_it_can_not_be_judged_again(office: Office) -> None:
    office.run()
    office.github.fail(READS["the list of pull requests"], Fault(500), times=None)
    office.run(1)
    assert office.states() == ["pending", "failure"]


def test_one_that_is_too_large_does_not_stop_the_others(office: Office) -> None:
    office.github.open("mona", {f"{number}/a/b.txt": "x" for number in range(200)})
    outcome = office.run(3)
    assert len(outcome.verdicts) == 2
    assert outcome.failures[0].endswith("changes files in more folders than the desk reads")
    assert office.states() == ["success", "failure", "failure"]
    before = len(office.github.requests)
    assert office.run().failures == []
    assert len(office.github.requests) - before < 5  # nobody uses up the others' share of questions


def test_a_closed_pull_request_does_not_pass_before_it_is_judged_again(office: Office) -> None:
    office.run()
    office.github.close(1)
    office.run(1)
    assert office.states() == ["pending", "success"]
    office.github.now += dt.timedelta(seconds=60)
    office.github.reopen(1)
    office.run(1)
    assert office.states() == ["failure", "success"]


def test_a_comment_of_a_newer_desk_is_not_overwritten(office: Office) -> None:
    office.run()
    [comment] = office.github.comments_on(1)
    comment.body = comment.body.replace('"version":1', '"version":2')
    outcome = office.run(1)
    assert "its record is of version 2, and this desk reads version 1" in outcome.failures[0]
    assert '"version":2' in office.github.comments_on(1)[0].body
    assert office.states() == ["pending", "failure"]
