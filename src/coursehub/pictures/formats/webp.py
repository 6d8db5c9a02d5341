"""WebP: https://developers.google.com/speed/webp/docs/riff_container"""

from coursehub.pictures import tags
from coursehub.pictures.layout import MORE, CutOffError, DamagedError, Layout, little, piece

_PUBLISHED = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_HAS_EXIF, _HAS_XMP = 0b1000, 0b0100


def read(content: bytes) -> Layout:
    """The parts of a WebP file. Raises `DamagedError`.

    How the picture has to be turned stays in the file, but browsers do not look there: tried with Chromium 156.
    """
    end = little(content, 4, 4) + 8
    if end > len(content):
        raise CutOffError
    size_of_canvas = size_of_image = (0, 0)
    frames, orientation = 0, 1
    chunks, secrets = list[tuple[bytes, bytes]](), set[str]()
    start = 12
    while start + 8 <= min(end, len(content)):
        name, size = content[start : start + 4], little(content, start + 4, 4)
        data = piece(content, start + 8, size)
        if name == b"VP8X":
            size_of_canvas = (little(data, 4, 3) + 1, little(data, 7, 3) + 1)
        elif name == b"ANMF":
            frames += 1
        elif name in (b"VP8 ", b"VP8L"):
            size_of_image = _size(name, data)
        elif name == b"EXIF":
            orientation, its_secrets = tags.exif(data.removeprefix(b"Exif\0\0"))
            secrets |= its_secrets
        elif name == b"XMP ":
            secrets |= tags.xmp(data)
        if name in _PUBLISHED:
            chunks.append((name, data))
        start += 8 + size + size % 2
    if not frames and not size_of_image[0]:
        raise CutOffError
    if content[end + end % 2 :].strip(b"\0\r\n "):
        secrets.add(MORE)
    if orientation != 1 and chunks[0][0] == b"VP8X":
        chunks.append((b"EXIF", tags.only_turned(orientation)))
    else:
        orientation = 1
    width, height = size_of_canvas if size_of_canvas[0] else size_of_image
    return Layout(width, height, max(frames, 1), _file(chunks, orientation), frozenset(secrets))


def _size(name: bytes, data: bytes) -> tuple[int, int]:
    if name == b"VP8L":
        if piece(data, 0, 1) != b"\x2f":
            raise DamagedError("has bytes that changed since it was saved")
        bits = little(data, 1, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if piece(data, 3, 3) != b"\x9d\x01\x2a":
        raise DamagedError("has bytes that changed since it was saved")
    return little(data, 6, 2) & 0x3FFF, little(data, 8, 2) & 0x3FFF


def _file(chunks: list[tuple[bytes, bytes]], orientation: int) -> list[bytes]:
    """The pieces of a file with these chunks."""
    pieces = []
    for name, data in chunks:
        shown = data
        if name == b"VP8X":
            flags = data[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if orientation != 1 else 0)
            shown = bytes((flags,)) + data[1:]
        pieces += [name, len(shown).to_bytes(4, "little"), shown, b"\0" * (len(shown) % 2)]
    return [b"RIFF", (sum(map(len, pieces)) + 4).to_bytes(4, "little"), b"WEBP", *pieces]
