"""GitHub's command `gh`, as far as the doctor's commands use it: what it changes in the stand-in for GitHub.

A command before a pipe is one of Course Hub's, whose output `--input -` reads.

From `gh help repo edit`, `gh help api` and `gh help workflow`, and GitHub's REST API: a PUT or PATCH changes the fields
that it has, one of a ruleset replaces it.
"""

import json
import re
import shlex
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from standin import StandIn
from standin.shapes import fill

from coursehub.cli import main

# Flags of `gh repo edit` → fields of a repository.
FLAGS = {"issues": "has_issues", "rebase-merge": "allow_rebase_merge"}
# Paths of the REST API → the stand-in's settings.
SETTINGS = {
    "actions/permissions": "actions",
    "actions/permissions/workflow": "workflow",
    "actions/permissions/fork-pr-contributor-approval": "approval",
    "actions/permissions/artifact-and-log-retention": "retention",
    "pages": "pages",
}


class RefusedError(Exception):
    """GitHub refuses what a command asks for."""


def run(github: StandIn, command: str, root: Path) -> None:
    """Run a command of the doctor's in a clone at `root`; of several with `||`, each until one is not refused."""
    first, _, other = command.partition(" || ")
    number = next(iter(github.settings["rulesets"]), "")
    given = ""
    if first.startswith("coursehub "):
        own, _, first = first.partition(" | ")
        given = CliRunner().invoke(main, [*shlex.split(own)[1:], "--root", str(root)]).stdout
    words = shlex.split(re.sub(r"\$\(.*?\)(?= )", str(number), first))
    try:
        VERBS[words[1], words[2] if words[1] != "api" else ""](
            github, words[2 if words[1] == "api" else 3 :], root, given
        )
    except RefusedError:
        if not other:
            raise
        run(github, other, root)


def _edit_repository(github: StandIn, words: Sequence[str], root: Path, given: str) -> None:
    assert words[0] == github.repository
    repository = github.settings["repository"]
    flags = [*words[1:]]
    while flags:
        name, _, value = flags.pop(0).removeprefix("--").partition("=")
        if name == "visibility":
            repository.update(visibility=flags.pop(0), private=False)
        elif name == "default-branch":
            repository["default_branch"] = flags.pop(0)
        elif name == "enable-discussions":
            github.settings["has_discussions"] = True
        elif name.startswith("enable-"):
            repository[FLAGS[name.removeprefix("enable-")]] = value != "false"
        else:
            assert name == "accept-visibility-change-consequences", name


def _request(github: StandIn, words: Sequence[str], root: Path, given: str) -> None:
    method, body = "GET", dict[str, Any]()
    (path,) = [word for word in words if word.startswith(("repos/", "orgs/"))]
    for flag, value in pairwise(words):
        if flag == "--method":
            method = value
        elif flag == "--input":
            assert value == "-"
            body = json.loads(given)
        elif flag in ("-f", "-F"):
            name, _, text = value.partition("=")
            body[name] = json.loads(text) if flag == "-F" else text
    settings, path = github.settings, path.removeprefix(f"repos/{github.repository}/")
    if path.startswith("rulesets"):
        names = [each["name"] for each in settings["rulesets"].values()]
        if method == "POST" and body["name"] in names:
            raise RefusedError("Name must be unique")
        number = int(path.partition("/")[2]) if method == "PUT" else github.new_id()
        settings["rulesets"][number] = {"id": number, "source_type": "Repository", "source": github.repository, **body}
    elif path == "environments/github-pages/deployment-branch-policies":
        settings["branch_policies"].append({"type": "branch", **body})
    elif path.startswith("collaborators/"):
        del settings["writers"][path.partition("/")[2]]
    elif path.startswith("orgs/"):
        settings["organization"].update(body)
    elif path == "pages" and method == "POST":
        if settings["pages"]:
            raise RefusedError("GitHub Pages is already enabled")
        settings["pages"] = fill("page", https_enforced=True, **body)
        settings["repository"]["has_pages"] = True
    else:
        settings[SETTINGS[path]] = {**settings[SETTINGS[path]], **body}


def _enable(github: StandIn, words: Sequence[str], root: Path, given: str) -> None:
    path = f".github/workflows/{words[0]}"
    if not str(github.settings["workflows"].get(path)).startswith("disabled"):
        raise RefusedError(f"could not find any workflows named {words[0]}")
    github.settings["workflows"][path] = "active"


def _dispatch(github: StandIn, words: Sequence[str], root: Path, given: str) -> None:
    """A run of what deploys to Pages makes their environment."""
    assert (root / ".github/workflows" / words[0]).exists()
    github.settings["environments"].setdefault("github-pages", fill("environment", name="github-pages"))


VERBS: dict[tuple[str, str], Callable[[StandIn, Sequence[str], Path, str], None]] = {
    ("repo", "edit"): _edit_repository,
    ("api", ""): _request,
    ("workflow", "enable"): _enable,
    ("workflow", "run"): _dispatch,
}
