"""LaTeX → MathML, which browsers show without any script."""

from html import escape

from math_core import LatexError, LatexToMathML

from coursehub.markdown.allowed import MOST_NESTED, nested_elements
from coursehub.text.expressions import expression

# Equations that are set below each other are aligned by styles, which no post may have: the site's styles know these.
_ALIGNED = expression(r' style="(?:[^"]*text-align: (left|right))?[^"]*"')
_OFFSET = expression(r"^\d+: ")
_LONGEST = 4000  # characters; what reads formulas ends the whole program where 5000 braces are inside each other


class UnreadableError(Exception):
    """A formula cannot be read, or is no formula of any use."""


def mathml(latex: str, *, is_display: bool) -> str:
    """MathML of a formula, which has its LaTeX as `alttext`. Raises `UnreadableError`, which says why it has none."""
    if len(latex) > _LONGEST:
        raise UnreadableError(f"it has {len(latex)} characters, and at most {_LONGEST} are read")
    try:
        markup = LatexToMathML(fancy_error=False).convert_with_local_state(latex.strip(), displaystyle=is_display)
    except LatexError as error:
        raise UnreadableError(_OFFSET.sub("", str(error))) from error
    if nested_elements(markup, MOST_NESTED) is not None:
        raise UnreadableError(f"more than {MOST_NESTED} parts are inside each other")
    markup = _ALIGNED.sub(lambda match: f' class="maths-{match[1]}"' if match[1] else "", markup)
    return markup.replace("<math", f'<math alttext="{escape(latex.strip())}"', 1)
