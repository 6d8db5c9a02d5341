"""Things that hooks make in a build, cached by the data that they are made of: all in one value of the store."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar

import msgspec

import forkpool
from mkdocs_once.output import digest_of
from mkdocs_once.store import Store

Item = TypeVar("Item")
Made = TypeVar("Made")


class Memo:
    """The things that one build asks for; the next has only these. `key`: the cache key of the code that makes them.

    A build that asks for nothing leaves the memo as it is.
    """

    def __init__(self, store: Store, key: bytes) -> None:
        self._store, self._key = store, key
        self._encoded: dict[bytes, bytes] = {}

    @cached_property
    def _before(self) -> dict[bytes, bytes]:
        stored = self._store.get(self._key)
        return msgspec.msgpack.decode(stored, type=dict[bytes, bytes]) if stored else {}

    def one(self, made_of: object, make: Callable[[], Made], kind: type[Made]) -> Made:
        """Return what was made of this plain data before, or else a new one by `make`, which is of this type."""
        return self.all([made_of], lambda new: [make() for _ in new], kind)[0]

    def all(
        self, made_of: Sequence[object], make: Callable[[Sequence[int]], Sequence[Made]], kind: type[Made]
    ) -> list[Made]:
        """Return what is made of each of these; `make` takes the positions of those that are new, all at once."""
        keys = [digest_of(msgspec.msgpack.encode(each)) for each in made_of]
        new = [number for number, key in enumerate(keys) if key not in self._before]
        things = dict(zip(new, make(new) if new else (), strict=True))
        self._encoded |= {keys[number]: msgspec.msgpack.encode(thing) for number, thing in things.items()}
        self._encoded |= {key: self._before[key] for key in keys if key in self._before}
        return [
            things[number] if number in things else msgspec.msgpack.decode(self._before[key], type=kind)
            for number, key in enumerate(keys)
        ]

    def in_order(
        self, work: Callable[[Item], Made], items: Sequence[Item], kind: type[Made], processes: int
    ) -> list[Made]:
        """Return the results of `work` by several processes; what one of them asks for, this one keeps."""

        def with_things(item: Item) -> tuple[Made, dict[bytes, bytes]]:
            before, self._encoded = self._encoded, {}
            try:
                return work(item), self._encoded
            finally:
                self._encoded = before

        _ = self._before  # read once, before the others begin
        both = forkpool.in_order(with_things, items, tuple[kind, dict[bytes, bytes]], processes)  # type: ignore[valid-type]
        for _, things in both:
            self._encoded |= things
        return [result for result, _ in both]

    def close(self) -> None:
        """Store it all for the next build."""
        self._store.present([self._key])  # though it may not be read
        if self._encoded and self._encoded != self._before:
            everything, self._encoded = msgspec.msgpack.encode(self._encoded), {}
            self._store.put_one(self._key, everything)
