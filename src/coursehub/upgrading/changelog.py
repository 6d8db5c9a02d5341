"""Sections of CHANGELOG.md: what is new in which release. https://keepachangelog.com"""

import re

from packaging.version import InvalidVersion, Version

_HEADING = re.compile(r"^##[ \t]+\[?(?P<name>[^\s\]]*)", re.MULTILINE)


def news(changelog: str, since: Version, until: Version) -> str:
    """Return the sections of the releases after `since`, up to `until`, in their order; empty where there are none."""
    headings = list(_HEADING.finditer(changelog))
    ends = [*(heading.start() for heading in headings[1:]), len(changelog)]
    sections = [
        changelog[heading.start() : end].strip()
        for heading, end in zip(headings, ends, strict=False)
        if (version := _version(heading["name"])) and since < version <= until
    ]
    return "\n\n".join(sections)


def _version(written: str) -> Version | None:
    try:
        return Version(written)
    except InvalidVersion:
        return None
