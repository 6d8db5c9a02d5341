"""A limit on what one piece of work may cost, so that it takes no time from the others."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 0.05  # seconds until it is raised again, since other code may have swallowed it


class SpentError(BaseException):  # so that no work takes it for an error of its own
    """The work took longer than it may."""


class Budget:
    """So many `seconds` of this process's own time for each piece of work; None, or no such timer here: no limit.

    It counts in the main thread alone, and not the time that the process waits.
    """

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._counts = False  # whether the work runs: nothing is raised beside it

    @contextmanager
    def limit(self) -> Iterator[None]:
        """Raise `SpentError` in what runs inside, once it took too long."""
        if self._seconds is None or not hasattr(signal, "setitimer"):
            yield
            return
        stop, report = signal.signal(signal.SIGPROF, self._stop), sys.unraisablehook

        def unraisable(what: "sys.UnraisableHookArgs") -> None:
            # Python can't pass on what is raised while it does away with an object; the limit is raised again after it
            if not isinstance(what.exc_value, SpentError):
                self._counts = False
                report(what)
                self._counts = True

        sys.unraisablehook = unraisable
        self._counts = True
        signal.setitimer(signal.ITIMER_PROF, self._seconds, _AGAIN)
        try:
            try:
                yield
            finally:
                self._counts = False
        finally:  # one more, for the limit may be met in the line above, too
            self._counts = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, stop)
            sys.unraisablehook = report

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._counts:
            raise SpentError(f"it took longer than {self._seconds:g} seconds")
