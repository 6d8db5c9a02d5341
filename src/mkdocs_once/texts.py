"""The texts of a build's pages: from the store, or converted by several processes."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain

import mkdocs
import msgspec
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files

from forkpool import in_chunks
from mkdocs_once.conversion import Converter
from mkdocs_once.page import Facts, OncePage, Text
from mkdocs_once.store import Store, pack, unpack

FACTS, TEXT = b"facts", b"text"
_FEWEST = 25  # texts that are worth a process: one of the site's own can take ten milliseconds
_FAILED = b"failed"  # in place of both keys, with the reason
log = logging.getLogger("mkdocs.plugins.once")


def load_facts(pages: Sequence[OncePage], store: Store, files: Files) -> None:
    """Set the facts of pages that the store has, where they still hold; None for others."""
    for page, stored in zip(pages, store.get_all(page.text_key + FACTS for page in pages), strict=True):
        facts = msgspec.msgpack.decode(stored, type=Facts) if stored else None
        page.facts = facts if facts and facts.hold(files) else None


def stored_text(page: OncePage, store: Store) -> Text | None:
    """A page's converted text in the store, if it is there; one that is HTML already is in no store."""
    if page.is_html:
        return Text(page.source or "")
    value = store.get(page.text_key + TEXT)
    return msgspec.msgpack.decode(value, type=Text) if value else None


def convert(pages: Sequence[OncePage], converter: Converter, store: Store, processes: int) -> None:
    """Convert the texts of these pages, and store those whose conversion logged nothing."""
    work = partial(_packed_silently, converter)
    for start, chunk in in_chunks(work, pages, dict[bytes, bytes], processes, _FEWEST):
        store.put(dict(chain.from_iterable(packed.items() for packed in chunk if _FAILED not in packed)))
        for page, packed in zip(pages[start:], chunk, strict=False):
            page.is_kept = bool(packed) and _FAILED not in packed
            if page.is_kept:
                page.facts = msgspec.msgpack.decode(unpack(packed[page.text_key + FACTS]), type=Facts)
            elif packed:
                _show_as_written(page, converter, packed[_FAILED].decode())
            else:
                _convert_again(converter, page)


def log_failures(pages: Iterable[OncePage]) -> None:
    """Log which of all the pages could not be converted, as warnings.

    Raises `PluginError` if none could: then it is what converts them that is broken.
    """
    with_their_own = [page for page in pages if page.to_text]
    failed = [page for page in with_their_own if page.failure]
    if failed and len(failed) == len(with_their_own):
        first, count = failed[0], len(failed)
        raise PluginError(f"no text can be converted ({count} of {count}); {first.file.src_uri}: {first.failure}")
    for page in failed:
        log.warning("%s cannot be converted, and is shown as it was written: %s", page.file.src_uri, page.failure)


def _convert_again(converter: Converter, page: OncePage) -> None:
    """Convert a text whose messages were caught before, so that they are logged."""
    try:
        page.facts, page.text = converter.convert(page)
    except Exception as error:
        if page.to_text:
            _show_as_written(page, converter, _reason(error))
        # else MkDocs converts it once more, and its error names the page


def _show_as_written(page: OncePage, converter: Converter, why: str) -> None:
    page.failure = why
    page.facts, page.text = converter.as_written(page)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _packed_silently(converter: Converter, page: OncePage) -> dict[bytes, bytes]:
    """A page's facts and text for the store, by their keys; empty if converting it logged a message."""
    with _caught_messages() as messages:
        try:
            packed = _packed(page, *converter.convert(page))
        except Exception as error:  # an error in a page of the site's own is raised again in `_convert_again`
            return {_FAILED: _reason(error).encode()} if page.to_text else {}
    return {} if messages else packed


def _packed(page: OncePage, facts: Facts, text: Text) -> dict[bytes, bytes]:
    values: dict[bytes, Facts | Text] = {page.text_key + FACTS: facts}
    if not page.is_html:
        values[page.text_key + TEXT] = text
    return {key: pack(key, msgspec.msgpack.encode(value)) for key, value in values.items()}


@contextmanager
def _caught_messages() -> Iterator[list[str]]:
    """The messages that MkDocs logs meanwhile and would have printed; they are not printed."""
    messages: list[str] = []
    handler = logging.Handler(logging.INFO)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger(mkdocs.__name__)  # ProperDocs logs by its own name, and has what is logged by this one
    before = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [handler], False
    try:
        yield messages
    finally:
        logger.handlers, logger.propagate = before
