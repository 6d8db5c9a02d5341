"""A memory of what was read from a file, by which the next command starts sooner.

It lies in `.git/coursehub/`, where nothing comes with a pull request: what a change brings could else pass for what was
read from the course. Where that cannot be, as in a folder without git, nothing is kept, and nobody hears of it.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from coursehub.system import files

Record = TypeVar("Record")

_SIZE = hashlib.blake2b().digest_size


def remembered(root: Path, name: str, source: bytes, kind: type[Record], make: Callable[[], Record]) -> Record:
    """The record of this name that was made of `source`, now or before."""
    record = recall(root, name, source, kind)
    if record is None:
        record = make()
        keep(root, name, source, record)
    return record


def recall(root: Path, name: str, source: bytes, kind: type[Record]) -> Record | None:
    """The record of this name that the same programs made of `source`; None where there is none."""
    place = _place(root, name)
    try:
        whole = place.read_bytes() if place else b""
    except OSError:
        return None
    mark, content = whole[:_SIZE], memoryview(whole)[_SIZE:]
    if mark != _mark(source, content):
        return None
    try:
        return msgspec.msgpack.decode(content, type=kind)
    except msgspec.DecodeError:  # or `ValidationError`, which is one: only by a bug
        return None


def keep(root: Path, name: str, source: bytes, record: object) -> None:
    """Keep what was made of `source`, instead of what is kept under this name."""
    if place := _place(root, name):
        with suppress(OSError, UnicodeEncodeError):  # as of a path that is no text
            content = msgspec.msgpack.encode(record)
            place.parent.mkdir(exist_ok=True)
            files.write(place, _mark(source, content) + content)


def _place(root: Path, name: str) -> Path | None:
    git = root / ".git"
    return git / "coursehub" / name if git.is_dir() else None


def _mark(source: bytes, content: bytes | memoryview) -> bytes:
    """A digest of all that decides whether the content is whole and still true."""
    digest = hashlib.blake2b()
    for part in (sys.version.encode(), _programs(), source, content):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.digest()


@cache
def _programs() -> bytes:
    """The names, times and sizes of the package's own files, by which Python, too, knows that a program changed."""
    return "\n".join(_files(str(Path(__file__).parents[1]))).encode()


def _files(folder: str) -> Iterator[str]:
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        else:
            status = entry.stat()
            yield f"{entry.path} {status.st_mtime_ns} {status.st_size}"
