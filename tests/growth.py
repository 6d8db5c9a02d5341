"""How the processor's time grows with what is given: the part of a cost that is in C, where no line can be counted.

Two amounts of the same work are timed in turns, so that a busy machine slows both, and the quietest turn of each counts.
"""

import time
from collections.abc import Callable

TIMES = 4
PATIENCE = 5.0  # seconds of the processor's time, for turns that are made again


def growth(work: Callable[[int], object], amount: int) -> float:
    """How many times as long `work(TIMES * amount)` takes as `work(amount)`; near TIMES where it grows with the amount.

    TIMES² is what comparing all with all would take. Turns are made again only while the figure is more than half of that.
    """
    work(amount)  # what is loaded and compiled once
    once, more = _cost(work, amount), _cost(work, TIMES * amount)
    spent = once + more
    while more > 2 * TIMES * once and spent < PATIENCE:
        turn = _cost(work, amount), _cost(work, TIMES * amount)
        once, more, spent = min(once, turn[0]), min(more, turn[1]), spent + sum(turn)
    return more / once


def _cost(work: Callable[[int], object], amount: int) -> float:
    start = time.process_time()
    work(amount)
    return time.process_time() - start
