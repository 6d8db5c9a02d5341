"""Lines of a text, as editors count them."""

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `offset` (an `offset` of -1 is the start)."""
    at = min(max(offset, 0), len(text))
    starts = line_starts(text)
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


@lru_cache(maxsize=4)  # one text may have a hundred thousand findings
def line_starts(text: str) -> tuple[int, ...]:
    """The offset of each line's first character."""
    return (0, *accumulate(len(line) + 1 for line in text.split("\n")))
