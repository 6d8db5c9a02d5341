"""The parts of a picture's file, of which some are the picture and others tell of who took it."""

from collections.abc import Iterable
from typing import NamedTuple

# Kinds of what a file may tell beside the picture, in the words of a finding, the worst first.
PLACE, TIME, DEVICE = "where it was taken", "when it was taken", "what it was taken with"
NOTES, PREVIEW, MORE = "names or notes", "a small copy of the picture as it was", "more data behind the picture"
ALL = (PLACE, TIME, DEVICE, NOTES, PREVIEW, MORE)


class DamagedError(Exception):
    """A picture's file is not built as its format demands. The message says how, in the words of a finding."""


class CutOffError(DamagedError):
    """A picture's file was cut off: its end is missing."""

    def __init__(self) -> None:
        super().__init__("was cut off: its end is missing")


class Layout(NamedTuple):
    """A picture's size as it is shown, how many frames it has, the bytes that are published, what all bytes tell.

    `published` are pieces, one after the other; only what is in them goes to the site.
    """

    width: int
    height: int
    frames: int
    published: list[bytes]
    secrets: frozenset[str]


def piece(content: bytes, start: int, size: int) -> bytes:
    """So many bytes from `start`. Raises `CutOffError` where there are fewer."""
    if start < 0 or size < 0 or start + size > len(content):
        raise CutOffError
    return content[start : start + size]


def number(content: bytes, start: int, size: int) -> int:
    """The number that so many bytes are, the highest one first. Raises `CutOffError`."""
    return int.from_bytes(piece(content, start, size), "big")


def little(content: bytes, start: int, size: int) -> int:
    """The number that so many bytes are, the lowest one first. Raises `CutOffError`."""
    return int.from_bytes(piece(content, start, size), "little")


def ordered(secrets: Iterable[str]) -> tuple[str, ...]:
    """The secrets in one order, the worst first."""
    known = {*secrets}
    return tuple(each for each in ALL if each in known) if known else ()
