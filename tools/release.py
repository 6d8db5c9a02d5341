"""Check that a tag, the version and the changelog agree, and write the notes of the release: `release.py TAG NOTES`.

The tag of version 0.1.0 is v0.1.0. The notes are the newest section of CHANGELOG.md, which is that of the version.
"""

import re
import sys
from pathlib import Path

from coursehub.upgrading.changelog import sections

VERSION = Path("src/coursehub/__init__.py")
CHANGELOG = Path("CHANGELOG.md")
COMING = "Unreleased"
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


def main() -> None:
    """Write the notes, or stop with a sentence and exit code 1."""
    tag, notes = sys.argv[1:]
    try:
        text = notes_of(tag, VERSION.read_text("utf-8"), CHANGELOG.read_text("utf-8"))
    except ValueError as error:
        sys.exit(f"{error} Nothing is released.")
    Path(notes).parent.mkdir(parents=True, exist_ok=True)
    Path(notes).write_text(text, "utf-8")


def notes_of(tag: str, source: str, changelog: str) -> str:
    """Return the notes of the release that a tag names. Raises `ValueError`, with what does not agree."""
    written = _VERSION.search(source)
    if not written:
        raise ValueError(f"{VERSION} has no line such as __version__ = “0.1.0”.")
    version = written[1]
    wanted = f"it takes “## [{version}] - YYYY-MM-DD”."
    if tag != f"v{version}":
        raise ValueError(f"The tag is {tag}, and the version in {VERSION} is {version}: its tag is v{version}.")
    newest = next((each for each in sections(changelog) if each.name != COMING or each.text), None)
    if newest is None or newest.name != version:
        name = f"is “{newest.name}”" if newest else "is missing"
        raise ValueError(f"The newest section of {CHANGELOG} {name}: {wanted}")
    if not newest.day or not newest.text:
        lacks = "text" if newest.day else "day"
        raise ValueError(f"The section {version} of {CHANGELOG} has no {lacks}: {wanted}")
    return f"{newest.text}\n"


if __name__ == "__main__":
    main()
