"""`coursehub publish` leads from a draft to a published post, and never loses what was written."""

from pathlib import Path

import click
import pytest
import trees
from click.testing import CliRunner, Result

from coursehub.cli import main

DATA = Path(__file__).parent / "fixtures/rules/data"
PATH = "posts/F2026/nannyml.md"
DRAFT = """---
# my claim
title: 'NannyML'
authors: octocat
option: mlops-tool
tool: NannyML
semester: F2026
status: draft  # soon
summary: >-
  An old one,
  in two lines
---

## The problem of late answers

Text.

## An example with ratings
"""
LONG = "word " * 300
ADDRESS = "https://github.com/NannyML/nannyml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    trees.write(trees.Tree([(f"data/{path.name}", path.read_text(), "") for path in DATA.iterdir()], ""), tmp_path)
    write(tmp_path, DRAFT + LONG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(root: Path, text: str, path: str = PATH) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def publish(name: str, *answers: str, day: str = "2026-12-01") -> Result:
    result = CliRunner().invoke(main, ["publish", name, "--date", day], input="".join(f"{each}\n" for each in answers))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_draft_becomes_a_published_post(root: Path) -> None:
    result = publish(
        "nannyml", "Late answers: NannyML", ADDRESS, "", "It says today what we learn next week.", "", "2", "", "y"
    )
    assert result.exit_code == 0, result.output
    assert (root / PATH).read_text() == (
        """---
# my claim
title: "Late answers: NannyML"
authors: octocat
option: mlops-tool
tool: NannyML
semester: F2026
status: published  # soon
tool_url: https://github.com/NannyML/nannyml
date: 2026-12-01
summary: It says today what we learn next week.
covers:
  problem: The problem of late answers
  example: An example with ratings
---
"""
        + (DRAFT + LONG).partition("\n---\n")[2]
    )
    assert CliRunner().invoke(main, ["check"]).exit_code == 0


@pytest.mark.parametrize("name", ["nannyml", "NannyML", "Nanny ML", PATH])
def test_the_post_is_known_by_key_name_and_path(root: Path, name: str) -> None:
    assert publish(name, *[""] * 10).output.startswith(f"{PATH}\n")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (["", "github.com/NannyML/nannyml", ADDRESS], "“github.com/NannyML/nannyml” in “tool_url” is not a link"),
        (["", "", "Dec 4", "2026-12-04"], "“date” is “Dec 4”. It takes a date such as 2026-01-31."),
        (["", "", "2062-12-04", "2026-12-04"], "“2062-12-04” is after"),
        (["", "", "", "x" * 601, ""], "“summary” has 601 characters"),
        (["", "", "", "", "Nowhere", "1"], "“Nowhere”, which covers “problem”, is no heading of this post"),
    ],
)
def test_an_answer_that_the_check_refuses_is_asked_for_again(root: Path, answers: list[str], words: str) -> None:
    result = publish("nannyml", *answers, *[""] * 10)
    assert words in result.output
    assert result.output.count(words) == 1
    assert answers[-2] not in (root / PATH).read_text().splitlines() or not answers[-2]


def test_what_is_missing_keeps_it_a_draft_with_the_answers(root: Path) -> None:
    write(root, DRAFT)
    result = publish("nannyml", "", ADDRESS, *[""] * 10)
    assert result.exit_code == 1
    text = (root / PATH).read_text()
    assert "status: draft  # soon\n" in text
    assert f"tool_url: {ADDRESS}\n" in text
    assert f"{PATH}:" in result.output
    assert "It cannot be published yet, for 1 reason:" in result.output


def test_no_is_a_draft_with_the_answers(root: Path) -> None:
    assert publish("nannyml", "", ADDRESS, "", "", "", "", "", "n").exit_code == 0
    assert "status: draft  # soon\n" in (root / PATH).read_text()
    assert f"tool_url: {ADDRESS}\n" in (root / PATH).read_text()


def test_whoever_stops_leaves_the_file_as_it_was(root: Path) -> None:
    result = publish("nannyml", "Another title")
    assert (result.exit_code, result.stderr) == (2, "coursehub: interrupted. Nothing was written\n")
    assert (root / PATH).read_text() == DRAFT + LONG


def test_what_is_written_meanwhile_in_an_editor_is_not_lost(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def confirm(*_: object, **__: object) -> bool:
        write(root, "mine")
        return True

    monkeypatch.setattr(click, "confirm", confirm)
    result = publish("nannyml", "", ADDRESS, *[""] * 10)
    assert (result.exit_code, (root / PATH).read_text()) == (2, "mine")
    assert "nannyml.md cannot be read or written: it has changed since it was read; run this again" in result.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (DRAFT.replace("status: draft", "status: published"), f"{PATH} is published already"),
        (
            DRAFT.replace("title:", "title"),
            f"the front matter of {PATH} cannot be read; “coursehub check {PATH}” says why",
        ),
        (DRAFT.replace("tool: NannyML", "tool: Kedro"), "there is no claim “Nanny”. Not published yet: nannyml"),
        ("---\n{title: A, tool: NannyML, semester: F2026, status: draft}\n---\n", "“date” in"),
    ],
)
def test_what_can_not_be_published_says_why(root: Path, text: str, words: str) -> None:
    write(root, text)
    result = publish("Nanny" if "Nanny”" in words else PATH, *[""] * 10)
    assert result.exit_code == 2
    assert words in result.output
    assert (root / PATH).read_text() == text
