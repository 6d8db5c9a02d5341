"""Git: which files a branch changes, in which order posts came to main, and a commit of some files."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple


class GitError(Exception):
    """Git could not answer; the message is git's own."""


@cache
def program() -> str:
    """Git as it is to be started. Raises `GitError` where it is not installed.

    On Windows by its whole path: a bare name is looked for in the current folder first, and in the files of a pull
    request a program may lie that is called git.exe.
    """
    return in_folders(os.get_exec_path()) if os.name == "nt" else "git"


def in_folders(folders: Iterable[str]) -> str:
    """The path of the first git.exe in these folders, of which relative ones are passed over. Raises `GitError`."""
    places = (Path(folder.strip('"')) for folder in folders)
    if file := next(filter(Path.is_file, (place / "git.exe" for place in places if place.is_absolute())), None):
        return str(file)
    raise GitError(_NOT_INSTALLED)


_NOT_INSTALLED = "git is not installed"


class _Done(NamedTuple):
    """A command of git that has ended: its exit code, and what it printed."""

    returncode: int
    stdout: bytes
    stderr: bytes


def _run(root: Path, *arguments: str, given: bytes = b"", variables: Mapping[str, str] = {}) -> _Done:
    """Git, run to its end with `given` on its standard input. Raises `GitError` where it is not installed."""
    return _start(root, *arguments, variables=variables)(given)


def _start(root: Path, *arguments: str, variables: Mapping[str, str] = {}) -> Callable[[bytes], _Done]:
    """Start git; what is returned gives it its input, and waits for its end. Raises as `_run` does."""
    import subprocess  # noqa: PLC0415  (to judge one post, git is seldom asked)

    command, pipe = [program(), "-C", str(root), "-c", "core.quotePath=false", *arguments], subprocess.PIPE
    try:
        started = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ, **variables})
    except FileNotFoundError as error:
        raise GitError(_NOT_INSTALLED) from error

    def done(given: bytes) -> _Done:
        with started:
            output, errors = started.communicate(given)
        return _Done(started.returncode, output, errors)

    return done


def output(
    root: Path, *arguments: str, text: bytes = b"", variables: Mapping[str, str] = {}, nothing: str = ""
) -> bytes:
    """The output of a command of git that gets `text` to read, with more `variables` of the environment.

    `nothing` is what to say where git fails without a word. Raises `GitError`.
    """
    return _output(_run(root, *arguments, given=text, variables=variables), arguments[0], nothing)


def _output(done: _Done, command: str, nothing: str = "") -> bytes:
    if done.returncode:
        message = done.stderr.decode("utf-8", "surrogateescape").strip()
        raise GitError(message or nothing or f"git {command} failed")
    return done.stdout


def _git(root: Path, *arguments: str, given: str = "", nothing: str = "") -> str:
    """Git's output as text."""
    text = given.encode("utf-8", "surrogateescape")
    return output(root, *arguments, text=text, nothing=nothing).decode("utf-8", "surrogateescape")


def is_repository(root: Path) -> bool:
    """Whether `root` is the top of a git work tree with at least one commit."""
    try:  # in git's words, and not by its path, which has other spellings on Windows and macOS
        return _git(root, "rev-parse", "--is-inside-work-tree", "--show-prefix", "HEAD^{commit}").startswith("true\n\n")
    except GitError:
        return False


def top(folder: Path) -> Path | None:
    """The top of the git work tree in which a folder lies, with commits or without, or None."""
    try:
        return Path(_git(folder, "rev-parse", "--show-toplevel").removesuffix("\n"))
    except GitError:
        return None


def init(root: Path) -> None:
    """Make a git repository, whose first branch is main. Raises `GitError`."""
    _git(root, "init", "--quiet", "--initial-branch=main")


def commit(root: Path, revision: str) -> str:
    """The full name of a revision's commit. Raises `GitError`."""
    return _git(root, "rev-parse", "--verify", f"{revision}^{{commit}}").strip()


def base_of_merge(root: Path, merged: str) -> str:
    """The commit that HEAD merges `merged` into: of its two parents the other one. Raises `GitError`.

    Of a pull request, GitHub checks out its merge with the newest main: main as of the event may be an older one.
    """
    parents = _git(root, "rev-parse", "HEAD^@").split()
    if len(parents) != 2:
        raise GitError(
            f"HEAD has {len(parents) or 'no'} parent{'s' * (len(parents) != 1)} here, so it is not the merge of a "
            "pull request: check out refs/pull/NUMBER/merge with its history"
        )
    head = commit(root, merged)
    if head not in parents:
        raise GitError(f"HEAD merges {parents[1]} into {parents[0]}, and neither is {head}: check out the newest merge")
    return parents[head == parents[0]]


def changed(root: Path, base: str) -> frozenset[str]:
    """Paths that differ between where the work tree left `base` and the work tree itself, new files included.

    A rename counts as both of its paths. Raises `GitError` for a `base` that git does not know.
    """
    return look_for_changes(root, base)()


def look_for_changes(root: Path, base: str) -> Callable[[], frozenset[str]]:
    """Have git look for what `changed` gives while other things are done; a function that waits for it.

    Both raise `GitError`.
    """
    differing = _start(root, "diff", "--relative", "--name-only", "--no-renames", "-z", _fork(root, base), "--")
    untracked = _start(root, "ls-files", "--others", "--exclude-standard", "-z")

    def paths() -> frozenset[str]:
        listed = _output(differing(b""), "diff") + _output(untracked(b""), "ls-files")
        return frozenset(path for path in listed.decode("utf-8", "surrogateescape").split("\0") if path)

    return paths


def _fork(root: Path, base: str) -> str:
    """The commit at which HEAD left `base`. Raises `GitError`."""
    try:
        return _git(root, "merge-base", base, "HEAD", nothing=f"{base} and HEAD have no commit in common").strip()
    except GitError as error:
        if not is_shallow(root):
            raise
        raise GitError(f"{error}; this clone is shallow, and git fetch --unshallow gets what it lacks") from error


def tracked(root: Path) -> list[str]:
    """The paths of all files that git keeps below `root`."""
    return [path for path in _git(root, "ls-files", "-z").split("\0") if path]


def is_ignored(root: Path, path: str) -> bool:
    """Whether git ignores a path below `root`; without git, or where git does not say, it counts as not ignored."""
    try:
        return _run(root, "check-ignore", "--quiet", "--", f"./{path}").returncode == 0
    except GitError:
        return False


def uncommitted(root: Path) -> list[str]:
    """The paths below `root` that differ from the newest commit, new files that git does not ignore included."""
    lines = _git(root, "status", "--porcelain", "--no-renames", "--untracked-files=all", "-z", "--", ".").split("\0")
    return [line[3:] for line in lines if line]


def commit_files(root: Path, paths: Sequence[str], message: str) -> str:
    """Commit these files as they are in the folder, and nothing else; return the commit's short name.

    Raises `GitError` where git, or a hook of the repository, refuses: then there is no commit.
    """
    from tempfile import TemporaryDirectory  # noqa: PLC0415  (slow to load, and needed once a semester)

    with TemporaryDirectory() as folder:  # since all paths together may be more than a command on Windows can hold
        listed = Path(folder, "paths")
        listed.write_bytes(b"".join(os.fsencode(f":(literal){path}\0") for path in paths))
        where = (f"--pathspec-from-file={listed}", "--pathspec-file-nul")
        _git(root, "commit", "--quiet", "--file=-", "--only", *where, given=message)
    return _git(root, "rev-parse", "--short", "HEAD").strip()


def content(root: Path, revision: str, path: str) -> bytes | None:
    """A file's bytes as of a revision, or None where it had no such file; of a link, where it points."""
    done = _run(root, "cat-file", "blob", f"{revision}:./{path}")
    return done.stdout if done.returncode == 0 else None


def arrival(root: Path, paths: Sequence[str], revision: str = "HEAD") -> dict[str, int]:
    """Path → rank of the commit that brought it to `revision`'s own line of history.

    The order is that of first parents, so a merge counts when it was merged; dates, which anybody can write
    into a commit, count for nothing. A file that was deleted and added again came when it was added again.
    Paths that `revision` does not have are left out.
    """
    return {path: addition.rank for path, addition in _additions(root, paths, revision).items()}


def since(root: Path, paths: Sequence[str], revision: str = "HEAD") -> dict[str, str]:
    """Path → date (ISO 8601, with offset) of the commit that brought it to `revision`'s own line of history.

    Paths that are older than a shallow clone's history are left out: nothing there says when they came.
    """
    ends = _ends(root)
    return {path: each.date for path, each in _additions(root, paths, revision).items() if each.commit not in ends}


def is_shallow(root: Path) -> bool:
    """Whether the history is cut off, so that it has no dates for what is older."""
    return bool(_ends(root))


def _ends(root: Path) -> frozenset[str]:
    """The commits whose parents a shallow clone does not have; they seem to add all that is older."""
    try:
        place = root / _git(root, "rev-parse", "--git-path", "shallow").rstrip("\n")
        return frozenset(place.read_text("ascii").split())
    except (GitError, OSError):
        return frozenset()


class _Addition(NamedTuple):
    rank: int
    commit: str
    date: str


def _additions(root: Path, paths: Sequence[str], revision: str) -> dict[str, _Addition]:
    if not paths:
        return {}
    # Paths are patterns here, one a line: so thousands of them can be given, which a command on Windows can't hold.
    asked = "\n".join([revision, "--", *(path.replace("\n", "?") for path in paths)])
    log = _git(root, "log", "--stdin", "--first-parent", "-m", "--reverse", "--no-renames", "--diff-filter=AD",
               "--name-status", "-z", "--format=%x01%H %cI", given=f"{asked}\n")  # fmt: skip
    additions: dict[str, _Addition] = {}
    for rank, commit in enumerate(log.split("\x01")[1:]):
        header, _, names = commit.partition("\0")
        addition = _Addition(rank, *header.split(" "))
        changes = names.lstrip("\n").split("\0")
        for status, path in zip(changes[::2], changes[1::2], strict=False):  # an empty text follows the last \0
            if status == "A":
                additions[path] = addition
            else:
                additions.pop(path, None)
    return additions


def setting(root: Path, name: str) -> str | None:
    """A git setting as it holds in `root`, or None where it is not set."""
    try:
        return _git(root, "config", "--get", name).strip() or None
    except GitError:
        return None
