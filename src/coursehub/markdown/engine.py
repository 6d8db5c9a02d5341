"""GitHub's Markdown, as comrak reads it: the one converter of posts, and the one place that knows its settings.

It takes any text, in time that grows linearly with it. It can give the tree as Python's objects, too, but then ends
the interpreter on 20,000 nested emphases; as XML it does not. A last line without a line break may be no list, so each
text gets one. https://github.github.com/gfm/
"""

import re
from functools import lru_cache
from html import escape, unescape

from comrak import ExtensionOptions, RenderOptions, markdown_to_html, markdown_to_xml

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
_INFO = re.compile(
    r'" info="(?!math" math_style="display" xml:space="preserve">[^"]*$)(.*)" xml:space="preserve">', re.MULTILINE
)
SHORTCODE = re.compile(r":[a-z0-9_+-]+:")


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
