"""Regular expressions do what they say on every Python that Course Hub is for."""

import ast
import re
from pathlib import Path

from modules import nodes

ROOT = Path(__file__).parents[1]
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[\d,]+\})\+")


def test_no_group_is_repeated_possessively() -> None:
    """Pythons before 3.11.5 get that wrong, Debian 12's among them; `(?>(?:…)*)` means what `(?:…)*+` does.

    https://github.com/python/cpython/issues/106052
    """
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if "(?" in node.value and POSSESSIVE_GROUP.search(node.value)
    ]
    assert wrong == []
