"""A site that is built again after a few edits is, byte for byte, the site that is built from nothing.

Each sequence of edits is random and named by its number, so that one that fails can be run again. Those with an even
number make all kinds of edits, many at a time, and each build is a process; those with an odd number make few at a time, and
one process builds again and again, as a server does. More of them: `COURSEHUB_SEQUENCES=100 pytest -n auto tests/test_once_builds.py`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import sites
from edits import GLOBAL, LOCAL, Course, Edit

pytestmark = pytest.mark.slow

SEQUENCES = int(os.environ.get("COURSEHUB_SEQUENCES", "2"))
LENGTH = 4
NOTHING_KEPT = {"COURSEHUB_CACHE": "0", "COURSEHUB_PROCESSES": "1"}
KEPT = (".cache/pages.sqlite", ".cache/pictures", ".cache/cards", ".git/coursehub")


class Server:
    """A process that builds a course's site again and again, and is started anew where `mkdocs serve` had to be."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.process: subprocess.Popen[str] | None = None

    def build(self) -> sites.Build:
        """The next build."""
        if self.course.is_other_program:
            self.stop()
        self.process = self.process or self._started()
        assert self.process.stdin and self.process.stderr
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        lines = []
        while not (lines and lines[-1].startswith("DONE ")):
            lines.append(self.process.stderr.readline())
            assert lines[-1], "".join(lines)
        return sites.Build(str(self.course.root), int(lines[-1].split()[1]), "".join(lines), "warm")

    def stop(self) -> None:
        """End the process."""
        if self.process:
            self.process.communicate("")
        self.process = None

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("served.py")), "warm"], cwd=self.course.root,
            env=sites.environment(**self.course.environment), text=True, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


def build(course: Course, folder: str, **environment: str) -> sites.Build:
    built = sites.build(course.root, "--site-dir", folder, **course.environment, **environment)
    return built._replace(folder=folder)


def build_from_nothing(course: Course) -> sites.Build:
    with _put_aside(course.root):
        return build(course, "cold", **NOTHING_KEPT)


@contextmanager
def _put_aside(root: Path) -> Iterator[None]:
    """Take away for a while what builds keep."""
    aside = {root / name: root / f".cache/aside-{Path(name).name}" for name in KEPT if (root / name).exists()}
    for path, other in aside.items():
        path.rename(other)
    try:
        yield
    finally:
        for path, other in aside.items():
            shutil.rmtree(path, ignore_errors=True)
            other.replace(path)


def edits(course: Course, seed: int) -> Iterator[list[Edit]]:
    """The edits before each of a sequence's builds."""
    if seed % 2:
        for _ in range(LENGTH):
            yield course.random.sample((*LOCAL, *GLOBAL), k=course.random.choice([1, 1, 1, 2]))
        return
    some, others = (course.random.sample(kinds, k=len(kinds)) for kinds in (LOCAL, GLOBAL))
    for step in range(LENGTH // 2):
        yield from (kinds[step :: LENGTH // 2] for kinds in (some, others))


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_no_sequence_of_edits_leaves_anything_stale(seed: int, tmp_path: Path) -> None:
    course = Course(tmp_path / "course", seed)
    server = Server(course)
    build_again = server.build if seed % 2 else partial(build, course, "warm")
    done = [["nothing"]]
    try:
        build_again()
        for several in edits(course, seed):
            for edit in several:
                edit(course)
            done.append([edit.__name__ for edit in several])
            _assert_alike(build_again(), build_from_nothing(course), done)
            course.is_other_program = False
    finally:
        server.stop()


def _assert_alike(warm: sites.Build, cold: sites.Build, done: list[list[str]]) -> None:
    assert (warm.code, cold.code) == (0, 0), f"{done}\n{warm.output}\n{cold.output}"
    warm_files, expected = warm.files(), cold.files()
    assert warm_files.keys() == expected.keys(), done
    assert [path for path in warm_files if warm_files[path] != expected[path]] == [], done
    assert _warnings(warm) == _warnings(cold), done


def _warnings(built: sites.Build) -> list[str]:
    """Warnings, in any order."""
    return sorted(line for line in built.output.splitlines() if line.startswith("WARNING"))
