"""The desk in states of GitHub that the rehearsal would take too long to reach."""

from pathlib import Path

import pytest
from course import Office, claim
from standin import Symlink

pytestmark = pytest.mark.slow

F2026 = "posts/F2026"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_runs_of_another_fork_with_a_branch_of_the_same_name_are_not_ones_own(office: Office) -> None:
    office.open("hubot", "Dagster", at=0, branch="patch-1")
    other = office.open("octocat", "Kedro", at=10, branch="patch-1")
    office.open("mona", "Kedro", at=20)
    office.at(25)
    office.github.close(other)
    office.at(30)
    office.github.push(1, {f"{F2026}/dagster.md": None, f"{F2026}/kedro.md": claim("hubot", "Kedro")})
    office.run()
    assert office.states() == ["failure", None, "success"]


def test_a_post_of_an_earlier_semester_claims_nothing(office: Office) -> None:
    office.github.open("teacher", {"posts/S2026/kedro.md": claim("mona", "Kedro", semester="S2026")})
    office.run()
    assert office.status(1) == ("failure", "This cannot be claimed")


def test_a_pull_request_against_another_branch_is_left_alone(office: Office) -> None:
    office.github.pulls[office.open("octocat", "Kedro")].base_branch = "experiment"
    office.run()
    assert (office.states(), office.comments()) == ([None], [0])


def test_only_the_bots_own_comment_is_the_desks(office: Office) -> None:
    office.open("octocat", "Kedro")
    office.run()
    [own] = office.github.comments_on(1)
    number = office.open("hubot", "Dagster", at=60)
    forged = own.body.replace("octocat", "hubot").replace("Kedro", "Dagster")
    office.github.comment(number, "hubot", forged)
    office.github.comment(number, "dependabot", forged, is_bot=True)
    office.run()
    authors = [each.author for each in office.github.comments_on(number)]
    assert authors == ["hubot", "dependabot", "github-actions"]


def test_what_another_workflow_says_is_not_the_desks(office: Office) -> None:
    number = office.open("octocat", "Kedro")
    office.github.comment(number, "github-actions", "The preview is there.", is_bot=True)
    for _ in range(2):
        assert office.run().failures == []
    comments = [each.body for each in office.github.comments_on(number)]
    assert (len(comments), comments[0], "“Kedro” is free" in comments[1]) == (2, "The preview is there.", True)


def test_while_github_does_not_know_of_conflicts_the_comment_stays_as_it_is(office: Office) -> None:
    office.open("octocat", "Kedro")
    office.github.commit_to_main({f"{F2026}/kedro.md": claim("mona", "Kedro", status="withdrawn")})
    office.reload()
    office.run()
    assert "conflicts with main" in office.github.comments_on(1)[0].body
    office.github.undecided.add(1)
    before = office.writes()
    office.run()
    assert office.writes() == before


def test_what_was_not_judged_is_judged_when_anything_wakes_the_desk(office: Office) -> None:
    office.open("octocat", "Kedro")
    office.run()
    head = office.github.pulls[1].head_sha
    office.door.write("POST", f"/statuses/{head}", {"state": "pending", "context": "claim desk"})
    office.run()
    assert office.states() == ["success"]


def test_a_merged_pull_request_keeps_its_mark(office: Office) -> None:
    office.open("octocat", "Kedro")
    office.run()
    office.github.merge(1)
    office.run(1)
    assert office.states() == ["success"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"x" * 1_000_001, "file-too-large"),
        (b"x" * 10_000_001, "file-too-large"),
        (Symlink("../../data/course.yaml"), "symbolic-link"),
        (b"---\ntitle: Caf\xe9\n---\n", "not-utf-8"),
        (b"", "missing-front-matter"),
    ],
)
def test_a_file_that_is_no_post_is_said_to_be_none(office: Office, content: bytes, rule: str) -> None:
    office.github.open("octocat", {f"{F2026}/kedro.md": content})
    office.run()
    assert f"`{rule}`" in office.github.comments_on(1)[0].body
    assert office.states() == ["failure"]


def test_a_pull_request_that_changes_too_much_costs_one_status_and_no_more(office: Office) -> None:
    office.open("octocat", "Kedro")
    posts = {f"{F2026}/tool-{number}.md": claim("mallory", f"Tool {number}") for number in range(21)}
    office.github.open("mallory", posts)
    office.github.open("mallory", {f"notes/{number}.txt": "" for number in range(1_001)})
    failures = office.run().failures
    assert "#2 changes 21 posts, and a pull request may change 20" in failures[0]
    assert "changes more than 1000 files" in failures[1]
    assert office.states() == ["success", "failure", "failure"]
    before = office.writes()
    for _ in range(2):
        office.run()
    assert (office.writes(), office.comments()) == (before, [1, 0, 0])


def test_an_account_that_was_deleted_owns_nothing(office: Office) -> None:
    office.open("octocat", "Kedro")
    office.open("hubot", "Kedro", at=60)
    office.github.delete_account("octocat")
    office.run()
    assert office.states() == ["failure", "success"]


def test_a_deleted_fork_still_has_its_claim(office: Office) -> None:
    office.open("octocat", "Kedro")
    office.open("hubot", "Kedro", at=60)
    office.github.delete_fork(1)
    office.run()
    assert office.states() == ["success", "failure"]


def test_commits_that_came_between_two_runs_count_from_when_they_came(office: Office) -> None:
    office.open("octocat", "Dagster")
    office.run()
    office.at(10)
    office.github.push(1, {f"{F2026}/dagster.md": None, f"{F2026}/kedro.md": claim("octocat", "Kedro")})
    office.open("hubot", "Kedro", at=20)
    office.at(30)
    office.github.push(1, {f"{F2026}/kedro.md": claim("octocat", "Kedro", title="Mended")})
    office.run()
    assert office.states() == ["success", "failure"]


def test_a_commit_that_github_has_forgotten_claims_nothing(office: Office) -> None:
    office.open("octocat", "Kedro")
    forgotten = office.github.pulls[1].head_sha
    office.open("hubot", "Kedro", at=10)
    office.at(20)
    office.github.force_push(1, {f"{F2026}/kedro.md": claim("octocat", "Kedro", title="Anew")})
    office.source.forgotten.add(forgotten)
    assert office.run().failures == []
    assert office.states() == ["failure", "success"]


def test_who_withdrew_a_claim_asks_for_it_like_everybody(office: Office) -> None:
    office.github.commit_to_main({f"{F2026}/kedro.md": claim("octocat", "Kedro", status="withdrawn")})
    office.reload()
    office.open("octocat", "Kedro")
    office.open("hubot", "Kedro", at=10)
    office.open("mona", "Kedro", at=20)
    office.run()
    assert office.states() == ["success", "failure", "failure"]
    office.github.close(1)
    office.run()
    assert office.states()[1:] == ["success", "failure"]
