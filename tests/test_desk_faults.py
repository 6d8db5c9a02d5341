"""Trouble at GitHub: the desk says so, nothing passes meanwhile, and what was left undone is done by the next run."""

import datetime as dt
from pathlib import Path

import course
import pytest
from course import Office
from standin import Fault, partial, primary_limit, secondary_limit

from coursehub.system.budget import Budget

pytestmark = pytest.mark.slow

LIST = r"POST /graphql OpenPulls"
OF_ONE = {"whose a run was": r"GET /repos/course/hub/actions/runs/", "what came between": "POST /graphql Arrivals"}
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
def test_what_can_not_be_read_is_not_judged(office: Office, fault: str) -> None:
    office.github.fail(LIST, FAULTS[fault], times=None)
    outcome = office.run(1)
    assert outcome.verdicts == []
    assert outcome.failures[0].startswith("nothing was checked, so nothing new passes: ")
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


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("asked", OF_ONE)
def test_what_can_not_be_read_of_one_pull_request_ends_only_its_own_judgement(
    office: Office, asked: str, fault: str
) -> None:
    office.run()
    office.at(60)
    office.github.push(1, {"posts/F2026/kedro.md": course.claim("octocat", "Kedro", summary="Anew")})
    office.open("mona", "Dagster", at=70)
    office.github.fail(OF_ONE[asked], FAULTS[fault], times=None)
    outcome = office.run()
    assert [failure.partition(":")[0] for failure in outcome.failures] == ["#1 was not judged, so it does not pass"]
    assert office.states() == ["pending", "failure", "success"]  # its place in line is kept
    office.github.clear_faults()
    assert office.run().failures == []
    assert office.states() == ["success", "failure", "success"]


@pytest.mark.parametrize("fault", ["500", "502", "time-out", "truncated", "no JSON"])
def test_passing_trouble_is_waited_for(office: Office, fault: str) -> None:
    office.run()
    office.at(60)
    office.github.push(1, {"posts/F2026/kedro.md": course.claim("octocat", "Kedro", summary="Anew")})
    for asked in (LIST, *OF_ONE.values()):
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
    office.github.fail(LIST, Fault(500), times=None)
    office.run(1)
    assert office.states() == ["pending", "failure"]


def test_a_closed_pull_request_does_not_pass_before_it_is_judged_again(office: Office) -> None:
    office.run()
    office.github.close(1)
    office.run(1)
    assert office.states() == ["pending", "success"]
    office.github.now += dt.timedelta(seconds=60)
    office.github.reopen(1)
    office.run(1)
    assert office.states() == ["failure", "success"]


def test_a_comment_of_a_newer_desk_is_not_overwritten_and_stops_nobody_else(office: Office) -> None:
    office.run()
    [comment] = office.github.comments_on(1)
    comment.body = comment.body.replace('"version":1', '"version":2')
    office.open("mona", "Dagster", at=60)
    outcome = office.run(1)
    assert "its record is of version 2, and this desk reads version 1" in outcome.failures[0]
    assert '"version":2' in office.github.comments_on(1)[0].body
    assert office.states() == ["pending", "failure", "success"]


def test_a_run_that_has_spent_its_requests_goes_on_at_the_next_with_the_oldest_first(office: Office) -> None:
    for number, tool in enumerate(["Dagster", "Luigi", "Prefect", "Zeno"], 3):
        office.open(f"student-{number}", tool, at=number * 60)
    outcome = office.run(5, requests=6)
    assert outcome.failures == [
        "2 of 6 pull requests were judged; GitHub limits requests, so the others follow at the next run"
    ]
    assert office.states() == ["success", None, None, None, "success", None]
    assert office.run(requests=6).failures != []
    assert office.states() == ["success", "failure", "success", None, "success", None]
    assert office.run(requests=6).failures == []
    assert office.states() == ["success", "failure", "success", "success", "success", "success"]
    assert office.comments() == [1] * 6


def test_many_that_write_are_spaced_so_that_github_takes_them(office: Office) -> None:
    for number in range(30):
        office.open(f"student-{number}", f"Tool{chr(97 + number % 26) * 3}{chr(97 + number // 26)}", at=number)
    office.run()
    assert office.writes() == 64
    assert office.waited == [0.8] * 44  # the first 20 at once; more than 80 in a minute it refuses


def test_a_pull_request_that_takes_too_long_gets_a_verdict_of_its_own_and_costs_nobody_elses(office: Office) -> None:
    office.run()
    fields = "".join(f"field{number}: [a, b]\n" for number in range(40_000))
    text = course.claim("mona", "Dagster").replace("---\n", f"---\n{fields}", 1)
    office.github.open("mona", {"posts/F2026/dagster.md": text})
    office.open("pjhyett", "Luigi", at=60)
    outcome = office.run(budget=Budget(0.1))
    assert outcome.failures == ["#3 was not judged, so it does not pass: it took longer than 0.1 seconds"]
    assert office.states() == ["success", "failure", "failure", "success"]
    assert "takes too long to check" in (office.status(3)[1] or "")
    before = office.writes()
    assert office.run(budget=Budget(0.1)).failures == []
    assert office.writes() == before
