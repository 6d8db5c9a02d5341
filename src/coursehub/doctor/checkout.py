"""The set-up in the repository's own files: workflows, CODEOWNERS, mkdocs.yml."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from coursehub.records.course import Course
from coursehub.text.mkdocs_yaml import PATH, compose, entries, value, words

MAIN = "main"  # the branch that the workflows name
WORKFLOWS = ".github/workflows"
CHECK, DESK, PUBLISH, LINKS = "check.yml", "desk.yml", "publish.yml", "links.yml"
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


class SetUpError(Exception):
    """A file that the doctor reads is broken."""


class Checkout(msgspec.Struct, frozen=True):
    """The set-up in the repository's own files."""

    course: Course
    jobs: tuple[str, ...]  # the last jobs of check.yml, by the names that GitHub shows
    in_merge_queue: frozenset[str]  # names of the workflows that run there
    owners: tuple[tuple[str, tuple[str, ...]], ...]  # patterns of CODEOWNERS, each with its owners
    site_url: str
    repo_url: str


def read(root: Path, course: Course) -> Checkout:
    """Return the set-up in the files below `root`. Raises `SetUpError`."""
    workflows = {path.name: _yaml(path) for path in sorted((root / WORKFLOWS).glob("*.y*ml"))}
    site = entries(_yaml(root / PATH))
    return Checkout(
        course=course,
        jobs=tuple(_last_jobs(workflows.get(CHECK))),
        in_merge_queue=frozenset(
            name for name, node in workflows.items() if "merge_group" in words(entries(node).get("on"))
        ),
        owners=tuple(_owners(next((root / path for path in CODEOWNERS if (root / path).is_file()), None))),
        site_url=value(site.get("site_url"), {}),
        repo_url=value(site.get("repo_url"), {}),
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
