"""The files of the repository → one `Hub`. Only here are posts and data read."""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from coursehub.markdown.contents import Contents
from coursehub.pictures.picture import Picture
from coursehub.records import course, listing, post, prior_posts
from coursehub.records import tools as tools_file
from coursehub.records.course import Course
from coursehub.records.hub import DataTrouble, Hub, with_arrival
from coursehub.records.listing import Entry, Listing
from coursehub.records.name_reader import Lookup
from coursehub.records.paths import FOLDER, is_picture, is_post
from coursehub.records.post import Post
from coursehub.records.post_files import read_picture
from coursehub.records.precedents import lookup_of
from coursehub.records.prior_posts import PriorPost
from coursehub.records.tools import Tools
from coursehub.system import git, memory
from coursehub.system.marks import Mark
from coursehub.text.located import Trouble
from forkpool import for_runs, in_order

Record = TypeVar("Record")
Reader = Callable[[str], tuple[Record, tuple[Trouble, ...]]]

# What is remembered: of all posts their front matter, what their Markdown holds, their files' marks; and all pictures.
_POSTS, _CONTENTS, _FILES, _PICTURES = "posts", "contents", "files", "pictures"
_MANY = 10  # a tenth of the posts


class NoCourseError(Exception):
    """The repository has no readable `data/course.yaml`, without which nothing can be judged."""

    def __init__(self, root: Path, troubles: tuple[DataTrouble, ...]) -> None:
        super().__init__(f"{root / course.PATH} {'cannot be read' if troubles else 'is missing'}")
        self.troubles = troubles


class Data(NamedTuple):
    """The data files: path → text, None where there is none, and what these say."""

    texts: Mapping[str, str | None]
    course: Course
    tools: Tools
    priors: tuple[PriorPost, ...]
    lookup: Lookup
    troubles: tuple[DataTrouble, ...]


def load(
    root: Path, *, base: str = "HEAD", now: dt.datetime | None = None, processes: int = 1, with_contents: bool = False,
    with_texts: bool = True, known: Iterable[Post] = (), data: Data | None = None, files: Listing | None = None,
    unsaved: Mapping[str, bytes] = {},
) -> Hub:  # fmt: skip
    """The repository at `root`, its deadlines judged as of `now`.

    `unsaved`: path → what an editor has of a post, instead of what the folder has, which may be nothing. Where a claim
    is contested, who came first is read from the history of `base`. Posts are read as `read_posts` says, the data
    files unless `data` has just read them, and the folder unless `files` lists it. Without texts, a file that nobody
    touched since it was read stays closed: a post's text is read when it is asked for, and what a picture is, is
    remembered. Raises `NoCourseError` where `data/course.yaml` is missing or broken, and `git.GitError` where git knows
    no `base`.
    """
    data = data or read_data(root)
    files = files or (listing.read(root) if with_texts else listing.read_with_marks(root))
    posts = _posts(root, files, processes, with_contents=with_contents, with_texts=with_texts, known=known)
    pictures = {} if with_texts or not with_contents else _pictures(root, files, processes)
    hub = Hub(
        data.course, data.tools, data.priors, tuple(posts), files.sizes, files.strays, data.troubles,
        now=now, root=root, known_pictures=pictures, lookup=data.lookup,
    )  # fmt: skip
    if unsaved:
        stored = {path: Stored(len(content), content) for path, content in unsaved.items()}
        hub = msgspec.structs.replace(changed(hub, stored), root=root)
    if _commits_lf(hub, root):
        hub = msgspec.structs.replace(hub, commits_lf=True)
    if not hub.contested or not git.is_repository(root):
        return hub
    return with_arrival(hub, git.arrival(root, hub.contested, base))


def _commits_lf(hub: Hub, root: Path) -> bool:
    """Whether git takes CRLF out of commits, asked where a post has it."""
    has_crlf = any(map(post.is_about_crlf, (trouble for each in hub.posts for trouble in each.troubles)))
    return has_crlf and git.setting(root, "core.autocrlf") in ("true", "input")


def read_data(root: Path, before: Data | None = None) -> Data:
    """The data files; those of `before`, where they have the same texts. Raises `NoCourseError`."""
    texts = {path: _data(root, path) for path in (course.PATH, tools_file.PATH, prior_posts.PATH)}
    if before and before.texts == texts:
        return before
    if texts[course.PATH] is None:
        raise NoCourseError(root, ())
    the_course, faults = _record(root, course.PATH, texts, Course, course.read)
    troubles = [DataTrouble(course.PATH, trouble) for trouble in faults]
    if the_course is None:
        raise NoCourseError(root, tuple(troubles))
    the_tools, faults = _record(root, tools_file.PATH, texts, Tools, tools_file.read)
    faults = (*faults, *tools_file.unknown_topics(the_tools, texts[tools_file.PATH] or "", the_course.topic_by_id))
    troubles += [DataTrouble(tools_file.PATH, trouble) for trouble in faults]
    priors, faults = _record(root, prior_posts.PATH, texts, tuple[PriorPost, ...], prior_posts.read)
    troubles += [DataTrouble(prior_posts.PATH, trouble) for trouble in faults]
    lookup = memory.remembered(
        root, "lookup", msgspec.msgpack.encode(texts), Lookup, lambda: lookup_of(the_course, the_tools, priors)
    )
    return Data(texts, the_course, the_tools, priors, lookup, tuple(troubles))


def _record(
    root: Path, path: str, texts: Mapping[str, str | None], kind: Any, read: Reader[Record]  # noqa: ANN401  (a type or None)
) -> tuple[Record, tuple[Trouble, ...]]:  # fmt: skip
    """The record of a data file, and what is wrong with it: read, or remembered where nothing was wrong with it.

    A file that is missing reads as an empty one.
    """
    text = texts[path] or ""
    name, source = path.replace("/", "-"), text.encode()
    if (known := memory.recall(root, name, source, kind)) is not None:
        return known, ()
    record, troubles = read(text)
    if not troubles:
        memory.keep(root, name, source, record)
    return record, troubles


def _data(root: Path, path: str) -> str | None:
    """A data file's text; None where it is missing, or no file."""
    try:
        return (root / path).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


class _Known(NamedTuple):
    """Posts that were read before, by path, perhaps without their texts.

    `contents`: a file's digest → what its Markdown holds. `files`: path → the file's mark when its digest was this.
    """

    posts: Mapping[str, Post]
    contents: Mapping[bytes, Contents] = {}
    files: Mapping[str, tuple[Mark, bytes]] = {}

    def post(self, path: str, stored: "Stored") -> Post | None:
        """The post of that path, if its file had these bytes."""
        before = self.posts.get(path)
        if not before or not stored.is_file or before.digest != post.digest(stored.content):
            return None
        return post.with_text(before, stored.content, self.contents.get(before.digest))

    def unopened(self, files: Listing, *, with_contents: bool) -> dict[str, Post]:
        """Path → post, of those whose files have the marks that they had then: their texts stay there."""
        return {
            path: post.text_in(self.posts[path], files.posts[path].path, self.contents.get(digest))
            for path, (mark, digest) in self.files.items()
            if files.marks.get(path) == mark
            and (before := self.posts.get(path)) and before.digest == digest
            and (not with_contents or digest in self.contents)
        }  # fmt: skip

    def has(self, each: Post, *, with_contents: bool) -> bool:
        """Whether this post was there already."""
        before = self.posts.get(each.path)
        return bool(before and before.digest == each.digest and (not with_contents or each.digest in self.contents))


_NOTHING = _Known({})


def read_posts(
    root: Path, *, processes: int = 1, with_contents: bool = False
) -> tuple[list[Post], dict[str, int], list[str]]:
    """Posts by path, pictures with their bytes, and the paths of whatever else lies below `posts/`.

    Many posts are shared among so many `processes`. `with_contents`: what their Markdown holds is wanted of all of
    them, and read at once.
    """
    files = listing.read(root)
    posts = _read_posts(files.posts, processes, with_contents=with_contents, known=_NOTHING)
    return posts, files.sizes, [*files.strays]


def _read_posts(files: Mapping[str, Entry], processes: int, *, with_contents: bool, known: _Known) -> list[Post]:
    """The posts of these files.

    One that is `known` is taken again where its file has the same bytes; here, since to send it from process to process
    takes longer.
    """

    def read(run: Sequence[tuple[str, Entry]]) -> list[Post]:
        posts = [_read_post(path, entry, known) for path, entry in run]
        return list(map(post.with_contents, posts)) if with_contents else posts

    before = {path: known.post(path, _stored(entry)) for path, entry in files.items() if path in known.posts}
    same = {path: each for path, each in before.items() if each and (each.known_contents or not with_contents)}
    others = iter(for_runs(read, [file for file in files.items() if file[0] not in same], Post, processes))
    return [same.get(path) or next(others) for path in files]


def _posts(
    root: Path, files: Listing, processes: int, *, with_contents: bool, with_texts: bool, known: Iterable[Post]
) -> list[Post]:
    """As `_read_posts`, without `known` ones by those that are remembered.

    These are kept anew where many changed: to write all takes longer than to read a few.
    """
    if in_memory := {each.path: each for each in known}:
        return _read_posts(files.posts, processes, with_contents=with_contents, known=_Known(in_memory))
    before = _remembered(root, with_contents=with_contents, with_texts=with_texts)
    unopened = before.unopened(files, with_contents=with_contents)
    others = {path: entry for path, entry in files.posts.items() if path not in unopened}
    read = _read_posts(others, processes, with_contents=with_contents, known=before)
    by_path = unopened | {each.path: each for each in read}
    posts = [by_path[path] for path in files.posts]
    changed = sum(not before.has(each, with_contents=with_contents) for each in read)
    if changed > len(posts) / _MANY:
        memory.keep(root, _POSTS, b"", list(map(post.without_text, posts)))
        if with_contents:
            memory.keep(root, _CONTENTS, b"", {each.digest: each.known_contents for each in posts if each.digest})
    if not with_texts and len(read) > len(posts) / _MANY:
        settled = files.settled
        read_whole = [each for each in posts if each.digest and each.path in settled]
        marked = {each.path: (settled[each.path], each.digest) for each in read_whole}
        memory.keep(root, _FILES, b"", marked)
    return posts


def _remembered(root: Path, *, with_contents: bool, with_texts: bool) -> _Known:
    posts = memory.recall(root, _POSTS, b"", list[Post]) or []
    contents = memory.recall(root, _CONTENTS, b"", dict[bytes, Contents]) if with_contents else None
    files = None if with_texts else memory.recall(root, _FILES, b"", dict[str, tuple[Mark, bytes]])
    return _Known({each.path: each for each in posts}, contents or {}, files or {})


def _pictures(root: Path, files: Listing, processes: int) -> dict[str, Picture]:
    """Path → the picture there: remembered, or read; and then remembered where many were, and nothing is wrong."""
    before = memory.recall(root, _PICTURES, b"", dict[str, tuple[Mark, Picture]]) or {}
    known = {path: picture for path, (mark, picture) in before.items() if files.marks.get(path) == mark}
    others = [path for path in files.pictures if path not in known]
    read = in_order(lambda path: read_picture(root / path), others, Picture, processes)
    pictures = known | dict(zip(others, read, strict=True))
    if len(others) > len(pictures) / _MANY:
        sound = {path: mark for path, mark in files.settled.items() if path in pictures and not pictures[path].wrong}
        memory.keep(root, _PICTURES, b"", {path: (mark, pictures[path]) for path, mark in sound.items()})
    return pictures


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
        if stored is None or not path.startswith(f"{FOLDER}/"):
            continue
        if is_post(path):
            posts[path] = stored_post(path, stored)
        elif is_picture(path) and stored.is_file:
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


def _read_post(path: str, entry: Entry, known: _Known) -> Post:
    stored = _stored(entry)
    return known.post(path, stored) or stored_post(path, stored)


def _stored(entry: Entry) -> Stored:
    """A file in the folder; without its bytes, if it has too many."""
    if entry.is_symlink():
        return Stored(0, os.fsencode(Path(entry.path).readlink()), is_file=False)
    if not entry.is_file(follow_symlinks=False):
        return Stored(0, b"no regular file", is_file=False)
    with open(entry.path, "rb", buffering=0) as file:  # noqa: PTH123  (of thousands of files, a Path each would take longer than to read)
        size = os.fstat(file.fileno()).st_size
        return Stored(size, file.readall() if size <= post.MAX_BYTES else b"")
