"""Edits of a post's front matter that leave every other byte as it is."""

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import yaml

from coursehub.records.finding import Edit
from coursehub.records.post import Post
from coursehub.text import located

_BREAK = re.compile(rb"\r\n|\r|\n")
_HARMLESS = frozenset({"byte-order-mark", "windows-line-endings", "tab-in-front-matter"})  # which move no place
_MARK = b"\xef\xbb\xbf"  # of byte order, which no place counts


def with_values(post: Post, field: str, values: Sequence[str]) -> tuple[Edit, ...]:
    """The edits that add these values to a field that takes a list, at its end; none where that can not be done safely.

    Values need no quotes, also within brackets.
    """
    is_sound = all(trouble.rule in _HARMLESS for trouble in post.troubles)
    if post.front is None or field in post.wrong or not is_sound:
        return ()
    if field in post.front.nodes:
        return _extended(post, field, values)
    key = next((key for key, _ in post.front.nodes.values()), None)
    if key is None or (key.line, key.column) != (post.front.line, post.front.column):
        return ()  # fields in brackets, or none
    closing = post.front_line + post.front_text.count("\n")
    return (_insertion(post, closing, 1, f"{' ' * (key.column - 1)}{field}: {in_yaml(values)}\n"),)


def in_yaml(values: Sequence[str]) -> str:
    """One value as it is, or several as a list."""
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _extended(post: Post, field: str, values: Sequence[str]) -> tuple[Edit, ...]:
    node = _node(post, field)
    more = ", ".join(values)
    if isinstance(node, yaml.ScalarNode) and node.value and node.style not in ("|", ">"):
        line, column = _place(post, node.start_mark)
        return (_insertion(post, line, column, "["), _insertion(post, *_place(post, node.end_mark), f", {more}]"))
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        return ()
    last: yaml.Node = node.value[-1]
    if not isinstance(last, yaml.ScalarNode) or last.style in ("|", ">"):
        return ()
    line, column = _place(post, last.end_mark)
    if node.flow_style:
        return (_insertion(post, line, column, f", {more}"),)
    indent = " " * node.start_mark.column
    return (_insertion(post, line + 1, 1, "".join(f"{indent}- {value}\n" for value in values)),)


def _node(post: Post, field: str) -> yaml.Node | None:
    """A field's value with where it ends, which the posts' own nodes do not have."""
    root = yaml.compose(post.front_text, located.Loader)
    fields = root.value if isinstance(root, yaml.MappingNode) else ()
    return next((value for key, value in fields if key.value == field), None)


def _place(post: Post, mark: yaml.Mark) -> tuple[int, int]:
    return post.front_line + mark.line, mark.column + 1


def _insertion(post: Post, line: int, column: int, text: str) -> Edit:
    return Edit(post.path, line, column, line, column, text)


class _Span(NamedTuple):
    start: int
    end: int
    new: bytes


def applied(content: bytes, edits: Sequence[Edit]) -> bytes:
    """A file's bytes after these edits, which do not overlap. Raises `ValueError` where a place is not in the file.

    Lines that are new end as the file's first line does.
    """
    mark = _MARK if content.startswith(_MARK) else b""
    text = content.removeprefix(_MARK)
    breaks = list(_BREAK.finditer(text))
    starts = [0, *(each.end() for each in breaks)]
    ends = [*(each.start() for each in breaks), len(text)]
    newline = breaks[0][0] if breaks else b"\n"

    places = sorted({place for each in edits for place in ((each.line, each.column), (each.end_line, each.end_column))})
    offsets: dict[tuple[int, int], int] = {}
    for line, columns in groupby(places, key=itemgetter(0)):
        if not 1 <= line <= len(starts):
            raise ValueError(f"there is no line {line}")
        written, at, before = text[starts[line - 1] : ends[line - 1]].decode(), starts[line - 1], 1
        for _, column in columns:
            if not 1 <= column <= len(written) + 1:
                raise ValueError(f"line {line} has no column {column}")
            at += len(written[before - 1 : column - 1].encode())
            offsets[line, column] = at
            before = column
    spans = sorted(
        _Span(offsets[each.line, each.column], offsets[each.end_line, each.end_column], each.text.encode())
        for each in edits
    )
    parts, at = [mark], 0
    for span in spans:
        if not at <= span.start <= span.end:
            raise ValueError("two edits overlap")
        parts += (text[at : span.start], span.new.replace(b"\n", newline))
        at = span.end
    return b"".join((*parts, text[at:]))
