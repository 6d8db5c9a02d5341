"""Places in a text, which a converter gives in bytes and editors count in characters."""

import re
from bisect import bisect_right
from html import unescape
from itertools import accumulate
from typing import NamedTuple

from coursehub.text.expressions import expression

# https://spec.commonmark.org/0.31.2/#backslash-escapes, and the section after it: as something else, or as it is.
_SIGN = expression(r"\\[!-/:-@\[-`{-~]|&#?\w+;|.", re.ASCII | re.DOTALL)


class Spot(NamedTuple):
    """A place in a text: line and column, both counted from 1."""

    line: int
    column: int


START = Spot(1, 1)


def spot_at(text: str, offset: int) -> Spot:
    """The place of the character at this offset."""
    return Spot(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


class Source:
    """The text that a tree is of: it knows the character at each byte of a line."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self._ends: dict[int, list[int]] = {}  # of each character in a line, in bytes

    def spot(self, line: str, column: str) -> Spot:
        """The place of a node."""
        number, byte = int(line), int(column)
        text = self.lines[number - 1]
        if text.isascii():
            return Spot(number, byte)
        if number not in self._ends:
            self._ends[number] = [*accumulate(len(char.encode("utf-8", "surrogatepass")) for char in text)]
        return Spot(number, bisect_right(self._ends[number], byte - 1) + 1)

    def is_escaped(self, at: Spot) -> bool:
        r"""Whether what is there begins with a `\`, so that it is meant as it is."""
        return self.lines[at.line - 1].startswith("\\", at.column - 1)

    def columns(self, start: Spot, length: int) -> list[int | None]:
        """Of each of so many characters of a text that begins at `start`, its column; None of one that is escaped.

        To the engine, a text whose first sign is escaped begins behind the backslash.
        """
        columns: list[int | None] = []
        line, first = self.lines[start.line - 1], start.column - 1
        run = first
        while line.startswith("\\", run - 1, run):
            run -= 1
        for sign in _SIGN.finditer(line, first - (first - run) % 2):
            if len(columns) >= length:
                break
            written = sign[0]
            shown = unescape(written) if written.startswith("&") else written[-1]
            if shown == written:
                columns += range(sign.start() + 1, sign.end() + 1)
            else:
                columns += [None] * len(shown)
        return columns
