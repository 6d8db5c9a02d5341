"""A bare git repository, written without running git, since tests make thousands of commits; git itself merges and
compares, except where there is nothing to decide.
"""

import hashlib
import heapq
import re
import subprocess
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from repositories import ENVIRONMENT

FILE, LINK, MODULE, FOLDER = "100644", "120000", "160000", "040000"


@dataclass(frozen=True)
class Symlink:
    target: str


@dataclass(frozen=True)
class Submodule:
    commit: str = "1" * 40


Content = str | bytes | Symlink | Submodule


class Entry(NamedTuple):
    mode: str
    sha: str


class Leaf(NamedTuple):
    """One entry of a tree; folders and submodules have no size."""

    path: str
    mode: str
    kind: str
    sha: str
    size: int | None


class Change(NamedTuple):
    status: str
    path: str
    previous: str | None
    sha: str
    additions: int
    deletions: int


class Commit(NamedTuple):
    sha: str
    tree: str
    parents: tuple[str, ...]
    author: str
    message: str
    date: datetime
    place: int


Files = dict[str, Entry]


class Objects:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("objects/pack", "refs/heads", "refs/pull"):
            (folder / name).mkdir(parents=True)
        (folder / "HEAD").write_text("ref: refs/heads/main\n")
        (folder / "config").write_text(
            "[core]\n\trepositoryformatversion = 0\n\tbare = true\n[uploadpack]\n\tallowFilter = true\n"
        )
        self.commits: dict[str, Commit] = {}
        self._written: set[str] = set()
        self._blobs: dict[str, bytes] = {}
        self._files: dict[str, Files] = {}
        self._merges: dict[tuple[str, str], Files | None] = {}
        self._changes: dict[tuple[str, str], list[Change]] = {}
        self._folders: dict[str, list[tuple[str, Entry]]] = {}

    def git(self, *arguments: str) -> bytes:
        code, answer = self._run(*arguments)
        assert code == 0, answer.decode()
        return answer

    def _run(self, *arguments: str) -> tuple[int, bytes]:
        done = subprocess.run(["git", *arguments], cwd=self.folder, env=ENVIRONMENT, capture_output=True, check=False)
        assert done.returncode in {0, 1, 128}, done.stderr.decode()
        return done.returncode, done.stderr if done.returncode == 128 else done.stdout

    def _write(self, kind: str, data: bytes) -> str:
        whole = b"%s %d\0%s" % (kind.encode(), len(data), data)
        sha = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        if sha not in self._written:
            self._written.add(sha)
            path = self.folder / "objects" / sha[:2] / sha[2:]
            packed = zlib.compress(whole, 1)
            try:
                path.write_bytes(packed)
            except FileNotFoundError:
                path.parent.mkdir()
                path.write_bytes(packed)
        return sha

    def refer(self, name: str, sha: str | None) -> None:
        path = self.folder / name
        if sha is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(sha + "\n")

    def entry(self, content: Content) -> Entry:
        if isinstance(content, Submodule):
            return Entry(MODULE, content.commit)
        mode, data = (LINK, content.target) if isinstance(content, Symlink) else (FILE, content)
        data = data.encode() if isinstance(data, str) else data
        sha = self._write("blob", data)
        self._blobs[sha] = data
        return Entry(mode, sha)

    def blob(self, sha: str) -> bytes | None:
        if sha not in self._blobs and sha not in self._written and len(sha) == 40:
            code, data = self._run("cat-file", "blob", sha)
            if code == 0:
                self._blobs[sha] = data
        return self._blobs.get(sha)

    def changed(
        self, files: Files, changes: Mapping[str, Content | None], renames: Mapping[str, str] | None = None
    ) -> Files:
        after = dict(files)
        for old, new in (renames or {}).items():
            after[new] = after.pop(old)
        for path, content in changes.items():
            if content is None:
                del after[path]
            else:
                after[path] = self.entry(content)
        return after

    def _tree(self, files: Mapping[str, Entry]) -> str:
        entries: dict[str, Entry] = {}
        folders: dict[str, Files] = {}
        for path, entry in files.items():
            folder, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(folder, {})[rest] = entry
            else:
                entries[path] = entry
        for name, inside in folders.items():
            assert name not in entries, f"{name} is both a file and a folder"
            entries[name + "/"] = Entry(FOLDER, self._tree(inside))
        ordered = sorted(entries.items(), key=lambda item: item[0].encode())
        named = [(name.rstrip("/"), entry) for name, entry in ordered]
        lines = (
            b"%s %s\0%s" % (it.mode.lstrip("0").encode(), name.encode(), bytes.fromhex(it.sha)) for name, it in named
        )
        tree = self._write("tree", b"".join(lines))
        self._folders[tree] = named
        return tree

    def commit(self, files: Files, parents: tuple[str, ...], author: str, message: str, date: datetime) -> str:
        tree = self._tree(files)
        person = f"{author} <{author}@users.noreply.github.com> {int(date.timestamp())} +0000"
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents), f"author {person}", f"committer {person}"]
        sha = self._write("commit", ("\n".join(lines) + f"\n\n{message}\n").encode())
        if sha not in self.commits:
            self.commits[sha] = Commit(sha, tree, parents, author, message, date, len(self.commits))
            self._files[sha] = files
        return sha

    def files(self, commit: str) -> Files:
        return self._files[commit]

    def is_tree(self, sha: str) -> bool:
        return sha in self._folders

    def leaves(self, tree: str, *, recursive: bool) -> Iterator[Leaf]:
        """Entries as `git ls-tree` lists them; with `recursive`, folders and what is in them."""
        for path, (mode, sha) in self._folders[tree]:
            kind = {FOLDER: "tree", MODULE: "commit"}.get(mode, "blob")
            yield Leaf(path, mode, kind, sha, len(self.blob(sha) or b"") if kind == "blob" else None)
            if recursive and kind == "tree":
                for leaf in self.leaves(sha, recursive=True):
                    yield leaf._replace(path=f"{path}/{leaf.path}")

    def ancestors(self, commit: str) -> set[str]:
        ancestors: set[str] = set()
        waiting = [commit]
        while waiting:
            if (each := waiting.pop()) not in ancestors:
                ancestors.add(each)
                waiting.extend(self.commits[each].parents)
        return ancestors

    def merge_base(self, one: str, other: str) -> str:
        """The youngest common ancestor: a commit is always made after its parents."""
        seen = {one: {1}}
        seen.setdefault(other, set()).add(2)
        waiting = [(-self.commits[commit].place, commit) for commit in seen]
        heapq.heapify(waiting)
        while waiting:
            _, commit = heapq.heappop(waiting)
            if len(seen[commit]) == 2:
                return commit
            for parent in self.commits[commit].parents:
                if parent not in seen:
                    heapq.heappush(waiting, (-self.commits[parent].place, parent))
                seen.setdefault(parent, set()).update(seen[commit])
        raise AssertionError("no common ancestor")

    def merged(self, ours: str, theirs: str) -> Files | None:
        """The files of a merge, None if it conflicts."""
        if (ours, theirs) not in self._merges:
            plain = self._plainly_merged(ours, theirs)
            self._merges[ours, theirs] = self._merged(ours, theirs) if plain is None else plain
        return self._merges[ours, theirs]

    def _plainly_merged(self, ours: str, theirs: str) -> Files | None:
        """The merge, without git, if nothing is removed (hence nothing renamed) and no path is touched by both."""
        base = self.files(self.merge_base(ours, theirs))
        our_paths, their_paths = (self._touched(base, self.files(side)) for side in (ours, theirs))
        if our_paths is None or their_paths is None or our_paths & their_paths:
            return None
        folders = {path[:at] for path in our_paths | their_paths for at, sign in enumerate(path) if sign == "/"}
        if folders & (our_paths | their_paths):
            return None
        files = self.files(theirs)
        return {**self.files(ours), **{path: files[path] for path in their_paths}}

    def _touched(self, base: Files, side: Files) -> set[str] | None:
        if base.keys() - side.keys():
            return None
        return {path for path, _ in side.items() - base.items()}

    def _merged(self, ours: str, theirs: str) -> Files | None:
        code, answer = self._run("merge-tree", "--write-tree", ours, theirs)
        if code:
            assert code == 1, answer.decode()
            return None
        tree = answer.decode().partition("\n")[0]
        rows = (line.partition("\t") for line in self.git("ls-tree", "-r", "-z", tree).decode().split("\0")[:-1])
        return {path: Entry(about.split()[0], about.split()[2]) for about, _, path in rows}

    def changes(self, base: str, head: str) -> list[Change]:
        """The head's changes, with renames as git finds them, in the order of paths."""
        if (base, head) not in self._changes:
            self._changes[base, head] = self._added(base, head) or self._compared(base, head)
        return self._changes[base, head]

    def hunks(self, before: str, after: str, context: int) -> list[tuple[range, range]]:
        """The lines of two contents, by their names, that git's comparison shows with so many lines around each."""
        if before == after:
            return []
        code, answer = self._run("diff", f"-U{context}", before, after)
        assert code == 0, answer.decode()
        pairs = re.findall(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", answer, re.MULTILINE)
        return [(_span(old, many), _span(new, more)) for old, many, new, more in pairs]

    def _added(self, base: str, head: str) -> list[Change] | None:
        """The changes if every file is new, which needs no git; else None."""
        before, after = self.files(base), self.files(head)
        if before.items() - after.items():
            return None
        new = sorted((path, entry) for path, entry in after.items() if path not in before)
        if any(entry.mode == MODULE for _, entry in new):
            return None
        return [Change("A", path, None, sha, _lines(self.blob(sha) or b""), 0) for path, (_, sha) in new]

    def _compared(self, base: str, head: str) -> list[Change]:
        flags = ("-r", "-M", "--raw", "--numstat", "--no-abbrev", "-z")
        parts = iter(self.git("diff-tree", *flags, base, head).decode().split("\0")[:-1])
        named: dict[str, tuple[str, str | None, str]] = {}
        counted: dict[str, tuple[int, int]] = {}
        for part in parts:
            if part.startswith(":"):
                _, _, old, new, status = part.split()
                path = next(parts)
                previous = None
                if status[0] in "RC":
                    previous, path = path, next(parts)
                named[path] = (status[0], previous, old if status == "D" else new)
            else:
                added, removed, path = part.split("\t", 2)
                if not path:
                    next(parts)
                    path = next(parts)
                counted[path] = (0, 0) if added == "-" else (int(added), int(removed))
        return [Change(status, path, old, sha, *counted[path]) for path, (status, old, sha) in sorted(named.items())]


def _span(first: bytes, count: bytes) -> range:
    """The lines of one side of a hunk; where it has none, they would follow the line that is named."""
    number = int(count or 1)
    start = int(first) if number else int(first) + 1
    return range(start, start + number)


def _lines(data: bytes) -> int:
    if b"\0" in data[:8000]:
        return 0
    return data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
