r"""Formulas in Markdown, as MathML, which browsers show without any script: `$x^2$` in a line, `$$x^2$$` on its own.

As on GitHub, a dollar before a space or behind one begins and ends no formula, nor does one before a digit end it, so
that prices stay prices; `\$` is always a dollar. What is no LaTeX is shown as it was written.
"""

import re
from html import escape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from math_core import LatexError, LatexToMathML

_INSIDE = r"(?:[^$\\]|\\.)+?"
_FORMULA = rf"(?<![\\$])(?:\$\$(?P<display>{_INSIDE})\$\$|\$(?![\s$])(?P<text>{_INSIDE})(?<!\s)\$(?![\d$]))"
# Equations that are set below each other are aligned by styles, which no post may have: the site's styles know these.
_ALIGNED = re.compile(r' style="(?:[^"]*text-align: (left|right))?[^"]*"')


def mathml(latex: str, *, is_display: bool) -> str:
    """MathML of a formula. Raises `LatexError` where it can not be read."""
    made = LatexToMathML().convert_with_local_state(latex, displaystyle=is_display)
    return _ALIGNED.sub(lambda match: f' class="maths-{match[1]}"' if match[1] else "", made)


class _Formula(InlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802 - InlineProcessor differs from its own base
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        try:
            made = mathml(m["display"] or m["text"], is_display=bool(m["display"]))
        except LatexError:
            made = f"<code>{escape(m[0])}</code>"
        return self.md.htmlStash.store(made), m.start(), m.end()


class Maths(Extension):
    """The extension of Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Find formulas once code has been found, and before anything else in a line is."""
        md.ESCAPED_CHARS.append("$")
        md.inlinePatterns.register(_Formula(_FORMULA, md), "formula", 185)


def makeExtension(**options: object) -> Maths:  # noqa: N802
    """What Python-Markdown calls."""
    return Maths(**options)
