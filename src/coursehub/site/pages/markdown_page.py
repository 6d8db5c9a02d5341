"""The page that shows what Markdown becomes: as it is written beside what the site makes of it."""

from typing import NamedTuple

from markupsafe import Markup

from coursehub.markdown.render import render
from coursehub.site.page import MARKDOWN, Page, found_by, list_page, searchable


class Example(NamedTuple):
    """Markdown, what it is an example of, and a note on it in Markdown."""

    title: str
    markdown: str
    note: str = ""

    @property
    def html(self) -> Markup:
        """The example as a post would show it."""
        return _shown(self.markdown)

    @property
    def note_html(self) -> Markup:
        """The note."""
        return _shown(self.note)


def _shown(markdown: str) -> Markup:
    return Markup(render(markdown).html)  # which is clean


EXAMPLES = (
    Example("Lists", "What is needed:\n- Python\n- a database, either\n  - SQLite or\n  - DuckDB"),
    Example(
        "Steps", "1. Open the page\n   - as an editor\n2. Add a check:\n   ```sh\n   make check\n   ```\n3. Save it"
    ),
    Example("Tasks", "- [x] collect numbers\n- [ ] draw a chart"),
    Example("Tables", "Seconds a build:\n| Posts | Cold | Again |\n| --- | ---: | :---: |\n| 500 | 8.4 | 1.4 |"),
    Example(
        "Links",
        'See https://example.org/, [its docs](https://example.org/docs "The docs") or <hello@example.org>.',
        "Another post is linked by its file, `[as here](../S2026/some-tool.md)`, and a part of one by heading: that "
        "of `## Strengths & limits` is `#strengths--limits`: in small letters, without signs, a hyphen a blank.",
    ),
    Example("Emphasis", "*Slanted*, **bold**, ~~struck out~~, `code`,\na line that ends here\\\nand goes on. :tada:"),
    Example(
        "Alerts",
        "> [!NOTE]\n> Numbers are from last week.\n\n> [!WARNING]\n> This deletes the table.",
        "There are five: NOTE, TIP, IMPORTANT, WARNING and CAUTION.",
    ),
    Example("Formulas", "The error $\\sigma = \\sqrt{x}$ is small:\n\n$$\n\\bar x = \\frac{1}{n} \\sum_i x_i\n$$"),
    Example("Code", '```python\nprint("hello")\n```', "Behind the `` ``` `` is the language, and nothing else."),
    Example("Footnotes", "It grows.[^1]\n\n[^1]: Twelve weeks of numbers."),
    Example("Details", "<details>\n<summary>The whole log</summary>\n\n- **one** line\n- another\n\n</details>"),
    Example("Quotations", "> All models are wrong,\n> but some are useful."),
)


def markdown_page() -> Page:
    """Examples of GitHub's Markdown."""
    page = list_page(
        MARKDOWN, "markdown.html", "Markdown", "What you write, and what GitHub's Preview and this site show.",
        examples=EXAMPLES,
    )  # fmt: skip
    return found_by(searchable(page), "Markdown", "formatting", "syntax")
