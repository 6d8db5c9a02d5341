"""Places in line that nobody may have: each of these was possible once."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from course import Office, claim
from standin import Fault
from standin.state import Run

pytestmark = pytest.mark.slow

F2026 = "posts/F2026"
HOUR, DAY = 3600, 24 * 3600
HOUR_OF_TIME = dt.timedelta(hours=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def kedro(author: str, **fields: str) -> dict[str, str | None]:
    return {f"{F2026}/kedro.md": claim(author, "Kedro", **fields)}


def test_what_was_prepared_against_another_branch_counts_from_when_it_points_at_main(office: Office) -> None:
    hidden = office.open("mallory", "Kedro", base="experiment")
    office.run()
    office.open("octocat", "Kedro", at=HOUR)
    office.run()
    office.at(2 * HOUR)
    office.github.retarget(hidden, "main")
    office.run(hidden)
    assert office.states() == ["failure", "success"]
    assert "octocat came first" in (office.status(hidden)[1] or "")


def test_who_points_away_from_main_gives_the_place_up_at_once_and_comes_back_last(office: Office) -> None:
    first = office.open("octocat", "Kedro")
    office.run()
    office.open("hubot", "Kedro", at=HOUR)
    office.run()
    assert office.states() == ["success", "failure"]
    office.at(2 * HOUR)
    office.github.retarget(first, "experiment")
    office.run(first)
    assert office.states() == ["pending", "success"]
    office.at(3 * HOUR)
    office.github.retarget(first, "main")
    office.run(first)
    assert office.states() == ["failure", "success"]


def test_a_draft_asks_for_nothing_until_it_is_offered_for_review(office: Office) -> None:
    draft = office.open("octocat", "Kedro", draft=True)
    office.run()
    assert office.status(draft) == ("failure", "“Kedro” is not claimed yet: this is a draft")
    office.open("hubot", "Kedro", at=HOUR)
    office.open("mona", "Dagster", at=HOUR, draft=True)
    office.run()
    assert office.states() == ["failure", "success", "failure"]
    office.at(2 * HOUR)
    for number in (draft, 3):
        office.github.make_ready(number)
    office.run()
    assert office.states() == ["failure", "success", "success"]
    office.at(3 * HOUR)
    office.github.make_ready(2, ready=False)
    office.run()
    assert office.states() == ["success", "failure", "success"]


def test_what_it_had_when_it_began_to_ask_came_before_what_was_pushed_in_the_same_second(office: Office) -> None:
    number = office.open("octocat", "Kedro", draft=True)
    office.run()
    office.at(HOUR)
    office.github.make_ready(number)
    office.github.push(number, {f"{F2026}/kedro.md": None, f"{F2026}/dagster.md": claim("octocat", "Dagster")})
    office.run()
    assert "“Dagster” is free" in office.github.comments_on(number)[0].body


@pytest.mark.parametrize("was_seen", [True, False])
def test_what_it_had_when_it_began_to_ask_counts_from_then_however_late_the_desk_looks(
    office: Office, was_seen: bool
) -> None:
    draft = office.open("octocat", "Kedro", draft=True)
    if was_seen:
        office.run()
    office.at(HOUR)
    office.github.make_ready(draft)
    office.open("hubot", "Kedro", at=2 * HOUR)
    office.at(3 * HOUR)
    office.github.push(draft, kedro("octocat", summary="Better words"))
    office.run()
    assert office.states() == ["success", "failure"]


def test_a_claim_in_somebody_elses_name_keeps_no_place(office: Office) -> None:
    office.github.open("mallory", kedro("mona"))
    office.run()
    office.open("octocat", "Kedro", at=HOUR)
    office.run()
    assert office.states() == ["failure", "success"]
    office.at(2 * HOUR)
    office.github.push(1, kedro("mallory"))
    office.run()
    assert office.states() == ["failure", "success"]


def test_a_comment_of_anybody_moves_no_place(office: Office) -> None:
    office.open("octocat", "Kedro")
    office.at(HOUR)
    office.github.push(1, kedro("octocat", summary="Anew"))
    office.open("hubot", "Dagster", at=HOUR + 60)
    office.at(2 * HOUR)
    office.github.comment(1, "hubot", "Oh, Kedro!")
    office.github.push(2, {f"{F2026}/dagster.md": None, **kedro("hubot")})
    office.run()
    assert office.states() == ["success", "failure"]


def test_a_run_of_another_kind_is_no_arrival(office: Office) -> None:
    """Such as one that scans the code, or that a push to a branch of this repository began before."""
    office.open("octocat", "Dagster")
    office.run()
    office.at(2 * HOUR)
    office.github.push(1, {f"{F2026}/dagster.md": None, **kedro("octocat")})
    earlier = dataclasses.replace(
        office.github.runs[-1], id=1, event="push", created_at=office.github.now - HOUR_OF_TIME
    )
    office.github.runs.append(earlier)
    office.open("hubot", "Kedro", at=1.5 * HOUR)
    office.at(3 * HOUR)
    office.run()
    assert office.states() == ["failure", "success"]


class TestRunsThatGitHubListsLate:
    """https://github.com/cli/cli/issues/7341, among others."""

    def late(self, office: Office) -> Run:
        """A claim pushed at one hour, whose run is not listed when the desk looks two hours later."""
        office.open("octocat", "Dagster")
        office.run()
        office.at(HOUR)
        office.github.push(1, {f"{F2026}/dagster.md": None, **kedro("octocat")})
        run = office.github.runs[-1]
        office.github.unlisted.add(run.id)
        office.open("hubot", "Kedro", at=2 * HOUR)
        return run

    def test_a_place_that_was_only_guessed_is_put_right(self, office: Office) -> None:
        run = self.late(office)
        office.at(3 * HOUR)
        office.github.comment(1, "hubot", "I would like Kedro, too.")
        office.run()
        assert office.states() == ["failure", "success"]
        office.github.unlisted.discard(run.id)
        office.run()
        assert office.states() == ["success", "failure"]
        before = office.writes()
        office.run()
        assert office.writes() == before

    def test_a_guess_never_grows_later(self, office: Office) -> None:
        self.late(office)
        office.run()
        assert office.states() == ["success", "failure"]
        office.at(4 * HOUR)
        office.github.comment(1, "hubot", "I would like Kedro, too.")
        office.run()
        assert office.states() == ["success", "failure"]


def test_a_commit_of_a_closed_pull_request_keeps_no_place_for_another_one(office: Office) -> None:
    """mallory shows a claim and takes it back, lets another ask for it, and pushes the same commit elsewhere."""
    old = office.open("mallory", "Luigi")
    shown = office.open("mallory", "Kedro", at=HOUR)
    office.run()
    office.at(2 * HOUR)
    office.github.close(shown)
    office.open("octocat", "Kedro", at=3 * HOUR)
    office.run()
    office.at(4 * HOUR)
    office.github.point_at(old, office.github.pulls[shown].head_sha)
    office.run()
    assert office.state_of(old) == "failure"
    assert office.state_of(3) == "success"


class TestACommitOfTwo:
    """A status belongs to a commit, of whichever pull request."""

    def shared(self, office: Office) -> tuple[int, int]:
        mine = office.open("octocat", "Kedro")
        office.run()
        office.at(HOUR)
        theirs = office.open("mallory", "Dagster", at=HOUR)
        office.github.point_at(theirs, office.github.pulls[mine].head_sha)
        return mine, theirs

    def test_anothers_pull_request_does_not_turn_mine_red(self, office: Office) -> None:
        mine, theirs = self.shared(office)
        for woken in (theirs, None, theirs):
            office.run(woken)
            assert office.state_of(mine) == "success"
        assert office.comments() == [1, 1]
        assert "somebody else's name" in office.github.comments_on(theirs)[0].body
        assert "“Kedro” is free" in office.github.comments_on(mine)[0].body

    def test_one_that_was_not_judged_speaks_for_none(self, office: Office) -> None:
        """Of somebody else's commit nothing is known but that it could not be read: it does not pass for that."""
        mine = office.github.open("octocat", {**kedro("octocat"), "README.md": "mine\n"})
        office.run()
        theirs = office.open("mallory", "Dagster", at=HOUR)
        office.github.point_at(theirs, office.github.pulls[mine].head_sha)
        office.github.fail("graphql Arrivals", Fault(500), times=None)
        for woken in (theirs, mine, None):
            office.run(woken)
        office.github.clear_faults()
        office.run(mine)
        assert office.state_of(mine) == "failure"

    def test_what_passed_before_lends_its_status_to_no_other_commit(self, office: Office) -> None:
        office.open("octocat", "Kedro")
        refused = office.open("mallory", "Kedro", at=60)
        green = office.open("mona", "Dagster", at=120)
        office.run()
        assert office.states() == ["success", "failure", "success"]
        office.at(HOUR)
        head = office.github.pulls[refused].head_sha
        office.github.point_at(green, head)
        for woken in (refused, green, None):
            office.run(woken)
        assert {each.state for each in office.github.statuses[head]} == {"failure"}  # not for a moment

    def test_a_status_that_does_not_fit_is_put_right(self, office: Office) -> None:
        mine, theirs = self.shared(office)
        office.run()
        office.at(2 * HOUR)
        office.github.close(theirs)
        office.run(theirs)  # takes back the status of what was closed, which is that of mine
        office.run()
        assert office.state_of(mine) == "success"
        head = office.github.pulls[mine].head_sha
        office.door.write("POST", f"/statuses/{head}", {"state": "failure", "context": "claim desk"})
        office.run()
        assert office.state_of(mine) == "success"
        before = office.writes()
        office.run()
        assert office.writes() == before


class TestAnExchange:
    def exchange(self, office: Office, *, is_red: bool) -> int:
        office.github.commit_to_main({f"{F2026}/dagster.md": claim("octocat", "Dagster")})
        office.reload()
        extra = {"README.md": "mine\n"} if is_red else {}
        office.at(HOUR)
        return office.github.open("octocat", {f"{F2026}/dagster.md": None, **kedro("octocat"), **extra})

    def test_it_keeps_both_claims_for_two_days_and_no_longer_while_it_does_not_pass(self, office: Office) -> None:
        self.exchange(office, is_red=True)
        office.run()
        office.open("hubot", "Kedro", at=DAY)
        office.run()
        assert office.states() == ["failure", "failure"]
        office.at(2 * DAY + HOUR + 1)
        office.run()
        assert office.states() == ["failure", "success"]
        assert "no longer reserved" in (office.status(1)[1] or "")
        office.at(3 * DAY)
        office.github.push(1, {"README.md": "The course\n"})
        office.run()
        assert office.states() == ["failure", "success"]

    def test_the_next_commit_asks_again(self, office: Office) -> None:
        self.exchange(office, is_red=True)
        office.run()
        office.at(3 * DAY)
        office.run()
        assert office.states() == ["failure"]
        office.github.push(1, {"README.md": "The course\n"})
        office.run()
        office.open("hubot", "Kedro", at=4 * DAY)
        office.run()
        assert office.states() == ["success", "failure"]

    def test_it_keeps_both_while_it_passes(self, office: Office) -> None:
        self.exchange(office, is_red=False)
        office.run()
        office.open("hubot", "Kedro", at=30 * DAY)
        office.run()
        assert office.states() == ["success", "failure"]

    def test_it_may_be_at_the_same_path(self, office: Office) -> None:
        office.github.commit_to_main(kedro("octocat"))
        office.reload()
        office.github.open("octocat", {f"{F2026}/kedro.md": claim("octocat", "Dagster")})  # misplaced, so it is red
        office.run()
        office.open("hubot", "Dagster", at=DAY)
        office.run()
        assert office.states() == ["failure", "failure"]
        office.at(3 * DAY)
        office.run()
        assert office.states() == ["failure", "success"]

    def test_nobody_exchanges_what_is_anothers(self, office: Office) -> None:
        office.github.commit_to_main(kedro("octocat"))
        office.reload()
        office.github.open("mallory", {f"{F2026}/kedro.md": None, f"{F2026}/mine.md": claim("mallory", "Kedro")})
        office.run()
        assert office.status(1) == ("failure", "“Kedro” is taken: octocat came first")

    def test_a_claim_that_gives_nothing_up_has_no_term(self, office: Office) -> None:
        office.github.open("octocat", {**kedro("octocat"), "README.md": "mine\n"})
        office.run()
        office.open("hubot", "Kedro", at=30 * DAY)
        office.run()
        assert office.states() == ["failure", "failure"]


class TestAnAccountWithANewLogin:
    def test_an_open_claim_stays_its_own(self, office: Office) -> None:
        office.open("old-name", "Kedro")
        office.run()
        office.github.rename_account("old-name", "new-name")
        office.open("hubot", "Kedro", at=HOUR)
        office.run()
        assert office.states() == ["success", "failure"]
        body = office.github.comments_on(1)[0].body
        assert "Your account was called **old-name**" in body
        assert "Close pull request" not in body

    def test_it_can_write_the_new_login_into_its_file(self, office: Office) -> None:
        office.open("old-name", "Kedro")
        office.run()
        office.github.rename_account("old-name", "new-name")
        office.at(HOUR)
        office.github.push(1, kedro("new-name"))
        office.run()
        assert office.states() == ["success"]
        assert "was called" not in office.github.comments_on(1)[0].body

    def test_a_post_on_main_stays_its_own(self, office: Office) -> None:
        office.open("old-name", "Kedro")
        office.run()
        office.github.merge(1)
        office.reload()
        office.at(HOUR)
        office.github.rename_account("old-name", "new-name")
        office.github.open("new-name", kedro("old-name", summary="More"))
        office.github.open("mallory", kedro("old-name", summary="Mine"))
        for _ in range(2):
            office.run()
            assert (office.state_of(2), office.state_of(3)) == ("success", "failure")
        assert "Your account was called **old-name**" in office.github.comments_on(2)[0].body
        assert "has a login that you used before" in office.github.comments_on(3)[0].body

    def test_a_second_claim_under_the_new_one_is_a_second_claim(self, office: Office) -> None:
        office.open("old-name", "Kedro")
        office.run()
        office.github.rename_account("old-name", "new-name")
        office.open("new-name", "Dagster", at=HOUR)
        office.run()
        assert office.states() == ["success", "failure"]

    def test_so_it_is_after_the_first_is_merged(self, office: Office) -> None:
        office.open("old-name", "Kedro")
        office.run()
        office.github.merge(1)
        office.reload()
        office.github.rename_account("old-name", "new-name")
        office.open("new-name", "Dagster", at=HOUR)
        office.open("hubot", "Dagster", at=2 * HOUR)
        for _ in range(2):
            office.run()
            assert (office.state_of(2), office.state_of(3)) == ("failure", "success")
        assert f"{F2026}/kedro.md" in office.github.comments_on(2)[0].body

    def test_so_it_is_if_the_first_is_merged_after_the_second_was_seen(self, office: Office) -> None:
        office.open("old-name", "Kedro")
        office.run()
        office.github.rename_account("old-name", "new-name")
        office.open("new-name", "Dagster", at=HOUR)
        office.run()
        office.github.merge(1)
        office.reload()
        office.run()
        assert office.state_of(2) == "failure"


class TestCoAuthors:
    def both(self, office: Office) -> None:
        office.github.open("octocat", {f"{F2026}/kedro.md": claim("[octocat, hubot]", "Kedro")})
        office.at(HOUR)

    @pytest.mark.parametrize("how", ["comment", "approval"])
    def test_who_agreed_holds_that_claim(self, office: Office, how: str) -> None:
        self.both(office)
        if how == "comment":
            office.github.comment(1, "Hubot", "Fine!")
        else:
            office.github.approve(1, "hubot")
        office.open("hubot", "Dagster", at=2 * HOUR)
        office.run()
        assert office.states() == ["success", "failure"]
        assert "second claim" in (office.status(2)[1] or "")

    def test_who_was_only_named_does_not(self, office: Office) -> None:
        self.both(office)
        office.github.comment(1, "mona", "Well done!")
        office.open("hubot", "Dagster", at=2 * HOUR)
        office.run()
        assert office.state_of(2) == "success"
        assert "hubot is listed as a co-author" in office.github.comments_on(1)[-1].body

    def test_it_counts_from_the_first_word(self, office: Office) -> None:
        self.both(office)
        office.github.comment(1, "hubot", "Fine!")
        office.open("hubot", "Dagster", at=2 * HOUR)
        office.at(3 * HOUR)
        office.github.comment(1, "hubot", "Fine, as I said.")
        office.run()
        assert office.state_of(2) == "failure"

    def test_who_agrees_after_asking_elsewhere_keeps_the_own_claim(self, office: Office) -> None:
        self.both(office)
        office.open("hubot", "Dagster", at=2 * HOUR)
        office.at(3 * HOUR)
        office.github.comment(1, "hubot", "Fine!")
        office.run()
        assert office.state_of(2) == "success"


class TestAWithdrawnFile:
    def withdrawn(self, office: Office) -> None:
        office.github.commit_to_main(kedro("octocat", status="withdrawn"))
        office.reload()

    def test_it_is_not_rewritten_by_who_takes_nothing(self, office: Office) -> None:
        self.withdrawn(office)
        office.github.open("mallory", kedro("mallory", status="withdrawn", title="Nonsense"))
        office.github.open("mona", {f"{F2026}/kedro.md": None})
        office.github.open("hubot", {f"{F2026}/kedro.md": claim("hubot", "Dagster")})
        office.run()
        assert office.states() == ["failure"] * 3
        for number in (1, 2, 3):
            assert "`not-your-post`" in office.github.comments_on(number)[0].body

    def test_who_takes_the_claim_writes_it_anew_and_so_does_its_author(self, office: Office) -> None:
        self.withdrawn(office)
        office.github.open("hubot", kedro("hubot"))
        office.github.open("octocat", kedro("octocat", status="withdrawn", title="Given up"))
        office.run()
        assert office.states() == ["success", "success"]


@pytest.mark.parametrize(
    ("files", "is_invited"),
    [
        ({f"{F2026}/kedro.md": claim("octocat", "Kedro")}, True),
        ({f"{F2026}/kedro.md": claim("octocat", "Kedro"), f"{F2026}/kedro/a.png": b"x"}, True),
        ({f"{F2026}/kedro.md": claim("octocat", "Kedro"), ".devcontainer/devcontainer.json": "{}"}, False),
        ({f"{F2026}/kedro.md": claim("octocat", "Kedro"), "hooks/check.py": "x"}, False),
        ({f"{F2026}/kedro.md": claim("hubot", "Kedro")}, False),
    ],
)
def test_nobody_is_invited_into_what_is_more_than_a_post(
    office: Office, files: dict[str, str | bytes | None], is_invited: bool
) -> None:
    office.github.open("octocat", files)
    office.run()
    body = office.github.comments_on(1)[0].body
    assert ("codespaces.new" in body, "makes a preview" in body) == (is_invited, is_invited)
