"""What hooks make in a build, cached by the data it is made of: one value of the store."""

from collections.abc import Callable
from functools import cached_property
from typing import Protocol, TypeVar

import msgspec

from mkdocs_once.output import digest_of
from mkdocs_once.store import Store, pack

Made = TypeVar("Made")


class Keep(Protocol):
    """Gives what was made of the same plain data before, or else makes it, of the type `kind`."""

    def __call__(self, made_of: object, make: Callable[[], Made], kind: type[Made], /) -> Made: ...


class Memo:
    """What one build asks for; the next has only that. `key`: the cache key of the code that makes it.

    A build that asks for nothing leaves the memo as it is.
    """

    def __init__(self, store: Store, key: bytes) -> None:
        self._store, self._key = store, key
        self._encoded: dict[bytes, bytes] = {}

    @cached_property
    def _before(self) -> dict[bytes, bytes]:
        stored = self._store.get(self._key)
        return msgspec.msgpack.decode(stored, type=dict[bytes, bytes]) if stored else {}

    def keep(self, made_of: object, make: Callable[[], Made], kind: type[Made]) -> Made:
        """Return what was made of this plain data before, or else a new one by `make`, which is of this type."""
        key = digest_of(msgspec.msgpack.encode(made_of))
        if encoded := self._before.get(key):
            self._encoded[key] = encoded
            return msgspec.msgpack.decode(encoded, type=kind)
        made = make()
        self._encoded[key] = msgspec.msgpack.encode(made)
        return made

    def close(self) -> None:
        """Store it all for the next build."""
        self._store.present([self._key])  # though it may not be read
        if self._encoded and self._encoded != self._before:
            self._store.put({self._key: pack(self._key, msgspec.msgpack.encode(self._encoded))})
