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
    env.globals["text"] = Path("env.txt").read_text()
    return env

def on_page_context(context, page, **_):
    page.meta["later"] = Path("later.txt").read_text()
    return {**context, "own": Path("context.txt").read_text()}

def on_post_build(config):
    page = Path(config.site_dir, "index.html")
    page.write_text(page.read_text().replace("</body>", Path("site.txt").read_text() + "</body>"))
""",
    "hooks/words.py": "WORD = 'module-first'\n",
    "meta.txt": "meta-first",
    "env.txt": "env-first",
    "later.txt": "later-first",
    "context.txt": "context-first",
    "site.txt": "site-first",
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
    "overrides/partials/content.html": "{{ page.meta.notice }} {{ page.content }} {{ word }} {{ text }} {{ page.meta.later }} {{ own }}",
    "docs/other.md": "# Other\n",
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
        "hooks/words.py": "module", "env.txt": "env", "later.txt": "later", "context.txt": "context", "site.txt": "site",
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
    other = root / "site/other/index.html"
    before = other.stat().st_mtime_ns
    assert (shown(root), other.stat().st_mtime_ns) == (expected, before)


def test_what_a_function_of_a_hook_reads_while_a_page_is_rendered_counts(root: Path) -> None:
    (root / "called.txt").write_text("called-first ")
    with (root / "hooks/own.py").open("a") as hooks:
        hooks.write("\nbefore = on_env\n\ndef on_env(env, **_):\n")
        hooks.write("    env.filters['called'] = lambda _: Path('called.txt').read_text()\n    return before(env)\n")
    sites.edit(root / "overrides/partials/content.html", "{{ own }}", "{{ '' | called }}{{ own | called }}")
    assert shown(root).count("called-first") == 2
    (root / "called.txt").write_text("called-then ")
    assert shown(root).count("called-then") == 2
