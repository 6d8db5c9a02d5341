"""One build at a time: a second one beside it would put back what the first has set aside, and mix both."""

import logging
import os
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("mkdocs.plugins.once")


class Turn:
    """The turn of a build that writes into a folder in `around`, from now on until its `end`, or that of the process.

    Locked is `around` itself, for the other is moved meanwhile, and so no file is left behind. Where the system or the
    file system has no such lock, all have their turn at once. https://man7.org/linux/man-pages/man2/flock.2.html
    """

    def __init__(self, around: Path) -> None:
        self._locked: int | None = None
        if fcntl is None:
            return
        with suppress(OSError):
            self._locked = os.open(around, os.O_RDONLY)
            try:
                fcntl.flock(self._locked, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                log.info("Another build writes into %s: this one waits for its end.", around)
                fcntl.flock(self._locked, fcntl.LOCK_EX)

    def end(self) -> None:
        """Let the next build have its turn."""
        if self._locked is not None:
            os.close(self._locked)
            self._locked = None
