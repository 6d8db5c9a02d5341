"""Plain YAML read without libyaml: it says the very same, or nothing; and it does speak about what people write."""

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sites import HUB

from coursehub.text import libyaml, plain_yaml
from coursehub.text.located import Document
from coursehub.text.yaml_nodes import plain_type

NAMES = st.sampled_from(["title", "tool_url", "a-b", "no", "1", "0x1F", "2026-01-31", "é", "-", "x" * 101, "~"])
WORDS = st.lists(
    st.sampled_from(
        ["word", "don't", "C#", "#", "a:b", "a:", "a:b:", "::a", ":", "https://x.org/?a=b#c", "-", "- ", "?", "? ", "&a", "*a", "!!str",
         "|", ">-", "%", "@x", "`x`", "{", "}", "[", "]", ",", '"', "'", "\\", "\\n", "''", "~", "<<", "=", ".", "...",
         "---", "true", "No", "null", "1.10", "017", "1:30", ".5", "2026-01-31", "“é”", "\U0001f600", "\u00a0", "\u3000",
         "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "\x00", "\x07", "\x7f", "\x9f", "\ud800", "\t", "  ", "y" * 1100]
    ),
    min_size=1, max_size=4,
).map(" ".join)  # fmt: skip
QUOTED = st.builds("{0}{1}{0}".format, st.sampled_from("'\""), WORDS)
ITEM = WORDS | QUOTED
LISTS = st.builds(
    "[{}{}{}]".format,
    st.sampled_from(["", " "]),
    st.lists(ITEM, max_size=4).map(", ".join),
    st.sampled_from(["", " ", ","]),
)
VALUES = ITEM | LISTS | st.just("")
LINES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "", "  ", "  ", "    ", " ", "\t"]),
    st.sampled_from(["", "", "", "", "- ", "-   ", "-", "- - ", "? "]),
    NAMES.map("{}: ".format) | NAMES.map("{}:".format) | st.sampled_from(["", "a :  ", "'a': ", "a:\t"]),
    VALUES,
    st.sampled_from(["", "", "", " ", " # why", "# why", " #", "\t"]),
)
OTHER_LINES = st.sampled_from(["", "---", "...", "# note", "   # note", "%YAML 1.1", "  ", "\t", "--- a", "word", "\r"])
YAMLISH = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "\n", "\ufeff"]),
    st.lists(LINES | OTHER_LINES, max_size=7).map("\n".join),
    st.sampled_from(["", "\n", "\n\n", "\r\n"]),
)

PLAIN = st.text("abé .-/()&'", min_size=1, max_size=12).map(lambda text: "v" + text.strip())
PLAIN_ITEM = (
    PLAIN | PLAIN.map('"{}: #"'.format) | st.sampled_from(["1.10", "no", "2026-01-31", "'x'", "'it''s'", '""', "a:b"])
)
PLAIN_VALUE = PLAIN_ITEM | st.lists(PLAIN_ITEM, min_size=1, max_size=3).map(lambda items: f"[{', '.join(items)}]")
PLAIN_BLOCK = st.dictionaries(
    st.text("abc_", min_size=1, max_size=4),
    PLAIN_VALUE.map(" {}".format)
    | st.dictionaries(st.text("abc_", min_size=1, max_size=4), PLAIN_VALUE, min_size=1, max_size=3).map(
        lambda fields: "".join(f"\n  {name}: {value}" for name, value in fields.items())
    )
    | st.builds(
        lambda items, indent: "".join(f"\n{indent}- {item}" for item in items),
        st.lists(PLAIN_VALUE, min_size=1, max_size=3),
        st.sampled_from(["  ", ""]),
    ),
    min_size=1,
    max_size=5,
).map(lambda fields: "".join(f"{name}:{value}\n" for name, value in fields.items()))  # fmt: skip


def says_the_same(text: str, first_line: int = 1) -> bool:
    """Whether the text was read without libyaml; where it was, libyaml must agree."""
    root = plain_yaml.read(text, first_line)
    if root is not None:
        assert Document(root, ()) == libyaml.read(text, first_line)
    return root is not None


@pytest.mark.slow
@settings(max_examples=800)
@given(YAMLISH, st.integers(1, 9))
@example("a: b\n c", 1)
@example("a:\n  - b: c\n    d: e\n  - f: [g]", 1)
@example("a: ''''", 1)
@example("a: '''", 1)
@example("a: 'b''", 1)
@example("a: ['b''c', '']", 1)
@example("a:\n- b", 1)
@example("a:\n- b\n- c: d\n  e:\n  - f\ng: h", 1)
@example("- a:\n- b", 1)
@example("  a:\n- b", 1)
@example("a:\n- b\n  - c", 1)
@example("a:\n- b\nc", 1)
@example("a:\n  b: c\n d: e", 1)
@example("a: [b, ]", 1)
@example("a: [b c: d]", 1)
@example("a: 'b'c", 1)
@example("a: b\na: c", 1)
@example("a: b #c\n# d", 1)
@example("a: b#c", 1)
@example("- - a", 1)
@example("- a\n  - b", 1)
@example("  - a\n- b", 1)
@example("- a\nb: c", 1)
@example("a: b:c: d", 1)
@example("a:\n  - b: c\n    - d", 1)
@example("a:\n  b: c\n    d: e\nf: g", 1)
def test_what_is_said_is_what_libyaml_says(text: str, first_line: int) -> None:
    says_the_same(text, first_line)


@pytest.mark.slow
@settings(max_examples=300)
@given(PLAIN_BLOCK, st.data())
def test_one_character_more_less_or_other_changes_no_agreement(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    upto = data.draw(st.integers(at, min(at + 1, len(text))))
    other = data.draw(
        st.sampled_from([*"\t:#\"'-?&*!|>%@` \n[]{},\\~=.\r\x85\u2028\ufeff\x07é", "- ", ": ", " #", "\n---\n", ""])
    )
    says_the_same(text[:at] + other + text[upto:])


@given(PLAIN_BLOCK, st.integers(1, 9))
def test_what_is_plain_is_read(text: str, first_line: int) -> None:
    assert says_the_same(text, first_line)


@pytest.mark.parametrize("depth", range(1, 12))
def test_nesting_is_as_deep_as_elsewhere(depth: int) -> None:
    says_the_same("".join(f"{' ' * level}a:\n" for level in range(depth)) + " " * depth + "b: [c]")


def test_what_authors_write_is_read() -> None:
    fronts = {path.name: path.read_text(encoding="utf-8").split("---\n")[1] for path in HUB.glob("posts/*/*.md")}
    with_folds = {name for name, front in fronts.items() if not says_the_same(front)}
    assert len(fronts) > len(with_folds)
    assert all(">-" in fronts[name] for name in with_folds)  # folded text is libyaml's
    assert says_the_same((HUB / "data/prior_posts.yaml").read_text(encoding="utf-8"))


def test_what_a_course_writes_is_read() -> None:
    assert says_the_same(
        """
title: "Wrong rows look like right rows: Pandera"
authors: [octocat]
option: mlops-tool
tool: [Pandera, Great Expectations]
tool_url:
  - https://github.com/pandera-dev/pandera
semester: F2026
status: published
date: 2026-11-22
summary: "What it found (and what not) in 3,201 films: 133 rows."
private: false
covers:
  problem: "The problem: wrong rows"
  example: What it found
evidence: [https://example.org/evidence]
"""
    )


def test_what_a_program_writes_is_read() -> None:
    front = {
        "title": "It's: a title",
        "authors": ["octocat", "hubot"],
        "covers": {"problem": "What it is"},
        "date": "1",
    }
    assert says_the_same(yaml.safe_dump(front, sort_keys=False))


# --- types of values without quotes

RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
WORDS_OF_YAML = [
    form
    for word in [
        "yes",
        "no",
        "true",
        "false",
        "on",
        "off",
        "null",
        "y",
        "n",
        "none",
        "inf",
        "nan",
        "~",
        "=",
        "<<",
        "",
        "t",
    ]
    for form in (word, word.upper(), word.capitalize(), f"{word}s", f".{word}", f"-.{word}")
]
NUMBERS = st.text("0123456789-+._:eExab ", max_size=12)
MOMENTS = st.datetimes().map(str) | st.dates().map(str) | st.dates().map(lambda day: f"{day}T09:00Z")


def by_pyyaml(text: str) -> str:
    kinds = (tag.rpartition(":")[2] for tag, pattern in RESOLVERS.get(text[:1], ()) if pattern.match(text))
    return next(kinds, "str")


def test_the_words_of_yaml_are_what_pyyaml_takes_them_for() -> None:
    assert {word: plain_type(word) for word in WORDS_OF_YAML} == {word: by_pyyaml(word) for word in WORDS_OF_YAML}


@settings(max_examples=300)
@given(NUMBERS | MOMENTS | st.text(max_size=6).map(str.strip))
@example("2026-13-99")
@example("\u0662026-01-31")
@example("۲۰۲۶-01-31")
def test_a_value_has_the_type_that_pyyaml_sees(text: str) -> None:
    assert plain_type(text) == by_pyyaml(text)
