"""Real git repositories for tests, independent of the machine's own git settings."""

import os
import subprocess
from pathlib import Path

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


_CONFIG = """[user]
name = Test
email = test@example.org
[commit]
gpgsign = false
"""


class Repository:
    def __init__(self, root: Path) -> None:
        """Begin a repository at `root`, or go on with the one that is there."""
        self.root = root
        if (root / ".git").exists():
            return
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", "--template=")
        with (root / ".git/config").open("a") as config:  # a command for each would take longer
            config.write(_CONFIG)

    def git(self, *arguments: str, date: str = "2026-11-01T12:00:00") -> str:
        environment = {**ENVIRONMENT, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, path: str, content: str | bytes = "text\n") -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, message: str = "change", date: str = "2026-11-01T12:00:00") -> str:
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message, date=date)
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str, start: str = "main") -> None:
        self.git("checkout", "-q", "-b", name, start)

    def checkout(self, name: str) -> None:
        self.git("checkout", "-q", name)

    def merge(self, branch: str, date: str = "2026-11-01T12:00:00") -> None:
        """Merge as GitHub's button does: by a merge commit on main."""
        self.checkout("main")
        self.git("merge", "-q", "--no-ff", "-m", f"merge {branch}", branch, date=date)
