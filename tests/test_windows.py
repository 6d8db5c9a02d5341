"""Windows and macOS, as far as Linux can play them: `windows/sitecustomize.py` has what Windows lacks and refuses."""

import io
import json
import multiprocessing
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import needs
import pytest
from course import claim
from repositories import Repository

import busyfiles
import forkpool
from coursehub import checks
from coursehub.claims import new_claim
from coursehub.cli import main, shared
from coursehub.converting import files as foreign_files
from coursehub.editor import session
from coursehub.grading import confidential
from coursehub.names.file_names import in_git
from coursehub.records import repository as hubs
from coursehub.records.paths import split_address
from coursehub.system import git
from mkdocs_once.output import Output
from mkdocs_once.store import Store, pack

BIN = Path(sys.executable).parent
AS_ON_WINDOWS = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("COURSEHUB_", "GITHUB_"))},
    "PYTHONPATH": str(Path(__file__).parent / "windows"),
    "PYTHONIOENCODING": "cp1252",
    "PYTHONUTF8": "0",
    "NO_MKDOCS_2_WARNING": "1",
}


# --- what is piped


@pytest.fixture
def pipes(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, bytes]]:
    """Run a command between pipes that have the code page of Windows, and return its exit code and what it printed."""

    def run(*arguments: str, given: bytes = b"") -> tuple[int, bytes]:
        printed = io.BytesIO()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), "cp1252"))
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(f"sys.{name}", io.TextIOWrapper(printed, "cp1252", newline="\n", write_through=True))
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return int(ended.value.code or 0), printed.getvalue()

    return run


def test_what_is_printed_into_a_pipe_is_utf_8(root: Path, pipes: Callable[..., tuple[int, bytes]]) -> None:
    code, printed = pipes("free", "Łódź →", "--format", "json")
    assert (code, json.loads(printed)["tools"]) == (0, ["Łódź →"])


def test_answers_from_a_pipe_are_utf_8(tmp_path: Path, pipes: Callable[..., tuple[int, bytes]]) -> None:
    answers = "octocat/hub\nŁódź →\n\n\n\n\n".encode("utf-8-sig")  # with the mark that PowerShell puts before it
    assert pipes("init", str(tmp_path / "hub"), given=answers)[0] == 0
    assert "name: Łódź →\n".encode() in (tmp_path / "hub/data/course.yaml").read_bytes()


def test_answers_in_another_encoding_are_refused(tmp_path: Path, pipes: Callable[..., tuple[int, bytes]]) -> None:
    code, printed = pipes("init", str(tmp_path / "hub"), given=b"octocat/hub\nCaf\xe9\n")
    assert code == 2
    assert printed.endswith(b"coursehub: what comes on standard input is not UTF-8\n")
    assert not (tmp_path / "hub").exists()


# --- files that another program holds


def busy(times: int, winerror: int) -> Callable[[], str]:
    errors = [OSError(13, "Access is denied", "file", winerror) for _ in range(times)]
    for error in errors:
        error.winerror = winerror  # which on Linux `OSError` does not take

    def move() -> str:
        if errors:
            raise errors.pop()
        return "moved"

    return move


def test_a_file_that_another_program_holds_is_waited_for() -> None:
    waits: list[float] = []
    assert busyfiles.patiently(busy(3, 32), waits.append) == "moved"
    assert waits == sorted(waits)
    assert len(waits) == 3
    with pytest.raises(OSError, match="denied"):
        busyfiles.patiently(busy(99, 5), waits.append)
    assert 1 < sum(waits) < 3


def test_nobody_waits_for_what_stays_as_it_is() -> None:
    with pytest.raises(OSError, match="denied"):
        busyfiles.patiently(busy(1, 183), pytest.fail)


@needs.PROC
@pytest.mark.parametrize("is_whole", [False, True], ids=["no database", "a value that is damaged"])
def test_a_broken_cache_is_closed_before_it_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_whole: bool
) -> None:
    path, remove = tmp_path / "pages.sqlite", os.unlink

    def refuse_open(file: Path) -> None:
        held = {os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}  # noqa: PTH208
        assert str(file) not in held
        remove(file)

    if is_whole:
        before = Store(path)
        before.put({b"broken": pack(b"key of another", b"value")})
        before.close()
    else:
        path.write_bytes(b"no database at all, and longer than its head of a hundred bytes" * 9)
    monkeypatch.setattr(os, "unlink", refuse_open)
    store = Store(path)
    assert store.get(b"broken") is None
    store.put({b"key": pack(b"key", b"value")})
    store.close()
    assert Store(path).get(b"key") == b"value"


# --- no fork


def test_without_fork_one_process_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork", raising=False)
    monkeypatch.setattr(os, "pipe", pytest.fail)
    monkeypatch.setattr(forkpool, "_FEWEST", 1)
    assert forkpool.processes() == 1
    assert forkpool.in_order(len, ["a", "bb", "ccc"], int, 4) == [1, 2, 3]


def judged(root: str) -> list[str]:
    hub = hubs.load(Path(root), processes=forkpool.processes())
    return [f"{each.path}: {each.rule}" for each in checks.judge(hub, forkpool.processes())]


@pytest.mark.slow
def test_a_process_that_was_started_anew_judges_as_this_one_does(repository: Repository) -> None:
    repository.write("posts/F2026/misplaced.md", claim("hubot", "Kedro"))
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(judged, str(repository.root)).result() == judged(str(repository.root)) != []


# --- git


def test_git_is_none_of_the_current_folders_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("repository", "first", "second"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "git.exe").touch()
    monkeypatch.chdir(tmp_path / "repository")
    empty, first, second = (str(tmp_path / name) for name in ("empty", "first", "second"))
    assert git.in_folders([".", "", "repository", empty, f'"{first}"', second]) == str(tmp_path / "first/git.exe")
    with pytest.raises(git.GitError, match="git is not installed"):
        git.in_folders([".", "", empty])


LONGEST = 32_767  # signs that a command of Windows has: CreateProcess


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that are started from now on, as Windows has them: each a text."""
    started, run = list[str](), subprocess.run

    def recorded(command: Sequence[str], **settings: object) -> object:
        started.append(subprocess.list2cmdline(command))
        return run(command, **settings)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", recorded)
    return started


def test_a_command_is_not_longer_for_more_posts(tmp_path: Path, commands: list[str]) -> None:
    repository = Repository(tmp_path / "hub")
    paths = [f"posts/F2026/{number:04}-{'x' * 40}.md" for number in range(700)]
    for path in paths:
        repository.write(path)
    repository.git("add", "posts/F2026/0000*")
    commands.clear()
    repository.git("add", "--all")
    message = "\n".join(["End F2026\n", *paths])
    git.commit_files(repository.root, paths, message)
    assert len(git.since(repository.root, paths)) == len(git.arrival(repository.root, paths)) == len(paths)
    assert max(map(len, commands)) < LONGEST
    assert repository.git("log", "-1", "--format=%B") == message


@needs.RAW_NAMES
def test_a_commits_patterns_are_names(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "hub")
    for path in (":!b.md", "b.md", "ü “x”.md"):
        repository.write(path)
    repository.git("add", "--all")
    git.commit_files(repository.root, [":!b.md", "ü “x”.md"], "Some of them")
    assert git.uncommitted(repository.root) == ["b.md"]


CRLF = claim("hubot", "Kedro").replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("setting", "content", "rules"),
    [
        ("true", CRLF, []),
        ("input", CRLF, []),
        ("false", CRLF, ["windows-line-endings"]),
        ("true", CRLF + b"\rA line of an old Mac.", ["windows-line-endings"]),
    ],
)
def test_crlf_that_git_puts_into_files_is_no_finding(
    repository: Repository, setting: str, content: bytes, rules: list[str]
) -> None:
    repository.git("config", "core.autocrlf", setting)
    repository.write("posts/F2026/kedro.md", content)
    assert [each.rule for each in checks.judge(hubs.load(repository.root))] == rules


def test_a_fix_of_something_else_keeps_crlf(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.git("config", "core.autocrlf", "true")
    wrong = claim("hubot", "Kedro", date="1.12.2026").replace("\n", "\r\n")
    repository.write("posts/F2026/kedro.md", wrong)
    monkeypatch.chdir(repository.root)
    with pytest.raises(SystemExit):
        main(["check", "--fix"])
    content = (repository.root / "posts/F2026/kedro.md").read_bytes()
    assert content == wrong.replace("1.12.2026", "2026-12-01").encode()


# --- names of files


@pytest.mark.parametrize(
    "typed", ["posts/F2026/dvc.md", "POSTS/f2026/DVC.md", "posts/F2026/../f2026/Dvc.MD", "./Posts/F2026/dvc.md"]
)
def test_a_path_is_spelled_as_the_folder_has_it(root: Path, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "lexists", lambda path: True)  # as Windows and macOS say, whatever the capitals
    assert shared.inside(Path(typed), root) == "posts/F2026/dvc.md"


@needs.CASES
def test_where_capitals_count_another_path_is_another(root: Path) -> None:
    assert shared.inside(Path("posts/F2026/DVC.md"), root) == "posts/F2026/DVC.md"


def test_names_are_composed_on_macos_as_git_has_them() -> None:
    decomposed = unicodedata.normalize("NFD", "posts/F2026/kedro/é.png")
    assert in_git(decomposed, "darwin") == "posts/F2026/kedro/é.png"
    assert in_git(decomposed, "linux") == decomposed


@pytest.mark.parametrize("folder", ["site", "Site", "PREVIEW"])
def test_grades_lie_in_no_folder_that_is_published_whatever_its_capitals(root: Path, folder: str) -> None:
    (root / ".gitignore").write_text(f"{folder}/\n")
    assert "which is what gets published" in (confidential.exposure(root / folder / "grades.csv") or "")


@needs.MODES
def test_it_is_said_where_others_can_read_the_grades(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert confidential.write(tmp_path / "grades.csv", b"octocat,1\n")
    monkeypatch.setattr(confidential.files, "write", lambda path, content, mode: path.write_bytes(content))
    assert not confidential.write(tmp_path / "others.csv", b"octocat,1\n")  # as where the mode does nothing


@needs.RAW_NAMES
def test_no_host_is_asked_for_a_picture_of_a_foreign_post(tmp_path: Path) -> None:
    for name in (r"\\host\share\a.png", "C:a.png", "a.png"):
        (tmp_path / name).touch()
    pictures = [
        foreign_files.find(tmp_path / "post.md", name) for name in (r"\\host\share\a.png", "C:a.png", "./a.png")
    ]
    assert pictures == [None, None, tmp_path / "a.png"]


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("file:///c%3A/Users/octocat/hub/posts/F2026/dvc.md", "c:/Users/octocat/hub/posts/F2026/dvc.md"),
        ("file:///C:/hub/posts/F2026/dvc.md", "C:/hub/posts/F2026/dvc.md"),
        ("file://wsl.localhost/Debian/hub/posts/F2026/dvc.md", "//wsl.localhost/Debian/hub/posts/F2026/dvc.md"),
        ("file:///home/octocat/a%20b/dvc.md", "/home/octocat/a b/dvc.md"),
    ],
)
def test_an_editors_address_is_a_file(address: str, file: str) -> None:
    assert session._file(split_address(address)) == file


@pytest.mark.parametrize(
    ("place", "environment"),
    [
        ("AppData/Roaming/GitHub CLI/hosts.yml", {"APPDATA": "AppData/Roaming"}),
        ("config/gh/hosts.yml", {"XDG_CONFIG_HOME": "config"}),
        ("own/hosts.yml", {"GH_CONFIG_DIR": "own", "APPDATA": "AppData/Roaming"}),
        (".config/gh/hosts.yml", {"APPDATA": "AppData/Roaming"}),
    ],
)
def test_a_login_is_read_where_githubs_command_has_it(
    place: str, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "setting", lambda root, name: None)
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_bytes(b"github.com:\n    user: octocat\n")
    absolute = {name: str(tmp_path / folder) for name, folder in environment.items()}
    assert new_claim.own_login(tmp_path, tmp_path, absolute) == "octocat"


# --- the site


def test_what_nobody_reads_is_written_beside_the_site_where_the_system_has_no_place_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "devnull", "nul")
    store = Store(None)
    output = Output(tmp_path / "site", store)
    unread = Path(output.unread)
    unread.parent.mkdir()
    unread.touch()
    output.finish()
    store.close()
    assert [*tmp_path.rglob("*")] == [tmp_path / "site"]


# --- whole commands


def as_on_windows(folder: Path, *command: str, given: str = "") -> str:
    """Return what a command says where all is as on Windows, as far as that can be; it succeeds."""
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=folder, input=given.encode(), env=AS_ON_WINDOWS, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_a_course_begins_is_built_and_rolls_over_as_on_windows(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    (tmp_path / "list.csv").write_bytes(b"Tool,Link\nAirflow,https://example.org/1\n")
    given = ("--name", "Łódź →", "--repo", "octocat/hub", "--semester", "F2026", "--earlier", "S2026")
    as_on_windows(tmp_path, "coursehub", "init", "hub", "--yes", *given, "--from", "list.csv")
    assert "Written to posts/F2026/kedro.md" in as_on_windows(
        hub, "coursehub", "new", "Kedro", "--option", "tool", "--author", "octocat"
    )
    with (hub / "posts/F2026/kedro.md").open("ab") as post:
        post.write(b"\r\nA text.\r\n")
    as_on_windows(hub, "coursehub", "check", "--fix")
    assert not [path for path, content in contents(hub).items() if b"\r" in content and not path.startswith(".git/")]

    as_on_windows(hub, "mkdocs", "build", "--strict", "--quiet")
    first = contents(hub / "site")
    (hub / "docs/more.md").write_bytes(b"# More\n")
    as_on_windows(hub, "mkdocs", "build", "--strict", "--quiet")
    second = contents(hub / "site")
    assert second.keys() - first.keys() == {"more/index.html"}
    assert not [*hub.glob(".site*"), *(hub / "site").glob(".*")]
    here = {**AS_ON_WINDOWS, "PYTHONPATH": ""}
    subprocess.run(
        [BIN / "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path / "here"], cwd=hub, env=here, check=True
    )
    elsewhere = contents(tmp_path / "here")
    assert second.keys() == elsewhere.keys()
    assert {path for path in second if second[path] != elsewhere[path]} <= {"sitemap.xml.gz"}

    repository = Repository(hub)
    for name, value in (("user.name", "Test"), ("user.email", "test@example.org")):
        repository.git("config", name, value)
    repository.git("add", "--all")
    repository.git("commit", "-q", "-m", "A course")
    due = ("--claims-open", "2027-01-11 00:00", "--post-due", "2027-05-01 23:59", "--comments-due", "2027-05-08 23:59")
    assert "kedro.md: withdrawn" in as_on_windows(hub, "coursehub", "rollover", "S2027", *due)
    as_on_windows(hub, "coursehub", "check")
