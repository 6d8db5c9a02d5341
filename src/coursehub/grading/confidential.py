"""Files with names and grades: they stay on the staff's machine, outside of what is committed or published."""

import subprocess
from pathlib import Path

from coursehub.records import course
from coursehub.system import files

PUBLISHED = ("site", "preview")


def exposure(path: Path) -> str | None:
    """Why a file with names or grades must not lie at this path, or None where it may.

    Within a Course Hub repository it has to be ignored by git, and outside of the folders that sites are built in.
    """
    path = path.resolve()
    for root in path.parents:
        if (root / course.PATH).is_file():
            inside = path.relative_to(root)
            if inside.parts[0] in PUBLISHED:
                return f"it would lie in {inside.parts[0]}/, which is what gets published"
            return None if _is_ignored(root, path) else "it would lie in the repository, where it could be committed"
    return None


def _is_ignored(root: Path, path: Path) -> bool:
    """Whether git ignores the path; without git, or where git does not say, it counts as not ignored."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "check-ignore", "--quiet", "--", str(path)], capture_output=True, check=False
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0


def write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing, readable by its owner only. Raises `OSError`."""
    files.write(path.resolve(), content, mode=0o600)
