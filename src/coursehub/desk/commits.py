"""The changes of a pull request's commit, read through GitHub's API; nothing of it is checked out."""

import base64
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from coursehub.github.door import GitHub, GitHubError
from coursehub.records import post
from coursehub.records.repository import Stored

MOST_REQUESTS = 100  # for the folders of one commit


class Entry(msgspec.Struct, frozen=True):
    """A file or a folder in git. Equal ones have equal contents."""

    path: str
    mode: str
    type: str
    sha: str
    size: int = 0


class Changed(NamedTuple):
    """A file before and after a change; None where there is none."""

    before: Entry | None
    after: Entry | None


class _Tree(msgspec.Struct):
    tree: list[Entry]
    truncated: bool = False


class _Commit(msgspec.Struct):
    sha: str


class _Comparison(msgspec.Struct):
    merge_base_commit: _Commit


class _Blob(msgspec.Struct):
    content: str


class TooLargeError(GitHubError):
    """A commit changes more than is read."""


class Commits:
    """The commits of a repository, each folder and file read once."""

    def __init__(self, github: GitHub, main: str) -> None:
        self._github, self._main = github, main
        self._trees: dict[tuple[str, bool], dict[str, Entry]] = {}
        self._changed: dict[str, Mapping[str, Changed]] = {}
        self._contents: dict[str, bytes] = {}

    def changed(self, head: str) -> Mapping[str, Changed]:
        """Path → the file before and now, of all that differ between a commit and where it left main.

        A rename counts as both of its paths. Raises `GitHubError`.
        """
        if head not in self._changed:
            self._changed[head] = self._compared(head)
        return self._changed[head]

    def _compared(self, head: str) -> Mapping[str, Changed]:
        # The second page has the merge base like the first, and spares the files.
        base = self._github.get(f"/compare/{self._main}...{head}", _Comparison, per_page=1, page=2).merge_base_commit
        requests_to_go = MOST_REQUESTS
        changed: dict[str, Changed] = {}
        pairs = [("", base.sha, head)]
        while pairs:
            folder, old, new = pairs.pop()
            requests_to_go -= 1
            if not requests_to_go:
                raise TooLargeError(f"{head} changes files in more folders than the desk reads")
            before, after = self._tree(old, folder), self._tree(new, folder)
            for path in before.keys() | after.keys():
                one, other = before.get(path), after.get(path)
                if one == other:
                    continue
                if _folder(one) or _folder(other):
                    pairs.append((path, _folder(one), _folder(other)))
                if _file(one) or _file(other):
                    changed[path] = Changed(_file(one), _file(other))
        return changed

    def _tree(self, sha: str, folder: str) -> dict[str, Entry]:
        """A folder's entries by their paths; deep in the repository all that is below, at once."""
        if not sha:
            return {}
        is_deep = folder.count("/") > 0
        if (sha, is_deep) not in self._trees:
            tree = self._github.get(f"/git/trees/{sha}", _Tree, **({"recursive": 1} if is_deep else {}))
            if tree.truncated:
                raise TooLargeError(f"{folder} has more files than GitHub lists at once")
            entries = {entry.path: entry for entry in tree.tree if not (is_deep and entry.type == "tree")}
            self._trees[sha, is_deep] = entries
        prefix = f"{folder}/" if folder else ""
        return {f"{prefix}{path}": entry for path, entry in self._trees[sha, is_deep].items()}

    def _stored(self, entry: Entry, path: str) -> Stored:
        """A file's size and, of a post, its bytes."""
        is_read = entry.type == "blob" and post.is_post(path) and entry.size <= post.MAX_BYTES
        content = self._content(entry.sha) if is_read else b""
        return Stored(entry.size, content, is_file=entry.mode in ("100644", "100755"))

    def _content(self, sha: str) -> bytes:
        if sha not in self._contents:
            self._contents[sha] = base64.b64decode(self._github.get(f"/git/blobs/{sha}", _Blob).content)
        return self._contents[sha]

    def stored(self, changed: Mapping[str, Changed]) -> Mapping[str, Stored | None]:
        """Path → file now, or None where it is gone; of posts with their bytes. Raises `GitHubError`."""
        return {path: self._stored(entry, path) if entry else None for path, (_, entry) in changed.items()}


def _folder(entry: Entry | None) -> str:
    return entry.sha if entry and entry.type == "tree" else ""


def _file(entry: Entry | None) -> Entry | None:
    return entry if entry and entry.type != "tree" else None
