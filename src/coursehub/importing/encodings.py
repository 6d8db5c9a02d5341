"""Bytes of a file → its text, whichever program saved it."""

import codecs

from coursehub.importing.listing import CannotImportError, finding
from coursehub.records.finding import Finding, Place, Severity
from coursehub.text.wording import brief

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMES = {
    "utf-8": "UTF-8, which its first bytes announce",
    "utf-16-le": "UTF-16, which its first bytes announce",
    "utf-16-be": "UTF-16, which its first bytes announce",
    "cp1252": "UTF-8 or Windows-1252",
}
_END = "\n"
_SAVE = "ave it as UTF-8; in a spreadsheet program choose “CSV UTF-8”."


def decoded(path: str, content: bytes) -> tuple[str, list[Finding]]:
    """The text, without a byte order mark, and a note where its encoding had to be assumed.

    UTF-8; UTF-16 with a byte order mark, or with zeros where Latin letters have them; else Windows-1252, as Excel in
    Western Europe and America saves a CSV. Raises `CannotImportError` where the bytes are none of these.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(path, content[len(mark) :], encoding), []
    if encoding := _utf_16_without_mark(content):
        return _strictly(path, content, encoding), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    text = _strictly(path, content, "cp1252")
    message = f"is not UTF-8 and was read as Windows-1252: this line says “{brief(text.split(_END)[line - 1])}”"
    note = finding(Place(path, line), "encoding-assumed", message, f"If that is wrong, s{_SAVE}", Severity.NOTICE)
    return text, [note]


def _strictly(path: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"cannot be read: its byte {error.start + 1:,} is none of {_NAMES[encoding]}"
        raise CannotImportError(Place(path, line), "encoding-unknown", message, f"S{_SAVE}") from error


def _utf_16_without_mark(content: bytes) -> str:
    """The byte order of UTF-16 whose first characters are all ASCII; empty for another text."""
    first = content[:64]
    low, high = first[::2], first[1::2]
    if len(content) % 2 or not first:
        return ""
    return "utf-16-le" if not any(high) and all(low) else "utf-16-be" if not any(low) and all(high) else ""
