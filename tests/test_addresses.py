"""Web addresses and logins: all rules, lists, pages and receipts ask here."""

import posixpath
import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from coursehub.names import home_pages
from coursehub.records.paths import local_path
from coursehub.text.addresses import PATTERN, host, is_login, is_web_address, leads_here, scheme

GOOD = {
    "https://example.org": "example.org",
    "https://example.org/a?b=c#d": "example.org",
    "http://example.org:8000/": "example.org",
    "HTTPS://WWW.Example.ORG/A": "example.org",
    "https://example.org./a": "example.org.",
    "https://my_blog.example.org": "my_blog.example.org",
    "https://127.0.0.1:8000/a": "127.0.0.1",
    "https://bücher.example/größe": "bücher.example",
    "https://ประเทศไทย.example/": "ประเทศไทย.example",
    "https://example.org/“x”": "example.org",
    "https://example.org/a_(b)|c": "example.org",
    "https://example.org/user@host": "example.org",
}
BAD = [
    "", "example.org", "//example.org", "/a", "https:/example.org", "https://", "ftp://example.org", "mailto:a@example.org",
    "javascript:alert(1)//https://example.org", "http://localhost/a", "https://xn--/", "https://example.", "https://.example.org",
    "https://example..org", "https://user@example.org/a", "https://user:secret@example.org", "https://example.org@evil.example",
    "https://example.org:port/", "https://example.org:123456/", "https://[example.org", "https://[2001:db8::1]/", "https://exa%6dple.org",
    "https://example.org／evil.example", "https://evil.example。example.org", "https://example.org/a b", " https://example.org",
    "https://example.org\n", "https://example.org/\t", "https://exa mple.org", "https://example.org\\@evil.example", "https://example.org/\\x",
    "https://example.org/<x>", 'https://example.org/"x"', "https://example.org/a\u200bb", "https://example.org/\u202egnp.exe",
    "https://example.org/\u00a0", "https://example.org/soft\u00adhyphen", "https://example.org/\x00", "https://example.org/\ud800",
]  # fmt: skip


@pytest.mark.parametrize(("address", "of_host"), GOOD.items())
def test_a_web_address_and_its_host(address: str, of_host: str) -> None:
    assert (is_web_address(address), host(address)) == (True, of_host)
    assert re.search(PATTERN, address)


@pytest.mark.parametrize("text", BAD)
def test_no_web_address_has_no_host(text: str) -> None:
    assert (is_web_address(text), host(text)) == (False, "")


@pytest.mark.parametrize("text", [text for text in BAD if text.isprintable()])
def test_the_pattern_of_the_schema_is_the_same_definition(text: str) -> None:
    assert not re.search(PATTERN, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("octocat", True), ("Octo-Cat9", True), ("a" * 39, True), ("a" * 40, False), ("", False), ("octo--cat", False), ("-octocat", False),
        ("octocat-", False), ("@octocat", False), ("octo_cat", False), ("ünal", False), ("octocat\u0663", False), ("octocat\n", False),
    ],
)  # fmt: skip
def test_a_login(text: str, expected: bool) -> None:
    assert is_login(text) is expected


SCHEMES = {
    "https://example.org/a:b": "https",
    "http:": "http",
    "httpx:y": "httpx",
    "https/a:b": "",
    "HTTPS://example.org": "https",
    "mailto:a@example.org": "mailto",
    "java\tscript:alert(1)": "javascript",
    " data:image/png;base64,x": "data",
    "\x01https:x": "https",
    "C:map.png": "c",
    ":x": "",
    "a/b:c": "",
    "?https:x": "",
    "#a:b": "",
    "a.png": "",
    "": "",
}


@pytest.mark.parametrize(("address", "its"), SCHEMES.items())
def test_a_scheme_is_what_a_browser_takes_for_one(address: str, its: str) -> None:
    assert (scheme(address), leads_here(address)) == (its, not its)


def test_an_address_with_a_host_and_no_scheme_leads_elsewhere() -> None:
    assert not leads_here("//example.org/a.png")


PARTS = st.sampled_from(
    [
        "a",
        "B-1_",
        "é",
        ".",
        "..",
        "/",
        "//",
        "%20",
        "%2F",
        "?",
        "#",
        ":",
        ".md",
        ".png",
        "~",
        " ",
        "\\",
        "@",
        "[",
        "www.",
        "github.com",
    ]
)
ADDRESSES = st.lists(PARTS, max_size=8).map("".join)


@given(ADDRESSES)
@example("zeno/map.png")
@example("../S2026/dvc.md")
@example("./map.png")
@example("zeno//map.png")
@example("map.")
def test_a_plain_address_leads_where_any_other_does(address: str) -> None:
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return
    assert local_path("posts/F2026/zeno.md", address) == posixpath.normpath(posixpath.join("posts/F2026", path))


@given(st.sampled_from(["https://", "http://", "HTTP://", "", "ftp://"]), ADDRESSES)
@example("https://", "www.example.org/a/")
def test_a_home_page_has_the_host_and_path_of_its_address(start: str, rest: str) -> None:
    try:
        parts = urlsplit(start + rest)
        its_host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        its_host = ""
    assume(its_host not in ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "huggingface.co"))
    expected = "/".join((its_host, *filter(None, parts.path.split("/")))) if its_host else ""
    assert home_pages.address(start + rest) == expected
