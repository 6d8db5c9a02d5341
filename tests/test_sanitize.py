"""What becomes of a post's HTML, beyond what tests/data/attacks.txt holds."""

import pytest
from sites import Document

from coursehub.sanitize import TooDeepError, clean


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>Text, “é”, 数据</p>", "<p>Text, “é”, 数据</p>"),
        ('<p>مرحبا</p><h2 id="a">a</h2>', '<p dir="auto">مرحبا</p><h2 dir="auto" id="a">a</h2>'),
        ("<ul><li>שלום</li></ul>", '<ul dir="auto"><li dir="auto">שלום</li></ul>'),
        ('<p dir="ltr">שלום</p><pre>a</pre>', '<p dir="ltr">שלום</p><pre>a</pre>'),
        ("<table><tr><td>ܫ</td></tr></table>", '<table><tbody><tr><td dir="auto">ܫ</td></tr></tbody></table>'),
    ],
)
def test_text_from_right_to_left_runs_so(html: str, cleaned: str) -> None:
    assert clean(html) == cleaned


def test_what_is_quoted_stays_so() -> None:
    document = Document()
    document.feed(clean('<b title="<p onclick=alert(1) x=">שלום</b>'))
    assert [(each.tag, [*each.attributes]) for each in document.elements] == [("b", ["title"])]
    assert "שלום" in document.text("b")


def test_elements_inside_each_other_without_end_are_refused() -> None:
    assert clean("<b>" * 500) == "<b>" * 500 + "</b>" * 500
    with pytest.raises(TooDeepError, match="more than 500 elements are inside each other"):
        clean("<b></i>" * 501)
