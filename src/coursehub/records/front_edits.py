"""Edits of a post's front matter that leave every other byte as it is.

Each function gives the edits, or none where what they would change is written so that their place is in doubt.
"""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from coursehub.records.finding import Edit, Edits
from coursehub.records.post import Post
from coursehub.text import located
from coursehub.text.expressions import expression
from coursehub.text.lines import line_and_column, lines_of, offset_of
from coursehub.text.located import Fields, Items, Node, Scalar, Trouble
from coursehub.text.yaml_writing import quoted, unquoted, yaml_list

if TYPE_CHECKING:
    from coursehub.text.libyaml import Span

_HARMLESS = frozenset({"byte-order-mark", "windows-line-endings", "tab-in-front-matter"})  # which move no place
_BLOCKS = ("|", ">")


def with_values(post: Post, field: str, values: Sequence[str]) -> Edits:
    """The edits that add these values to a field that takes a list, at its end."""
    if post.front is None or field in post.wrong or not _is_sound(post):
        return ()
    node = post.front.value(field)
    if node is None:
        return with_lines(post, f"{field}: {yaml_list(values)}\n")
    span = _span(post, node)
    more = ", ".join(map(unquoted, values))
    if span is None:
        return ()
    if isinstance(node, Scalar) and node.text and span.style not in _BLOCKS:
        return (_edit(post, span.start, span.start, "["), _edit(post, span.end, span.end, f", {more}]"))
    last = node.nodes[-1] if isinstance(node, Items) and node.nodes else None
    end = _span(post, last) if isinstance(last, Scalar) else None
    if end is None or end.style in _BLOCKS:
        return ()
    if span.is_flow:
        return (_edit(post, end.end, end.end, f", {more}"),)
    indent = " " * (node.column - 1)
    return _at_line_after(post, end.end, "".join(f"{indent}- {unquoted(value)}\n" for value in values))


def with_lines(post: Post, lines: str) -> Edits:
    """The edit that adds lines, such as `date: 2026-01-31`, as the last ones of the front matter."""
    if post.front is None or not _is_sound(post):
        return ()
    key = next((key for key, _ in post.front.nodes.values()), None)
    if key is None and "{" in post.front_text:
        return ()
    if key is not None and (key.line, key.column) != (post.front.line, post.front.column):
        return ()  # fields in brackets
    indent = " " * (key.column - 1 if key else 0)
    end = len(post.front_text)
    return (_edit(post, end, end, re.sub(r"^(?=.)", indent, lines, flags=re.MULTILINE)),)


def with_entry(post: Post, field: str, name: str, text: str) -> Edits:
    """The edit that adds `name: text` to a field that takes a mapping, at its end."""
    node = post.front.value(field) if post.front else None
    if node is None:
        return with_lines(post, f"{field}:\n  {name}: {unquoted(text)}\n")
    if not isinstance(node, Fields) or not node.nodes or not _is_sound(post):
        return ()
    _, last = [*node.nodes.values()][-1]
    span, end = _span(post, node), _span(post, last)
    if span is None or end is None or end.style in _BLOCKS:
        return ()
    entry = f"{name}: {unquoted(text)}"
    if span.is_flow:
        return (_edit(post, end.end, end.end, f", {entry}"),)
    return _at_line_after(post, end.end, f"{' ' * (node.column - 1)}{entry}\n")


def with_comment_below(post: Post, field: str, comment: str) -> Edits:
    """The edit that adds a line with a comment below the line of a field that has one value."""
    pair = post.front.nodes.get(field) if post.front else None
    span = _span(post, pair[1]) if pair and isinstance(pair[1], Scalar) else None
    if pair is None or span is None or span.style in _BLOCKS or not _is_sound(post):
        return ()
    return _at_line_after(post, span.end, f"{' ' * (pair[0].column - 1)}# {comment}\n")


def with_text(post: Post, node: Node | None, text: str) -> Edits:
    """The edit that writes another text in the place of a value or a key; quotes stay."""
    span = _span(post, node) if isinstance(node, Scalar) else None
    if span is None or span.style in _BLOCKS:
        return ()
    if span.style == "'" and "'" not in text and text.isprintable():
        written = f"'{text}'"
    else:
        written = quoted(text) if span.style else unquoted(text)
    return (_edit(post, span.start, span.end, written),)


def with_field(post: Post, field: str, written: str) -> Edits:
    """The edits that give a field this value in YAML, whatever value it has; none where its place is in doubt."""
    node = post.front.value(field) if post.front else None
    if node is None:
        return with_lines(post, f"{field}: {written}\n")
    span = _span(post, node)
    if span and span.start == span.end:  # empty; behind it there may be a comment, which says what to write
        end = post.front_text.find("\n", span.start)
        return (_edit(post, span.start, end if end >= 0 else len(post.front_text), f" {written}"),)
    if edits := with_yaml(post, node, written):
        return edits
    lines = without_field(post, field)
    return (*lines, *with_lines(post, f"{field}: {written}\n")) if lines else ()


def with_yaml(post: Post, node: Node | None, written: str) -> Edits:
    """The edit that writes this YAML, without quotes of its own, in the place of a value or a list in brackets."""
    span = _span(post, node)
    if span is None or span.style in _BLOCKS or (isinstance(node, Items | Fields) and not span.is_flow):
        return ()
    return with_source(post, node, written)


def with_source(post: Post, node: Node | None, written: str) -> Edits:
    """The edit that writes this in the place of a value, however it is written: see `written_at`."""
    span = _span(post, node)
    return (_edit(post, span.start, span.end, written),) if span else ()


def without_field(post: Post, name: str) -> Edits:
    """The edit that takes out the lines of a field."""
    pair = post.front.nodes.get(name) if post.front else None
    return without_lines(post, *pair) if pair else ()


def without_lines(post: Post, key: Node, value: Node) -> Edits:
    """The edit that takes out the lines from a key to the end of its value, where nothing else is on them."""
    first, last = _span(post, key), _span(post, value)
    if first is None or last is None or not _is_sound(post, "duplicate-field"):
        return ()
    text = post.front_text
    start = text.rfind("\n", 0, first.start) + 1
    end = text.find("\n", max(last.end - (last.style in _BLOCKS), first.end)) + 1 or len(text)
    before, behind = text[start : first.start], text[last.end : end]
    if before.strip() or (last.style not in _BLOCKS and behind.strip()):
        return ()  # a comment behind it stays
    return (_edit(post, start, end, ""),)


def without_repeated_line(post: Post, trouble: Trouble) -> Edits:
    """The edit that takes out the line of a field that is given again, where it says what the first one says."""
    lines = lines_of(post.front_text)
    numbers = trouble.first_line - post.front_line, trouble.line - post.front_line
    if not all(0 < number < len(lines) - 1 for number in numbers) or not _is_sound(post, "duplicate-field"):
        return ()
    first, again = (_ON_A_LINE.fullmatch(lines[number]) for number in numbers)
    is_whole = all(_indent(lines[number + 1]) <= _indent(lines[number]) for number in numbers)
    if not first or not again or not is_whole or first[1] != again[1] or not _is_same_value(first[2], again[2]):
        return ()
    return (Edit(post.path, trouble.line, 1, trouble.line + 1, 1, ""),)


_ON_A_LINE = expression(r"( *)[^\s#:\[{]+ *: +([^\s#|>&*!](?:(?! #).)*)")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_same_value(one: str, other: str) -> bool:
    return bool(located.plain(located.parse(one).root) == located.plain(located.parse(other).root))


def without_value(post: Post, field: str, index: int) -> Edits:
    """The edit that takes the value at this index out of a field, or the field where it has no other."""
    node = post.front.value(field) if post.front else None
    if not isinstance(node, Items) or len(node.nodes) == 1:
        return without_field(post, field)
    span, item = _span(post, node), _span(post, node.nodes[index])
    neighbour = _span(post, node.nodes[index - 1 if index else 1])
    if span is None or item is None or neighbour is None or item.style in _BLOCKS:
        return ()
    if span.is_flow:
        start, end = (neighbour.end, item.end) if index else (item.start, neighbour.start)
        return (_edit(post, start, end, ""),)
    start = post.front_text.rfind("\n", 0, item.start) + 1
    end = post.front_text.find("\n", item.end) + 1 or len(post.front_text)
    return (_edit(post, start, end, ""),) if "#" not in post.front_text[item.end : end] else ()


def everywhere(post: Post, pattern: re.Pattern[str], written: Callable[[re.Match[str]], str]) -> Edits:
    """The edits that write something else for each match of the pattern in the front matter, readable or not."""
    return tuple(_edit(post, *match.span(), written(match)) for match in pattern.finditer(post.front_text))


def _is_sound(post: Post, *others: str) -> bool:
    """Whether nothing, or what is harmless, is wrong with the file; a field that one cannot see could be lost."""
    return post.trouble_rules <= _HARMLESS.union(others)


def written_at(post: Post, node: Node) -> str:
    """A value as it is written in the front matter, with its quotes; empty where its place is in doubt."""
    span = _span(post, node)
    return post.front_text[span.start : span.end] if span else ""


def _span(post: Post, node: Node | None) -> "Span | None":
    if node is None:
        return None
    from coursehub.text import libyaml  # noqa: PLC0415  (slow to load; most posts need no fix)

    start = offset_of(post.front_text, node.line - post.front_line + 1, node.column)
    return libyaml.spans(post.front_text).get((isinstance(node, Scalar), start))


def _at_line_after(post: Post, offset: int, lines: str) -> Edits:
    """The insertion of whole lines below the line of this offset."""
    at = post.front_text.find("\n", offset) + 1 or len(post.front_text)
    return (_edit(post, at, at, lines),)


def _edit(post: Post, start: int, end: int, text: str) -> Edit:
    first, last = (line_and_column(post.front_text, offset) for offset in (start, end))
    above = post.front_line - 1
    return Edit(post.path, above + first[0], first[1], above + last[0], last[1], text)
