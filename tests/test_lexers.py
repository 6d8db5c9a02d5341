"""Code is taken apart as Pygments does it, token by token, though most of a lexer's rules are not tried."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name

from coursehub.markdown.lexers import PLAIN, lexer_of

ROOT = Path(__file__).parents[1]
OFTEN = (
    "bash", "c", "cpp", "css", "docker", "go", "hcl", "html", "ini", "java", "javascript", "jinja", "json", "pycon", "python",
    "r", "rust", "sql", "toml", "typescript", "xml", "yaml",
)  # fmt: skip
# A text of this repository in a language, or near one.
FILES = {
    "python": "tests/test_render.py",
    "bash": ".ci/run",
    "javascript": "src/mkdocs_coursehub/static/assets/parts.js",
    "css": "src/mkdocs_coursehub/static/assets/menu.css",
    "html": "src/mkdocs_coursehub/theme/main.html",
    "yaml": ".github/workflows/publish.yml",
    "toml": "pyproject.toml",
    "ini": "pyproject.toml",
}
PIECES = [
    *" \t\n\"'\\#$%&*()[]{}<>/=-+.,:;!?@^~`|_aZ09éſ中", '"""', "//", "/*", "*/", "--", "${", "{{", "}}", "<!--", "-->",
    "def ", "class ", "if ", "import ", "select ", "function ", "return", "true", "EOF\n", "<<EOF\n", "0x1f", "1e-5", "\n  - ", "K",
]  # fmt: skip
EVERYTHING = "".join(f"{one}{other}" for one in PIECES for other in reversed(PIECES))


def assert_as_pygments_does_it(language: str, text: str) -> None:
    pygments_own = get_lexer_by_name(language, stripnl=False)
    assert list(lexer_of(language).get_tokens(text)) == list(pygments_own.get_tokens(text))


@pytest.mark.parametrize(("language", "path"), FILES.items())
def test_a_file_is_taken_apart(language: str, path: str) -> None:
    assert_as_pygments_does_it(language, (ROOT / path).read_text())


@given(st.sampled_from(OFTEN), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_is_taken_apart(language: str, text: str) -> None:
    assert_as_pygments_does_it(language, text)


@pytest.mark.slow
def test_every_language_is_taken_apart() -> None:
    names = [aliases[0] for _, aliases, _, _ in get_all_lexers(plugins=False) if aliases]
    assert len(names) > 400
    for name in names:
        assert_as_pygments_does_it(name, EVERYTHING[:400])  # in 600, that of “mcschema” goes round in a circle


def attempts(lexer: Lexer, text: str) -> int:
    """How often an expression is tried."""
    count = 0

    def profile(_: FrameType, event: str, called: Any) -> None:
        nonlocal count
        count += event == "c_call" and called.__name__ == "match"

    sys.setprofile(profile)
    try:
        list(lexer.get_tokens(text))
    finally:
        sys.setprofile(None)
    return count


def test_few_rules_are_tried() -> None:
    text = "def add(one, other):\n    return one + other  # and no more\n"
    ours, pygments_own = lexer_of("python"), get_lexer_by_name("python")
    list(ours.get_tokens(text))  # which looks up what can begin so
    assert 0 < attempts(ours, text) < attempts(pygments_own, text) / 8


def test_a_lexer_that_would_go_round_in_a_circle_ends() -> None:
    """That of Minecraft's schemas does in Pygments 2.21, at the beginning of a comment of HTML."""
    assert "".join(text for _, text in lexer_of("mcschema").get_tokens("int a\n<!-- b\nc\n")) == "int a\n<!-- b\nc\n"


def test_a_language_that_nobody_knows_is_plain_text() -> None:
    assert lexer_of("nonesuch") is PLAIN
