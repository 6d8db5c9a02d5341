"""The cache: values by cache key, in one SQLite file, which may be lost at any time."""

import hashlib
import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

log = logging.getLogger("mkdocs.plugins.once")

_HEADER = {"application_id": 0x6F6E6365, "user_version": 3}  # “once”, and the layout of the tables
_TABLES = (
    "CREATE TABLE kept (key BLOB PRIMARY KEY, digest BLOB, value BLOB)",
    "CREATE TABLE used (key BLOB PRIMARY KEY, until INTEGER) WITHOUT ROWID",  # the first build without it
    "CREATE TABLE builds (build INTEGER PRIMARY KEY)",  # the number of the last one
)
_BUILDS = 8  # as many variants of a site (with drafts, served, published) as take turns
_MANY = 10**9  # builds; a greater number is damage
_BATCH = 500
_SIZE = 16  # bytes of a digest
_WAIT = 10  # seconds, for another build that writes


class Store:
    """Values by key: each is returned as it was put in, or not at all.

    A file that is broken, or no store, is dropped with a line in the log; without a path, the values live as long as
    the store. A forked process reads by a connection of its own, because SQLite allows none in two processes; it writes
    nothing, and takes a broken store for an empty one. https://www.sqlite.org/howtocorrupt.html section 2.6
    """

    def __init__(self, path: Path | None) -> None:
        self._folder = None if path else TemporaryDirectory(prefix="once-", ignore_cleanup_errors=True)
        self._path = path or Path(self._folder.name if self._folder else "", "pages.sqlite")
        self._used: set[bytes] = set()
        self._stored: set[bytes] = set()  # keys: SQLite takes longer to say of each whether it is there
        self._process = os.getpid()
        self._connections: dict[int, sqlite3.Connection] = {}
        self._build = 1 + (self._rows(f"SELECT max(build) FROM builds WHERE build BETWEEN 0 AND {_MANY}")[0][0] or 0)
        self._stored = self._keys("kept")

    @property
    def is_new(self) -> bool:
        """Whether no build has used the store before."""
        return self._build == 1

    def get(self, key: bytes) -> bytes | None:
        """The value of a key, or None."""
        return next(self.get_all([key]))

    def get_all(self, keys: Iterable[bytes]) -> Iterator[bytes | None]:
        """The value of each of the keys, or None, in their order."""
        for batch in _batches(keys):
            rows = {key: (digest, value) for key, digest, value in self._select("key, digest, value", batch)}
            yield from (self._checked(key, *rows[key]) if key in rows else None for key in batch)

    def present(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of the keys that have a value. They count as used by this build."""
        with_value = self._stored.intersection(keys)
        self._used |= with_value
        return with_value

    def put(self, packed: Mapping[bytes, bytes]) -> None:
        """Store these values, each packed with its key by `pack`."""
        rows = [(key, value[:_SIZE], memoryview(value)[_SIZE:]) for key, value in packed.items()]
        self._write("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
        self._used.update(packed)
        self._stored.update(packed)

    def put_one(self, key: bytes, value: bytes) -> None:
        """Store a value, as it is: where it is large, there is no copy of it."""
        self._write("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", [(key, _digest(key, value), value)])
        self._used.add(key)
        self._stored.add(key)

    def close(self) -> None:
        """Delete the values that none of the last builds used, and close the file."""
        before = self._keys("used WHERE until IS NULL")
        self._write("INSERT OR REPLACE INTO used VALUES (?, NULL)", [(key,) for key in self._used - before])
        self._write("UPDATE used SET until = ? WHERE key = ?", [(self._build, key) for key in before - self._used])
        self._write("DELETE FROM used WHERE until <= ?", [(self._build - _BUILDS + 1,)])
        self._write("REPLACE INTO builds VALUES (?)", [(self._build,)])
        self._write("DELETE FROM builds WHERE build < ?", [(self._build,)])
        unused = self._stored - self._keys("used")
        self._write("DELETE FROM kept WHERE key = ?", [(key,) for key in unused])
        self._connection.close()
        if self._folder:
            self._folder.cleanup()

    @property
    def _connection(self) -> sqlite3.Connection:
        """The connection of the current process."""
        if os.getpid() not in self._connections:
            try:
                self._connections[os.getpid()] = _connect(self._path)
            except (OSError, sqlite3.Error) as error:
                self._drop(error)
        return self._connections[os.getpid()]

    @property
    def _is_forked(self) -> bool:
        return self._process != os.getpid()

    def _checked(self, key: bytes, digest: bytes, value: bytes) -> bytes | None:
        """The value of a row, or None if it is damaged: then the store is dropped."""
        if isinstance(value, bytes) and digest == _digest(key, value):
            self._used.add(key)
            return value
        self._drop("a value in it is not what was put in")
        return None

    def _select(self, columns: str, keys: Sequence[bytes]) -> list[Any]:
        return self._rows(f"SELECT {columns} FROM kept WHERE key IN ({','.join('?' * len(keys))})", *keys)

    def _keys(self, place: str) -> set[bytes]:
        return {key for (key,) in self._rows(f"SELECT key FROM {place}")}

    def _rows(self, query: str, *values: bytes) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._drop(error)
            return self._connection.execute(query, values).fetchall()

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        if self._is_forked:
            return
        try:
            with self._connection:
                self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                log.info("Another build writes the cache %s: what this one made is not kept.", self._path)
            else:
                self._drop(error)

    def _drop(self, why: object) -> None:
        """Go on with an empty file, or in memory if there can be none."""
        path: Path | str = ":memory:"
        self._stored = set()
        if broken := self._connections.pop(os.getpid(), None):
            broken.close()  # else Windows removes no file
        if not self._is_forked:
            log.info("The cache %s is dropped: %s. What it had is made anew.", self._path, why)
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
                path = self._path
        try:
            self._connections[os.getpid()] = _connect(path)
        except (OSError, sqlite3.Error):
            self._connections[os.getpid()] = _connect(":memory:")


def unpack(packed: bytes) -> bytes:
    """The value in the bytes that `pack` returned, without checking the digest."""
    return packed[_SIZE:]


def pack(key: bytes, value: bytes) -> bytes:
    """A value as `Store.put` takes it: behind a digest that shows damage.

    Compressed, the file would be half as large, and a first build take a twentieth longer.
    """
    return _digest(key, value) + value


def _digest(key: bytes, value: bytes) -> bytes:
    digest = hashlib.sha256(len(key).to_bytes(8, "big") + key)  # for which today's processors have instructions
    digest.update(value)
    return digest.digest()[:_SIZE]


def _batches(keys: Iterable[bytes]) -> Iterator[list[bytes]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _connect(path: Path | str) -> sqlite3.Connection:
    """A connection to a store, new if there is no file. Raises `sqlite3.DatabaseError` if the file is no store."""
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_WAIT)
    try:
        _set_up(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # a file that a crash of the machine breaks is detected and dropped
    application, layout = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _HEADER)
    if (application, layout) == (0, 0) and not connection.execute("SELECT * FROM sqlite_master").fetchone():
        for name, number in _HEADER.items():
            connection.execute(f"PRAGMA {name} = {number}")
        for table in _TABLES:
            connection.execute(table)
    elif (application, layout) != tuple(_HEADER.values()):
        raise sqlite3.DatabaseError("it is no cache of this version")
