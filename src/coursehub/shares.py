"""The same work on many items, shared among processes where one can be forked safely."""

import gc
import os
import select
import signal
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from io import FileIO
from pathlib import Path
from typing import TypeVar

import msgspec

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEWEST = 100  # items that are worth a process
_MOST = 8
_SHARES = 256  # as many as a byte has numbers
_PIPE = 1 << 20  # bytes
_HEAD = struct.Struct(">BI")  # before an answer: the share's number, and the answer's bytes
_THREADS = Path("/proc/self/task")  # Linux has it; elsewhere the system's own libraries make it unsafe to fork


def processes() -> int:
    """How many processes may work at once: one where another thread may hold a lock, which a fork would keep."""
    is_safe = _THREADS.is_dir() and len(list(_THREADS.iterdir())) == 1
    return min(len(os.sched_getaffinity(0)), _MOST) if is_safe else 1


def in_order(
    work: Callable[[Item], Result], items: Sequence[Item], result: type[Result], processes: int
) -> list[Result]:
    """What `work` gives for each item, a `result`, in the order of the items, by at most so many processes."""
    shares = dict(in_shares(work, items, result, processes))
    return [each for start in sorted(shares) for each in shares[start]]


def in_shares(
    work: Callable[[Item], Result], items: Sequence[Item], result: type[Result], processes: int
) -> Iterator[tuple[int, list[Result]]]:
    """The same, as it gets done: items that follow each other by what they give, and the place of the first.

    Each process takes a share when it has done with the last one. A share that could not be done is done here at the
    end, so that the first failure is told, whoever met one. No process outlives the iterator.
    """
    count = max(1, min(processes, len(items) // _FEWEST))
    size = -(-len(items) // _SHARES) or 1
    starts = range(0, len(items), size)

    def do(number: int) -> list[Result]:
        return [work(item) for item in items[starts[number] : starts[number] + size]]

    with _without_collection(), _queue(len(starts)) as queue, ExitStack() as children:
        others = [children.enter_context(_child(partial(_work_off, queue, do))) for _ in range(count - 1)]
        left = set(range(len(starts)))
        for number in _taken(queue):
            try:
                done = do(number)
            except Exception:
                pass
            else:
                left.remove(number)
                yield starts[number], done
            for other, answer in _answers(others, result, until_they_end=False):
                left.remove(other)
                yield starts[other], answer
        for other, answer in _answers(others, result, until_they_end=True):
            left.remove(other)
            yield starts[other], answer
        for number in sorted(left):
            yield starts[number], do(number)


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
def _queue(shares: int) -> Iterator[int]:
    """A pipe from which each process takes the numbers of its shares."""
    reading, writing = os.pipe()
    os.write(writing, bytes(range(shares)))
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


def _taken(queue: int) -> Iterator[int]:
    while number := os.read(queue, 1):
        yield number[0]


@contextmanager
def _child(do: Callable[[int], None]) -> Iterator[FileIO]:
    """A process that works and answers, and ends with the context at the latest. It says nothing to anybody else."""
    reading, writing = os.pipe()
    with suppress(ImportError, AttributeError, OSError):  # in a smaller pipe, an answer waits until somebody listens
        import fcntl  # noqa: PLC0415  (it is missing where nothing can be forked)

        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE)
    number = os.fork()
    if number == 0:
        try:
            do(writing)
        finally:
            os._exit(0)
    os.close(writing)
    try:
        with FileIO(reading) as answers:
            yield answers
    finally:
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)


def _work_off(queue: int, do: Callable[[int], list[Result]], writing: int) -> None:
    with os.fdopen(writing, "wb") as answers:
        for number in _taken(queue):
            answer = msgspec.msgpack.encode(do(number))
            answers.write(_HEAD.pack(number, len(answer)) + answer)
            answers.flush()


def _answers(others: list[FileIO], result: type[Result], *, until_they_end: bool) -> Iterator[tuple[int, list[Result]]]:
    """What the others have answered by now, or all that they will. One that has ended, well or not, is left out."""
    timeout = None if until_they_end else 0
    while others and (ready := select.select(others, [], [], timeout)[0]):
        for other in ready:
            head = _exactly(other, _HEAD.size)
            number, size = _HEAD.unpack(head) if len(head) == _HEAD.size else (0, 0)
            answer = _exactly(other, size)
            if size and len(answer) == size:
                yield number, msgspec.msgpack.decode(answer, type=list[result])  # type: ignore[valid-type]
            else:
                others.remove(other)


def _exactly(pipe: FileIO, size: int) -> bytes:
    """So many bytes, or fewer where there will not be more."""
    parts: list[bytes] = []
    while size and (part := pipe.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
