"""The HTML of a post: what the site's styles and scripts expect, on top of what GitHub's engine makes."""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from patience import patience
from sites import Document

from coursehub.markdown.headings import former_ids, github_ids
from coursehub.markdown.render import TooDeepError, render

IDS = json.loads((Path(__file__).parent / "data/github_ids.json").read_text())["headings"]
# Signs that became letters after Python's tables of Unicode were made; which they are, depends on the Python.
UNASSIGNED = {"Unassigned"}


def page(text: str) -> Document:
    document = Document()
    document.feed(render(text).html)
    return document


# --- headings


def test_ids_are_those_that_github_gives() -> None:
    ids = github_ids(each["heading"] for each in IDS)
    wrong = [(each["name"], id) for each, id in zip(IDS, ids, strict=True) if id != each["id"]]
    assert [name for name, _ in wrong if name not in UNASSIGNED] == []


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("## Q & A", [(2, "q--a", "Q &amp; A")]),
        ("## Été\n\n## 限制", [(2, "été", "Été"), (2, "限制", "限制")]),
        ("## a\n\n## a\n\n## a-1", [(2, "a", "a"), (2, "a-1", "a"), (2, "a-1-1", "a-1")]),
        ("## :rocket: Go\n\n## 🚀 Go", [(2, "rocket-go", "🚀 Go"), (2, "-go", "🚀 Go")]),
        ("## `a:b:c` :b:", [(2, "abc-b", "a:b:c 🅱️")]),
        ("# One\n\n## Two\n\n###### Six", [(2, "one", "One"), (3, "two", "Two"), (6, "six", "Six")]),
        ("## Two\n\n### Three", [(2, "two", "Two"), (3, "three", "Three")]),
        ("Title\n===\n\n<h2>Raw <i>x</i></h2>", [(2, "title", "Title"), (3, "raw-x", "Raw x")]),
        ("## A ![logo](x.png) [link](y)", [(2, "a--link", "A  link")]),
        ("## The $\\mu$ of it", [(2, "the-mu-of-it", "The μ of it")]),
        ("## a[^1]\n\n[^1]: b", [(2, "a", "a")]),
        ("```\n# no\n```\n\n<!-- <h2>no</h2> -->", []),
    ],
)
def test_sections(text: str, sections: list[tuple[int, str, str]]) -> None:
    assert [tuple(section) for section in render(text).sections] == sections


def test_each_heading_has_its_id_and_a_link_to_itself() -> None:
    html = render('## Q & A\n\n<h3 align="center" id="own">Raw</h3>').html
    assert '<h2 id="q--a">' in html
    assert '<a class="headerlink" href="#q--a" title="Link to this section">&para;</a></h2>' in html
    assert '<h3 id="raw" align="center"><span id="own"></span>Raw<a' in html


def test_ids_of_headings_that_were_published_before_go_on_working() -> None:
    text = "## Q & A\n\n## Q A\n\n## Été\n\n## 限制\n\n## a\n\n## a"
    targets = re.findall(r'<h2 id="([^"]*)">(?:<span id="([^"]*)"></span>)?', render(text).html)
    assert targets == [("q--a", ""), ("q-a", "q-a_1"), ("été", "ete"), ("限制", "_1"), ("a", ""), ("a-1", "a_1")]


def test_no_heading_takes_an_id_that_scripts_of_the_page_look_for() -> None:
    html = render("## \\_\\_config\n\n## hub-content\n\n## Giscus").html
    assert (
        re.findall(r' id="([^"]*)"', html)
        == [f"user-content-{id}" for id in ("__config", "hub-content", "giscus")] + []
    )


@pytest.mark.parametrize(
    ("headings", "ids"),
    [
        (["A b!", "A  b", "A b"], ["a-b", "a-b_1", "a-b_2"]),
        (["žlutý", "!", "?"], ["zluty", "_1", "_2"]),
        (["x_1", "x_1"], ["x_1", "x_1_1"]),
    ],
)
def test_former_ids(headings: list[str], ids: list[str]) -> None:
    assert former_ids(headings) == ids


# --- code, diagrams, formulas, alerts, tasks, emoji


def test_code_is_coloured_in_the_form_that_the_theme_knows() -> None:
    html = render('```python title="x"\ndef f(): "<b>"\n```').html
    assert html.startswith('<div class="language-python highlight"><pre><span></span><code><span class="k">def</span>')
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize(
    "text", ["```\na < b\n\n\n```", "    a < b\n\n\n", "```nosuch\na < b\n```", "~~~ <b>\na < b\n~~~"]
)
def test_code_of_no_known_language_stays_as_it_is(text: str) -> None:
    assert page(text).text("code").rstrip("\n") == "a < b"


@pytest.mark.parametrize(
    ("language", "classes"),
    [
        ("python&quot; onmouseover=&quot;alert(1)", "language-python&quot; onmouseover=&quot;alert(1) highlight"),
        ("x&quot;&gt;&lt;script&gt;", "language-x&quot;&gt;&lt;script&gt; highlight"),
        ("x md-overlay", "language-x highlight"),
        ("x&amp;#32;md-overlay", "language-x&amp;#32;md-overlay highlight"),
    ],
)
def test_the_language_of_code_is_shown_behind_the_cleaner_and_ends_no_attribute(language: str, classes: str) -> None:
    html = render(f'<pre><code class="language-{language}">a &lt;script&gt; "b"</code></pre>').html
    assert html.strip() == f'<div class="{classes}"><pre><span></span><code>a &lt;script&gt; "b"\n</code></pre></div>'


def test_a_diagram_is_left_to_its_script() -> None:
    assert (
        render("```mermaid\ngraph TD; A-->B\n```").html
        == '<pre class="diagram"><code>graph TD; A--&gt;B\n</code></pre>\n'
    )


X = '<math alttext="x"><mi>x</mi></math>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a $x$ b", f"<p>a {X} b</p>"),
        ("*a* $x$, $x$.", f"<p><em>a</em> {X}, {X}.</p>"),
        ("a $$x$$ b", '<p>a <math alttext="x" display="block"><mi>x</mi></math> b</p>'),
        ("$$\nx\n$$", '<p><math alttext="x" display="block"><mi>x</mi></math></p>'),
        ("```math\nx\n```", '<p><math alttext="x" display="block"><mi>x</mi></math></p>'),
        ("a $`x`$ b", f"<p>a {X} b</p>"),
        ("It costs $5 and $6.", "<p>It costs $5 and $6.</p>"),
        ("US$5/US$10, $5-$10", "<p>US$5/US$10, $5-$10</p>"),
        ("$ x $", "<p>$ x $</p>"),
        (r"\$x$ y", "<p>$x$ y</p>"),
        ("`$x$`", "<p><code>$x$</code></p>"),
        ("<div><pre>a\n\nb $x$</pre></div>", "<div><pre>a\n<p>b $x$</p></pre></div><p></p>"),
        ("<div><pre>a\n\nb $$x$$</pre></div>", "<div><pre>a\n<p>b $$x$$</p></pre></div><p></p>"),
        ("$`a<b`$", '<p><math alttext="a&lt;b"><mi>a</mi><mo>&lt;</mo><mi>b</mi></math></p>'),
        (
            r"a $\nosuchcommand$ b",
            r'<p>a <code title="Unknown command &quot;\nosuchcommand&quot;.">$\nosuchcommand$</code> b</p>',
        ),
        (
            "$$\n\\frac{1\n$$",
            '<p><code title="Expected closing token &quot;}&quot;, but reached end of input.">$$\\frac{1$$</code></p>',
        ),
    ],
)
def test_formulas(text: str, html: str) -> None:
    assert render(text).html.strip() == html


def test_what_is_between_dollars_is_no_html() -> None:
    html = render(r"$x < <script>alert(1)</script>$ $\text{<img src=x onerror=alert(1)>}$ $\nosuch<b>$").html
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "math", "mi", "mo", "mn", "mtext", "mrow", "code"}


@pytest.mark.parametrize(
    ("kind", "admonition"),
    [("NOTE", "note"), ("TIP", "tip"), ("IMPORTANT", "info"), ("WARNING", "warning"), ("CAUTION", "danger")],
)
def test_alerts_look_like_the_themes_admonitions(kind: str, admonition: str) -> None:
    html = render(f"> [!{kind}]\n> Read *this*.").html
    assert f'<div class="markdown-alert markdown-alert-{kind.lower()} admonition {admonition}">' in html
    assert f'<p class="markdown-alert-title admonition-title">{kind.title()}</p>' in html


def test_tasks_are_boxes_that_nobody_can_tick() -> None:
    html = render("- [ ] a\n- [x] b\n\n  c").html
    assert html.count('<li class="task-list-item">') == 2
    assert re.findall(r"<input[^>]*>", html) == [
        '<input aria-label="Done" disabled="" type="checkbox">',
        '<input aria-label="Done" checked="" disabled="" type="checkbox">',
    ]


def test_emoji_are_put_in_by_their_names_but_for_code() -> None:
    html = render(":tada: `:tada:` <b title=':tada:'>:tada:</b>\n\n```\n:tada:\n```").html
    assert (html.count("🎉"), html.count(":tada:")) == (2, 3)


# --- addresses, HTML


def test_links_and_pictures_lead_where_the_site_has_them_whether_markdown_or_html() -> None:
    text = (
        '[a](../b.md) ![c](d/e.png) <a href="../f.md?x=1&amp;y=2">g</a> <img src="d/h i.png"> <https://example.org>\n\n'
        '<picture><source srcset="d/j.png 1x, d/k.png 2x"><img src="d/l.png" alt="m"></picture> [n](<o p.md>)'
    )
    html = render(text, lambda address: address if ":" in address else f"/site/{address}").html
    assert re.findall(r'(?:href|src|srcset)="([^"]*)"', html) == [
        "/site/../b.md", "/site/d/e.png", "/site/../f.md?x=1&amp;y=2", "/site/d/h i.png", "https://example.org",
        "/site/d/j.png 1x, /site/d/k.png 2x", "/site/d/l.png", "/site/o%20p.md",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "html",
    [
        '<p align="center">a</p>',
        '<img src="a.png" width="30" height="40" align="right">',
        '<table border="1"><tbody><tr><td align="right" valign="top" width="5">a</td></tr></tbody></table>',
        "<ruby>a<rt>b</rt></ruby>",
        "<details><summary>a</summary>b</details>",
    ],
)
def test_harmless_html_is_left_as_it_is(html: str) -> None:
    assert html in render(f"<div>\n{html}\n</div>").html


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.png 1x",
        "a/b.png 1x, https://evil.example/c.png 2x",
        "//evil.example/a.png",
        "a.png, data:x 2x",
    ],
)
def test_a_picture_for_other_screens_loads_nothing_from_elsewhere(address: str) -> None:
    assert "srcset" not in render(f'<picture><source srcset="{address}"><img src="a.png"></picture>').html


def test_markdown_in_details() -> None:
    html = render("<details>\n<summary>More</summary>\n\n**Bold** and\n\n- a\n\n</details>").html
    assert "<summary>More</summary>\n<p><strong>Bold</strong> and</p>\n<ul>\n<li>a</li>\n</ul>\n</details>" in html


def test_what_imitates_the_engines_own_html_is_treated_like_it() -> None:
    text = '<pre><code class="language-python">x = 1</code></pre>\n\n<b title=\'<pre><code class="language-x">\'>y</b>'
    assert page(text).text("mi") == "1"
    assert page(text).text("b") == "y"


def test_elements_inside_each_other_without_end_are_refused() -> None:
    assert render("<div>\n" * 399).html.count("<div>") == 399
    with pytest.raises(TooDeepError, match="more than 400 elements are inside each other"):
        render("<b></i>" * 401)


# --- hostile shapes: 50,000 of each

SIZE = 50_000
SHAPES = [
    "[", "![", "]", "](", "[a](", "[a](b) ", "> ", "*", "*a ", "_a_", "**a", "*a**", "- ", "1. ", "- a\n", "|", "|a|\n|-|\n", "&amp;",
    "&", "http://a.b ", "www.", "a@b.", "`", "``a", "<", "<a ", "<b>", "<div>\n", "<table>", "<select>", "<p>", "<!--", "$", "$a$ ",
    "$\\x$ ", "~~a", "[^a]", ":tada:", ":", "# a\n", "> [!NOTE]\n", "- [ ] a\n", "\\", "\t", "a\n=\n", "```\n", "```py\nx = [1]\n```\n",
    "<h2>", "<h2>a</h2>\n", "{#a}", "!!! a\n\n", "<img src=a>", "é[a](b)", "<svg>", "<!-- --", "(", "a:b:c ",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("piece", SHAPES)
def test_a_hostile_text_is_converted_or_refused_at_once(piece: str) -> None:
    text = piece * (min(SIZE, 900_000 // len(piece.encode())))
    with patience(), suppress(TooDeepError):
        render(text)
