"""Fixes: each fixture is a small repository as it is, and below `after/` as the safe fixes make it.

Below `after-unsafe/` is what all fixes make of it, where that is something else. `=== findings` has what is left after
those, and what was not fixed because it would have brought a new error.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import trees
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from test_rules import FIXTURES as RULES
from test_rules import change, load

from coursehub import checks
from coursehub.checks import fixes
from coursehub.checks.draft import Draft
from coursehub.checks.fixes import Repair
from coursehub.cli import main
from coursehub.records import hub, repository
from coursehub.records.finding import Finding
from coursehub.records.post import read

FIXTURES = Path(__file__).parent / "fixtures/fixes"
# The rules whose fixes change the text below the front matter, as their entries in the reference say.
OF_THE_TEXT = {
    "broken-anchor", "broken-link", "foreign-markdown", "hidden-file", "inexact-address", "misplaced-post",
    "missing-picture", "name-refused", "outdated-link", "title-in-text",
}  # fmt: skip
Judge = Callable[[Draft], list[Finding]]


def judge_of(fixture: Path | None = None, root: Path | None = None) -> Judge:
    the_change = change(fixture, root) if fixture and root and (root / "actor").exists() else None

    def judge(draft: Draft) -> list[Finding]:
        findings = [
            *checks.judge_posts(draft.hub, draft.hub.posts, all_fixes=True),
            *checks.judge_data(draft.hub, all_fixes=True),
        ]
        if the_change:
            findings += checks.judge_change(draft.hub, the_change, all_fixes=True)
        return sorted(findings)

    return judge


def repaired(draft: Draft, judge: Judge, *, is_unsafe: bool = False) -> Repair:
    return fixes.repair(draft, judge, lambda _, finding: is_unsafe or finding.fix.is_safe)


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def of_draft(draft: Draft, root: Path) -> dict[str, bytes]:
    before = {f"posts/{path}": content for path, content in files(root / "posts").items()}
    moved = {path: before[origin] for path, origin in draft.origins.items()}
    stay = {path: content for path, content in before.items() if path not in draft.origins.values()}
    return {**stay, **moved, **draft.contents}


def expected(fixture: Path, prefix: str, root: Path) -> dict[str, bytes]:
    """The files below a folder of a fixture; of pictures, the fixture has them all where they are in the end."""
    tree = trees.parse(fixture.read_text())
    named = [(name.removeprefix(prefix), text, how) for name, text, how in tree.files if name.startswith(prefix)]
    trees.write(trees.Tree(named, ""), root / prefix)
    return files(root / prefix)


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("*.txt")), ids=lambda path: path.stem)
def test_fixes_make_this_of_it(fixture: Path, tmp_path: Path) -> None:
    tree = trees.parse(fixture.read_text())
    the_hub = load_before(fixture, tmp_path)
    safe = expected(fixture, "after/", tmp_path)
    every = expected(fixture, "after-unsafe/", tmp_path) or safe
    for is_unsafe, wanted in ((False, safe), (True, every)):
        done = repaired(Draft(the_hub), judge_of(), is_unsafe=is_unsafe)
        assert of_draft(done.draft, tmp_path) == wanted
        if is_unsafe:
            left = [f"{each.path}:{each.line} {each.rule}" for each in judge_of()(done.draft)]
            refused = [f"not {each.finding.rule}: {each.error and each.error.message}" for each in done.refused]
            assert "\n".join((*left, *refused)) == tree.findings


def load_before(fixture: Path, root: Path) -> hub.Hub:
    tree = trees.parse(fixture.read_text())
    data = [(f"data/{path.name}", path.read_text(), "") for path in sorted((RULES / "data").iterdir())]
    trees.write(trees.Tree([*data, *(each for each in tree.files if not each[0].startswith("after"))], ""), root)
    return repository.load(root)


# --- what holds for all fixes

BAD = sorted(RULES.glob("*.bad*.txt"))


def text_below(content: bytes) -> str:
    return read("posts/F2026/x.md", content).body


@pytest.mark.parametrize("is_unsafe", [False, True])
@pytest.mark.parametrize("fixture", BAD, ids=lambda path: path.stem)
def test_what_is_bad_gets_better(fixture: Path, is_unsafe: bool, tmp_path: Path) -> None:
    start, judge = Draft(load(fixture, tmp_path)), judge_of(fixture, tmp_path)
    before = judge(start)
    done = repaired(start, judge, is_unsafe=is_unsafe)
    after = judge(done.draft)
    answered = {rule for _, rule in done.fixed} - {"missing-field"}  # of which a field that one has to fill in stays
    assert sum(each.count for each in after) <= sum(each.count for each in before) - bool(answered)
    assert [each.finding.rule for each in done.refused if each.error is None] == []
    again = repaired(done.draft, judge, is_unsafe=is_unsafe)
    assert (again.fixed, again.draft) == ((), done.draft)
    if not OF_THE_TEXT & {rule for _, rule in done.fixed}:
        changed = [(done.draft.before(path), content) for path, content in done.draft.contents.items()]
        assert [text_below(old) for old, _ in changed if old[:3] == b"---"] == [
            text_below(new) for old, new in changed if old[:3] == b"---"
        ]


def test_the_reference_names_each_rule_that_has_a_fix(tmp_path: Path) -> None:
    """And no other: of each, a bad fixture shows it."""
    fixable: set[str] = set()
    for number, fixture in enumerate((*BAD, *sorted(FIXTURES.glob("*.txt")))):
        root = tmp_path / str(number)
        start = Draft(load(fixture, root) if fixture in BAD else load_before(fixture, root))
        fixable |= {each.rule for each in judge_of(fixture, root)(start) if each.fix}
    assert fixable == {rule.name for rule in checks.RULES if rule.fix}
