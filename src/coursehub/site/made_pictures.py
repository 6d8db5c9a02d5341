"""Pictures that a build makes as WebP, and keeps in a folder for the next: what was cut off there is made again."""

import os
from pathlib import Path

from coursehub.system import files

_NONE = b"none"  # in place of one that can't be made or would gain nothing; an empty file is what a crash leaves


def is_whole(file: Path) -> bool:
    """Whether a file has all the bytes that it begins by telling of, or says that there is no picture.

    https://developers.google.com/speed/webp/docs/riff_container
    """
    try:
        with file.open("rb") as opened:
            header, size = opened.read(8), os.fstat(opened.fileno()).st_size
    except FileNotFoundError:
        return False
    return header == _NONE or (header.startswith(b"RIFF") and int.from_bytes(header[4:], "little") + 8 == size)


def write(file: Path, content: bytes) -> None:
    """Write a picture; without content, that there is none. Raises `OSError`."""
    files.write(file, content or _NONE)


def size(file: Path) -> int:
    """How many bytes the picture has that is whole there; 0 where there is none. Raises `OSError`."""
    there = file.stat().st_size
    return there if there > len(_NONE) else 0
