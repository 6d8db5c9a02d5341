"""The summary of a workflow's job: all findings, what blocks first, and nothing of a stranger's Markdown."""

import re
from pathlib import Path

import cmarkgfm
import msgspec
import pytest
import trees
from click.testing import CliRunner, Result
from course import claim
from repositories import Repository

from coursehub.cli import job_summary, main
from coursehub.records.finding import Finding, Severity

EVIL = (
    "</li>**x** [l](https://evil.example) @team #1 <img src=x> | `y` ![p](https://evil.example/p.png)\n\n# Z ::error::x"
)


def finding(number: int, severity: Severity = Severity.ERROR, text: str = "x") -> Finding:
    return Finding(f"posts/F2026/{text}.md", number, 1, "a-rule", severity, f"message {number} {text}", f"help {text}")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with 15 warnings, then 15 errors, by the names of their files."""
    repository = Repository(tmp_path / "hub")
    trees.write(trees.parse((Path(__file__).parent / "fixtures/cli/hub.txt").read_text()), repository.root)
    for number in range(15):
        text = claim(f"user{number}", f"Zork{chr(97 + number) * 9}")
        repository.write(f"posts/F2026/zork{chr(97 + number) * 9}.md", text.replace("\n", "\r\n"))
        bad = text.replace("claimed", "claimd").replace("Zork", "Zyx").replace("authors: ", "authors: y")
        repository.write(f"posts/F2026/zyx{chr(97 + number) * 9}.md", bad)
    repository.commit()
    monkeypatch.chdir(repository.root)
    return repository.root


def check(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], env=environment)


def test_errors_come_first_and_all_are_in_the_summary(root: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("## What another step wrote\n")
    lines = check("--format", "github", GITHUB_STEP_SUMMARY=str(summary)).stdout.splitlines()
    kinds = [line.split()[0] for line in lines]
    assert kinds == ["::error"] * 15 + ["::warning"] * 15  # GitHub shows the first ten of each
    shown = cmarkgfm.github_flavored_markdown_to_html(summary.read_text())
    assert re.findall("<h2>(.*?)</h2>", shown) == [
        "What another step wrote", "What the check says: 15 errors and 15 warnings"
    ]  # fmt: skip
    items = re.findall("<li><strong>(\\w+)</strong> in <code>(.*?)</code>, line (\\d+): ", shown)
    places = [re.search(r"file=(.*?),line=(\d+)", line) for line in lines]
    assert [item[1:] for item in items] == [match.groups() for match in places if match]
    assert [item[0] for item in items] == ["error"] * 15 + ["warning"] * 15


def test_only_annotations_have_a_summary(root: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    for form in ("text", "json"):
        check("--format", form, GITHUB_STEP_SUMMARY=str(summary))
    check(
        "posts/F2026/dvc.md", "--format", "github", GITHUB_STEP_SUMMARY=str(summary)
    )  # of which nothing is to be said
    assert not summary.exists()


def test_a_summary_that_can_not_be_written_is_said(root: Path, tmp_path: Path) -> None:
    result = check("--format", "github", "--summary", str(tmp_path / "none/summary.md"))
    assert (result.exit_code, result.stdout.count("::error")) == (2, 15)
    assert "none/summary.md cannot be written: No such file or directory" in result.stderr


def test_strangers_text_is_shown_as_it_is() -> None:
    shown = cmarkgfm.github_flavored_markdown_to_html(job_summary.as_markdown([finding(1, text=EVIL)]))
    assert set(re.findall(r"<(\w+)", shown)) == {"h2", "ul", "li", "p", "pre", "strong", "code"}
    assert "evil.example" in shown


def test_lines_to_paste_are_code_in_the_item_of_their_finding() -> None:
    one = msgspec.structs.replace(finding(1), help="Add these:\ntitle: # a *text*\ntool: `x`")
    shown = cmarkgfm.github_flavored_markdown_to_html(job_summary.as_markdown([one, finding(2)]))
    assert "<pre><code>title: # a *text*\ntool: `x`\n</code></pre>\n</li>\n<li>" in shown
    assert shown.count("<ul>") == 1


def test_a_summary_too_long_for_github_says_how_many_are_left_out() -> None:
    findings = [finding(number, text="ü" * 390) for number in range(2_000)]
    summary = job_summary.as_markdown(findings)
    assert len(summary.encode()) < 1024 * 1024
    (more,) = re.findall(r"- … and ([\d,]+) findings more", summary)
    assert summary.count("- **error**") + int(more.replace(",", "")) == 2_000
