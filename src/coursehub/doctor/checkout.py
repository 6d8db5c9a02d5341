"""The set-up in the repository's own files: workflows, CODEOWNERS, mkdocs.yml."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from coursehub import workflows
from coursehub.comments import settings
from coursehub.comments.settings import Widget
from coursehub.records.course import Course
from coursehub.system import git
from coursehub.text.mkdocs_yaml import PATH, compose, entries, value
from coursehub.workflows import GATES

MAIN = "main"  # the branch that the workflows name
POSTS = "posts/"
HARMLESS = {"schedule", "workflow_dispatch"}  # events beside which a schedule can stop nothing else
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


class SetUpError(Exception):
    """A file that the doctor reads is broken."""


class Checkout(msgspec.Struct, frozen=True):
    """The set-up in the repository's own files."""

    course: Course
    checks: tuple[str, ...]  # what a pull request must pass, by the names that GitHub shows
    gates: tuple[str, ...]  # workflows that have these
    calls: tuple[str, ...]  # workflows of other repositories that are called, as `uses` has them
    refused: tuple[str, ...]  # phrases for workflows that GitHub does not start
    in_merge_queue: frozenset[str]  # names of the workflows that run there
    put_to_sleep: tuple[str, ...]  # workflows that would stop with their schedule, though other events wake them too
    owners: tuple[tuple[str, tuple[str, ...]], ...]  # patterns of CODEOWNERS, each with its owners
    files: tuple[str, ...]  # all that git keeps but posts
    site_url: str
    repo_url: str
    widget: Widget


def read(root: Path, course: Course) -> Checkout:
    """Return the set-up in the files below `root`. Raises `SetUpError`."""
    try:
        own = workflows.read(root)
    except ValueError as error:
        raise SetUpError(str(error)) from error
    site = entries(_yaml(root / PATH))
    widget = settings.read((root / PATH).read_text(encoding="utf-8")) if (root / PATH).is_file() else Widget()
    files = git.tracked(root) if git.is_repository(root) else []
    return Checkout(
        course=course,
        checks=workflows.required(own).names,
        gates=tuple(name for name in GATES if name in own),
        calls=tuple(sorted({job.calls for each in own.values() for job in each.jobs if _is_elsewhere(job.calls)})),
        refused=tuple(workflows.refused(own)),
        in_merge_queue=frozenset(name for name, each in own.items() if "merge_group" in each.events),
        put_to_sleep=tuple(name for name, each in own.items() if "schedule" in each.events and each.events - HARMLESS),
        owners=tuple(_owners(next((root / path for path in CODEOWNERS if (root / path).is_file()), None))),
        files=tuple(path for path in files if not path.startswith(POSTS)),
        site_url=value(site.get("site_url"), {}),
        repo_url=value(site.get("repo_url"), {}),
        widget=widget,
    )


def _is_elsewhere(call: str) -> bool:
    return bool(call) and not call.startswith("./")


def _yaml(path: Path) -> yaml.Node | None:
    """The nodes of a file, with words as they are written: `on` stays a word, and `!ENV` needs no reader."""
    if not path.is_file():
        return None
    try:
        return compose(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SetUpError(f"{path}: {error}") from error


def _owners(path: Path | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path else ():
        pattern, *owners = line.partition("#")[0].split() or [""]
        if pattern:
            yield pattern, tuple(owners)
