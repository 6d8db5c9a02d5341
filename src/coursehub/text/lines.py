"""Lines of a text, as editors count them."""

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate


@lru_cache(maxsize=4)  # one text may have a hundred thousand findings
def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text, without their ends."""
    return tuple(text.split("\n"))


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `offset` (an `offset` of -1 is the start)."""
    at = min(max(offset, 0), len(text))
    starts = _starts(text)
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


def offset_of(text: str, line: int, column: int) -> int:
    """Where in the text the character of this line and column is; -1 where the text has no such line."""
    starts = _starts(text)
    return starts[line - 1] + column - 1 if 0 < line < len(starts) else -1


@lru_cache(maxsize=4)
def _starts(text: str) -> tuple[int, ...]:
    """The offsets at which the lines begin, and that behind the last one."""
    return (0, *accumulate(len(line) + 1 for line in lines_of(text)))
