"""Text → the HTML of a page, and its table of contents.

First the engine makes HTML of the Markdown; formulas and alerts in it get the form that the site's styles know; then
all of it is cleaned; and what is left, which is well-formed, gets its headings' ids, its emoji, and the colours of its
code, whose many elements nobody has to clean.
"""

import re
from collections.abc import Sequence
from functools import partial
from html import escape, unescape
from typing import NamedTuple

from pygments import highlight
from pygments.formatters import HtmlFormatter

from coursehub.markdown.allowed import nested_elements
from coursehub.markdown.engine import SHORTCODE, refusal, to_html, with_emoji
from coursehub.markdown.headings import FOREIGN_ID, former_ids, page_ids
from coursehub.markdown.lexers import PLAIN, lexer_of
from coursehub.markdown.maths import UnreadableError, mathml
from coursehub.markdown.sanitize import Resolve, as_written, clean


class TooDeepError(Exception):
    """More elements are inside each other than can be shown."""


class Section(NamedTuple):
    """A heading of a page, as HTML, and its id; `level` is that on the page."""

    level: int
    id: str
    title: str


class Rendered(NamedTuple):
    """A page's HTML, and its headings in their order."""

    html: str
    sections: tuple[Section, ...]


# What is inside is escaped, so it ends where the next `<` is. Raw HTML that looks the same is treated alike.
_CODE = re.compile(r'<pre><code(?: class="language-([^"]*)")?>([^<]*)</code></pre>')
_MATHS_BLOCK = re.compile(r'<pre><code class="language-math"(?: data-math-style="display")?>([^<]*)</code></pre>')
_FORMULA = re.compile(r'<(span|code) data-math-style="(inline|display)">([^<]*)</\1>')
_PREFORMATTED = re.compile(r"(<pre\b(?>(?:[^<]|<(?!/?pre\b))*)</pre>)")
_ALERT = re.compile(r'<div class="markdown-alert markdown-alert-(\w+)">\n<p class="markdown-alert-title">')
_TASK = re.compile(r'<li>(?=(?:\n<p>)?<input type="checkbox")')
_ADMONITIONS = {"important": "info", "caution": "danger"}  # Material's names; it has the others by the same ones
_MOST_NESTED = 400  # browsers show no more than 512, and the time that it takes to clean them grows with their square
# In a longer text, or one with more code, none of it is coloured: that is what takes most of the time.
_LONGEST, _MOST_BLOCKS = 300_000, 1000

_HEADING = re.compile(r"<h([1-6])([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_MATHS = re.compile(r'<math[^>]* alttext="([^"]*)"[^>]*>.*?</math>', re.DOTALL)
_TAG = re.compile(r'<sup class="footnote-ref">.*?</sup>|<[^>]*>', re.DOTALL)
_WITHOUT_EMOJI = re.compile(r"(<(?:pre|code|tt|math)\b.*?</(?:pre|code|tt|math)>|<[^>]*>)", re.DOTALL)


def render(text: str, resolve: Resolve = as_written) -> Rendered:
    """Return the page. Its headings begin below the title. Raises `TooDeepError`."""
    if refused := refusal(text):
        raise TooDeepError(f"too many {refused.why} are in the text")
    html = to_html(text)
    if nested_elements(html, _MOST_NESTED) is not None:
        raise TooDeepError(f"more than {_MOST_NESTED} elements are inside each other")
    is_coloured = len(html) <= _LONGEST and html.count("<pre>") <= _MOST_BLOCKS
    html = _MATHS_BLOCK.sub(_maths_block, html) if "language-math" in html else html
    html = _with_formulas(html) if "data-math-style" in html else html
    html = _ALERT.sub(_alert, html) if "markdown-alert" in html else html
    html = _TASK.sub('<li class="task-list-item">', html)
    page = _with_sections(clean(html, resolve))
    return page._replace(html=_CODE.sub(partial(_code, is_coloured=is_coloured), page.html))


def _maths_block(match: re.Match[str]) -> str:
    return f"<p>{_maths(unescape(match[1]), is_display=True)}</p>"


def _code(match: re.Match[str], *, is_coloured: bool) -> str:
    language, escaped = match[1] or "", match[2]
    if language == "mermaid":
        return f'<pre class="diagram"><code>{escaped}</code></pre>'
    lexer = lexer_of(unescape(language).lower()) if is_coloured else PLAIN
    coloured: str = highlight(unescape(escaped), lexer, _FORMATTER).replace("&quot;", '"').replace("&#39;", "'")
    kind = f"language-{language} highlight" if language else "highlight"
    return f'<div class="{kind}"><pre><span></span><code>{coloured}</code></pre></div>'


_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


def _with_formulas(html: str) -> str:
    """Show formulas, but for raw code, where dollars are dollars."""
    parts = _PREFORMATTED.split(html)
    return "".join(_FORMULA.sub(_dollars if part.startswith("<pre") else _formula, part) for part in parts)


def _formula(match: re.Match[str]) -> str:
    return _maths(unescape(match[3]), is_display=match[2] == "display")


def _dollars(match: re.Match[str]) -> str:
    dollars = "$$" if match[2] == "display" else "$"
    return f"{dollars}{match[3]}{dollars}"


def _maths(latex: str, *, is_display: bool) -> str:
    try:
        return mathml(latex, is_display=is_display)
    except UnreadableError as error:
        dollars = "$$" if is_display else "$"
        return f'<code title="{escape(str(error))}">{escape(f"{dollars}{latex.strip()}{dollars}")}</code>'


def _alert(match: re.Match[str]) -> str:
    admonition = _ADMONITIONS.get(match[1], match[1])
    return (
        f'<div class="markdown-alert markdown-alert-{match[1]} admonition {admonition}">\n'
        '<p class="markdown-alert-title admonition-title">'
    )


def _with_sections(html: str) -> Rendered:
    """Give each heading its id and a link to itself, and begin one level below the title if there is a first level."""
    matches = [*_HEADING.finditer(html)]
    words = [unescape(_TAG.sub("", _MATHS.sub(r"\1", match[3]))) for match in matches]
    ids, former = page_ids(words), former_ids(words)
    known = {*ids}
    lower = any(match[1] == "1" for match in matches)
    sections = [
        Section(min(int(match[1]) + lower, 6), id, _TAG.sub("", _with_emoji(match[3])).strip())
        for match, id in zip(matches, ids, strict=True)
    ]
    parts, end = [], 0
    for match, section, old in zip(matches, sections, former, strict=True):
        more = [] if old in known or FOREIGN_ID.match(old) else [old]
        more += _ID.findall(match[2])
        parts += [html[end : match.start()], _heading(match, section, more)]
        end = match.end()
    return Rendered(_with_emoji("".join((*parts, html[end:]))), tuple(sections))


def _with_emoji(html: str) -> str:
    if not SHORTCODE.search(html):
        return html
    return "".join(each if each.startswith("<") else with_emoji(each) for each in _WITHOUT_EMOJI.split(html))


def _heading(match: re.Match[str], section: Section, more: Sequence[str]) -> str:
    """The heading, with targets for other ids that links may have."""
    level, anchor = section.level, escape(section.id)
    targets = "".join(f'<span id="{each}"></span>' for each in more)
    link = f'<a class="headerlink" href="#{anchor}" title="Link to this section">&para;</a>'
    return f'<h{level} id="{anchor}"{_ID.sub("", match[2])}>{targets}{match[3]}{link}</h{level}>'
