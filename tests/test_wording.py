"""Numbers with their nouns, lists in a sentence, nearest names, and strangers' text made harmless."""

import pytest

from coursehub.text.visible import visible
from coursehub.text.wording import nearest, plural, with_and


@pytest.mark.parametrize(
    ("number", "nouns", "expected"),
    [
        (0, ("post",), "0 posts"),
        (1, ("post",), "1 post"),
        (2000, ("post",), "2,000 posts"),
        (1, ("post has", "posts have"), "1 post has"),
        (2, ("post has", "posts have"), "2 posts have"),
    ],
)
def test_a_number_and_its_noun(number: int, nouns: tuple[str, ...], expected: str) -> None:
    assert plural(number, *nouns) == expected


@pytest.mark.parametrize(("names", "expected"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_names_in_a_sentence(names: str, expected: str) -> None:
    assert with_and([*names]) == expected


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("titel", ("title", "tool"), "Did you mean “title”?"),
        ("Titel", ("TITLE",), "Did you mean “TITLE”?"),
        ("Fall 2026", ("F2025", "F2026"), "Did you mean “F2026”?"),
        ("mlops", ("mlops-tool", "paper"), "Did you mean “mlops-tool”?"),
        ("publishd", ("claimed", "published"), "Did you mean “published”?"),
        ("tags", ("status", "topics"), "Known are: status, topics."),
        ("toc", ("tool", "topics"), "Known are: tool, topics."),
        ("x", ("title", "tool"), "Known are: title, tool."),
        ("x", (), "The course defines none."),
    ],
)
def test_the_nearest_name(word: str, known: tuple[str, ...], expected: str) -> None:
    assert nearest(word, known) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Größe” 数据 👍", "“Größe” 数据 👍"),
        ("a\tb", "a b"),
        ("a\x1b[31m\n", "a\\u001b[31m\\u000a"),
        ("\u202etxt", "\\u202etxt"),
    ],
)
def test_strangers_text_moves_no_cursor(text: str, expected: str) -> None:
    assert visible(text) == expected
