"""No expression matches where a character is next that its openings have not."""

import re
import string
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursehub.text.openings import ANYTHING, OTHER, openings

ALPHABET = "abkKsi09_- \n\x1cıſé"
ATOMS = (
    "a", "k", "é", "ſ", "[ab]", "[^a]", "[^é]", "[^a-z]", "[a-i0-2]", "[ʼ-𐀀]", r"\d", r"\D", r"\s", r"\S", r"\w", r"\W",
    r"[\s\d]", r"[^\W\d]", ".", "^", "$", r"\b", r"\B", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?!)", "", "-",
)  # fmt: skip
EXPRESSIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join).map("(?:{})".format),
        inner.map("({})".format),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "*?", "+?", "??"])).map(
            "(?:{0[0]}){0[1]}".format
        ),
        inner.map("(?i:{})".format),
        inner.map("(?>{})".format),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("expression", "characters"),
    [
        ("if|while", {"i", "w"}),
        ("(def)( +)", {"d"}),
        (r"^[ \t]*@\w", {" ", "\t", "@"}),
        (r"(?<!\.)(?:no|yes)\b", {"n", "y"}),
        ("[a-c]?x{2}", {"a", "b", "c", "x"}),
        (r"\d+|é", {*"0123456789", OTHER}),
        ("(?i)ab", {"a", "A"}),
        ("(?i)sq", {*"iksIKS", OTHER}),  # “ſq” is one
        ("[^\x00-y~]", {"z", "{", "|", "}", "\x7f", OTHER}),
        ("a*", ANYTHING),
        ("a|", ANYTHING),
        (".", ANYTHING),
        (r"(?a)\S", ANYTHING),
        (r"(a)?(?(1)b|c)", ANYTHING),
    ],
)
def test_the_openings_of_an_expression(expression: str, characters: set[str]) -> None:
    assert openings(re.compile(expression)) == characters


@given(EXPRESSIONS, st.sampled_from([0, re.IGNORECASE, re.ASCII, re.MULTILINE]), st.text(ALPHABET, max_size=6))
def test_no_match_begins_with_another_character(expression: str, flags: int, text: str) -> None:
    pattern = re.compile(expression, flags)
    may_begin = openings(pattern)
    for offset in range(len(text) + 1):
        following = text[offset : offset + 1]
        if pattern.match(text, offset):
            assert (following if following.isascii() else OTHER) in may_begin


def test_of_the_letters_of_ascii_these_alone_have_others_that_differ_in_case() -> None:
    others = "".join(map(chr, range(128, 0x110000)))
    mixed = re.compile("[a-z]", re.IGNORECASE).findall(others)
    assert {each for each in string.ascii_letters if re.search(each, "".join(mixed), re.IGNORECASE)} == set("iksIKS")


def test_any_expression_may_begin_with_anything_where_python_has_no_such_parser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(re, "_parser")
    monkeypatch.setitem(sys.modules, "re._parser", None)
    assert openings(re.compile("a")) == ANYTHING
