"""Fixes: each fixture is a small repository as it is, and below `after/` as the safe fixes make it.

Below `after-unsafe/` is what all fixes make of it, where that is something else. `=== findings` has what is left after
those, and what was not fixed because it would have brought a new error.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import needs
import pytest
import trees
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import picture
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
from coursehub.records.repository import Stored

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
    moved = {path: before[origin] for path, origin in draft.hub.origins.items()}
    stay = {path: content for path, content in before.items() if path not in draft.hub.origins.values()}
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
            rest = [f"{each.path}:{each.line} {each.rule}" for each in judge_of()(done.draft)]
            refused = [f"not {each.finding.rule}: {each.error and each.error.message}" for each in done.refused]
            assert "\n".join((*rest, *refused)) == tree.findings


def load_before(fixture: Path, root: Path) -> hub.Hub:
    tree = trees.parse(fixture.read_text())
    data = [(f"data/{path.name}", path.read_text(), "") for path in sorted((RULES / "data").iterdir())]
    trees.write(trees.Tree([*data, *(each for each in tree.files if not each[0].startswith("after"))], ""), root)
    return repository.load(root)


# --- what holds for all fixes

BAD = sorted(RULES.glob("*.bad*.txt"))


def text_below(content: bytes) -> str:
    return read("posts/F2026/x.md", content).body


class Bad(NamedTuple):
    draft: Draft
    judge: Judge
    findings: list[Finding]


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Bad]:
    """A function that gives what a bad fixture is, read once."""

    @cache
    def given(fixture: Path) -> Bad:
        root = tmp_path_factory.mktemp(fixture.stem)
        draft = Draft(load(fixture, root) if fixture in BAD else load_before(fixture, root))
        judge = judge_of(fixture, root)
        return Bad(draft, judge, judge(draft))

    return given


@pytest.mark.parametrize("is_unsafe", [False, True])
@pytest.mark.parametrize("fixture", BAD, ids=lambda path: path.stem)
def test_what_is_bad_gets_better(fixture: Path, is_unsafe: bool, bad: Callable[[Path], Bad]) -> None:
    start, judge, before = bad(fixture)
    if not any(each.fix.is_safe or is_unsafe for each in before if each.fix):
        return  # to people
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


def test_the_reference_names_each_rule_that_has_a_fix(bad: Callable[[Path], Bad]) -> None:
    """And no other: of each, a bad fixture shows it."""
    fixtures = (*BAD, *FIXTURES.glob("*.txt"))
    fixable = {each.rule for fixture in fixtures for each in bad(fixture).findings if each.fix}
    assert fixable == {rule.name for rule in checks.RULES if rule.fix}


# --- posts that nobody wrote

LINES = {
    "title": ["title: Watching", "titel: 'Watching'", "title: Watching: a week # why", "title: on", "TITLE: *Watching*", "title:"],
    "authors": ["authors: octocat", "author: '@octocat'", "authors: [@hubot, mona]", "authors:\n  - https://github.com/mona/ # me"],
    "option": ["option: mlops-tool", "option: MLOps Tool", "option: [mlops-tool]", "optoin: mlops-tool"],
    "tool": ["tool: Evidently", "tool: [Evidently, Kedro]", "Tool: Evidently", "tool: 1.10", "tool: Airflo", "tool:\tEvidently"],
    "semester": ["semester: F2026", "semester: Fall 2026", "semester: f2026", "semester: 2026", "semester: F2026\nsemester: F2026"],
    "status": ["status: claimed", "status: published", "status: publshed", "status: 'draft'", "status: done", "layout: post"],
    "date": ["date: 2026-11-02", "date: Nov 2, 2026 # a Monday", "date: 2/11/2026", "date: [2026-11-02]", "date: 2026-11-2"],
    "summary": ["summary: A week", "description: A\u200b week", "summary: |\n  A week\n  of it", "summary: A week: drift", "summary: A\u2028week"],
    "tool_url": ["tool_url: example.org/evidently", "tool_url: [htps://example.org/a, 'https://example.org/b']", "tool_url:"],
    "topics": ["topics: [Pipelines, pipelines]", "tags:\n- pipelines\n- music", "topics: []", "categories: versionin"],
    "covers": ["covers: {problm: A week, example: Results}", "covers:\n  problem: A weak\n  problem: A weak", "covers: A week"],
    "aliases": ["aliases: F2026/a", "aliases: [posts/S2026/a.md, posts/S2026/a.md]", "aliases:\n  - posts/F2026/x.md\n"],
}  # fmt: skip
TEXTS = [
    "# A week", "## A week {#week}", "Results\n===", "Results\n-------", "> # Quoted", "<h1>A week</h1>", "###### Deep", "",
    "Words " * 40, "![a](x.png) ![b](evidently/X.PNG) ![c](<x/x.png>)", "[a](#A-Week) [b](KEDRO.md) [c](evidently.md#a-weak)",
    "!!! note \"Mind\"\n    One.\n\n        two", "!!! note\nOne.", "::: tip\nOne.\n:::", "??? q\n    One.", "> [!TIP] Title\n> One.",
    "```{.python}\n# One\n```", "    # code\n\n\tcode", "---", "- # One\n  - ## Two", "$x$ é \U0001f600 <b>", "{: .lead }",
]  # fmt: skip
KEDRO = """---
title: Kedro
authors: hubot
option: mlops-tool
tool: Kedro
tool_url: https://example.org/kedro
semester: F2026
status: published
date: 2026-11-02
summary: A week
external_url: https://example.org/post
---
"""
FRONTS = st.fixed_dictionaries({name: st.sampled_from(["", *lines]) for name, lines in LINES.items()}).flatmap(
    lambda fields: st.permutations([line for line in fields.values() if line])
)


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> hub.Hub:
    """A hub with a post of somebody else, and pictures."""
    root = tmp_path_factory.mktemp("hub")
    pictures = [(f"posts/F2026/{name} (png 4x3)", "", "") for name in ("x/x.png", "evidently/x.png")]
    text = "".join(f"=== {name}\n{content}" for name, content, _ in (("posts/F2026/kedro.md", KEDRO, ""), *pictures))
    fixture = root / "fixture.txt"
    fixture.write_text(text)
    return load_before(fixture, root)


@settings(max_examples=25)
@given(
    st.sampled_from(["x", "evidently"]), FRONTS, st.lists(st.sampled_from(TEXTS), max_size=6), st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]), st.booleans(),
)  # fmt: skip
def test_any_post_gets_better_and_then_stays(
    around: hub.Hub, name: str, front: list[str], text: list[str], newline: str, mark: str, is_unsafe: bool
) -> None:
    lines = "".join(f"{line}\n" for line in front)
    body = "\n\n".join(text)
    content = (mark + f"---\n# first\n{lines}# last\n---\n\n{body}".replace("\n", newline)).encode()
    path, judge = f"posts/F2026/{name}.md", judge_of()
    start = Draft(repository_with(around, path, content), originals={path: content})
    done = repaired(start, judge, is_unsafe=is_unsafe)
    before, after = judge(start), judge(done.draft)
    was_read = start.hub.post_by_path[path].front is not None
    if was_read:
        assert sum(each.blocks for each in after) <= sum(each.blocks for each in before)
        assert len(after) <= len(before)
    assert [each.finding.rule for each in done.refused if each.error is None] == []
    again = repaired(done.draft, judge, is_unsafe=is_unsafe)
    assert (again.fixed, again.draft.contents) == ((), done.draft.contents)
    (now,) = (content for each, content in done.draft.contents.items() if done.draft.origin(each) == path)
    assert (b"# first" in now, b"# last" in now) == (True, True)
    if not OF_THE_TEXT & {rule for _, rule in done.fixed}:
        assert text_below(now) == text_below(content)
    if "windows-line-endings" in {rule for _, rule in done.fixed}:
        assert b"\r" not in now


def repository_with(around: hub.Hub, path: str, content: bytes) -> hub.Hub:
    changed = repository.changed(around, {path: Stored(len(content), content)})
    return msgspec.structs.replace(changed, root=around.root)


# --- the command

POST = """---
title: Watching a recommender # a comment
author: octocat
option: mlops-tool
tool: Evidently
semester: Fall 2026
status: draft
{more}---

![Drift](my-post/drift.png)
"""
FIXED = POST.replace("author:", "authors:").replace("Fall 2026", "F2026").format(more="").encode()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one post, whose file is named wrongly, and its picture."""
    (tmp_path / "data").mkdir()
    for path in (RULES / "data").iterdir():
        (tmp_path / "data" / path.name).write_bytes(path.read_bytes())
    write(tmp_path, "my-post", POST.format(more=""))
    (tmp_path / "posts/F2026/my-post").mkdir()
    (tmp_path / "posts/F2026/my-post/drift.png").write_bytes(PNG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


PNG = picture("png 4x3")


def write(root: Path, name: str, text: str) -> Path:
    file = root / f"posts/F2026/{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def check(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["check", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@needs.MODES
def test_a_post_is_fixed_and_moves_with_its_picture(root: Path) -> None:
    (root / "posts/F2026/my-post.md").chmod(0o666)  # which the user's mask gives to no new file
    result = check("--fix")
    assert (result.exit_code, result.stdout) == (0, "1 post checked: nothing to fix.\n")
    assert result.stderr == (
        "posts/F2026/my-post.md: moved to posts/F2026/evidently.md\n"
        "posts/F2026/my-post/drift.png: moved to posts/F2026/evidently/drift.png\n"
        "posts/F2026/evidently.md: fixed (unknown-field, unknown-value, misplaced-post)\n"
    )
    assert files(root / "posts") == {
        "F2026/evidently.md": FIXED.replace(b"(my-post/", b"(evidently/"),
        "F2026/evidently/drift.png": PNG,
    }
    assert not (root / "posts/F2026/my-post").exists()
    assert (root / "posts/F2026/evidently.md").stat().st_mode & 0o777 == 0o666
    again = check("--fix")
    assert (again.stdout, again.stderr) == ("1 post checked: nothing to fix.\n", "")


def test_a_diff_is_what_git_applies_and_nothing_is_written(root: Path) -> None:
    before = files(root)
    result = check("--diff")
    assert (result.exit_code, result.stderr, files(root)) == (1, "", before)
    git_apply(result.stdout_bytes)
    assert files(root / "posts")["F2026/evidently.md"] == FIXED.replace(b"(my-post/", b"(evidently/")
    assert files(root / "posts")["F2026/evidently/drift.png"] == PNG
    clean = check("--diff")
    assert (clean.exit_code, clean.output) == (0, "")


def git_apply(diff: bytes) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "apply"], input=diff, check=True)


ODD_ENDS = "\ufeff" + POST.format(more="").replace("\n", "\r\n").rstrip() + "\x0b\u2028x"


@needs.RAW_NAMES
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("my-post", ODD_ENDS),
        *((name, POST.format(more="")) for name in ("my\tpost é", 'my "post"', os.fsdecode(b"my\xffpost"))),
    ],
)
def test_the_diff_of_an_odd_file_is_what_git_applies(root: Path, name: str, text: str) -> None:
    (root / "posts/F2026/my-post.md").rename(root / f"posts/F2026/{name}.md").write_bytes(text.encode())
    shutil.copytree(root, root / "copy")
    diff = check("--diff").stdout_bytes
    check("--fix", "posts")
    os.chdir(root / "copy")
    git_apply(diff)
    assert files(root / "copy/posts") == files(root / "posts")
    assert (root / "posts/F2026/evidently.md").exists()


@pytest.mark.parametrize("path", ["posts/F2026/my-post.md", "posts/F2026", "posts/F2026/my-post"])
def test_a_post_that_a_fix_moves_is_judged_where_it_is_then(root: Path, path: str) -> None:
    result = check("--fix", path)
    assert "posts/F2026/my-post.md: moved to posts/F2026/evidently.md\n" in result.stderr
    assert result.stdout.splitlines()[-1].startswith("1 post checked: ")
    assert (root / "posts/F2026/evidently.md").exists()


def test_what_a_person_has_to_look_at_needs_another_word(root: Path) -> None:
    check("--fix")
    file = root / "posts/F2026/evidently.md"
    file.write_text(file.read_text().replace("authors: octocat\n", ""))
    content = file.read_text()
    assert (check("--fix").stderr, file.read_text()) == ("", content)
    assert check("--unsafe-fixes").stderr == "posts/F2026/evidently.md: fixed (missing-field)\n"
    assert "status: draft\nauthors: # a GitHub login, or a list of logins\n---\n" in file.read_text()
    again = check("--unsafe-fixes")
    assert again.stderr == ""
    assert "error[missing-field] the field “authors” is empty; every post has it" in again.stdout


def test_a_fix_that_brings_an_error_is_not_applied(root: Path) -> None:
    """The post of hubot is held against it, too, although only the other one is to be fixed."""
    write(root, "evidently", FIXED.decode().replace("octocat", "hubot").replace("my-post", "evidently"))
    (root / "posts/F2026/evidently").mkdir()
    (root / "posts/F2026/evidently/drift.png").write_bytes(PNG)
    result = check("--fix", "posts/F2026/my-post.md")
    assert result.stderr == (
        "posts/F2026/my-post.md: fixed (unknown-field)\n"
        "posts/F2026/my-post.md:6: not fixed (unknown-value): then there would be a new error: “Evidently” is already "
        "claimed in F2026 by hubot, in posts/F2026/evidently.md (claim-taken)\n"
    )
    assert "authors: octocat\n" in (root / "posts/F2026/my-post.md").read_text()
    assert "semester: Fall 2026\n" in (root / "posts/F2026/my-post.md").read_text()


def counted(judge: Judge, calls: list[Draft]) -> Judge:
    """The judge, who notes each draft that is judged."""

    def judged(draft: Draft) -> list[Finding]:
        calls.append(draft)
        return judge(draft)

    return judged


def test_of_many_that_want_the_same_not_each_is_tried_alone(root: Path) -> None:
    text = POST.format(more="").replace("author:", "authors:")
    for number in range(20):
        write(root, "my-post" if not number else f"post-{number}", text.replace("octocat", f"mona-{number}"))
    calls: list[Draft] = []
    done = repaired(Draft(repository.load(root)), counted(judge_of(), calls))
    assert {refusal.finding.rule for refusal in done.refused} == {"unknown-value"}
    assert len(calls) < 30


def test_posts_whose_fixes_bring_errors_are_searched_at_once(root: Path) -> None:
    text = (
        FIXED.decode().replace("Evidently", "{name}").replace("octocat", "{name}").replace("my-post/drift.png", "a.png")
    )
    text = text.replace("status: draft", "status: published").partition("![")[0]
    for number in range(20):
        name = f"x{number}y{number}z"
        write(root, name, f"{text.format(name=name)}# A\n\n# B\n\n!!! note\n\n    [a](nowhere.md)\n\n[b](#C)\n\n## C\n")
    calls: list[Draft] = []
    done = repaired(Draft(repository.load(root)), counted(judge_of(), calls))
    refused = [(refusal.finding.rule, refusal.error and refusal.error.rule) for refusal in done.refused]
    assert refused == [("foreign-markdown", "broken-link")] * 20
    assert {
        b"## A\n\n## B\n\n!!! note\n\n    [a]" in text for text in done.draft.contents.values() if b"!!!" in text
    } == {True}
    assert len(calls) < 20  # judgements of all posts


def test_only_what_is_asked_for_is_fixed(root: Path) -> None:
    other = write(root, "kedro", POST.format(more="").replace("Evidently", "Kedro").replace("octocat", "hubot"))
    content = other.read_text()
    check("--fix", "posts/F2026/my-post.md")
    assert (root / "posts/F2026/evidently.md").exists()
    assert other.read_text() == content


MEANWHILE = {
    "a file comes where the post goes": ("posts/F2026/evidently.md", "evidently.md is there already"),
    "one comes where its picture goes": ("posts/F2026/evidently/drift.png", "drift.png is there already"),
    "the post changes": ("posts/F2026/my-post.md", "it has changed since it was read; run this again"),
}


@pytest.mark.parametrize("is_after_reading", [True, False])
@pytest.mark.parametrize(("path", "message"), MEANWHILE.values(), ids=MEANWHILE)
def test_what_happens_while_fixes_are_worked_out_is_not_lost(
    root: Path, monkeypatch: pytest.MonkeyPatch, path: str, message: str, is_after_reading: bool
) -> None:
    """Neither is half of a fix applied: the post stays where its picture is."""
    original, before = fixes.repair, files(root)

    def mine() -> None:
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text("mine\n")

    def slow(*arguments: Any) -> Repair:
        if is_after_reading:
            done = original(*arguments)
            mine()
            return done
        mine()
        return original(*arguments)

    monkeypatch.setattr(fixes, "repair", slow)
    result = check("--fix")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert files(root) == {**before, path: b"mine\n"}


def test_strangers_text_is_harmless_on_a_terminal(root: Path) -> None:
    write(root, "my-post", POST.format(more="").replace("author:", '"\\e[31mauthor\\e[0m": x\nauthor:'))
    assert "\x1b" not in check("--unsafe-fixes").output
