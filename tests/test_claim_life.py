"""Whatever students do, in whatever order it is merged: one claim, one owner."""

import re
from pathlib import Path
from typing import NamedTuple

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from coursehub import checks
from coursehub.claims import new_claim
from coursehub.records import course, post, tools
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub

pytestmark = pytest.mark.slow

DATA = Path(__file__).parent / "fixtures/rules/data"
COURSE, _ = course.read((DATA / "course.yaml").read_text())
TOOLS, _ = tools.read((DATA / "tools.yaml").read_text())
assert COURSE
SEMESTER = COURSE.open_semester

# Groups of spellings: within a group all are one claim, and the first is how the file is named.
SPELLINGS = {
    "weights-and-biases": [("wandb",), ("W&B",), ("Weights and Biases",), ("w&b (weights and biases)",)],
    "kedro": [("Kedro",), ("KEDRO",), ("kedro library",)],
    "airflow--bigquery": [("Airflow", "BigQuery"), ("Google BigQuery + Apache Airflow",), ("airflow & bigquery",)],
    "great-tables": [("Great Tables",), ("GreatTables",), ("great_tables",)],
}
STUDENTS = ("ada", "bob", "eve")
claims = st.sampled_from([(key, names) for key, spellings in SPELLINGS.items() for names in spellings])
paths = st.sampled_from(["by key", "by name", "without hyphens"])
students = st.sampled_from(STUDENTS)


class Change(NamedTuple):
    """A pull request: what it does to which files, None to delete one."""

    author: str
    group: str
    files: dict[str, str | None]


def text(names: tuple[str, ...], author: str, status: str) -> str:
    return new_claim.text_of(names, "mlops-tool", SEMESTER, [author], "").replace(
        "status: claimed", f"status: {status}"
    )


def path(group: str, names: tuple[str, ...], how: str) -> str:
    """A path that a student chooses: by the claim key, by what they call it, or without hyphens; not all are right."""
    stems = {
        "by key": group,
        "by name": "-".join(names).replace(" ", "-").lower(),
        "without hyphens": group.replace("-", ""),
    }
    return f"posts/{SEMESTER}/{stems[how]}.md"


def is_by(author: str, content: str) -> bool:
    return f"authors: {author}\n" in content


def is_live_by(author: str, content: str) -> bool:
    return is_by(author, content) and "status: withdrawn" not in content


class ClaimDesk(RuleBasedStateMachine):
    changes = Bundle("changes")

    def __init__(self) -> None:
        super().__init__()
        self.main: dict[str, str] = {}
        self.group: dict[str, str] = {}  # path → what its claim is about, which the test knows by itself
        self.arrival: dict[str, int] = {}
        self.merges = 0
        self.was_forced = False

    def hub(self, files: dict[str, str]) -> Hub:
        posts = tuple(post.read(path, content.encode()) for path, content in sorted(files.items()))
        return Hub(COURSE, TOOLS, posts=posts, arrival=self.arrival)

    def after(self, change: Change) -> dict[str, str]:
        return {path: content for path, content in {**self.main, **change.files}.items() if content is not None}

    @rule(target=changes, author=students, claim=claims, how=paths, status=st.sampled_from(["claimed", "draft"]))
    def open_claim(self, author: str, claim: tuple[str, tuple[str, ...]], how: str, status: str) -> Change:
        group, names = claim
        return Change(author, group, {path(group, names, how): text(names, author, status)})

    @rule(target=changes, author=students, claim=claims, how=paths)
    def change_claim(self, author: str, claim: tuple[str, tuple[str, ...]], how: str) -> Change:
        """Rename to another tool in one commit: whatever the author holds goes."""
        group, names = claim
        deletions: dict[str, str | None] = {held: None for held, content in self.main.items() if is_by(author, content)}
        return Change(author, group, {**deletions, path(group, names, how): text(names, author, "claimed")})

    @rule(target=changes, author=students)
    def withdraw(self, author: str) -> object:
        return multiple(
            *(
                Change(author, self.group[held], {held: re.sub("status: .*", "status: withdrawn", content)})
                for held, content in self.main.items()
                if is_by(author, content)
            )
        )

    @rule(change=changes)
    def merge(self, change: Change) -> None:
        """The merge queue: judged on main as it is now, merged if nothing blocks."""
        files = self.after(change)
        hub = self.hub(files)
        changed = [each for each in hub.posts if each.path in change.files]
        blocking = [finding for finding in checks.judge_posts(hub, changed) if finding.blocks]
        for finding in blocking:
            if finding.rule == "claim-taken":
                self.a_holder_is_named(finding, hub)
        if not blocking:
            self.take(change, files)

    @rule(change=changes)
    def force(self, change: Change) -> None:
        """Somebody with the right to do so merges without asking."""
        self.was_forced = True
        self.take(change, self.after(change))

    def take(self, change: Change, files: dict[str, str]) -> None:
        self.merges += 1
        self.main = files
        self.group |= dict.fromkeys(change.files, change.group)
        self.arrival = {held: self.arrival.get(held, self.merges) for held in files}

    def a_holder_is_named(self, finding: Finding, hub: Hub) -> None:
        holders = [each for each in hub.posts if finding.message.endswith(f", in {each.path}")]
        assert [holder.is_live for holder in holders] == [True]
        assert holders[0].authors[0] in finding.message
        assert self.group[holders[0].path] in SPELLINGS

    @invariant()
    def one_owner(self) -> None:
        """Of what the site would show, no two are about one thing; without force, everything on main is shown."""
        broken = {finding.path for finding in checks.judge(self.hub(self.main)) if finding.blocks}
        live = [held for held, content in self.main.items() if "withdrawn" not in content]
        shown = [self.group[held] for held in live if held not in broken]
        assert len(set(shown)) == len(shown)
        assert self.was_forced or len(shown) == len(live)

    @invariant()
    def one_claim_a_student(self) -> None:
        authors = [author for author in STUDENTS for content in self.main.values() if is_live_by(author, content)]
        assert self.was_forced or len(set(authors)) == len(authors)


TestClaimDesk = ClaimDesk.TestCase
TestClaimDesk.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
