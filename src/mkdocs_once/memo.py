"""Texts that others in a build made, by what they made them of: one value of the store."""

from collections.abc import Callable

import msgspec

from mkdocs_once.output import digest_of
from mkdocs_once.store import Store, pack


class Memo:
    """What one build asks for; the next one finds that, and no more. `key` is of the code that makes the texts."""

    def __init__(self, store: Store, key: bytes) -> None:
        self._store, self._key = store, key
        kept = store.get(key)
        self._before = msgspec.msgpack.decode(kept, type=dict[bytes, str]) if kept else {}
        self._asked: dict[bytes, str] = {}

    def keep(self, made_of: object, make: Callable[[], str]) -> str:
        """The text that was made of the same before, or a new one. `made_of` is plain data."""
        key = digest_of(msgspec.msgpack.encode(made_of))
        text = self._before.get(key)
        self._asked[key] = make() if text is None else text
        return self._asked[key]

    def close(self) -> None:
        """Leave the texts to the next build."""
        if self._asked != self._before:
            self._store.put({self._key: pack(self._key, msgspec.msgpack.encode(self._asked))})
