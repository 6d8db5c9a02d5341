"""The links of a cell: which addresses are meant by what people write there."""

import re
from typing import NamedTuple
from urllib.parse import urljoin

from coursehub.importing.listing import address
from coursehub.importing.rows import Cell
from coursehub.names.identity import fold
from coursehub.text.addresses import is_web_address

_BARE = re.compile(r"https?://(?:(?![,;|]https?://)[^\s<>\"])+", re.IGNORECASE)
_HOST = re.compile(r"(?://)?((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?)")
_FILE = re.compile(r"(?!\w+:)\S+\.(?:html?|md|pdf|ipynb|txt|docx|pptx)(?:[?#]\S*)?", re.IGNORECASE)
_PATH = re.compile(r"(?!\w+:|n/a\Z)\S*/\S*", re.IGNORECASE)


class Address(NamedTuple):
    """An address as it is written, and the web address that it means, or None.

    `why` is what had to be assumed: a `scheme`, that it is relative to a `base`, that `words` beside it are none of it.
    """

    written: str
    url: str | None
    why: str = ""


def addresses_in(cell: Cell, base_url: str | None) -> list[Address]:
    """The addresses of the cell's links, then those in its words, each once; a cell that has none has its text."""
    words = _beside_links(cell)
    bare = [_trimmed(match) for match in _BARE.findall(words)]
    written = [*(target for _, target in cell.links), *bare] or [cell.text] * bool(cell.text)
    addresses = list({address(each): _meant(each, base_url) for each in reversed(written)}.values())[::-1]
    if bare and addresses[0].written == bare[0] and fold(_BARE.sub(" ", words)):
        addresses[0] = Address(cell.text, addresses[0].url, "words")
    return addresses


def _beside_links(cell: Cell) -> str:
    """The cell's text without the texts of its links, each of which stands behind the one before."""
    pieces, end = [], 0
    for text, _ in cell.links:
        start = cell.text.find(text, end) if text else -1
        if start >= 0:
            pieces.append(cell.text[end:start])
            end = start + len(text)
    return " ".join([*pieces, cell.text[end:]])


def is_relative(written: str) -> bool:
    """Whether this can be the address of a page beside the one that has the list."""
    return bool(_FILE.fullmatch(written) or (_PATH.fullmatch(written) and not written.startswith("//")))


def _meant(written: str, base_url: str | None) -> Address:
    if is_web_address(written):
        return Address(written, written)
    host = _HOST.fullmatch(written)
    if host and ("/" in host[1] or not _FILE.fullmatch(written)) and is_web_address(f"https://{host[1]}"):
        return Address(written, f"https://{host[1]}", "scheme")
    if base_url and is_relative(written) and is_web_address(joined := urljoin(base_url, written)):
        return Address(written, joined, "base")
    return Address(written, None)


def _trimmed(bare: str) -> str:
    """The address without the sentence's signs behind it."""
    bare = bare.rstrip(".,;:!?|'”’»")
    return bare[:-1] if bare.endswith(")") and bare.count("(") < bare.count(")") else bare
