"""Files that are written whole or not at all."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from busyfiles import patiently


def write(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write beside the file and put it in its place, so that nobody ever finds half of it. Raises `OSError`.

    `mode` are the rights of the new file, as far as the user's mask leaves them.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with _named(path):
        beside.touch(mode, exist_ok=False)
        try:
            _fill(beside, content)
            patiently(lambda: beside.replace(path))
        finally:
            beside.unlink(missing_ok=True)


def rewrite(path: Path, before: bytes, after: bytes) -> None:
    """Write a file anew, which keeps its rights. Raises `OSError`, too, where it no longer has the bytes `before`."""
    with _named(path):
        with path.open("r+b") as file:  # which refuses a file that may not be written; to replace it would be possible
            if file.read() != before:
                raise changed(path)
            mode = os.fstat(file.fileno()).st_mode & 0o777
        write(path, after)
        path.chmod(mode)


def changed(path: Path | str) -> OSError:
    """The error that a file is not what it was when it was read."""
    return OSError(errno.ESTALE, "it has changed since it was read; run this again", str(path))


def create(path: Path, content: bytes) -> None:
    """Write a new file, its folder too, and take it away again if it can't be whole.

    Raises `FileExistsError` if there is one, and else `OSError`.
    """
    with _named(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error
        path.touch(exist_ok=False)
        try:
            _fill(path, content)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def create_all(contents: Mapping[Path, bytes]) -> None:
    """Write new files, all of them or none, in their order. Raises as `create` does."""
    with ExitStack() as written:
        for path, content in contents.items():
            create(path, content)
            written.callback(path.unlink, missing_ok=True)
        written.pop_all()


def change_all(changes: Mapping[Path, tuple[bytes | None, bytes]]) -> None:
    """Write files, all of them or none: path → the bytes before, None of a new file, and after. Raises as they do."""
    with ExitStack() as undo:
        for path, (before, after) in changes.items():
            if before is None:
                create(path, after)
                undo.callback(path.unlink, missing_ok=True)
            else:
                rewrite(path, before, after)
                undo.callback(rewrite, path, after, before)
        undo.pop_all()


def move(source: Path, target: Path) -> None:
    """Give a file another path, where no file is yet; a folder that gets empty goes. Raises `OSError`."""
    with _named(source):
        if target.exists() and not target.samefile(source):
            raise FileExistsError(errno.EEXIST, f"{target} is there already")
        target.parent.mkdir(parents=True, exist_ok=True)
        patiently(lambda: source.rename(target))
    with suppress(OSError):
        source.parent.rmdir()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other process has locked the folder in this way, and lock it as long as `with` lasts.

    Nothing is written for it. Where folders can't be locked, as on Windows and some network drives, nobody waits.
    """
    with ExitStack() as stack:
        with suppress(ImportError, OSError):
            import fcntl  # noqa: PLC0415  (it is missing on Windows)

            place = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, place)
            fcntl.flock(place, fcntl.LOCK_EX)
        yield


def _fill(path: Path, content: bytes) -> None:
    with path.open("wb") as file:  # of a file that is open for reading, Windows syncs nothing
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an `OSError` name the file that was to be written, whichever was in the way."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
