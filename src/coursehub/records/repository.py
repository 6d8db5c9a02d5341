"""The files of the repository → one `Hub`. Only here are posts and data read."""

import datetime as dt
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from coursehub.records import course, post, prior_posts
from coursehub.records import tools as tools_file
from coursehub.records.course import Course
from coursehub.records.hub import DataTrouble, Hub, with_arrival
from coursehub.records.post import Post
from coursehub.records.prior_posts import PriorPost
from coursehub.records.tools import Tools
from coursehub.system import git, memory
from coursehub.text.located import Trouble
from forkpool import in_order

Record = TypeVar("Record")
Reader = Callable[[str], tuple[Record, tuple[Trouble, ...]]]


class NoCourseError(Exception):
    """The repository has no readable `data/course.yaml`, without which nothing can be judged."""

    def __init__(self, root: Path, troubles: tuple[DataTrouble, ...]) -> None:
        super().__init__(f"{root / course.PATH} {'cannot be read' if troubles else 'is missing'}")
        self.troubles = troubles


def load(
    root: Path, *, base: str = "HEAD", now: dt.datetime | None = None, processes: int = 1, with_contents: bool = False,
    known: Iterable[Post] = (), unsaved: Mapping[str, bytes] = {},
) -> Hub:  # fmt: skip
    """The repository at `root`, its deadlines judged as of `now`.

    `unsaved`: path → what an editor has of a post, instead of what the folder has, which may be nothing. Where a claim
    is contested, who came first is read from the history of `base`. Posts are read as `read_posts` says. Raises
    `NoCourseError` where `data/course.yaml` is missing or broken, and `git.GitError` where git knows no `base`.
    """
    if not (root / course.PATH).is_file():
        raise NoCourseError(root, ())
    the_course, faults = _record(root, course.PATH, Course, course.read)
    troubles = [DataTrouble(course.PATH, trouble) for trouble in faults]
    if the_course is None:
        raise NoCourseError(root, tuple(troubles))
    the_tools, faults = _record(root, tools_file.PATH, Tools, tools_file.read)
    troubles += [DataTrouble(tools_file.PATH, trouble) for trouble in faults]
    if not (root / prior_posts.PATH).is_file():
        troubles.append(DataTrouble(prior_posts.PATH, Trouble(prior_posts.MISSING, 1, 1, "the file is missing")))
    priors, faults = _record(root, prior_posts.PATH, tuple[PriorPost, ...], prior_posts.read)
    troubles += [DataTrouble(prior_posts.PATH, trouble) for trouble in faults]
    posts, pictures, strays = read_posts(root, processes=processes, with_contents=with_contents, known=known)
    hub = Hub(the_course, the_tools, priors, tuple(posts), pictures, tuple(strays), tuple(troubles), now=now, root=root)
    if unsaved:
        files = {path: Stored(len(content), content) for path, content in unsaved.items()}
        hub = msgspec.structs.replace(changed(hub, files), root=root)
    if not hub.contested or not git.is_repository(root):
        return hub
    return with_arrival(hub, git.arrival(root, hub.contested, base))


def _record(
    root: Path, path: str, kind: Any, read: Reader[Record]  # noqa: ANN401  (mypy has no type of a type or None)
) -> tuple[Record, tuple[Trouble, ...]]:  # fmt: skip
    """The record of a data file, and what is wrong with it: read, or remembered where nothing was wrong with it."""
    text = _data(root, path)
    name, source = path.replace("/", "-"), text.encode()
    if (known := memory.recall(root, name, source)) is not None:
        with suppress(msgspec.DecodeError):  # and `ValidationError`, which is one
            return msgspec.json.decode(known, type=kind), ()
    record, troubles = read(text)
    if not troubles:
        memory.keep(root, name, source, msgspec.json.encode(record))
    return record, troubles


def _data(root: Path, path: str) -> str:
    """A data file's text; one that is missing or no file reads as empty, which its reader reports."""
    try:
        return (root / path).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""


def read_posts(
    root: Path, *, processes: int = 1, with_contents: bool = False, known: Iterable[Post] = ()
) -> tuple[list[Post], dict[str, int], list[str]]:
    """Posts by path, pictures with their bytes, and the paths of whatever else lies below `posts/`.

    Many posts are shared among so many `processes`. `with_contents`: what their Markdown holds is wanted of all of
    them, and read at once. A post of `known`, which were read before, is taken again where its file has the same bytes.
    """
    files: list[tuple[str, os.DirEntry[str]]] = []
    pictures: dict[str, int] = {}
    strays: list[str] = []
    for path, entry in _files(root / post.FOLDER, post.FOLDER):
        if post.is_post(path):
            files.append((path, entry))
        elif post.is_picture(path) and entry.is_file(follow_symlinks=False):
            pictures[path] = entry.stat().st_size
        elif entry.name != ".gitkeep":
            strays.append(path)
    before = {each.path: each for each in known}

    def read(file: tuple[str, os.DirEntry[str]]) -> Post:
        path, entry = file
        the_post = _read_post(path, entry, before.get(path))
        return post.with_contents(the_post) if with_contents else the_post

    return in_order(read, files, Post, processes), pictures, strays


class Stored(NamedTuple):
    """A file as a commit has it: its bytes in number, what a post of them says, and whether it is a file, or a link."""

    size: int
    content: bytes
    is_file: bool = True


def changed(hub: Hub, files: Mapping[str, Stored | None]) -> Hub:
    """The hub with these files instead of its own, and without those that are None.

    Pictures cannot be read any more: those in the folder need not be those of the change.
    """
    posts = {each.path: each for each in hub.posts if each.path not in files}
    pictures = {path: size for path, size in hub.pictures.items() if path not in files}
    strays = [path for path in hub.strays if path not in files]
    for path, stored in files.items():
        if stored is None or not path.startswith(f"{post.FOLDER}/"):
            continue
        if post.is_post(path):
            posts[path] = stored_post(path, stored)
        elif post.is_picture(path) and stored.is_file:
            pictures[path] = stored.size
        elif not path.endswith("/.gitkeep"):
            strays.append(path)
    ordered = tuple(posts[path] for path in sorted(posts))
    return msgspec.structs.replace(hub, posts=ordered, pictures=pictures, strays=tuple(strays), root=None)


def stored_post(path: str, stored: Stored) -> Post:
    """The post that a stored file holds."""
    if not stored.is_file:
        return post.unread(path, "symbolic-link", stored.content.decode(errors="replace"))
    if stored.size > post.MAX_BYTES:
        return post.unread(path, "file-too-large", f"{stored.size:,}")
    return post.read(path, stored.content)


def _files(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
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


def _entries(folder: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    for entry in sorted(os.scandir(folder), key=attrgetter("name")):
        yield f"{prefix}/{entry.name}", entry


def _read_post(path: str, entry: os.DirEntry[str], before: Post | None) -> Post:
    if entry.is_symlink():
        return stored_post(path, Stored(0, os.fsencode(Path(entry.path).readlink()), is_file=False))
    status = entry.stat()
    if not stat.S_ISREG(status.st_mode):
        return stored_post(path, Stored(0, b"no regular file", is_file=False))
    if status.st_size > post.MAX_BYTES:
        return stored_post(path, Stored(status.st_size, b""))
    with open(entry.path, "rb") as file:  # noqa: PTH123  (of thousands of files, a Path each would take longer than to read)
        content = file.read()
    if before and before.digest == post.digest(content):
        return before
    return stored_post(path, Stored(status.st_size, content))
