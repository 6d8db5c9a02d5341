"""GitHub's Markdown, as comrak reads it: the one converter of posts, and the one place that knows its settings.

It takes any text, in time that grows linearly with it, but for those of which `refusal` says why. It can give the tree
as Python's objects, too, but then ends the interpreter on 20,000 nested emphases; as XML it does not. A last line
without a line break may be no list, so each text gets one. https://github.github.com/gfm/
"""

import re
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple

from comrak import ExtensionOptions, RenderOptions, markdown_to_html, markdown_to_xml

from coursehub.text.expressions import expression

_EXTENSIONS = ExtensionOptions(
    alerts=True,
    autolink=True,
    footnotes=True,
    math_code=True,
    math_dollars=True,
    strikethrough=True,
    table=True,
    tasklist=True,
)
_HTML = RenderOptions(unsafe_=True)  # raw HTML stays, to be cleaned by who publishes it
# Columns of bytes: of characters, they would take time that grows with the square of a line's length.
_PLACED = RenderOptions(sourcepos=True, full_info_string=True)
_TREE = RenderOptions(sourcepos=True)
OMITTED = "<!-- raw HTML omitted -->"
_EMOJI = ExtensionOptions(shortcodes=True)
# The one thing that comrak does not escape: what is behind a code's fence. Of maths, it gives the style after it.
_INFO = expression(
    r'" info="(?!math" math_style="display" xml:space="preserve">[^"]*$)(.*)" xml:space="preserve">', re.MULTILINE
)
SHORTCODE = expression(r":[a-z0-9_+-]+:")


MOST_MARKS = 100_000
_MARKS = "<>[]*_~^`$&!\"'\\{|:.-w\n"  # at each of these the engine ends a piece of text, as it may be markup
_QUOTATION = ">" * 100  # to look for it takes a hundredth of the time in which the expression passes over a text
_QUOTATIONS = expression(_QUOTATION + "+")
_BLANK_LINE = expression(r"\n[ \t]*\n")
_MOST_STEPS = 100_000_000  # less than half a second


class Refusal(NamedTuple):
    """Why a text is not read, and the character from which on: `marks`, `quotations` or `formulas`."""

    why: str
    offset: int


def refusal(text: str) -> Refusal | None:
    r"""Why a text would take the engine hundreds of megabytes, or hours; None of any text that somebody wrote.

    It has a node for each mark that may be markup. For each `>` of many in a row, it looks at all that follow. For each
    dollar that may open a formula, it looks for the one that closes it, up to the end of the paragraph: it passes over
    `\$`, and of "$`" only "`$" is the end. Estimated is the most that this can take.
    """
    if len(text) > MOST_MARKS and sum(map(text.count, _MARKS)) > MOST_MARKS:
        return Refusal("marks", 0)
    runs = [match.span() for match in _QUOTATIONS.finditer(text)] if _QUOTATION in text else []
    if sum(4 * (end - start) ** 2 for start, end in runs) > _MOST_STEPS:
        return Refusal("quotations", max(runs, key=lambda run: run[1] - run[0])[0])
    if "$" not in text or ("$`" not in text and "\\$" not in text):
        return None
    steps, start = 0, 0
    for end in (*(match.end() for match in _BLANK_LINE.finditer(text)), len(text)):
        paragraph = text[start:end]
        steps += (end - start) * (paragraph.count("\\$") + sum(map(_open_formulas, paragraph.split("\n"))))
        if steps > _MOST_STEPS:
            return Refusal("formulas", start + paragraph.index("$"))
        start = end
    return None


def _open_formulas(line: str) -> int:
    return line.count("$`", line.rfind("`$") + 1)


def to_html(text: str) -> str:
    """The text as HTML, with its raw HTML as it was written."""
    return markdown_to_html(_ended(text), _EXTENSIONS, None, _HTML)


def to_placed_html(text: str) -> str:
    """The text as HTML where each element has the lines and columns of its first and last byte, in `data-sourcepos`.

    Raw HTML is left out, with `OMITTED` in its place, and addresses that run code are empty.
    """
    return markdown_to_html(_ended(text), _EXTENSIONS, None, _PLACED)


def to_tree(text: str) -> str:
    """The text as XML, one element a node, with its place as in `to_placed_html`; it has all that the text has."""
    tree = markdown_to_xml(_ended(text), _EXTENSIONS, None, _TREE)
    return _INFO.sub(lambda match: f'" info="{escape(match[1])}" xml:space="preserve">', tree)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def with_emoji(text: str) -> str:
    """Plain text, or HTML without tags, with emoji in place of their short names: `:tada:` → 🎉.

    GitHub replaces them last, when headings have their ids: https://github.com/gjtorikian/html-pipeline
    """
    return SHORTCODE.sub(lambda match: _emoji(match[0]), text)


@lru_cache(maxsize=2000)
def _emoji(shortcode: str) -> str:
    html = markdown_to_html(shortcode, _EMOJI)
    return unescape(html.removeprefix("<p>").removesuffix("</p>\n"))
