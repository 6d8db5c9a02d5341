"""Light pages: one stylesheet, and no blank space that nobody sees."""

import pytest

from coursehub.site import stylesheet
from mkdocs_once.blank import squeezed


def test_stylesheets_become_one_in_their_order_without_comments() -> None:
    first = "/* one */\na { color: red }\n\n"
    second = 'b::before { content: "/* stays */" }\ni { mask: url(data:image/svg+xml,/*stays*/) } /* two\nlines */\n'
    assert stylesheet.joined([first, second]).split("\n") == [
        "a { color: red }",
        'b::before { content: "/* stays */" }',
        "i { mask: url(data:image/svg+xml,/*stays*/) }",
        "",
    ]


@pytest.mark.parametrize(
    ("css", "can"),
    [
        ("a { color: red }", True),
        ('a { background: url("data:image/png;base64,AA") }', True),
        ("a { background: url(https://example.org/a.png) }", True),
        ("a { background: url(picture.png) }", False),
        ('a { background: url("../picture.png") }', False),
        ('@import "other.css";', False),
    ],
)
def test_a_stylesheet_with_an_address_from_its_own_folder_stays_alone(css: str, *, can: bool) -> None:
    assert stylesheet.can_be_joined(css) is can


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>a\n   b</p>\n\n  <p>", "<p>a\nb</p>\n<p>"),
        ("a  b\tc", "a  b\tc"),
        ("<pre>\n  a\n\n  b</pre>\n\n  <i>", "<pre>\n  a\n\n  b</pre>\n<i>"),
        (
            "<textarea>\n\n</textarea>\n\n<script>\n\n1</script>\n\n",
            "<textarea>\n\n</textarea>\n<script>\n\n1</script>\n",
        ),
        ("<pre><b>\n\n</b></pre >\n\n<PRE>\n\n</PRE>", "<pre><b>\n\n</b></pre >\n<PRE>\n\n</PRE>"),
    ],
)
def test_blanks_stay_only_where_they_count(html: str, wanted: str) -> None:
    assert squeezed(html) == wanted
