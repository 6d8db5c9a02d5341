"""GIF: https://www.w3.org/Graphics/GIF/spec-gif89a.txt"""

from coursehub.pictures import tags
from coursehub.pictures.layout import MORE, CutOffError, DamagedError, Layout, little, number, piece

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_CONTROL, _COMMENT, _APPLICATION = 0xF9, 0xFE, 0xFF
_REPEATS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # how often an animation runs
_COLOURS = b"ICCRGBG1012"


def read(content: bytes) -> Layout:
    """The parts of a GIF file. Raises `DamagedError`."""
    width, height = little(content, 6, 2), little(content, 8, 2)
    start = 13 + _colours(number(content, 10, 1))
    published, secrets = [piece(content, 0, start)], set[str]()
    frames = 0
    while start < len(content) and content[start] != _END:
        if content[start] == _IMAGE:
            data = start + 10
            width, height = width or little(content, start + 5, 2), height or little(content, start + 7, 2)
            end = _blocks_end(content, data + _colours(number(content, start + 9, 1)) + 1)
            frames += 1
            published.append(content[start:end])
        elif content[start] == _EXTENSION:
            label, data = number(content, start + 1, 1), start + 2
            end = _blocks_end(content, data)
            if label == _CONTROL or (label == _APPLICATION and content[data + 1 : data + 12] in (*_REPEATS, _COLOURS)):
                published.append(content[start:end])
            elif label == _COMMENT:
                secrets |= tags.comment(content[data + 1 : end - 1])
            elif label == _APPLICATION:
                secrets |= tags.xmp(content[data:end])
        elif content[start]:
            raise DamagedError("has bytes that changed since it was saved")
        else:
            end = start + 1  # some programs fill up with zeros
        start = end
    if not frames:
        raise CutOffError
    if content[start + 1 :].strip(b"\0\r\n "):
        secrets.add(MORE)
    return Layout(width, height, frames, [*published, b";"], frozenset(secrets))


def _colours(flags: int) -> int:
    """The bytes of the table of colours that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks_end(content: bytes, start: int) -> int:
    """The end of blocks that each begin with their size, behind the empty one at their end."""
    while size := number(content, start, 1):
        start += size + 1
    return start + 1
