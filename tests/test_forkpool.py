"""Several processes have the results that one has, in the same order, and none of them stays."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import needs
import pytest
import trees
from hypothesis import given, settings
from hypothesis import strategies as st

import forkpool
from coursehub import checks
from coursehub.markdown import contents
from coursehub.records import repository
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub
from forkpool import for_runs, in_chunks, in_order

pytestmark = needs.FORK

FIXTURES = Path(__file__).parent / "fixtures/rules"
DATA = [(f"data/{path.name}", path.read_text(), "") for path in sorted((FIXTURES / "data").iterdir())]
PARENT = os.getpid()


@pytest.fixture(autouse=True)
def few_are_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forkpool, "_FEWEST", 1)


def in_child(do: Callable[[], object], folder: Path) -> Callable[[str], int]:
    """A function that fails in other processes; one of them runs it before this one does."""

    def work(word: str) -> int:
        if os.getpid() != PARENT:
            (folder / "started").touch()
            do()
        wait_for(folder / "started")
        return len(word)

    return work


def wait_for(*files: Path) -> None:
    end = time.monotonic() + 60
    while missing := [file.name for file in files if not file.exists()]:
        assert time.monotonic() < end, f"another process never wrote {missing}"
        time.sleep(0.001)


def fail() -> None:
    raise IndexError("no such item")


def children() -> set[str]:
    """The processes that this one has, those of other tests included."""
    return set(Path("/proc/thread-self/children").read_text().split())


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    before = children()
    yield
    assert children() == before


# --- one process that begins ahead


@pytest.fixture
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forkpool, "processes", lambda: 2)


@pytest.mark.usefixtures("two_processes")
def test_results_come_from_a_process_that_began_before_they_are_asked_for(tmp_path: Path) -> None:
    def work() -> Iterator[int]:
        (tmp_path / "began").touch()
        yield from (os.getpid(), 2)

    with forkpool.ahead(work, int) as results:
        wait_for(tmp_path / "began")
        process, two = results
    assert (process != PARENT, two) == (True, 2)


@pytest.mark.usefixtures("two_processes")
@pytest.mark.parametrize("end", [fail, lambda: os.kill(os.getpid(), signal.SIGKILL)])
def test_results_before_a_failure_come_and_those_behind_do_not(end: Callable[[], object]) -> None:
    def work() -> Iterator[int]:
        yield 1
        end()
        yield 2

    with forkpool.ahead(work, int) as results:
        assert [*results] == [1]


@pytest.mark.usefixtures("two_processes")
def test_a_process_that_nobody_asks_ends_with_its_context() -> None:
    def work() -> Iterator[bytes]:
        while True:
            yield bytes(100_000)  # more than a pipe has room for

    with forkpool.ahead(work, bytes):
        assert children()


def test_nothing_comes_of_another_process_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forkpool, "processes", lambda: 1)
    with forkpool.ahead(lambda: [1], int) as results:
        assert [*results] == []


# --- any work


@pytest.mark.slow
@settings(max_examples=30)
@given(st.lists(st.text(max_size=3), max_size=20), st.integers(1, 5))
def test_every_item_has_its_result_in_its_place(words: list[str], processes: int) -> None:
    assert in_order(len, words, int, processes) == [len(word) for word in words]


@pytest.mark.parametrize("processes", [1, 2])
def test_work_that_needs_several_items_at_once_gets_runs_of_them_in_their_order(processes: int) -> None:
    runs = for_runs(lambda run: [list(run)], range(1000), list[int], processes)
    assert [item for run in runs for item in run] == [*range(1000)]
    assert {len(run) for run in runs} == {4}


def test_other_processes_take_their_share(tmp_path: Path) -> None:
    def who(item: int) -> int:
        (tmp_path / f"{item}").touch()
        wait_for(*(tmp_path / f"{each}" for each in range(3)))  # nobody can do two of these
        return os.getpid()

    results = in_order(who, range(4), int, 3)
    assert PARENT in results
    assert len(set(results)) == 3


def test_results_come_while_others_work(tmp_path: Path) -> None:
    def slowly(item: int) -> int:
        if os.getpid() != PARENT:
            wait_for(tmp_path / "received")
        return item

    for start, _ in in_chunks(slowly, range(600), int, 2):
        (tmp_path / "received").touch()
        assert start % 3 == 0


def test_many_items_are_few_messages() -> None:
    starts = [start for start, _ in in_chunks(int, range(15_000), int, 1)]
    assert len(starts) <= 256


@pytest.mark.parametrize(
    "trouble",
    [fail, sys.exit, lambda: os._exit(1), lambda: os.kill(os.getpid(), signal.SIGKILL)],
    ids=["an error", "an exit", "a sudden exit", "killed"],
)
def test_a_chunk_that_another_process_failed_in_is_done_here(trouble: Callable[[], object], tmp_path: Path) -> None:
    assert in_order(in_child(trouble, tmp_path), ["a", "bb", "ccc"], int, 2) == [1, 2, 3]


def test_a_process_that_is_killed_in_the_middle_of_a_message_holds_up_nobody(tmp_path: Path) -> None:
    def work(word: str) -> str:
        if os.getpid() != PARENT:
            (tmp_path / f"{os.getpid()}.child").touch()
        else:
            wait_for(tmp_path / "killed")
        return word * 100_000_000  # more than a pipe takes, so that writing it waits for a reader

    def kill() -> None:
        while not (children := [file.stem for file in tmp_path.glob("*.child")]):
            time.sleep(0.001)
        while Path(f"/proc/{children[0]}/stat").read_text().rpartition(")")[2].split()[0] != "S":
            time.sleep(0.001)  # until it sleeps, for a reader
        os.kill(int(children[0]), signal.SIGKILL)
        (tmp_path / "killed").touch()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        assert [len(each) for each in in_order(work, ["a", "b"], str, 2)] == [100_000_000] * 2
    finally:
        killer.join()


def test_a_failure_is_raised_here_with_its_own_type() -> None:
    with pytest.raises(ZeroDivisionError):
        in_order(lambda word: len(word) // (word != "bad"), ["a", "bad", "c"], int, 2)


def test_an_interrupt_leaves_no_process(tmp_path: Path) -> None:
    def work(word: str) -> int:
        if os.getpid() == PARENT:
            raise KeyboardInterrupt
        time.sleep(60)
        (tmp_path / "outlived").touch()
        return len(word)

    with pytest.raises(KeyboardInterrupt):
        in_order(work, ["a", "b"], int, 2)


def test_breaking_off_leaves_no_process() -> None:
    for _ in in_chunks(len, ["a"] * 40, int, 2):
        break


def test_few_items_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forkpool, "_FEWEST", 100)
    assert in_order(lambda _: os.getpid(), range(199), int, 8) == [PARENT] * 199


def test_nothing_is_forked_beside_a_thread() -> None:
    count = "import forkpool; print(forkpool.processes())"
    alone = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True).stdout
    assert int(alone) == (min(len(os.sched_getaffinity(0)), 8) if sys.platform == "linux" else 1)
    with_thread = threading.Event()
    thread = threading.Thread(target=with_thread.wait)
    thread.start()
    try:
        assert forkpool.processes() == 1
    finally:
        with_thread.set()
        thread.join()


# --- reading and judging posts


def write(names: Sequence[str], root: Path) -> None:
    """One repository of the files of several fixtures; of the same path, the last wins."""
    files = {}
    for name in names:
        files |= {file[0]: file for file in trees.parse((FIXTURES / name).read_text()).files}
    folders = {str(Path(path).parent) for path in files}
    trees.write(trees.Tree([*DATA, *(file for path, file in files.items() if path not in folders)], ""), root)


def read_and_judged(root: Path, processes: int, *, with_contents: bool) -> tuple[Hub, list[Finding]]:
    hub = repository.load(root, processes=processes, with_contents=with_contents)
    return hub, checks.judge(hub, processes)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(st.sampled_from(sorted(path.name for path in FIXTURES.glob("*.txt"))), min_size=1, max_size=12, unique=True),
       st.integers(2, 4), st.booleans())  # fmt: skip
def test_the_verdict_does_not_depend_on_the_number_of_processes(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], processes: int, with_contents: bool
) -> None:
    root = tmp_path_factory.mktemp("repository")
    write(names, root)
    alone, found_alone = read_and_judged(root, 1, with_contents=False)
    shared, results = read_and_judged(root, processes, with_contents=with_contents)
    assert results == found_alone
    assert [(post.path, post.front, post.troubles, post.wrong, post.body) for post in shared.posts] == [
        (post.path, post.front, post.troubles, post.wrong, post.body) for post in alone.posts
    ]
    assert [post.contents for post in shared.posts] == [contents.read(post.body) for post in alone.posts]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_bug_in_a_rule_is_reported_as_such_by_many_processes(
    processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def buggy(post: object, hub: object) -> None:
        raise IndexError("no such item")

    write(["claim-taken.bad.txt"], tmp_path)
    monkeypatch.setattr(checks, "POST_RULES", [checks.POST_RULES[0]._replace(name="claim-taken", judge=buggy)])
    the_hub = repository.load(tmp_path, processes=processes)
    with pytest.raises(checks.BrokenRuleError) as error:
        checks.judge(the_hub, processes)
    assert str(error.value) == f"the rule claim-taken failed on {the_hub.posts[0].path} (IndexError: no such item)"
    assert isinstance(error.value.__cause__, IndexError)


# --- reading again


@pytest.mark.parametrize("processes", [1, 2])
def test_only_changed_files_are_read_again(processes: int, tmp_path: Path) -> None:
    write(["claim-taken.good.txt", "second-live-claim.good.txt"], tmp_path)
    before = repository.load(tmp_path, with_contents=True)
    changed, *same = before.posts
    file = tmp_path / changed.path
    was = file.stat()
    content = file.read_bytes()
    file.write_bytes(content.replace(b"title: ", b"title: Y", 1)[: len(content)])  # of the same size
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    after = repository.load(tmp_path, processes=processes, with_contents=True, known=before.posts)
    assert after.posts == repository.load(tmp_path, with_contents=True).posts
    assert after.posts[0].title == f"Y{changed.title}"
    if processes == 1:
        assert [post is old for post, old in zip(after.posts[1:], same, strict=True)] == [True] * len(same)


def test_a_post_that_moved_is_another_post(tmp_path: Path) -> None:
    write(["claim-taken.good.txt"], tmp_path)
    before = repository.load(tmp_path)
    (tmp_path / before.posts[0].path).rename(tmp_path / "posts/F2026/moved.md")
    after = repository.load(tmp_path, known=before.posts)
    assert "posts/F2026/moved.md" in {post.path for post in after.posts}
    assert after.posts == repository.load(tmp_path).posts
