"""A server hears of each edit at once, however an editor writes the file."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue

import pytest
import watchfiles
from mkdocs.livereload import LiveReloadServer
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers.polling import PollingObserver

from mkdocs_once.watching import Observer, watch

SOON = 30  # seconds, on a busy machine; MkDocs alone takes half of one


class Heard(FileSystemEventHandler):
    """The paths of the changes that were reported."""

    def __init__(self) -> None:
        self.paths: Queue[str] = Queue()

    def on_any_event(self, event: FileSystemEvent) -> None:
        self.paths.put(str(event.src_path))

    def next(self, seconds: float = SOON) -> str:
        return self.paths.get(timeout=seconds)


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[Heard]:
    """Those of a folder `posts` and of a file `mkdocs.yml`."""
    (tmp_path / "posts").mkdir()
    (tmp_path / "mkdocs.yml").write_text("")
    heard, observer = Heard(), Observer(PollingObserver(timeout=0.05))
    observer.schedule(heard, str(tmp_path / "mkdocs.yml"), recursive=True)
    observer.schedule(heard, str(tmp_path / "posts"), recursive=True)
    observer.start()
    yield heard
    observer.stop()
    observer.join()


def test_an_edit_below_a_folder_is_heard_of(tmp_path: Path, heard: Heard) -> None:
    (tmp_path / "posts/F2026").mkdir()
    heard.next()
    (tmp_path / "posts/F2026/kedro.md").write_text("Kedro")
    while not heard.next().endswith("kedro.md"):
        pass


def test_a_file_that_is_replaced_is_heard_of_each_time(tmp_path: Path, heard: Heard) -> None:
    for text in ("one", "two"):
        (tmp_path / "new").write_text(text)
        (tmp_path / "new").replace(tmp_path / "mkdocs.yml")
        assert heard.next() == str(tmp_path / "mkdocs.yml")
    (tmp_path / "another").write_text("")
    with pytest.raises(Empty):
        heard.next(0.2)


@pytest.mark.parametrize("empty_before", [0, 1], ids=["from the beginning", "later"])
def test_where_the_system_reports_nothing_mkdocs_looks_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest, empty_before: int,
) -> None:  # fmt: skip
    def refused(*_: object, recursive: bool, **__: object) -> Iterator[object]:
        yield from [set()] * (empty_before or not recursive)
        if recursive:
            raise OSError("OS file watch limit reached")

    monkeypatch.setattr(watchfiles, "watch", refused)
    caplog.set_level(logging.INFO, "mkdocs.plugins.once")
    heard = request.getfixturevalue("heard")
    for number in range(int(SOON / 0.1)):  # the first may come before MkDocs has looked once
        (tmp_path / "posts/kedro.md").write_text(f"Kedro {number}")
        with suppress(Empty):
            heard.next(0.1)
            break
    else:
        pytest.fail("no edit is heard of")
    assert caplog.messages == [
        "The operating system reports no changes of files (OS file watch limit reached): they are looked for."
    ]


def test_a_server_builds_after_an_edit_of_what_it_watched_before(tmp_path: Path) -> None:
    built = Queue[bool]()
    server = LiveReloadServer(lambda: built.put(True), "127.0.0.1", 0, str(tmp_path))
    server.watch(str(tmp_path))
    watch(server, [str(tmp_path), str(tmp_path / "not watched")])
    try:
        server.observer.start()
        (tmp_path / "index.md").write_text("new")
        with server._rebuild_cond:
            assert server._rebuild_cond.wait_for(lambda: server._want_rebuild, timeout=SOON)
    finally:
        server.observer.stop()
        server.observer.join()
        server.server_close()
