"""PNG, also animated: https://www.w3.org/TR/png-3/"""

import struct
import zlib

from coursehub.pictures import tags
from coursehub.pictures.layout import MORE, NOTES, CutOffError, DamagedError, Layout, number, piece

_HEAD = struct.Struct(">I4s")  # of a chunk: how many bytes its data have, and its name
SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PUBLISHED = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV",
    b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
_SIGNED = {b"caBX", b"gIFx", b"dSIG"}  # who made it, with which programs


def read(content: bytes) -> Layout:
    """The parts of a PNG file. Raises `DamagedError`."""
    width = height = 0
    frames, orientation = 1, 1
    published, secrets, names = [SIGNATURE], set[str](), set[bytes]()
    start, name = len(SIGNATURE), b""
    while name != b"IEND":
        size, name = _HEAD.unpack(piece(content, start, _HEAD.size))
        chunk = piece(content, start, size + 12)
        data = chunk[8:-4]
        is_sound = zlib.crc32(data, zlib.crc32(name)) == int.from_bytes(chunk[-4:], "big")
        if not names and (name != b"IHDR" or size != 13):
            raise DamagedError("was made for Apple's own programs alone" if name == b"CgBI" else "has no header")
        if not is_sound and (name[:1].isupper() or name == b"fdAT"):
            raise DamagedError("has bytes that changed since it was saved")
        if name == b"IHDR":
            width, height = number(data, 0, 4), number(data, 4, 4)
        elif name == b"acTL" and size == 8:
            frames = max(number(data, 0, 4), 1)
        elif name == b"eXIf":
            orientation, its_secrets = tags.exif(data)
            secrets |= its_secrets
        elif name in _TEXTS:
            keyword, _, value = data.partition(b"\0")
            secrets |= tags.text(keyword, value)
        elif name in _SIGNED:
            secrets.add(NOTES)
        if name in _PUBLISHED and is_sound:
            published.append(chunk)
        names.add(name)
        start += len(chunk)
    if b"IDAT" not in names:
        raise CutOffError
    if content[start:].strip(b"\0\r\n "):
        secrets.add(MORE)
    if orientation != 1:
        published.insert(2, _chunk(b"eXIf", tags.only_turned(orientation)))
    if orientation >= 5:
        width, height = height, width
    return Layout(width, height, frames, published, frozenset(secrets))


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(data, zlib.crc32(name)).to_bytes(4, "big")
