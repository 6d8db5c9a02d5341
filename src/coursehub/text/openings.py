"""The characters that a match of an expression can begin with: where another one is next, it need not be tried.

They are read from the expression as Python itself has parsed it, by a module that is not public. Whatever is not known
of that may begin with anything. https://github.com/python/cpython/blob/main/Lib/re/_parser.py
"""

import re
from collections.abc import Iterable
from typing import Any

OTHER = "other"  # stands for each character that is not ASCII
_ASCII = [*map(chr, range(128))]
_ALL = frozenset([*_ASCII, OTHER])
_NONE = frozenset[str]()
_EMPTY = frozenset([""])
ANYTHING = _ALL | _EMPTY
_MIXED = frozenset([*"iksIKS", OTHER])  # where case does not count, these may be another one: ı, K and ſ are
_CATEGORIES = {
    f"CATEGORY_{name}": frozenset([*filter(re.compile(category).match, _ASCII), OTHER])
    for name, category in (
        ("DIGIT", r"\d"), ("SPACE", r"\s"), ("WORD", r"\w"),
        ("NOT_DIGIT", r"\D"), ("NOT_SPACE", r"\S"), ("NOT_WORD", r"\W"),
    )
}  # fmt: skip


def openings(pattern: re.Pattern[str]) -> frozenset[str]:
    """The characters of ASCII, and `OTHER`, that a match may begin with; of one that may be empty, `ANYTHING`.

    There may be more of them than needed, but never fewer.
    """
    try:
        from re import _parser  # type: ignore[attr-defined]  # noqa: PLC0415
    except ImportError:
        return ANYTHING
    characters = _of_all(_parser.parse(pattern.pattern, pattern.flags))
    if pattern.flags & re.IGNORECASE:
        characters |= {each.swapcase() for each in characters}
        characters |= _NONE if characters.isdisjoint(_MIXED) else _MIXED
    return ANYTHING if "" in characters or pattern.flags & re.ASCII else characters


def _of_all(parts: Iterable[tuple[object, Any]]) -> frozenset[str]:
    """The openings of parts that follow each other, with `""` where they may all be empty."""
    characters = _EMPTY
    for kind, of in parts:
        if "" in characters:
            characters = characters - _EMPTY | _of_one(str(kind), of)
    return characters


def _of_one(kind: str, of: Any) -> frozenset[str]:  # noqa: ANN401
    match kind, of:
        case "LITERAL", code:
            return _between(code, code)
        case "NOT_LITERAL", code:
            return _but(_between(code, code))
        case "IN", members:
            characters = _NONE.union(*(_of_member(str(kind), of) for kind, of in members))
            return _but(characters) if str(members[0][0]) == "NEGATE" else characters
        case "BRANCH", (_, branches):
            return _NONE.union(*map(_of_all, branches))
        case "SUBPATTERN", (_, 0, 0, parts):  # it sets no flags
            return _of_all(parts)
        case "MAX_REPEAT" | "MIN_REPEAT", (least, _, parts):
            return _of_all(parts) | (_NONE if least else _EMPTY)
        case "AT" | "ASSERT" | "ASSERT_NOT", _:
            return _EMPTY
    return ANYTHING


def _of_member(kind: str, of: Any) -> frozenset[str]:  # noqa: ANN401
    match kind, of:
        case "LITERAL", code:
            return _between(code, code)
        case "RANGE", (low, high):
            return _between(low, high)
        case "CATEGORY", name:
            return _CATEGORIES[str(name)]
    return _NONE  # the sign that it is what is not in the class


def _between(low: int, high: int) -> frozenset[str]:
    return frozenset([*_ASCII[low : high + 1], *([OTHER] if high >= len(_ASCII) else [])])


def _but(characters: frozenset[str]) -> frozenset[str]:
    return _ALL - characters | {OTHER}
