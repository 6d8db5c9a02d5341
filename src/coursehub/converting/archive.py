"""A zip of posts, such as Notion exports → a folder."""

import zipfile
from pathlib import Path

MOST_BYTES, MOST_FILES = 1_000_000_000, 20_000


class UnusableArchiveError(Exception):
    """A zip cannot be unpacked; the message says why."""


def unpack(archive: Path, folder: Path) -> None:
    """Write the files of a zip to a folder, and those of the zips in it: Notion puts large exports into several.

    Raises `UnusableArchiveError`, and `OSError` where they cannot be written.
    """
    try:
        _unpack(archive, folder)
        for part in sorted(folder.glob("*.zip")):
            _unpack(part, folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UnusableArchiveError(f"it cannot be unpacked: {error}") from error


def _unpack(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        size, count = sum(each.file_size for each in file.infolist()), len(file.infolist())
        if size > MOST_BYTES or count > MOST_FILES:
            raise UnusableArchiveError(f"it has {count:,} files of {size:,} bytes; unpack it, and name the folder")
        file.extractall(folder)  # which leaves no path outside the folder
