"""The files below `posts/`: which there are, which of them an address means, and what is in the pictures."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath

import msgspec

from coursehub.names.file_names import look, rough, same
from coursehub.pictures.picture import Picture
from coursehub.records.post import Post

_PART = 1 << 16  # bytes of a file that are read at once


class PostFiles(msgspec.Struct, frozen=True, dict=True):
    """The posts by their paths, and the other files; the fields are those of `Hub`."""

    posts: Mapping[str, Post]
    pictures: Mapping[str, int]
    strays: tuple[str, ...]
    root: Path | None
    origins: Mapping[str, str]
    known_pictures: Mapping[str, Picture]

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths of all files, in their order."""
        return tuple(sorted((*self.posts, *self.pictures, *self.strays)))

    def target(self, post: Post, address: str) -> str:
        """The path to which a relative address in a post's text leads.

        It is that of the file of this name; without one, of the only picture or post whose name looks the same: with
        another kind of blank, or with é as two signs. Where there is neither, it is the path as the address has it.
        """
        path = post.local_path(address)
        if path in self.pictures or path in self.posts:
            return path
        alike = self._by_look.get(look(path), ())
        return alike[0] if len(alike) == 1 else path

    @cached_property
    def _by_look(self) -> dict[str, list[str]]:
        """The look of a path → the pictures and posts that have it."""
        paths: dict[str, list[str]] = defaultdict(list)
        for path in (*self.pictures, *self.posts):
            paths[look(path)].append(path)
        return paths

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all files: two that Windows or macOS takes for one have the same (see `same`)."""
        return frozenset(map(same, (*self.posts, *self.pictures, *self.strays)))

    @cached_property
    def pictures_in(self) -> Mapping[str, Sequence[str]]:
        """Folder, with a slash at its end → paths of the pictures in it."""
        paths: dict[str, list[str]] = defaultdict(list)
        for path in self.pictures:
            paths[path[: path.rindex("/") + 1]].append(path)
        return paths

    @cached_property
    def pictures_by_name(self) -> dict[str, dict[str, str]]:
        """Folder, with a slash at its end → `rough` names, with and without their endings → the pictures there."""
        by_folder: dict[str, dict[str, str]] = defaultdict(dict)
        for path in sorted(self.pictures):
            its = PurePosixPath(path)
            by_folder[f"{its.parent}/"].setdefault(rough(its.name), path)
            by_folder[f"{its.parent}/"].setdefault(PurePosixPath(rough(its.name)).stem, path)
        return by_folder

    @cached_property
    def targets_by_name(self) -> dict[str, str]:
        """The `rough` path of a picture or published post → its path."""
        published = {path for path, post in self.posts.items() if post.is_published}
        return {rough(path): path for path in sorted({*self.pictures, *published}, reverse=True)}

    def picture(self, path: str) -> Picture | None:
        """The picture at this path, whose file is read when it is first asked for; None where there is none to read."""
        if path not in self._read_pictures:
            self._read_pictures[path] = self._read(path)
        return self._read_pictures[path]

    @cached_property
    def _read_pictures(self) -> dict[str, Picture | None]:
        return {}

    def _read(self, path: str) -> Picture | None:
        if self.root is None or path not in self.pictures:
            return None
        origin = self.origins.get(path, path)
        return self.known_pictures.get(origin) or read_picture(self.root / origin)

    @cached_property
    def picture_digests(self) -> dict[str, str]:
        """Path → a hash of the picture's bytes, or why they cannot be read. Without a folder there are none."""
        root = self.root
        return {path: _digest(f"{root}/{self.origins.get(path, path)}") for path in self.pictures} if root else {}


def read_picture(file: Path) -> Picture:
    """The picture in a file; never raises."""
    from coursehub.pictures.reading import read_file  # noqa: PLC0415  (slow to load; many posts have no picture)

    try:
        return read_file(file).picture
    except OSError as error:
        return Picture(wrong=f"cannot be read ({error.strerror})", help="Put it there again.", is_shown=False)


def _digest(file: str) -> str:
    digest = hashlib.sha256()
    try:  # `hashlib.file_digest` and a Path take twice as long for a small file, and there are thousands
        with open(file, "rb", buffering=0) as content:  # noqa: PTH123
            while part := content.read(_PART):
                digest.update(part)
    except OSError as error:
        return str(error)
    return digest.hexdigest()
