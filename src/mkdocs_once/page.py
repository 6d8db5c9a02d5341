"""A page that takes over what was made of it before."""

from typing import Any

import msgspec
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc


class Facts(msgspec.Struct, frozen=True):
    """What the rest of the site asks of a page's text.

    `anchors` are the ids in it, `links` those of its links that have an anchor: file → anchor → as written. `targets`:
    paths that it looked up → the address of the file there, if any. `entries` are what the search finds.
    """

    title: str | None = None
    anchors: tuple[str, ...] = ()
    links: dict[str, dict[str, str]] = {}
    targets: dict[str, str | None] = {}
    entries: tuple[dict[str, Any], ...] = ()

    def hold(self, files: Files) -> bool:
        """Whether everything that was looked up is still where it was."""
        found = ((files.src_uris.get(path), address) for path, address in self.targets.items())
        return all((file.url if file else None) == address for file, address in found)


class Text(msgspec.Struct, frozen=True):
    """A page's text as HTML, and its headings as Python-Markdown tells them."""

    html: str = ""
    headings: list[Any] = []


class OncePage(Page):
    """A page whose text is converted, and which is rendered, only where something changed (see `plugin`).

    `source` is the Markdown (or, where `is_html`, the HTML) that `facts` and `text` were made of; while it is still the
    page's, they stand in for converting it. `text_key` and `key` are what text and page are kept by (see
    `dependencies`). It is not where something had to be said when it was made, so that it is said again; then it has no
    `key`. One that is kept needs no `text`, and one that `is_left` stands in the site's folder as it has to be.
    A text that `is_of_strangers` stops no build: if it can not be converted, it is shown as it was written. And its
    headings begin below the page's title, which the template shows.
    """

    source: str | None = None
    is_html = False
    is_of_strangers = False
    is_searchable = True
    facts: Facts | None = None
    text: Text | None = None
    text_key = b""
    key: bytes | None = None
    is_kept = True
    is_left = False

    def read_source(self, config: MkDocsConfig) -> None:
        """Read the page, unless that was done."""
        if self.source is None:
            self.read(config)
            self.source = self.markdown

    def hide_from_search(self) -> None:
        """Let a theme's search pass the page by: what it finds there is in `facts`."""
        settings = self.meta.get("search") or {}
        self.is_searchable = not settings.get("exclude")
        self.meta = {**self.meta, "search": {**settings, "exclude": True}}

    def read(self, config: MkDocsConfig) -> None:
        """Set `markdown` and `meta`; a page that is no file of `docs_dir` does so in its own way."""
        super().read_source(config)

    def clean(self, html: str) -> str:
        """What of the converted text is published; a page of strangers' text does more."""
        return html

    def take_title(self) -> None:
        """Know the title, which may come from the text, before other pages' navigation shows it."""
        self._title_from_render = self.facts.title if self.facts else None

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Take over what was made of the same text; convert it where there is nothing, or another plugin changed it."""
        if self.facts is None or self.markdown != self.source:
            self.key = self.facts = None
            if self.is_searchable:
                self.meta = {**self.meta, "search": {**self.meta.get("search", {}), "exclude": False}}
            super().render(config, files)
            self.content = self.clean(self.content or "")
            return
        self.show(self.text or Text())
        self.take_title()
        self.present_anchor_ids = set(self.facts.anchors)
        targets = ((files.src_uris.get(path), anchors) for path, anchors in self.facts.links.items())
        self.links_to_anchors: dict[File, dict[str, str]] | None = {file: found for file, found in targets if file}

    def show(self, text: Text) -> None:
        """Have the templates see this text."""
        self.content = text.html
        self.toc = get_toc(text.headings)

    def complete(self, facts: Facts, text: Text, config: MkDocsConfig, files: Files) -> None:
        """Take over what was made anew, where the store has lost it since the page was rendered without its text."""
        self.facts, self.text = facts, text
        self.render(config, files)
        self.content = config.plugins.on_page_content(self.content or "", page=self, config=config, files=files)
