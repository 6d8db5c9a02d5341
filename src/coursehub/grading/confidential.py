"""Files with names and grades: they stay on the staff's machine, outside of what is committed or published."""

from pathlib import Path

from coursehub.records import course
from coursehub.system import files, git

PUBLISHED = ("site", "preview")


def exposure(path: Path) -> str | None:
    """Why a file with names or grades must not lie at this path, or None where it may.

    Within a Course Hub repository it has to be ignored by git, and outside of the folders that sites are built in.
    """
    path = path.resolve()
    for root in path.parents:
        if (root / course.PATH).is_file():
            inside = path.relative_to(root)
            if inside.parts[0].casefold() in PUBLISHED:  # Windows and macOS take Site/ for site/
                return f"it would lie in {inside.parts[0]}/, which is what gets published"
            is_ignored = git.is_ignored(root, inside.as_posix())
            return None if is_ignored else "it would lie in the repository, where it could be committed"
    return None


def write(path: Path, content: bytes) -> bool:
    """Write the whole file or nothing, and return whether only its owner can read it. Raises `OSError`.

    On Windows and on drives that know no such rights, the folder decides who can.
    """
    path = path.resolve()
    files.write(path, content, mode=0o600)
    return not path.stat().st_mode & 0o077
