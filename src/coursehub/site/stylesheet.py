"""The site's stylesheets as one file: a page then asks for one instead of ten."""

import re
from collections.abc import Iterable

PATH = "assets/site.css"
# A text in quotes, or an address, may have what looks like a comment in it.
_COMMENT = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|url\([^)]*\))|/\*.*?\*/""", re.DOTALL)
_ONLY_ALONE = re.compile(r"@import|@charset|url\((?!\s*[\"']?(?:data:|[a-z]+://|/))", re.IGNORECASE)


def can_be_joined(css: str) -> bool:
    """Whether a stylesheet means the same in another folder and after others: no import, no relative address."""
    return not _ONLY_ALONE.search(css)


def joined(stylesheets: Iterable[str]) -> str:
    """Return one stylesheet with the rules of all, in their order, without comments and blank lines."""
    lines = (line.rstrip() for css in stylesheets for line in _without_comments(css).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _without_comments(css: str) -> str:
    return _COMMENT.sub(lambda match: match[1] or " ", css)
