"""`coursehub check` as a student, a staff member and CI call it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import needs
import pictures
import pytest
from click.testing import CliRunner, Result
from repositories import Repository

from coursehub import checks
from coursehub.checks.rule import Offence, Rule
from coursehub.cli import main
from coursehub.pictures import reading
from coursehub.records.finding import Severity
from coursehub.records.hub import Hub
from coursehub.records.post import Post

CLEAN, FINDINGS, BROKEN = 0, 1, 2


def claim(tool: str, author: str, **more: str) -> str:
    fields = {
        "title": f"A title of {author}",
        "authors": author,
        "option": "mlops-tool",
        "tool": tool,
        "semester": "F2026",
        "status": "claimed",
        **more,
    }
    return "".join(["---\n", *(f"{name}: {value}\n" for name, value in fields.items()), "---\n"])


def check(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["check", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def rules(result: Result) -> list[str]:
    """Return path and rule of every finding in the text."""
    return re.findall(r"^(\S+):\d+:\d+: \w+\[([\w-]+)\]", result.stdout, re.MULTILINE)


# --- exit codes


def test_nothing_wrong_is_0(root: Path) -> None:
    result = check()
    assert (result.exit_code, result.output) == (CLEAN, "1 post checked: nothing to fix.\n")


def test_an_error_is_1_and_is_shown_at_its_place(root: Path) -> None:
    (root / "posts/F2026/mlem.md").write_text(claim("MLEM", "hubot", status="claimd"))
    result = check()
    assert result.exit_code == FINDINGS
    assert result.stdout == (
        "posts/F2026/mlem.md:7:9: error[unknown-value] “claimd” is not one of the values of “status”\n"
        "  7 | status: claimd\n"
        "    |         ^\n"
        "  help: Did you mean “claimed”?\n"
        "  fix: Writes “claimed”. (--fix)\n"
        "\n"
        "2 posts checked: 1 error. --fix answers 1.\n"
    )


def test_a_warning_alone_is_0(root: Path) -> None:
    (root / "posts/F2026/dvc.md").write_bytes(claim("DVC", "octocat").replace("\n", "\r\n").encode())
    result = check()
    assert (result.exit_code, rules(result)) == (CLEAN, [("posts/F2026/dvc.md", "windows-line-endings")])


def test_a_severity_of_the_course_decides(root: Path) -> None:
    (root / "posts/F2026/dvc.md").write_bytes(claim("DVC", "octocat").replace("\n", "\r\n").encode())
    with (root / "data/course.yaml").open("a") as course:
        course.write("severities: {windows-line-endings: error}\n")
    assert check().exit_code == FINDINGS


def test_a_severity_may_be_off(root: Path) -> None:
    (root / "posts/F2026/mlem.md").write_text(claim("MLEM", "hubot", status="claimd"))
    with (root / "data/course.yaml").open("a") as course:
        course.write("severities: {unknown-value: off}\n")
    result = check()
    assert (result.exit_code, result.output) == (CLEAN, "2 posts checked: nothing to fix.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "xml"], "'xml' is not one of 'text', 'github', 'json'"),
        (["--nonsense"], "No such option"),
        (["posts/F2026/none.md"], "posts/F2026/none.md: no such file or folder"),
        (["posts/F2026/dvc.md", "nowhere"], "nowhere: no such file or folder"),
        (["/etc/passwd"], "/etc/passwd is not in the repository"),
        ([".."], ".. is not in the repository"),
        (["--base", "HEAD", "--merge-of", "HEAD"], "--base and --merge-of exclude each other"),
        (["--merge-of", "HEAD"], "git: HEAD has no parents here, so it is not the merge of a pull request"),
        (["--base", "nosuchref"], "git: fatal: Not a valid object name nosuchref"),
        (["--base", "HEAD:data"], "git: "),
        (["--at", "soon"], "“soon” is not a moment with its offset, such as 2026-12-05T09:00Z"),
        (["--at", "2026-12-05T09:00"], "“2026-12-05T09:00” is not a moment with its offset"),
    ],
)
def test_wrong_use_is_2_and_judges_nothing(root: Path, arguments: list[str], message: str) -> None:
    result = check(*arguments)
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


# --- which repository


def test_a_folder_without_a_course_is_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = check()
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert result.stderr == (
        f"coursehub: {tmp_path}/data/course.yaml is missing; "
        "run this in a Course Hub repository, or name it with --root\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: [", "data/course.yaml:1:8: the file is not YAML: did not find expected node content"),
        (
            "name: a\nstaff: [teacher]\nname: b\n",
            "data/course.yaml:3:1: this name is given again: name, first in line 1",
        ),
        ("name: a\nstaff: &x [teacher]\n", "data/course.yaml:2:8: a YAML anchor or alias: &x"),
        ("name: a\nstaff: teacher\n", "data/course.yaml:2:8: staff: expected a list, got text"),
    ],
)
def test_a_broken_course_is_2_with_the_place(root: Path, text: str, message: str) -> None:
    (root / "data/course.yaml").write_text(text)
    result = check()
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert result.stderr.splitlines()[0] == message


def test_a_course_that_is_a_folder_is_2(root: Path) -> None:
    (root / "data/course.yaml").unlink()
    (root / "data/course.yaml").mkdir()
    assert check().exit_code == BROKEN


@pytest.mark.parametrize("path", ["data/tools.yaml", "data/prior_posts.yaml"])
def test_another_broken_data_file_is_a_finding(root: Path, path: str) -> None:
    (root / path).write_text("- title: [\n")
    result = check()
    assert (result.exit_code, rules(result)) == (FINDINGS, [(path, "broken-data")])


def test_git_is_needed_for_a_base_alone(root: Path) -> None:
    (root / ".git").rename(root.parent / "git")
    assert check().output == "1 post checked: nothing to fix.\n"
    result = check("--base", "main")
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert "not a git repository" in result.stderr


@pytest.mark.parametrize("folder", ["data", "posts/F2026", "posts/F2026/dvc/deeper"])
def test_a_folder_inside_is_enough(root: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(root / folder)
    assert check().stdout == "1 post checked: nothing to fix.\n"


def test_the_repository_may_be_named(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert check("--root", "hub").stdout == "1 post checked: nothing to fix.\n"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    result = check("--root", "../hub", "../hub/posts/F2026/dvc.md")
    assert (result.exit_code, result.output) == (CLEAN, "1 post checked: nothing to fix.\n")


# --- PATHS


@pytest.fixture
def three_faults(root: Path) -> Path:
    (root / "posts/F2026/mlem.md").write_text(claim("MLEM", "hubot", status="claimd"))
    (root / "posts/F2026/kedro.md").write_text(claim("Kedro", "monalisa", status="claimd"))
    (root / "posts/F2026/notes.txt").touch()
    return root


EVERYTHING = {"posts/F2026/mlem.md", "posts/F2026/kedro.md", "posts/F2026/notes.txt"}


@pytest.mark.parametrize(
    ("here", "paths", "with_findings"),
    [
        (".", [], EVERYTHING),
        (".", ["."], EVERYTHING),
        (".", ["posts"], EVERYTHING),
        (".", ["posts/F2026/"], EVERYTHING),
        (".", ["posts/F2026/mlem.md"], {"posts/F2026/mlem.md"}),
        (".", ["posts/F2026/notes.txt"], {"posts/F2026/notes.txt"}),
        (".", ["posts/F2026/mlem.md", "posts/F2026/kedro.md"], {"posts/F2026/mlem.md", "posts/F2026/kedro.md"}),
        (".", ["data"], EVERYTHING),
        (".", ["posts/F2026/dvc.md"], set()),
        ("posts/F2026", ["mlem.md"], {"posts/F2026/mlem.md"}),
        ("posts/F2026", ["."], EVERYTHING),
        ("posts/F2026", [".."], EVERYTHING),
        ("data", ["../posts/F2026/mlem.md"], {"posts/F2026/mlem.md"}),
        ("data", ["../posts/../posts/F2026"], EVERYTHING),
    ],
)
def test_only_the_paths_named_are_judged(
    three_faults: Path, here: str, paths: list[str], with_findings: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(three_faults / here)
    result = check(*paths)
    assert {path for path, _ in rules(result)} == with_findings
    assert result.exit_code == (FINDINGS if with_findings else CLEAN)


def test_an_absolute_path_will_do(three_faults: Path) -> None:
    assert rules(check(str(three_faults / "posts/F2026/mlem.md"))) == [("posts/F2026/mlem.md", "unknown-value")]


@needs.LINKS
def test_a_link_is_judged_as_a_link(root: Path) -> None:
    (root / "posts/F2026/link.md").symlink_to("/etc/passwd")
    (root / "posts/F2026/broken.md").symlink_to("/nowhere")
    assert rules(check("posts/F2026/link.md")) == [("posts/F2026/link.md", "symbolic-link")]
    assert rules(check("posts/F2026/broken.md")) == [("posts/F2026/broken.md", "symbolic-link")]


# --- --base


@pytest.fixture
def branch(repository: Repository, root: Path) -> Iterator[Repository]:
    """A branch that left a main with a fault of somebody else's in it."""
    repository.write("posts/F2026/mlem.md", claim("MLEM", "hubot", status="claimd"))
    repository.commit()
    repository.branch("work")
    yield repository


def test_only_what_the_branch_changes_is_judged(branch: Repository) -> None:
    branch.write("posts/F2026/kedro.md", claim("Kedro", "monalisa", status="claimd"))
    branch.commit()
    result = check("--base", "main")
    assert (result.exit_code, rules(result)) == (FINDINGS, [("posts/F2026/kedro.md", "unknown-value")])
    assert result.stdout.endswith("\n1 post checked: 1 error. --fix answers 1.\n")


def test_what_is_not_committed_yet_is_judged_as_well(branch: Repository) -> None:
    branch.write("posts/F2026/kedro.md", claim("Kedro", "monalisa", status="claimd"))
    assert rules(check("--base", "main")) == [("posts/F2026/kedro.md", "unknown-value")]


def test_what_a_fix_moves_is_judged_where_it_is_then(branch: Repository) -> None:
    branch.write("posts/S2026/wrong.md", claim("Kedro", "hubot", semester="S2026", status="published"))
    branch.commit()
    result = check("--base", "main", "--actor", "hubot", "--unsafe-fixes")
    assert ("posts/S2026/kedro.md", "post-out-of-season") in rules(result)


def test_a_branch_without_posts_is_clean(branch: Repository) -> None:
    branch.write("README.md")
    branch.commit()
    result = check("--base", "main")
    assert (result.exit_code, result.output) == (CLEAN, "0 posts checked: nothing to fix.\n")


def test_paths_and_base_together_are_what_both_name(branch: Repository) -> None:
    for tool in ("Kedro", "Luigi"):
        branch.write(f"posts/F2026/{tool.lower()}.md", claim(tool, tool, status="claimd"))
    branch.commit()
    result = check("--base", "main", "posts/F2026/kedro.md", "posts/F2026/mlem.md")
    assert rules(result) == [("posts/F2026/kedro.md", "unknown-value")]


def test_a_broken_data_file_is_found_where_the_branch_breaks_it(branch: Repository) -> None:
    branch.write("data/tools.yaml", "[\n")
    branch.commit()
    assert ("data/tools.yaml", "broken-data") in rules(check("--base", "main"))
    branch.checkout("main")
    branch.write("data/tools.yaml", "[\n")
    branch.commit()
    branch.branch("innocent")
    branch.write("posts/F2026/kedro.md", claim("Kedro", "monalisa"))
    assert rules(check("--base", "main")) == []


def test_a_branch_that_changes_data_is_judged_on_everything(branch: Repository) -> None:
    branch.write("data/course.yaml", (branch.root / "data/course.yaml").read_text() + "limits: {body_words: 10}\n")
    assert rules(check("--base", "main")) == [("posts/F2026/mlem.md", "unknown-value")]


def test_with_a_picture_its_post_is_judged(branch: Repository) -> None:
    branch.write("posts/F2026/mlem/graph.png", pictures.png(40, 30))
    assert rules(check("--base", "main")) == [("posts/F2026/mlem.md", "unknown-value")]


def test_only_pictures_of_the_posts_that_are_judged_are_read(
    branch: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch.checkout("main")
    branch.write("posts/F2026/dvc/graph.png", pictures.png(40, 30))
    branch.commit()
    branch.branch("pictures")
    branch.write("posts/F2026/mlem/graph.png", pictures.png(40, 30))
    read: list[str] = []
    read_file = reading.read_file
    monkeypatch.setattr(reading, "read_file", lambda path: read.append(path.parent.name) or read_file(path))
    assert rules(check("--base", "main")) == [("posts/F2026/mlem.md", "unknown-value")]
    assert read == ["mlem"]


def test_a_picture_that_loses_its_post_is_found(branch: Repository) -> None:
    branch.checkout("main")
    branch.write("posts/F2026/dvc/graph.png")
    branch.write("posts/F2026/mlem/graph.png")
    branch.commit()
    branch.branch("gone")
    branch.git("rm", "-q", "posts/F2026/dvc.md")
    assert rules(check("--base", "main")) == [("posts/F2026/dvc/graph.png", "stray-file")]


def test_a_stray_file_of_somebody_else_is_not_found(branch: Repository) -> None:
    branch.checkout("main")
    for path in ("posts/stray.txt", "posts/F2026/stray.txt", "posts/F2026/mlem/stray.txt"):
        branch.write(path)
    branch.commit()
    branch.branch("innocent")
    branch.write("posts/F2026/kedro.md", claim("Kedro", "monalisa"))
    branch.write("posts/F2026/kedro/graph.png", pictures.png(40, 30))
    assert rules(check("--base", "main")) == []


def test_a_claim_that_an_unchanged_post_holds_is_taken(branch: Repository) -> None:
    branch.write("posts/F2026/d-v-c.md", claim("D.V.C.", "monalisa"))
    branch.commit()
    result = check("--base", "main")
    assert (result.exit_code, rules(result)) == (FINDINGS, [("posts/F2026/d-v-c.md", "claim-taken")])
    assert "“DVC” is already claimed in F2026 by octocat, in posts/F2026/dvc.md" in result.stdout


def test_the_holder_is_not_told_off_for_a_later_claim(branch: Repository) -> None:
    branch.write("posts/F2026/d-v-c.md", claim("D.V.C.", "monalisa"))
    branch.write("posts/F2026/dvc.md", claim("DVC", "octocat", title="A better title"))
    branch.commit()
    assert rules(check("--base", "main")) == [("posts/F2026/d-v-c.md", "claim-taken")]


def test_two_new_claims_of_one_branch_are_both_reported(branch: Repository) -> None:
    branch.write("posts/F2026/wandb.md", claim("wandb", "hubot2"))
    branch.write("posts/F2026/weights-and-biases.md", claim("Weights and Biases", "monalisa"))
    branch.commit()
    assert [each for each in rules(check("--base", "main")) if each[1] == "claim-taken"] == [
        ("posts/F2026/wandb.md", "claim-taken"),
        ("posts/F2026/weights-and-biases.md", "claim-taken"),
    ]


def test_who_gave_a_claim_up_does_not_get_it_back_from_who_took_it(branch: Repository) -> None:
    branch.checkout("main")
    branch.git("rm", "-q", "posts/F2026/dvc.md", "posts/F2026/mlem.md")
    branch.commit()
    branch.write("posts/F2026/d-v-c.md", claim("D.V.C.", "monalisa"))
    branch.commit()
    branch.branch("again")
    branch.write("posts/F2026/dvc.md", claim("DVC", "octocat"))
    branch.commit()
    result = check("--base", "main")
    assert ("posts/F2026/dvc.md", "claim-taken") in rules(result)
    assert "already claimed in F2026 by monalisa" in result.stdout


def test_first_on_main_holds_the_claim_whatever_the_commits_say(repository: Repository, root: Path) -> None:
    repository.branch("quick")
    repository.write("posts/F2026/weights-and-biases.md", claim("Weights and Biases", "quick"))
    repository.commit(date="2026-11-09T00:00:00")
    repository.branch("slow", "main")
    repository.write("posts/F2026/wandb.md", claim("wandb", "slow"))
    repository.commit(date="2026-11-01T00:00:00")
    repository.merge("quick", date="2026-11-10T00:00:00")
    repository.merge("slow", date="2026-11-02T00:00:00")
    result = check()
    assert [path for path, rule in rules(result) if rule == "claim-taken"] == ["posts/F2026/wandb.md"]
    assert "already claimed in F2026 by quick, in posts/F2026/weights-and-biases.md" in result.stdout


def test_a_base_far_from_here_in_a_part_of_a_repository(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("data", "posts"):
        repository.write("course/.keep")
        repository.git("mv", path, f"course/{path}")
    repository.commit()
    repository.branch("work")
    repository.write("course/posts/F2026/mlem.md", claim("MLEM", "hubot", status="claimd"))
    repository.commit()
    monkeypatch.chdir(repository.root / "course")
    assert rules(check("--base", "main")) == [("posts/F2026/mlem.md", "unknown-value")]


# --- output


def test_github_annotations(three_faults: Path) -> None:
    result = check("--format", "github", "posts/F2026/mlem.md")
    assert result.exit_code == FINDINGS
    assert result.stdout == (
        "::error file=posts/F2026/mlem.md,line=7,col=9,title=unknown-value::"
        "“claimd” is not one of the values of “status”%0ADid you mean “claimed”?\n"
    )


def test_json_for_programs(three_faults: Path) -> None:
    result = check("--format", "json", "posts/F2026/mlem.md")
    assert result.exit_code == FINDINGS
    assert json.loads(result.stdout) == {
        "version": 2,
        "clean": False,
        "judged": 1,
        "findings": [
            {
                "path": "posts/F2026/mlem.md",
                "line": 7,
                "column": 9,
                "rule": "unknown-value",
                "severity": "error",
                "message": "“claimd” is not one of the values of “status”",
                "help": "Did you mean “claimed”?",
                "fix": {
                    "applicability": "safe",
                    "message": "Writes “claimed”.",
                    "edits": [
                        {
                            "path": "posts/F2026/mlem.md",
                            "line": 7,
                            "column": 9,
                            "end_line": 7,
                            "end_column": 15,
                            "text": "claimed",
                        }
                    ],
                },
            }
        ],
    }


def test_json_of_a_clean_repository(root: Path) -> None:
    result = check("--format", "json")
    assert result.exit_code == CLEAN
    assert json.loads(result.stdout) == {"version": 2, "clean": True, "judged": 1, "findings": []}


@needs.RAW_NAMES
@pytest.mark.parametrize("output", ["text", "github", "json"])
def test_a_file_name_that_is_not_utf_8_is_a_finding(root: Path, output: str) -> None:
    (root / os.fsdecode(b"posts/F2026/caf\xe9.txt")).touch()
    result = check("--format", output)
    assert (result.exit_code, result.stderr) == (FINDINGS, "")
    assert "stray-file" in result.stdout


def test_the_list_names_every_rule_and_judges_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = check("--list")
    assert result.exit_code == CLEAN
    listed = {line.split()[0]: line.split()[1] for line in result.stdout.splitlines()}
    assert listed == {rule.name: rule.severity.value for rule in checks.RULES}
    assert listed["claim-taken"] == "error"
    assert "Somebody else holds this claim this semester." in result.stdout
    assert "A published post has hardly any text. Options: limits.body_words.\n" in result.stdout


# --- a bug of ours


def test_a_rule_that_fails_is_our_fault_and_not_the_students(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(post: Post, hub: Hub) -> Iterator[Offence]:
        raise KeyError("nonsense")

    rule = Rule("broken-rule", "fields", Severity.ERROR, broken, False, "", "", "", "")
    monkeypatch.setattr(checks, "POST_RULES", [rule])
    result = check()
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert result.stderr == (
        "coursehub: the rule broken-rule failed on posts/F2026/dvc.md (KeyError: 'nonsense').\n"
        "This is a bug in Course Hub, not in your post. Please report it with this message.\n"
    )


# --- as a process of its own


def test_findings_have_no_colour_in_a_pipe(three_faults: Path) -> None:
    command = [sys.executable, "-c", "from coursehub.cli import main; main()", "check"]
    result = subprocess.run(command, cwd=three_faults, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (FINDINGS, b"")
    assert "“claimd” is not one of the values of “status”" in result.stdout.decode()
    assert b"\x1b" not in result.stdout


def test_a_check_loads_nothing_that_it_does_not_need(root: Path) -> None:
    code = "import sys; from coursehub.cli import main; main(['check'])"
    code = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); {code}"
    done = subprocess.run([sys.executable, "-c", code], cwd=root / "posts", capture_output=True, text=True, check=True)
    assert done.stdout == "1 post checked: nothing to fix.\n"
    loaded = {module.partition(".")[0] for module in done.stderr.split()}
    assert {"coursehub", "yaml", "click"} <= loaded
    assert not loaded & {
        "mkdocs", "material", "markdown", "jinja2", "nh3", "typst", "playwright", "httpx2", "linkchecker", "email",
        "multiprocessing", "asyncio", "ssl",
    }  # fmt: skip


@needs.MODES
def test_strip_takes_out_of_pictures_what_they_tell_and_leaves_others(tmp_path: Path) -> None:
    photo, chart, page = (tmp_path / name for name in ("photo.jpg", "chart.png", "page.png"))
    photo.write_bytes(pictures.painted("jpeg", 40, 30, has_place=True, is_turned=True))
    chart.write_bytes(pictures.png(40, 30))
    page.write_bytes(b"<html></html>")
    photo.chmod(0o640)
    ran = CliRunner().invoke(main, ["strip", str(photo), str(chart)])
    assert (ran.exit_code, ran.output.splitlines()) == (
        0,
        [
            f"{photo}: without where it was taken, when it was taken and what it was taken with",
            f"{chart}: it reveals nothing",
        ],
    )
    assert b"Phones" not in photo.read_bytes()
    assert photo.stat().st_mode & 0o777 == 0o640
    assert chart.read_bytes() == pictures.png(40, 30)
    ran = CliRunner().invoke(main, ["strip", str(page), str(chart)])
    assert (ran.exit_code, page.read_bytes()) == (1, b"<html></html>")
    assert f"{page} is a web page, not the picture on it." in ran.output
