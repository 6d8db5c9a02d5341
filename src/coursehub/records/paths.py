"""The paths of the repository: which file is taken for what, and what an address in a text leads to."""

import posixpath
import re
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

from coursehub.text.expressions import expression

FOLDER = "posts"
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"})
# Of a post's file, and of no page of the site's own: `index` is that of the semester, `feed.*` are its feeds. Signs
# that addresses, YAML or file systems read as something else are in no name.
_PART = r"\w[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff/\\?#%:*\"'<>|,\[\]{}]*"
_FORMER_PATH = expression(rf"{FOLDER}/{_PART}/(?!(?:index|feed\.\w+)\.md$){_PART}\.md")
# An address, or a path without its first folder.
_MEANT = expression(rf"(?:.*/)?{FOLDER}/([^/]+/[^/?#]+)|/?([^/]+/[^/.?#]+(?:\.md)?)")
_PLAIN_PATH = expression(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*(?:\.[a-z0-9]+)?", re.IGNORECASE | re.ASCII)


def is_post(path: str) -> bool:
    """Whether the file at this path is read as a post, if perhaps a misplaced one."""
    return path.startswith(f"{FOLDER}/") and path.lower().endswith((".md", ".markdown"))


def is_picture(path: str) -> bool:
    """Whether the file at this path is taken for a picture of a post."""
    stem, dot, suffix = path.rpartition("/")[2].rpartition(".")
    is_here = path.startswith(f"{FOLDER}/") and path.count("/") == 3
    return is_here and bool(stem) and f"{dot}{suffix}".lower() in PICTURE_SUFFIXES


def is_former_path(text: str) -> bool:
    """Whether this can be the path that a post's file once had."""
    return bool(_FORMER_PATH.fullmatch(text))


def former_path_meant(text: str) -> str:
    """The path that was meant, where it is written in another form; empty where nobody can tell."""
    meant = _MEANT.fullmatch(text.strip().rstrip("/"))
    path = f"{FOLDER}/{(meant[1] or meant[2]).removesuffix('.md')}.md" if meant else ""
    return path if is_former_path(path) else ""


@lru_cache(maxsize=256)  # several rules in turn ask for the same
def local_path(path: str, address: str) -> str:
    """The path in the repository that a relative address in the file at `path` means."""
    if _PLAIN_PATH.fullmatch(address):  # as nearly all are, and many times as fast
        return posixpath.join(posixpath.dirname(path), address)
    wanted = unquote(split_address(address).path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), wanted))


def split_address(address: str) -> SplitResult:
    """An address's parts; one that urlsplit refuses (`http://[x`) has no path here."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", address, "", "", "")
