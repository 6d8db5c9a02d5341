"""Commits as git objects: what is fetched is what the pull request changes, whatever it holds."""

import subprocess
from pathlib import Path

import pytest
from course import Office, Remembered, claim
from repositories import ENVIRONMENT
from standin import StandIn, Submodule, Symlink

from coursehub.system.git import GitError
from coursehub.system.git_objects import Changed, GitObjects, TooLargeError, UnknownCommitError

pytestmark = pytest.mark.slow

F2026 = "posts/F2026"
CHANGES = {
    "a new post": {f"{F2026}/new.md": "new\n"},
    "one edited, one gone": {"README.md": "Other\n", "docs/index.md": None},
    "a link": {f"{F2026}/link.md": Symlink("../../data/course.yaml")},
    "a submodule": {"vendor": Submodule()},
    "a file where a folder was": {"docs/index.md": None, "docs": "a file\n"},
    "names that git quotes": {'posts/F2026/a "b"\n\tü\\.md': "x\n", "-rf": "x\n", "posts/F2026/\udce9.md".encode("utf-8", "surrogateescape").decode("latin-1"): "x\n"},
    "a large file": {f"{F2026}/big/video.mp4": b"x" * 5_000},
    "nothing": {},
}  # fmt: skip


@pytest.fixture
def github(tmp_path: Path) -> StandIn:
    return Office(tmp_path).github


def objects(github: StandIn, folder: Path, largest: int = 1_000_000, url: str = "") -> GitObjects:
    """As the desk has them: beside a clone of main."""
    checkout = folder / "checkout"
    if not checkout.exists():
        subprocess.run(
            ["git", "clone", "-q", "--no-local", github.objects.folder, checkout], env=ENVIRONMENT, check=True
        )
    (folder / "objects.git").mkdir()
    url = url or str(github.objects.folder)
    return GitObjects(folder / "objects.git", checkout, url=url, header="", largest=largest)


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_git_and_the_stand_in_agree_on_what_a_pull_request_changes(
    github: StandIn, tmp_path: Path, changes: dict[str, str | bytes | None]
) -> None:
    head = github.pulls[github.open("octocat", changes)].head_sha
    real, remembered = objects(github, tmp_path), Remembered(github)
    for source in (real, remembered):
        source.fetch([head])
    expected = remembered.changed(github.main, head, 100)
    assert real.changed(github.main, head, 100) == expected
    shas = [after.sha for _, after in expected.values() if after and after.mode != "160000"]
    assert real.sizes(shas) == remembered.sizes(shas)
    assert real.contents(shas) == remembered.contents(shas)


def test_it_is_compared_with_where_it_left_main_whatever_main_became(github: StandIn, tmp_path: Path) -> None:
    number = github.open("octocat", {f"{F2026}/new.md": "new\n"})
    github.commit_to_main({"README.md": "Another main\n"})
    source = objects(github, tmp_path)
    source.fetch([github.pulls[number].head_sha])
    assert list(source.changed(github.main, github.pulls[number].head_sha, 9)) == [f"{F2026}/new.md"]
    head = github.update_branch(number)
    source.fetch([head])
    assert list(source.changed(github.main, head, 9)) == [f"{F2026}/new.md"]


def test_a_large_file_is_known_by_its_name_and_never_fetched(github: StandIn, tmp_path: Path) -> None:
    head = github.pulls[github.open("octocat", {"a.bin": b"x" * 1_001, "b.bin": b"x" * 1_000})].head_sha
    source = objects(github, tmp_path, largest=1_000)
    for _ in range(2):  # a second time it must not be fetched when it is asked for
        source.fetch([head])
        changed = source.changed(github.main, head, 9)
        sizes = source.sizes(change.after.sha for change in changed.values() if change.after)
        assert sorted(sizes.values(), key=str) == [1_000, None]


def test_a_commit_that_is_gone_stops_no_other(github: StandIn, tmp_path: Path) -> None:
    heads = [github.pulls[github.open("octocat", {name: "x"})].head_sha for name in "ab"]
    source = objects(github, tmp_path)
    source.fetch([heads[0], "1" * 40, heads[1]])
    assert [list(source.changed(github.main, head, 9)) for head in heads] == [["a"], ["b"]]
    with pytest.raises(UnknownCommitError, match="is gone"):
        source.changed(github.main, "1" * 40, 9)


def test_a_commit_with_a_history_of_its_own_is_compared_with_nothing(github: StandIn, tmp_path: Path) -> None:
    files = github.objects.changed({}, {"x": "x"})
    alone = github.objects.commit(files, (), "mallory", "Alone", github.now)
    github.objects.refer("refs/pull/9/head", alone)
    source = objects(github, tmp_path)
    source.fetch([alone])
    with pytest.raises(UnknownCommitError, match="no commit in common"):
        source.changed(github.main, alone, 9)


def test_more_files_than_are_read_are_too_many(github: StandIn, tmp_path: Path) -> None:
    head = github.pulls[github.open("octocat", {f"{number}.txt": "" for number in range(11)})].head_sha
    source = objects(github, tmp_path)
    source.fetch([head])
    assert len(source.changed(github.main, head, 11)) == 11
    with pytest.raises(TooLargeError, match="changes more than 10 files"):
        source.changed(github.main, head, 10)


def test_a_folder_of_folders_without_end_is_not_walked_to_its_end(github: StandIn, tmp_path: Path) -> None:
    """Ten folders of ten, and so on: a dozen objects, and 10,000,000,000 files."""
    entry = github.objects.entry("x")
    for _ in range(10):
        files = {str(number): entry for number in range(10)}
        lines = (f"{mode.lstrip('0')} {name}\0".encode() + bytes.fromhex(sha) for name, (mode, sha) in files.items())
        entry = entry._replace(mode="040000", sha=github.objects._write("tree", b"".join(lines)))
    commit = f"tree {entry.sha}\nparent {github.main}\nauthor a <a@b.example> 1 +0000\ncommitter a <a@b.example> 1 +0000\n\nx\n"
    head = github.objects._write("commit", commit.encode())
    github.objects.refer("refs/pull/9/head", head)
    source = objects(github, tmp_path)
    source.fetch([head])
    with pytest.raises(TooLargeError, match="changes more than 100 files"):
        source.changed(github.main, head, 100)


def test_where_nothing_can_be_fetched_git_says_why(github: StandIn, tmp_path: Path) -> None:
    source = objects(github, tmp_path, url=str(tmp_path / "gone"))
    with pytest.raises(GitError, match="does not appear to be a git repository"):
        source.fetch(["1" * 40])


def test_nothing_is_fetched_that_is_there(github: StandIn, tmp_path: Path) -> None:
    source = objects(github, tmp_path, url=str(tmp_path / "gone"))
    source.fetch([github.main])
    assert source.changed(github.main, github.main, 9) == {}


def test_a_change_has_both_sides(github: StandIn, tmp_path: Path) -> None:
    head = github.pulls[github.open("octocat", {"README.md": "Other\n", "new": claim("octocat", "Kedro")})].head_sha
    source = objects(github, tmp_path)
    source.fetch([head])
    changed = source.changed(github.main, head, 9)
    assert changed["new"].before is None
    assert changed["README.md"] != Changed(None, None)
    assert source.contents([changed["README.md"].before.sha, changed["README.md"].after.sha]) == {
        changed["README.md"].before.sha: b"The course\n",
        changed["README.md"].after.sha: b"Other\n",
    }


LINES = "".join(f"line {number}\n" for number in range(1, 31))
HUNKS = {
    "a word": (LINES.replace("line 10\n", "Line 10\n"), [range(7, 14)]),
    "at both ends": (LINES.replace("line 1\n", "").replace("line 30\n", "30"), [range(1, 4), range(26, 30)]),
    "lines more": (LINES.replace("line 10\n", "line 10\n\n\n"), [range(8, 16)]),
    "lines less": (LINES.replace("line 10\nline 11\n", ""), [range(7, 13)]),
    "all of it": ("", []),
    "nothing": (LINES, []),
    "no text": ("a\0b", []),
    "what looks like a hunk": (LINES.replace("line 10\n", "@@ -1,2 +3,4 @@\n"), [range(7, 14)]),
}


@pytest.mark.parametrize(("after", "expected"), HUNKS.values(), ids=HUNKS)
def test_the_lines_that_git_shows_of_a_change(
    github: StandIn, tmp_path: Path, after: str, expected: list[range]
) -> None:
    github.commit_to_main({"README.md": LINES})
    head = github.pulls[github.open("octocat", {"README.md": after})].head_sha
    source, remembered = objects(github, tmp_path), Remembered(github)
    source.fetch([head])
    before, now = (github.objects.files(commit)["README.md"].sha for commit in (github.main, head))
    assert source.hunks(before, now) == list(remembered.hunks(before, now)) == expected


def test_the_settings_of_a_machine_change_no_hunk(
    github: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.commit_to_main({"README.md": LINES})
    head = github.pulls[github.open("octocat", {"README.md": HUNKS["at both ends"][0]})].head_sha
    (tmp_path / "gitconfig").write_text(
        "[diff]\n context = 9\n interHunkContext = 20\n external = false\n noprefix = true\n[color]\n ui = always\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    source = objects(github, tmp_path)
    source.fetch([head])
    before, now = (github.objects.files(commit)["README.md"].sha for commit in (github.main, head))
    assert source.hunks(before, now) == HUNKS["at both ends"][1]
