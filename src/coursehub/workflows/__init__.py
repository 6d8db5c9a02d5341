"""Workflows: what a repository has GitHub run, and the names under which GitHub shows what a pull request must pass.

A course's workflows are callers: a job of each calls one of the product's.
https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import yaml

from coursehub.system.packaged import packaged
from coursehub.text.mkdocs_yaml import compose, entries, value, words

FOLDER = ".github/workflows"
PRODUCT = "coursehub-staff/coursehub"  # whose workflows a course calls
CHECK, DESK, PUBLISH, LINKS, CLOCK = "check.yml", "desk.yml", "publish.yml", "links.yml", "clock.yml"
REUSABLE = (CHECK, DESK, PUBLISH, LINKS, CLOCK)
GATES = (CHECK, "tests.yml")  # whose last jobs a pull request must pass; Course Hub alone has the second
_PRODUCTS = re.compile(rf"{re.escape(PRODUCT)}/\.github/workflows/(?P<name>[\w.-]+)@.*", re.IGNORECASE)
# What a token may where a workflow does not say it, as the doctor wants it to be.
UNSAID = {"contents": "read", "packages": "read"}
LEVELS = ("none", "read", "write")


class Job(msgspec.Struct, frozen=True):
    """A job: its id, the name that GitHub shows, the jobs it waits for, and the workflow it calls, if it does.

    `permissions`: what its token may, each a level; for `*`, what it may of all that is not named.
    """

    id: str
    name: str
    needs: tuple[str, ...] = ()
    calls: str = ""
    permissions: Mapping[str, str] = {}

    def may(self, permission: str, level: str) -> bool:
        """Whether the job's token may do this, or whether a workflow that it calls may."""
        granted = self.permissions.get(permission, self.permissions.get("*", "none"))
        return LEVELS.index(granted) >= LEVELS.index(level)


class Workflow(msgspec.Struct, frozen=True):
    """A workflow: the events that start it, and its jobs."""

    events: frozenset[str]
    jobs: tuple[Job, ...]


class Checks(msgspec.Struct, frozen=True):
    """The checks that a pull request must pass, by the names that GitHub shows, and which judge posts and the site."""

    names: tuple[str, ...] = ("Posts and data", "Site")
    posts: str = "Posts and data"
    site: str = "Site"

    @property
    def others(self) -> tuple[str, ...]:
        """Those that say nothing about a student's work."""
        return tuple(name for name in self.names if name not in (self.posts, self.site))


def read(root: Path) -> Mapping[str, Workflow]:
    """Return a repository's workflows, by the names of their files. Raises `ValueError`, with the file, for no YAML."""
    return {path.name: _of_file(path) for path in sorted((root / FOLDER).glob("*.y*ml"))}


def checks(root: Path) -> Checks:
    """Return the checks of a repository; where its files have none, or cannot be read, those that a course has here.

    What is wrong with the files is for the doctor to say.
    """
    try:
        own = required(read(root))
    except ValueError:
        return Checks()
    return own if own.names else Checks()


def required(workflows: Mapping[str, Workflow]) -> Checks:
    """Return the last jobs of the gates: the others are judged by those that wait for them."""
    jobs = [job for gate in GATES if gate in workflows for job in _last_jobs(workflows[gate])]
    roles = {id: name for id, name in jobs if id in ("posts", "site")}
    return Checks(tuple(name for _, name in jobs), **roles)


def _last_jobs(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Yield the id and the shown name of each job that no other waits for.

    A job that calls one of the product's workflows is shown once for each job there, behind its own name. What another
    workflow has is not in any file here, so its jobs are no checks of ours.
    """
    awaited = {need for job in workflow.jobs for need in job.needs}
    for job in workflow.jobs:
        if job.id in awaited:
            continue
        if not job.calls:
            yield job.id, job.name
        elif called := _PRODUCTS.fullmatch(job.calls):
            for id, name in _last_jobs(product(called["name"])):
                yield id, f"{job.name} / {name}"


def refused(workflows: Mapping[str, Workflow]) -> Iterator[str]:
    """Yield a phrase for each workflow that GitHub does not start, since it calls one that may not be called so.

    That is known of the product's workflows, as this version has them.
    """
    for file, workflow in workflows.items():
        calls = ((job, _PRODUCTS.fullmatch(job.calls)) for job in workflow.jobs)
        for job, name in ((job, match["name"]) for job, match in calls if match):
            if name not in REUSABLE:
                yield f"“{file}” calls {name}, which Course Hub does not have"
                continue
            asked = [each for nested in product(name).jobs for each in nested.permissions.items()]
            if lacking := dict.fromkeys(f"{it}: {level}" for it, level in asked if not job.may(it, level)):
                yield f"“{file}” does not grant {', '.join(lacking)}"


def product(name: str) -> Workflow:
    """Return one of the product's workflows as this version has it, without jobs where it has none of that name."""
    path = packaged(Path(__file__).with_name("reusable") / name, f"{FOLDER}/{name}")
    return _of_file(path) if name in REUSABLE and path.is_file() else Workflow(frozenset(), ())


def _of_file(path: Path) -> Workflow:
    try:
        node = compose(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    unsaid = _permissions(entries(node).get("permissions"), UNSAID)
    jobs = (_job(id, entries(job), unsaid) for id, job in entries(entries(node).get("jobs")).items())
    return Workflow(frozenset(words(entries(node).get("on"))), tuple(jobs))


def _job(id: str, job: Mapping[str, yaml.Node], unsaid: Mapping[str, str]) -> Job:
    name, calls = value(job.get("name"), {}) or id, value(job.get("uses"), {})
    return Job(id, name, tuple(words(job.get("needs"))), calls, _permissions(job.get("permissions"), unsaid))


def _permissions(node: yaml.Node | None, unsaid: Mapping[str, str]) -> Mapping[str, str]:
    """Permissions, each a level. What is none counts as no permission at all."""
    if node is None:
        return unsaid
    if isinstance(node, yaml.ScalarNode):  # read-all or write-all
        named = {"*": node.value.removesuffix("-all")}
    else:
        named = {name: value(level, {}) for name, level in entries(node).items()}
    return {name: level for name, level in named.items() if level in LEVELS}
