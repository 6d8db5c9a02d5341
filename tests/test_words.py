"""Names and docstrings that one can skim, and pages and messages in plain English: the words that do not come back."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from modules import nodes
from pages import MANUAL_FILES

ROOT = Path(__file__).parents[1]
FOLDERS = ("src", "hooks", "tools", "benchmarks", "tests")
# A thing is named by what it holds, not by what was done to it; only people tell and say.
NAMES = {"found", "gone", "kept", "left", "made", "said", "taken", "tell", "tells", "told"}
# A docstring opens with the noun that is returned, or with a verb.
OPENINGS = re.compile(r"(What|The same)\b")
WORDS = re.compile(
    r"\b(of equals|mend(s|ed|ing)?|lets? go|stands? (at|in|on|there|beside|above|below))\b", re.IGNORECASE
)

# What nobody says to a friend, and what to say instead.
STIFF = {
    r"mend(s|ed|ing)?": "fix",
    r"can not": "cannot",
    r"anew": "again",
    r"whoever": "anybody who, or you",
    r"of whom|of equals|whence|thereof": "a sentence of its own",
    r"lets? go": "give up, or remove",
    r"stands? (already|in(?! for)|at|on|there|here|before|above|below)": "is",
    r"(?<!-)tells(?!-)|nothing to tell": "says, shows",
    r"(is|are) (told|asked for again)": "you see, it asks again",
    r"some minutes later": "a few minutes later",
}
INSTEAD = [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), plain) for words, plain in STIFF.items()]
PAGES = [
    ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / ".github/pull_request_template.md", *MANUAL_FILES,
    *(ROOT / "src/mkdocs_coursehub/theme").rglob("*.html"), *(ROOT / "src/coursehub").glob("*/templates/*"),
]  # fmt: skip
SCRIPTS = [path for path in (ROOT / "src/mkdocs_coursehub/static/assets").glob("*.js") if path.name != "letters.js"]
SAYS = re.compile(r"\w+ \w+ \w+")  # a text of several words is read by people


def names(tree: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    for node in tree:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name


def docstrings(tree: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    for node in tree:
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and (text := ast.get_docstring(node)):
            yield node.body[0].lineno, text


@pytest.mark.parametrize("folder", FOLDERS)
def test_names_and_docstrings_can_be_skimmed(folder: str) -> None:
    poor = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        tree = nodes(path)
        place = path.relative_to(ROOT)
        poor += [f"{place}:{line}: the name {name}" for line, name in names(tree) if name.lstrip("_") in NAMES]
        for line, text in docstrings(tree):
            poor += [
                f"{place}:{line}: a docstring opens with “{match[0]}”" for match in [OPENINGS.match(text)] if match
            ]
            poor += [f"{place}:{line}: “{match[0]}” in a docstring" for match in WORDS.finditer(text)]
    assert poor == []


def messages(tree: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """The texts in a module, but for its docstrings; those of rules are a page of the site."""
    silent = {
        id(node.body[0].value)
        for node in tree
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and isinstance(node.body[0], ast.Expr)
        and not any("rule" in ast.unparse(each) for each in getattr(node, "decorator_list", ()))
    }
    for node in tree:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


def texts() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        for number, line in enumerate(
            re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL).split("\n"), 1
        ):
            yield f"{path.relative_to(ROOT)}:{number}", line
    for path in SCRIPTS:
        for text in re.findall(
            r"\"[^\"\n]*\"|`[^`\n]*`", re.sub(r"//.*|/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        ):
            yield f"{path.relative_to(ROOT)}", text
    for path in sorted((ROOT / "src/coursehub").rglob("*.py")):
        for line, text in messages(nodes(path)):
            if SAYS.search(text):
                yield f"{path.relative_to(ROOT)}:{line}", text


def test_pages_and_messages_are_in_plain_english() -> None:
    stiff = [
        f"{place}: “{match[0]}”, rather {plain}"
        for place, text in texts()
        for words, plain in INSTEAD
        for match in words.finditer(text)
    ]
    assert stiff == []
