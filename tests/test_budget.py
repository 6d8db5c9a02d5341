"""A limit on what a piece of work may cost: it is met wherever the work is, and only there."""

import gc
import sys
import time
from collections.abc import Callable

import pytest

from coursehub.system.budget import Budget, SpentError


def work(seconds: float) -> None:
    """Take so much time of this process."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


class Leaving:
    """Something that takes its time, or fails, while Python does away with it."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self.leave = leave

    def __del__(self) -> None:
        self.leave()


def swallow() -> None:
    try:
        work(5)
    except BaseException:  # as careless code does
        return


def collect() -> None:
    """Have Python call back at its garbage, where it passes on nothing that is raised."""
    callbacks = [*gc.callbacks]
    gc.callbacks.append(lambda phase, info: work(0.03))
    try:
        gc.collect()
    finally:
        gc.callbacks[:] = callbacks


@pytest.mark.parametrize("first", [lambda: None, swallow, lambda: Leaving(lambda: work(0.03)), collect])
def test_work_is_ended_wherever_it_is_when_its_time_is_over(
    first: Callable[[], object], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    with pytest.raises(SpentError, match=r"longer than 0\.02 seconds"), Budget(0.02).limit():
        first()
        work(5)
    work(0.12)  # nothing is raised beside it
    assert capsys.readouterr().err == ""


def test_what_else_python_can_not_pass_on_is_reported_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: (work(0.1), heard.append(str(what.exc_value))))

    def fail() -> None:
        raise ValueError("lost")

    with pytest.raises(SpentError), Budget(0.02).limit():
        Leaving(fail)
        work(5)
    Leaving(fail)
    assert heard == ["lost", "lost"]
