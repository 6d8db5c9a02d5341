"""The set-up in the repository's own files: workflows, CODEOWNERS, mkdocs.yml."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from coursehub.comments import settings
from coursehub.comments.settings import Widget
from coursehub.records.course import Course
from coursehub.system import git
from coursehub.text.mkdocs_yaml import PATH, compose, entries, value, words

MAIN = "main"  # the branch that the workflows name
WORKFLOWS = ".github/workflows"
CHECK, DESK, PUBLISH, LINKS, CLOCK = "check.yml", "desk.yml", "publish.yml", "links.yml", "clock.yml"
GATES = (CHECK, "tests.yml")  # main waits for their last jobs; Course Hub alone has the second
POSTS = "posts/"
HARMLESS = {"schedule", "workflow_dispatch"}  # events beside which a schedule can stop nothing else
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


class SetUpError(Exception):
    """A file that the doctor reads is broken."""


class Checkout(msgspec.Struct, frozen=True):
    """The set-up in the repository's own files."""

    course: Course
    jobs: tuple[str, ...]  # the last jobs of the gates, by the names that GitHub shows
    gates: tuple[str, ...]  # those of `GATES` that are there
    in_merge_queue: frozenset[str]  # names of the workflows that run there
    put_to_sleep: tuple[str, ...]  # workflows that would stop with their schedule, though other events wake them too
    owners: tuple[tuple[str, tuple[str, ...]], ...]  # patterns of CODEOWNERS, each with its owners
    files: tuple[str, ...]  # all that git keeps but posts
    site_url: str
    repo_url: str
    widget: Widget


def read(root: Path, course: Course) -> Checkout:
    """Return the set-up in the files below `root`. Raises `SetUpError`."""
    workflows = {path.name: _yaml(path) for path in sorted((root / WORKFLOWS).glob("*.y*ml"))}
    events = {name: set(words(entries(node).get("on"))) for name, node in workflows.items()}
    site = entries(_yaml(root / PATH))
    widget = settings.read((root / PATH).read_text(encoding="utf-8")) if (root / PATH).is_file() else Widget()
    files = git.tracked(root) if git.is_repository(root) else []
    return Checkout(
        course=course,
        jobs=tuple(job for name in GATES for job in _last_jobs(workflows.get(name))),
        gates=tuple(name for name in GATES if name in workflows),
        in_merge_queue=frozenset(name for name, each in events.items() if "merge_group" in each),
        put_to_sleep=tuple(name for name, each in events.items() if "schedule" in each and each - HARMLESS),
        owners=tuple(_owners(next((root / path for path in CODEOWNERS if (root / path).is_file()), None))),
        files=tuple(path for path in files if not path.startswith(POSTS)),
        site_url=value(site.get("site_url"), {}),
        repo_url=value(site.get("repo_url"), {}),
        widget=widget,
    )


def _last_jobs(workflow: yaml.Node | None) -> Iterator[str]:
    """Yield the names of a workflow's jobs that no other job waits for: the others are judged by those that do."""
    jobs = {name: entries(job) for name, job in entries(entries(workflow).get("jobs")).items()}
    awaited = {name for job in jobs.values() for name in words(job.get("needs"))}
    for name, job in jobs.items():
        if name not in awaited:
            yield value(job.get("name"), {}) or name


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
