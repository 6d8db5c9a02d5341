"""Messages that come → messages that go, until the editor ends it."""

from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from coursehub.editor.protocol import messages
from coursehub.editor.session import Session


def serve(reading: BinaryIO, writing: BinaryIO) -> int:
    """Answer messages; return 0 once the editor ended it as the protocol has it, 1 if it went away.

    A post is judged when no message is waiting: while somebody types, what was typed is not judged letter by letter.
    """
    waiting: SimpleQueue[bytes | None] = SimpleQueue()
    Thread(target=_read, args=(reading, waiting), daemon=True).start()
    session = Session()
    while (content := waiting.get()) is not None:
        writing.writelines(session.answer(content))
        if session.exit_code is not None:
            return session.exit_code
        if waiting.empty():
            writing.writelines(session.publish())
        writing.flush()
    return 1


def _read(reading: BinaryIO, waiting: "SimpleQueue[bytes | None]") -> None:
    for content in messages(reading):
        waiting.put(content)
    waiting.put(None)
