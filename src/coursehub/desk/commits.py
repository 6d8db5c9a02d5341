"""The changes of a pull request's commit, read as git objects; nothing of it is checked out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import NamedTuple, Protocol

from coursehub.github.door import GitHubError, NotFoundError
from coursehub.records import post
from coursehub.records.paths import is_post
from coursehub.records.repository import Stored
from coursehub.system import git_objects
from coursehub.system.git import GitError
from coursehub.system.git_objects import SUBMODULE, Changed, File

MOST_FILES = 1_000  # that a pull request changes
MOST_LOST = 3  # files that a pull request removes, with which a new one is compared
# https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits#diff-limits
LARGEST_SHOWN, MOST_LINES, MOST_SHOWN = 500_000, 20_000, 300  # bytes and lines of a file, and files
LARGEST_READ = 10_000_000  # bytes of a file; of a larger one, nothing more is told than that


class Diff(NamedTuple):
    """A file of a pull request, and the lines of it, counted from 1, that GitHub shows and takes comments on."""

    content: bytes
    hunks: Sequence[range]


class TooLargeError(GitHubError):
    """A commit changes more than is read."""


class Source(Protocol):
    """Where commits come from: `git_objects.GitObjects`, which says what each of these does."""

    def fetch(self, commits: Iterable[str]) -> None: ...
    def changed(self, main: str, head: str, most: int) -> Mapping[str, Changed]: ...
    def sizes(self, shas: Iterable[str]) -> Mapping[str, int | None]: ...
    def contents(self, shas: Iterable[str]) -> Mapping[str, bytes]: ...
    def hunks(self, before: str, after: str) -> Sequence[range]: ...


class Commits:
    """The commits of open pull requests, each compared once with where it left `main`."""

    def __init__(self, source: Source, main: str) -> None:
        self._source, self._main = source, main
        self._changed: dict[str, Mapping[str, Changed]] = {}

    def fetch(self, heads: Iterable[str]) -> None:
        """Bring these commits here, all at once. Raises `GitHubError`."""
        try:
            self._source.fetch([head for head in heads if head not in self._changed])
        except GitError as error:
            raise GitHubError(f"the commits could not be fetched: {error}") from error

    def changed(self, head: str) -> Mapping[str, Changed]:
        """Path → the file before and now, of all that differ between a fetched commit and where it left main.

        A rename counts as both of its paths. Raises `NotFoundError` and `TooLargeError`.
        """
        if head not in self._changed:
            try:
                self._changed[head] = self._source.changed(self._main, head, MOST_FILES)
            except git_objects.TooLargeError as error:
                raise TooLargeError(str(error)) from error
            except GitError as error:
                raise NotFoundError(str(error)) from error
        return self._changed[head]

    def stored(self, changed: Mapping[str, Changed]) -> Mapping[str, Stored | None]:
        """Path → file now, or None where it is gone; of posts with their bytes."""
        files = {path: after for path, (_, after) in changed.items() if after}
        sizes = self._source.sizes({file.sha for file in files.values() if file.mode != SUBMODULE})
        read = {file.sha for path, file in files.items() if is_post(path) and _size(file, sizes) <= post.MAX_BYTES}
        contents = self._source.contents(read)
        return {path: _stored(files[path], sizes, contents) if path in files else None for path in changed}

    def diffs(self, changed: Mapping[str, Changed], paths: Iterable[str]) -> Mapping[str, Diff]:
        """Path → what GitHub shows of a post that is among those changed and there, for each of these paths.

        A new file is shown whole. But where another one goes, GitHub may take the new one for it, by a new name, and
        show what differs: then only lines count that it shows in any case. Raises `GitHubError`.
        """
        files = {path: changed[path] for path in paths}
        contents = self._source.contents({after.sha for _, after in files.values() if after})
        lost = [before.sha for before, after in changed.values() if before and not after]
        diffs = {}
        for path, (before, after) in files.items():
            if after and after.sha in contents:
                content = contents[after.sha]
                lines = content.count(b"\n") + 1
                former = [before.sha] if before else lost
                is_shown = len(content) <= LARGEST_SHOWN and lines <= MOST_LINES and len(changed) <= MOST_SHOWN
                hunks = self._hunks(former, after.sha) if is_shown and len(former) <= MOST_LOST else [()]
                diffs[path] = Diff(content, reduce(_in_both, hunks if before else [[range(1, lines + 1)], *hunks]))
        return diffs

    def _hunks(self, former: Iterable[str], now: str) -> list[Sequence[range]]:
        try:
            return [self._source.hunks(sha, now) for sha in former]
        except GitError as error:
            raise GitHubError(f"the changes could not be compared: {error}") from error


def _in_both(one: Sequence[range], other: Sequence[range]) -> Sequence[range]:
    """The lines that are in both of two lists of ranges, each in order."""
    return list(_overlaps(one, other))


def _overlaps(one: Sequence[range], other: Sequence[range]) -> Iterator[range]:
    at = 0
    for lines in one:
        while at < len(other) and other[at].stop <= lines.start:
            at += 1
        for each in other[at:]:
            if each.start >= lines.stop:
                break
            yield range(max(lines.start, each.start), min(lines.stop, each.stop))


def _size(file: File, sizes: Mapping[str, int | None]) -> int:
    """A file's bytes in number; of one too large to be fetched, as many as are certain."""
    size = sizes.get(file.sha, 0)
    return LARGEST_READ + 1 if size is None else size


def _stored(file: File, sizes: Mapping[str, int | None], contents: Mapping[str, bytes]) -> Stored:
    is_file = file.mode in ("100644", "100755")
    return Stored(_size(file, sizes), contents.get(file.sha, b""), is_file=is_file)
