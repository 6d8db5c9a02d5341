r"""Formulas in Markdown, as MathML, which browsers show without any script: `$x^2$` in a line, `$$x^2$$` on its own.

As on GitHub, a dollar before a space or behind one begins and ends no formula, nor does one before a digit end it, so
that prices stay prices; `\$` is always a dollar, and code between dollars, as in $`x^2`$, is a formula, while other
code ends it. What is no LaTeX is shown as it was written.
"""

import re
from html import escape, unescape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import INLINE_PLACEHOLDER_RE, STX
from math_core import LatexError, LatexToMathML

from coursehub.text.markup import MOST_NESTED, nested_elements

_INSIDE = r"(?:[^$\\]|\\.)+?"
_FORMULA = rf"(?<![\\$])(?:\$\$(?P<display>{_INSIDE})\$\$|\$(?![\s$])(?P<text>{_INSIDE})(?<!\s)\$(?![\d$]))"
# Equations that are set below each other are aligned by styles, which no post may have: the site's styles know these.
_ALIGNED = re.compile(r' style="(?:[^"]*text-align: (left|right))?[^"]*"')


_LONGEST = 4000  # characters; what reads formulas ends the whole program where 5000 braces are inside each other


class UnreadableError(Exception):
    """A formula can not be read, or is no formula of any use."""


def mathml(latex: str, *, is_display: bool) -> str:
    """MathML of a formula. Raises `UnreadableError`."""
    if len(latex) > _LONGEST:
        raise UnreadableError(f"it has {len(latex)} characters, and at most {_LONGEST} are read")
    try:
        markup = LatexToMathML().convert_with_local_state(latex, displaystyle=is_display)
    except LatexError as error:
        raise UnreadableError(str(error)) from error
    if nested_elements(markup, MOST_NESTED) is not None:
        raise UnreadableError(f"more than {MOST_NESTED} parts are inside each other")
    return _ALIGNED.sub(lambda match: f' class="maths-{match[1]}"' if match[1] else "", markup)


class _Formula(InlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802 - InlineProcessor differs from its own base
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int] | tuple[None, None, None]:
        latex = m["display"] or m["text"]
        if INLINE_PLACEHOLDER_RE.fullmatch(latex):
            latex = unescape(self.unescape(latex))  # code, which was found before
        if STX in latex:  # there is code in it, or what was code looks like this
            return None, None, None
        try:
            markup = mathml(latex, is_display=bool(m["display"]))
        except UnreadableError:
            markup = f"<code>{escape(m[0].replace(m['display'] or m['text'], latex))}</code>"
        return self.md.htmlStash.store(markup), m.start(), m.end()


class Maths(Extension):
    """The extension of Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Find formulas once code has been found, and before anything else in a line is."""
        md.ESCAPED_CHARS.append("$")
        md.inlinePatterns.register(_Formula(_FORMULA, md), "formula", 185)


def makeExtension(**options: object) -> Maths:  # noqa: N802
    """Return the extension: Python-Markdown calls this."""
    return Maths(**options)
