"""Other people's commits as git objects: fetched, never checked out, and nothing of them is run."""

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from coursehub.system.git import GitError

LARGEST_FETCH = 100_000_000  # bytes that one fetch may write
LONGEST_FETCH = 120  # seconds
LONGEST_LIST = 16_000_000  # bytes of a list of changes
SUBMODULE = "160000"


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
        (folder / "objects/info/alternates").write_text(f"{objects}\n", encoding="utf-8")
        (folder / "config").chmod(0o600)
        self._run("config", "remote.hub.url", url)
        if header:
            self._write_config("a", f'[http]\n\textraHeader = "{header}"\n')
        self._config = (folder / "config").read_text(encoding="utf-8")

    def fetch(self, commits: Iterable[str]) -> None:
        """Fetch these commits, as far as the other side has them. Raises `GitError` where it can not be asked."""
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
        with (self._folder / "config").open(mode, encoding="utf-8") as file:
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
        command = ["diff-tree", "-r", "--raw", "--no-renames", "--no-abbrev", "-z", base, head]
        changed: dict[str, Changed] = {}
        with subprocess.Popen(
            _command(self._folder, *command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout
            parts = _parts(process.stdout)
            for about, path in zip(parts, parts, strict=False):
                old_mode, new_mode, old, new, _ = about.decode().removeprefix(":").split()
                before = File(old_mode, old) if old_mode != _NONE else None
                after = File(new_mode, new) if new_mode != _NONE else None
                changed[path.decode(errors="replace")] = Changed(before, after)
                if len(changed) > most:
                    process.kill()
                    raise TooLargeError(f"{head} changes more than {most} files")
        if process.returncode:
            raise GitError(f"git could not compare {head} with main")
        return changed

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

    def _run(self, *arguments: str, given: Sequence[str] = (), limit: Callable[[], None] | None = None) -> bytes:
        return _git(self._folder, *arguments, given="".join(f"{name}\n" for name in given), limit=limit)


_NONE = "000000"
_NOT_THERE = "not our ref"
_DIED = "died of signal"


def _command(folder: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(folder), *arguments]


def _git(folder: Path, *arguments: str, given: str = "", limit: Callable[[], None] | None = None) -> bytes:
    environment = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}  # its errors are read here
    done = subprocess.run(
        _command(folder, *arguments), input=given.encode(), capture_output=True, check=False, env=environment,
        timeout=LONGEST_FETCH if limit else None, preexec_fn=limit,
    )  # fmt: skip
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} failed")
    return done.stdout


def _limit_size() -> None:
    """Let this process, about to become git, write no file larger than `LARGEST_FETCH`."""
    import resource  # noqa: PLC0415  (Windows has none)

    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FETCH, LARGEST_FETCH))


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    """What a stream has between zeros, of its first `LONGEST_LIST` bytes."""
    rest = b""
    for _ in range(0, LONGEST_LIST, 65_536):
        chunk = stream.read(65_536)
        *parts, rest = (rest + chunk).split(b"\0")
        yield from parts
        if not chunk:
            return
    raise TooLargeError("the list of what it changes is too long")
