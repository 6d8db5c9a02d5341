"""An export: files that another renderer builds. What Zensical makes of them: exports.py, by `make renderers`."""

import re
import tomllib
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import hypothesis
import msgspec
import pytest
import renderers
import trees
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from coursehub.cli import main
from coursehub.exporting import markdown, settings, theme
from coursehub.site.front_matter import FrontMatter
from coursehub.site.page import Page
from coursehub.text import mkdocs_yaml, toml_writing

ROOT = Path(__file__).parents[1]
HUB = ROOT / "tests/fixtures/cli/hub.txt"
PATHS = frozenset(["index.md", "tools/index.md", "tools/dvc.md", "posts/F2026/dvc.md", "feed.xml", "a b.md"])


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    root = tmp_path / "hub"
    trees.write(trees.parse(HUB.read_text()), root)
    (root / "mkdocs.yml").write_text("site_name: Hub\ntheme: material\nplugins: [coursehub]\n")
    (root / "docs").mkdir(exist_ok=True)
    (root / "docs/about.md").write_text("# About\n")
    (root / "docs/.hidden").write_text("x")
    return root


def export(root: Path, folder: Path) -> Result:
    return CliRunner().invoke(main, ["export", str(folder), "--root", str(root)])


# The command


def test_an_export_has_all_pages_files_templates_and_settings(hub: Path, tmp_path: Path) -> None:
    done = export(hub, tmp_path / "new/export")
    assert done.exit_code == 0, done.output
    files = {
        path.relative_to(tmp_path / "new/export").as_posix()
        for path in (tmp_path / "new/export").rglob("*")
        if path.is_file()
    }
    assert files >= {
        "zensical.toml", "overrides/main.html", "overrides/post.html", "overrides/sitemap.xml", "docs/about.md", "docs/index.md",
        "docs/catalog.md", "docs/claims/index.md", "docs/tools/index.md", "docs/rules.md", "docs/statistics.md",
        "docs/posts/F2026/index.md", "docs/assets/hub.css",
    }  # fmt: skip
    assert not [each for each in files if ".hidden" in each]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["export"]
    written = tomllib.loads((tmp_path / "new/export/zensical.toml").read_text())["project"]
    assert (written["site_name"], written["theme"]["custom_dir"]) == ("Hub", "overrides")
    assert {"For staff": [{"Still to do": "progress.md"}]}.keys() <= {
        name for each in written["nav"] if isinstance(each, dict) for name in each
    }


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_what_is_there_is_left_alone(there: str, hub: Path, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    if there == "link":
        folder.symlink_to(tmp_path / "nowhere")
    elif there == "folder":
        folder.mkdir()
        (folder / "mine").write_text("mine")
    else:
        folder.write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    done = export(hub, folder)
    assert (done.exit_code, sorted(tmp_path.rglob("*"))) == (2, before)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("a: [", "mkdocs.yml: it cannot be read"),
        ("- a", "mkdocs.yml: it has no names and values"),
        (None, "mkdocs.yml is missing"),
    ],
)
def test_settings_that_can_not_be_read_are_an_error_in_words(
    settings: str | None, says: str, hub: Path, tmp_path: Path
) -> None:
    (hub / "mkdocs.yml").unlink()
    if settings is not None:
        (hub / "mkdocs.yml").write_text(settings)
    done = export(hub, tmp_path / "export")
    assert (done.exit_code, (tmp_path / "export").exists()) == (2, False)
    assert says in done.output


def test_hooks_and_plugins_of_the_course_are_named(hub: Path, tmp_path: Path) -> None:
    (hub / "mkdocs.yml").write_text(
        "site_name: Hub\nhooks: [hooks/check.py, hooks/my.py]\nplugins: [coursehub, {rss: {a: 1}}, search]\n"
    )
    output = export(hub, tmp_path / "export").output
    assert re.findall(r"no other renderer runs (\S+),", output) == ["hooks/my.py", "rss"]


# Its settings


def test_settings_of_the_course_go_before_those_of_the_package_or_beside_them() -> None:
    defaults = mkdocs_yaml.settings(theme.settings(), {})
    written = {
        "site_name": "Hub", "extra_css": ["my.css"], "markdown_extensions": ["abbr", {"toc": {"permalink": False}}],
        "theme": {"name": "material", "font": {"text": "Lato"}}, "extra": {"cards": True},
    }  # fmt: skip
    project = tomllib.loads(settings.zensical(defaults, written, [{"Home": "index.md"}, "b.md"], {"repo": ""}, "o"))[
        "project"
    ]
    assert project["nav"] == [{"Home": "index.md"}, "b.md"]
    assert project["extra_css"] == [*defaults["extra_css"], "my.css"]
    assert project["markdown_extensions"]["toc"] == {"permalink": False}
    assert project["markdown_extensions"].keys() == {*defaults["markdown_extensions"], "abbr"}
    assert (project["theme"]["font"], project["theme"]["features"]) == ({"text": "Lato"}, defaults["theme"]["features"])
    assert project["extra"] == {"preview": False, "cards": True, "comments": {"repo": ""}}
    assert "name" not in project["theme"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a: !ENV [X, true]\nb: !ENV Y\nc: !ENV [Z, '3']", {"a": True, "b": 7, "c": 3}),
        ("a: !!python/name:material.extensions.emoji.twemoji", {"a": "material.extensions.emoji.twemoji"}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ("", {}),
    ],
)
def test_settings_are_read_without_mkdocs(text: str, read: dict[str, Any]) -> None:
    assert mkdocs_yaml.settings(text, {"Y": "7"}) == read


VALUES = st.recursive(
    st.text() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@hypothesis.settings(max_examples=40)
@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_toml_is_read_as_it_was_meant(values: dict[str, Any]) -> None:
    assert tomllib.loads(toml_writing.table("a b", values)) == {"a b": values}


# Its pages


class Texts(HTMLParser):
    """Collects the elements and the texts of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(f"<{tag} {attrs}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def parts(html: str) -> str:
    texts = Texts()
    texts.feed(html)
    return "".join(texts.parts)


def split(text: str) -> tuple[dict[str, Any], str]:
    _, front, body = text.split("---\n", 2)
    return yaml.safe_load(front), body


def of_html(html: str, title: str = "T") -> str:
    return markdown.of_page(Page("a.md", FrontMatter(title, "D"), html, is_html=True), PATHS)


@given(
    st.lists(
        st.sampled_from(
            [
                "```",
                "~~~",
                "\n",
                "\t",
                "    ",
                "# ",
                "[x](y)",
                "[TOC]",
                "*",
                "&lt;",
                "&amp;",
                "{% raw %}",
                "!!! note",
                "[^1]:",
                "--",
                "| a |",
                "---",
                "$$",
                "`",
                "<b>b</b>",
                "<pre>\n\n  x</pre>",
                "a",
            ]
        ),
        max_size=12,
    )
)
def test_no_engine_finds_markdown_in_what_is_html_already(pieces: list[str]) -> None:
    html = f"<p>{''.join(pieces)}</p>"
    _, body = split(of_html(html))
    defaults = mkdocs_yaml.settings(theme.settings(), {})["markdown_extensions"]
    converted = Markdown(
        extensions=[*defaults], extension_configs={name: each or {} for name, each in defaults.items()}
    ).convert(body)
    assert parts(converted).strip() == parts(f"<div>\n{html}\n</div>").strip()


def test_a_block_of_html_has_no_blank_line_at_which_others_would_end_it() -> None:
    _, body = split(of_html("<pre>a\n\n\nb</pre>\n\n<p\n\n class='x'>c</p>"))
    assert re.findall(r"\n\s*\n", body.strip()) == []


def test_title_and_description_are_escaped_for_themes() -> None:
    title = "<script>alert(1)</script> --- 'a': [b"
    meta, _ = split(of_html("<p>x</p>", title))
    assert meta == {"title": "&lt;script&gt;alert(1)&lt;/script&gt; --- &#x27;a&#x27;: [b", "description": "D"}
    assert unescape(meta["title"]) == title


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("../", "index.md"), ("../../", "../index.md"), ("../dvc/", "dvc.md"), ("../dvc/?a=1#b", "dvc.md?a=1#b"),
        ("../../?tool=A&amp;b", "../index.md?tool=A&amp;b"), ("../../feed.xml", "../feed.xml"), ("../../a%20b/", "../a%20b.md"),
        ("#x", "#x"), ("https://example.org/tools/dvc/", "https://example.org/tools/dvc/"), ("../nowhere/", "../nowhere/"),
        ("http://[x", "http://[x"), ("//example.org/", "//example.org/"), ("?a", "?a"),
    ],
)  # fmt: skip
def test_links_in_html_lead_from_file_to_file(address: str, written: str) -> None:
    page = Page("tools/mlflow.md", FrontMatter("T", "D"), f'<p><a href="{address}">x</a></p>', is_html=True)
    assert f'href="{written}"' in markdown.of_page(page, PATHS)


def test_a_post_is_html_that_was_cleaned_and_its_headings_are_in_the_front_matter() -> None:
    text = "## One\n\n[a](dvc.md) <script>alert(1)</script> ![p](dvc/p.png)\n\n### Two\n\n~~~\n```\n~~~\n"
    meta, body = split(
        markdown.of_page(
            Page("posts/F2026/kedro.md", FrontMatter("T", "D"), text, source="posts/F2026/kedro.md"), PATHS
        )
    )
    assert meta["contents"] == [
        {"title": "One", "url": "#one", "children": [{"title": "Two", "url": "#two", "children": []}]}
    ]
    assert 'href="dvc.md"' in body and 'src="dvc/p.png"' in body
    assert "<script" not in body and "```" not in body


# The comparison


def site(root: Path, text: str = "Words of a page", link: str = "../", entry: str = "text", feed: str = "feed") -> Path:
    (root / "a").mkdir(parents=True)
    (root / "search").mkdir()
    (root / "a/index.html").write_text(
        f'<body><article><p>{text}</p><a href="{link}">x</a><script>no</script></article>footer</body>'
    )
    (root / "feed.xml").write_text(feed)
    index = {"config": {}, "docs": [{"location": "a/", "title": "A", "text": entry}]}
    (root / "search/search_index.json").write_bytes(msgspec.json.encode(index))
    return root


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, []),
        ({"text": "Words  of <b>a</b>\npage"}, []),
        ({"text": "Words of another page"}, ["a/index.html: after “Words of” ours has “a”, theirs “another”"]),
        ({"text": ""}, ["a/index.html: after “” ours has “Words of a page”, theirs “”"]),
        ({"link": "/"}, []),
        ({"link": "b/"}, ["a/index.html: theirs has no link to https://site.example/"]),
        ({"feed": "other"}, ["feed.xml: theirs has other bytes"]),
        ({"entry": "other"}, ["search: “a/” differs: ours {'location': 'a/', 'title': 'A', 'text': 'text'}, theirs {'location': 'a/', 'title': 'A', 'text': 'other'}"]),
    ],
)  # fmt: skip
def test_sites_are_compared_in_words(changes: dict[str, str], says: list[str], tmp_path: Path) -> None:
    ours, theirs = site(tmp_path / "ours"), site(tmp_path / "theirs", **changes)
    assert [*renderers.differences(ours, theirs, renderers.MATERIALX)] == says


def test_a_page_that_one_site_has_alone_is_named(tmp_path: Path) -> None:
    ours, theirs = site(tmp_path / "ours"), site(tmp_path / "theirs")
    (theirs / "b.html").write_text("")
    (ours / "c.json").write_text("")
    assert [*renderers.differences(ours, theirs, renderers.ZENSICAL)] == [
        "b.html: only theirs has this page",
        "c.json: only ours has this file",
    ]
