"""Keep the record of dead links on a branch of its own, so that no program ever writes to main.

    link_record.py fetch FILE    write the branch's file; nothing is written if there is no such branch
    link_record.py keep FILE     commit the file alone, unless the branch has the same content

GH_TOKEN, if it is set, authenticates git at GitHub: it is passed on in the environment, and stored nowhere.
"""

import argparse
import base64
import os
import subprocess
import sys
from pathlib import Path

BRANCH = "link-report"
REF = f"refs/heads/{BRANCH}"
NO_SUCH_REF = 2  # exit code of `git ls-remote --exit-code`
BOT = {
    "GIT_AUTHOR_NAME": "github-actions[bot]",
    "GIT_AUTHOR_EMAIL": "41898282+github-actions[bot]@users.noreply.github.com",
    "GIT_COMMITTER_NAME": "github-actions[bot]",
    "GIT_COMMITTER_EMAIL": "41898282+github-actions[bot]@users.noreply.github.com",
}


def main() -> int:
    """Fetch or keep the record; exit code 1 if git fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("fetch", "keep"))
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    try:
        head = _head()
        if options.what == "fetch":
            _fetch(head, options.file)
        else:
            _keep(head, options.file)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"link_record.py: {error}", file=sys.stderr)
        return 1
    return 0


def _git(*arguments: str, text: bytes | None = None) -> bytes:
    environment = {**os.environ, **BOT, **_access()}
    return subprocess.run(["git", *arguments], check=True, input=text, stdout=subprocess.PIPE, env=environment).stdout


def _access() -> dict[str, str]:
    token = os.environ.get("GH_TOKEN")
    if not token:
        return {}
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
    }


def _head() -> str:
    """Fetch the branch, and return its newest commit; empty if there is no such branch."""
    try:
        _git("ls-remote", "--exit-code", "origin", REF)
    except subprocess.CalledProcessError as error:
        if error.returncode == NO_SUCH_REF:
            return ""
        raise
    _git("fetch", "--quiet", "--no-tags", "--depth=1", "origin", REF)
    return _git("rev-parse", "FETCH_HEAD").decode().strip()


def _fetch(head: str, file: Path) -> None:
    if not head:
        print(f"There is no branch {BRANCH} yet.")
        return
    content = _git("show", f"{head}:{file.name}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    print(f"{file} is as of {head}.")


def _keep(head: str, file: Path) -> None:
    blob = _git("hash-object", "-w", "--stdin", text=file.read_bytes()).decode().strip()
    tree = _git("mktree", text=f"100644 blob {blob}\t{file.name}\n".encode()).decode().strip()
    if head and _git("rev-parse", f"{head}^{{tree}}").decode().strip() == tree:
        print(f"{BRANCH} has the same record.")
        return
    parents = ["-p", head] if head else []
    commit = _git("commit-tree", tree, *parents, "-m", "Record what links lead to").decode().strip()
    _git("push", "--quiet", "origin", f"{commit}:{REF}")
    print(f"{BRANCH} is now {commit}.")


if __name__ == "__main__":
    sys.exit(main())
