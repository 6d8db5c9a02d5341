"""Output that GitHub Actions reads: nothing that strangers wrote becomes a command of the workflow.

Its runner takes for a command each line that begins with `::`, with blanks before it or without, and in an older form
`##[` anywhere in a line: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

import codecs
import io
import re
import sys
from collections.abc import Mapping
from typing import IO, TextIO

# Texts, not patterns: only where GitHub Actions reads they are needed, and then `re` compiles and keeps them.
_COMMAND = r"(?m)^([^\S\n]*:):|(##)\["
# What ends a line for some reader, moves a cursor or colours a terminal; only a line feed and a tab are left.
_CONTROL = "[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]"


def is_read(environment: Mapping[str, str]) -> bool:
    """Whether GitHub Actions reads what a program with this environment prints."""
    return environment.get("GITHUB_ACTIONS") == "true"


def guard(environment: Mapping[str, str]) -> None:
    """Make standard output and standard error harmless, if GitHub Actions reads them, until the program ends."""
    if is_read(environment):
        sys.stdout, sys.stderr = _guarded(sys.stdout), _guarded(sys.stderr)


def harmless(text: str) -> str:
    """Return the text without commands: a sign of each is written as JSON escapes it, so JSON keeps its meaning."""
    plain = re.sub(_CONTROL, lambda match: f"\\u{ord(match[0]):04x}", text)
    return re.sub(_COMMAND, lambda match: f"{match[1]}\\u003a" if match[1] else "##\\u005b", plain)


def write_commands(text: str) -> None:
    """Print lines that are commands and meant as such, made of strangers' text only where that is escaped."""
    sys.stdout.flush()
    buffer: IO[bytes] = getattr(sys.stdout, "buffer")  # noqa: B009  (a stream without one is none of a program's)
    beneath = buffer.beneath if isinstance(buffer, _Harmless) else buffer
    beneath.write(text.encode("utf-8", "backslashreplace"))
    beneath.flush()


def _guarded(stream: TextIO) -> TextIO:
    buffer: IO[bytes] | None = getattr(stream, "buffer", None)
    if buffer is None or isinstance(buffer, _Harmless):
        return stream
    stream.flush()
    is_by_line = bool(stream.line_buffering)
    return io.TextIOWrapper(
        _Harmless(stream, buffer), "utf-8", "backslashreplace", newline="\n", line_buffering=is_by_line
    )


class _Harmless(io.BufferedIOBase):
    """Passes on to the stream `beneath` what is written, without commands, in whatever pieces it comes."""

    def __init__(self, stream: TextIO, beneath: IO[bytes]) -> None:
        self.beneath = beneath
        self._stream = stream  # which would close what is beneath it if nobody had it any more
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._line = ""  # of the line so far, what decides whether a command begins with what comes next

    @property
    def name(self) -> object:
        return getattr(self.beneath, "name", "")

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self.beneath.isatty()

    def fileno(self) -> int:
        return self.beneath.fileno()

    def flush(self) -> None:
        if not self.closed:
            self.beneath.flush()

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]
        whole = self._line + self._decoder.decode(bytes(data))
        self.beneath.write(harmless(whole)[len(harmless(self._line)) :].encode())
        line = whole.rpartition("\n")[2].lstrip()
        self._line = line if len(line) < 2 else f"-{line[-2:]}"
        return len(data)
