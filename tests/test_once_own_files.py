"""A page is made again where a course's own code, or a file that this reads, has changed."""

from pathlib import Path

import pytest
import sites

pytestmark = pytest.mark.slow

FILES = {
    "mkdocs.yml": """
site_name: Own
theme: {name: material, custom_dir: overrides}
hooks: [hooks/own.py]
plugins: [search: {enabled: false}, once]
markdown_extensions: [adding, pymdownx.snippets]
""",
    "hooks/own.py": """
from pathlib import Path
import words

def on_page_markdown(markdown, page, **_):
    page.meta["notice"] = Path("meta.txt").read_text()

def on_page_content(html, **_):
    return f"{html} {Path('content.txt').read_text()}"

def on_env(env, **_):
    env.globals["word"] = words.WORD
    return env
""",
    "hooks/words.py": "WORD = 'module-first'\n",
    "meta.txt": "meta-first",
    "content.txt": "content-first",
    "snippet.md": "snippet-first\n",
    "adding.py": """
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

class Adding(Extension, Preprocessor):
    def __init__(self, **settings):
        Extension.__init__(self, **settings)

    def extendMarkdown(self, md):
        md.preprocessors.register(self, "adding", 0)

    def run(self, lines):
        return [*lines, "", "extension-first"]

makeExtension = Adding
""",
    "overrides/partials/content.html": "{{ page.meta.notice }} {{ page.content }} {{ word }}",
    "docs/index.md": '# Home\n\n--8<-- "snippet.md"\n',
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("own") / "site"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def shown(root: Path) -> list[str]:
    """The words of the page that a file of the course's own has put there, in their order."""
    built = sites.build(root, PYTHONPATH=str(root), PYTHONDONTWRITEBYTECODE="1")
    assert built.code == 0, built.output
    return [word for word in built.page(".").text("body").split() if word.endswith(("-first", "-then"))]


def test_files_of_the_courses_own_count_alone_and_with_what_they_import_or_read(root: Path) -> None:
    words = {
        "meta.txt": "meta", "snippet.md": "snippet", "adding.py": "extension", "content.txt": "content",
        "hooks/words.py": "module",
    }  # fmt: skip
    expected = [f"{word}-first" for word in words.values()]
    assert shown(root) == expected
    for number, (path, word) in enumerate(words.items()):
        sites.edit(root / path, "first", "then")
        expected[number] = f"{word}-then"
        assert shown(root) == expected, path
    (root / "snippet.md").unlink()
    assert "snippet-then" not in shown(root)
    (root / "snippet.md").write_text("snippet-then\n")
    assert shown(root) == expected
    page = root / "site/index.html"
    before = page.stat().st_mtime_ns
    assert (shown(root), page.stat().st_mtime_ns) == (expected, before)
