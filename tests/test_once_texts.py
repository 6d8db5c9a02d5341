"""No text of a stranger, whatever is in it, keeps its own page or another from being built."""

import logging
import re
from pathlib import Path

import pytest
import sites
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files

from mkdocs_once import conversion, texts
from mkdocs_once.page import OncePage
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
    is_of_strangers = True

    def clean(self, html: str) -> str:
        return f"<!-- cleaned -->{html}"


def converted(root: Path, *written: str, kind: type[OncePage] = Stranger, label: str | None = None) -> list[OncePage]:
    """Pages with these texts, converted one after the other by one converter; `label`: their titles in the navigation."""
    config = load_config(str(sites.ROOT / "mkdocs.yml"), docs_dir=str(root), hooks=[])
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


def test_a_text_that_can_not_be_converted_is_shown_as_it_was_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    first, deep, last = converted(tmp_path, "*one*", f"{TOO_DEEP} <b>", "*two*")
    assert ("<em>one</em>" in html(first), "<em>two</em>" in html(last)) == (True, True)
    assert html(deep).endswith(f"<pre><code>{TOO_DEEP} &lt;b&gt;</code></pre>")
    assert (first.is_kept, deep.is_kept, last.is_kept) == (True, False, True)
    messages = [record.getMessage() for record in caplog.records if record.name == "mkdocs.plugins.once"]
    assert len(messages) == 1
    assert messages[0].startswith("1.md can not be converted, and is shown as it was written: RecursionError: ")


def test_the_next_text_is_no_part_of_one_that_could_not_be_converted(tmp_path: Path) -> None:
    """Python-Markdown keeps the list that it is in from one text to the next."""
    text = "1. a\n\n    b\n\ntext\n\n    code"
    alone = html(converted(tmp_path, text)[0])
    assert html(converted(tmp_path, "- " * 2000 + "a", text)[1]) == alone


@pytest.mark.parametrize("text", ["[" * 50_000, "<![CDATA[" * 5_000, "# a\n" * 10_000, "|a|b|\n|-|-|\n" + "|`" * 9000])
def test_a_text_that_takes_too_long_is_shown_as_it_was_written(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "_SECONDS", 0.3)
    slow, last = converted(tmp_path, text, "*two*")
    assert "<em>This could not be made into a page" in html(slow)
    assert "<em>two</em>" in html(last)


def test_an_error_in_a_text_of_the_sites_own_is_raised_by_mkdocs_which_names_the_page(tmp_path: Path) -> None:
    page, last = converted(tmp_path, TOO_DEEP, "*two*", kind=OncePage)
    assert (page.facts, page.text, page.is_kept) == (None, None, False)
    assert "<em>two</em>" in html(last)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# a\n\n## b\n\ntext\n\n# c", "h2 h3 h2"),
        ("a\n=\n\nb\n-\n\n###### c\n\n##### d", "h2 h3 h6 h6"),
        ("## a\n\n### b", "h2 h3"),
        ('<h1 id="x">a</h1>\n\n## b\n\nc <H5>d</H5>', "h2 h3 h6"),
        ("# a\n\n<h2>b</h2>\n\n```\n<h1>\n```", "h2 h3"),
        ("## a\n\n`<h1>`", "h2"),
    ],
)
def test_headings_begin_below_the_pages_title(text: str, levels: str, tmp_path: Path) -> None:
    stranger, own = converted(tmp_path, text)[0], converted(tmp_path, text, kind=OncePage)[0]
    assert " ".join(re.findall(r"<(h\d)", html(stranger))) == levels
    written = [int(level) for level in re.findall(r"<h(\d)", html(own), re.IGNORECASE)]
    lower = 1 in written
    assert contents(stranger) == [(min(level + lower, 6), anchor) for level, anchor in contents(own)]
    assert len(written) == len(levels.split())


def contents(page: OncePage) -> list[tuple[int, str]]:
    """Level and id of each heading in the table of contents."""
    assert page.text
    headings, waiting = [], [*page.text.headings]
    while waiting:
        each = waiting.pop(0)
        headings.append((each["level"], each["id"]))
        waiting = [*each["children"], *waiting]
    return headings


def test_facts_hold_while_all_files_that_a_text_links_to_are_in_their_place(tmp_path: Path) -> None:
    first, *others = converted(tmp_path, "[one](1.md), [two](2.md#there), ![three](3.md)", "a", "b", "c")
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
    assert [entry["title"] for entry in page.facts.entries] == titles


@pytest.mark.slow
def test_no_post_takes_the_site_down(tmp_path: Path) -> None:
    """Whatever the rules are set to."""
    root = tmp_path / "hub"
    sites.copy(root)
    sites.let_through(root)
    sites.edit(root / "data/course.yaml", "severities: {", "severities: {nested-too-deeply: off, ")
    for name, text in {
        "stars": TOO_DEEP,
        "elements": "<div>" * 20_000,
        "roots": f"$${'x^{' * 9000}x{'}' * 9000}$$",
    }.items():
        (root / f"posts/F2026/{name}.md").write_text(POST.format(name=name, text=text))
    built = sites.build(root, "--strict")
    assert built.code == 0, built.output
    shown = [
        line.partition("posts/F2026/")[2].split(":")[0]
        for line in built.output.splitlines()
        if "as it was written" in line
    ]
    assert shown == [
        f"{name}.md can not be converted, and is shown as it was written" for name in ("elements", "stars")
    ]
    for name in ("stars", "elements", "roots", "pandera"):
        assert (built.site / f"posts/F2026/{name}/index.html").exists()
    assert "Words before it." in built.page("posts/F2026/stars").text("hub-body")
