"""The memory of what was read from data files: never stale, never in the way, and nothing that a pull request could bring."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import needs
import pictures
import pytest
import trees
from course import claim
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import structs
from repositories import ENVIRONMENT

from coursehub import checks
from coursehub.markdown.contents import Contents
from coursehub.pictures import reading
from coursehub.records import repository
from coursehub.records.hub import Hub
from coursehub.records.post import Post, without_text
from coursehub.system import marks, memory

NAMES = ["data-course.yaml", "data-prior_posts.yaml", "data-tools.yaml"]
DERIVED = ["lookup", "posts"]
HUB = trees.parse((Path(__file__).parent / "fixtures/cli/hub.txt").read_text())


def places(root: Path) -> list[Path]:
    return sorted((root / ".git/coursehub").glob("*"))


def test_what_was_kept_is_what_would_be_read(root: Path) -> None:
    read = repository.load(root)
    assert [place.name for place in places(root)] == [*NAMES, *DERIVED]
    for name in NAMES:
        assert memory.recall(root, name, (root / name.replace("-", "/")).read_bytes(), Any)
    assert memory.recall(root, "posts", b"", list[Post]) == list(map(without_text, read.posts))
    again = repository.load(root)
    assert (again, again.course.options[0].names) == (read, read.course.options[0].names)


def test_what_markdown_holds_is_kept_once_a_command_asks_for_it(root: Path) -> None:
    repository.load(root)
    assert memory.recall(root, "contents", b"", dict[bytes, Contents]) is None
    read = repository.load(root, with_contents=True)
    contents = {each.digest: each.contents for each in read.posts}
    assert memory.recall(root, "contents", b"", dict[bytes, Contents]) == contents


@pytest.mark.parametrize("data", ["course", "tools", "prior_posts"])
def test_a_changed_file_is_read(data: str, root: Path) -> None:
    repository.load(root)
    file = root / f"data/{data}.yaml"
    file.write_text(
        file.read_text().replace("A course for tests", "Another").replace("Weights and", "W").replace("Apache", "A")
    )
    hub = repository.load(root)
    names = (hub.course.name, hub.tools.tools["weights-and-biases"].name, hub.priors[0].title)
    before = ("A course for tests", "Weights and Biases", "Apache Airflow")
    after = ("Another", "W Biases", "A Airflow")
    assert [new == changed for new, changed in zip(names, after, strict=True)] == [
        data == file_name for file_name in ("course", "tools", "prior_posts")
    ]
    assert all(text in (old, new) for text, old, new in zip(names, before, after, strict=True))


def test_a_file_that_broke_is_not_hidden_by_what_was_kept(root: Path) -> None:
    repository.load(root)
    (root / "data/tools.yaml").write_text("- [")
    for _ in range(2):
        assert [each.path for each in repository.load(root).troubles] == ["data/tools.yaml"]
    (root / "data/course.yaml").unlink()
    with pytest.raises(repository.NoCourseError):
        repository.load(root)


@pytest.mark.parametrize("name", [*NAMES, *DERIVED])
@pytest.mark.parametrize("damage", [b"", b"\0" * 64, None])
def test_a_torn_file_is_as_good_as_none(name: str, damage: bytes | None, root: Path) -> None:
    read = repository.load(root)
    place = root / f".git/coursehub/{name}"
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] if damage is None else damage)
    assert repository.load(root) == read
    assert place.read_bytes() == whole


def test_another_version_of_the_package_reads_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.keep(root, "x", b"source", ["content"])
    assert memory.recall(root, "x", b"source", list[str]) == ["content"]
    assert memory.recall(root, "x", b"source", list[int]) is None
    assert memory.recall(root, "x", b"another source", list[str]) is None
    monkeypatch.setattr(memory, "_programs", lambda: b"another version")
    assert memory.recall(root, "x", b"source", list[str]) is None


def test_a_change_of_any_source_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    source, data = tmp_path / "records/course.py", tmp_path / "letters.json"
    versions = []
    for file, text in ((source, "1"), (source, "22"), (data, "1"), (data, "22")):
        file.write_text(text)
        versions.append(list(memory._files(str(tmp_path))))
    os.utime(source, ns=(1, 1))
    versions.append(list(memory._files(str(tmp_path))))
    assert len({tuple(version) for version in versions}) == 5


@pytest.mark.parametrize("way", ["no git", "a file", "another folder"])
def test_where_nothing_can_be_kept_all_is_read(way: str, root: Path) -> None:
    git = root / ".git"
    git.rename(root.parent / "git")
    if way == "a file":  # as in a worktree
        git.write_text("gitdir: ../git")
    if way == "another folder":
        git.mkdir()
        (git / "coursehub").write_text("in the way")
    before = sorted(root.rglob("*"))
    assert [post.path for post in repository.load(root).posts] == ["posts/F2026/dvc.md"]
    assert sorted(root.rglob("*")) == before


def test_nothing_beside_git_is_believed(root: Path) -> None:
    """A pull request may bring a folder `.cache`, or the like, of its own."""
    repository.load(root)
    for place in places(root):
        for folder in (".cache", "coursehub", ".coursehub", "data"):
            (root / folder).mkdir(exist_ok=True)
            (root / folder / place.name).write_bytes(place.read_bytes())
        place.unlink()
    assert [memory.recall(root, name, (root / name.replace("-", "/")).read_bytes(), Any) for name in NAMES] == [
        None
    ] * 3


# What may change between two checks: a file, and what of it stands where.
EDITS = [
    ("posts/F2026/dvc.md", "status: claimed", "status: withdrawn"),
    ("posts/F2026/dvc.md", "DVC", "MLEM"),
    ("posts/F2026/mlem.md", "", claim("monalisa", "MLEM")),
    ("posts/F2026/mlem.md", "tool: MLEM", "tool: MLEN"),
    ("posts/F2026/mlem.md", "\n---\n", "\n---\n\n![](a.png) text\n"),
    ("posts/F2026/mlem.md", "text\n", "*text*\r\n\r\n## Its end \u00e9\u2028 [x](dvc.md#the-end)\r\n \n"),
    ("posts/F2026/dvc.md", "\n---\n", "\n---\n\n    # The end\n\n## The end\n"),
    ("posts/F2026/dvc.md", "---\ntitle", "\ufeff---\ntitle"),
    ("posts/F2026/wandb.md", "", claim("hubot", "wandb")),
    ("data/tools.yaml", "Weights and", "Weight or"),
    ("data/tools.yaml", "wandb", "mlem"),
    ("data/prior_posts.yaml", "Apache Airflow", "MLEM"),
    ("data/prior_posts.yaml", "semester: S2026", "semester: F2025"),
    ("data/course.yaml", "A course for tests", "Another"),
    ("data/course.yaml", "open_semester: F2026", "open_semester: S2026"),
]


# What a command asks for: what Markdown holds, and all texts.
ASKED = st.fixed_dictionaries({"with_contents": st.booleans(), "with_texts": st.booleans()})
ALL, NO_TEXTS = {"with_contents": True, "with_texts": True}, {"with_contents": True, "with_texts": False}


def wait_until_marks_are_settled() -> None:
    """Let the system's clock, which stands still for some milliseconds, go on."""
    time.sleep(marks._TICK / 1_000_000_000)


@pytest.fixture
def short_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "_TICK", 12_000_000)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(EDITS), ASKED), max_size=4), ASKED)
@example([(edit, ALL) for edit in EDITS], ALL)
@example([(edit, NO_TEXTS) for edit in EDITS], NO_TEXTS)
def test_after_any_edits_all_is_as_if_nothing_was_remembered(
    short_tick: None, edits: list[tuple[tuple[str, str, str], dict[str, bool]]], asked: dict[str, bool]
) -> None:
    def read(hub: Hub) -> list[tuple[Post, Contents]]:
        return [
            (structs.replace(each, known_body=each.body, file="", known_contents=None), each.contents)
            for each in hub.posts
        ]

    with TemporaryDirectory() as folder:
        root, bare = Path(folder, "hub"), Path(folder, "bare")
        trees.write(HUB, root)
        (root / ".git").mkdir()
        for (path, before, after), asked_before in edits:
            wait_until_marks_are_settled()
            repository.load(root, **asked_before)
            file = root / path
            text = file.read_bytes().decode() if file.exists() else before
            file.write_bytes(text.replace(before, after, 1).encode())
        warm = repository.load(root, **asked)
        shutil.copytree(root, bare, ignore=shutil.ignore_patterns(".git"))
        cold = repository.load(bare)
        assert checks.judge(warm) == checks.judge(cold)
        assert read(warm) == read(cold)
        assert (warm.names.vocabulary, warm.precedents.mentions, warm.precedents.all) == (
            cold.names.vocabulary, cold.precedents.mentions, cold.precedents.all
        )  # fmt: skip


@pytest.mark.parametrize("with_texts", [True, False])
@pytest.mark.parametrize("is_settled", [True, False])
def test_a_post_is_remembered_by_its_bytes_and_its_path(
    with_texts: bool, is_settled: bool, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_settled:
        monkeypatch.setattr(marks, "_TICK", 12_000_000)
        wait_until_marks_are_settled()
    file = root / "posts/F2026/dvc.md"
    for _ in range(2):
        repository.load(root, with_texts=with_texts)
    status = file.stat()
    file.write_text(file.read_text().replace("claimed", "drafted"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # an edit that leaves no sign but the bytes
    assert [each.status for each in repository.load(root, with_texts=with_texts).posts] == ["drafted"]
    file.rename(root / "posts/F2026/mlem.md")
    assert [each.path for each in repository.load(root, with_texts=with_texts).posts] == ["posts/F2026/mlem.md"]


@needs.TIMES_OF_CHANGES
def test_a_file_that_nobody_touched_stays_closed_until_its_text_is_asked_for(short_tick: None, root: Path) -> None:
    (whole,) = repository.load(root).posts
    wait_until_marks_are_settled()
    for _ in range(2):
        hub = repository.load(root, **NO_TEXTS)
    (closed,) = hub.posts
    assert (closed.known_body, closed.body, closed.contents) == (None, whole.body, whole.contents)
    assert (closed.front, closed.title, closed.digest) == (whole.front, whole.title, whole.digest)


def test_a_post_that_changed_among_many_that_were_only_touched_is_read(short_tick: None, root: Path) -> None:
    """Posts are remembered anew only where many changed, and their marks, where many were opened."""
    for number in range(12):
        (root / f"posts/F2026/tool{number}.md").write_text(claim(f"writer{number}", f"Tool{number}"))
    wait_until_marks_are_settled()
    for _ in range(2):
        repository.load(root, with_texts=False)
    file = root / "posts/F2026/tool7.md"
    file.write_text(file.read_text().replace("claimed", "drafted"))
    for each in file.parent.iterdir():
        each.touch()
    wait_until_marks_are_settled()
    for _ in range(2):
        hub = repository.load(root, with_texts=False)
        assert [each.path for each in hub.posts if each.status == "drafted"] == ["posts/F2026/tool7.md"]


@needs.TIMES_OF_CHANGES
def test_a_text_that_changes_while_it_is_judged_is_nobodys_bug(short_tick: None, root: Path) -> None:
    file = root / "posts/F2026/dvc.md"
    file.write_text(claim("hubot", "DVC", status="published") + "See [MLEM](mlem.md).\n")
    wait_until_marks_are_settled()
    for _ in range(2):
        hub = repository.load(root, **NO_TEXTS)
    assert "broken-link" in [each.rule for each in checks.judge(hub)]
    hub = repository.load(root, **NO_TEXTS)
    file.write_text(claim("hubot", "MLEM", status="published") + "See [MLEM](mlem.md).\n")
    with pytest.raises(OSError, match="it has changed since it was read"):
        checks.judge(hub)


def test_a_picture_is_remembered_until_somebody_touches_it(short_tick: None, root: Path) -> None:
    file = root / "posts/F2026/dvc/map.png"
    file.parent.mkdir()
    seen = []
    for line in ("png 40x30", "png 40x30, first 60", "png 30x40", "jpeg 40x30", "jpeg 40x30, place"):
        file.write_bytes(pictures.picture(line) or b"")
        for _ in range(2):
            wait_until_marks_are_settled()
            hub = repository.load(root, **NO_TEXTS)
            assert hub.files.picture("posts/F2026/dvc/map.png") == reading.read_file(file).picture
        seen.append(hub.files.picture("posts/F2026/dvc/map.png"))
    assert len({*seen}) == 5
    file.unlink()
    assert repository.load(root, **NO_TEXTS).pictures == {}


@pytest.mark.parametrize(
    ("written", "changed", "is_settled"),
    [(1, 1, True), (1, 8, False), (8, 1, False), (9, 9, False)],
    ids=["long ago", "just now", "just now, with a time of tomorrow", "tomorrow"],
)
def test_a_mark_counts_once_its_moment_is_over(written: int, changed: int, is_settled: bool) -> None:
    second = 1_000_000_000
    assert marks.is_settled((written * second, changed * second, 100, 5), 10 * second) is is_settled


def test_only_files_have_marks_and_none_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert marks.of(tmp_path.stat()) is None
    (tmp_path / "x").write_text("x")
    status = (tmp_path / "x").stat()
    with monkeypatch.context() as windows:
        windows.setattr(os, "name", "nt")
        mark = marks.of(status)
    assert mark is None


@needs.RAW_NAMES
def test_a_file_whose_name_is_no_text_keeps_nothing_and_is_judged(root: Path) -> None:
    (root / os.fsdecode(b"posts/F2026/caf\xe9.md")).write_text(claim("hubot", "Kedro"))
    for _ in range(2):
        assert [each.tool for each in repository.load(root).posts] == [("Kedro",), ("DVC",)]


# Each takes longer to load than a post takes to be judged.
SLOW = [
    "coursehub.cli.job_summary", "coursehub.names.citations", "coursehub.pictures.reading",
    "_strptime", "coursehub.text.libyaml", "csv", "difflib", "frontmatter", "httpx2", "importlib.metadata", "importlib.resources", "jinja2", "openpyxl", "pathspec", "pygments", "rapidfuzz",
    "subprocess", "tempfile", "tomllib", "yaml", "zoneinfo",
]  # fmt: skip
CHECK = """
import sys
from coursehub.cli import main
main(["check", "posts/F2026/dvc.md"], standalone_mode=False)
"""


def test_to_judge_a_post_nothing_slow_is_loaded(root: Path) -> None:
    repository.load(root)
    program = CHECK.replace("main(", "try:\n    main(") + "finally:\n    print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    report, modules = done.stdout.splitlines()
    assert report == "1 post checked: nothing to fix."
    assert "coursehub.checks.rules.claims" in modules.split()
    assert [name for name in SLOW if name in modules.split()] == []


def test_a_link_is_no_post_though_it_leads_to_what_the_post_said(root: Path) -> None:
    place = root / "posts/F2026/dvc.md"
    text = place.read_text()
    repository.load(root)
    place.unlink()
    needs.link(place, text)
    (post,) = repository.load(root).posts
    assert [trouble.rule for trouble in post.troubles] == ["symbolic-link"]
