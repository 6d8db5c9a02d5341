"""Other people's commits as git objects: fetched, never checked out, and nothing of them is run."""

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from coursehub.system.git import GitError, program

LARGEST_FETCH = 100_000_000  # bytes that one fetch may write
LONGEST_FETCH = 120  # seconds
LONGEST_LIST = 16_000_000  # bytes of the lists of files of one level
SUBMODULE, FOLDER = "160000", "040000"


class UnknownCommitError(GitError):
    """There is no such commit any more, or it has no commit in common with main."""


class TooLargeError(GitError):
    """A commit changes more than is read."""


class File(NamedTuple):
    """A file in git, or a link, or a submodule: its mode, and the name of its content, which equal ones share."""

    mode: str
    sha: str


class Changed(NamedTuple):
    """A file before and after a change; None where there is none."""

    before: File | None
    after: File | None


class GitObjects:
    """A repository without files, in an empty `folder`, that borrows all that a `checkout` has and fetches the rest.

    `url`: from where it is fetched; `header`: a header of HTTP for that, or empty. Of contents larger than
    `largest` bytes, nothing is fetched but their names. Raises `GitError`.
    """

    def __init__(self, folder: Path, checkout: Path, *, url: str, header: str, largest: int) -> None:
        self._folder = folder
        self._filter = f"--filter=blob:limit={largest + 1}"
        self._too_large: set[str] = set()
        self._run("init", "--quiet", "--bare", str(folder))
        objects = _git(checkout, "rev-parse", "--path-format=absolute", "--git-path", "objects").decode().strip()
        (folder / "objects/info").mkdir(exist_ok=True)
        (folder / "objects/info/alternates").write_bytes(f"{objects}\n".encode())  # git knows no other line end there
        (folder / "config").chmod(0o600)
        self._run("config", "remote.hub.url", url)
        if header:
            self._write_config("a", f'[http]\n\textraHeader = "{header}"\n')
        self._config = (folder / "config").read_text(encoding="utf-8")

    def fetch(self, commits: Iterable[str]) -> None:
        """Fetch these commits, as far as the other side has them. Raises `GitError` where it cannot be asked."""
        wanted = list(dict.fromkeys(commits))
        wanted = [commit for commit, size in self.sizes(wanted).items() if size is None]
        if not wanted or self._fetch(wanted):
            return
        for commit in wanted:  # one that is gone, or too large, stops all of them
            if not self._fetch([commit]):
                self._too_large.add(commit)

    def _fetch(self, commits: Sequence[str]) -> bool:
        """Whether it went well, or the only commit is gone."""
        command = ["-c", "fetch.unpackLimit=1", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"]
        try:
            self._run(
                *command,
                "--no-auto-maintenance",
                self._filter,
                "hub",
                *commits,
                limit=_limit_size if os.name == "posix" else None,
                seconds=LONGEST_FETCH,
            )
        except subprocess.TimeoutExpired:
            return False
        except GitError as error:
            if _NOT_THERE in str(error):
                return len(commits) == 1
            if _DIED in str(error):
                return False
            raise
        finally:
            self._write_config("w", self._config)  # git has noted where it could fetch, when read, what was left out
        return True

    def _write_config(self, mode: str, text: str) -> None:
        with (self._folder / "config").open(mode, encoding="utf-8", newline="\n") as file:
            file.write(text)

    def changed(self, main: str, head: str, most: int) -> dict[str, Changed]:
        """Path → the file before and now, of all that differ between a commit and where it left `main`.

        A rename counts as both of its paths; signs in a path that are no UTF-8 are replaced. Raises
        `UnknownCommitError`, and `TooLargeError` for more than `most` paths.
        """
        if head in self._too_large:
            raise TooLargeError(f"{head} was too large, or too slow, to be fetched")
        try:
            base = self._run("merge-base", main, head).decode().strip()
        except GitError as error:
            raise UnknownCommitError(f"{head} is gone, or has no commit in common with main") from error
        base_tree, head_tree = self._run("rev-parse", f"{base}^{{tree}}", f"{head}^{{tree}}").decode().split()
        changed: dict[str, Changed] = {}
        folders = [("", base_tree, head_tree)] if base_tree != head_tree else []
        while folders:  # a level at a time; git's own comparison has no end where folders hold each other
            trees = self._trees({tree for _, *both in folders for tree in both if tree}, head)
            below: list[tuple[str, str, str]] = []
            for folder, old, new in folders:
                before, after = trees.get(old, {}), trees.get(new, {})
                for name in before.keys() | after.keys():
                    one, other = before.get(name), after.get(name)
                    if one == other:
                        continue
                    path = folder + name.decode(errors="replace")
                    if _is_folder(one) or _is_folder(other):
                        below.append((f"{path}/", _folder(one), _folder(other)))
                    if _is_file(one) or _is_file(other):
                        changed[path] = Changed(*(each if _is_file(each) else None for each in (one, other)))
                    if len(changed) + len(below) > most:
                        raise TooLargeError(f"{head} changes more than {most} files")
            folders = below
        return changed

    def _trees(self, shas: Iterable[str], head: str) -> dict[str, dict[bytes, File]]:
        """Name of a tree → its entries by their names: https://git-scm.com/docs/user-manual#tree-object."""
        sizes = self.sizes(shas)
        if sum(size or 0 for size in sizes.values()) > LONGEST_LIST:
            raise TooLargeError(f"{head} has a folder with too many files")
        return {sha: dict(_entries(content, len(sha) // 2)) for sha, content in self.contents(sizes).items()}

    def sizes(self, shas: Iterable[str]) -> dict[str, int | None]:
        """Name of an object → its bytes in number, or None where it was not fetched."""
        names = list(shas)
        if not names:
            return {}
        answers = self._run("cat-file", "--batch-check=%(objectsize)", given=names).decode().splitlines()
        return {
            sha: int(answer) if answer.isdecimal() else None for sha, answer in zip(names, answers, strict=True)
        }  # fmt: skip

    def contents(self, shas: Iterable[str]) -> Mapping[str, bytes]:
        """Name of an object → its bytes, of all that were fetched."""
        names = list(shas)
        if not names:
            return {}
        answer = self._run("cat-file", "--batch=%(objectsize)", given=names)
        contents: dict[str, bytes] = {}
        at = 0
        for sha in names:
            end = answer.index(b"\n", at)
            size = answer[at:end]
            at = end + 1
            if size.isdigit():
                contents[sha] = answer[at : at + int(size)]
                at += int(size) + 1
        return contents

    def hunks(self, before: str, after: str) -> list[range]:
        """The lines of a file, counted from 1, that git shows of a change: three around each that differs.

        The file's contents are given by their names, and were fetched. None where git sees no text.
        """
        shown = self._run("diff", *_PLAINLY, before, after)
        heads = [(int(match[1]), int(match[2] or 1)) for match in _HUNK.finditer(shown)]
        return [range(first, first + count) for first, count in heads if count]

    def _run(
        self, *arguments: str, given: Sequence[str] = (), limit: Callable[[], None] | None = None,
        seconds: float | None = None,
    ) -> bytes:  # fmt: skip
        names = "".join(f"{name}\n" for name in given)
        return _git(self._folder, *arguments, given=names, limit=limit, seconds=seconds)


_PLAINLY = (  # whatever the machine's settings are
    "--no-color", "--unified=3", "--inter-hunk-context=0", "--diff-algorithm=myers", "--indent-heuristic",
    "--no-ext-diff", "--no-textconv",
)  # fmt: skip
_HUNK = re.compile(rb"^@@ -[\d,]+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_NOT_THERE = "not our ref"
_DIED = "died of signal"


def _git(
    folder: Path, *arguments: str, given: str = "", limit: Callable[[], None] | None = None,
    seconds: float | None = None,
) -> bytes:  # fmt: skip
    environment = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}  # its errors are read here
    done = subprocess.run(
        [program(), "-C", str(folder), *arguments], input=given.encode(), capture_output=True, check=False,
        env=environment, timeout=seconds, preexec_fn=limit,
    )  # fmt: skip
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} failed")
    return done.stdout


def _limit_size() -> None:
    """Let this process, about to become git, write no file larger than `LARGEST_FETCH`."""
    import resource  # noqa: PLC0415  (Windows has none)

    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FETCH, LARGEST_FETCH))


def _entries(tree: bytes, length: int) -> Iterator[tuple[bytes, File]]:
    at = 0
    while at < len(tree):
        end = tree.index(b"\0", at)
        mode, _, name = tree[at:end].partition(b" ")
        at = end + 1 + length
        yield name, File(mode.decode().zfill(6), tree[end + 1 : at].hex())


def _is_folder(file: File | None) -> bool:
    return file is not None and file.mode == FOLDER


def _is_file(file: File | None) -> bool:
    return file is not None and file.mode != FOLDER


def _folder(file: File | None) -> str:
    return file.sha if file and file.mode == FOLDER else ""
