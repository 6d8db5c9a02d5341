"""Sections of CHANGELOG.md: what is new in which release. https://keepachangelog.com"""

import re
from typing import NamedTuple

from packaging.version import InvalidVersion, Version

_HEADING = re.compile(r"^##[ \t]+\[?(?P<name>[^\]\s]*)\]?(?:[ \t]+-[ \t]+(?P<day>\d{4}-\d\d-\d\d))?.*$", re.MULTILINE)


class Section(NamedTuple):
    """A section: its heading as written, the name and the day there, empty where it has none, and its text."""

    heading: str
    name: str
    day: str
    text: str


def sections(changelog: str) -> list[Section]:
    """Return the sections of a changelog, in their order: the newest first."""
    headings = list(_HEADING.finditer(changelog))
    ends = [*(heading.start() for heading in headings[1:]), len(changelog)]
    return [
        Section(heading[0].strip(), heading["name"], heading["day"] or "", changelog[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=False)
    ]


def news(changelog: str, since: Version, until: Version) -> str:
    """Return the sections of the releases after `since`, up to `until`, in their order; empty where there are none."""
    new = (each for each in sections(changelog) if (version := _version(each.name)) and since < version <= until)
    return "\n\n".join(f"{each.heading}\n\n{each.text}".strip() for each in new)


def _version(written: str) -> Version | None:
    try:
        return Version(written)
    except InvalidVersion:
        return None
