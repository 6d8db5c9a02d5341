"""The texts of a build's pages: from the store, or converted by several processes."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain

import msgspec
from mkdocs.structure.files import Files

from forkpool import in_chunks
from mkdocs_once.conversion import Converter
from mkdocs_once.page import Facts, OncePage, Text
from mkdocs_once.store import Store, pack, unpack

FACTS, TEXT = b"facts", b"text"
_FAILED = b"failed"  # in place of both, with the reason
log = logging.getLogger("mkdocs.plugins.once")


def find(pages: Sequence[OncePage], store: Store, files: Files) -> None:
    """Give pages the facts that the store has of their texts, where they still hold."""
    for page, kept in zip(pages, store.each(page.text_key + FACTS for page in pages), strict=True):
        found = msgspec.msgpack.decode(kept, type=Facts) if kept else None
        page.facts = found if found and found.hold(files) else None


def kept(page: OncePage, store: Store) -> Text | None:
    """The text that the store has of a page."""
    found = store.get(page.text_key + TEXT)
    return msgspec.msgpack.decode(found, type=Text) if found else None


def convert(pages: Sequence[OncePage], converter: Converter, store: Store, processes: int) -> None:
    """Convert the texts of these pages, and keep those of which nothing had to be said."""
    for start, made in in_chunks(partial(_quietly, converter), pages, dict[bytes, bytes], processes):
        store.put(dict(chain.from_iterable(packed.items() for packed in made if _FAILED not in packed)))
        for page, packed in zip(pages[start:], made, strict=False):
            page.is_kept = bool(packed) and _FAILED not in packed
            if page.is_kept:
                page.facts = msgspec.msgpack.decode(unpack(packed[page.text_key + FACTS]), type=Facts)
            elif packed:
                _show_as_written(page, converter, packed[_FAILED].decode())
            else:
                _aloud(converter, page)


def _aloud(converter: Converter, page: OncePage) -> None:
    """Convert a text of which something has to be said."""
    try:
        page.facts, page.text = converter.convert(page)
    except Exception as error:
        if page.is_of_strangers:
            _show_as_written(page, converter, _reason(error))
        # else MkDocs meets it again, and says in which page


def _show_as_written(page: OncePage, converter: Converter, why: str) -> None:
    """Say so, but not as a warning: that would stop a strict build, and everybody's pages with it."""
    log.info("%s can not be converted, and is shown as it was written: %s", page.file.src_uri, why)
    page.facts, page.text = converter.as_written(page)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _quietly(converter: Converter, page: OncePage) -> dict[bytes, bytes]:
    """What is kept of a page's text: nothing where something would have been said."""
    with _listening() as heard:
        try:
            made = _packed(page, *converter.convert(page))
        except Exception as error:  # the site's own is met again where it can be told
            return {_FAILED: _reason(error).encode()} if page.is_of_strangers else {}
    return {} if heard else made


def _packed(page: OncePage, facts: Facts, text: Text) -> dict[bytes, bytes]:
    made = {page.text_key + FACTS: facts, page.text_key + TEXT: text}
    return {key: pack(key, msgspec.msgpack.encode(value)) for key, value in made.items()}


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What MkDocs says meanwhile that a reader of its output would see; nobody else hears it."""
    heard: list[str] = []
    listener = logging.Handler(logging.INFO)
    listener.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    before = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [listener], False
    try:
        yield heard
    finally:
        logger.handlers, logger.propagate = before
