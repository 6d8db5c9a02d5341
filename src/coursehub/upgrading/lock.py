"""The lock of a course: the release's, and behind it the packages that the course added."""

import re
from collections.abc import Iterator, Set
from typing import NamedTuple

from packaging.utils import canonicalize_name

_HEAD = "# The packages under Course Hub "
_OWN = "# The course's own, which Course Hub does not build on:"
_PINNED = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?[ \t]*==", re.ASCII)


class _Entry(NamedTuple):
    """A package's lines with the comment above them, and its name; a line of another kind is its own name."""

    name: str
    text: str


def renewed(text: str, release: str, packages: Set[str]) -> tuple[str, list[str]]:
    """Return the release's lock with what the course added to its own behind it, and the names of that.

    `packages`: the names that a lock of Course Hub ever had, of which a course has added none. Raises `ValueError` for
    a text that is not such a lock.
    """
    if not text.startswith(_HEAD):
        raise ValueError("it has not the first line of Course Hub's lock")
    ours = packages | names(release)
    own = [entry for entry in _entries(text) if entry.name not in ours]
    added = "".join([f"\n{_OWN}\n", *(entry.text for entry in own)]) if own else ""
    return release + added, [entry.name for entry in own]


def names(text: str) -> frozenset[str]:
    """The names of a lock's packages, as an index compares them."""
    return frozenset(entry.name for entry in _entries(text))


def _entries(text: str) -> Iterator[_Entry]:
    lines = [f"{line}\n" for line in text.split("\n")[1:] if line.strip() and line != _OWN]
    starts = [index for index, line in enumerate(lines) if not line[0].isspace()]
    above: list[str] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        above.append("".join(lines[start:end]))
        if lines[start].startswith("#"):
            continue
        pinned = _PINNED.match(lines[start])
        yield _Entry(canonicalize_name(pinned["name"]) if pinned else lines[start].strip(), "".join(above))
        above.clear()
