"""No text of a stranger, whatever is in it, keeps its own page or another from being built."""

import json
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sites
from growth import TIMES, growth
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from mkdocs_coursehub import settings
from mkdocs_once import conversion, texts
from mkdocs_once.page import OncePage, Text
from mkdocs_once.store import Store

TOO_DEEP = "*" * 2000 + "a" + "*" * 2000
POST = """---
title: {name}
authors: {name}
option: mlops-tool
tool: {name}
tool_url: https://example.org/{name}
semester: F2026
status: published
date: 2026-11-03
summary: About it.
---
Words before it.

{text}
"""


class Stranger(OncePage):
    def __init__(self, title: str | None, file: File, config: MkDocsConfig) -> None:
        super().__init__(title, file, config)
        self.to_text = self.words

    @staticmethod
    def words(markdown: str, resolve: Callable[[str], str]) -> Text:
        """Emphasis alone, and links to what ends with “.md”."""
        if TOO_DEEP in markdown:
            raise RecursionError("too deep")
        html = re.sub(r"\*(\w+)\*", r"<em>\1</em>", markdown)
        linked = re.sub(r"[^ ]+[.]md", lambda match: f'<a href="{resolve(match[0])}">x</a>', html)
        return Text(f"<p>{linked}</p>")


def converted(root: Path, *written: str, kind: type[OncePage] = Stranger, label: str | None = None) -> list[OncePage]:
    """Pages with these texts, converted one after the other by one converter; `label`: their titles in the navigation."""
    config = load_config(str(sites.ROOT / "mkdocs.yml"), docs_dir=str(root), hooks=[])
    settings.fill_in(config)
    pages = []
    for number, text in enumerate(written):
        (root / f"{number}.md").write_text(text)
        page = kind(label, File(f"{number}.md", str(root), config.site_dir, use_directory_urls=True), config)
        page.read_source(config)
        page.text_key = bytes([number])
        pages.append(page)
    files = Files(page.file for page in pages)
    store = Store(None)
    texts.convert(pages, conversion.Converter(config, files), store, 1)
    for page in pages:
        page.text = page.text or texts.stored_text(page, store)
    return pages


def html(page: OncePage) -> str:
    assert page.text
    return page.text.html


def test_a_text_that_can_not_be_converted_is_shown_as_it_was_written_and_a_warning_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, deep, last = pages = converted(tmp_path, "*one*", f"{TOO_DEEP} <b>", "*two*")
    assert ("<em>one</em>" in html(first), "<em>two</em>" in html(last)) == (True, True)
    assert html(deep).endswith(f"<pre><code>{TOO_DEEP} &lt;b&gt;</code></pre>")
    assert (first.is_kept, deep.is_kept, last.is_kept) == (True, False, True)
    texts.log_failures(pages)
    (record,) = (record for record in caplog.records if record.name == "mkdocs.plugins.once")
    assert record.levelno == logging.WARNING
    assert record.getMessage() == "1.md cannot be converted, and is shown as it was written: RecursionError: too deep"


def test_where_no_text_can_be_converted_the_build_stops(tmp_path: Path) -> None:
    pages = converted(tmp_path, TOO_DEEP, f"a {TOO_DEEP}")
    with pytest.raises(PluginError, match=r"no text can be converted \(2 of 2\); 0\.md: RecursionError: too deep"):
        texts.log_failures(pages)


def test_an_error_in_a_text_of_the_sites_own_is_raised_by_mkdocs_which_names_the_page(tmp_path: Path) -> None:
    page, last = converted(tmp_path, TOO_DEEP, "*two*", kind=OncePage)
    assert (page.facts, page.text, page.is_kept) == (None, None, False)
    assert "<em>two</em>" in html(last)


def test_links_of_such_a_text_lead_where_the_site_has_them(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first, _ = converted(tmp_path, "1.md and https://example.org/2.md", "two")
    assert re.findall('href="([^"]*)"', html(first)) == ["../1/", "https://example.org/2.md"]
    assert first.facts and first.facts.targets == {"1.md": "1/"}
    converted(tmp_path, "7.md", "two")
    assert "contains a link '7.md', but the target is not found" in caplog.text


@pytest.mark.parametrize(
    ("kind", "text"), [(OncePage, "[one](1.md), [two](2.md#there), ![three](3.md)"), (Stranger, "1.md 2.md 3.md")]
)
def test_facts_hold_while_all_files_that_a_text_links_to_are_in_their_place(
    kind: type[OncePage], text: str, tmp_path: Path
) -> None:
    first, *others = converted(tmp_path, text, "a", "b", "c", kind=kind)
    assert first.facts
    assert first.facts.hold(Files(page.file for page in (first, *others)))
    for absent in others:
        assert not first.facts.hold(Files(page.file for page in (first, *others) if page is not absent)), absent.file
    others[1].file.url = "elsewhere/"
    assert not first.facts.hold(Files(page.file for page in (first, *others)))


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("## A heading\n\nText.", ("a-heading",)),
        ('Text.\n\n<div id="block">b</div>\n\nAnd <a name="word">w</a>.', ("block", "word")),
        ("## A heading\n\n<p ID = 'block'>b</p>", ("a-heading", "block")),
        ("Text without any.", ()),
    ],
)
def test_links_may_lead_to_headings_and_to_ids_in_html(text: str, anchors: tuple[str, ...], tmp_path: Path) -> None:
    (page,) = converted(tmp_path, text, kind=OncePage)
    assert page.facts
    assert page.facts.anchors == anchors


def test_links_may_lead_to_ids_in_tags_of_a_strangers_text_but_not_to_its_words(tmp_path: Path) -> None:
    text = '<b class="x" id="one" title="a &gt; b">1</b>, id="word", <i id="&lt;two&gt;">2</i> data-id="part" id="end'
    page, without = converted(tmp_path, text, 'Only id="words".')
    assert page.facts
    assert page.facts.anchors == ("<two>", "one")
    assert without.facts
    assert without.facts.anchors == ()


def test_ids_are_looked_for_in_time_that_grows_with_the_text(tmp_path: Path) -> None:
    assert growth(lambda amount: converted(tmp_path, ' id="a"' * amount), 10_000) <= 2 * TIMES


@pytest.mark.parametrize(
    ("text", "label", "titles"),
    [
        ("---\ntitle: Front\n---\nText.", None, ["Front"]),
        ("---\ntitle: Front\n---\nText.", "Label", ["Front"]),
        ("---\ntitle: 2026\n---\nText.", "Label", ["2026"]),
        ("Text.", "Label", ["Label"]),
        ("# Heading\n\nText.\n\n## More\n\nText.", "Label", ["Heading", "More"]),
        ("Text.", None, ["0"]),  # the file's name
    ],
)
def test_the_search_shows_a_page_by_its_title(text: str, label: str | None, titles: list[str], tmp_path: Path) -> None:
    (page,) = converted(tmp_path, text, kind=OncePage, label=label)
    assert page.facts
    assert [entry["title"] for entry in json.loads(b"[%b]" % page.facts.entries)] == titles


@pytest.mark.slow
def test_no_post_takes_the_site_down(tmp_path: Path) -> None:
    """Whatever the rules are set to: a strict build fails, and yet all pages are there."""
    root = tmp_path / "hub"
    sites.copy(root)
    sites.keep_few_earlier(root)
    sites.let_through(root)
    sites.edit(root / "data/course.yaml", "severities: {", "severities: {nested-too-deeply: off, ")
    for name, text in {
        "stars": TOO_DEEP,
        "elements": "<div>" * 20_000,
        "quotations": "> " * 20_000 + "a",
        "roots": f"$${'x^{' * 9000}x{'}' * 9000}$$",
    }.items():
        (root / f"posts/F2026/{name}.md").write_text(POST.format(name=name, text=text))
    built = sites.build(root)
    assert built.code == 0, built.output
    warnings = [line for line in built.output.splitlines() if "as it was written" in line]
    assert [line.partition(" cannot")[0] for line in warnings] == [
        f"WARNING -  posts/F2026/{name}.md" for name in ("elements", "quotations", "stars")
    ]
    for name in ("stars", "elements", "roots", "pandera"):
        assert (built.site / f"posts/F2026/{name}/index.html").exists()
    assert "Words before it." in built.page("posts/F2026/stars").text("hub-body")
    assert sites.build(root, "--strict").code == 1


@pytest.mark.slow
def test_what_cleans_posts_may_not_have_changed(tmp_path: Path) -> None:
    """A renamed argument once published all posts as source, without a word."""
    root = tmp_path / "hub"
    sites.copy(root)
    sites.keep_few_earlier(root)
    (tmp_path / "nh3.py").write_text("class Cleaner:\n    def __init__(self, allowed_tags): ...\n")
    built = sites.build(root, PYTHONPATH=str(tmp_path))
    assert built.code == 1
    why = "TypeError: Cleaner.__init__() got an unexpected keyword argument 'tags'"
    assert f"No post can be converted, not even “A *word*.”: {why}" in built.output
    assert "Traceback" not in built.output
