"""Strangers' text is no command where GitHub Actions reads the output: of every command, a build, and tools."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import hypothesis.strategies as st
import pytest
import trees
import warm
from course import START, claim, files_of_main
from hypothesis import given
from repositories import ENVIRONMENT, Repository
from standin import StandIn

from coursehub.cli import COMMANDS
from coursehub.system import actions_log

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[1]
F2026 = "posts/F2026"
COMMAND = "::add-mask::a"
EVIL = "x\n::error::x\r::set-output name=a::b\u2028::warning::c\x85::notice::d\x1b[0m\n \t\xa0::stop-commands::e ##[error]f ##[group]g %0A::debug::h"
IN_YAML = json.dumps(EVIL)


def commands(output: str) -> list[str]:
    """The commands in a job's output, as the runner reads it: a line's first sign is “::”, or “##[” is anywhere.

    https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
    """
    lines = re.split(r"\r\n|\r|\n", output)
    return [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


def hostile(root: Path) -> Repository:
    """A repository with commands in everything that somebody else names or writes."""
    repository = Repository(root)
    trees.write(trees.parse((ROOT / "tests/fixtures/cli/hub.txt").read_text()), root)
    front = dict.fromkeys(("title", "authors", "tool", "summary", "option", "status", "topics", EVIL), IN_YAML)
    evil = "".join(f"{json.dumps(name)}: {value}\n" for name, value in front.items())
    for name in (f"{COMMAND}.md", f"a\n{COMMAND}.md", f"\r{COMMAND}.md", f"##[error]{COMMAND}.png"):
        repository.write(f"{F2026}/{name}", f"---\n{evil}semester: F2026\n---\n{EVIL}\n")
    repository.write(f"{F2026}/kedro.md", claim("hubot", "Kedro", title=IN_YAML, summary=IN_YAML))
    for name in (f"{COMMAND}/x", f"\n{COMMAND}/::error::y", "::error title=Desk::All is free %0A now"):
        repository.write(name)
        repository.write(f"posts/{name}")
    repository.write(f"{COMMAND}.csv", f"title,url,tool\n{EVIL},{EVIL},{EVIL}\n".replace("\n", " ") + "\n")
    repository.write(f"{COMMAND}.md", f"# {EVIL}\n\n- [{COMMAND}](https://example.org/a)\n::error::x\n")
    repository.write(f"{COMMAND}.json", json.dumps({"version": EVIL}))
    repository.write(f"{COMMAND}.png", EVIL)
    with (root / "data/prior_posts.yaml").open("a") as file:
        file.write(
            f"- {{title: {IN_YAML}, tools: [{IN_YAML}, DVC], option: {IN_YAML}, url: {IN_YAML}, semester: S2026}}\n"
        )
    with (root / "data/tools.yaml").open("a") as file:
        file.write(f"  evil: {{name: {IN_YAML}, aliases: [{IN_YAML}]}}\n")
    repository.commit()
    return repository


CALLS: dict[str, list[list[str]]] = {
    "init": [[EVIL, "--yes"], [".", "--yes", "--repo", EVIL], [".", "--yes", "--repo", "o/n", "--name", EVIL], [f"new{EVIL}", "--yes", "--repo", "o/n"]],
    "check": [
        [], ["--format", "json"], ["--fix"], ["--base", EVIL], [EVIL], ["--at", EVIL], [COMMAND, f"--{EVIL}"],
        ["--merge-of", EVIL], ["--base", "HEAD^", "--actor", EVIL],
    ],
    "server": [[EVIL]],
    "free": [[EVIL], [EVIL, "DVC"], ["DVC"], ["--format", "json", EVIL], ["--format", EVIL, "x"]],
    "compare": [[EVIL, EVIL], [EVIL, "DVC"]],
    "publish": [[EVIL, "--date", "2026-12-01"]],
    "new": [[EVIL, "--option", EVIL], [EVIL, "--option", "mlops-tool", "--author", EVIL]],
    "import": [[f"{COMMAND}.csv", "--semester", "S2026"], [f"{COMMAND}.md", "--semester", EVIL], [EVIL], [f"{COMMAND}.md"]],
    "comments": [["--output", f"{COMMAND}.out"], ["--output", EVIL], ["--output", f"{COMMAND}.out", "--repository", EVIL]],
    "participation": [["--roster", EVIL, "--comments", EVIL]],
    "grades": [["--roster", EVIL, "--comments", EVIL]],
    "receipt": [[EVIL], [f"{F2026}/{COMMAND}.md"], ["kedro", "--comments", f"{COMMAND}.json"]],
    "desk": [[], ["1"], ["1", "--format", "json"], ["--post"], ["1", "--status-on", EVIL], [EVIL]],
    "pending": [["--output", f"{COMMAND}.out"], ["--output", EVIL]],
    "preview": [[EVIL, "--base", "HEAD"], ["x", "--base", EVIL], ["x", "--merge-of", "HEAD", "--artifact", EVIL], [EVIL]],
    "links": [
        ["check", EVIL], ["follow", EVIL, "--folder", EVIL, "--date", EVIL], ["fetch", f"{COMMAND}.out"], ["fetch", EVIL],
        ["keep", f"{COMMAND}.md"], ["keep", EVIL], ["issue", EVIL], ["issue", f"{COMMAND}.png"], [EVIL],
    ],
    "doctor": [[], ["--format", "json"], [EVIL]],
    "ruleset": [[], [EVIL]],
    "export": [["../exported"], [f"../exported{EVIL}"], ["../other", "--root", EVIL], ["."]],
    "strip": [[f"{COMMAND}.png"], [EVIL]],
    "replay": [[], [EVIL]],
    "upgrade": [[], ["--dry-run"], ["--root", EVIL], [EVIL]],
    "override": [[EVIL], ["main.html"], ["main.html", "--root", EVIL]],
    "rollover": [[EVIL], ["S2027", "--claims-open", EVIL, "--post-due", EVIL, "--comments-due", EVIL]],
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """The hostile repository, and the environment of a job that is about it; its GitHub is as hostile."""
    folder = tmp_path_factory.mktemp("world")
    made_up = hostile(folder / "made-up").root
    paths = [path for path in made_up.rglob("*") if path.is_file() and ".git" not in path.parts]
    files = {str(path.relative_to(made_up)): path.read_bytes() for path in paths}
    github = StandIn(folder / "hub.git", {**files_of_main(), **files}, START)
    subprocess.run(["git", "clone", "--quiet", folder / "hub.git", folder / "hub"], check=True, env=ENVIRONMENT)
    bad = {f"{COMMAND}b": "x", f"{F2026}/{COMMAND}b": "x", "::error title=Desk::All claims are free %0A now": "x"}
    github.open("mallory", {**bad, f"{F2026}/x.md": claim("mallory", "X").replace('"X"', IN_YAML)}, title=EVIL)
    with github.serve() as url:
        yield folder / "hub", {
            "PATH": os.environ["PATH"], "HOME": str(folder), "GITHUB_ACTIONS": "true", "GITHUB_TOKEN": "t",
            "GITHUB_API_URL": url, "GITHUB_GRAPHQL_URL": f"{url}/graphql", "GITHUB_REPOSITORY": github.repository,
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{folder / 'hub.git'}.insteadOf",
            "GIT_CONFIG_VALUE_0": f"https://github.com/{github.repository}.git",
        }  # fmt: skip


class Printed(NamedTuple):
    stdout: str
    stderr: str


def run(world: tuple[Path, dict[str, str]], *arguments: str) -> Printed:
    root, environment = world
    call = [warm.environment() / "bin/coursehub", *(each.replace("\0", "") for each in arguments)]
    done = subprocess.run(call, cwd=root, env=environment, capture_output=True, check=False)
    return Printed(done.stdout.decode(), done.stderr.decode())


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_no_output_of_a_command_has_strangers_commands(world: tuple[Path, dict[str, str]], command: str) -> None:
    for arguments in CALLS[command]:
        done = run(world, command, *arguments)
        assert done.stdout + done.stderr, arguments
        assert "Traceback" not in done.stderr
        assert commands(done.stdout + done.stderr) == [], arguments
        if done.stdout.startswith("{"):
            json.loads(done.stdout)


@pytest.mark.slow
def test_a_command_that_is_unknown_is_named_without_one(world: tuple[Path, dict[str, str]]) -> None:
    done = run(world, EVIL)
    assert ("No such command" in done.stderr, commands(done.stderr)) == (True, [])


@pytest.mark.slow
@pytest.mark.parametrize("call", [["check"], ["desk", "1"]], ids=["check", "desk"])
def test_annotations_are_commands_and_one_for_each_finding(world: tuple[Path, dict[str, str]], call: list[str]) -> None:
    document = json.loads(run(world, *call, "--format", "json").stdout)
    findings = document["findings"] if call == ["check"] else document["verdicts"][0]["findings"]
    lines = run(world, *call, "--format", "github").stdout.splitlines()
    assert len(lines) == len(findings) > 0
    assert [line for line in lines if not re.match(r"::(error|warning|notice) file=[^:,]+,line=\d+,", line)] == []


@pytest.mark.slow
def test_a_build_logs_findings_without_commands(world: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    for name in ("docs", "hooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    for name in ("data", "posts"):
        shutil.copytree(world[0] / name, tmp_path / name)
    environment = {**world[1], "NO_MKDOCS_2_WARNING": "1", "COURSEHUB_PROCESSES": "1"}
    done = subprocess.run([BIN / "mkdocs", "build", "--strict"], cwd=tmp_path, env=environment, capture_output=True,
                          check=False)  # fmt: skip
    output = (done.stdout + done.stderr).decode()
    assert "add-mask" in output
    assert commands(output) == []


def test_workflows_run_nothing_else_of_ours_that_shows_strangers_texts() -> None:
    """Commands are guarded; programs that are not may print what this repository has, and nobody else's."""
    workflows = "".join(path.read_text() for path in (ROOT / ".github/workflows").glob("*.yml"))
    assert re.findall(r"\S*\w+\.py\b", workflows) == ["tools/release.py", "tests/test_adoption.py"]


TEXT = st.text(st.sampled_from("::##[] \n\r\t\u2028\x1bab\xa0é"))


@given(st.lists(TEXT))
def test_no_command_gets_through_in_whatever_pieces_it_comes(pieces: list[str]) -> None:
    raw = io.BytesIO()
    stream = actions_log._guarded(io.TextIOWrapper(raw, "utf-8", newline=""))
    for piece in pieces:
        stream.write(piece)
        stream.flush()
    written = raw.getvalue().decode()
    assert commands(written) == []
    assert written == actions_log.harmless("".join(pieces))
    shown = json.loads(json.dumps(written).replace("\\\\u", "\\u"))
    assert shown == "".join(pieces)  # what is written in its place is how JSON writes the same


@pytest.mark.parametrize("text", ["a :: b", "x::error::y", "#[a] [##]", "“déjà” 学 🦜\ttab\n", ":\n:", '"::": 1'])
def test_all_else_is_printed_as_it_is(text: str) -> None:
    assert actions_log.harmless(text) == text


def test_nothing_changes_where_people_read() -> None:
    before = (sys.stdout, sys.stderr)
    actions_log.guard({})
    assert (sys.stdout, sys.stderr) == before
