"""The contents of a post's Markdown, as the published page has them."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import patience
from sites import HUB

from coursehub.markdown import contents
from coursehub.markdown.allowed import MOST_NESTED
from coursehub.markdown.render import TooDeepError, render
from coursehub.markdown.words import count_words

Place = tuple[int, int]

# --- headings


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# One\n\ntext\n\n## Two", [(1, "One", (1, 1)), (2, "Two", (5, 1))]),
        ("###### Six ######", [(6, "Six", (1, 1))]),
        ("##No space", []),
        ("## C#", [(2, "C#", (1, 1))]),
        ("## With `code` and *more*", [(2, "With code and more", (1, 1))]),
        ("## A [link](https://example.org) in it", [(2, "A link in it", (1, 1))]),
        ("## x <!-- y --> <b>z</b>", [(2, "x  z", (1, 1))]),
        ("## ![A logo](a.png) x", [(2, " x", (1, 1))]),
        ("## Q &amp; A", [(2, "Q & A", (1, 1))]),
        ("text\n## right below", [(2, "right below", (2, 1))]),
        ("One\n===\n\nTwo\nlines\n---\n", [(1, "One", (1, 1)), (2, "Two\nlines", (4, 1))]),
        ("é\n\n## é", [(2, "é", (3, 1))]),
        ("#", [(1, "", (1, 1))]),
        ("text # no heading", []),
        ("| a | b |\n|---|---|\n| 1 | 2 |", []),
        ("text\n\n---\n\ntext", []),
        ("```\n# no heading\n```\n\n# heading", [(1, "heading", (5, 1))]),
        ("- #### in a list\n\n> ## in a quotation", [(4, "in a list", (1, 3)), (2, "in a quotation", (3, 3))]),
        ("    # no heading", []),
        ("<!-- # no heading -->\n\n<!--\n<h2>no</h2>\n\n# heading\n-->", []),
        ("```\n# no heading, for the fence never closes", []),
        ('<h2 align="center">Raw <b>one</b>\nhere</h2>\n\n<div>\n<H3>Two</H3></div>',
         [(2, "Raw one\nhere", (1, 1)), (3, "Two", (5, 1))]),
        ("## a\n<h2>b</h2>\n\n## c", [(2, "a", (1, 1)), (2, "b", (2, 1)), (2, "c", (4, 1))]),
    ],
)  # fmt: skip
def test_headings(text: str, headings: list[tuple[int, str, Place]]) -> None:
    assert [(each.level, each.text, tuple(each.at)) for each in contents.read(text).headings] == headings


@pytest.mark.parametrize(
    "written",
    ["What Drift Is", "What *drift* is", "  what `drift`   is", "What [drift](x) is", "What drift is {#drift}"],
)
@pytest.mark.parametrize("heading", ["What drift is", "What `drift` *is*", "What drift is {#drift}"])
def test_a_heading_is_named_as_it_is_read_or_written(written: str, heading: str) -> None:
    its = contents.read(f"## Another\n\n## {heading}").headings
    assert contents.heading_named(written, its) == its[1]


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        ("🚀 Go", ":rocket: Go"),
        (":rocket: Go", ":rocket: Go"),
        ("C* and D*", "C\\* and D\\*"),
        ("**Title \\- more**", "**Title \\- more** {#heading=h.1x}"),
        ("Title - more", "**Title \\- more** {#heading=h.1x}"),
    ],
)
def test_a_heading_with_signs_is_named_in_each_way(written: str, heading: str) -> None:
    assert contents.heading_named(written, contents.read(f"## {heading}").headings)


@pytest.mark.parametrize("written", ["What drift", "", "#", "What is drift"])
def test_no_heading_of_that_name(written: str) -> None:
    assert contents.heading_named(written, contents.read("## What drift is").headings) is None


# --- pictures and links


@pytest.mark.parametrize(
    ("text", "pictures"),
    [
        ("![Drift](a/drift.png)", [("Drift", "a/drift.png", (1, 1))]),
        ("text ![](a/drift.png) text", [("", "a/drift.png", (1, 6))]),
        ("![Drift](a/drift.png 'A title')", [("Drift", "a/drift.png", (1, 1))]),
        ("![Drift](<a/my drift.png>)", [("Drift", "a/my drift.png", (1, 1))]),
        ("![Drift](a/drift(1).png)", [("Drift", "a/drift(1).png", (1, 1))]),
        ("![Drift [1] *x*](a/drift.png)", [("Drift [1] x", "a/drift.png", (1, 1))]),
        ("![Drift\nover weeks](a/drift.png)", [("Drift over weeks", "a/drift.png", (1, 1))]),
        ("[![Drift](a/drift.png)](https://example.org)", [("Drift", "a/drift.png", (1, 2))]),
        ("![Drift][]\n\n[drift]: a/drift.png", [("Drift", "a/drift.png", (1, 1))]),
        ("![Drift][2]\n\n[1]: a/drift.png", []),
        ("a\n\n> - ![Drift](a/drift.png)", [("Drift", "a/drift.png", (3, 5))]),
        ("| a |\n|-|\n| ![x](y.png) |", [("x", "y.png", (3, 3))]),
        ('<img src="a/drift.png" alt="Drift">', [("Drift", "a/drift.png", (1, 1))]),
        ("text <img src=a/drift.png>", [("", "a/drift.png", (1, 6))]),
        ('<img alt="a > b" src="a&amp;b.png"/>', [("a > b", "a&b.png", (1, 1))]),
        ("<img alt=x> ![y](z.png)", [("x", "", (1, 1)), ("y", "z.png", (1, 13))]),
        ("- <p>\n  <img src=a.png></p>", [("", "a.png", (2, 3))]),
        ("`![Drift](a/drift.png)`", []),
        ("```\n![Drift](a/drift.png)\n```", []),
        ("<!-- ![Drift](a/drift.png) <img src=x> -->", []),
        ("![Drift] (a/drift.png)", []),
        ('<script src="a.js"></script>\n\nin a line <iframe src="b"> <video src=c.mp4>', []),
    ],
)
def test_pictures(text: str, pictures: list[tuple[str, str, Place]]) -> None:
    assert [(each.text, each.address, tuple(each.at)) for each in contents.read(text).pictures] == pictures


def test_a_picture_for_other_screens() -> None:
    text = '<picture>\n<source srcset="a/dark.png 1x, a/large.png 2x">\n<img src="a/light.png" alt="x"></picture>'
    read = contents.read(text)
    assert [each.address for each in read.sources] == ["a/dark.png", "a/large.png"]
    assert [each.address for each in read.pictures] == ["a/light.png"]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[words](https://example.org)", [("words", "https://example.org", (1, 1))]),
        ("[words](../S2024/a.md#part 'title')", [("words", "../S2024/a.md#part", (1, 1))]),
        ("[a](b) and [c](d)", [("a", "b", (1, 1)), ("c", "d", (1, 12))]),
        (
            "[words][1] [](x)\n\n[1]: https://example.org",
            [("words", "https://example.org", (1, 1)), ("", "x", (1, 12))],
        ),
        ("see https://example.org/a.", [("https://example.org/a", "https://example.org/a", (1, 5))]),
        ("<https://example.org>", [("https://example.org", "https://example.org", (1, 1))]),
        ("text[^1]\n\n[^1]: a footnote", []),
        ('<a href="https://example.org" title="x">words</a>', [("x", "https://example.org", (1, 1))]),
        ('<a href="javascript:x" href="https://example.org">', [("", "javascript:x", (1, 1))]),
        ("[![Drift](drift.png)](https://example.org)", [("", "https://example.org", (1, 1))]),
        ("![Drift](a/drift.png)", []),
        ("`[words](https://example.org)`", []),
        ("[words] (https:)", []),
        ('<link href="a.css"> <area href="b">', []),
    ],
)
def test_links(text: str, links: list[tuple[str, str, Place]]) -> None:
    assert [(each.text, each.address, tuple(each.at)) for each in contents.read(text).links] == links


# --- HTML


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("<b>x</b>", [("b", {}, (1, 1))]),
        ("<SCRIPT SRC='x'>", [("script", {"src": "x"}, (1, 1))]),
        ("text <br/> text", [("br", {}, (1, 6))]),
        ('<div title=">" onclick="x">', [("div", {"title": ">", "onclick": "x"}, (1, 1))]),
        ("<p>a\n<p\nhidden\nclass = 'a b'>", [("p", {}, (1, 1)), ("p", {"hidden": "", "class": "a b"}, (2, 1))]),
        ("# a\n\n<!-- c -->\n<hr>", [("hr", {}, (4, 1))]),
        ("<!-- x --!> <hr>", [("hr", {}, (1, 13))]),
        ("> <div>\n> a <b>\n>   <i>", [("div", {}, (1, 3)), ("b", {}, (2, 5)), ("i", {}, (3, 5))]),
        ("<https://example.org> <me@example.org>", []),
        ("``<script> ` <script>``", []),
        ("```html\n<script>\n```", []),
        ("    <script>", []),
        ("<!-- <script> -->", []),
        ("a < b and c > d, x<3", []),
        ("```\n<script>", []),
        ("a ` b\n\n<script> ` c", [("script", {}, (3, 1))]),
        ("\\`<script>`", [("script", {}, (1, 3))]),
    ],
)
def test_html_tags(text: str, tags: list[tuple[str, dict[str, str], Place]]) -> None:
    assert [(each.name, each.attributes, tuple(each.at)) for each in contents.read(text).tags] == tags


def test_the_tags_of_a_table_are_one_piece() -> None:
    text = "<b>x</b> <table><tr><td>a\n\n<i>b</i></table>\n\n<table>\n<tr></table> <u>"
    pieces = {tag.name: tag.piece for tag in contents.read(text).tags if tag.name in "biu"}
    assert len({tag.piece for tag in contents.read(text).tags}) == 4, pieces
    assert len(set(pieces.values())) == 3


# --- what GitHub's Markdown does not know


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("!!! note\n    a", ("admonition", "!!! note", (1, 1))),
        ("a\n\n???+ tip", ("details", "???+ tip", (3, 1))),
        (":::note\na\n:::", ("container", ":::note", (1, 1))),
        ("## é {#a}", ("attributes", "{#a}", (1, 6))),
        ("![a](b.png){width=3}", ("attributes", "{width=3}", (1, 12))),
        ('```py title="a"\n```', ("options", 'py title="a"', (1, 1))),
        ("- ```{.py}\n  ```", ("options", "{.py}", (1, 3))),
        ("> [!NOTE] A title\n> a", ("alert", "A title", (1, 1))),
        ("> [!NOTE]\n> a {x}, `{#a}` really!!! ::: ???", None),
        ("> [!info]- A title\n> a", ("callout", "[!info]- A title", (1, 3))),
        ("- > > [!faq]", ("callout", "[!faq]", (1, 7))),
        ("a {%- include b.html c='d' %} e", ("liquid", "{%- include b.html c='d' %}", (1, 3))),
        ("{{< video https://example.org >}}", ("shortcode", "{{< video ", (1, 1))),
        ("a {{% note %}} `{% raw %}` {{ b }} {%}", ("shortcode", "{{% note %}}", (1, 3))),
        ("[!info] a\n\n> [!info](b)", None),
        ("a ![b](c d.png)", ("link", "![b](c d.png)", (1, 3))),
        ('[b](https://example.org/c.png align="left")', ("link", "[b](", (1, 1))),
        ("[**b** c](d e)", ("link", "](d e)", (1, 9))),
        ("[b](c) [d](<e f>) `[g](h i)` [j]: k\n\n[l](m 'n')", None),
        ("é &amp; [[a]]", ("wikilink", "[[a]]", (1, 9))),
        (r"\[[a]] \\[[a]] \[[a]]", ("wikilink", "[[a]]", (1, 10))),
        *(
            (escaped, None)
            for escaped in (
                r"\[\[a]]",
                r"a \[[a]]",
                r"[\[a]]",
                r"## a \{#a}",
                r"![a](b.png)\{width=3}",
                "\\!!! note\n    a",
                "> \\??? tip\n>     a",
                "\\:::note\na\n:::",
                r"> \[!info]",
                r"\[a](b c)",
                r"[a\](b c)",
                r"[a]\(b c)",
                r"\{% a %} {\{< b >}}",
            )
        ),
    ],
)
def test_signs_of_other_markdown_each_alone(text: str, foreign: tuple[str, str, Place] | None) -> None:
    expected = [foreign] if foreign else []
    assert [(each.kind, each.text, tuple(each.at)) for each in contents.read(text).foreign] == expected


# --- words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One two, three. Don't well-known.", 5),
        ("**bo**ld *it*alic", 2),
        ("a\nb\\\nc\n\nd", 4),
        ("| a | b |\n|-|-|\n| c | d e |", 5),
        ("- a\n- b\n\n## c", 3),
        ("[two words](https://example.org/a-b/c)", 2),
        ("Größe 数据", 2),
        ("我们观察每周的电影评分。", 6),
        ("用DuckDB写查询", 3),
        ("ドリフトを測る", 4),
        ("ข้อมูลเปลี่ยนไปทุกสัปดาห์", 5),
        ("데이터가 변한다", 2),
        ("text `code in line` text", 2),
        ("text\n\n```\ncode in a block\n```\n\ntext", 2),
        ("text\n\n    indented code\n\ntext", 2),
        ("text <!-- a comment --> text", 2),
        ("1. one\n\n   two, for it belongs to the list", 8),
    ],
)
def test_words(text: str, words: int) -> None:
    assert contents.read(text).words == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Looks good!", 2),
        ("it's a well-known one", 4),
        ("state-of-the-art don't", 2),
        ("see https://example.org/b-c and -- this", 4),
        ("とても良い", 3),
        ("我们观察每周的电影评分数据", 7),
        ("ภาษาไทยสวยงามมาก", 4),
        ("Größe, “café”", 2),
        ("👍 👍", 0),
    ],
)
def test_a_comment_has_as_many_words_as_a_post_with_that_text(text: str, words: int) -> None:
    assert (count_words(text), contents.read(text).words) == (words, words)


def test_two_chinese_characters_take_as_long_as_a_word() -> None:
    assert contents.read("数据" * 600).words == 600


# --- what is inside each other

DEEP = MOST_NESTED


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("> " * (DEEP + 1) + "a", (1, 2 * DEEP - 1)),
        ("text\n\n" + "*a " * (DEEP + 1) + "b*" * (DEEP + 1), (3, 3 * DEEP - 7)),
        ("- " * DEEP + "a", (1, DEEP - 1)),
        ("- > " * (DEEP // 3 + 1) + "a", (1, 4 * (DEEP // 3) + 1)),
        ("<b>" * (DEEP + 1), (1, 3 * DEEP + 1)),
        ("<b></i>" * (DEEP + 1), (1, 7 * DEEP + 1)),
        ("*" * 2 * DEEP, None),
        ("- " * DEEP, None),
        ("[" * DEEP + "]" * DEEP, None),
        ("```\n" + "> " * DEEP + "a\n```", None),
        ("*a*_b_ " * 2 * DEEP, None),
        ("<b></b><br><li><td>" * 2 * DEEP, None),
        ("<b>" * DEEP + "</b><b>", None),
        ("```python\nx = '" + "a" * 400 + "'\n```\n\nText.\n\n" + "`a_b` " * 100, None),
    ],
)
def test_what_is_inside_each_other(text: str, place: Place | None) -> None:
    assert contents.read(text).too_deep == place


@pytest.mark.parametrize(("signs", "why"), [(6000, "quotations"), (3000, "")])
def test_a_row_of_signs_that_would_take_minutes_is_not_read(signs: int, why: str) -> None:
    assert contents.read(f"text\n\n{'>' * signs} a").unread == why


# --- the page

PIECES = st.sampled_from(
    ["`", "``", "```", "~~~", "\n", "\n\n", "    ", "#", "## ", "!", "[", "]", "(", ")", "![", "](", "<", ">", "<!--", "-->",
     "<img src=x>", "src=", '"', "'", "a", "é b", "\\", "---", "===", "- ", "> ", "|", "[1]: x", "\t", "<h2>", "</h2>", "<div>\n",
     "![x](y.png)", "[z](w.md)", "$a$", "$", ":tada:", "&amp;", "<b title='", "</b>", "<table>", "{#a}", "|-|\n", "*", "_"]
)  # fmt: skip
POSTS = {path.name: path for path in sorted((HUB / "posts").glob("*/*.md"))}


def agree(text: str) -> None:
    """Headings, pictures and links are those of the page that is made of the text."""
    asked: list[str] = []
    page = render(text, lambda address: asked.append(address) or address)
    read = contents.read(text)
    if "$" not in text:  # a formula is read as LaTeX, and shown otherwise
        titles = [html.unescape(section.title) for section in page.sections]
        assert [each.title for each in read.headings] == [" ".join(title.split()) for title in titles]
    assert contents.anchors(read) == [section.id for section in page.sections]
    targets = (each.address for each in (*read.pictures, *read.sources, *read.links))
    here = {unquote(address) for address in targets if not re.match(r"[^/]*:|//", address)}
    assert {unquote(address) for address in asked if not address.startswith(("#fn", "https:", "http:"))} <= here | {""}


TEXTS = {
    "headings": "# One\n\n## Two ##\n\n### C# and F#\n\n#### *em* `code` [link](x)\n\n##### glued\nmore\n\n- ## x\n\n#x\n\n## One",
    "underlined": "One\n===\n\nTwo\nlines\n---\n\ntext\n\n---\n\ntext",
    "fences": "## a\n\n```python\n# no\n```\n\n~~~\n## no\n~~~\n\n````\n```\n# no\n```\n````\n\n## b",
    "code": "- item\n\n    ```bash\n    # no\n    ```\n\n## b\n\n    # no\n\n```\n# never closed",
    "comments": "<!-- # no -->\n\n<!--\n<h2>no</h2> <img src=no>\n\n# no\n\n-->\n\n## a <!-- no --> b",
    "signs": "## Q &amp; A: “é”, 数据 – 50%!\n\n## :rocket: Go 🚀\n\n## \\# x\n\n## `a_b` *c_d* e_f\n\n## x{#y}",
    "formulas": "## The $\\mu$ of $x<y$\n\n$\\nosuch$ ## no",
    "html": '<h2 align="center">A <b>b</b>\n c</h2>\n\n<div><h3>d &amp; e</h3>\n\n## f <i>g</i>\n</div>\n\n## ![x](y.png) z',
    "addresses": '![a](b.png) ![a](<c d.png>) ![a][r] [x](../y.md#z "t") <img src=\'e%20f.png\'> <a href="g&amp;h.md">g</a>\n\n[r]: i.png',
    "pictures": '<picture><source srcset="a.png 1x, b.png 2x" media="x"><img src="c.png"></picture>\n\n> - ![d](d.png)',
    "footnotes": "a[^1]\n\n[^1]: [b](c.md)\n\n## d[^1]",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_is_read_as_its_page_shows_it(text: str) -> None:
    agree(text)


@pytest.mark.parametrize("path", POSTS.values(), ids=POSTS)
def test_our_posts_are_read_as_their_pages_show_them(path: Path) -> None:
    agree(path.read_text().split("\n---\n", 1)[1])


MARKDOWN = st.sampled_from(
    ["a", "B c", "é", "\n", "\n\n", "# ", "## ", "- ", "> ", "1. ", "`", "```\n", "*", "_", "![x](y.png)", "[z](w.md#q)", "[r]",
     "\n[r]: v.md\n", "$a$", ":tada:", "&amp;", "\\", "\n---\n", "| a |\n|-|\n", "[^1]", "\n[^1]: b\n", "https://x.org", "~~", "!", "("]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(MARKDOWN, max_size=25).map("".join))
def test_any_markdown_is_read_as_its_page_shows_it(text: str) -> None:
    agree(text)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text())
def test_every_place_is_where_the_thing_stands(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    read = contents.read("\n".join(lines))
    for each in (*read.headings, *read.pictures, *read.links, *read.tags):
        assert 1 <= each.at.line <= len(lines)
        assert 1 <= each.at.column <= len(lines[each.at.line - 1]) + 1
    for picture in read.pictures:
        assert lines[picture.at.line - 1][picture.at.column - 1] in "!<"
    for tag in read.tags:
        assert lines[tag.at.line - 1][tag.at.column - 1 :][: 1 + len(tag.name)].lower() == f"<{tag.name}"


# --- hostile texts

SIZE = 20_000
PATIENCE: dict[str, Callable[[int], str]] = {
    **{
        f"{piece!r} again and again": lambda size, piece=piece: piece * (size // len(piece))
        for piece in (
            "`",
            "` ",
            "``a",
            "\\`",
            "[",
            "![",
            "[]",
            "[a](",
            "[a](<",
            "[a](  ",
            '[a](b "',
            "![a](b '",
            "[[a]",
            "[a[b]",
            "[a]:\n",
            "[a]: ",
            "![a][b]",
            "<",
            "<a ",
            '<a "',
            "<a ='",
            "<a/",
            "<!--",
            "<!-- -",
            "-",
            "--\n",
            "=",
            "#",
            "# a\n",
            "# a #",
            "##\n",
            " ",
            "\n",
            "\n ",
            "\t",
            "\t\n",
            ">",
            "> ",
            "- ",
            "1. ",
            "a\n-\n",
            "a\n\n    b\n\n",
            "- a\n\n    b\n\n",
            "    a\n\n",
            "```\n",
            "```a\n",
            "```a`b\n",
            "~~~a\n",
            "~",
            "<b>",
            "*a ",
            "_a",
            "> - ",
            " \n    a",
            "```\n~~~\n",
            "<https:",
            "<a@",
            "a'",
            "|",
            "*",
            "\\",
            "(",
            ")",
            "[a](b\n",
        )
    },
    "fences, each longer": lambda size: "\n".join("`" * length for length in range(3, int((2 * size) ** 0.5))),
    "ticks, each run longer": lambda size: "a".join("`" * length for length in range(1, int((2 * size) ** 0.5))),
    "nearly enough ticks": lambda size: "`" * 10 + "a" + ("`" * 9 + "a") * (size // 10),
    "nearly enough ticks, two": lambda size: "``a" + ("`" * 30 + "a") * (size // 31),
    "spaces in a heading": lambda size: "# a" + " " * size + "b",
    "marks in a heading": lambda size: "# " + "#" * size + "b",
    "marks and spaces in a heading": lambda size: "# a" + " #" * (size // 2) + "b",
    "spaces in a link": lambda size: "[a](" + " " * size + "b c",
    "spaces behind an address": lambda size: "[a](b" + " " * size + "c",
    "brackets in a link": lambda size: "[" + "[b]" * (size // 3),
    "parentheses in an address": lambda size: "[a](" + "(a)" * (size // 3) + " x",
    "open parentheses in an address": lambda size: "[a](" + "(a" * (size // 2),
    "an open comment": lambda size: "<!--" + "-" * size,
    "spaces in a tag": lambda size: "<a b" + " " * size + "<",
    "attributes": lambda size: "<a " + "b=" * (size // 2) + "<",
    "quotes in a tag": lambda size: "<a " + "b='\"" * (size // 4),
    "an address": lambda size: "<" + "a." * (size // 2),
    "a long line over a rule": lambda size: "a" * size + "\n--- -",
    "a rule": lambda size: "a\n" + "-" * size + "x",
    "lists and code": lambda size: "- a\n" * (size // 8) + "\n    b\n" * (size // 16),
    "a run of asterisks at the end": lambda size: "a" + "*" * 10 * size,
    "runs of asterisks": lambda size: ("*" * 99 + " ") * (size // 10),
    "blanks and no list": lambda size: ("\n" + "    " * 99 + "- ") * (size // 40),
    "attribute lists": lambda size: "# a " + "{#" * (size // 2),
}


@pytest.mark.parametrize("make", PATIENCE.values(), ids=PATIENCE)
def test_no_text_takes_for_ever(make: Callable[[int], str]) -> None:
    text = make(SIZE)
    with patience(2):
        read = contents.read(text)
        contents.heading_named(text[:1000], read.headings)
        try:
            render(text)
        except TooDeepError:
            assert read.too_deep or read.unread
