"""The store returns a value as it was put in, or nothing, whatever happens to its file."""

import logging
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import needs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_once.store import Store, pack

VALUES = {b"key %d" % number: (b"value %d" % number) * 400 for number in range(60)}


def filled(path: Path) -> None:
    store = Store(path)
    store.put({key: pack(key, value) for key, value in VALUES.items()})
    store.close()


def all_of(store: Store) -> dict[bytes, bytes | None]:
    return {key: store.get(key) for key in VALUES}


def test_the_next_build_finds_what_the_last_one_left(tmp_path: Path) -> None:
    filled(tmp_path / "some/where.sqlite")
    store = Store(tmp_path / "some/where.sqlite")
    assert all_of(store) == VALUES
    assert store.present([*VALUES, b"another"]) == set(VALUES)
    assert store.get(b"another") is None


def test_without_a_file_it_lives_as_long_as_the_build() -> None:
    store = Store(None)
    store.put({b"key": pack(b"key", b"value")})
    assert store.get(b"key") == b"value"
    store.close()
    assert Store(None).get(b"key") is None


@pytest.mark.parametrize("builds", [1, 7])
def test_what_a_few_builds_did_not_need_is_still_there(tmp_path: Path, builds: int) -> None:
    filled(tmp_path / "store")
    for _ in range(builds):
        Store(tmp_path / "store").close()
    assert all_of(Store(tmp_path / "store")) == VALUES


def test_what_was_asked_after_stays(tmp_path: Path) -> None:
    filled(tmp_path / "store")
    for _ in range(20):
        store = Store(tmp_path / "store")
        assert store.present([b"key 1", b"key 2"]) == {b"key 1", b"key 2"}
        store.close()
    assert Store(tmp_path / "store").present(VALUES) == {b"key 1", b"key 2"}


def test_what_no_build_needed_for_long_is_forgotten(tmp_path: Path) -> None:
    filled(tmp_path / "store")
    for _ in range(20):
        store = Store(tmp_path / "store")
        assert store.get(b"key 1") == VALUES[b"key 1"]
        store.close()
    assert Store(tmp_path / "store").present(VALUES) == {b"key 1"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"Dear diary,\n" * 50, "file is not a database", id="a text"),
        pytest.param(b"\0" * 5000, "file is not a database", id="zeros"),
        pytest.param("other", "it is no cache of this version", id="another program's"),
        pytest.param("newer", "it is no cache of this version", id="a newer layout"),
    ],
)
def test_a_foreign_file_is_dropped_with_a_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | str, why: str
) -> None:
    path = tmp_path / "store"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        filled(path)
        with sqlite3.connect(path) as connection:
            connection.execute({"other": "PRAGMA application_id = 7", "newer": "PRAGMA user_version = 99"}[content])
        connection.close()
    with caplog.at_level(logging.INFO, "mkdocs.plugins.once"):
        store = Store(path)
    assert caplog.messages == [f"The cache {path} is dropped: {why}. What it had is made anew."]
    store.put({b"key": pack(b"key", b"value")})
    store.close()
    assert Store(path).get(b"key") == b"value"


@settings(max_examples=60, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_file_gives_nothing_wrong(
    tmp_path_factory: pytest.TempPathFactory, place: float, byte: int, cut: bool
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "store"
    filled(path)
    content = bytearray(path.read_bytes())
    offset = int(place * len(content))
    if cut:
        del content[offset:]
    else:
        content[offset] ^= byte
    path.write_bytes(content)
    store = Store(path)
    stored = all_of(store)
    assert {key: value for key, value in stored.items() if value is not None}.items() <= VALUES.items()
    store.put({key: pack(key, value) for key, value in VALUES.items()})
    store.close()
    again = all_of(Store(path))
    assert {key: value for key, value in again.items() if value is not None}.items() <= VALUES.items()


def test_where_the_disk_can_not_be_used_it_does_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("no folder")
    with caplog.at_level(logging.INFO, "mkdocs.plugins.once"):
        store = Store(tmp_path / "file/store")
    store.put({b"key": pack(b"key", b"value")})
    assert store.get(b"key") == b"value"
    store.close()
    assert "is dropped" in caplog.text


def test_while_another_build_writes_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mkdocs_once.store._WAIT", 0)
    path = tmp_path / "store"
    filled(path)
    store = Store(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.put({b"new": pack(b"new", b"value")})
    store.close()
    other.execute("COMMIT")
    other.close()
    assert all_of(Store(path)) == VALUES


def in_child(do: Callable[[], bool]) -> bool:
    """Whether another process, forked from this one, finds the same."""
    child = os.fork()
    if not child:
        try:
            os._exit(0 if do() else 1)
        finally:
            os._exit(2)
    return os.waitpid(child, 0)[1] == 0


@needs.FORK
@pytest.mark.parametrize("has_file", [True, False])
def test_a_forked_process_reads_and_leaves_nothing(tmp_path: Path, has_file: bool) -> None:
    store = Store(tmp_path / "store" if has_file else None)
    store.put({key: pack(key, value) for key, value in VALUES.items()})

    def reads() -> bool:
        store.put({b"child": pack(b"child", b"value")})
        return all_of(store) == VALUES

    assert in_child(reads)
    assert store.get(b"child") is None
    assert all_of(store) == VALUES


@needs.FORK
def test_what_a_forked_process_finds_damaged_the_first_one_drops(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filled(tmp_path / "store")
    store = Store(tmp_path / "store")
    with sqlite3.connect(tmp_path / "store") as connection:
        connection.execute("UPDATE kept SET digest = zeroblob(16)")
    connection.close()
    assert in_child(lambda: not any(all_of(store).values()))
    assert store.present(VALUES) == set(VALUES)
    with caplog.at_level(logging.INFO, "mkdocs.plugins.once"):
        assert store.get(b"key 1") is None
    assert "is dropped" in caplog.text
    assert not store.present(VALUES)


def test_nothing_stays_of_a_store_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = Store(None)
    store.put({b"key": pack(b"key", b"value")})
    store.close()
    assert [*tmp_path.iterdir()] == []
