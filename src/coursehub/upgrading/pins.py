"""Pins of a release: in the callers of its workflows, in the line that installs it, in the head of its lock."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from packaging.version import InvalidVersion, Version

from coursehub.workflows import FOLDER, PRODUCT

_PACKAGE = "coursehub"
# “uses: OWNER/NAME/PATH@SHA # version”, of whichever action
_USES = re.compile(rb"^(?P<before>[ \t-]*uses:[ \t]*(?P<what>[^\s@#]+)@)(?P<pin>[^\n\r]*)", re.MULTILINE)
_OURS = re.compile(rf"{re.escape(PRODUCT)}/{re.escape(FOLDER)}/".encode(), re.IGNORECASE)
_COMMENT = re.compile(rb"#[ \t]*(?P<version>v?\d\S*)")
# “coursehub==version”, or “coursehub @ git+ADDRESS@SHA”
_LINE = re.compile(
    rb"^(?P<before>coursehub(?:\[[\w, -]*\])?)"
    rb"(?P<pin>[ \t]*(?:==[ \t]*(?P<version>[^\s,;\\]+)|@[ \t]*git\+https://github\.com/%b(?:\.git)?@[^\s;\\]+))"
    rb"(?=[ \t]*(?:[ \t]#[^\n]*)?\r?$)" % re.escape(PRODUCT).encode(),
    re.MULTILINE,
)
_HEAD = re.compile(rb"\A(?P<before># The packages under Course Hub )(?P<version>[^\s,]+)")


def without(text: bytes) -> bytes:
    """The text without what a release alone changes in it: so its texts of two releases can be compared."""
    for pattern in (_USES, _LINE, _HEAD):
        text = pattern.sub(rb"\g<before>", text)
    return text


def versions(text: bytes) -> Iterator[Version]:
    """The releases to which a text is pinned, as far as it says their versions."""
    comments = (_COMMENT.search(match["pin"]) for match in _ours(text))
    for match in (*comments, *_LINE.finditer(text), _HEAD.match(text)):
        if match and match["version"]:
            with suppress(InvalidVersion, UnicodeDecodeError):
                yield Version(match["version"].decode())


def called(text: bytes) -> Iterator[str]:
    """The product's workflows that a text calls."""
    return (_name(match) for match in _ours(text))


def current(texts: Iterable[bytes]) -> Mapping[str, bytes]:
    """The pins of a release, as its texts have them: workflow, or “coursehub” → what follows its name."""
    pins: dict[str, bytes] = {}
    for text in texts:
        pins.update((_name(match), match["pin"]) for match in _ours(text))
        pins.update((_PACKAGE, match["pin"]) for match in _LINE.finditer(text))
    return pins


def raised(text: bytes, pins: Mapping[str, bytes]) -> bytes:
    """The text with the pins of a release, and every other byte as it is."""

    def uses(match: re.Match[bytes]) -> bytes:
        return match["before"] + pins.get(_name(match), match["pin"])

    def line(match: re.Match[bytes]) -> bytes:
        return match["before"] + pins.get(_PACKAGE, match["pin"])

    return _LINE.sub(line, _USES.sub(uses, text))


def _ours(text: bytes) -> Iterator[re.Match[bytes]]:
    return (match for match in _USES.finditer(text) if _OURS.match(match["what"]))


def _name(match: re.Match[bytes]) -> str:
    return match["what"].decode(errors="replace")
