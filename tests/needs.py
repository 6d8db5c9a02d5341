"""Needs of a test that not every system meets. On Linux nothing is skipped by them: there all of this is."""

import os
import sys
from pathlib import Path

import pytest


def _where(there: bool, what: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not there and sys.platform != "linux", reason=f"this system has no {what}")


def link(path: Path, target: str) -> None:
    """Make a link, or skip the test where nobody may."""
    try:
        path.symlink_to(target)
    except OSError:
        if sys.platform == "linux":
            raise
        pytest.skip("this system has no links that anybody may make")


def pipe(path: Path) -> None:
    """Make a pipe among files, or skip the test where there are none."""
    if sys.platform != "linux" and not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes among files")
    os.mkfifo(path)


def _has_links(folder: Path) -> bool:
    """Whether links can be made, for which Windows wants a privilege."""
    link = folder / f".link-{os.getpid()}"
    try:
        link.symlink_to(folder)
    except OSError:
        return False
    link.unlink()
    return True


CASES = _where(sys.platform == "linux", "file system on which capitals count")
FORK = _where(sys.platform == "linux", "fork that is safe")
LINKS = _where(_has_links(Path(__file__).parent), "links that anybody may make")
MAKE = _where(os.name == "posix", "make, and folders as it has them")
MODES = _where(os.name == "posix", "rights of a file in its mode")
PIPES = _where(hasattr(os, "mkfifo"), "pipes among files")
PROC = _where(Path("/proc/self/fd").is_dir(), "list of the files that a process has open")
RAW_NAMES = _where(sys.platform == "linux", "names of files that are no text")
SHELL = _where(os.name == "posix", "shell as a workflow's runner has it")
TERMINALS = _where(os.name == "posix", "terminals that a test can make")
TIMES_OF_CHANGES = _where(os.name != "nt", "time of a file's last change that nobody can set")
