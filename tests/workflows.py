"""The repository's own workflows, run on this machine: the very commands of their YAML, in a real clone.

A course's workflows are callers, which become here what GitHub makes of them: its own triggers, and the jobs of the
workflow that they call, if that may be called so.

What GitHub's runner does around them is done here: expressions, checkout, environment. Setting up Python and the
package is left out; the clone gets this machine's virtual environment instead, with a `coursehub` that starts at once.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import warm
import yaml
from repositories import ENVIRONMENT

WORKFLOWS = Path(__file__).parent.parent / ".github/workflows"
SET_UP = """python -m venv .venv
.venv/bin/pip install --quiet --require-hashes --requirement requirements.txt
.venv/bin/pip install --quiet --no-deps --no-build-isolation --requirement coursehub.txt
"""
MAKE = "make .venv/site.stamp"  # for what runs in this repository alone
CALL = re.compile(r"coursehub-staff/coursehub/\.github/workflows/([\w-]+\.yml)@[0-9a-f]{40}")
LEVELS = ("none", "read", "write")
TOKEN = re.compile(r"\s*('(?:[^']|'')*'|\|\||&&|==|!=|!|[()]|[\w.-]+)")


class Done(NamedTuple):
    """A command of a workflow that was run."""

    step: str
    code: int
    output: str


class Store:
    """All that GitHub keeps of runs: the site, in a folder, and artifacts and outputs for a run's other jobs."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self._artifacts: dict[str, dict[str, bytes]] = {}
        self.outputs: dict[str, str] = {}  # of the job that ran last

    def artifact(self, name: str) -> dict[str, bytes]:
        return self._artifacts[name]

    def use(self, action: str, wanted: Mapping[str, str], folder: Path) -> dict[str, str]:
        """Act as one of GitHub's actions in a job's folder and return its outputs; those without a part do nothing."""
        path = folder / wanted.get("path", "")
        match action.partition("@")[0]:
            case "actions/configure-pages":
                return {"base_url": self.site.as_uri()}
            case "actions/upload-pages-artifact":
                _write(self.site, _files(path))
            case "actions/upload-artifact":
                self._artifacts[wanted["name"]] = _files(path)
            case "actions/download-artifact":
                _write(path, self._artifacts[wanted["name"]])
        return {}


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


class RefusedError(Exception):
    """GitHub does not start a workflow, in its words as far as they are known."""


def load(name: str) -> dict[str, Any]:
    return parse((WORKFLOWS / name).read_text())


def parse(text: str) -> dict[str, Any]:
    # YAML 1.1 reads the key `on` as true
    return {("on" if key is True else key): value for key, value in yaml.safe_load(text).items()}


def called(caller: Mapping[str, Any]) -> dict[str, Any]:
    """The workflow that GitHub runs for a caller. Raises `RefusedError` where it runs nothing.

    The names of jobs are those that it shows. A called workflow's group of concurrency counts, so a caller that has the
    same one waits for itself.
    """
    ((id, job),) = caller["jobs"].items()
    name = CALL.fullmatch(job["uses"])
    if not name or not (WORKFLOWS / name[1]).is_file():
        raise RefusedError(f"failed to fetch workflow {job['uses']}")
    workflow = load(name[1])
    if "workflow_call" not in workflow["on"]:
        raise RefusedError(f"{name[1]} is not reusable as it is missing a `on.workflow_call` trigger")
    if "concurrency" in caller:
        raise RefusedError("a deadlock was detected for a concurrency group")
    granted = job.get("permissions", caller.get("permissions", {}))
    for nested, each in workflow["jobs"].items():
        for permission, level in each["permissions"].items():
            if LEVELS.index(granted.get(permission, "none")) < LEVELS.index(level):
                raise RefusedError(
                    f"The nested job '{nested}' is requesting '{permission}: {level}', but is only allowed "
                    f"'{permission}: {granted.get(permission, 'none')}'."
                )
    shown = job.get("name", id)
    jobs = {nested: {**each, "name": f"{shown} / {each['name']}"} for nested, each in workflow["jobs"].items()}
    return {**workflow, "name": caller["name"], "on": caller["on"], "jobs": jobs}


def is_woken(workflow: Mapping[str, Any], event: str, action: str | None) -> bool:
    events = workflow["on"]
    if event not in events:
        return False
    wanted = events[event]
    return not isinstance(wanted, dict) or action in wanted.get("types", [action])


def run_job(job: Mapping[str, Any], github: Mapping[str, Any], origin: Path, folder: Path, environment: Mapping[str, str],
            default: str, store: Store | None = None) -> list[Done]:  # fmt: skip
    """Run a job's commands in a clone of what its checkout names, which is `default` where it names nothing."""
    steps: dict[str, Any] = {}
    context = {"github": github, "steps": steps}
    done: list[Done] = []
    folder.mkdir(parents=True, exist_ok=True)
    output = folder.with_name(f"{folder.name}.output")
    for step in job["steps"]:
        if not evaluate(str(step.get("if", "true")), context):
            continue
        if step.get("uses", "").startswith("actions/checkout@"):
            ref = fill(str(step["with"].get("ref", "")), context) or default
            check_out(origin, ref, folder, depth=step["with"].get("fetch-depth", 1))
        elif "uses" in step and store:
            wanted = {name: fill(str(value), context) for name, value in step.get("with", {}).items()}
            steps[step.get("id", "")] = {"outputs": store.use(step["uses"], wanted, folder), "outcome": "success"}
        elif "run" in step and step["run"] not in (SET_UP, MAKE):
            output.write_text("")
            own = {name: fill(str(value), context) for name, value in step.get("env", {}).items()}
            assert "${{" not in step["run"], "text of strangers reaches a shell only through its environment"
            ran = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=folder, env={**ENVIRONMENT, "GITHUB_OUTPUT": str(output), **environment, **own}, capture_output=True, text=True, check=False,
            )  # fmt: skip
            done.append(Done(step["name"], ran.returncode, ran.stdout + ran.stderr))
            lines = (line.partition("=") for line in output.read_text().splitlines())
            steps[step.get("id", "")] = {"outputs": {name: value for name, _, value in lines}}
            if ran.returncode:
                break
    if store:
        store.outputs = {name: fill(value, context) for name, value in job.get("outputs", {}).items()}
    return done


def check_out(origin: Path, ref: str, folder: Path, *, depth: int) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", folder, *arguments], env=ENVIRONMENT, check=True, capture_output=True)

    git("init", "--quiet")
    shallow = [f"--depth={depth}"] if depth else []
    git("fetch", "--quiet", *shallow, origin.as_uri(), ref)
    if not depth:  # then all branches come
        git("update-ref", "refs/heads/fetched", "FETCH_HEAD")
        git("fetch", "--quiet", origin.as_uri(), "+refs/heads/*:refs/remotes/origin/*")
        git("fetch", "--quiet", ".", "refs/heads/fetched")
    git("checkout", "--quiet", "FETCH_HEAD")
    (folder / ".venv").symlink_to(warm.environment())
    with (folder / ".git/info/exclude").open("a") as exclude:
        exclude.write(".venv\n")


def fill(text: str, context: Mapping[str, Any]) -> str:
    """A text whose `${{ }}` are replaced by their values, as in `env` and `with`."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda match: shown(evaluate(match[1], context)), text)


def shown(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def evaluate(expression: str, context: Mapping[str, Any]) -> Any:
    """The value of an expression, as far as our workflows go: names, texts, and, or, not, equality, brackets, functions."""
    inner = re.fullmatch(r"\s*\$\{\{(.*)\}\}\s*", expression, re.DOTALL)
    tokens = TOKEN.findall(inner[1] if inner else expression)
    value = _or(tokens, context)
    assert not tokens, f"this stand-in for GitHub's expressions does not know {tokens}"
    return value


def _or(tokens: list[str], context: Mapping[str, Any]) -> Any:
    value = _and(tokens, context)
    while tokens and tokens[0] == "||":
        tokens.pop(0)
        other = _and(tokens, context)
        value = value or other
    return value


def _and(tokens: list[str], context: Mapping[str, Any]) -> Any:
    value = _equal(tokens, context)
    while tokens and tokens[0] == "&&":
        tokens.pop(0)
        other = _equal(tokens, context)
        value = value and other
    return value


def _equal(tokens: list[str], context: Mapping[str, Any]) -> Any:
    value = _one(tokens, context)
    if tokens and tokens[0] in ("==", "!="):
        is_equal = tokens.pop(0) == "=="
        return (shown(value).lower() == shown(_one(tokens, context)).lower()) is is_equal
    return value


def _one(tokens: list[str], context: Mapping[str, Any]) -> Any:
    token = tokens.pop(0)
    if token == "!":
        return not _one(tokens, context)
    if token == "(":
        value = _or(tokens, context)
        tokens.pop(0)
        return value
    if tokens and tokens[0] == "(":
        return _called(token, tokens)
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    if token in ("true", "false"):
        return token == "true"
    value: Any = context
    for part in token.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _called(function: str, tokens: list[str]) -> Any:
    """The value of a function in a job where nothing failed and every file is there."""
    while tokens.pop(0) != ")":
        pass
    return {"always": True, "success": True, "failure": False, "cancelled": False, "hashFiles": "a hash"}[function]


def runner_environment(url: str, repository: str, home: Path) -> dict[str, str]:
    """The variables that GitHub's runner sets."""
    return {
        "CI": "true",
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": url,
        "GITHUB_GRAPHQL_URL": f"{url}/graphql",
        "GITHUB_REPOSITORY": repository,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_STEP_SUMMARY": str(home / "summary.md"),
    }
