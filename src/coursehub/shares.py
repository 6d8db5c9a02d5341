"""The same work on many items, shared among processes where one can be forked safely."""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain, zip_longest
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEWEST = 100  # items that are worth a process
_MOST = 8
_THREADS = Path("/proc/self/task")  # Linux has it; elsewhere the system's own libraries make it unsafe to fork


def processes() -> int:
    """How many processes may work at once: one where another thread may hold a lock, which a fork would keep."""
    is_safe = _THREADS.is_dir() and len(list(_THREADS.iterdir())) == 1
    return min(len(os.sched_getaffinity(0)), _MOST) if is_safe else 1


def in_shares(
    work: Callable[[Sequence[Item]], list[Result]], items: Sequence[Item], result: type[Result], processes: int
) -> list[Result]:
    """What `work` gives for the items, a `result` for each and in their order, by at most so many processes.

    A share that another process could not do is done again here, so that a failure is met where it can be told. No
    process outlives the call.
    """
    count = max(1, min(processes, len(items) // _FEWEST))
    shares = [items[start::count] for start in range(count)]
    with _without_collection(), ExitStack() as children:
        answers = [children.enter_context(_child(work, share)) for share in shares[1:]]
        done = [work(shares[0])]
        for share, answer in zip(shares[1:], answers, strict=True):
            done.append(_given(answer, result) or work(share))
    return [*chain.from_iterable(zip_longest(*done))][: len(items)]


@contextmanager
def _without_collection() -> Iterator[None]:
    """No garbage is collected: that would touch, and thereby copy, what the processes have in common."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _child(work: Callable[[Sequence[Item]], list[Result]], share: Sequence[Item]) -> Iterator[BinaryIO]:
    """A process that does a share of the work, and the pipe by which it answers; it ends with the context."""
    reading, writing = os.pipe()
    number = os.fork()
    if number == 0:
        _answer(work, share, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as answer:
            yield answer
    finally:
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)


def _answer(work: Callable[[Sequence[Item]], list[Result]], share: Sequence[Item], writing: int) -> None:
    """What a child does: it says all or nothing, and leaves without a word to anybody else."""
    try:
        answer = msgspec.msgpack.encode(work(share))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def _given(answer: BinaryIO, result: type[Result]) -> list[Result]:
    """What a child answered; nothing where it failed or was stopped."""
    try:
        return msgspec.msgpack.decode(answer.read(), type=list[result])  # type: ignore[valid-type]
    except msgspec.DecodeError:
        return []
