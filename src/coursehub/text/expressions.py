"""Regular expressions that are compiled when they are first used.

To compile all that the rules may need takes longer than to judge a post, which needs few of them.
"""

import re
from typing import AnyStr, Generic, cast


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern, as `re.compile` gives it, but for functions of `re` itself: call its own methods."""
    return cast("re.Pattern[AnyStr]", _Expression(pattern, flags))


class _Expression(Generic[AnyStr]):
    """A pattern that becomes what it stands for, method by method, when it is asked for one."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self._source: tuple[AnyStr, int] = pattern, flags

    def __getattr__(self, name: str) -> object:
        value: object = getattr(re.compile(*self._source), name)
        setattr(self, name, value)  # the next time, nothing is between
        return value
