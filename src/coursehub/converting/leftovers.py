"""Pieces of another engine in a converted text: each with its line, and what to do about it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from coursehub.converting.code import Text
from coursehub.converting.tags import EXPRESSION, LIQUID, SHORTCODE
from coursehub.markdown.allowed import SAFE_TAGS
from coursehub.text.lines import line_and_column
from coursehub.text.wording import brief


class Leftover(NamedTuple):
    """A piece that means nothing here: its line and column in the text, what is wrong with it, what to do."""

    line: int
    column: int
    what: str
    help: str


_IS_UNSAFE, _NOT_AS_HTML = "is HTML that no post may have", "Write it as Markdown, show a picture of it, or link to it."
_BY_HAND = "Write what it shows in Markdown, or take it out."
# The pieces, why they stay, and what to do.
_PIECES = (
    (LIQUID, "is a tag of Liquid, which is shown as it is typed", _BY_HAND),
    (SHORTCODE, "is a shortcode of Hugo or Quarto, which is shown as it is typed", _BY_HAND),
    (
        EXPRESSION, "is filled in by another engine, and is shown here as it is typed",
        "Write the text in its place.",
    ),
    (
        re.compile(r"^[ \t]*:{3,}[ \t]*(?:\{[^{}\n]*\}|\w[\w-]*)[ \t]*$", re.MULTILINE),
        "opens a block that nothing closes", _BY_HAND,
    ),
    (
        re.compile(r"<(?:d-[a-z]+|style|script|form|object|embed|svg|canvas|iframe)\b[^<>]{0,200}>?", re.IGNORECASE),
        _IS_UNSAFE, _NOT_AS_HTML,
    ),
    (
        re.compile(rf"<(?!(?i:{'|'.join(SAFE_TAGS)})\b)[A-Z][\w.]*[a-z][\w.]*(?=[\s/>])[^<>]{{0,200}}>?"),
        "is a component of MDX, which no post may have", _BY_HAND,
    ),
    (
        re.compile(r"(?<![\w\[`])@(?:fig|tbl|sec|eq|lst|thm)-[\w-]+|\[-?@[\w:.-]+(?:;[^\[\]\n]*)?\](?![(\[:])|\\(?:eq)?ref\{[^{}\n]*\}"),
        "refers to a place or a book by a name that only another engine knows", "Write the words and the link.",
    ),
)  # fmt: skip
_SCRIPT = re.compile(r"<(?:script|style|textarea)\b[^<>]{0,200}>?", re.IGNORECASE)  # in whose text nothing is Markdown
_IN_CODE = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}|\{\{[<%]\s*/?\s*highlight\b[^{}]*[%>]\}\}")


def find(text: str) -> Iterator[Leftover]:
    """The pieces in the order of their kinds. Of code, only what another engine would have taken out of it."""
    known = Text(text)
    seen: set[int] = set()
    for pattern, why, help in _PIECES:
        for match in known.matches(pattern):
            if match.start() not in seen and match[0].strip():
                seen.add(match.start())
                yield _leftover(text, match, why, help)
    for start, _ in known.code:
        if script := _SCRIPT.match(text, start):
            yield _leftover(text, script, _IS_UNSAFE, _NOT_AS_HTML)
    for match in _IN_CODE.finditer(text):
        if known.code_at(match.start(), match.end()):
            yield _leftover(
                text, match, "is in code, which is not changed", "Take it out, unless readers are to see it."
            )


def _leftover(text: str, match: re.Match[str], why: str, help: str) -> Leftover:
    blanks = len(match[0]) - len(match[0].lstrip())
    line, column = line_and_column(text, match.start() + blanks)
    return Leftover(line, column, f"“{brief(' '.join(match[0].split()))}” {why}", help)
