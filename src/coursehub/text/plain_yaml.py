"""Plain YAML, as nearly all front matter and data is, read faster than from libyaml's events.

Measured: front matter and `data/prior_posts.yaml` 1.6 times as fast.

Plain is what has one meaning at a glance: lines of `name: value`, indented below what they belong to, and of `- value`,
which need not be, where a value is a text without marks that mean something to YAML, a text in quotes without escapes,
or a list of these in brackets, all on one line. Anything else, and whatever is in doubt, is left to libyaml.
"""

import re
from collections.abc import Iterator

from coursehub.text.expressions import expression
from coursehub.text.yaml_nodes import MAX_DEPTH, Fields, Items, Node, Scalar, plain_type

# A tab, what YAML refuses (control characters, half characters, marks of byte order), and what it alone takes for the
# end of a line. All in one would take longer to compile than many texts to read.
_DOUBTFUL = expression("[\x00-\t\x0b-\x1f\x7f-\x9f]")
_DOUBTFUL_BEYOND = expression("[\u2028\u2029\ud800-\udfff]"), expression("[\ufeff\ufffe\uffff]")

_QUOTED = r"\"[^\"\\\n]*+\"|'[^'\n]*+(?>(?:''[^'\n]*+)*)'"


def _unquoted(marks: str) -> str:
    """Words without number signs, these marks, and colons but within a word; what begins them begins nothing else."""
    word = rf"[^ :#\n{marks}]++(?>(?::[^ :#\n{marks}]++)*)"
    return rf"(?![!\"#%&'),:;<=>?@\[\\\]^`{{|}}*-]){word}(?>(?: ++{word})*)"


_ITEM = "(?:" + _QUOTED + "|" + _unquoted(r"?,{}\[\]") + ")"
_ITEMS = expression(_ITEM, re.ASCII)
_LINE = expression(
    r"^( *+)(- ++)?(?:(\w[\w-]{0,99}+):(?![^ \n])( *+))?"
    rf"(?>({_QUOTED}|\[ *+{_ITEM}(?>(?: *+, *+{_ITEM})*) *+\]|{_unquoted('')})?)"
    r" *+(?:(?<![^ \n])#.*+)?$",
    re.MULTILINE | re.ASCII,
)


# A line that holds something: its number, the column where that begins, the dash with what follows it, the name, the
# blanks behind its colon, and the value; each of the last four may be empty. A bare tuple, for the sake of speed.
_Line = tuple[int, int, str, str, str, str]
_END: _Line = (0, 0, "", "", "", "")


class _NotPlainError(Exception):
    """Libyaml knows what this is, or what is wrong with it."""


def read(text: str, first_line: int) -> Node | None:
    """The text's root, as `located.parse` gives it, or None where the text is not plain."""
    if _DOUBTFUL.search(text) or (not text.isascii() and any(each.search(text) for each in _DOUBTFUL_BEYOND)):
        return None
    matches = _LINE.findall(text)
    if len(matches) <= text.count("\n"):  # a line was not understood
        return None
    lines = [
        (number, len(indent) + 1, dash, name, gap, value)
        for number, (indent, dash, name, gap, value) in enumerate(matches, first_line)
        if name or value or dash
    ]
    if not lines:
        return None
    lines.append(_END)
    lines.reverse()
    try:
        root = _block(lines, MAX_DEPTH)
    except _NotPlainError:
        return None
    return root if lines[-1] is _END else None


def _block(lines: list[_Line], depth: int) -> Node:
    """The list or mapping that begins with the last of the lines; its lines are removed. `depth`: how deep it may go.

    A line that belongs to no block stays, and so ends all of them.
    """
    if depth < 2:  # room for a list in brackets
        raise _NotPlainError
    line, column, dash, *_ = lines[-1]
    if dash:
        return Items(tuple(_items(lines, column, depth)), line, column)
    return Fields(_fields(lines, column, depth), line, column)


def _items(lines: list[_Line], column: int, depth: int) -> Iterator[Node]:
    while lines[-1][1] == column and lines[-1][2]:
        line, _, dash, name, gap, value = lines.pop()
        inner = column + len(dash)
        if name:  # a mapping begins behind the dash
            lines.append((line, inner, "", name, gap, value))
            yield _block(lines, depth - 1)
        else:
            yield _value(value, line, inner)


def _fields(lines: list[_Line], column: int, depth: int) -> dict[str, tuple[Scalar, Node]]:
    nodes: dict[str, tuple[Scalar, Node]] = {}
    while lines[-1][1] == column and not lines[-1][2]:
        line, _, _, name, gap, value = lines.pop()
        if not name or name in nodes:
            raise _NotPlainError
        key = Scalar(name, plain_type(name), line, column)
        _, following, dash, *_ = lines[-1]
        if not value and (following > column or (dash and following == column)):  # a list need not be indented
            nodes[name] = key, _block(lines, depth - 1)
        else:
            nodes[name] = key, _value(value, line, column + len(name) + 1 + len(gap))
    return nodes


def _value(written: str, line: int, column: int) -> Node:
    first = written[:1]
    if first == '"':
        return Scalar(written[1:-1], "str", line, column)
    if first == "'":
        return Scalar(written[1:-1].replace("''", "'"), "str", line, column)
    if first == "[":
        items = _ITEMS.finditer(written)
        return Items(tuple([_value(each[0], line, column + each.start()) for each in items]), line, column)
    if not first:  # where libyaml says that nothing stands is its own affair
        raise _NotPlainError
    return Scalar(written, plain_type(written), line, column)
