"""Cleaning a post's HTML, beyond what tests/data/attacks.txt has."""

import signal

import pytest
from sites import Document

from coursehub.markdown.sanitize import clean

INLINE = (
    "abbr", "b", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span",
    "strong", "sub", "sup", "u", "var",
)  # fmt: skip
ORDINARY = [  # what authors write, by itself or by way of Markdown
    *(f"<p><{tag}>a</{tag}></p>" for tag in INLINE),
    "<div><p>a</p></div>", "<pre><code>a</code></pre>", "<blockquote><p>a</p></blockquote>", "<p>a<br>b</p><hr>",
    "<ul><li>a</li></ul>", '<ol start="3"><li>a</li></ol>', "<dl><dt>a</dt><dd>b</dd></dl>",
    "<table><caption>a</caption><thead><tr><th>b</th></tr></thead><tbody><tr><td>c</td></tr></tbody>"
    "<tfoot><tr><td>d</td></tr></tfoot></table>",
    '<table><tbody><tr><th scope="row">a</th><td colspan="2" align="right">b</td></tr></tbody></table>',
    '<details open=""><summary>a</summary>b</details>',
    '<figure><img src="a/b.png" alt="c" title="d" width="10" height="20"><figcaption>e</figcaption></figure>',
    '<h2 id="a">a</h2><h3>b</h3><h4>c</h4><h5>d</h5><h6>e</h6>', '<p><abbr title="a" lang="en" dir="ltr">b</abbr></p>',
    '<p><a href="../a/" title="b" rel="noopener nofollow">c</a></p>',
]  # fmt: skip


@pytest.mark.parametrize("html", ORDINARY)
def test_ordinary_formatting_is_left_as_it_is(html: str) -> None:
    assert clean(html) == html


@pytest.mark.parametrize("scheme", ["http", "https", "mailto"])
def test_links_to_the_web_and_to_people_lead_there(scheme: str) -> None:
    assert f'href="{scheme}:a@example.org"' in clean(f'<a href="{scheme}:a@example.org">b</a>')


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


def test_what_looks_like_a_task_is_the_same_in_each_build() -> None:
    """The cleaner has another order of attributes in each process."""
    task = clean('<INPUT type=text class="b a" value=x checked><input><b title="<input z a>">c</b>')
    assert task == (
        '<input aria-label="Done" checked="" class="b a" disabled="" type="checkbox">'
        '<input aria-label="Done" disabled="" type="checkbox"><b title="&lt;input z a&gt;">c</b>'
    )


def test_what_is_quoted_stays_so() -> None:
    document = Document()
    document.feed(clean('<b title="<p onclick=alert(1) x=">שלום</b>'))
    assert [(each.tag, [*each.attributes]) for each in document.elements] == [("b", ["title"])]
    assert "שלום" in document.text("b")


@pytest.mark.parametrize(("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, InterruptedError)])
def test_somebody_who_stops_the_program_stops_the_cleaner(number: int, raised: type[BaseException]) -> None:
    def stop(*_: object) -> None:
        raise raised

    before = signal.signal(number, stop)
    try:
        with pytest.raises(raised):
            clean('<a href="b">c</a>', lambda _: signal.raise_signal(number) or "d")
    finally:
        signal.signal(number, before)
    assert clean('<a href="b">c</a>', lambda _: "d") == '<a href="d" rel="noopener nofollow">c</a>'
