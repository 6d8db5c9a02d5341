"""Web addresses and logins: all rules, lists, pages and receipts ask here."""

import re

import pytest

from coursehub.text.addresses import PATTERN, host, is_login, is_web_address

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
