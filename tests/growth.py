"""How the processor's time grows with what is given: the part of a cost that is in C, where no line can be counted.

Two amounts of the same work are timed in turns, so that a busy machine slows both, and the quietest turn of each counts.
"""

import time
from collections.abc import Callable

TIMES = 4
ROUNDS = 20


def growth(work: Callable[[int], object], amount: int) -> float:
    """How many times as long `work(TIMES * amount)` takes as `work(amount)`; near TIMES where it grows with the amount.

    Further rounds are made only while that is not to be seen: TIMES² is what comparing all with all would take.
    """
    once = more = float("inf")
    work(amount)  # what is loaded and compiled once
    for _ in range(ROUNDS):
        once = min(once, _cost(work, amount))
        more = min(more, _cost(work, TIMES * amount))
        if more <= 2 * TIMES * once:
            break
    return more / once


def _cost(work: Callable[[int], object], amount: int) -> float:
    start = time.process_time()
    work(amount)
    return time.process_time() - start
