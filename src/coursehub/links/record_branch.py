"""The record of dead links on a branch of its own, so that no program ever writes to main."""

import base64
from collections.abc import Mapping
from pathlib import Path

from coursehub.system import files, git

BRANCH = "link-report"
REF = f"refs/heads/{BRANCH}"
BOT = {
    "GIT_AUTHOR_NAME": "github-actions[bot]",
    "GIT_AUTHOR_EMAIL": "41898282+github-actions[bot]@users.noreply.github.com",
    "GIT_COMMITTER_NAME": "github-actions[bot]",
    "GIT_COMMITTER_EMAIL": "41898282+github-actions[bot]@users.noreply.github.com",
}


def access(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables by which git authenticates at GitHub with a job's token, if there is one; it is stored nowhere."""
    token = environment.get("GH_TOKEN")
    if not token:
        return {}
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
    }


def fetch(root: Path, file: Path, access: Mapping[str, str]) -> str:
    """Write the branch's file of that name, and return in words what it is; nothing is written if there is no branch.

    Raises `GitError`, and `OSError` where the file cannot be written.
    """
    head = _head(root, access)
    if not head:
        return f"There is no branch {BRANCH} yet."
    content = git.output(root, "show", f"{head}:{file.name}")
    file.parent.mkdir(parents=True, exist_ok=True)
    files.write(file, content)
    return f"{file} is as of {head}."


def keep(root: Path, file: Path, access: Mapping[str, str]) -> str:
    """Commit the file alone, unless the branch has the same content, and return in words what was done.

    Raises `GitError`, and `OSError` where the file cannot be read.
    """
    content = file.read_bytes()
    head = _head(root, access)
    blob = _name(git.output(root, "hash-object", "-w", "--stdin", text=content))
    tree = _name(git.output(root, "mktree", "-z", text=f"100644 blob {blob}\t{file.name}\0".encode()))
    if head and _name(git.output(root, "rev-parse", f"{head}^{{tree}}")) == tree:
        return f"{BRANCH} has the same record."
    parents = ["-p", head] if head else []
    message = "Record what links lead to"
    commit = _name(git.output(root, "commit-tree", tree, *parents, "-m", message, variables=BOT))
    git.output(root, "push", "--quiet", "origin", f"{commit}:{REF}", variables=access)
    return f"{BRANCH} is now {commit}."


def _head(root: Path, access: Mapping[str, str]) -> str:
    """Fetch the branch, and return its newest commit; empty if there is no such branch."""
    if not git.output(root, "ls-remote", "origin", REF, variables=access):
        return ""
    git.output(root, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", REF, variables=access)
    return git.commit(root, "FETCH_HEAD")


def _name(output: bytes) -> str:
    return output.decode().strip()
