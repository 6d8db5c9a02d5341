"""Edits of `data/course.yaml` that leave every other byte as it is."""

import re
from collections.abc import Mapping

import msgspec

from coursehub.records import course, edits
from coursehub.records.course import PATH, Course, Semester
from coursehub.records.finding import Edit
from coursehub.text import located
from coursehub.text.expressions import expression
from coursehub.text.lines import line_and_column, offset_of
from coursehub.text.located import Fields, Items, Node, Scalar
from coursehub.text.yaml_writing import quoted, unquoted


class CannotEditError(Exception):
    """The file is written so that the place of an edit is in doubt; the message says what to write by hand."""


def with_open_semester(content: bytes, semester: Semester) -> tuple[bytes, Course]:
    """The file's bytes with one more semester, right behind the open one, which is open instead; and the course then.

    The semester is written as the one before it is. Raises `CannotEditError`, too, where the file cannot be read.
    """
    text, before = _read(content)
    index = before.order[before.open_semester]
    expected = msgspec.structs.replace(
        before,
        open_semester=semester.id,
        semesters=(*before.semesters[: index + 1], semester, *before.semesters[index + 1 :]),
    )
    after = edits.applied(content, [_opened(text, semester.id), _added(text, index, semester)])
    the_course, troubles = course.read(_text(after))
    if the_course != expected:
        raise CannotEditError(_by_hand(semester) + "".join(f" ({each.sentence})" for each in troubles[:1]))
    return after, expected


def _read(content: bytes) -> tuple[str, Course]:
    try:
        text = _text(content)
    except UnicodeDecodeError as error:
        raise CannotEditError(f"{PATH} is not UTF-8: save it as UTF-8, and run this again") from error
    the_course, troubles = course.read(text)
    if the_course is None:
        raise CannotEditError(f"{PATH} cannot be read: {troubles[0].sentence}")
    return text, the_course


def _text(content: bytes) -> str:
    """The text as the file's reader has it, by whose places edits count."""
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _by_hand(semester: Semester) -> str:
    return (
        f"{PATH} is written in a way that only a person can edit: add {_in_brackets(_values(semester))} to “semesters” "
        f"behind the open one, set “open_semester: {unquoted(semester.id)}”, withdraw what is left over, commit that"
    )


def _opened(text: str, semester: str) -> Edit:
    """The edit of `open_semester`, whose quotes stay."""
    node = _node(text, "$.open_semester")
    start, end, style, _ = _span(text, node, semester)
    written = f"'{semester}'" if style == "'" and "'" not in semester else unquoted(semester)
    return _edit(text, start, end, quoted(semester) if style == '"' else written)


_DASH = expression(r"( *)-( +)")
_DEEPER = r"(?: {%d,}#[^\n]*\n)*"


def _added(text: str, index: int, semester: Semester) -> Edit:
    """The edit that writes a semester behind the one of this index: in brackets, on one line, or a line for each."""
    items, last = _node(text, "$.semesters"), _node(text, f"$.semesters[{index}]")
    _, end, _, is_flow = _span(text, last, semester)
    start_of_line = offset_of(text, last.line, 1)
    before = text[start_of_line : offset_of(text, last.line, last.column)]
    if isinstance(items, Items) and _span(text, items, semester)[3]:
        separator = f",\n{before}" if not before.strip() else ", "
        return _edit(text, end, end, separator + _in_brackets(_values(semester)))
    dash = _DASH.fullmatch(before)
    if dash is None:
        raise CannotEditError(_by_hand(semester))
    values = _values(semester)
    entry = _in_brackets(values) if is_flow else f"\n{' ' * len(before)}".join(_lines(values))
    at = text.find("\n", end - text[:end].endswith("\n")) + 1 or len(text)
    if comments := re.compile(_DEEPER % (len(dash[1]) + 1)).match(text, at):  # which are about the one before
        at = comments.end()
    new_line = "" if text[:at].endswith("\n") else "\n"
    return _edit(text, at, at, f"{new_line}{before}{entry}\n")


def _values(semester: Semester) -> Mapping[str, str]:
    return {name: value for name in semester.__struct_fields__ if (value := getattr(semester, name)) is not None}


def _lines(values: Mapping[str, str]) -> list[str]:
    return [f"{name}: {unquoted(value)}" for name, value in values.items()]


def _in_brackets(values: Mapping[str, str]) -> str:
    return f"{{{', '.join(_lines(values))}}}"


def _node(text: str, path: str) -> Node:
    return located.at(located.parse(text).root, path)


def _span(text: str, node: Node, semester: Semester | str) -> tuple[int, int, str, bool]:
    from coursehub.text import libyaml  # noqa: PLC0415  (slow to load, and needed once a semester)

    span = libyaml.spans(text).get((isinstance(node, Scalar), offset_of(text, node.line, node.column)))
    if span is None or (isinstance(node, Fields) and span.end <= span.start):
        raise CannotEditError(_by_hand(semester if isinstance(semester, Semester) else Semester(semester)))
    return span


def _edit(text: str, start: int, end: int, new: str) -> Edit:
    return Edit(PATH, *line_and_column(text, start), *line_and_column(text, end), new)
