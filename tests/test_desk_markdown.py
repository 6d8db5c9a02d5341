"""Whatever a student writes, the desk's comment shows it as text: no markup, no foreign link, nobody called.

Judged by cmark-gfm, GitHub's own Markdown, with raw HTML let through so that it would be seen.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import unquote

import cmarkgfm
import hypothesis.strategies as st
import pytest
from cmarkgfm import cmark
from hypothesis import example, given

from coursehub.github.markdown import LONGEST, Markdown, code, escape, link, web_link

EXTENSIONS = ["autolink", "strikethrough", "table", "tasklist"]
EMPTY_SPACE = "\u200b"  # what the desk may put between letters; an author's own is written out
CALLS = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9]|#[0-9]|\b[Gg][Hh]-[0-9]|[0-9A-Za-z]@[0-9A-Za-z]")

ATTACKS = [
    "@everyone",
    "hello @octocat, look",
    "@course/staff",
    "#12",
    "GH-12",
    "gh-12",
    "course/hub#3",
    "course/hub@0123456789abcdef",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "-->",
    "<!-- coursehub:desk -->",
    '<!-- coursehub:record {"version":1} -->',
    "</details>",
    "</sub>",
    "<https://evil.example>",
    "&lt;b&gt;",
    "&#64;everyone",
    "&commat;octocat",
    "[x](javascript:alert(1))",
    "[x]: https://evil.example",
    "![](http://tracker.example/x.png)",
    "![x][y]",
    "](https://evil.example)",
    "https://evil.example",
    "https://github.com/course/hub/issues/3",
    "HTTP://EVIL.EXAMPLE/",
    "ftp://evil.example",
    "www.evil.example",
    "WWW.evil.example/x?y=z",
    "a@b.example",
    "mailto:a@b.example",
    "xmpp:a@b.example",
    "`code`",
    "``",
    "```\nfence",
    "a\\",
    "\\`a",
    "*a* **b** _c_ __d__",
    "$(x)",
    "$$x$$",
    "$`x`$",
    "~~x~~",
    "~x~",
    "a | b\n--- | ---\nc | d",
    "[ ] task",
    "- [x] task",
    "[^1]",
    "text\n# heading",
    "text\n- list",
    "text\n> quote",
    "> quote",
    "# heading",
    "- list",
    "+ list",
    "* list",
    "1. list",
    "2026) list",
    "- - -",
    "---",
    "***",
    "___",
    "text\n===",
    "===",
    "=",
    "-",
    "    indented code",
    "\tindented code",
    "text  \nbreak",
    "a\x00b",
    "a\x1b[31mred",
    "\u202etxet \u2066x\u2069",
    "a\u200bb\ufeffc",
    "a\u2028b\u2029c\x85d",
    "\u00a0padded\u00a0",
    "\ud800 alone",
    "\U0001f600 é 漢字",
    ":tada:",
    "`" * 5 + "@everyone",
    "`" * 79 + "@everyone",
    "`" * 80 + "@everyone <b>",
    "`" * 390 + "@everyone",
    "@everyone " * 10_000,
]  # fmt: skip
NAMES = [repr(attack[:30]) for attack in ATTACKS]
every_attack = pytest.mark.parametrize("text", ATTACKS, ids=NAMES)
# Text in which the signs that mean something are as frequent as they would be in an attack.
texts = st.one_of(
    st.text(),
    st.text(alphabet="aw.0129@#-`~*_[](){}<>!&;:|$+=\\/\"' \n\t\u200b\u202e\ud800"),
    st.lists(st.sampled_from([attack for attack in ATTACKS if len(attack) < 100]), max_size=5).map(" ".join),
)


class Page(HTMLParser):
    """A comment as a browser would read it: the elements with their addresses, and the text."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.links: list[str | None] = []
        self.text = self.plain = ""
        self.other: list[str] = []
        self._in_code = False
        self.feed(cmarkgfm.markdown_to_html_with_extensions(
            markdown, options=cmark.Options.CMARK_OPT_UNSAFE, extensions=EXTENSIONS
        ))  # fmt: skip
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value for _, value in attrs]
        self._in_code |= tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._in_code &= tag != "code"

    def handle_data(self, data: str) -> None:
        self.text += data
        if not self._in_code:
            self.plain += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def shown(text: str) -> str:
    """A text as it is to look: its words with one space between them, signs that cannot be seen written out."""
    words = " ".join("".join("\n" if sign.isspace() else sign for sign in text).split("\n"))
    words = re.sub(" +", " ", words).strip(" ")
    written = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in words)
    return written if len(written) <= LONGEST else written[:LONGEST] + "…"


def is_shown(markdown: str, text: str, elements: list[str], around: tuple[str, str] = ("", "")) -> None:
    page = Page(markdown)
    assert page.elements == elements
    assert page.other == []
    before, after = around
    assert page.text.replace(EMPTY_SPACE, "").strip("\n") == f"{before}{shown(text)}{after}".strip(" \n")
    assert not CALLS.search(page.plain)


PLACES = {  # where the comment has texts → (Markdown before, after, the elements around, the text before, after)
    "alone": ("", "", ["p"], "", ""),
    "in a line": ("a: “", "”.", ["p"], "a: “", "”."),
    "in brackets": ("a (", ")", ["p"], "a (", ")"),
    "a heading": ("## ✅ ", "", ["h2"], "✅ ", ""),
    "a heading's start": ("### ", "", ["h3"], "", ""),
    "an item": ("- ", "", ["ul", "li"], "", ""),
    "an item after a mark": ("- ✅ ", "", ["ul", "li"], "✅ ", ""),
    "under a line": ("a\n", "\nb", ["p"], "a\n", "\nb"),
    "bold": ("x **“", "”** y", ["p", "strong"], "x “", "” y"),
}


def escaped_text_is_only_text(text: str) -> None:
    for before, after, elements, text_before, text_after in PLACES.values():
        if shown(text) or (text_before + text_after).strip() != text_before + text_after:
            wanted = ["p"] if elements == ["h3"] and not shown(text) else elements
            is_shown(f"{before}{escape(text)}{after}", text, wanted, (text_before, text_after))


def code_shows_all_as_it_is(text: str) -> None:
    page = Page(f"a {code(text)} b")
    assert page.elements in (["p", "code"], ["p"])
    assert page.text.replace(EMPTY_SPACE, "").strip("\n") == f"a {shown(text) or ' '} b"
    assert page.elements == ["p", "code"] or "`" * 20 in text  # where GitHub would see no code
    assert not CALLS.search(page.plain)


def link_leads_to_the_file_alone(text: str) -> None:
    is_shown(f"- {link(text, 'https://github.com/ann/hub', 'blob/main', text, line=7)}: x", text,
             ["ul", "li", "a"], ("", ": x"))  # fmt: skip
    page = Page(link("x", "https://github.com/ann/hub", "blob/main", text, line=7))
    (address,) = page.links
    assert address and address.isascii()
    assert re.fullmatch(r"https://github\.com/ann/hub/blob/main/[^?#\s]*\?plain=1#L7", address)
    assert unquote(address.removeprefix("https://github.com/ann/hub/blob/main/").removesuffix("?plain=1#L7")) == (
        text.encode("utf-8", "replace").decode()
    )


def web_link_leads_where_it_says_or_nowhere(text: str) -> None:
    for address in (text, f"https://{text}", f"https://blog.example/{text}", f"javascript:{text}", f"\nhttps://{text}"):
        page = Page(f"- {web_link(text, address)} (F2026)")
        assert page.elements in (["ul", "li"], ["ul", "li", "a"])
        assert page.text.replace(EMPTY_SPACE, "").strip() == f"{shown(text)} (F2026)".strip()
        assert not CALLS.search(page.plain)
        for target in page.links:
            assert address.lower().startswith(("https://", "http://"))
            assert target
            assert target.startswith(address.partition("/")[0] + "//")


SHOWS = [
    escaped_text_is_only_text, code_shows_all_as_it_is, link_leads_to_the_file_alone,
    web_link_leads_where_it_says_or_nowhere,
]  # fmt: skip


@every_attack
@pytest.mark.parametrize("shows", SHOWS, ids=lambda shows: shows.__name__)
def test_an_attack_is_shown_and_does_nothing(shows: Callable[[str], None], text: str) -> None:
    shows(text)


@given(texts)
@example("www." * 3 + "@a #1 gh-1")
def test_any_text_is_only_text(text: str) -> None:
    escaped_text_is_only_text(text)


@given(texts)
def test_any_text_in_code_is_only_code(text: str) -> None:
    code_shows_all_as_it_is(text)


@given(texts)
def test_a_link_leads_to_the_file_alone(text: str) -> None:
    link_leads_to_the_file_alone(text)


@given(texts)
def test_a_web_link_leads_where_it_says_or_nowhere(text: str) -> None:
    web_link_leads_where_it_says_or_nowhere(text)


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("https://medium.com/@ann/a-post", "https://medium.com/@ann/a-post"),
        ("http://ann.example/a(b)?c=d&e=f#g", "http://ann.example/a(b)?c=d&e=f#g"),
        ("https://ann.example/`x`", "https://ann.example/%60x%60"),
        ("https://", None),
        ("", None),
        ("posts/F2026/x.md", None),
        ("//evil.example", None),
        ("javascript:alert(1)", None),
        ("JAVASCRIPT:alert(1)//https://x", None),
        ("data:text/html,x", None),
        ("https://ann.example/a b", None),
        ("https://ann.example/>x", None),
        ("https://ann.example/\nx", None),
        ("https://ann.example\\@evil.example", None),
        ("https://ann.example/\u202egnp.exe", None),
        ("https://ann.example/\x00", None),
        ("https://ann.example/\ud800", None),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(address: str, leads_to: str | None) -> None:
    assert Page(web_link("Read", address)).links == ([leads_to] if leads_to else [])


def test_a_link_without_a_line_has_none() -> None:
    assert Page(link("the checks", "https://x.example/course/hub", "pull/1/checks")).links == [
        "https://x.example/course/hub/pull/1/checks"
    ]


@pytest.mark.parametrize("make", [escape, code])
def test_a_long_text_is_cut_and_says_so(make: Callable[[object], str]) -> None:
    page = Page(make("word " * 20_000))
    assert len(page.text.strip()) == LONGEST + 1
    assert page.text.strip() == f"{'word ' * 80}…"


def test_our_own_markdown_stays() -> None:
    assert escape(Markdown("**ours**")) == "**ours**"
    assert escape(12) == "12"
