"""Strangers' text on one line of a terminal, a log or a comment."""

import unicodedata
from itertools import accumulate


def visible(text: str) -> str:
    """Return the text with every character escaped that moves a cursor, colours a terminal or turns its direction."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text.replace("\t", " "))


def width(text: str) -> int:
    """How wide a terminal shows the text: East Asian letters and emoji take two cells, marks on a letter none."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text)


def cut(text: str, cells: int) -> str:
    """The text, or the beginning of one that a terminal shows wider than so many cells, with blanks to fill them."""
    if width(text) > cells:
        ends = accumulate(map(width, text))
        text = text[: sum(end < cells for end in ends)] + "…"
    return text + " " * (cells - width(text))
