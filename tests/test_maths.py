"""Formulas as MathML; which dollars make one is in test_render."""

import hashlib
import re
from pathlib import Path

import pytest

from coursehub.markdown.allowed import nested_elements
from coursehub.markdown.maths import UnreadableError, mathml
from coursehub.markdown.sanitize import clean

DIAGRAMS = Path(__file__).parents[1] / "src/mkdocs_coursehub/static/assets/diagrams"


def test_aligned_equations_have_classes_in_place_of_styles() -> None:
    html = mathml("\\begin{align}a&=b\\\\c&=d\\end{align}", is_display=True)
    assert ' style="' not in html
    assert html.count('class="maths-left"') == 2


@pytest.mark.parametrize(
    ("opening", "closing"), [("{", "}"), (r"\sqrt{", "}"), ("x^{", "}"), (r"\left(", r"\right)"), (r"\color{red}", "")]
)
@pytest.mark.parametrize("depth", [300, 20_000])
def test_a_formula_without_end_ends_no_program(opening: str, closing: str, depth: int) -> None:
    try:
        html = mathml(f"{opening * depth}x{closing * depth}", is_display=False)
    except UnreadableError as error:
        assert re.search("inside each other|at most 4000", str(error))
    else:
        assert nested_elements(html, 101) is None


@pytest.mark.parametrize(
    ("latex", "why"),
    [
        (r"\nosuch", 'Unknown command "\\nosuch".'),
        (r"\frac{1", 'Expected closing token "}", but reached end of input.'),
        (r"\def\a{\a\a}\a", "Too many expansions"),
    ],
)
def test_what_is_not_understood_is_named(latex: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"^{re.escape(why)}"):
        mathml(latex, is_display=False)


FORMULAS = r"""\frac{a}{b} \binom{n}{k} | \left(\frac{a}{b}\right) \Bigg( | \sum_{i=1}^n x_i \int_0^1 | \hat y \overline{AB} | \overbrace{a+b}^{c}
\begin{pmatrix}a&b\\c&d\end{pmatrix} | \begin{cases}a&b\\c&d\end{cases} | \begin{align}a&=b\\c&=d\end{align} | a\,b\;c\quad d\qquad e\!f
\hspace{3em}x \hspace{1cm} \hspace{30pt} | \mathbf{x}\mathbb{R}\text{ if } | \sqrt[3]{x} | \genfrac{}{}{2pt}{}{a}{b} | \raisebox{1em}{x} | x^{y^{z^{w}}}"""


@pytest.mark.parametrize("latex", re.split(r" \| |\n", FORMULAS))
def test_cleaning_leaves_a_formula_as_it_was_made(latex: str) -> None:
    markup = mathml(latex, is_display=True)
    made_of, cleaned = (sorted(re.findall(r'[\w-]+="[^"]*"', each)) for each in (markup, clean(markup)))
    assert cleaned == made_of


def test_mermaid_is_the_file_that_its_origin_names() -> None:
    checksum, name = (DIAGRAMS / "origin.txt").read_text().splitlines()[-1].split()
    assert hashlib.sha256((DIAGRAMS / name).read_bytes()).hexdigest() == checksum
