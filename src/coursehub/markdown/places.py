"""Places in a text, which a converter gives in bytes and editors count in characters."""

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple


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

    def found(self, text: str, start: Spot) -> Spot | None:
        """Where a text is written in the line, from `start` on; None where each is escaped, or a sign in it is."""
        line, at = self.lines[start.line - 1], start.column - 2
        while (at := line.find(text, at + 1)) >= 0:
            before = line[:at]
            if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
                return Spot(start.line, at + 1)
        return None
