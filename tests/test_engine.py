"""Posts are GitHub-flavoured Markdown: GitHub's own specification, and what its engine makes of a text."""

import json
import re
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from coursehub.markdown import engine

DATA = Path(__file__).parent / "data"
SPECIFICATION = json.loads((DATA / "gfm_spec.json").read_text())["examples"]
EXAMPLES = json.loads((DATA / "github_markdown.json").read_text())
# Examples that show the core alone, where GitHub has its autolinks, too (610 to 620), or which the specification of 2019
# has of HTML comments before their rule was relaxed: there the engine that GitHub runs decides.
SINCE_CHANGED = {610, 616, 619, 620, 645, 646}
TAG_FILTER = 653  # tags that GitHub writes as text; here the sanitizer takes them out
EXTENSIONS = ["autolink", "strikethrough", "table", "tasklist"]


def githubs(text: str) -> str:
    """The HTML that GitHub's engine makes of a text."""
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return cmarkgfm.markdown_to_html_with_extensions(text, options, EXTENSIONS)


@pytest.mark.parametrize(
    "example", [each for each in SPECIFICATION if each["number"] != TAG_FILTER], ids=lambda each: str(each["number"])
)
def test_the_specifications_examples(example: dict[str, Any]) -> None:
    expected = githubs(example["markdown"]) if example["number"] in SINCE_CHANGED else example["html"]
    assert engine.to_html(example["markdown"]) == as_cmark_writes(expected)


def as_cmark_writes(html: str) -> str:
    """The specification writes a checkbox in a way in which no engine does."""
    return re.sub(
        r'<input (checked="" )?disabled="" type="checkbox">', r'<input type="checkbox" \1disabled="" />', html
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_where_the_site_once_differed_from_github(name: str) -> None:
    html = EXAMPLES[name]["github"]
    html = re.sub(r'(<h\d) id="[^"]*">(.*?)<a href="#[^>]*></a>', r"\1>\2", html)  # ids are given later
    html = re.sub(r'<pre lang="(\w+)"([^>]*)><code>', r'<pre><code class="language-\1"\2>', html)
    assert engine.with_emoji(engine.to_html(EXAMPLES[name]["markdown"])) == html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Done :tada:", "Done 🎉"),
        (":+1: :-1: :e-mail:", "👍 👎 📧"),
        ("a::tada::b", "a:🎉:b"),
        (":no-such-name: 10:30:45", ":no-such-name: 10:30:45"),
        ("no: colon", "no: colon"),
    ],
)
def test_emoji_by_their_names(text: str, shown: str) -> None:
    assert engine.with_emoji(text) == shown


@pytest.mark.parametrize(
    "info",
    [
        'x" xml:space="preserve">a</code_block><heading sourcepos="1:1-1:2" level="1">',
        'math" math_style="display"',
        "<>&",
    ],
)
def test_what_is_behind_a_fence_is_no_part_of_the_tree(info: str) -> None:
    tree = engine.to_tree(f"~~~ {info}\ncode\n~~~")
    assert re.findall(r"<(\w+)", tree) == ["document", "code_block"]
