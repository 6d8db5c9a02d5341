"""The search entries are those of Material's own plugin, which parses the same HTML here."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from growth import TIMES, growth
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from material.plugins.search.plugin import Parser
from mkdocs.exceptions import PluginError
from mkdocs.plugins import PluginCollection
from mkdocs.structure.files import Files
from pages import MANUAL_FILES
from sites import HUB

from mkdocs_once import search
from mkdocs_once.search import entries, sections

ROOT = Path(__file__).parents[1]
# Without speed.md: of an excluded chart, Material's parser leaves out only what comes before the first inner </svg>.
TEXTS = sorted({*HUB.glob("posts/*/*.md"), *HUB.glob("docs/*.md"), *MANUAL_FILES} - {ROOT / "docs/speed.md"})
MARKDOWN = ["admonition", "footnotes", "tables", "toc", "pymdownx.highlight", "pymdownx.superfences"]


def as_material_has_it(html: str) -> list[tuple[str, str, str]]:
    parser = Parser()
    parser.feed(html)
    parser.close()
    return [
        (section.id or "", *("".join(parts) for parts in (section.title, section.text)))
        for section in parser.data if not section.is_excluded()
    ]  # fmt: skip


def as_we_have_it(html: str) -> list[tuple[str, str, str]]:
    return [(section.anchor, "".join(section.title), "".join(section.text)) for section in sections(html)]


def loosely(entries_found: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """Sections without spaces, which differ around excluded elements, and without empty elements."""
    without_spaces = (tuple("".join(part.split()) for part in section) for section in entries_found)
    return [tuple(_without_empty(part) for part in section) for section in without_spaces]


def _without_empty(text: str) -> str:
    for tag in ("p", "code", "pre", "li", "ol", "ul", "sub", "sup") * 3:
        text = text.replace(f"<{tag}></{tag}>", "")
    return text


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_real_pages_have_the_sections_that_material_finds(path: Path) -> None:
    text = path.read_text().split("\n---\n", 1)[-1]
    markdown = Markdown(extensions=MARKDOWN, extension_configs={"toc": {"permalink": True}})
    html = markdown.convert(text)
    assert loosely(as_we_have_it(html)) == loosely(as_material_has_it(html))


WORDS = st.sampled_from(["one", "two ", " three", "a &amp; b", "&lt;x&gt;", "\n", "5 > 4", "é"])
INLINE = (
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["code", "em", "sub", "a"]), WORDS) | WORDS | st.just("<br>")
)
BLOCK = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "pre", "li", "div", "blockquote"]), INLINE)
HEADING = st.builds('<{0} id="{1}">{2}</{0}>'.format, st.sampled_from(["h2", "h3"]), st.sampled_from("abc"), INLINE)
HIDDEN = st.builds("<{0} data-search-exclude>{1}</{0}>".format, st.sampled_from(["div", "p", "ul"]), BLOCK)
LEFT_OUT = HIDDEN | st.just("<script>x</script>")
NESTED = st.builds("<div>{}{}</div>".format, BLOCK, HEADING)


@given(st.lists(BLOCK | HEADING | LEFT_OUT | NESTED).map("".join))
def test_any_page_has_the_sections_that_material_finds(html: str) -> None:
    if html:
        expected = [section for section in loosely(as_material_has_it(html)) if any(section)]
        assert [section for section in loosely(as_we_have_it(html)) if any(section)] == expected


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<div data-search-exclude><p data-search-exclude>a</p><p>b</p></div><p>c</p>", ["<p>c</p>"]),
        ("<div data-search-exclude><script>a</script>b</div><p>c</p>", ["<p>c</p>"]),
        ('<p>a</p><h2 id="b" data-search-exclude>b</h2><p>c</p><h2 id="d">d</h2><p>e</p>', ["<p>a</p>", "<p>e</p>"]),
        ('<h2 id="a">a<a class="headerlink" href="#a">¶</a></h2><p>b</p>', ["", "<p>b</p>"]),
    ],
)
def test_what_is_left_out_is_not_found_whatever_is_in_it(html: str, texts: list[str]) -> None:
    assert [entry["text"] for entry in entries(html, "a/", {}, "A")] == texts


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a</p></div> b", "a b"),
        ("</div><p data-search-exclude>a</p><p>b</p></div>", "<p>b</p>"),
        ("<p>a</p><!-- b <p>c</p>", "<p>a</p>"),
        ("<p>a</p><a title='b>c</a>", "<p>a</p>"),
        ("<p>a</p><a title", "<p>a</p>"),
        ("<ul><li> <p></p> </li></ul><p>a<code> </code></p>", "<p>a</p>"),
        ("<p>a <code></p>", "<p>a <code></p>"),
    ],
)
def test_of_html_that_is_not_closed_or_closed_twice_a_text_is_found(html: str, text: str) -> None:
    (entry,) = entries(html, "a/", {}, "A")
    assert entry["text"] == text


@pytest.mark.parametrize("piece", ["<!-- ", "<a ", "</a ", "<a '>", '<p "> ', '<div><h2 id="a">a</h2>'])
def test_thousands_of_tags_that_are_not_closed_cost_no_more_than_others(piece: str) -> None:
    def work(times: int) -> None:
        list(entries(f"{piece * times}{'</div>' * times}", "a/", {}, "A"))

    assert growth(work, 2000) <= 2 * TIMES


def test_thousands_of_elements_with_nothing_in_them_cost_no_more_than_others() -> None:
    def work(times: int) -> None:
        list(entries(f"{'<li>' * times}{'</li>' * times}", "a/", {}, "A"))

    assert growth(work, 2000) <= 2 * TIMES


@pytest.mark.parametrize(
    "html",
    [
        "<p>a</p>\n\n<p>b</p>\n",
        "<p>a\nb</p><pre><code>a\nb</code></pre>",
        "<p>a</p>\n<div>\n<div>\n<p>b</p>\n</div>\n</div>",
        "<p><em>a</em> <em>b</em></p>",
        "<pre><code><span>a </span>\n<span>b</span></code></pre>",
    ],
)
def test_blanks_are_kept_where_material_keeps_them(html: str) -> None:
    assert as_we_have_it(html) == as_material_has_it(html)


def test_an_entry_leads_to_its_section() -> None:
    html = '<p>First &amp; foremost</p><h2 id="why">Why<a class="headerlink" href="#why">¶</a></h2><p>Because.</p>'
    assert list(entries(html, "posts/x/", {"title": "A page"}, "A page")) == [
        {"location": "posts/x/", "title": "A page", "text": "<p>First &amp; foremost</p>"},
        {"location": "posts/x/#why", "title": "Why", "text": "<p>Because.</p>"},
    ]


def test_an_entry_has_the_tags_and_the_weight_of_its_page() -> None:
    meta = {"tags": ["one", 2], "search": {"boost": 3}}
    assert list(entries("<p>Text</p>", "x/", meta, "X")) == [
        {"location": "x/", "title": "X", "text": "<p>Text</p>", "boost": 3, "tags": ["one", "2"]}
    ]


def test_a_page_is_meant_by_its_keywords_and_its_sections_are_not() -> None:
    meta = {"search": {"keywords": ["rubric", 100]}}
    whole, section = entries('<p>Text</p><h2 id="b">B</h2><p>More</p>', "x/", meta, "X")
    assert (whole["keywords"], "keywords" in section) == (["rubric", "100"], False)
    (only,) = entries("<p>Text</p>", "x/", {"search": {"keywords": "two words"}}, "X")
    assert only["keywords"] == ["two words"]


def test_of_a_page_whose_text_is_not_searched_the_title_and_the_lead_are_found() -> None:
    meta = {"search": {"text": False, "lead": "<p>A list.</p>"}}
    assert list(entries('<p>Text</p><h2 id="b">B</h2>', "x/", meta, "X")) == [
        {"location": "x/", "title": "X", "text": "<p>A list.</p>"}
    ]


def test_cells_and_lines_are_words_of_their_own() -> None:
    html = "<table><tr><th>Tool</th><td>MLflow</td><td data-search-exclude>left out</td></tr></table><p>one<br>two</p>"
    (entry,) = entries(html, "a/", {}, "A")
    assert entry["text"] == "Tool MLflow <p>one two</p>"


class Index:
    """The index of a search, as Material's plugin has it, and the provider of MaterialX's."""

    def __init__(self) -> None:
        self.entries: list[object] = []
        self.config = {"lang": ["en"], "separator": " ", "pipeline": [], "fields": {}}


class Search(SimpleNamespace):
    """A plugin that writes its index, with entries of its own."""

    written = b""

    def on_post_build(self, config: Any) -> None:
        path = Path(config.site_dir, "search/search_index.json")
        path.parent.mkdir()
        path.write_bytes(self.written)


def searching(**plugins: SimpleNamespace) -> SimpleNamespace:
    collection = PluginCollection()
    collection._current_plugin = None
    for name, plugin in plugins.items():
        collection[name.replace("_", "/")] = plugin  # type: ignore[assignment]
    return SimpleNamespace(plugins=collection, use_directory_urls=True, site_dir="site")


def no_entries() -> list[bytes]:
    return []


@pytest.mark.parametrize("name", ["material_search", "materialx_search", "finder"])
@pytest.mark.parametrize("is_provider", [False, True])
def test_the_index_is_known_by_what_it_has_and_not_by_a_name(name: str, is_provider: bool) -> None:
    index = Index()
    holder = SimpleNamespace(search_index=index)
    plugin = Search(provider=holder) if is_provider else Search(search_index=index)
    config: Any = searching(**{"rss": SimpleNamespace(config={}), name: plugin})
    files = Files([])
    search.prepare(config, files, no_entries)
    assert index.config["lang"] == ["words"]
    assert [file.src_uri for file in files] == ["assets/javascripts/lunr/min/lunr.words.min.js"]


@pytest.mark.parametrize(
    "plugins",
    [{}, {"search": SimpleNamespace(config={}, search_index=SimpleNamespace(_entries=[]))}, {"materialx_search": SimpleNamespace(config={}, provider=object())}],
    ids=["none", "of MkDocs", "with an index of its own kind"],
)  # fmt: skip
def test_a_search_without_such_an_index_is_refused(plugins: dict[str, SimpleNamespace]) -> None:
    config: Any = searching(**plugins)
    with pytest.raises(PluginError, match="provider: lunr"):
        search.prepare(config, Files([]), no_entries)


@pytest.mark.parametrize(
    ("theirs", "ours", "all_entries"),
    [
        ([], ["a"], ["a"]),
        ([], ["a", "", "b,c"], ["a", "b", "c"]),
        (["x"], ["a"], ["x", "a"]),
        (["x"], ["", ""], ["x"]),
        ([], [], []),
    ],
)
def test_entries_come_behind_those_of_the_search_before_others_read_them(
    theirs: list[str], ours: list[str], all_entries: list[str], tmp_path: Path
) -> None:
    """Material's offline plugin, and some that leave pages out, read or change the file at the end of a build."""
    plugin, read = Search(search_index=Index()), list[Any]()
    plugin.written = json.dumps({"config": {}, "docs": [{"title": each} for each in theirs]}).encode()
    config: Any = searching(material_search=plugin)
    config.site_dir = str(tmp_path)
    path = tmp_path / "search/search_index.json"
    config.plugins._register_event("post_build", lambda config: read.append(json.loads(path.read_bytes())["docs"]))
    pages = [search.encoded({"title": title} for title in filter(None, each.split(","))) for each in ours]
    search.prepare(config, Files([]), lambda: pages)
    config.plugins.on_post_build(config=config)
    assert [[entry["title"] for entry in entries] for entries in read] == [all_entries]


def test_a_search_that_is_switched_off_needs_no_index() -> None:
    config: Any = searching(material_search=SimpleNamespace(config={"enabled": False}))
    search.prepare(config, Files([]), no_entries)
