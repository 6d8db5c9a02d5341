"""Editors know the front matter by its JSON Schema, and findings by the task that VS Code has for them."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import test_rules
import trees
import yaml

from coursehub.records import course
from coursehub.site import front_matter_schema

COURSE = (test_rules.FIXTURES / course.PATH).read_text()

# Fields that the schema refuses in the rules' bad fixtures, beside those of “required” and of unknown names ("").
REFUSED = {
    "unknown-field": [""],
    "missing-field": [""],
    "wrong-type": ["title", "authors", "option", "tool", "tool_url", "semester", "status", "topics", "format",
                   "external_url", "private", "covers", "evidence", "distinct_from"],
    "unknown-value": ["option", "semester", "status", "topics", "format", "covers"],
    "overlong-field": ["title", "tool", "summary"],
    "not-a-login": ["authors"],
    "not-a-link": ["tool_url", "external_url", "evidence"],
}  # fmt: skip


class Loader(yaml.CSafeLoader):
    """Dates and “=” stay text, as in YAML 1.2, by which editors read."""


Loader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] not in ("timestamp", "value")]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def front_matters(fixture: Path) -> Iterator[Any]:
    for path, text, how in trees.parse(fixture.read_text()).files:
        if path.startswith("posts/") and path.endswith(".md") and text.startswith("---\n") and not how:
            yield yaml.load(re.split(r"^-{3,} *$", text, flags=re.MULTILINE)[1], Loader)


@cache  # of few courses
def validator(course_file: str) -> jsonschema.Draft7Validator:
    the_course, troubles = course.read(course_file)
    assert the_course and not troubles
    schema = json.loads(front_matter_schema.asset(the_course).content)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def refused(fixture: Path) -> list[str]:
    own = {path: text for path, text, _ in trees.parse(fixture.read_text()).files}
    known = validator(own.get(course.PATH, COURSE))
    errors = [error for each in front_matters(fixture) for error in known.iter_errors(each)]
    return list(dict.fromkeys(str(error.absolute_path[0]) if error.absolute_path else "" for error in errors))


GOOD = sorted(test_rules.FIXTURES.glob("*.good*.txt"))


@pytest.mark.parametrize("fixture", GOOD, ids=lambda path: path.stem)
def test_what_the_check_takes_the_schema_takes(fixture: Path) -> None:
    assert refused(fixture) == []


@pytest.mark.parametrize("rule", REFUSED)
def test_what_the_schema_can_see_it_refuses(rule: str) -> None:
    assert refused(test_rules.FIXTURES / f"{rule}.bad.txt") == REFUSED[rule]


TASKS = Path(__file__).parents[1] / ".vscode/tasks.json"
REPORT = """posts/F2026/evidently.md:2:8: error[wrong-type] “title” is on without quotes
  2 | title: on
    |        ^
  help: Put it in quotes: "on".
posts/F2026/a:b.md:99:1: notice[no-line] no such line: none
  help: Nothing is shown.

1 post checked: 1 error, 1 notice.
"""


def test_vs_code_finds_each_finding_of_the_report() -> None:
    pattern = json.loads(TASKS.read_text())["tasks"][0]["problemMatcher"]["pattern"][0]
    matches = filter(None, (re.search(pattern["regexp"], line) for line in REPORT.splitlines()))
    parts = ("file", "line", "column", "severity", "code", "message")
    assert [[match[pattern[part]] for part in parts] for match in matches] == [
        ["posts/F2026/evidently.md", "2", "8", "error", "wrong-type", "“title” is on without quotes"],
        ["posts/F2026/a:b.md", "99", "1", "notice", "no-line", "no such line: none"],
    ]
