"""What was made before, by a hash of what it was made from: one SQLite file, which may be lost at any time."""

import hashlib
import logging
import os
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger("mkdocs.plugins.once")

_HEADER = {"application_id": 0x6F6E6365, "user_version": 1}  # “once”, and the layout of the table
_TABLE = "CREATE TABLE kept (key BLOB PRIMARY KEY, used INTEGER, digest BLOB, value BLOB) WITHOUT ROWID"
_BUILDS = 8  # as many variants of a site (with drafts, served, published) as take turns
_MANY = 10**9  # builds; a greater number is damage
_BATCH = 500
_WAIT = 10  # seconds, for another build that writes


class Store:
    """Values by key: each comes back as it was put in, or not at all.

    A file that is broken, or no store, is dropped with a line saying so; without a path, or where the disk can not
    be used, the values live as long as the store. To a forked process the store is empty, and stays so: SQLite allows
    no connection in two processes.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._used: set[bytes] = set()
        self._process = os.getpid()
        try:
            self._connection = _connect(path)
        except (OSError, sqlite3.Error) as error:
            self._drop(error)
        self._build = 1 + (self._rows(f"SELECT max(used) FROM kept WHERE used BETWEEN 0 AND {_MANY}")[0][0] or 0)

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        for digest, value in self._rows("SELECT digest, value FROM kept WHERE key = ?", key):
            if isinstance(value, bytes) and digest == _digest(key, value):
                self._used.add(key)
                return zlib.decompress(value)
            self._drop("a value in it is not what was put in")
        return None

    def among(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of the keys that have a value, which this build is thereby known to need."""
        wanted, found = list(keys), set()
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(batch))
            found |= {key for (key,) in self._rows(f"SELECT key FROM kept WHERE key IN ({marks})", *batch)}
        self._used |= found
        return found

    def put(self, packed: Mapping[bytes, bytes]) -> None:
        """Keep these values, each packed under its key (see `pack`)."""
        self._write(
            "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)",
            [(key, self._build, value[:16], value[16:]) for key, value in packed.items()],
        )
        self._used.update(packed)

    def close(self) -> None:
        """Leave all on the disk, but for what the last builds had no use for."""
        self._write("UPDATE kept SET used = ? WHERE key = ?", [(self._build, key) for key in self._used])
        self._write("DELETE FROM kept WHERE used <= ?", [(self._build - _BUILDS,)])
        self._connection.close()

    def _rows(self, query: str, *values: bytes) -> list[Any]:
        if self._process != os.getpid():
            return []
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._drop(error)
            return self._connection.execute(query, values).fetchall()

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        if self._process != os.getpid():
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
        """Go on with an empty file, or where that can not be had with none."""
        log.info("The cache %s is dropped: %s. What it had is made anew.", self._path, why)
        try:
            if self._path:
                self._path.unlink(missing_ok=True)
            self._connection = _connect(self._path)
        except (OSError, sqlite3.Error):
            self._connection = _connect(None)


def pack(key: bytes, value: bytes) -> bytes:
    """A value as `Store.put` takes it: smaller, and with what tells whether it is whole."""
    small = zlib.compress(value, 1)
    return _digest(key, small) + small


def _digest(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(len(key).to_bytes(8, "big") + key + value, digest_size=16).digest()


def _connect(path: Path | None) -> sqlite3.Connection:
    """A connection to a store, an empty one where there is no file yet; raises where the file is something else."""
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path or ":memory:", timeout=_WAIT)
    connection.execute("PRAGMA synchronous = OFF")  # what a crash of the machine breaks is found and dropped
    application, layout = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _HEADER)
    if (application, layout) == (0, 0) and not connection.execute("SELECT * FROM sqlite_master").fetchone():
        for name, number in _HEADER.items():
            connection.execute(f"PRAGMA {name} = {number}")
        connection.execute(_TABLE)
    elif (application, layout) != tuple(_HEADER.values()):
        connection.close()
        raise sqlite3.DatabaseError("it is no cache of this version")
    return connection
