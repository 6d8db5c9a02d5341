"""Templates as code: from the store, or compiled by another process while this one reads and checks."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import partial

import jinja2
from jinja2 import meta
from jinja2.bccache import Bucket

from forkpool import ahead
from mkdocs_once.store import Store

GetEnvironment = Callable[[], jinja2.Environment]


class CompiledTemplates(jinja2.BytecodeCache):
    """A cache of compiled templates in the store. Jinja checks that the code is of the template's current text.

    What another process compiles, only this one receives: those forked from it meanwhile compile themselves what they
    need and the store does not have yet.
    """

    def __init__(self, store: Store) -> None:
        self._store, self._process = store, os.getpid()
        self._arriving: Iterator[tuple[str, bytes]] = iter(())
        self._others = ExitStack()

    def begin(self, names: Mapping[GetEnvironment, Iterable[str]]) -> None:
        """Have another process compile these templates of environments, and those that they name, in this order."""
        self._arriving = self._others.enter_context(ahead(partial(_compiled, names), tuple[str, bytes]))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a template's code, if the store has it or another process compiles it."""
        if code := self._store.get(bucket.key.encode()) or self._awaited(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a template's code."""
        self._put(bucket.key, bucket.bytecode_to_string())

    def close(self) -> None:
        """End the other process."""
        self._others.close()

    def _awaited(self, key: str) -> bytes | None:
        if os.getpid() != self._process:
            return None
        for other, code in self._arriving:
            self._put(other, code)
            if other == key:
                return code
        return None

    def _put(self, key: str, code: bytes) -> None:
        self._store.put_one(key.encode(), code)


def _compiled(names: Mapping[GetEnvironment, Iterable[str]]) -> Iterator[tuple[str, bytes]]:
    """The codes of templates, by Jinja's keys. One with an error has none: the error is raised where it is used."""
    keys = jinja2.BytecodeCache()
    for get_environment, first in names.items():
        environment = get_environment()
        waiting, known = [*first], set[str]()
        for name in waiting:  # which grows meanwhile
            if name in known or not environment.loader:
                continue
            known.add(name)
            with suppress(jinja2.TemplateError):
                source, filename, _ = environment.loader.get_source(environment, name)
                parsed = environment.parse(source, name, filename)
                waiting += filter(None, meta.find_referenced_templates(parsed))
                bucket = Bucket(environment, keys.get_cache_key(name, filename), keys.get_source_checksum(source))
                bucket.code = environment.compile(parsed, name, filename)
                yield bucket.key, bucket.bytecode_to_string()
