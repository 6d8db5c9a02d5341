"""Pages that name the open semester, by its id or its deadlines → the same pages, which name the next one."""

import re
from collections.abc import Collection, Mapping

from coursehub.records.course import Semester
from coursehub.records.paths import FOLDER
from coursehub.text import located
from coursehub.text.expressions import expression

_DATES = ("post_due", "comments_due", "claims_open")
_FRONT = expression(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_BEHIND = expression(r"/([^\s/#?()<>\[\]\"'`]+)")  # the name of a file in the semester's folder


def following(
    docs: Mapping[str, bytes], posts: Collection[str], closing: Semester, opening: Semester
) -> dict[str, bytes]:
    """Path → bytes of each page that changes, every other byte of which stays.

    Paths of `posts` that are there stay as they are, and so do pages that say `rollover: false` in their front matter.
    """
    dates = _dates(closing, opening)
    words = {**dates, closing.id: opening.id}
    any_date = "|".join(map(re.escape, sorted(dates, key=len, reverse=True))) or "(?!)"
    pattern = re.compile(rf"(?<![\w-]){re.escape(closing.id)}(?![\w-])|(?<![\d-])(?:{any_date})(?![\d-])")

    def new(match: re.Match[str]) -> str:
        name = _BEHIND.match(match.string, match.end())
        stem = name[1].removesuffix(".md").rstrip(".,:;") if name else ""
        is_there = f"{FOLDER}/{closing.id}/{stem}.md" in posts
        return match[0] if is_there and match[0] == closing.id else words[match[0]]

    pages = {path: content for path, content in docs.items() if not stays(content)}
    changed = {path: pattern.sub(new, content.decode("utf-8", "surrogateescape")) for path, content in pages.items()}
    encoded = {path: text.encode("utf-8", "surrogateescape") for path, text in changed.items()}
    return {path: content for path, content in encoded.items() if content != docs[path]}


def _dates(closing: Semester, opening: Semester) -> dict[str, str]:
    """The moments of one semester, and their days, → those of the other; what could become two is left out."""
    pairs = [(old, new) for name in _DATES if (old := getattr(closing, name)) and (new := getattr(opening, name))]
    pairs += [(old.split()[0], new.split()[0]) for old, new in pairs]
    return {old: new for old, new in pairs if {other for same, other in pairs if same == old} == {new}}


def stays(content: bytes) -> bool:
    """Whether a page says of itself that it speaks of a semester for good."""
    front = _FRONT.match(content)
    text = front[1].decode("utf-8", "replace").replace("\r\n", "\n") if front else ""
    values = located.plain(located.parse(text).root)
    return isinstance(values, dict) and values.get("rollover") is False
