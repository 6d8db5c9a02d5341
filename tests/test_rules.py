"""Each rule has a repository that offends against it, with the exact findings, and one that does not.

A fixture's file `now` is the moment as of which deadlines are judged. With a file `actor` it is what that login's pull
request makes of the posts in `before/`.
"""

import datetime as dt
import itertools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import trees

from coursehub import checks
from coursehub.checks.rule import Offence, Rule, post_rule
from coursehub.checks.scope import Change
from coursehub.records import hub, repository
from coursehub.records.assignment import Limits
from coursehub.records.course import Course
from coursehub.records.finding import Finding
from coursehub.records.post import Post
from coursehub.site.pages.rules_page import rules_page

FIXTURES = Path(__file__).parent / "fixtures/rules"
BROKEN = FIXTURES.parent / "broken.txt"
RULES = [rule.name for rule in checks.RULES]


def load(fixture: Path, root: Path) -> hub.Hub:
    data = [(f"data/{path.name}", path.read_text(), "") for path in sorted((FIXTURES / "data").iterdir())]
    trees.write(trees.Tree(data, ""), root)
    trees.write(trees.parse(fixture.read_text()), root)
    now = root / "now"
    moment = dt.datetime.fromisoformat(now.read_text().strip()) if now.exists() else None
    return msgspec.structs.replace(repository.load(root), now=moment)


def findings(fixture: Path, root: Path) -> list[Finding]:
    the_hub = load(fixture, root)
    offences = checks.judge(the_hub)
    if (root / "actor").exists():
        offences += checks.judge_change(the_hub, change(fixture, root))
    return sorted(offences)


def change(fixture: Path, root: Path) -> Change:
    files = {name: text for name, text, _ in trees.parse(fixture.read_text()).files if name != "actor"}
    old = {name.removeprefix("before/"): text for name, text in files.items() if name.startswith("before/")}
    new = {name: text for name, text in files.items() if not name.startswith("before/")}
    paths = {path for path in old | new if old.get(path) != new.get(path)}
    posts, _, _ = repository.read_posts(root / "before")
    return Change((root / "actor").read_text().strip(), frozenset(paths), {post.path: post for post in posts})


def written(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    return f"{place} {finding.severity}[{finding.rule}] {finding.message}\n  {finding.help}"


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("*.bad*.txt")), ids=lambda path: path.stem)
def test_offence_is_found_in_these_words(fixture: Path, tmp_path: Path) -> None:
    offences = findings(fixture, tmp_path)
    assert "\n".join(map(written, offences)) == trees.parse(fixture.read_text()).findings
    assert fixture.name.partition(".")[0] in {finding.rule for finding in offences}


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("*.good*.txt")), ids=lambda path: path.stem)
def test_nothing_is_found_where_nothing_is_wrong(fixture: Path, tmp_path: Path) -> None:
    assert list(map(written, findings(fixture, tmp_path))) == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_both_fixtures(rule: str) -> None:
    for kind in ("bad", "good"):
        assert list(FIXTURES.glob(f"{rule}.{kind}*.txt")), f"tests/fixtures/rules/{rule}.{kind}.txt is missing"


def test_every_fixture_is_of_a_rule() -> None:
    assert {path.name.partition(".")[0] for path in FIXTURES.glob("*.txt")} == set(RULES)


def test_all_that_is_wrong_is_found_at_once(tmp_path: Path) -> None:
    assert "\n".join(map(written, findings(BROKEN, tmp_path))) == trees.parse(BROKEN.read_text()).findings


def test_who_came_first_holds_the_claim(tmp_path: Path) -> None:
    the_hub = load(FIXTURES / "claim-taken.bad.txt", tmp_path)
    first, second = "posts/F2026/weightsandbiases.md", "posts/F2026/weights-and-biases.md"
    for arrival in ({first: 0, second: 1}, {first: 0}):
        offences = checks.judge(hub.with_arrival(the_hub, arrival))
        assert [(finding.path, finding.rule) for finding in offences] == [(second, "claim-taken")]
        assert f"by octocat, in {first}" in offences[0].message


def test_of_several_who_claim_the_same_the_first_one_is_named(tmp_path: Path) -> None:
    the_hub = load(FIXTURES / "claim-taken.bad.txt", tmp_path)
    paths = ["posts/F2026/weights-and-biases.md", "posts/F2026/weightsandbiases.md", "posts/F2026/wandb.md"]
    other = msgspec.structs.replace(the_hub.post_by_path[paths[0]], path=paths[2], authors=("mona",))
    the_hub = msgspec.structs.replace(the_hub, posts=(*the_hub.posts, other))
    for first, second, third in itertools.permutations(paths):
        offences = checks.judge(hub.with_arrival(the_hub, {first: 0, second: 1, third: 2}))
        named = {finding.path: finding.message for finding in offences if finding.rule == "claim-taken"}
        assert named.keys() == {second, third}
        assert all(message.endswith(f", in {first}") for message in named.values()), named


COURSE = """\
name: A course with its own severities
staff: []
time_zone: UTC
open_semester: F2026
semesters: [{id: F2026}]
options: [{id: mlops-tool, title: MLOps tool, claims: tool, requirements: []}]
topics: [{id: pipelines, title: Pipelines}, {id: versioning, title: Versioning}]
"""


def test_the_course_says_how_severe_a_rule_is(tmp_path: Path) -> None:
    the_hub = load(FIXTURES / "title-in-text.bad.txt", tmp_path)
    assert {str(finding.severity) for finding in checks.judge(the_hub)} == {"warning"}
    severities = "severities: {title-in-text: error, unknown-value: off, requirement-not-covered: off}\n"
    (tmp_path / "data/course.yaml").write_text(COURSE + severities)
    assert {(finding.rule, str(finding.severity)) for finding in checks.judge(repository.load(tmp_path))} == {
        ("title-in-text", "error"),
        ("unknown-prior-value", "error"),
        ("body-too-short", "error"),
    }


def test_a_post_that_cannot_be_read_is_told_only_why(tmp_path: Path) -> None:
    the_hub = load(FIXTURES / "not-utf-8.bad.txt", tmp_path)
    assert [finding.rule for finding in checks.judge(the_hub)] == ["not-utf-8"] * len(the_hub.posts)


@pytest.mark.parametrize(
    ("name", "place"), [("claim-taken", "posts/F2026/weights-and-biases.md"), ("stray-file", "the repository")]
)
def test_a_bug_in_a_rule_is_never_the_students_fault(
    name: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def buggy(*_: object) -> None:
        raise IndexError("no such item")

    rules = checks.HUB_RULES if name == "stray-file" else checks.POST_RULES
    monkeypatch.setattr(checks, "HUB_RULES" if rules is checks.HUB_RULES else "POST_RULES", [
        rule._replace(judge=buggy) if rule.name == name else rule for rule in rules
    ])  # fmt: skip
    with pytest.raises(checks.BrokenRuleError) as error:
        findings(FIXTURES / "claim-taken.bad.txt", tmp_path)
    assert str(error.value) == f"the rule {name} failed on {place} (IndexError: no such item)"
    assert isinstance(error.value.__cause__, IndexError)


# Where rules are, and what their docstrings have

SOURCE = Path(checks.__file__).parents[1]


def test_a_new_module_of_rules_needs_nothing_registered(tmp_path: Path) -> None:
    shutil.copytree(SOURCE, tmp_path / "coursehub")
    claims = (SOURCE / "checks/rules/claims.py").read_text("utf-8")
    copy = claims.replace('"""Claims: ', '"""Copies: ', 1).replace("\ndef ", "\ndef copy_of_")
    (tmp_path / "coursehub/checks/rules/copies.py").write_text(copy, "utf-8")
    code = "from coursehub import checks; print(*(each.name for each in checks.RULES if each.group == 'Copies'))"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == [f"copy-of-{rule.name}" for rule in checks.RULES if rule.group == "Claims"]


def test_what_readers_of_posts_find_wrong_a_rule_reports() -> None:
    texts = [path.read_text("utf-8") for folder in ("text", "records") for path in (SOURCE / folder).glob("*.py")]
    named = {name for text in texts for name in re.findall(r'(?:Trouble\(|unread\(path, )"([\w-]+)"', text)}
    assert named - {"wrong-data"} <= set(RULES)  # which only data files have
    assert {"duplicate-field", "symbolic-link", "not-utf-8"} < named


SOUND = """A post is short.

It might be longer.

Bad:
    a

Good:
    b"""
OPTIONS = "\n\nOptions:\n    limits.body_words: the least\n    staff: who may"
PROBLEMS = "\n\nKnown problems:\n    It counts\n    too much."
REFERENCES = "\n\nReferences:\n    https://example.org/a\n    https://example.org/b"


def with_docstring(docstring: str, monkeypatch: pytest.MonkeyPatch) -> Rule:
    monkeypatch.setattr("coursehub.checks.rule.POST_RULES", rules := list[Rule]())

    def too_short(post: Post, hub: hub.Hub) -> Iterator[Offence]:
        raise NotImplementedError

    too_short.__doc__ = docstring
    post_rule()(too_short)
    return rules[0]


@pytest.mark.parametrize(
    ("more", "options", "problems", "references"),
    [
        ("", (), "", ()),
        (OPTIONS, (("limits.body_words", "the least"), ("staff", "who may")), "", ()),
        (PROBLEMS, (), "It counts too much.", ()),
        (REFERENCES + PROBLEMS, (), "It counts too much.", ("https://example.org/a", "https://example.org/b")),
    ],
)
def test_a_docstring_may_have_more_sections(
    more: str, options: object, problems: str, references: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = with_docstring(SOUND + more, monkeypatch)
    assert (rule.summary, rule.why, rule.bad, rule.good) == ("A post is short.", "It might be longer.", "a", "b")
    assert (rule.options, rule.known_problems, rule.references) == (options, problems, references)


@pytest.mark.parametrize(
    ("docstring", "message"),
    [
        ("", "the docstring of rule too-short needs a summary, a why, “Bad:” and “Good:”"),
        (SOUND.replace("Bad:", "Worse:"), "the docstring of rule too-short needs a summary, a why, “Bad:” and “Good:”"),
        (SOUND + "\n\nOption:\n    staff: who", "the docstring of rule too-short has an unknown section “Option:”"),
        (
            SOUND + "\n\nOptions:\n    staff",
            "the docstring of rule too-short has the option “staff”, not “setting: what it changes”",
        ),
        (
            SOUND + "\n\nReferences:\n    RFC",
            "the docstring of rule too-short refers to “RFC”, which is no web address",
        ),
    ],
)
def test_a_docstring_that_is_no_entry_stops_at_once(
    docstring: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TypeError) as error:
        with_docstring(docstring, monkeypatch)
    assert str(error.value) == message


def test_options_are_settings_of_the_course() -> None:
    fields = set(Course.__struct_fields__) | {f"limits.{name}" for name in Limits.__struct_fields__}
    assert {setting for rule in checks.RULES for setting, _ in rule.options} <= fields


def test_the_reference_shows_them() -> None:
    page = rules_page()
    entry = page.markdown.partition("### not-a-login")[2].partition("\n### ")[0]
    assert "\nKnown problems: Nobody looks whether there is such an account." in entry
    assert "\nReferences: <https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam>\n" in entry
    entry = page.markdown.partition("### body-too-short")[2].partition("\n### ")[0]
    assert "\nOptions in `data/course.yaml`:\n\n- `limits.body_words`: the least number of words\n" in entry
