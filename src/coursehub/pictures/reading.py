"""The bytes of a picture's file → what is wrong with them, what they tell, and what of them is published.

No pixel is decoded: a file says how large its picture is, and how each part ends, before that. So a small file that
means a huge picture costs no more than any other.
"""

import os
from pathlib import Path

import msgspec

from coursehub.pictures import kinds
from coursehub.pictures.formats import avif, gif, jpeg, png, webp
from coursehub.pictures.layout import DamagedError, Layout, ordered
from coursehub.pictures.picture import Picture

MOST_BYTES = 100_000_000  # which is as much as GitHub takes of a file
_READERS = {"PNG": png.read, "JPEG": jpeg.read, "GIF": gif.read, "WebP": webp.read, "AVIF": avif.read}


class Read(msgspec.Struct, frozen=True):
    """A picture, and its bytes as they are published: without what they tell. None where no browser shows it."""

    picture: Picture
    published: bytes | None
    is_as_stored: bool = True


def read(name: str, content: bytes) -> Read:
    """The picture that a file of this name holds; never raises for what the file holds."""
    kind = kinds.kind(content)
    reader = _READERS.get(kind.name)
    if reader is None:
        return _broken(f"is {kind.name}", kind.help)
    try:
        layout = reader(content)
        if not (layout.width and layout.height):
            raise DamagedError("does not say how large it is")
    except DamagedError as error:
        what = "an" if kind.name == "AVIF" else "a"
        help = "Save the picture again, put that file there, and look whether it opens."
        return _broken(f"is {what} {kind.name} picture that {error}", help, kind.name)
    published = b"".join(layout.published)
    return Read(_picture(name, kind.name, layout), published, is_as_stored=published == content)


def read_file(path: Path) -> Read:
    """The picture in a file. Raises `OSError`."""
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if size > MOST_BYTES:
            return _broken(
                f"has {size:,} bytes, more than GitHub takes", "Scale the picture down to at most 1600 pixels width."
            )
        return read(path.name, file.readall())


def _broken(wrong: str, help: str, format: str = "") -> Read:
    return Read(Picture(format, wrong=wrong, help=help, is_shown=False), None)


def _picture(name: str, format: str, layout: Layout) -> Picture:
    stem, _, suffix = name.rpartition(".")
    kind = kinds.PICTURES.get(f".{suffix.lower()}") if stem else None
    wrong = help = ""
    if kind != format:
        right = (stem or name) + kinds.SUFFIXES[format]
        wrong = f"is a {format} picture with the name of a {kind or 'different file'}"
        help = f"Rename the file to {right}, here and in the text."
    return Picture(format, layout.width, layout.height, layout.frames, wrong, help, secrets=ordered(layout.secrets))
