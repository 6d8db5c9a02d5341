"""A limit for what could take without end: a test of that fails, in place of waiting."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def patience(seconds: float = 10) -> Iterator[None]:
    """Fail what takes more of the processor's time, of which a busy machine gives no more than a quiet one.

    Windows has no timer for that: there a test that takes too long is seen by how long it takes.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        pytest.fail(f"it takes more than {seconds:.0f} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
