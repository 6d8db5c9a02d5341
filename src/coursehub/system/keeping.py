"""Things that a build made before of the same data, and need not make again."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import forkpool

Item = TypeVar("Item")
Made = TypeVar("Made")


class Keep(Protocol):
    """Gives what was made of the same plain data before, or has it made, of the type `kind`, and keeps it."""

    def one(self, made_of: object, make: Callable[[], Made], kind: type[Made]) -> Made:
        """Return what is made of this."""

    def all(
        self, made_of: Sequence[object], make: Callable[[Sequence[int]], Sequence[Made]], kind: type[Made]
    ) -> list[Made]:
        """Return what is made of each; `make` takes the positions of those that are new, all at once."""

    def in_order(
        self, work: Callable[[Item], Made], items: Sequence[Item], kind: type[Made], processes: int
    ) -> list[Made]:
        """Return the results of `work` by several processes; meanwhile each may ask this for things."""


class Nothing:
    """A `Keep` that has nothing."""

    def one(self, _: object, make: Callable[[], Made], __: type[Made]) -> Made:
        """Return a new one."""
        return make()

    def all(
        self, made_of: Sequence[object], make: Callable[[Sequence[int]], Sequence[Made]], _: type[Made]
    ) -> list[Made]:
        """Return new ones."""
        return [*make(range(len(made_of)))]

    def in_order(
        self, work: Callable[[Item], Made], items: Sequence[Item], kind: type[Made], processes: int
    ) -> list[Made]:
        """Return the results."""
        return forkpool.in_order(work, items, kind, processes)


ANEW = Nothing()


def nothing_kept(_: str) -> Keep:
    """Return, for any name, a `Keep` that has nothing."""
    return ANEW
