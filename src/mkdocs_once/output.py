"""The site's folder, in which files that did not change are not written again.

MkDocs empties the folder and writes every file, which on a slow disk takes longer than all else in a build where little
changed. So the folder is set aside while MkDocs writes into an empty one, and its new files are then moved into it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath

import msgspec

from busyfiles import patiently
from mkdocs_once.store import Store

_UNREAD = ".unread"  # at the site's top, while it is built


class FileState(msgspec.Struct, frozen=True, array_like=True):
    """A file of the site: a hash of what it is made from, its size in bytes, and when it changed, in ns."""

    digest: bytes
    size: int
    changed: int


class Output:
    """The folder of one build. The store has the states of its files."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder, self._before = folder, folder.with_name(f".{folder.name}-before")
        self._store, self._key = store, f"written {folder}".encode()
        stored = store.get(self._key)
        self._states = msgspec.msgpack.decode(stored, type=dict[str, FileState]) if stored else {}
        self._digests: dict[str, bytes] = {}
        self._unchanged: dict[str, FileState] = {}

    @property
    def unread(self) -> str:
        """A file into which MkDocs can write what nobody reads; on Windows the system's own is in no folder."""
        return os.devnull if os.path.dirname(os.devnull) else str(self._folder / _UNREAD)  # noqa: PTH120

    def set_aside(self) -> None:
        """Move the folder out of MkDocs' way. One that cannot be moved is emptied by MkDocs, and written anew."""
        self.restore()  # what an interrupted build left
        if self._states and self._folder.is_dir():
            with suppress(OSError):
                patiently(partial(self._folder.rename, self._before))

    def is_current(self, path: str, digest: bytes) -> bool:
        """Whether the file at `path` is there already, made from what has this digest; it then stays as it is."""
        self._digests[path] = digest
        state = self._states.get(path)
        if state and state.digest == digest and _state(f"{self._before}/{path}", digest) == state:
            self._unchanged[path] = state
            return True
        return False

    def finish(self) -> None:
        """Move the new files to the unchanged ones, remove those that the site no longer has, and store all states."""
        (self._folder / _UNREAD).unlink(missing_ok=True)
        if self._before.is_dir():
            new = set(_files(self._folder))
            for path in set(_files(self._before)) - self._unchanged.keys() - new:
                _remove(path, self._before)
            for path in new:
                target = self._before / path
                target.parent.mkdir(parents=True, exist_ok=True)
                patiently(partial((self._folder / path).replace, target))
                self._unchanged.pop(path, None)
            self.restore()
        states = {
            path: self._unchanged.get(path) or _state(f"{self._folder}/{path}", digest)
            for path, digest in self._digests.items()
        }
        existing = {path: state for path, state in states.items() if state}
        self._store.put_one(self._key, msgspec.msgpack.encode(existing))

    def restore(self) -> None:
        """Put the folder back that was set aside, in place of the one that MkDocs wrote into."""
        if self._before.is_dir():
            patiently(self._put_back)

    def _put_back(self) -> None:
        with suppress(FileNotFoundError):
            shutil.rmtree(self._folder)
        self._before.rename(self._folder)


def digest_of(content: bytes) -> bytes:
    """A hash of a file's content, or of what it is made from."""
    return hashlib.sha256(content).digest()


def _state(file: str, digest: bytes) -> FileState | None:
    try:
        stat = os.stat(file)  # noqa: PTH116  (of thousands of files, making each a Path takes longer)
    except OSError:
        return None
    return FileState(digest, stat.st_size, stat.st_mtime_ns)


def _files(folder: Path) -> Iterator[str]:
    """The paths of all files, with `/`, but those hidden at the top, which MkDocs does not touch either."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(f"{folder}/{below}") as entries:
            for entry in entries:
                path = f"{below}{entry.name}"
                if path.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")
                else:
                    yield path


def _remove(path: str, folder: Path) -> None:
    """Remove a file, and the folders that are empty without it."""
    (folder / path).unlink()
    with suppress(OSError):  # one that is not empty stays, and so do those around it
        for parent in PurePosixPath(path).parents[:-1]:
            (folder / parent).rmdir()
