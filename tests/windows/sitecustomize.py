"""Refusals of Windows, as far as Linux can refuse: Python runs this first where the folder is on its path.

Removed is what Windows' Python has not. A file that is open can't be moved or removed, nor can a folder around it; a
new name must be free; a file that is open for reading can't be synced; a text gets CRLF; the null device is in no
folder; there are no time zones but tzdata's. An `open` of the package's own that leaves the encoding to the machine is
an error.
"""

import builtins
import errno
import fcntl
import io
import os
import shutil
import signal
import sys
import warnings
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_flags = fcntl.fcntl
_open = io.open

for name in ("fork", "forkpty", "sched_getaffinity", "geteuid", "getpgid", "killpg", "mkfifo", "chown"):
    delattr(os, name)
for name in ("setitimer", "getitimer", "alarm", "SIGALRM", "SIGPROF", "SIGPIPE"):
    delattr(signal, name)
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None  # type: ignore[assignment]
os.devnull = "nul"
zoneinfo.reset_tzpath(())
shutil._use_fd_functions = False  # type: ignore[attr-defined]
for package in ("busyfiles", "coursehub", "forkpool", "mkdocs_coursehub", "mkdocs_once"):
    warnings.filterwarnings("error", category=EncodingWarning, module=package)


def _refused(path: object, number: int, winerror: int) -> OSError:
    error = OSError(number, os.strerror(number), os.fspath(path))  # type: ignore[call-overload]
    error.winerror = winerror
    return error


def _held() -> Iterator[Path]:
    for link in Path("/proc/self/fd").iterdir():
        try:
            file = link.readlink()
        except OSError:
            continue
        if file.is_file():
            yield file


def _refuse_held(path: Any) -> None:
    whole = Path(path).absolute()
    if any(file == whole or whole in file.parents for file in _held()):
        raise _refused(path, errno.EACCES, 32)


def _guarded(move: Callable[..., None], *, replaces: bool) -> Callable[..., None]:
    def guarded(source: Any, target: Any = None, **others: Any) -> None:
        _refuse_held(source)
        if target is not None and os.path.lexists(target):
            if not replaces and not Path(source).samefile(target):
                raise _refused(target, errno.EEXIST, 183)
            _refuse_held(target)
        move(*(source, target)[: 1 if target is None else 2], **others)

    return guarded


def _fsync(number: int, fsync: Callable[[int], None] = os.fsync) -> None:
    if _flags(number, fcntl_getfl) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    fsync(number)


fcntl_getfl = fcntl.F_GETFL
os.fsync = _fsync
os.rename = _guarded(os.rename, replaces=False)
os.replace = _guarded(os.replace, replaces=True)
os.unlink = os.remove = _guarded(os.unlink, replaces=True)
os.rmdir = _guarded(os.rmdir, replaces=True)


def _open_text(
    file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None, errors: str | None = None,
    newline: str | None = None, closefd: bool = True, opener: Any = None,
) -> Any:  # fmt: skip
    is_new_text = "b" not in mode and any(each in mode for each in "wax")
    if encoding is None and "b" not in mode:
        warnings.warn("the encoding is the machine's", EncodingWarning, stacklevel=2)
    return _open(file, mode, buffering, encoding, errors, "\r\n" if is_new_text and newline is None else newline,
                 closefd, opener)  # fmt: skip


io.open = builtins.open = _open_text
