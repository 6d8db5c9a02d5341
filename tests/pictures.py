"""Small real pictures for tests, made from a line such as `png 40x30`.

After the format and the size in pixels may follow, with a comma before each: `N bytes`, which fills a PNG up to so many;
`N frames`, with which it is an animation; `place`, with which its file says where it was taken; `turned`, for one that
is shown upright by its EXIF; `first N`, for a file that was cut off after so many bytes.
"""

import io
import re
import struct
import zlib

from PIL import Image

_LINE = re.compile(r"(?P<format>png|jpeg|gif|webp|avif) (?P<width>\d+)x(?P<height>\d+)(?P<more>(?:, [\w ]+)*)")
_MOST_PAINTED = 10_000_000  # pixels; a larger PNG has a header that says so, and no more


def picture(line: str) -> bytes | None:
    """The bytes of the picture that a line describes, or None where it describes none."""
    match = _LINE.fullmatch(line)
    if not match:
        return None
    more = [words.split() for words in match["more"].split(", ")[1:]]
    numbers = {unit: int(number) for number, unit in more_pairs(more)}
    width, height, has_place = int(match["width"]), int(match["height"]), ["place"] in more
    if width * height > _MOST_PAINTED or "bytes" in numbers:
        content = png(width, height, numbers.get("bytes", 0))
    else:
        content = painted(
            match["format"], width, height, numbers.get("frames", 1), has_place=has_place, is_turned=["turned"] in more
        )
    return content[: numbers.get("first", len(content))]


def more_pairs(more: list[list[str]]) -> list[tuple[str, str]]:
    pairs = [(each[0], each[1]) for each in more if len(each) == 2]
    return [(one, other) if one.isdigit() else (other, one) for one, other in pairs]


def exif(*, has_place: bool, is_turned: bool) -> Image.Exif:
    data = Image.Exif()
    if is_turned:
        data[0x0112] = 6
    if has_place:
        data[0x010F] = "Phones & Sons"
        data[0x0132] = "2026:11:20 10:15:00"
        data.get_ifd(0x8769)[0xA431] = "serial-4711"
        data.get_ifd(0x8825).update({1: "N", 2: (53.0, 20.0, 42.0), 3: "E", 4: (5.0, 13.0, 9.0)})
    return data


def painted(
    format: str, width: int, height: int, frames: int = 1, *, has_place: bool = False, is_turned: bool = False
) -> bytes:
    first = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    others = [first.rotate(180 * number / frames) for number in range(1, frames)]
    more = {"save_all": True, "append_images": others, "loop": 0, "duration": 200} if others else {}
    if has_place or is_turned:
        more["exif"] = exif(has_place=has_place, is_turned=is_turned)
    stream = io.BytesIO()
    first.save(stream, format.upper(), **more)
    return stream.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, size: int = 0) -> bytes:
    """A grey PNG, filled up to so many bytes with what no program reads; of a huge one there is only the first row."""
    rows = b"\0" * (width + 1) * (height if width * height <= _MOST_PAINTED else 1)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    start = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows))
    end = chunk(b"IEND", b"")
    return start + (chunk(b"juNk", b"." * (size - len(start + end) - 12)) if size else b"") + end
