"""The origin of the Course Hub that runs: a release, a commit that pip installed from git, or a checkout."""

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple

from coursehub.system import git

COMMIT = "commit.txt"  # beside this file, in a release alone: release.yml writes it into the wheel and the sdist
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Origin(NamedTuple):
    """The commit, empty where it is not known; a release is on the package index under its version."""

    commit: str = ""
    is_release: bool = False


def origin(folder: Path = Path(__file__).parent) -> Origin:
    """Return the origin; `folder` is the one of this file.

    What pip wrote down goes first, since a checkout may have a file of a release that somebody tried to build in it:
    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    installed = _direct_url()
    if commit := installed.get("vcs_info", {}).get("commit_id", ""):
        return Origin(commit)
    checkout = folder.parents[2]
    if "dir_info" in installed and git.is_repository(checkout):
        return Origin(git.commit(checkout, "HEAD"))
    commit = _written(folder / COMMIT)
    return Origin(commit, is_release=bool(commit))


def _direct_url() -> dict[str, Any]:
    try:
        written = distribution("coursehub").read_text("direct_url.json")
    except PackageNotFoundError:
        written = None
    return json.loads(written) if written else {}


def _written(path: Path) -> str:
    try:
        commit = path.read_text("ascii").strip()
    except FileNotFoundError:
        return ""
    return commit if _SHA.fullmatch(commit) else ""
