"""JPEG: https://www.w3.org/Graphics/JPEG/itu-t81.pdf"""

from coursehub.pictures import tags
from coursehub.pictures.layout import MORE, NOTES, PREVIEW, CutOffError, DamagedError, Layout, number, piece
from coursehub.text.expressions import expression

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without data
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_TABLES = {0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF}
_MARKER = expression(rb"\xff([\x01-\xfe])")
_AFTER_SCAN = expression(rb"\xff[\x01-\xcf\xd8-\xfe]")  # the others are part of it
_EXIF, _XMP, _MORE_XMP = b"Exif\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
_COLOURS, _PHOTOSHOP = b"ICC_PROFILE\0", b"Photoshop 3.0\0"
_IPTC, _THUMBNAILS = b"8BIM\x04\x04", (b"8BIM\x04\x09", b"8BIM\x04\x0c")


def read(content: bytes) -> Layout:
    """The parts of a JPEG file. Raises `DamagedError`."""
    width = height = 0
    orientation, has_scan = 0, False
    published, secrets = [b"\xff\xd8"], set[str]()
    start, after_header = 2, 1
    while True:
        match = _MARKER.search(content, start)
        if not match:
            raise CutOffError
        marker, start = match[1][0], match.end()
        if marker == _END:
            break
        if marker in _ALONE:
            continue
        size = number(content, start, 2)
        if size < 2:
            raise DamagedError("has bytes that changed since it was saved")
        segment = piece(content, start, size)
        data = segment[2:]
        start += size
        if marker in _FRAMES:
            height, width = number(data, 1, 2), number(data, 3, 2)
        if marker == _SCAN:
            after = _AFTER_SCAN.search(content, start)
            if not after:
                raise CutOffError
            published.append(b"\xff\xda" + segment + content[start : after.start()])
            start, has_scan = after.start(), True
        elif marker in _FRAMES or marker in _TABLES:
            published.append(bytes((0xFF, marker)) + segment)
        elif shown := _shown(marker, data):
            published.append(bytes((0xFF, marker)) + (len(shown) + 2).to_bytes(2, "big") + shown)
            after_header = len(published) if marker == 0xE0 else after_header
        if marker == 0xE1 and data.startswith(_EXIF):
            turned, its_secrets = tags.exif(data[6:])
            orientation = orientation or turned
            secrets |= its_secrets
        else:
            secrets |= _secrets(marker, data)
    if not has_scan:
        raise CutOffError
    if not (width and height):
        raise DamagedError("does not say how large it is")
    if len(content[start:].strip(b"\0\xff\r\n ")) > 2:
        secrets.add(MORE)
    if orientation > 1:
        segment = b"Exif\0\0" + tags.only_turned(orientation)
        published.insert(min(after_header, 2), b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment)
    if orientation >= 5:
        width, height = height, width
    return Layout(width, height, 1, [*published, b"\xff\xd9"], frozenset(secrets))


def _shown(marker: int, data: bytes) -> bytes:
    """The part of an application's segment that a browser needs to show the picture."""
    if marker == 0xE0 and data.startswith(b"JFIF\0") and len(data) >= 14:
        return data[:12] + b"\0\0"  # without its thumbnail
    is_shown = (marker == 0xE2 and data.startswith(_COLOURS)) or (marker == 0xEE and data.startswith(b"Adobe"))
    return data if is_shown else b""


def _secrets(marker: int, data: bytes) -> frozenset[str]:
    if marker == _COMMENT:
        return tags.comment(data)
    if marker == 0xE1 and data.startswith((_XMP, _MORE_XMP)):
        return tags.xmp(data)
    if marker == 0xED and data.startswith(_PHOTOSHOP):
        notes = {NOTES} if _IPTC in data else set()
        return frozenset(notes | ({PREVIEW} if any(each in data for each in _THUMBNAILS) else set()))
    if marker == 0xE0 and data.startswith(b"JFXX\0"):
        return frozenset({PREVIEW})
    return frozenset({NOTES}) if marker == 0xEB else frozenset()  # who made it, with which programs
