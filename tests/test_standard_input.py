"""`coursehub check -` as an editor calls it: the text that is not saved yet, judged as if it were the file."""

import os
import subprocess
import sys
from pathlib import Path

import needs
import pytest
import test_rules
import trees
from click.testing import CliRunner, Result
from course import claim
from repositories import ENVIRONMENT, Repository

from coursehub.cli import main
from coursehub.records.paths import is_post

KEDRO = "posts/F2026/kedro.md"
SLIP = """---
title: Kedro
author: hubot
option: mlops-tool
tool: Kedro
semester: F2026
status: claimed
---
"""


def check(content: str | bytes, *arguments: str, path: str = KEDRO) -> Result:
    result = CliRunner().invoke(main, ["check", "-", "--stdin-filename", path, *arguments], input=content)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def contents(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}


def test_a_new_post_is_judged_at_its_lines_and_nothing_is_written(root: Path) -> None:
    before = contents(root)
    result = check(SLIP)
    assert result.exit_code == 1
    assert result.stdout == (
        "posts/F2026/kedro.md:3:1: error[unknown-field] “author” is not a field of a post\n"
        "  3 | author: hubot\n"
        "    | ^\n"
        "  help: Call it “authors” (a GitHub login, or a list of logins).\n"
        "  fix: Calls it “authors”. (--fix)\n\n"
        "1 post checked: 1 error. --fix answers 1.\n"
    )
    assert contents(root) == before
    sound = check(SLIP.replace("author:", "authors:"))
    assert (sound.exit_code, sound.stdout) == (0, "1 post checked: nothing to fix.\n")


# A post alone, against others, against data, against its file's name and bytes.
ALIKE = [
    "alias-taken", "claim-taken", "duplicate-field", "file-too-large", "misplaced-post", "picture-too-large",
    "not-utf-8", "second-live-claim", "several-titles", "unsafe-html", "windows-line-endings",
]  # fmt: skip


@pytest.mark.parametrize("rule", ALIKE)
def test_a_text_has_the_findings_of_its_file(rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixture = test_rules.FIXTURES / f"{rule}.bad.txt"
    test_rules.load(fixture, tmp_path)
    monkeypatch.chdir(tmp_path)
    path = max(path for path, _, _ in trees.parse(fixture.read_text()).files if is_post(path))
    content = (tmp_path / path).read_bytes()
    expected = CliRunner().invoke(main, ["check", path, "--format", "json"]).stdout
    assert f'"rule": "{rule}"' in expected
    (tmp_path / path).write_text(SLIP)  # what was saved last
    assert check(content, "--format", "json", path=path).stdout == expected


def test_who_came_first_is_known_of_a_text_that_takes_what_another_has(root: Path, repository: Repository) -> None:
    (root / "posts/F2026/mlem.md").write_text(claim("monalisa", "MLEM"))
    repository.commit()
    finding = check(claim("hubot", "MLEM"), path="posts/F2026/mlem-2.md").stdout
    assert "error[claim-taken] “MLEM” is already claimed in F2026 by monalisa" in finding


@needs.LINKS
@pytest.mark.parametrize("given", ["kedro.md", "./kedro.md", "../F2026/kedro.md", "{root}/posts/F2026/kedro.md",
                                   "{link}/posts/F2026/kedro.md"])  # fmt: skip
def test_the_name_is_read_as_that_of_a_file(
    given: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(root)
    monkeypatch.chdir(root / "posts/F2026")
    result = check(SLIP, path=given.format(root=root, link=tmp_path / "link"))
    assert result.stdout.startswith("posts/F2026/kedro.md:3:1: error[unknown-field]")


# --- the fixed text


def test_the_fixed_text_comes_out_and_what_is_left_goes_to_standard_error(root: Path) -> None:
    before = contents(root)
    content = SLIP.replace("claimed", "finished").encode() + b"\n  text  \xef\xbf\xbd"
    result = check(content, "--fix")
    assert result.stdout_bytes == content.replace(b"author:", b"authors:")
    assert result.stderr.startswith("posts/F2026/kedro.md: fixed (unknown-field)\n")
    assert (
        "error[unknown-value] “finished” is not one of the values of “status”\n  7 | status: finished\n"
        in result.stderr
    )
    assert (result.exit_code, contents(root)) == (1, before)
    again = check(SLIP.replace("author:", "authors:"), "--fix")
    assert (again.exit_code, again.stdout) == (0, SLIP.replace("author:", "authors:"))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 1_000_001, b"", b"---\n\x00"])
def test_what_can_not_be_read_comes_out_as_it_went_in(content: bytes, root: Path) -> None:
    result = check(content, "--unsafe-fixes")
    assert (result.exit_code, result.stdout_bytes) == (1, content)


def test_a_text_stays_where_it_is_though_it_belongs_elsewhere(root: Path) -> None:
    result = check(SLIP.replace("author:", "authors:"), "--unsafe-fixes", path="posts/F2026/kedros.md")
    assert result.stdout == SLIP.replace("author:", "authors:")
    assert "error[misplaced-post]" in result.stderr
    assert not (root / KEDRO).exists()


def test_the_diff_is_that_of_the_text(root: Path) -> None:
    (root / KEDRO).write_text("another text")
    result = check(SLIP, "--fix", "--diff")
    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if line[0] in "+-"] == [
        "--- a/posts/F2026/kedro.md", "+++ b/posts/F2026/kedro.md", "-author: hubot", "+authors: hubot",
    ]  # fmt: skip


# --- wrong use


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("-", "- needs the text's place in the repository, as in: "
              "coursehub check - --stdin-filename posts/F2026/kedro.md"),
        (f"--stdin-filename {KEDRO}", "--stdin-filename goes with -, as in: coursehub check - --stdin-filename"),
        (f"- posts --stdin-filename {KEDRO}", "- is the text on standard input, which is judged alone"),
        ("- --stdin-filename README.md", "README.md is no post: posts are files in posts/ whose names end with .md."),
        ("- --stdin-filename data/tools.yaml", "Other files are judged where they are: leave out - and give their PATHS"),
        ("- --stdin-filename ../kedro.md", "../kedro.md is not in the repository"),
        (f"- --stdin-filename {KEDRO} --base HEAD", "- goes with neither --base nor --merge-of nor --format github"),
        (f"- --stdin-filename {KEDRO} --merge-of HEAD", "- goes with neither --base nor --merge-of"),
        (f"- --stdin-filename {KEDRO} --format github", "- goes with neither --base nor --merge-of"),
    ],
)  # fmt: skip
def test_wrong_use_is_2_with_a_sentence_and_no_output(arguments: str, message: str, root: Path) -> None:
    result = CliRunner().invoke(main, ["check", *arguments.split()], input=SLIP)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@needs.SHELL
@needs.TERMINALS
def test_a_keyboard_is_no_text(root: Path) -> None:
    import pty  # noqa: PLC0415  (it is missing on Windows)

    keyboard, terminal = pty.openpty()
    command = [Path(sys.executable).with_name("coursehub"), "check", "-", "--stdin-filename", KEDRO]
    try:
        done = subprocess.run(command, stdin=terminal, capture_output=True, text=True, env=ENVIRONMENT, check=False)
        closed = subprocess.run(
            ["sh", "-c", '"$@" <&-', "sh", *command], capture_output=True, text=True, env=ENVIRONMENT, check=False
        )
    finally:
        os.close(keyboard)
        os.close(terminal)
    assert (done.returncode, done.stderr) == (2, (
        "coursehub: - reads standard input, and that is your keyboard: "
        "coursehub check - --stdin-filename posts/F2026/kedro.md < draft.md\n"
    ))  # fmt: skip
    assert (closed.returncode, closed.stderr) == (2, "coursehub: there is no standard input to read the text from\n")
