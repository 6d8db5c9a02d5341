"""The marks of files, by which one sees without opening a file that nobody wrote to it since: as git's index does it.

A system sets the time of a file's last change itself, with each write and each change of a file's times. Two changes at
one tick of its clock have one time; so a file is known by its mark only once that time is over.
"""

import os
import stat

Mark = tuple[int, int, int, int]

_TICK = 2_000_000_000  # nanoseconds: the longest that a file system's clock stands still (FAT)


def of(status: os.stat_result) -> Mark | None:
    """The mark of a file with this status; None of what is no file, and on Windows, which has no time of a change."""
    if os.name == "nt" or not stat.S_ISREG(status.st_mode):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def is_settled(mark: Mark | None, moment: int) -> bool:
    """Whether any change of the file since this moment, in nanoseconds, shows in its mark."""
    return mark is not None and max(mark[:2]) < moment - _TICK
