"""The texts of a build's pages: from the store, or converted by several processes."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import msgspec
from mkdocs.structure.files import Files

from coursehub.shares import in_shares
from mkdocs_once.conversion import Converter
from mkdocs_once.page import Facts, OncePage, Text
from mkdocs_once.store import Store, pack

FACTS, TEXT = b"facts", b"text"


def find(page: OncePage, store: Store, files: Files) -> None:
    """Give a page the facts that the store has of its text, if they still hold."""
    if kept := store.get(page.text_key + FACTS):
        found = msgspec.msgpack.decode(kept, type=Facts)
        page.facts = found if found.hold(files) else None


def complete(page: OncePage, store: Store) -> None:
    """Give a page its text too, for it is to be rendered; without it, the facts are no use."""
    kept = store.get(page.text_key + TEXT)
    page.text = msgspec.msgpack.decode(kept, type=Text) if kept else None
    page.facts = page.facts if page.text else None


def convert(pages: Sequence[OncePage], converter: Converter, store: Store, files: Files, processes: int) -> None:
    """Convert the texts of these pages, and keep those of which nothing had to be said."""

    def quietly(share: Sequence[OncePage]) -> list[dict[bytes, bytes]]:
        return [_quietly(page, converter) for page in share]

    for page, packed in zip(pages, in_shares(quietly, pages, dict[bytes, bytes], processes), strict=True):
        store.put(packed)
        find(page, store, files)
        complete(page, store)
        if page.facts is None:
            with suppress(Exception):  # MkDocs meets it again, and says in which page
                page.facts, page.text = converter.convert(page)
                page.is_kept = False


def _quietly(page: OncePage, converter: Converter) -> dict[bytes, bytes]:
    """What is kept of a page's text: nothing where something would have been said."""
    with _listening() as heard:
        try:
            made = _packed(page, *converter.convert(page))
        except Exception:  # it is met again where it can be told
            return {}
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
