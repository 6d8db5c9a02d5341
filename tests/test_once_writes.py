"""A build writes the files that changed, and no other: those keep the time of their last change."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mkdocs
import pytest
import sites
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import _RelativePathTreeprocessor
from mkdocs.theme import Theme

from mkdocs_once.conversion import check_mkdocs
from mkdocs_once.dependencies import Templates

pytestmark = pytest.mark.slow

ALWAYS = {"404.html", "sitemap.xml", "sitemap.xml.gz", "search/search_index.json"}
POST, OTHER = "posts/F2026/wibbleflow", "posts/F2025/wibbleflow"
TOOL = "tools/wibbleflow"


def times(built: sites.Build) -> dict[str, int]:
    return {path: (built.site / path).stat().st_mtime_ns for path in built.files()}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("written") / "repository"
    sites.copy(root, "sound")
    assert sites.build(root).code == 0
    return root


@pytest.fixture
def written(root: Path) -> Callable[[], set[str]]:
    """The files that the next build writes, without those that every build writes."""
    built = sites.build(root)
    before = times(built)

    def build() -> set[str]:
        after = times(sites.build(root))
        return {path for path in after if after[path] != before.get(path)} - ALWAYS

    return build


def pages(*addresses: str) -> set[str]:
    return {f"{address}/index.html" for address in addresses}


def test_nothing_where_nothing_changed(written: Callable[[], set[str]]) -> None:
    assert written() == set()


def test_one_page_for_one_sentence(root: Path, written: Callable[[], set[str]]) -> None:
    with (root / f"{POST}.md").open("a") as post:
        post.write("\nOne sentence more.\n")
    assert written() == pages(POST)


def test_one_page_of_the_documentation(root: Path, written: Callable[[], set[str]]) -> None:
    with (root / "docs/commands.md").open("a") as page:
        page.write("\nOne sentence more.\n")
    assert written() == pages("commands")


def test_all_posts_and_no_other_page_for_their_template(root: Path, written: Callable[[], set[str]]) -> None:
    sites.edit(sites.own_template(root, "post.html"), 'class="hub-lead"', 'class="hub-lead changed"')
    posts = {path.removesuffix(".md") for path in map(str, (root / "posts").rglob("*.md"))}
    changed = written()
    assert pages(POST, OTHER) <= changed
    assert {path for path in changed if str(root / path).removesuffix("/index.html") not in posts} == set()


def test_what_shows_a_title_for_a_new_title(root: Path, written: Callable[[], set[str]]) -> None:
    sites.edit(root / f"{OTHER}.md", "title: Wibbleflow, a year ago", "title: Wibbleflow, long ago")
    changed = written()
    assert pages(OTHER, POST, TOOL, "catalog", "posts/F2025", "authors/ada-example") <= changed
    assert not changed & pages("posts/F2026/pandera", "tools/pandera", "grading", "rules", "posts/S2024")


def test_what_names_a_tool_for_its_new_name(root: Path, written: Callable[[], set[str]]) -> None:
    sites.edit(
        root / "data/tools.yaml",
        "{name: Great Expectations,",
        "{name: Greater Expectations,",
    )
    changed = written()
    assert pages("tools/great-expectations", "tools") | {"api/posts.json"} <= changed
    assert not changed & pages(POST, OTHER, "grading", "rules")


def test_every_page_for_the_sites_name(root: Path, written: Callable[[], set[str]]) -> None:
    sites.edit(root / "mkdocs.yml", "site_name: Course Hub", "site_name: Another Hub")
    assert pages(POST, OTHER, TOOL, "grading", "rules", "catalog") <= written()


def test_the_pages_of_the_navigation_for_new_labels_in_it(root: Path, written: Callable[[], set[str]]) -> None:
    sites.edit(root / "mkdocs.yml", "  - For students:\n", "  - For those who learn:\n")
    sites.edit(root / "mkdocs.yml", "      - Grading: ", "      - How to grade: ")
    assert pages(POST, TOOL, "grading", "rules", "claims", "catalog", "statistics") <= written()
    for path in ("grading/index.html", "rules/index.html", f"{POST}/index.html"):
        page = (root / "site" / path).read_text()
        assert ("For those who learn" in page, "How to grade" in page) == (True, True), path


def test_a_file_that_somebody_changed_is_made_good(root: Path, written: Callable[[], set[str]]) -> None:
    (root / "site/grading/index.html").write_text("Somebody was here.")
    written()
    assert "Somebody" not in (root / "site/grading/index.html").read_text()


def test_what_is_no_more_is_taken_away(root: Path) -> None:
    stray = root / "site/posts/F2019/stray/index.html"
    stray.parent.mkdir(parents=True)
    stray.write_text("left over")
    hidden = root / "site/.nojekyll"
    hidden.touch()
    sites.build(root)
    assert (stray.parent.exists(), hidden.exists()) == (False, True)
    hidden.unlink()


def with_hook(root: Path, code: str) -> Path:
    """A course with one more hook."""
    sites.copy(root, "sound")
    sites.keep_few_earlier(root)
    (root / "hooks/more.py").write_text(code)
    sites.edit(root / "mkdocs.yml", "[hooks/check.py]", "[hooks/check.py, hooks/more.py]")
    return root


def test_what_another_hook_changes_is_shown_and_found(tmp_path: Path) -> None:
    root = with_hook(
        tmp_path / "repository",
        "def on_page_markdown(markdown, page, **_):\n"
        "    return f'{markdown}\\n\\nZebrafish.\\n' if 'grading' in page.url else markdown\n",
    )
    for _ in range(2):  # the second time, other pages come from the store
        built = sites.build(root)
        assert set(built.mentions(b"Zebrafish")) == {"grading/index.html", "search/search_index.json"}


@pytest.mark.parametrize("before", [
    "",
    "def on_page_context(context, page, **_):\n    context['more'] = page.url\n",  # then no page has a frame
])  # fmt: skip
def test_new_labels_are_in_the_navigation_of_all_pages(before: str, tmp_path: Path) -> None:
    root = with_hook(tmp_path / "repository", before)
    assert sites.build(root).code == 0
    sites.edit(root / "mkdocs.yml", "      - Grading: ", "      - How to grade: ")
    built = sites.build(root)
    without = {
        path for path in built.mentions(b"md-nav__link") if b"How to grade" not in (built.site / path).read_bytes()
    }
    assert {path for path in without if path.endswith(".html")} == set()


def test_what_looks_at_each_page_sees_those_that_did_not_change(tmp_path: Path) -> None:
    root = with_hook(
        tmp_path / "repository",
        "seen = []\n"
        "def on_page_context(context, page, **_):\n"
        "    seen.append(page.url)\n"
        "def on_post_build(config, **_):\n"
        "    open('seen.txt', 'w').write(' '.join(sorted(set(seen))))\n",
    )
    seen = []
    for _ in range(2):
        sites.build(root, "--strict")
        seen.append((root / "seen.txt").read_text().split(" "))
    assert seen[0] == seen[1]
    assert f"{POST}/" in seen[0]


def test_each_page_shows_what_is_its_own_wherever_a_template_of_the_course_asks_for_it(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    sites.copy(root, "sound")
    sites.keep_few_earlier(root)
    template = sites.own_template(root, "post.html")
    post = template.read_text()
    (root / "hooks/more.py").write_text(
        "def on_page_context(context, page, **_):\n    return {**context, 'own': page.url}\n"
    )
    for asked, hooks in (("page.url", "[hooks/check.py]"), ("own", "[hooks/check.py, hooks/more.py]")):
        template.write_text(f"{post}{{% block announce %}}This is {{{{ {asked} }}}}.{{% endblock %}}")
        sites.edit(root / "mkdocs.yml", "hooks: [hooks/check.py]", f"hooks: {hooks}")
        site = sites.build(root, "--strict").site
        for address in (POST, OTHER):
            assert f"This is {address}/." in (site / address / "index.html").read_text()


def test_a_page_that_the_cache_lost_meanwhile_is_made_again_and_found(root: Path) -> None:
    before = sites.build(root).files()
    with sqlite3.connect(root / ".cache/pages.sqlite") as cache:  # of pages only, whose keys are plain hashes
        assert cache.execute("UPDATE kept SET digest = zeroblob(16) WHERE length(key) = 32").rowcount > len(ALWAYS)
    cache.close()
    shutil.rmtree(root / "site")
    built = sites.build(root)
    assert "a value in it is not what was put in" in built.output
    assert built.files() == before


def test_a_link_to_a_heading_that_is_gone_is_said_of_a_page_that_did_not_change(root: Path) -> None:
    (root / "docs/linking.md").write_text("[There](linked.md#there)\n")
    (root / "docs/linked.md").write_text("# Linked\n\n## There\n")
    try:
        assert "linking.md" not in sites.build(root).output
        (root / "docs/linked.md").write_text("# Linked\n\n## Elsewhere\n")
        for _ in range(2):  # also where nothing changed at all
            assert "linking.md' contains a link 'linked.md#there'" in sites.build(root).output
    finally:
        (root / "docs/linking.md").unlink()
        (root / "docs/linked.md").unlink()


def test_a_build_that_fails_leaves_the_site_as_it_was(root: Path) -> None:
    before = sites.build(root).files()
    (root / "docs/broken.md").write_text("[nowhere](nowhere.md)\n")
    template = sites.own_template(root, "post.html")
    sites.edit(template, "{% set post", "{% nonsense %}{% set post")
    failed = sites.build(root)
    (root / "docs/broken.md").unlink()
    sites.edit(template, "{% nonsense %}{% set post", "{% set post")
    assert failed.code != 0
    assert failed.files() == before
    assert sites.build(root).files() == before


def test_a_build_that_somebody_stops_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    root = with_hook(tmp_path / "repository", "")
    before = sites.build(root).files()
    hook = "import signal\n\n\ndef on_page_context(context, **_):\n    signal.raise_signal(signal.SIGINT)  # as Ctrl-C does\n"
    (root / "hooks/more.py").write_text(hook)
    stopped = sites.build(root)
    assert (stopped.code, stopped.output.splitlines()[-1], stopped.files()) == (1, "Aborted!", before)
    assert not (root / ".site-before").exists()


def test_a_build_beside_another_waits_for_its_end(tmp_path: Path) -> None:
    root = with_hook(
        tmp_path / "repository",
        "import os\n"
        "def on_files(files, **_):\n"
        "    if os.environ.get('STOPS'):\n"
        "        print('it stops here', flush=True)\n"
        "        input()\n",
    )
    assert sites.build(root).code == 0
    with (root / f"{POST}.md").open("a") as post:
        post.write("\nOne sentence more.\n")

    def begin(until: str, **more: str) -> subprocess.Popen[str]:
        building = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "build"], cwd=root, env=sites.environment(**more), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert building.stdout
        assert any(until in line for line in building.stdout)
        return building

    with begin("it stops here", STOPS="1") as first, begin("Another build writes into") as second:
        assert "this one" not in first.communicate("\n", timeout=120)[0]
        second.communicate(timeout=120)
    assert (first.returncode, second.returncode) == (0, 0)
    both = sites.Build(str(root), 0, "").files()
    shutil.rmtree(root / "site")
    shutil.rmtree(root / ".cache")
    assert both == sites.build(root).files()


def test_a_mkdocs_that_it_was_not_written_for_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    check_mkdocs()
    monkeypatch.setattr(mkdocs, "__version__", "1.6.9")
    check_mkdocs()  # a number is no reason
    monkeypatch.delattr(_RelativePathTreeprocessor, "path_to_url")
    message = (
        r"uses _RelativePathTreeprocessor of MkDocs, which 1\.6\.9 does not have: .* take “once” out of mkdocs\.yml"
    )
    with pytest.raises(PluginError, match=message):
        check_mkdocs()


def test_a_site_without_a_search_is_refused_in_words(tmp_path: Path) -> None:
    """For the pages hide from the theme's search, which gets their entries in another way."""
    root = tmp_path / "hub"
    sites.copy(root)
    sites.keep_few_earlier(root)
    sites.edit(root / "mkdocs.yml", "plugins: [coursehub]", "plugins: [once]")
    without = sites.build(root)
    assert without.code == 1
    assert "fills the index of Material's search, and mkdocs.yml has no such plugin: add “- search”" in without.output
    sites.edit(root / "mkdocs.yml", "plugins: [once]", "plugins: [coursehub, search: {enabled: false}]")
    assert sites.build(root, "--strict").code == 0


TEMPLATES = {
    "post.html": '{% extends "main.html" %}{% include "partials/facts.html" %}',
    "home.html": "{%- extends 'main.html' -%}",
    "list.html": '{% extends "home.html" if page else "post.html" %}',
    "main.html": '{% extends "base.html" %}{% include ".icons/" ~ icon ~ ".svg" %}',
    "partials/facts.html": '{% import "macros.html" as macros %}',
    "macros.html": "{# shared #}",
    ".icons/one.svg": "<svg/>",
}


@pytest.mark.parametrize(
    ("template", "changed", "is_another"),
    [
        ("post.html", "post.html", True),
        ("post.html", "main.html", True),
        ("post.html", "macros.html", True),  # by way of a part
        ("post.html", "home.html", False),
        ("home.html", "partials/facts.html", True),  # any part may be asked for by the theme
        ("home.html", ".icons/one.svg", True),
        ("home.html", "post.html", False),
        ("list.html", "post.html", True),  # a name that is worked out may be any
        ("blog.html", "home.html", True),  # a template of the theme
    ],
)
def test_a_template_depends_on_what_it_can_name(tmp_path: Path, template: str, changed: str, is_another: bool) -> None:
    for name, text in TEMPLATES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    theme = Theme(name="material", custom_dir=str(tmp_path))
    before = Templates(theme).digest(template)
    with (tmp_path / changed).open("a") as file:
        file.write("<!-- changed -->")
    assert (Templates(theme).digest(template) != before) is is_another


@pytest.mark.parametrize(("changed", "is_another"), [("partials/facts.html", True), ("post.html", False)])
def test_a_template_depends_on_those_of_a_plugin_behind_the_courses_own(
    tmp_path: Path, changed: str, is_another: bool
) -> None:
    for name, text in {
        **{f"plugin/{name}": text for name, text in TEMPLATES.items()},
        "own/post.html": TEMPLATES["post.html"],
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    theme = Theme(name="material", custom_dir=str(tmp_path / "own"))
    theme.dirs.insert(1, str(tmp_path / "plugin"))
    before = Templates(theme).digest("post.html")
    (tmp_path / "plugin" / changed).write_text("<!-- changed -->")
    assert (Templates(theme).digest("post.html") != before) is is_another
