"""Names and docstrings that one can skim: the words that do not come back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("src", "hooks", "tools", "benchmarks", "tests")
# A thing is named by what it holds, not by what was done to it; only people tell and say.
NAMES = {"found", "gone", "kept", "left", "made", "said", "taken", "tell", "tells", "told"}
# A docstring opens with the noun that is returned, or with a verb.
OPENINGS = re.compile(r"(What|The same)\b")
WORDS = re.compile(
    r"\b(of equals|mend(s|ed|ing)?|lets? go|stands? (at|in|on|there|beside|above|below))\b", re.IGNORECASE
)


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and (text := ast.get_docstring(node)):
            yield node.body[0].lineno, text


@pytest.mark.parametrize("folder", FOLDERS)
def test_names_and_docstrings_can_be_skimmed(folder: str) -> None:
    poor = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        place = path.relative_to(ROOT)
        poor += [f"{place}:{line}: the name {name}" for line, name in names(tree) if name.lstrip("_") in NAMES]
        for line, text in docstrings(tree):
            poor += [
                f"{place}:{line}: a docstring opens with “{match[0]}”" for match in [OPENINGS.match(text)] if match
            ]
            poor += [f"{place}:{line}: “{match[0]}” in a docstring" for match in WORDS.finditer(text)]
    assert poor == []
