"""Files that another program holds for a moment: what Windows refuses meanwhile is tried again.

There a file that is open can be neither moved nor replaced, nor can a folder around it, and programs that look for
viruses, index or copy to a cloud open what was just written. Elsewhere all that works at once.
"""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

# https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--0-499-
_BUSY = frozenset({5, 32, 33, 145})  # access denied, sharing violation, lock violation, and a folder with such a file
_WAITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # seconds


def patiently(move: Callable[[], Result], sleep: Callable[[float], None] = time.sleep) -> Result:
    """Return what `move` returns, tried again for a second and a half where Windows says that a file is in use.

    Raises `OSError` as `move` does.
    """
    for seconds in _WAITS:
        try:
            return move()
        except OSError as error:
            if getattr(error, "winerror", None) not in _BUSY:
                raise
            sleep(seconds)
    return move()
