"""Addresses in a text: which lead to files, and the text with others in their place."""

import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import unquote

from coursehub.converting.code import Text
from coursehub.markdown import contents
from coursehub.text.addresses import scheme

_SIGNS = re.compile(r"\{(?:static|attach|filename|photo)\}/?|\|(?:static|attach|filename)\|/?", re.IGNORECASE)
# Where an address stands in Markdown: behind a picture's or link's words, behind a reference, in a tag of HTML.
_PLACES = re.compile(
    r"(?P<inline>\]\([ \t]*)(?:<(?P<angled>[^<>\n]*)>|(?P<bare>(?:[^\s()<>]|\([^\s()]*\))+))"
    r"|(?P<reference>^[ ]{0,3}\[[^\[\]\n]+\]:[ \t]*)(?:<(?P<angled2>[^<>\n]*)>|(?P<bare2>\S+))"
    r"|(?P<attribute>\b(?:src|href)\s*=\s*)(?:\"(?P<double>[^\"<>]*)\"|'(?P<single>[^'<>]*)'|(?P<unquoted>[^\s\"'<>]+))",
    re.MULTILINE | re.IGNORECASE,
)
_BLANKS = re.compile(
    r"(?P<before>!?\[[^\[\]\n]*\]\()[ \t]*"
    r"(?P<address>[^\s()<>\"'][^()<>\"'\n]*?\.(?:png|jpe?g|gif|webp|avif|svg))(?P<title>[ \t]+\"[^\"\n]*\")?[ \t]*\)",
    re.IGNORECASE,
)


def with_blanks(text: str) -> str:
    """The text with angles around addresses of pictures that have blanks, which GitHub takes for no address."""
    parts: list[str] = []
    at = 0
    for match in Text(text).matches(_BLANKS):
        if re.search(r"\s", match["address"]):
            parts += (text[at : match.start()], f"{match['before']}<{match['address']}>{match['title'] or ''})")
            at = match.end()
    return "".join((*parts, text[at:])) if parts else text


def of_pictures(text: str) -> list[str]:
    """The addresses of the pictures, in their order, each once."""
    read = contents.read(text)
    return [*dict.fromkeys(each.address for each in (*read.pictures, *read.sources) if each.address)]


def of_links(text: str) -> list[str]:
    """The addresses of links to files, in their order, each once."""
    links = dict.fromkeys(each.address for each in contents.read(text).links)
    return [address for address in links if path_of(address) and not address.startswith("#")]


def path_of(address: str) -> str:
    r"""The path that an address means, without the signs of other engines; empty of one that leads to the web.

    Who wrote it on Windows may have `\` for `/`.
    """
    if scheme(address) or address.startswith(("//", "data:")):
        return ""
    plain = _SIGNS.sub("/", address)
    return unquote(plain.partition("#")[0].partition("?")[0]).replace("\\", "/")


def replaced(text: str, new: Mapping[str, str]) -> str:
    """The text with new addresses for these; keys are addresses as `of_pictures` and `of_links` give them."""
    if not new:
        return text
    by_reading = {_reading(old): address for old, address in new.items()}
    parts: list[str] = []
    at = 0
    for match in Text(text).matches(_PLACES):
        kind = match.lastgroup or ""
        old = match[kind]
        address = by_reading.get(_reading(unescape(old)))
        if address is not None:
            parts += (text[at : match.start(kind)], escape(address) if match["attribute"] else address)
            at = match.end(kind)
    return "".join((*parts, text[at:])) if parts else text


def _reading(address: str) -> str:
    return unquote(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", address))
