"""The claim desk under any order of events: opens, pushes, closes, merges, and runs that come late, twice or never.

The model knows nothing of the desk: it keeps, for each pull request, when its present claim began, and serves first
come, first served.
"""

import datetime as dt
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import course
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from standin import ConflictError, StandIn

from coursehub import desk
from coursehub.desk.record import from_comment
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
    """A pull request as the test knows it: the claim, and the step at which it began to have it."""

    login: str
    tool: str
    key: str
    since: int
    is_open: bool = True
    is_live: bool = True
    is_fresh: bool = False  # the desk ran since it was opened or reopened


class Schedules(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.github = StandIn(self.folder / "hub.git", course.files_of_main(), course.START)
        self.door = GitHub(
            "course/hub", "token", url="https://api.github.com", graphql_url="https://api.github.com/graphql",
            server="https://github.com", sleep=lambda seconds: None, transport=self.github.transport(),
        )  # fmt: skip
        self.source = course.Remembered(self.github)
        self.pulls: dict[int, Known] = {}
        self.merged: dict[str, str] = {}  # claim → login
        self.step = 0
        self.judged = -1

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    def next(self, seconds: int) -> int:
        self.github.now += dt.timedelta(seconds=seconds)
        self.step += 1
        return self.step

    @rule(login=st.sampled_from(LOGINS), tool=st.sampled_from(SPELLINGS), seconds=st.integers(0, 2))
    def open(self, login: str, tool: tuple[str, str], seconds: int) -> None:
        if login in self.merged.values():
            return  # what becomes of a claim on main is rehearsed elsewhere
        since = self.next(seconds)
        files = {f"posts/F2026/{tool[1]}.md": course.claim(login, tool[0])}
        self.pulls[self.github.open(login, files)] = Known(login, *tool, since)

    def some(self, index: int, *, is_open: bool) -> int | None:
        numbers = [number for number, known in self.pulls.items() if known.is_open is is_open]
        numbers = [number for number in numbers if not self.github.pulls[number].merged_at]
        return numbers[index % len(numbers)] if numbers else None

    @rule(index=st.integers(0, 9), tool=st.sampled_from(SPELLINGS), seconds=st.integers(0, 2), live=st.booleans())
    def push(self, index: int, tool: tuple[str, str], seconds: int, live: bool) -> None:
        number = self.some(index, is_open=True)
        if number is None or self.pulls[number].login in self.merged.values():
            return
        step, known = self.next(seconds), self.pulls[number]
        text = course.claim(known.login, tool[0], status="claimed" if live else "withdrawn", summary=f"Step {step}")
        old_path = f"posts/F2026/{known.key}.md"
        deletion = {old_path: self.before(number, old_path)} if tool[1] != known.key else {}
        self.github.push(number, {**deletion, f"posts/F2026/{tool[1]}.md": text})
        if not (known.is_live and live and CLAIM[tool[0]] == CLAIM[known.tool]):
            known.since = step
        known.tool, known.key, known.is_live = *tool, live

    def before(self, number: int, path: str) -> bytes | None:
        """A file where the pull request's branch left main: whoever takes back a change leaves it as it was."""
        base = self.github.objects.git("merge-base", self.github.main, self.github.pulls[number].head_sha)
        base = base.decode().strip()
        there = path in self.github.objects.files(base)
        return self.github.objects.git("cat-file", "blob", f"{base}:{path}") if there else None

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
        """Staff merge what passes and is up to date with main, as the ruleset asks for."""
        number = self.some(index, is_open=True)
        if number is None or self.state(number) != "success" or self.pulls[number].is_fresh:
            return
        pull, known = self.github.pulls[number], self.pulls[number]
        base = self.github.objects.git("merge-base", self.github.main, pull.head_sha).decode().strip()
        if base != self.github.main:
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
            assert self.merged.setdefault(claim, known.login) == known.login, f"{claim} was merged twice"
            assert list(self.merged.values()).count(known.login) == 1

    @rule(again=st.booleans())
    def run(self, again: bool) -> None:
        """The desk runs, for whichever event."""
        the_desk = desk.Desk(self.door, self.source, self.main(), self.github.main, "github-actions[bot]")
        outcome = desk.post(the_desk, again=again)
        assert outcome.failures == []
        self.judged = self.step
        for known in self.pulls.values():
            known.is_fresh = False

    def main(self) -> Hub:
        folder = self.folder / self.github.main
        if not folder.exists():
            folder.mkdir()
            archive = self.github.objects.git("archive", self.github.main)
            with tempfile.NamedTemporaryFile() as file:
                file.write(archive)
                file.flush()
                shutil.unpack_archive(file.name, folder, "tar", filter="data")
        return repository.load(folder)

    def state(self, number: int) -> str | None:
        statuses = self.github.latest(self.github.pulls[number].head_sha)
        return statuses[0].state if statuses else None

    def holders(self) -> dict[int, str]:
        """Each open pull request with a claim → who holds that claim."""
        holder_of: dict[int, str] = {}
        holding: dict[str, str] = dict(self.merged)
        for number, known in sorted(self.pulls.items(), key=lambda item: item[1].since):
            if known.is_open and known.is_live:
                claim = CLAIM[known.tool]
                if self.merged.get(claim) == known.login:
                    continue  # that changes one's own post, and claims nothing
                if claim not in holding and known.login not in holding.values():
                    holding[claim] = known.login
                    holder_of[number] = known.login
                else:
                    holder_of[number] = holding.get(claim, "") if holding.get(claim) != known.login else ""
        return holder_of

    @precondition(lambda self: getattr(self, "judged", -1) == getattr(self, "step", 0))
    @invariant()
    def everybody_is_told_the_truth(self) -> None:
        for number, holder in self.holders().items():
            known = self.pulls[number]
            comments = [each for each in self.github.comments_on(number) if each.is_bot]
            assert len(comments) == 1
            passes = holder == known.login
            assert self.state(number) == ("success" if passes else "failure"), (number, known, comments[0].body)
            if holder and not passes:
                assert f"is taken: {holder} came first" in comments[0].body
            assert len(from_comment(comments[0].body).sightings) <= 20


Schedules.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSchedules = Schedules.TestCase
