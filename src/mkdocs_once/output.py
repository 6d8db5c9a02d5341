"""The site's folder, in which a file that did not change is left as it is.

MkDocs empties the folder and writes every file, which on a slow disk takes longer than all else in a build where little
changed. So the folder is set aside while MkDocs writes into an empty one, and what it wrote is then moved into it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from mkdocs_once.store import Store, pack


class Written(msgspec.Struct, frozen=True, array_like=True):
    """A file that was written: a hash of what it was made from, and what the disk then said of it."""

    digest: bytes
    size: int
    changed: int


class Output:
    """The folder of one build. What it has is known from the store."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder, self._before = folder, folder.with_name(f".{folder.name}-before")
        self._store, self._key = store, f"written {folder}".encode()
        kept = store.get(self._key)
        self._known = msgspec.msgpack.decode(kept, type=dict[str, Written]) if kept else {}
        self._files: dict[str, bytes] = {}
        self._left: dict[str, Written] = {}

    def set_aside(self) -> None:
        """Make way for MkDocs. A folder that can not be moved is MkDocs' to empty, and is written anew."""
        self.restore()  # what an interrupted build left
        if self._known and self._folder.is_dir():
            with suppress(OSError):
                self._folder.rename(self._before)

    def leaves(self, path: str, digest: bytes) -> bool:
        """Whether the file at `path`, made from what `digest` tells, is there already and needs not be written."""
        self._files[path] = digest
        known = self._known.get(path)
        if known and known.digest == digest and _written(f"{self._before}/{path}", digest) == known:
            self._left[path] = known
            return True
        return False

    def finish(self) -> None:
        """Move what was written to what was left, take away what is no more, and remember all files."""
        if self._before.is_dir():
            new = set(_files(self._folder))
            for path in set(_files(self._before)) - self._left.keys() - new:
                _remove(path, self._before)
            for path in new:
                target = self._before / path
                target.parent.mkdir(parents=True, exist_ok=True)
                (self._folder / path).replace(target)
                self._left.pop(path, None)
            self.restore()
        found = {
            path: self._left.get(path) or _written(f"{self._folder}/{path}", digest)
            for path, digest in self._files.items()
        }
        written = {path: each for path, each in found.items() if each}
        self._store.put({self._key: pack(self._key, msgspec.msgpack.encode(written))})

    def restore(self) -> None:
        """Put the folder back that was set aside, in place of what a build that failed has written."""
        if self._before.is_dir():
            shutil.rmtree(self._folder, ignore_errors=True)
            self._before.rename(self._folder)


def digest_of(content: bytes) -> bytes:
    """A hash of what a file is, or is made from."""
    return hashlib.blake2b(content, digest_size=16).digest()


def _written(file: str, digest: bytes) -> Written | None:
    try:
        told = os.stat(file)  # noqa: PTH116  (of thousands of files, making each a Path takes longer)
    except OSError:
        return None
    return Written(digest, told.st_size, told.st_mtime_ns)


def _files(folder: Path) -> Iterator[str]:
    """The paths of all files, but for what is hidden at the top: MkDocs leaves that alone too."""
    for place, folders, names in os.walk(folder):
        below = os.path.relpath(place, folder)
        if below == ".":
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield from (name for name in names if not name.startswith("."))
        else:
            yield from (f"{below}/{name}" for name in names)


def _remove(path: str, folder: Path) -> None:
    """Take a file away, and the folders that are empty without it."""
    (folder / path).unlink()
    with suppress(OSError):  # one that is not empty stays, and so do those around it
        for parent in Path(path).parents[:-1]:
            (folder / parent).rmdir()
