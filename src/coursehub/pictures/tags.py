"""The data that cameras, phones and editors write into pictures: EXIF, XMP, text.

EXIF: https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from coursehub.pictures.layout import DEVICE, NOTES, PLACE, PREVIEW, TIME
from coursehub.text.expressions import expression

_ORIENTATION, _EXIF, _GPS = 0x0112, 0x8769, 0x8825
_COMMENT = 0x9286
# What a picture is like, and the program that saved it: nothing of a person.
_HARMLESS = {
    0x0100, 0x0101, 0x0102, 0x0103, 0x0106, _ORIENTATION, 0x0115, 0x011A, 0x011B, 0x011C, 0x0128, 0x0131, 0x013E,
    0x013F, 0x0211, 0x0212, 0x0213, 0x0214, _EXIF, _GPS, 0x9000, 0x9101, 0x9102, 0xA000, 0xA001, 0xA002, 0xA003,
    0xA005, 0xA401, 0xA402, 0xA403, 0xA406, 0xC4A5,
}  # fmt: skip
_TIMES = {0x0132, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292}
_NOTES = {
    0x010D, 0x010E, 0x011D, 0x013B, 0x02BC, 0x8298, 0x83BB, 0x8649, _COMMENT, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F,
    0xA430, 0xA436, 0xA437, 0xA438,
}  # fmt: skip
_MOST = 1000  # entries of a table; cameras write some dozens
_SCREENSHOT = expression(rb"(?:ASCII\0\0\0|UNICODE\0|\0{8})?[\0 ]*(?:Screenshot)?[\0 ]*")  # macOS writes this

_XMP = (
    (PLACE, expression(rb"GPSL|GPSP|GPSD|photoshop:(?:City|State|Country)|Iptc4xmp\w*:Location", re.IGNORECASE)),
    (TIME, expression(rb"CreateDate|DateCreated|DateTime", re.IGNORECASE)),
    (DEVICE, expression(rb"SerialNumber|tiff:(?:Make|Model)|aux:Lens", re.IGNORECASE)),
    (NOTES, expression(rb"dc:(?:creator|rights|description|title|subject)|Owner|Artist|Author|CreatorContact",
                       re.IGNORECASE)),
    (PREVIEW, expression(rb"xmp:Thumbnails", re.IGNORECASE)),
)  # fmt: skip


class Exif(NamedTuple):
    """How the picture has to be turned (1: not at all), and the secrets of the data."""

    orientation: int
    secrets: frozenset[str]


class _Entry(NamedTuple):
    tag: int
    value: bytes
    number: int


def exif(tiff: bytes) -> Exif:
    """Read EXIF, which is a TIFF file without a picture; of what cannot be read, it is assumed that it tells much."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4], "")
    try:
        if not order:
            return Exif(1, frozenset({NOTES}))
        first, following = _table(tiff, order, struct.unpack_from(f"{order}I", tiff, 4)[0])
        entries, by_tag = [*first], {each.tag: each for each in first}
        if _EXIF in by_tag:
            entries += _table(tiff, order, by_tag[_EXIF].number)[0]
        place = _table(tiff, order, by_tag[_GPS].number)[0] if _GPS in by_tag else ()
    except struct.error:
        return Exif(1, frozenset({NOTES}))
    secrets = {*_secrets_of(entries)}
    if any(each.tag for each in place):  # the first only says which version of the standard this is
        secrets.add(PLACE)
    if following:
        secrets.add(PREVIEW)
    turned = by_tag[_ORIENTATION].number if _ORIENTATION in by_tag else 1
    return Exif(turned if 1 <= turned <= 8 else 1, frozenset(secrets))


def _table(tiff: bytes, order: str, start: int) -> tuple[list[_Entry], int]:
    """A table's entries, and where the next one begins. Raises `struct.error`."""
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    entries = [_entry(tiff, order, start + 2 + 12 * index) for index in range(min(count, _MOST))]
    end = start + 2 + 12 * count
    following = struct.unpack_from(f"{order}I", tiff, end)[0] if end + 4 <= len(tiff) else 0
    return entries, following


def _entry(tiff: bytes, order: str, start: int) -> _Entry:
    tag, kind, count, inline = struct.unpack_from(f"{order}HHI4s", tiff, start)
    (number,) = struct.unpack(f"{order}I", inline)
    value = inline[:count] if count <= 4 else tiff[number : number + min(count, 64)]
    if kind == 3:
        (number,) = struct.unpack(f"{order}H", inline[:2])
    return _Entry(tag, value, number)


def _secrets_of(entries: list[_Entry]) -> Iterator[str]:
    for tag, value, _ in entries:
        if tag in _TIMES:
            yield TIME
        elif tag in _NOTES:
            is_empty = not value.strip(b"\0 ") or (tag == _COMMENT and _SCREENSHOT.fullmatch(value))
            yield from () if is_empty else (NOTES,)
        elif tag not in _HARMLESS:
            yield DEVICE


def only_turned(orientation: int) -> bytes:
    """EXIF that says nothing but how the picture has to be turned."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)


def xmp(packet: bytes) -> frozenset[str]:
    """The secrets of an XMP packet, looked for in its bytes as they are: no value of it is needed."""
    text = packet.replace(b"\0", b"")  # of UTF-16, the letters that count
    return frozenset(secret for secret, pattern in _XMP if pattern.search(text))


_PROGRAM = expression(
    rb"\s*(?:CREATOR: gd-jpeg|Lavc\d|Created with |LEAD Technologies|Optimized |Compressed |gifsicle|ezgif)",
    re.IGNORECASE,
)


def comment(text: bytes) -> frozenset[str]:
    """The secrets of a comment: none, where only a program names itself."""
    return frozenset() if not text.strip(b"\0 \r\n\t") or _PROGRAM.match(text) else frozenset({NOTES})


_ABOUT_THE_FILE = {
    b"software",
    b"date:create",
    b"date:modify",
    b"date:timestamp",
    b"creation time",
    b"source",
    b"disclaimer",
}


def text(keyword: bytes, value: bytes) -> frozenset[str]:
    """The secrets of a named text of a PNG."""
    if keyword == b"XML:com.adobe.xmp":
        return frozenset({NOTES}) if value.startswith(b"\1") else xmp(value)  # compressed, it is not read
    if keyword.lower() in _ABOUT_THE_FILE or keyword.lower().startswith(b"icc:"):
        return frozenset()
    if b"GPS" in keyword.upper():
        return frozenset({PLACE})
    return frozenset({NOTES})
