"""Headings of a text → headings below its title, which the page shows by itself."""

import re
from typing import NamedTuple

from coursehub.converting.code import replaced
from coursehub.markdown import contents
from coursehub.markdown.engine import to_tree
from coursehub.markdown.places import Source

_NODE = re.compile(r"<heading sourcepos=\"(\d+):(\d+)-(\d+):\d+\" level=\"(\d)\"")
_HTML = re.compile(r"<(?P<end>/?)h(?P<level>[1-6])\b(?P<rest>[^<>]*)>", re.IGNORECASE)


class _Heading(NamedTuple):
    line: int  # the first one, from 0
    column: int
    last: int
    level: int


def _written(text: str, source: Source) -> list[_Heading]:
    read = []
    for line, column, last, level in _NODE.findall(to_tree(text)):
        at = source.spot(line, column)
        read.append(_Heading(at.line - 1, at.column - 1, int(last) - 1, int(level)))
    return read


def without_title(text: str, title: str) -> tuple[str, str]:
    """The text without a first-level heading that it begins with, and the title.

    It is the title, or says it again: one that says something else stays. A text with several such headings begins with
    its title only if they are the same.
    """
    source = Source(text)
    headings = _written(text, source)
    first = next(iter(headings), None)
    if not first or first.level != 1 or any(line.strip() for line in source.lines[: first.line]):
        return text, title
    shown = next((each.title for each in contents.read(text).headings if each.at.line == first.line + 1), "")
    is_alone = sum(each.level == 1 for each in headings) == 1
    if (title and _plain(shown) != _plain(title)) or (not title and not (is_alone and shown)):
        return text, title
    return "\n".join(source.lines[first.last + 1 :]).lstrip("\n"), title or shown


def _plain(title: str) -> str:
    return re.sub(r"[\W_]+", "", title).casefold()


def below_title(text: str) -> str:
    """The text with all its headings a level deeper, if one of them is of the first level."""
    if "#" not in text and "=" not in text and "<h" not in text.lower():
        return text
    if not any(each.level == 1 and each.title for each in contents.read(text).headings):
        return text
    source = Source(text)
    lines: list[str | None] = list(source.lines)
    for each in _written(text, source):
        whole = source.lines[each.line]
        before, rest = whole[: each.column], whole[each.column :]
        if rest.startswith("#"):
            lines[each.line] = f"{before}{'#' * (each.level < 6)}{rest}"
        elif each.level == 1:
            lines[each.last] = source.lines[each.last].replace("=", "-")
        else:  # what is underlined by hyphens has the second level, and there is no line for the third
            parts = [rest, *(line.strip() for line in source.lines[each.line + 1 : each.last])]
            lines[each.line] = f"{before}### {' '.join(part.strip() for part in parts)}"
            lines[each.line + 1 : each.last + 1] = [None] * (each.last - each.line)
    deeper = "\n".join(line for line in lines if line is not None)
    return replaced(deeper, _HTML, lambda match: f"<{match['end']}h{min(int(match['level']) + 1, 6)}{match['rest']}>")
