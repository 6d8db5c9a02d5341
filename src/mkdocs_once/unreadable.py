"""Files that cannot be read or written: what is said of them instead of a traceback."""

import errno
import os
from pathlib import Path

from mkdocs.exceptions import PluginError


def refusal(file: str, error: OSError | UnicodeDecodeError) -> PluginError:
    """The error that says which file cannot be read, why, and what to do."""
    if isinstance(error, UnicodeDecodeError):
        line, byte = error.object[: error.start].count(b"\n") + 1, error.object[error.start]
        return PluginError(f"{shown(file)}:{line}: the byte {byte:#04x} is no UTF-8: save the file as UTF-8.")
    return PluginError(f"{shown(file)} cannot be read: {error.strerror}.")


_STATES = frozenset([
    errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EPERM,
    errno.EROFS,
])  # fmt: skip


def state_of_machine(error: Exception) -> str:
    """A sentence about an error of which the machine is the cause, such as a full disk; empty of any other.

    Of the others a traceback says more: a hook that opens a file which is not there has a line to be changed.
    """
    if not isinstance(error, OSError) or error.errno not in _STATES:
        return ""
    name = error.filename2 or error.filename  # of a copy, the second
    file = shown(os.fsdecode(name)) if name is not None else "A file"
    return f"{file} cannot be read or written: {error.strerror}."


def shown(file: str) -> str:
    """The path of a file from the current folder, if it is there."""
    path, folder = Path(file), Path.cwd()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else file
