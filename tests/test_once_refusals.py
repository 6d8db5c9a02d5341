"""A file of a course's own that cannot be made into a page stops the build, and one line says where, why, and what to do."""

import os
import subprocess
import sys
from pathlib import Path

import needs
import pytest
import sites

pytestmark = pytest.mark.slow

SETTINGS = """
site_name: Own
repo_url: https://example.org/own
nav: [index.md]
theme: {name: material, custom_dir: overrides}
plugins: [search: {enabled: false}, once]
"""
SOURCE = "overrides/partials/source.html"  # which the theme's header has in each page
CASES: list[tuple[str, bytes, str]] = [
    ("docs/a.md", b"# A\n\nCaf\xe9", "docs/a.md:3: the byte 0xe9 is no UTF-8: save the file as UTF-8."),
    ("docs/a.md", b"---\nhide: 3\n---\n", "docs/a.md: “hide: 3” in its front matter; hide has to be a list, such as [navigation, toc]."),
    ("docs/a.md", b"---\nsearch: no\n---\n", "docs/a.md: “search: False” in its front matter; search has to be settings, such as {exclude: true}."),
    ("docs/a.md", b"---\ntemplate: [a]\n---\n", "docs/a.md: “template: ['a']” in its front matter; template has to be the name of a template."),
    ("docs/a.md", b"---\ntemplate: a.html\n---\n", "docs/a.md: there is no template “a.html”, which its front matter names."),
    ("overrides/main.html", b"{% extends 'base.html' %}\n\n{% blok %}", "overrides/main.html:3: Encountered unknown tag 'blok'. (TemplateSyntaxError)"),
    (SOURCE, b"<p>\n{{ nothing.at.all }}</p>", f"{SOURCE}:2: 'nothing' is undefined (UndefinedError)"),
    (SOURCE, b"<p>\n{{ 1 / 0 }}</p>", f"{SOURCE}:2: division by zero (ZeroDivisionError)"),
    (SOURCE, b"<p>\nCaf\xe9</p>", f"{SOURCE}:2: the byte 0xe9 is no UTF-8: save the file as UTF-8."),
    ("overrides/404.html", b"\n{% if %}", "overrides/404.html:2: Expected an expression, got 'end of statement block' (TemplateSyntaxError)"),
]  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("docs", "overrides/partials"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text(SETTINGS)
    (tmp_path / "docs/index.md").write_text("# Home\n")
    return tmp_path


def refused(root: Path) -> list[str]:
    """The errors that a build prints which fails without a traceback."""
    built = sites.build(root)
    assert (built.code, "Traceback" in built.output) == (1, False), built.output
    return [line.removeprefix("ERROR   -  ") for line in built.output.splitlines() if line.startswith("ERROR")]


@pytest.mark.parametrize(("path", "content", "message"), CASES)
def test_a_page_or_a_template_that_is_wrong_is_named_with_its_line(
    path: str, content: bytes, message: str, root: Path
) -> None:
    (root / path).write_bytes(content)
    assert refused(root)[-1] == message


def test_a_file_that_leads_nowhere_is_named(root: Path) -> None:
    (root / "docs/a.png").symlink_to("nowhere.png")
    assert refused(root) == ["docs/a.png cannot be read: No such file or directory."]
    (root / "docs/a.md").symlink_to("nowhere.md")
    assert refused(root)[-1] == "docs/a.md cannot be read: No such file or directory."


@needs.SHELL
def test_a_disk_that_is_full_is_said_in_a_sentence(root: Path) -> None:
    """For a file that is larger than any may be, the system has an error of the same kind."""
    command = f'ulimit -f 1 && exec "{sys.executable}" -m mkdocs build'
    built = subprocess.run(
        ["sh", "-c", command], cwd=root, env=sites.environment(), capture_output=True, check=False, text=True
    )
    assert (built.returncode, "Traceback" in built.stderr) == (1, False), built.stderr
    assert built.stderr.splitlines()[-1].endswith(" cannot be read or written: File too large."), built.stderr


@needs.RAW_NAMES
def test_a_name_that_is_no_text_is_shown_and_refused(root: Path) -> None:
    (root / os.fsdecode(b"docs/caf\xe9.md")).write_text("# Café\n")
    assert refused(root) == [r"docs: the name caf\xe9.md is no UTF-8: rename the file."]


def test_an_error_in_code_is_shown_where_it_is_though_a_template_calls_it(root: Path) -> None:
    (root / "mkdocs.yml").write_text(f"{SETTINGS}hooks: [own.py]\n")
    (root / "own.py").write_text(
        "def on_env(env, **_):\n    env.filters['own'] = lambda text: text.nothing\n    return env\n"
    )
    (root / SOURCE).write_text("{{ 'a' | own }}")
    built = sites.build(root)
    assert built.code == 1
    assert 'own.py", line 2, in <lambda>' in built.output


def test_pages_may_have_titles_that_are_no_texts_and_characters_that_nobody_sees(root: Path) -> None:
    (root / "docs/a.md").write_bytes(b"---\ntitle: 2026-11-03\nhide: toc\n---\nA\0 b.\n\n## C\0 d\n")
    built = sites.build(root)
    assert built.code == 0, built.output
    assert built.page("a").text("article") == "2026-11-03 A b. C d"
    assert built.page("a").title == "2026-11-03 - Own"
