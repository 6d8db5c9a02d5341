"""YAML with places: nothing raises, every place lies in the text, plain values are those of PyYAML."""

import datetime as dt
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from coursehub.text.lines import line_and_column
from coursehub.text.located import Fields, Items, Node, Scalar, Trouble, parse, plain, walk

YAMLISH = st.text("[]{}:-&*!|>'\"#,\n\t ab1~?%@") | st.lists(
    st.sampled_from(
        [*"[]{}:-&*!|>'\"#,\n\t ab1~?%@", "title", "true", "no", "null", "1.10", "2026-01-31", "0x_", ": ", "- ", "\n  ",
         "\n- ", "---\n", "...\n", "\n", "&a ", "*a", "!!str ", "<<: ", "%YAML 1.1\n", "é", "\U0001f600", "\u2028", "\x85",
         "\ufeff", "\x07"]
    ),
    max_size=30,
).map("".join)  # fmt: skip
EDITOR_TEXT = (st.text() | YAMLISH).map(lambda text: text.replace("\r", "\n"))  # as read from a file


def nodes(node: Node | None) -> list[Node]:
    if isinstance(node, Items):
        return [node, *(below for item in node.nodes for below in nodes(item))]
    if isinstance(node, Fields):
        return [node, *(below for key, value in node.nodes.values() for below in (key, *nodes(value)))]
    return [node] if node else []


# --- any text


@given(EDITOR_TEXT, st.integers(1, 50))
@example("a\x85b: c\nd: [", 1)
@example("a: b\u2028c\nd: *x", 7)
@example("a: [", 1)
@example("\n\n", 3)
def test_every_place_lies_in_the_text(text: str, first_line: int) -> None:
    lines = text.split("\n")
    document = parse(text, first_line)
    for place in (*document.troubles, *nodes(document.root)):
        assert first_line <= place.line < first_line + len(lines)
        assert 1 <= place.column <= len(lines[place.line - first_line]) + 1


@given(EDITOR_TEXT)
def test_what_cannot_be_read_is_said(text: str) -> None:
    document = parse(text)
    if document.root is None and not document.troubles:
        # nothing but white space, comments and YAML's own marks
        assert all(line.strip("\ufeff \t.-")[:1] in ("", "#", "%") for line in text.split("\n"))


def loaded(text: str) -> Any:
    """PyYAML's reading of it; skipped where it refuses, where dates are in it, or a mapping is not by name."""
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        assume(False)

    def is_plain(value: Any) -> bool:
        if isinstance(value, dict):
            return all(isinstance(key, str) and is_plain(each) for key, each in value.items())
        if isinstance(value, list):
            return all(map(is_plain, value))
        return value is None or (isinstance(value, str | int | float) and value == value)

    assume(is_plain(value))
    return value


@given(YAMLISH)
@example("a: 1.10\nb: on\nc: 0x1F\nd: ~\ne: 1_000\nf: .5\ng: 'no'\nh: |\n  x\n  y\n")
@example("[yes, No, TRUE, y, n, null, Null, 1e3, 1.0e+3, -.inf, 0b11, 017, 08, 1:30]")
@example("{a: [b, {c: d}], e: }")
def test_plain_values_are_those_of_pyyaml(text: str) -> None:
    text = text.replace("\ufeff", "")  # which PyYAML's two readers take for different things
    document = parse(text)
    assume(not document.troubles)
    assume(not any(scalar.yaml_type in ("timestamp", "merge", "value") for scalar in walk(document.root)))
    assert plain(document.root) == loaded(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
        lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=5), inside, max_size=4),
        max_leaves=12,
    )
)
def test_what_pyyaml_writes_is_read_back(value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    document = parse(text)
    assume(not document.troubles)
    assert plain(document.root) == value


@pytest.mark.parametrize("text", ["0x_", "-0x_", "0b_", "9" * 5000])
def test_a_number_that_python_cannot_hold_stays_text(text: str) -> None:
    assert plain(parse(text).root) == text


# --- places

NAME = st.text("abcxyz_", min_size=1, max_size=8)
VALUE = st.text("abc é-1.\U0001f600", min_size=1, max_size=12).map(lambda text: "v" + text.strip())
QUOTED = st.text("abc: #[]é\U0001f600,-", max_size=12)


@given(st.dictionaries(NAME, VALUE | QUOTED | st.lists(VALUE, min_size=1, max_size=3), min_size=1), st.integers(1, 9))
def test_a_value_is_where_it_stands(fields: dict[str, str | list[str]], first_line: int) -> None:
    lines, expected = [], {}
    for name, value in fields.items():
        here = first_line + len(lines)
        if isinstance(value, list):
            expected[name] = [(here + 1 + index, 5, item) for index, item in enumerate(value)]
            lines += [f"{name}:", *(f"  - {item}" for item in value)]
        elif value.startswith("v"):
            expected[name] = [(here, len(name) + 3, value)]
            lines.append(f"{name}: {value}")
        else:
            expected[name] = [(here, len(name) + 3, value)]
            lines.append(f'{name}: "{value}"')
    root = parse("\n".join(lines), first_line).root
    assert isinstance(root, Fields)
    for name, places in expected.items():
        key, node = root.nodes[name]
        assert lines[key.line - first_line].startswith(name) and key.column == 1
        items = node.nodes if isinstance(node, Items) else (node,)
        assert [(item.line, item.column, plain(item)) for item in items] == [
            (line, column, yaml.safe_load(item) if item.startswith("v") else item) for line, column, item in places
        ]


# --- what YAML forgives, expands or hides

TROUBLES = {
    "a key twice": ("a: 1\nb: 2\na: 3", [Trouble("duplicate-field", 3, 1, "a", 1)]),
    "a key three times": ("a: 1\na: 2\na: 3", [Trouble("duplicate-field", 2, 1, "a", 1), Trouble("duplicate-field", 3, 1, "a", 1)]),
    "a key twice, in quotes": ("a: 1\n'a': 2", [Trouble("duplicate-field", 2, 1, "a", 1)]),
    "a key twice, inside": ("x:\n  a: 1\n  a: 2", [Trouble("duplicate-field", 3, 3, "a", 2)]),
    "an anchor": ("a: &x b", [Trouble("alias-in-yaml", 1, 4, "&x")]),
    "an alias": ("a: &x b\nc: *x", [Trouble("alias-in-yaml", 1, 4, "&x"), Trouble("alias-in-yaml", 2, 4, "*x")]),
    "an anchored list": ("a: &x [b]", [Trouble("alias-in-yaml", 1, 4, "&x")]),
    "an unknown alias": ("a: *x", [Trouble("alias-in-yaml", 1, 4, "*x")]),
    "a tag": ("a: !!str 1", [Trouble("malformed-yaml", 1, 4, "has the YAML tag “tag:yaml.org,2002:str”")]),
    "a tag that runs code": (
        "a: !!python/object/apply:os.system [ls]",
        [Trouble("malformed-yaml", 1, 4, "has the YAML tag “tag:yaml.org,2002:python/object/apply:os.system”")],
    ),
    "a second document": ("a: 1\n---\nb: 2", [Trouble("malformed-yaml", 2, 1, "begins a second YAML document")]),
    "a list for a key": ("? [a]\n: b", [Trouble("malformed-yaml", 1, 3, "has a list or a mapping for a key")]),
    "a control character": ("a: 1\nb: x\x07", [Trouble("malformed-yaml", 2, 5, "has the character U+0007, which YAML does not allow")]),
    "a colon in a value": ("t: a\nb: c: d", [Trouble("malformed-yaml", 2, 5, "is not YAML: mapping values are not allowed in this context")]),
    "a tab for indentation": ("a:\n\tb: c", [Trouble("malformed-yaml", 2, 1, "is not YAML: found character that cannot start any token")]),
    "an unclosed quote": ('a: "b\nc: d', [Trouble("malformed-yaml", 2, 5, "is not YAML: found unexpected end of stream")]),
    "an at sign": ("a: @octocat", [Trouble("malformed-yaml", 1, 4, "is not YAML: found character that cannot start any token")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "troubles"), TROUBLES.values(), ids=TROUBLES)
def test_what_yaml_would_forgive_is_trouble(text: str, troubles: list[Trouble]) -> None:
    assert list(parse(text).troubles) == troubles


@pytest.mark.parametrize("hidden", ["\x85", "\u2028", "\u2029"])
def test_a_line_break_that_no_editor_shows_is_trouble_and_counts_no_line(hidden: str) -> None:
    document = parse(f"a: b\nc: d{hidden}e\nf: g", 10)
    what = f"has the invisible character U+{ord(hidden):04X}, which YAML takes for the end of a line"
    assert document.troubles == (Trouble("malformed-yaml", 11, 5, what),)
    assert document.root == Fields(
        {
            "a": (Scalar("a", "str", 10, 1), Scalar("b", "str", 10, 4)),
            "c": (Scalar("c", "str", 11, 1), Scalar("d e", "str", 11, 4)),
            "f": (Scalar("f", "str", 12, 1), Scalar("g", "str", 12, 4)),
        },
        10,
        1,
    )


def test_of_a_key_given_twice_the_first_stays() -> None:
    assert plain(parse("a: first\na: second").root) == {"a": "first"}


def test_dates_stay_text() -> None:
    assert plain(parse("a: 2026-01-31").root) == {"a": "2026-01-31"}
    assert yaml.safe_load("a: 2026-01-31") == {"a": dt.date(2026, 1, 31)}  # which is why


@pytest.mark.parametrize(
    ("written", "yaml_type"),
    [("on", "bool"), ("No", "bool"), ("1.10", "float"), ("017", "int"), ("1:30", "int"), ("~", "null"), ("", "null"),
     ("2026-01-31", "timestamp"), ("<<", "merge"), ("=", "value"), ("'on'", "str"), ('"1.10"', "str"), ("y", "str"),
     ("1.2.3", "str"), ("08", "str")],
)  # fmt: skip
def test_what_yaml_takes_a_value_for(written: str, yaml_type: str) -> None:
    root = parse(f"a: {written}").root
    assert isinstance(root, Fields)
    assert root.value("a") == Scalar(written.strip("'\""), yaml_type, 1, 4 if written else 3)


@pytest.mark.parametrize(("text", "column"), [("[" * 60_000, 9), ("{a: " * 60_000, 33), ("- " * 60_000, 17)])
def test_deep_nesting_is_trouble_and_nothing_more(text: str, column: int) -> None:
    assert parse(text).troubles == (Trouble("malformed-yaml", 1, column, "is nested too deeply"),)


def test_aliases_of_aliases_expand_to_nothing() -> None:
    laughs = "a0: &a0 ha\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
    assert sum(1 for _ in walk(parse(laughs).root)) < 400


def test_a_mark_at_the_start_moves_no_place() -> None:
    assert parse("\ufeffa: b").root == Fields({"a": (Scalar("a", "str", 1, 1), Scalar("b", "str", 1, 4))}, 1, 1)


@given(st.text("a\n\r\u2028é"), st.integers(-1, 20))
def test_a_place_is_counted_in_lines_that_end_with_a_newline(text: str, offset: int) -> None:
    lines = text[: max(offset, 0)].split("\n")
    assert line_and_column(text, offset) == (len(lines), len(lines[-1]) + 1)
