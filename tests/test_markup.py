"""The contents of a post's Markdown, as the published page will have them."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import patience
from sites import HUB

from coursehub.text import markup
from coursehub.text.markup import Heading, Target

# --- headings


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# One\n\ntext\n\n## Two", [(1, "One", 0), (2, "Two", 13)]),
        ("###### Six ######", [(6, "Six", 0)]),
        ("##No space", [(2, "No space", 0)]),
        ("## C#", [(2, "C", 0)]),
        ("## C# code", [(2, "C# code", 0)]),
        ("## With `code`", [(2, "With `code`", 0)]),
        ("## `code` first", [(2, "`code` first", 0)]),
        ("## `code`", [(2, "`code`", 0)]),
        ("## A [link](https://example.org) in it", [(2, "A [link](https://example.org) in it", 0)]),
        ("## x <!-- y -->", [(2, "x", 0)]),
        ("text\n## right below", [(2, "right below", 5)]),
        ("One\n===\n\nTwo\n---\n", [(1, "One", 0), (2, "Two", 9)]),
        ("é\n\n## é", [(2, "é", 3)]),
        ("#", []),
        ("## ", []),
        ("text # no heading", []),
        ("| a | b |\n|---|---|\n| 1 | 2 |", []),
        ("text\n\n---\n\ntext", []),
        ("```\n# no heading\n```\n\n# heading", [(1, "heading", 22)]),
        ("~~~ python\n# no heading\n~~~", []),
        ("````\n```\n# no heading\n```\n# no heading\n````\n# heading", [(1, "heading", 44)]),
        ("- item\n\n    ```\n    # no heading\n    ```", []),
        ("> ```\n> # no heading\n> ```", []),
        ("    # no heading", []),
        ("text\n\n    # no heading\n\n# heading", [(1, "heading", 24)]),
        ("text\n\n\t# no heading", []),
        ("<!-- # no heading -->", []),
        ("<!--\n# no heading\n-->\n# heading", [(1, "heading", 22)]),
        ("```\n<!--\n```\n# heading", [(1, "heading", 13)]),
        ("```\n# heading, for the fence never closes", [(1, "heading, for the fence never closes", 4)]),
    ],
)
def test_headings(text: str, headings: list[tuple[int, str, int]]) -> None:
    assert markup.read(text).headings == tuple(Heading(*heading) for heading in headings)


@pytest.mark.parametrize(
    "written",
    ["What Drift Is", "What *drift* is", "  what `drift`   is", "What [drift](x) is", "What drift is {#drift}"],
)
def test_a_headings_name_is_its_words(written: str) -> None:
    assert markup.heading_name(written) == "what drift is"


# --- pictures and links


@pytest.mark.parametrize(
    ("text", "pictures"),
    [
        ("![Drift](a/drift.png)", [("Drift", "a/drift.png", 0)]),
        ("text ![](a/drift.png) text", [("", "a/drift.png", 5)]),
        ('![Drift](a/drift.png "A title")', [("Drift", "a/drift.png", 0)]),
        ("![Drift](a/drift.png 'A title')", [("Drift", "a/drift.png", 0)]),
        ("![Drift](<a/my drift.png>)", [("Drift", "a/my drift.png", 0)]),
        ("![Drift](a/drift(1).png)", [("Drift", "a/drift(1).png", 0)]),
        ("![Drift [1]](a/drift.png)", [("Drift [1]", "a/drift.png", 0)]),
        ("![Drift\nover weeks](a/drift.png)", [("Drift\nover weeks", "a/drift.png", 0)]),
        ("[![Drift](a/drift.png)](https://example.org)", [("Drift", "a/drift.png", 1)]),
        ("![Drift][1]\n\n[1]: a/drift.png", [("Drift", "a/drift.png", 0)]),
        ("![Drift][]\n\n[drift]: a/drift.png", [("Drift", "a/drift.png", 0)]),
        ("![Drift]\n\n[drift]: a/drift.png", [("Drift", "a/drift.png", 0)]),
        ("![Drift][2]\n\n[1]: a/drift.png", []),
        ('<img src="a/drift.png" alt="Drift">', [("Drift", "a/drift.png", 0)]),
        ("<img src=a/drift.png>", [("", "a/drift.png", 0)]),
        ('<img alt="a > b" src="a/drift.png"/>', [("a > b", "a/drift.png", 0)]),
        ("`![Drift](a/drift.png)`", []),
        ("```\n![Drift](a/drift.png)\n```", []),
        ("<!-- ![Drift](a/drift.png) -->", []),
        ("![Drift] (a/drift.png)", []),
    ],
)
def test_pictures(text: str, pictures: list[tuple[str, str, int]]) -> None:
    assert markup.read(text).pictures == tuple(Target(*picture) for picture in pictures)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[words](https://example.org)", [("words", "https://example.org", 0)]),
        ("[words](../S2024/a.md#part 'title')", [("words", "../S2024/a.md#part", 0)]),
        ("[a](b) and [c](d)", [("a", "b", 0), ("c", "d", 11)]),
        ("[words][1]\n\n[1]: https://example.org", [("1", "https://example.org", 12)]),
        ("text[^1]\n\n[^1]: a footnote", []),
        ('<a href="https://example.org">words</a>', [("", "https://example.org", 0)]),
        ('<a href="javascript:x" href="https://example.org">', [("", "javascript:x", 0)]),
        ("[![Drift](drift.png)](https://example.org)", [("![Drift](drift.png)", "https://example.org", 0)]),
        ("![Drift](a/drift.png)", []),
        ("`[words](https://example.org)`", []),
        ("[words] (https://example.org)", []),
    ],
)
def test_links(text: str, links: list[tuple[str, str, int]]) -> None:
    assert markup.read(text).links == tuple(Target(*link) for link in links)


# --- HTML


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("<b>x</b>", [("b", {}, 0)]),
        ("<SCRIPT SRC='x'>", [("script", {"src": "x"}, 0)]),
        ("text <br/> text", [("br", {}, 5)]),
        ('<div title=">" onclick="x">', [("div", {"title": ">", "onclick": "x"}, 0)]),
        ("<img/src=x/onerror=y>", [("img", {"src": "x/onerror=y"}, 0)]),
        ("<p\nhidden\nclass = 'a b'>", [("p", {"hidden": "", "class": "a b"}, 0)]),
        ("# a\n\n<!-- c -->\n<hr>", [("hr", {}, 16)]),
        ("<https://example.org> <me@example.org>", []),
        ("[a](<b c>)", []),
        ("`<script>`", []),
        ("``<script> ` <script>``", []),
        ("```html\n<script>\n```", []),
        ("    <script>", []),
        ("text\n \n    <script>\n  \n    <script>", []),
        ("- item\n \n    <b>", [("b", {}, 13)]),
        ("<!-- <script> -->", []),
        ("a < b and c > d, x<3", []),
        ("```\n<script>", [("script", {}, 4)]),
        ("text <!-- <script>", [("script", {}, 10)]),
        ("a ` b\n\n<script> ` c", [("script", {}, 7)]),
        ("\\`<script>`", [("script", {}, 2)]),
    ],
)
def test_html_tags(text: str, tags: list[tuple[str, dict[str, str], int]]) -> None:
    assert [tuple(tag) for tag in markup.read(text).tags] == tags


# --- words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One two, three. Don't well-known.", 5),
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
        ("1. one\n\n    two, for it belongs to the list", 9),
    ],
)
def test_words(text: str, words: int) -> None:
    assert markup.read(text).words == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Looks good!", 2),
        ("it's a well-known one", 4),
        ("state-of-the-art don't", 2),
        ("see https://example.org/b-c and -- this", 4),
        ("[see](https://example.org/a/b) (<https://example.org>)", 3),
        ("とても良い", 3),
        ("我们观察每周的电影评分数据", 7),
        ("ภาษาไทยสวยงามมาก", 4),
        ("👍 👍", 0),
    ],
)
def test_a_comment_has_as_many_words_as_a_post_with_that_text(text: str, words: int) -> None:
    assert (markup.count_words(text), markup.read(text).words) == (words, words)


def test_two_chinese_characters_take_as_long_as_a_word() -> None:
    assert markup.read("数据" * 600).words == 600


# --- what is inside each other

DEEP = markup.MOST_NESTED


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("text\n\n" + "*" * DEEP + "a", ("emphasis", 6)),
        ("_" * DEEP + "a" + "_" * DEEP, ("emphasis", 0)),
        ("*a " * (DEEP + 1) + "a* " * (DEEP + 1), ("emphasis", 6 * DEEP + 4)),
        ("[" * (DEEP + 1), ("bracket", DEEP)),
        (">" * DEEP + "a", ("quote", 0)),
        ("- " * DEEP + "a", ("list", 0)),
        ("> " + "1. " * DEEP + "a", ("list", 2)),
        ("a\n" + "\t" * DEEP + "- a", ("indentation", 2)),
        ("<b>" * (DEEP + 1), ("element", 3 * DEEP)),
        ("<b></i>" * (DEEP + 1), ("element", 7 * DEEP)),
        ("*" * DEEP, None),
        ("- " * DEEP, None),
        ("[" * DEEP + "]" * DEEP, None),
        ("`" + "[" * 2 * DEEP + "`", None),
        ("```\n" + "*" * DEEP + "a\n```", None),
        ("[a\n\n" * 2 * DEEP, None),
        ("*a*_b_ " * 2 * DEEP, None),
        ("a_b *a * _c " * 2 * DEEP, None),
        (r"\[ " * 2 * DEEP, None),
        ("<b></b><br><li><td>" * 2 * DEEP, None),
    ],
)
def test_what_is_inside_each_other(text: str, construct: tuple[str, int] | None) -> None:
    assert markup.nested_too_deeply(text, markup.read(text)) == construct


# --- any text

PIECES = st.sampled_from(
    ["`", "``", "```", "~~~", "\n", "\n\n", "    ", "#", "## ", "!", "[", "]", "(", ")", "![", "](", "<", ">", "<!--", "-->",
     "<img ", "src=", '"', "'", "a", "é b", "\\", "---", "===", "- ", "> ", "|", "[1]: x", "\t"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text())
def test_every_offset_is_where_the_thing_stands(text: str) -> None:
    contents = markup.read(text)
    for heading in contents.headings:
        assert heading.text in text[heading.offset :] or "<!--" in text
        assert text[heading.offset :].lstrip(" ")
    for picture in contents.pictures:
        assert text[picture.offset] in "!<"
    for link in contents.links:
        assert text[link.offset] in "[< >\t-*+0123456789"
    for tag in contents.tags:
        assert text[tag.offset : tag.offset + 1 + len(tag.name)].lower() == f"<{tag.name}"


# --- inputs that made a pattern try everything: each takes milliseconds, or without end if such a pattern returns

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
    with patience():
        contents = markup.read(text)
        markup.nested_too_deeply(text, contents)
        for heading in contents.headings[:20]:
            markup.heading_name(heading.text)


# --- agreement with what renders the page

SNIPPETS = {
    "headings": "# One\n\ntext\n\n## Two ##\n\n### C# and F#\n\n#### *em* `code` [link](x)\n\ntext\n##### glued\nmore",
    "underlined": "One\n===\n\nTwo\n---\n\ntext\n\n---\n\ntext",
    "fences": "## a\n\n```python\n# no\n```\n\n~~~\n## no\n~~~\n\n````\n```\n# no\n```\n````\n\n## b",
    "a fence in a list": "- item\n\n    ```bash\n    # no\n    ```\n\n## b",
    "a fence with a title": '```{.python title="x"}\n# no\n```\n\n## b',
    "a fence never closed": "## a\n\n```\n## b\n\ntext",
    "indented code": "## a\n\n    ## no\n\n\t## no\n\n## b",
    "comments": "<!-- # no -->\n\n<!--\n\n# no\n\n-->\n\n## a",
    "a comment never closed": "text <!-- x\n\n## a",
    "tables": "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n## a",
    "inline code": "text ``a ` b`` text\n\n## `code` in `front`\n\n## ``a`b``",
    "escapes": "\\# no\n\n## a",
    "html": "text <b>bold</b>\n\n## a <em>b</em> c",
    "quote": "> text\n\n## a",
    "hashes": "#\n\n####### seven\n\ntext #tag",
}
POSTS = {path.name: path for path in sorted((HUB / "posts").glob("*/*.md"))}


def rendered(text: str) -> list[tuple[int, str]]:
    converter = markdown.Markdown(extensions=["toc", "attr_list", "tables", "footnotes", "pymdownx.superfences"])
    tags = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", converter.convert(text), re.DOTALL)
    return [(int(level), html.unescape(re.sub(r"<[^>]*>", "", inside))) for level, inside in tags]


def agree(text: str) -> None:
    ours = [
        (heading.level, markup.heading_name(re.sub("<[^>]*>", "", heading.text)))
        for heading in markup.read(text).headings
    ]
    theirs = [(level, markup.heading_name(name)) for level, name in rendered(text)]
    assert ours == [heading for heading in theirs if heading[1]]


@pytest.mark.parametrize("text", SNIPPETS.values(), ids=SNIPPETS)
def test_headings_are_those_of_the_page(text: str) -> None:
    agree(text)


@pytest.mark.parametrize("path", POSTS.values(), ids=POSTS)
def test_headings_of_our_posts_are_those_of_the_page(path: Path) -> None:
    agree(path.read_text().split("\n---\n", 1)[1])
