"""The cost of judging: it grows with the text, whatever field or rule the text is made for.

Counted are the lines that the interpreter runs, which are the same on every machine. The inputs are made from the list of fields,
from what a text's contents have, and from the bad example that each rule has: a new one is here by itself.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import test_rules
import trees

from coursehub import checks
from coursehub.checks import fixes, report
from coursehub.checks.rule import Offence
from coursehub.checks.scope import Change
from coursehub.markdown.contents import Contents
from coursehub.records import edits, repository
from coursehub.records.fields import FIELDS
from coursehub.records.finding import Edit, Finding, Place, safe
from coursehub.records.hub import Hub
from coursehub.records.repository import Stored

pytestmark = pytest.mark.slow

TIMES = 3
PATH = "posts/F2026/zeno.md"
SOUND = {
    "title": "Steps in their order",
    "authors": "octocat",
    "option": "mlops-tool",
    "tool": "Zeno",
    "tool_url": "https://example.org/zeno",
    "semester": "F2026",
    "status": "published",
    "date": "2026-11-02",
    "summary": "A week of steps.",
    "covers": "{problem: What it is, example: How it runs}",
}


def steps(work: Callable[[], object]) -> int:
    """How many lines the interpreter runs for this; the one of a loop counts each time."""
    count = 0

    def trace(_: FrameType, event: str, __: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def judged(hub: Hub, files: dict[str, bytes]) -> list[Finding]:
    """All findings in these files, by a stranger's pull request."""
    after = repository.changed(hub, {path: Stored(len(content), content) for path, content in files.items()})
    posts = [each for each in after.posts if each.path in files]
    before = {path: hub.post_by_path[path] for path in files if path in hub.post_by_path}
    change = checks.judge_change(after, Change("octocat", frozenset(files), before))
    return sorted([*checks.judge_posts(after, posts), *checks.judge_data(after), *change])


def assert_grows_with_the_text(hub: Hub, files: Callable[[int, str], dict[str, bytes]], few: int) -> None:
    """`few`: how often is enough to find every cache full, or every cap reached."""
    judged(hub, files(3, "warm"))  # what is loaded and compiled once
    once, more = files(few, "few"), files(TIMES * few, "many")
    before, after = steps(lambda: judged(hub, once)), steps(lambda: judged(hub, more))
    assert after <= 1.2 * TIMES * before, f"{TIMES} times as much takes {after / before:.1f} times as many steps"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    return test_rules.load(test_rules.FIXTURES / "body-too-short.good.txt", tmp_path_factory.mktemp("hub"))


# What is written of many findings


def test_of_many_findings_of_a_rule_the_first_fifty_are_there_and_how_many_more(hub: Hub) -> None:
    links = [f"no-link-{each}" for each in range(2000)]
    findings = [
        each for each in judged(hub, with_field("evidence", f"[{', '.join(links)}]")) if each.rule == "not-a-link"
    ]
    assert [each.message for each in findings[:-1]] == [f"“{link}” in “evidence” is not a link" for link in links[:50]]
    last = findings[-1]
    assert (last.severity, last.message, last.more) == ("error", "… and 1,950 more like this in this file", 1950)
    assert (last.line, last.column) == (12, len(f"evidence: [{', '.join(links[:50])}, ") + 1)
    assert report.as_text(findings, 1, lambda *_: None, colour=False).endswith("\n1 post checked: 2,000 errors.\n")
    assert sum(line.startswith("::error ") for line in report.as_github(findings).splitlines()) == 51
    assert json.loads(report.as_json(findings, 1))["findings"][-1]["more"] == 1950


def test_fifty_findings_are_all_there(hub: Hub) -> None:
    findings = judged(hub, with_field("evidence", f"[{', '.join(map('no-link-{}'.format, range(50)))}]"))
    assert [each.more for each in findings if each.rule == "not-a-link"] == [0] * 50


def test_the_suggestion_for_what_is_not_listed_is_not_looked_for(hub: Hub) -> None:
    asked: list[int] = []
    rule = next(each for each in checks.RULES if each.name == "unknown-field")

    def judge(*_: object) -> Iterator[Offence]:
        for each in range(1000):
            yield Offence(Place(PATH, each + 1), "it is unknown", lambda each=each: str(asked.append(each)))  # type: ignore[misc]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "HUB_RULES", [rule._replace(judge=judge)])
        findings = list(checks.judge_data(hub))
    assert (asked, findings[-1].more, findings[-1].line) == ([*range(50)], 950, 51)


def test_with_all_fixes_none_of_them_is_left_out(hub: Hub) -> None:
    rule = next(each for each in checks.RULES if each.name == "unknown-field")
    lines = 400

    def judge(*_: object) -> Iterator[Offence]:
        for line in range(1, lines + 1):
            fix = safe("Makes it large.", (Edit(PATH, line, 1, line, 2, "A"),))
            yield Offence(Place(PATH, line), "a letter is small", "Make it large.", fix)
            yield Offence(Place(PATH, line), "the letter is an a", "Nothing helps.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "HUB_RULES", [rule._replace(judge=judge)])
        findings = sorted(checks.judge_data(hub, all_fixes=True))
        shown = list(checks.judge_data(hub))
    edited = [edit for each in fixes.compatible(findings, attrgetter("fix")) for edit in each.fix.edits]
    assert edits.applied(b"a\n" * lines, edited) == b"A\n" * lines
    assert (len(shown), shown[-1].more, findings[-1].more + sum(each.more for each in findings[:-1])) == (51, 750, 375)


# Fields: values of every shape


def in_brackets(value: str) -> Callable[[int, str], str]:
    return lambda count, name: f"[{', '.join(value.format(name, each) for each in range(count))}]"


def in_a_row(part: str) -> Callable[[int, str], str]:
    return lambda count, name: "".join(part.format(name, each) for each in range(count))


SHAPES = {
    "values": in_brackets("{}{}"),
    "alike": in_brackets("{}"),
    "links": in_brackets("https://{}.org/{}"),
    "paths": in_brackets("posts/S2026/{}{}.md"),
    "lists": in_brackets("[{}{}]"),
    "numbers": in_brackets("1{1}"),
    "empty": in_brackets("~"),
    "unseen": in_brackets("{}\u200b{}"),
    "tools": in_brackets("{0} {1} + {0} {1} and {0}"),
    "lines": in_a_row("\n  - {} {}"),
    "names": in_a_row("\n  {0}{1}: {1}"),
    "one word": in_a_row("{}{}"),
    "words": in_a_row("{}{} "),
}


def with_field(field: str, value: str, body: str = "") -> dict[str, bytes]:
    lines = "".join(f"{name}: {text}\n" for name, text in {**SOUND, field: value}.items())
    return {PATH: f"---\n{lines}---\n\n## What it is\n\n## How it runs\n\n{body}".encode()}


@pytest.mark.parametrize("field", [*FIELDS, "unknown"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_field_costs_no_more_than_it_is_long(field: str, shape: str, hub: Hub) -> None:
    assert_grows_with_the_text(hub, lambda count, name: with_field(field, SHAPES[shape](count, name)), few=60)


def test_unknown_fields_cost_no_more_than_they_are_many(hub: Hub) -> None:
    def files(count: int, name: str) -> dict[str, bytes]:
        return with_field("title", "T\n" + "\n".join(f"{name}{each}: x" for each in range(count)))

    assert_grows_with_the_text(hub, files, few=60)


# Contents: each part of a text, many times

PARTS = {
    "headings": "## {} heading {}\n\n",
    "pictures": "![]({}/{}.png)\n\n",
    "sources": '<picture><source srcset="{}-{}.png"></picture>\n\n',
    "links": "[text](#{}-{}) [text](../S2026/{}{}.md) [text](index.md)\n\n## {} {}\n\n",
    "tags": "<blink {}{}>\n\n",
    "formulas": "$\\{}{}{{x}}$\n\n",
    "foreign": "!!! {} {}\n\n",
    "words": "{} {}\n",
    "too_deep": "> {} {}\n> > {}\n\n",
    "unread": "$` {} {}\n\n",
}


@pytest.mark.parametrize("part", Contents.__struct_fields__)
def test_a_part_of_a_text_costs_no_more_than_there_are(part: str, hub: Hub) -> None:
    def files(count: int, name: str) -> dict[str, bytes]:
        return with_field("title", "T", "".join(PARTS[part].format(*(name, each) * 4) for each in range(count)))

    assert_grows_with_the_text(hub, files, few=300)


# Rules: what is wrong in their examples, many times

BAD = sorted(test_rules.FIXTURES.glob("*.bad*.txt"))
MOST_BYTES = 5_000  # of an example; that of a longer one is its length
_CLAIM = re.compile(rb"(?<![^\r\n])tool(?:_url)?: [^\r\n]*")  # each file has one of its own
_PLACE = re.compile(r"^(posts/[^:]+):(\d+):", re.MULTILINE)


def places(fixture: Path) -> Iterator[tuple[str, int]]:
    for path, line in dict.fromkeys(_PLACE.findall(trees.parse(fixture.read_text()).findings)):
        yield path, int(line)


def content(root: Path, path: str) -> bytes:
    file = root / path
    return file.read_bytes() if file.is_file() and not file.is_symlink() and file.stat().st_size < MOST_BYTES else b""


@pytest.mark.parametrize("fixture", BAD, ids=lambda path: path.stem)
def test_an_offence_costs_no_more_than_it_is_often_in_a_file(fixture: Path, tmp_path: Path) -> None:
    the_hub = test_rules.load(fixture, tmp_path)
    for path, line in places(fixture):
        lines = content(tmp_path, path).splitlines(keepends=True)

        def files(
            count: int, _: str, path: str = path, line: int = line, lines: list[bytes] = lines
        ) -> dict[str, bytes]:
            again = lines[line - 1 : line] * count
            return {path: b"".join((*lines[: line - 1], *again, *lines[line:]))}

        assert_grows_with_the_text(the_hub, files, few=60)


@pytest.mark.parametrize("fixture", BAD, ids=lambda path: path.stem)
def test_an_offence_costs_no_more_than_it_is_in_many_files(fixture: Path, tmp_path: Path) -> None:
    the_hub = test_rules.load(fixture, tmp_path)
    for path in dict.fromkeys(path for path, _ in places(fixture)):
        folder, _, end = path.rpartition("/")
        whole = content(tmp_path, path)

        def files(
            count: int, name: str, whole: bytes = whole, end: str = end, folder: str = folder
        ) -> dict[str, bytes]:
            names = [f"{name}{each * 2654435761:x}" for each in range(1, count + 1)]  # none a slip for another
            return {f"{folder}/{each}-{end}": _CLAIM.sub(f"tool: {each}".encode(), whole) for each in names}

        assert_grows_with_the_text(the_hub, files, few=10)
