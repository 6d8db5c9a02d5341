"""The claim desk under any order of events, and of runs that come late, twice, never, or end in trouble.

Pull requests are opened, pushed to, closed, merged, made drafts, pointed at other branches and at each other's commits;
accounts change their login. The model knows nothing of the desk: it keeps, for each pull request, since when it asks for
its present claim, and serves first come, first served.
"""

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import course
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from standin import ConflictError, Fault, StandIn

from coursehub import desk
from coursehub.desk.record import from_comment
from coursehub.desk.suggestions import key_of, tokens_in
from coursehub.github.door import GitHub
from coursehub.records import repository
from coursehub.records.hub import Hub

pytestmark = pytest.mark.slow

LOGINS = ("octocat", "hubot", "mona", "defunkt", "pjhyett", "mojombo")
# One claim has several spellings and, as an unlisted tool, even several paths that git does not see as one.
SPELLINGS = (
    ("Kedro", "kedro"),
    ("Great Tables", "great-tables"),
    ("GreatTables", "greattables"),
    ("Dagster", "dagster"),
)
CLAIM = {"Kedro": "kedro", "Great Tables": "great tables", "GreatTables": "great tables", "Dagster": "dagster"}


@dataclass
class Known:
    """A pull request as the test knows it: the claim, and the step since which it asks for that."""

    account: int
    login: str  # as its file has it
    tool: str
    key: str
    since: int
    is_open: bool = True
    is_live: bool = True
    is_at_main: bool = True
    is_draft: bool = False
    is_borrowed: bool = False  # its commit is another's
    is_large: bool = False
    is_fresh: bool = False  # the desk did not run since it asks again

    @property
    def is_judged(self) -> bool:
        return self.is_open and self.is_at_main

    @property
    def asks(self) -> bool:
        return self.is_judged and self.is_live and not (self.is_draft or self.is_borrowed or self.is_large)


MANY = [f"posts/F2026/many-{number}.md" for number in range(21)]
TROUBLE = ("graphql OpenPulls", "graphql Arrivals", "GET .*/actions/runs/", "POST .*/comments", "POST .*/statuses",
           "graphql ReviewThreads", "POST .*/reviews", "PATCH .*/comments/", "DELETE .*/comments/")  # fmt: skip
MINOR = "severities: {unknown-field: notice}\n"  # so that what is misspelt is suggested and blocks nothing


# Who asks for what, after so many seconds; whether as a draft, and whether against main.
ASKED = st.tuples(
    st.integers(0, len(LOGINS) - 1),
    st.sampled_from(SPELLINGS),
    st.integers(0, 2),
    st.sampled_from([False, False, False, True]),
    st.sampled_from([True, True, True, False]),
)


class Schedules(RuleBasedStateMachine):
    @initialize(asked=st.lists(ASKED, min_size=2, max_size=5))
    def begin(self, asked: list[tuple[int, tuple[str, str], int, bool, bool]]) -> None:
        self.folder = Path(tempfile.mkdtemp())
        files = course.files_of_main()
        files["data/course.yaml"] = bytes(files["data/course.yaml"]) + MINOR.encode()  # type: ignore[arg-type]
        self.github = StandIn(self.folder / "hub.git", files, course.START)
        self.offers: dict[tuple[int, str], int] = {}  # (pull request, key) → the comment that suggested it
        self.door = GitHub(
            "course/hub", "token", url="https://api.github.com", graphql_url="https://api.github.com/graphql",
            server="https://github.com", sleep=lambda seconds: None, transport=self.github.transport(),
        )  # fmt: skip
        self.source = course.Remembered(self.github)
        self.pulls: dict[int, Known] = {}
        self.hubs: dict[str, Hub] = {}  # by main's commits
        self.merged: dict[str, int] = {}  # claim → account
        self.logins = list(LOGINS)  # by account
        self.step = 0
        self.judged = -1
        for each in asked:
            self.ask(*each)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            try:
                self.run(again=False)  # whatever happened, the next look puts it right
                self.everybody_is_told_the_truth()
            finally:
                shutil.rmtree(self.folder)

    def next(self, seconds: int) -> int:
        self.github.now += dt.timedelta(seconds=seconds)
        self.step += 1
        return self.step

    @rule(asked=ASKED)
    def open(self, asked: tuple[int, tuple[str, str], int, bool, bool]) -> None:
        self.ask(*asked)

    def ask(self, account: int, tool: tuple[str, str], seconds: int, is_draft: bool, is_at_main: bool) -> None:
        if account in self.merged.values() and self.logins[account] == LOGINS[account]:
            return  # claims on main are rehearsed elsewhere
        since, login = self.next(seconds), self.logins[account]
        files = {f"posts/F2026/{tool[1]}.md": course.claim(login, tool[0])}
        base = "main" if is_at_main else "experiment"
        number = self.github.open(login, files, draft=is_draft, base=base)
        self.pulls[number] = Known(account, login, *tool, since, is_draft=is_draft, is_at_main=is_at_main)

    def some(self, index: int, *, is_open: bool) -> int | None:
        numbers = [number for number, known in self.pulls.items() if known.is_open is is_open]
        numbers = [number for number in numbers if not self.github.pulls[number].merged_at]
        return numbers[index % len(numbers)] if numbers else None

    @rule(
        index=st.integers(0, 9), tool=st.sampled_from(SPELLINGS), seconds=st.integers(0, 2), live=st.booleans(),
        summary=st.sampled_from(["summary", "sumary", "sumary"]), is_large=st.sampled_from([False] * 7 + [True]),
    )  # fmt: skip
    def push(self, index: int, tool: tuple[str, str], seconds: int, live: bool, summary: str, is_large: bool) -> None:
        number = self.some(index, is_open=True)
        if number is None or self.pulls[number].account in self.merged.values():
            return
        step, known = self.next(seconds), self.pulls[number]
        login = self.logins[known.account]
        text = course.claim(login, tool[0], status="claimed" if live else "withdrawn", **{summary: f"Step {step}"})
        old_path = f"posts/F2026/{known.key}.md"
        deletion = {old_path: self.before(number, old_path)} if tool[1] != known.key else {}
        there = self.github.objects.files(self.github.pulls[number].head_sha)
        many = {path: course.claim(login, path) if is_large else None for path in MANY if is_large or path in there}
        runs = len(self.github.runs)
        self.github.push(number, {**deletion, f"posts/F2026/{tool[1]}.md": text, **many})
        is_same = known.is_live and live and CLAIM[tool[0]] == CLAIM[known.tool]
        if not is_same or known.is_borrowed or known.is_large:
            known.since = step
        known.tool, known.key, known.is_live, known.login = *tool, live, login
        known.is_borrowed, known.is_large = False, is_large
        if len(self.github.runs) == runs:
            self.end_second()

    @rule(index=st.integers(0, 9))
    def commit_suggestions(self, index: int) -> None:
        """An author takes all that the desk suggests, in one commit."""
        number = self.some(index, is_open=True)
        if number is None or self.pulls[number].is_borrowed or self.pulls[number].account in self.merged.values():
            return
        waiting = [it.id for it in self.github.threads(number) if not it.is_resolved and self.github.lines_now(it)]
        if waiting:
            self.next(1)
            runs = len(self.github.runs)
            self.github.commit_suggestions(number, waiting, self.github.pulls[number].head_owner or "")
            if len(self.github.runs) == runs:
                self.end_second()

    @rule(index=st.integers(0, 9), seconds=st.integers(1, 2))
    def retarget(self, index: int, seconds: int) -> None:
        number = self.some(index, is_open=True)
        if number is not None:
            known = self.pulls[number]
            known.since = self.next(seconds)
            known.is_at_main, known.is_fresh = not known.is_at_main, True
            self.github.retarget(number, "main" if known.is_at_main else "experiment")
            self.end_second()

    @rule(index=st.integers(0, 9), seconds=st.integers(1, 2))
    def draft(self, index: int, seconds: int) -> None:
        number = self.some(index, is_open=True)
        if number is not None:
            known = self.pulls[number]
            known.since = self.next(seconds)
            known.is_draft, known.is_fresh = not known.is_draft, True
            self.github.make_ready(number, ready=not known.is_draft)
            self.end_second()

    def end_second(self) -> None:
        """Without a run there is no order within a second: after a push in conflict with main, or a new base."""
        self.github.now += dt.timedelta(seconds=1)

    @rule(index=st.integers(0, 9), other=st.integers(0, 9), seconds=st.integers(1, 2))
    def share(self, index: int, other: int, seconds: int) -> None:
        """Somebody pushes the commit of somebody else's pull request to the own one."""
        number, others = self.some(index, is_open=True), self.some(other, is_open=True)
        if number is None or others is None:
            return
        mine, theirs = self.pulls[number], self.pulls[others]
        if mine.account == theirs.account or mine.account in self.merged.values() or theirs.is_borrowed:
            return
        mine.since = self.next(seconds)
        self.github.point_at(number, self.github.pulls[others].head_sha)
        mine.tool, mine.key, mine.is_live, mine.login = theirs.tool, theirs.key, theirs.is_live, theirs.login
        mine.is_borrowed, mine.is_large = True, theirs.is_large

    @precondition(lambda self: getattr(self, "judged", -1) == getattr(self, "step", 0))
    @rule(account=st.integers(0, len(LOGINS) - 1))
    def rename(self, account: int) -> None:
        """An account gets another login, after the desk has seen all that it asked for."""
        if not all(known.is_judged for known in self.pulls.values() if known.account == account):
            return
        old = self.logins[account]
        self.logins[account] = f"{old}-{self.next(1)}"
        self.github.rename_account(old, self.logins[account])

    def before(self, number: int, path: str) -> bytes | None:
        """A file where the pull request's branch left main: whoever takes back a change leaves it as it was."""
        objects = self.github.objects
        entry = objects.files(objects.merge_base(self.github.main, self.github.pulls[number].head_sha)).get(path)
        return objects.blob(entry.sha) if entry else None

    @rule(index=st.integers(0, 9), seconds=st.integers(0, 2))
    def close(self, index: int, seconds: int) -> None:
        number = self.some(index, is_open=True)
        if number is not None:
            self.next(seconds)
            self.github.close(number)
            self.pulls[number].is_open = False

    @rule(index=st.integers(0, 9), seconds=st.integers(1, 2))
    def reopen(self, index: int, seconds: int) -> None:
        number = self.some(index, is_open=False)
        if number is not None:
            self.pulls[number].since = self.next(seconds)
            self.github.reopen(number)
            self.pulls[number].is_open, self.pulls[number].is_fresh = True, True

    @rule(index=st.integers(0, 9))
    def merge(self, index: int) -> None:
        """Staff merge what passes, is no draft, and is up to date with main, as the ruleset asks for."""
        number = self.some(index, is_open=True)
        if number is None or self.state(number) != "success" or self.is_shared(number):
            return
        pull, known = self.github.pulls[number], self.pulls[number]
        if known.is_draft or known.is_fresh or not known.is_at_main:
            return
        if known.is_borrowed:
            return  # until the desk looks, its commit has the status that it got where it is from
        if self.github.objects.merge_base(self.github.main, pull.head_sha) != self.github.main:
            try:
                self.next(0)
                self.github.update_branch(number)  # a new commit, without a status
            except ConflictError:
                pass
            return
        self.next(1)
        self.github.merge(number)
        known.is_open = False
        if known.is_live:
            claim = CLAIM[known.tool]
            assert self.merged.setdefault(claim, known.account) == known.account, f"{claim} was merged twice"
            assert list(self.merged.values()).count(known.account) == 1

    def is_shared(self, number: int) -> bool:
        """Whether another pull request has its newest commit, perhaps below some of its own, and would undo it."""
        pulls, head = self.github.pulls, self.github.pulls[number].head_sha
        others = [each for each in pulls if each != number and not pulls[each].merged_at]
        return any(head in self.github.objects.ancestors(pulls[each].head_sha) for each in others)

    def sharing(self, number: int) -> list[int]:
        """The open pull requests with the same newest commit, this one among them."""
        head = self.github.pulls[number].head_sha
        return [
            each for each, known in self.pulls.items() if known.is_open and self.github.pulls[each].head_sha == head
        ]

    def desk(self, requests: int = 1_000) -> desk.Desk:
        self.door.requests = 0
        return desk.Desk(self.door, self.source, self.main(), self.github.main, "github-actions[bot]", requests)

    @rule(again=st.booleans())
    def run(self, again: bool) -> None:
        """The desk runs, for whichever event."""
        outcome = desk.post(self.desk(), again=again)
        assert [each for each in outcome.failures if "changes 2" not in each] == []
        self.judged = self.step
        for known in self.pulls.values():
            known.is_fresh = False

    @rule(index=st.integers(0, 9), trouble=st.sampled_from(TROUBLE), skip=st.integers(0, 2))
    def run_in_trouble(self, index: int, trouble: str, skip: int) -> None:
        """The desk runs for one pull request, and GitHub does not answer all that is asked."""
        self.github.fail(trouble, Fault(500), times=None, skip=skip)
        desk.post(self.desk(), self.some(index, is_open=True))
        self.github.clear_faults()
        self.judged = -1

    @rule(requests=st.integers(1, 8))
    def run_with_few_requests(self, requests: int) -> None:
        desk.post(self.desk(requests))
        self.judged = -1

    def main(self) -> Hub:
        """Main as it is now, which is read once."""
        commit = self.github.main
        if commit not in self.hubs:
            for path, entry in self.github.objects.files(commit).items():
                file = self.folder / commit / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(self.github.objects.blob(entry.sha) or b"")
            self.hubs[commit] = repository.load(self.folder / commit)
        return self.hubs[commit]

    def state(self, number: int) -> str | None:
        statuses = self.github.latest(self.github.pulls[number].head_sha)
        return statuses[0].state if statuses else None

    def holders(self) -> dict[int, int | None]:
        """Each open pull request with a claim → the account that holds that claim, or None where its author has another."""
        holder_of: dict[int, int | None] = {}
        holding: dict[str, int] = dict(self.merged)
        for number, known in sorted(self.pulls.items(), key=lambda item: item[1].since):
            claim = CLAIM[known.tool]
            if not known.asks or self.merged.get(claim) == known.account:
                continue  # to change one's own post is to claim nothing
            if claim not in holding and known.account not in holding.values():
                holding[claim] = known.account
                holder_of[number] = known.account
            else:
                holder_of[number] = holding.get(claim) if holding.get(claim) != known.account else None
        return holder_of

    @precondition(lambda self: getattr(self, "judged", -1) == getattr(self, "step", 0))
    @invariant()
    def everybody_is_told_the_truth(self) -> None:
        holders = self.holders()
        passing = {number for number, holder in holders.items() if holder == self.pulls[number].account}
        for number, known in self.pulls.items():
            own = [each for each in self.sharing(number) if self.pulls[each].is_judged] if known.is_judged else []
            if not all(each in holders or not self.is_unclear(self.pulls[each]) for each in own) or not own:
                continue
            expected = "success" if passing.intersection(own) else "failure"
            comments = [each for each in self.github.comments_on(number) if each.is_bot]
            assert self.state(number) == expected, (number, known, [each.body for each in comments])
            if number in holders:
                assert len(comments) == 1
                assert len(from_comment(comments[0].body).sightings) <= 20
                holder = holders[number]
                if holder is not None and number not in passing:
                    logins = {each.login for each in self.pulls.values() if each.account == holder}
                    assert any(f"is taken: {login} came first" in comments[0].body for login in logins)

    @invariant()
    def nothing_is_suggested_twice(self) -> None:
        for it in self.github.review_comments.values() if hasattr(self, "github") else ():
            for token in tokens_in(it.body):
                assert self.offers.setdefault((it.number, key_of(token)), it.id) == it.id, (it.number, it.body)

    def is_unclear(self, known: Known) -> bool:
        """Whether this model says nothing of a pull request: it changes its author's own post, or withdraws a claim."""
        return not known.is_large and (not known.is_live or self.merged.get(CLAIM[known.tool]) is not None)


# The same 100 in every run; others, and more of them, with SCHEDULES=10000.
Schedules.TestCase.settings = settings(
    max_examples=int(os.environ.get("SCHEDULES", "100")),
    derandomize="SCHEDULES" not in os.environ,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestSchedules = Schedules.TestCase
