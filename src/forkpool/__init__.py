"""The results of a function for many items, by several processes where one can be forked safely.

Not by `concurrent.futures.ProcessPoolExecutor`: in turns with this, a first build of 500 posts took 1.11 times as much
processor time with it, 1.17 times as long, because the parent only waits; and it waits forever if a worker is killed
while it sends a result that is larger than a pipe.
"""

import gc
import os
import select
import signal
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from io import FileIO
from pathlib import Path
from typing import IO, TypeVar

import msgspec

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEWEST = 100  # items that are worth a process
_MOST = 8
_CHUNKS = 256  # as many as a byte has numbers
_PIPE = 1 << 20  # bytes
_HEADER = struct.Struct(">BI")  # of a message: the chunk's number, and how many bytes follow
_THREADS = Path("/proc/self/task")  # Linux has it; elsewhere the system's own libraries make it unsafe to fork


def processes() -> int:
    """How many processes may work at once: one where another thread may hold a lock, which a fork would keep."""
    is_safe = _can_fork() and _THREADS.is_dir() and len(list(_THREADS.iterdir())) == 1
    return min(len(os.sched_getaffinity(0)), _MOST) if is_safe else 1


def in_order(
    work: Callable[[Item], Result], items: Sequence[Item], result: type[Result], processes: int
) -> list[Result]:
    """The results of `work`, of the type `result`, in the order of the items. `processes`: how many at most."""
    return for_runs(lambda run: [work(item) for item in run], items, result, processes)


def for_runs(
    work: Callable[[Sequence[Item]], list[Result]], items: Sequence[Item], result: type[Result], processes: int
) -> list[Result]:
    """As `in_order`, the results of `work` for runs of items that follow each other, which it may mingle.

    Several steps for many items take less time step by step than item by item: a processor has each step at hand.
    """
    chunks = dict(_chunks(work, items, result, processes, _FEWEST))
    return [each for start in sorted(chunks) for each in chunks[start]]


def in_chunks(
    work: Callable[[Item], Result], items: Sequence[Item], result: type[Result], processes: int, fewest: int = 0
) -> Iterator[tuple[int, list[Result]]]:
    """As `in_order`, each chunk as soon as it is done: (position of its first item, results).

    Each process takes a chunk when it is done with its last one. A chunk that failed elsewhere is done here at the end,
    so that the first failure is raised here, whichever process met it. No process outlives the iterator. Where there is
    no fork, as on Windows, one process does it all. `fewest`: how many items are worth a process, if each takes long.
    """
    return _chunks(lambda run: [work(item) for item in run], items, result, processes, fewest or _FEWEST)


@contextmanager
def ahead(work: Callable[[], Iterable[Result]], result: type[Result]) -> Iterator[Iterator[Result]]:
    """The results of `work`, as they come, of a process that begins at once; none where none can be forked safely.

    Nor does one come of what fails there, nor any behind it. The process does not outlive the context.
    """
    if processes() == 1:
        yield iter(())
        return
    with _child(partial(_send, work)) as messages:
        yield _received(messages, result)


def _chunks(
    work: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    result: type[Result],
    processes: int,
    fewest: int,
) -> Iterator[tuple[int, list[Result]]]:
    count = max(1, min(processes, len(items) // fewest)) if _can_fork() else 1
    size = -(-len(items) // _CHUNKS) or 1
    starts = range(0, len(items), size)

    def do(number: int) -> list[Result]:
        return work(items[starts[number] : starts[number] + size])

    if count == 1:  # which needs no pipes
        for number, start in enumerate(starts):
            yield start, do(number)
        return
    with _without_collection(), _queue(len(starts)) as queue, ExitStack() as children:
        others = [children.enter_context(_child(partial(_work_off, queue, do))) for _ in range(count - 1)]
        missing = set(range(len(starts)))
        for number in _numbers(queue):
            try:
                results = do(number)
            except Exception:
                pass
            else:
                missing.remove(number)
                yield starts[number], results
            for other, results in _messages(others, result, until_they_end=False):
                missing.remove(other)
                yield starts[other], results
        for other, results in _messages(others, result, until_they_end=True):
            missing.remove(other)
            yield starts[other], results
        for number in sorted(missing):
            yield starts[number], do(number)


def _can_fork() -> bool:
    return hasattr(os, "fork")


@contextmanager
def _without_collection() -> Iterator[None]:
    """Collect no garbage: that would touch, and thereby copy, memory that the processes share."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _queue(chunks: int) -> Iterator[int]:
    """A pipe from which each process reads the numbers of its chunks."""
    reading, writing = os.pipe()
    os.write(writing, bytes(range(chunks)))
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


def _numbers(queue: int) -> Iterator[int]:
    while number := os.read(queue, 1):
        yield number[0]


@contextmanager
def _child(do: Callable[[int], None]) -> Iterator[FileIO]:
    """The messages of a process that ends with the context at the latest, and prints nothing."""
    reading, writing = os.pipe()
    with suppress(ImportError, AttributeError, OSError):  # in a smaller pipe, a message waits until somebody reads it
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
        with FileIO(reading) as messages:
            yield messages
    finally:
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)


def _work_off(queue: int, do: Callable[[int], list[Result]], writing: int) -> None:
    with os.fdopen(writing, "wb") as messages:
        for number in _numbers(queue):
            _write(messages, number, do(number))


def _send(work: Callable[[], Iterable[Result]], writing: int) -> None:
    with os.fdopen(writing, "wb") as messages:
        for each in work():
            _write(messages, 0, each)


def _received(messages: FileIO, result: type[Result]) -> Iterator[Result]:
    while message := _read(messages):
        yield msgspec.msgpack.decode(message[1], type=result)


def _messages(
    others: list[FileIO], result: type[Result], *, until_they_end: bool
) -> Iterator[tuple[int, list[Result]]]:
    """The numbers and results of chunks that others have done by now, or of all that they will do.

    A process that has ended, well or not, is removed from `others`.
    """
    timeout = None if until_they_end else 0
    while others and (ready := select.select(others, [], [], timeout)[0]):
        for other in ready:
            if message := _read(other):
                number, results = message
                yield number, msgspec.msgpack.decode(results, type=list[result])  # type: ignore[valid-type]
            else:
                others.remove(other)


def _write(messages: IO[bytes], number: int, content: object) -> None:
    encoded = msgspec.msgpack.encode(content)
    messages.write(_HEADER.pack(number, len(encoded)) + encoded)
    messages.flush()


def _read(messages: FileIO) -> tuple[int, bytes] | None:
    """The number and content of the next message; None where there is no whole one any more."""
    header = _exactly(messages, _HEADER.size)
    number, size = _HEADER.unpack(header) if len(header) == _HEADER.size else (0, 0)
    content = _exactly(messages, size)
    return (number, content) if size and len(content) == size else None


def _exactly(pipe: FileIO, size: int) -> bytes:
    """So many bytes, or fewer where there will not be more."""
    parts: list[bytes] = []
    while size and (part := pipe.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
