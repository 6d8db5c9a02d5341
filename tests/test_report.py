"""Findings in each format: golden files, and nothing a student writes can drive a terminal or a workflow."""

import json
from pathlib import Path

import pytest

from coursehub.checks import report
from coursehub.records.finding import Finding, Severity

GOLDEN = Path(__file__).parent / "fixtures/report"
PATH = "posts/F2026/evidently.md"
LINES = {
    1: "---",
    2: "title: on",
    3: f"summary: {'long ' * 30}END {'tail ' * 30}",
    4: "tool: \x1b[31mred\x1b[0m\u202e and\ttab\x00\u2028 here",
    5: "  🦜 naïve “quotes” 学",
    6: "",
}
FINDINGS = [
    Finding(PATH, 1, 1, "missing-field", Severity.ERROR, "the field “authors” is missing", "Add a line “authors: …”."),
    Finding(PATH, 2, 8, "wrong-type", Severity.ERROR, "“title” is on without quotes", 'Put it in quotes: "on".'),
    Finding(PATH, 2, 10, "at-the-end", Severity.NOTICE, "behind the last character", "Still on the line."),
    Finding(PATH, 2, 11, "beyond-the-end", Severity.NOTICE, "no such column", "The line is not shown."),
    Finding(PATH, 3, 160, "overlong-field", Severity.WARNING, "END is far to the right", "Say it shorter."),
    Finding(PATH, 4, 31, "invisible-character", Severity.ERROR,
            "“\x1b]0;title\x07\x1b[2J\u202e\u200b\x9b31m\r\n::error::x” is not a login", "Type it\tagain, without \x1b."),
    Finding(PATH, 5, 11, "wide", Severity.NOTICE, "100%, a:b::c, naïve “学” 🦜", "50%25 or %0A:\nsecond line::warning::no"),
    Finding(PATH, 6, 1, "empty-line", Severity.NOTICE, "an empty line", "It is not shown."),
    Finding(PATH, 99, 1, "no-line", Severity.NOTICE, "no such line", "Nothing is shown."),
    Finding("posts/a,b:c%\x1b\n.md", 1, 1, "stray-file", Severity.ERROR, "this path\u2066 is odd", "Rename it."),
]  # fmt: skip


def source(path: str, line: int) -> str | None:
    return LINES.get(line) if path == PATH else None


def golden(name: str) -> str:
    return (GOLDEN / name).read_bytes().decode()


@pytest.mark.parametrize(("output", "name"), [("text", "text.txt"), ("github", "github.txt")])
def test_findings_are_written_like_this(output: str, name: str) -> None:
    assert report.written(output, FINDINGS, 1234, source, colour=False) == golden(name)


@pytest.mark.parametrize("output", ["text", "github"])
def test_no_control_or_direction_mark_gets_out(output: str) -> None:
    written = report.written(output, FINDINGS, 1, source, colour=False)
    assert [char for char in written if not char.isprintable() and char != "\n"] == []


def test_github_gets_one_command_a_finding() -> None:
    lines = report.as_github(FINDINGS).splitlines()
    assert len(lines) == len(FINDINGS)
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines)


def test_carets_stand_below_the_value() -> None:
    lines = report.as_text(FINDINGS, 1, source, colour=False).splitlines()
    below = {shown[lines[index + 1].index("^") :].split()[0]
             for index, shown in enumerate(lines[:-1]) if lines[index + 1].strip(" |0123456789") == "^"
             and len(shown) > lines[index + 1].index("^")}  # fmt: skip
    assert below == {"---", "on", "END", "here", "quotes”"}  # an emoji before it takes two cells


def test_json_is_this() -> None:
    assert json.loads(report.as_json(FINDINGS, 1234)) == json.loads(golden("report.json"))


def test_json_keeps_its_keys_and_their_order() -> None:
    written = json.loads(report.as_json(FINDINGS[:1], 1))
    assert list(written) == ["findings", "clean", "judged", "version"]
    assert list(written["findings"][0]) == ["path", "line", "column", "rule", "severity", "message", "help"]
    assert written["version"] == 2


@pytest.mark.parametrize(
    ("severities", "clean", "summary"),
    [
        ((), True, "1 post checked: nothing to fix."),
        ((Severity.NOTICE,), True, "1 post checked: 1 notice."),
        ((Severity.WARNING, Severity.WARNING), True, "1 post checked: 2 warnings."),
        ((Severity.NOTICE, Severity.ERROR, Severity.WARNING), False, "1 post checked: 1 error, 1 warning, 1 notice."),
    ],
)
def test_only_errors_block(severities: tuple[Severity, ...], clean: bool, summary: str) -> None:
    findings = [Finding("a.md", 1, 1, "rule", severity, "message", "help") for severity in severities]
    assert json.loads(report.as_json(findings, 1))["clean"] is clean
    assert report.as_text(findings, 1, source, colour=False).splitlines()[-1] == summary
    assert any(finding.blocks for finding in findings) is not clean


def test_a_file_name_that_is_no_text_can_be_printed() -> None:
    odd = [Finding("posts/\udcff.md", 1, 1, "stray-file", Severity.ERROR, "“\udcff”", "\udcff")]
    assert json.loads(report.as_json(odd, 0))["findings"][0]["path"] == "posts/\\udcff.md"
    for output in ("text", "github"):
        assert "posts/\\udcff.md" in report.written(output, odd, 0, source, colour=False).encode().decode()


def test_colour_only_where_asked() -> None:
    first = FINDINGS[:1]
    assert "\x1b" not in "".join(report.written(output, first, 1, source, colour=False) for output in report.FORMATS)
    assert report.as_text(first, 1, source, colour=True) == golden("colour.txt")
    assert report.as_text([], 0, source, colour=True) == "\x1b[32m0 posts checked: nothing to fix.\x1b[0m\n"
    for output in ("github", "json"):
        assert "\x1b" not in report.written(output, first, 1, source, colour=True)
