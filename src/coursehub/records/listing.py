"""The files below `posts/`, each with its mark: what lies there, before any is opened."""

import os
import time
from collections.abc import Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from coursehub.names.file_names import in_git
from coursehub.records.paths import FOLDER, is_picture, is_post
from coursehub.system import marks
from coursehub.system.marks import Mark

Entry = os.DirEntry[str]


class Listing(NamedTuple):
    """Path → its entry in the folder, of posts and of pictures; and the paths of whatever else lies there.

    `marks`: path → the mark of the file, where they were looked up, after this `moment` in nanoseconds.
    """

    posts: Mapping[str, Entry]
    pictures: Mapping[str, Entry]
    strays: tuple[str, ...]
    marks: Mapping[str, Mark | None] = {}
    moment: int = 0

    @property
    def sizes(self) -> dict[str, int]:
        """Path → bytes, of each picture."""
        return {path: entry.stat().st_size for path, entry in self.pictures.items()}

    @property
    def settled(self) -> dict[str, Mark]:
        """Path → the mark of the file, of those that will have another one after any change from this moment on."""
        return {path: mark for path, mark in self.marks.items() if mark and marks.is_settled(mark, self.moment)}


def read(root: Path) -> Listing:
    """The listing of the repository at `root`, without marks."""
    posts: dict[str, Entry] = {}
    pictures: dict[str, Entry] = {}
    strays: list[str] = []
    for path, entry in _files(root / FOLDER, FOLDER):
        if is_post(path):
            posts[path] = entry
        elif is_picture(path) and entry.is_file(follow_symlinks=False):
            pictures[path] = entry
        elif entry.name != ".gitkeep":
            strays.append(path)
    return Listing(posts, pictures, tuple(strays))


def read_with_marks(root: Path) -> Listing:
    """The listing of the repository at `root`."""
    moment, bare = time.time_ns(), read(root)
    entries = (*bare.posts.items(), *bare.pictures.items())
    return bare._replace(
        marks={path: marks.of(entry.stat(follow_symlinks=False)) for path, entry in entries}, moment=moment
    )


def _files(folder: Path, prefix: str) -> Iterator[tuple[str, Entry]]:
    """Files below a folder in the order of their paths, however deep; links are given, not followed."""
    if not folder.is_dir():
        return
    open_folders = [_entries(str(folder), prefix)]
    while open_folders:
        for path, entry in open_folders[-1]:
            if entry.is_dir(follow_symlinks=False):
                open_folders.append(_entries(entry.path, path))
                break
            yield path, entry
        else:
            open_folders.pop()


def _entries(folder: str, prefix: str) -> Iterator[tuple[str, Entry]]:
    for entry in sorted(os.scandir(folder), key=attrgetter("name")):
        yield f"{prefix}/{in_git(entry.name)}", entry
