"""Texts that hooks make in a build, cached by the data they are made of: one value of the store."""

from collections.abc import Callable

import msgspec

from mkdocs_once.output import digest_of
from mkdocs_once.store import Store, pack


class Memo:
    """The texts that one build asks for; the next has only these. `key`: the cache key of the code that makes them."""

    def __init__(self, store: Store, key: bytes) -> None:
        self._store, self._key = store, key
        stored = store.get(key)
        self._before = msgspec.msgpack.decode(stored, type=dict[bytes, str]) if stored else {}
        self._texts: dict[bytes, str] = {}

    def keep(self, data: object, make: Callable[[], str]) -> str:
        """Return the text of this plain data: the cached one, or else a new one by `make`."""
        key = digest_of(msgspec.msgpack.encode(data))
        text = self._before.get(key)
        self._texts[key] = make() if text is None else text
        return self._texts[key]

    def close(self) -> None:
        """Store the texts for the next build."""
        if self._texts != self._before:
            self._store.put({self._key: pack(self._key, msgspec.msgpack.encode(self._texts))})
