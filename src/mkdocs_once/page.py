"""A page that takes its text and HTML from the store."""

import os
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import msgspec
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from mkdocs_once import links, unreadable

_BASE, _PLAIN = re.compile(r"https?://[^?#]+/"), re.compile(r"(?:\w[\w.-]*/)+", re.ASCII)
_PLAIN_FILE = re.compile(r"((?:\w[\w.-]*/)*)(?!(?:index|README)\.md)(\w[\w-]*)\.md", re.ASCII)
# Entries of the front matter into which this plugin or a theme looks: what each has to be.
_KINDS: dict[str, tuple[type, str]] = {
    "template": (str, "the name of a template"),
    "hide": (Collection, "a list, such as [navigation, toc]"),
    "search": (dict, "settings, such as {exclude: true}"),
}


class Facts(msgspec.Struct, frozen=True):
    """The parts of a page's text that the rest of the site uses.

    `anchors` are the ids in it, `links` those of its links that have an anchor: file → anchor → as written. `targets`:
    paths that it looked up → the address of the file there, if any. `entries` are its entries in the search, as they
    are in its index. `start` is the id of its first heading.
    """

    title: str | None = None
    start: str = ""
    anchors: tuple[str, ...] = ()
    links: dict[str, dict[str, str]] = {}
    targets: dict[str, str | None] = {}
    entries: bytes = b""

    def hold(self, files: Files) -> bool:
        """Whether all `targets` are still where they were."""
        files_and_addresses = ((files.src_uris.get(path), address) for path, address in self.targets.items())
        return all((file.url if file else None) == address for file, address in files_and_addresses)


class Text(msgspec.Struct, frozen=True):
    """A page's text as HTML, and its headings as Python-Markdown's `toc_tokens`."""

    html: str = ""
    headings: list[Any] = []


ToText = Callable[[str, Callable[[str], str]], Text]  # takes Markdown, and what gives a link's address on the site


class PageFile(File):
    """The file of a page. Of a plain path, its name and addresses are set as MkDocs does, in a fifth of the time."""

    def __init__(
        self, path: str, src_dir: str | None, dest_dir: str, use_directory_urls: bool,
        *, dest_uri: str | None = None, inclusion: InclusionLevel = InclusionLevel.UNDEFINED,
    ) -> None:  # fmt: skip
        super().__init__(path, src_dir, dest_dir, use_directory_urls, dest_uri=dest_uri, inclusion=inclusion)
        if use_directory_urls and not dest_uri and (plain := _PLAIN_FILE.fullmatch(path)):
            self.name = plain[2]
            self.url = f"{plain[1]}{plain[2]}/"
            self.dest_uri = f"{self.url}index.html"

    @property
    def src_path(self) -> str:
        """The path as the system writes it."""
        return os.path.normpath(self.src_uri)

    @src_path.setter
    def src_path(self, value: str) -> None:
        self.src_uri = value if _PLAIN_FILE.fullmatch(value) else PurePath(value).as_posix()


class OncePage(Page):
    """A page whose text is converted, and which is rendered, only where something changed (see `plugin`).

    `source` is the Markdown (or, where `is_html`, the HTML) that `facts` and `text` were made of; while it is still the
    page's, they replace converting it. `to_text` converts the Markdown where that is no Python-Markdown: such a text
    comes from strangers, and where it cannot be converted, its source is shown, and `failure` says why. `instead`:
    path of a file to which such a text links → the file that is meant, if another one. `text_key` and `key` are the
    cache keys of text and page (see `dependencies`).
    `is_kept`: false if converting logged a message, so that the next build logs it again; then there is no `key`. A
    page whose text is in the store needs no `text`. `is_current`: its file in the site's folder needs no writing.
    """

    source: str | None = None
    is_html = False
    to_text: ToText | None = None
    instead: Mapping[str, str] = {}
    failure = ""
    is_searchable = True
    facts: Facts | None = None
    text: Text | None = None
    text_key = b""
    key: bytes | None = None
    is_kept = True
    is_current = False

    def _set_canonical_url(self, base: str | None) -> None:
        """Set both addresses as MkDocs does, in a tenth of the time for one that is a plain path."""
        if not base or not _BASE.fullmatch(base) or not _PLAIN.fullmatch(self.url):
            super()._set_canonical_url(base)
            return
        self.canonical_url = f"{base}{self.url}"
        self.abs_url = f"{urlsplit(base).path}{self.url}"

    def read_source(self, config: MkDocsConfig) -> None:
        """Read the page once: set `source` with `markdown` and `meta`. Raises `PluginError` where that cannot be."""
        if self.source is not None:
            return
        try:
            self.read(config)
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable.refusal(self.path, error) from error
        for name, (kind, rule) in _KINDS.items():
            if not isinstance(value := self.meta.get(name), kind | None):
                raise PluginError(f"{self.path}: “{name}: {value}” in its front matter; {name} has to be {rule}.")
        self.source = self.markdown

    @property
    def path(self) -> str:
        """Where its file is, for people to read."""
        return unreadable.shown(self.file.abs_src_path or self.file.src_path)

    def hide_from_search(self) -> None:
        """Exclude the page from the theme's search, which gets the entries in `facts` instead."""
        settings = self.meta.get("search") or {}
        self.is_searchable = not settings.get("exclude")
        self.meta = {**self.meta, "search": {**settings, "exclude": True}}

    def read(self, config: MkDocsConfig) -> None:
        """Set `markdown` and `meta`. A page that is no file of `docs_dir` overrides this."""
        super().read_source(config)

    def own_text(self, resolve: Callable[[str], str]) -> Text:
        """The Markdown, converted by `to_text`."""
        return self.to_text(self.markdown or "", resolve) if self.to_text else Text()

    def take_title(self) -> None:
        """Set the title, which may come from the text, before other pages' navigation shows it."""
        self._title_from_render = self.facts.title if self.facts else None

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Show the converted text; convert it if there is none, or if another plugin changed the Markdown."""
        if self.facts is None or self.markdown != self.source:
            self.key = self.facts = None
            if self.is_searchable:
                self.meta = {**self.meta, "search": {**self.meta.get("search", {}), "exclude": False}}
            if self.to_text:
                self.show(self.own_text(links.resolver(self.file, files, config, self.instead)))
            else:
                super().render(config, files)
            return
        self.show(self.text or Text())
        self.take_title()
        self.present_anchor_ids = set(self.facts.anchors)
        targets = ((files.src_uris.get(path), anchors) for path, anchors in self.facts.links.items())
        self.links_to_anchors: dict[File, dict[str, str]] | None = {file: anchors for file, anchors in targets if file}

    def show(self, text: Text) -> None:
        """Set what templates read of this text: `content` and `toc`."""
        self.content = text.html
        self.toc = get_toc(text.headings)

    def complete(self, facts: Facts, text: Text, config: MkDocsConfig, files: Files) -> None:
        """Show a text converted again, because the store lost the page after MkDocs rendered it without a text."""
        self.facts, self.text = facts, text
        self.render(config, files)
        self.content = config.plugins.on_page_content(self.content or "", page=self, config=config, files=files)
