"""Dollars that make a formula, and what becomes of it."""

import hashlib
import re
from pathlib import Path

import markdown
import pytest
from patience import patience

from coursehub.site.maths import mathml
from coursehub.site.sanitize import clean
from coursehub.text.markup import nested_elements

DIAGRAMS = Path(__file__).parents[1] / "docs/assets/diagrams"
X = "<math><mi>x</mi></math>"


def converted(text: str) -> str:
    return markdown.markdown(text, extensions=["coursehub.site.maths", "tables", "pymdownx.superfences"])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a $x$ b", f"<p>a {X} b</p>"),
        ("*a* $x$, $x$.", f"<p><em>a</em> {X}, {X}.</p>"),
        ("[a $x$](b)", f'<p><a href="b">a {X}</a></p>'),
        ("a $$x$$ b", '<p>a <math display="block"><mi>x</mi></math> b</p>'),
        ("$$\nx\n$$", '<math display="block"><mi>x</mi></math>'),
        ("a $\nx$ b", "<p>a $\nx$ b</p>"),
        ("It costs $5 and $6.", "<p>It costs $5 and $6.</p>"),
        ("US$5/US$10, $5-$10", "<p>US$5/US$10, $5-$10</p>"),
        ("$ x $", "<p>$ x $</p>"),
        ("a $x", "<p>a $x</p>"),
        ("$x\n\ny$", "<p>$x</p>\n<p>y$</p>"),
        (r"\$x$ y", "<p>$x$ y</p>"),
        ("`$x$`", "<p><code>$x$</code></p>"),
        ("    $x$", "<pre><code>$x$\n</code></pre>"),
        ("a $`x`$ b", f"<p>a {X} b</p>"),
        ("$`x`$, $``x``$ and *$`x`$*", f"<p>{X}, {X} and <em>{X}</em></p>"),
        ("$`a<b`$", "<math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>"),
        ("`` $`x`$ ``", "<p><code>$`x`$</code></p>"),
        ("`$`5 and `$`", "<p><code>$</code>5 and <code>$</code></p>"),
        (r"\$`x`$", "<p>$<code>x</code>$</p>"),
        ("a $x `code` y$ b", "<p>a $x <code>code</code> y$ b</p>"),
        ("a $x `code` y$ b $x$", f"<p>a $x <code>code</code> y$ b {X}</p>"),
        (r"a $`\nosuchcommand`$ b", r"<p>a <code>$\nosuchcommand$</code> b</p>"),
        (r"a $\nosuchcommand$ b", r"<p>a <code>$\nosuchcommand$</code> b</p>"),
        (r"a $\frac{1$ b", r"<p>a <code>$\frac{1$</code> b</p>"),
        (r"a $\def\a{\a\a}\a$ b", r"<p>a <code>$\def\a{\a\a}\a$</code> b</p>"),
    ],
)
def test_dollars(text: str, html: str) -> None:
    assert converted(text) == html


def test_what_is_between_dollars_is_no_markdown() -> None:
    assert "<em>" not in converted("a $x_1 + y_2 * z_3 * w$ b")


def test_what_is_between_dollars_is_no_html() -> None:
    html = converted(r"$x < <script>alert(1)</script>$ $\text{<img src=x onerror=alert(1)>}$ $\nosuch<b>$")
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "math", "mi", "mo", "mn", "mtext", "mrow", "code"}


def test_aligned_equations_have_classes_in_place_of_styles() -> None:
    html = converted("$$\n\\begin{align}a&=b\\\\c&=d\\end{align}\n$$")
    assert ' style="' not in html
    assert html.count('class="maths-left"') == 2


@pytest.mark.parametrize(
    ("opening", "closing"), [("{", "}"), (r"\sqrt{", "}"), ("x^{", "}"), (r"\left(", r"\right)"), (r"\color{red}", "")]
)
@pytest.mark.parametrize("depth", [300, 20_000])
def test_a_formula_without_end_is_text_and_ends_no_program(opening: str, closing: str, depth: int) -> None:
    html = converted(f"${opening * depth}x{closing * depth}$")
    assert html.count("<") < 1000
    assert nested_elements(html, 101) is None


FORMULAS = r"""\frac{a}{b} \binom{n}{k} | \left(\frac{a}{b}\right) \Bigg( | \sum_{i=1}^n x_i \int_0^1 | \hat y \overline{AB} | \overbrace{a+b}^{c}
\begin{pmatrix}a&b\\c&d\end{pmatrix} | \begin{cases}a&b\\c&d\end{cases} | \begin{align}a&=b\\c&=d\end{align} | a\,b\;c\quad d\qquad e\!f
\hspace{3em}x \hspace{1cm} \hspace{30pt} | \mathbf{x}\mathbb{R}\text{ if } | \sqrt[3]{x} | \genfrac{}{}{2pt}{}{a}{b} | \raisebox{1em}{x} | x^{y^{z^{w}}}"""


@pytest.mark.parametrize("latex", re.split(r" \| |\n", FORMULAS))
def test_cleaning_leaves_a_formula_as_it_was_made(latex: str) -> None:
    markup = mathml(latex, is_display=True)
    assert sorted(re.findall(r'[\w-]+="[^"]*"', clean(markup))) == sorted(re.findall(r'[\w-]+="[^"]*"', markup))


@pytest.mark.parametrize("piece", ["$", "$a", "$ ", "$$a ", "$\\", "$a$", "\\$", "{", "$\\frac{"])
def test_no_text_takes_for_ever(piece: str) -> None:
    with patience():
        html = converted(piece * (20_000 // len(piece)))
    assert html.startswith(("<p>", "<pre>"))


def test_mermaid_is_the_file_that_its_origin_names() -> None:
    checksum, name = (DIAGRAMS / "origin.txt").read_text().splitlines()[-1].split()
    assert hashlib.sha256((DIAGRAMS / name).read_bytes()).hexdigest() == checksum
