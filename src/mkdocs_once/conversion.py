"""Markdown → HTML as MkDocs 1.6 does it, but with one converter for all pages, and telling what it looked up.

MkDocs makes a new `Markdown` for each page, which takes an eighth of the time, and has no public way to convert with
another. So this is the one place that uses names of MkDocs that are not public, and `check_version` refuses a MkDocs
that may have others.
"""

import re
from pathlib import PurePath

import mkdocs
import msgspec
from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure import pages
from mkdocs.structure.files import File, Files

from mkdocs_once import search
from mkdocs_once.page import Facts, OncePage, Text

KNOWN = ("1", "6")
_MAYBE_ANCHOR = re.compile(r"\b(?:id|name)\s*=", re.IGNORECASE)
_ID = re.compile(r"<[a-z][^<>]*\sid=\"([^\"]+)\"")


def check_version() -> None:
    """Raise `PluginError` under a MkDocs that this was not written for."""
    if tuple(mkdocs.__version__.split(".")[:2]) != KNOWN:
        raise PluginError(
            f"the plugin “once” knows MkDocs {'.'.join(KNOWN)}, and this is {mkdocs.__version__}: "
            "install one that requirements/site.txt names, or take “once” out of mkdocs.yml, which builds more slowly."
        )


class Converter:
    """Converts pages, one after the other."""

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self._config = config
        self._files = _AskedFiles(files)
        self._markdown = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs or {})

    def convert(self, page: OncePage) -> tuple[Facts, Text]:
        """What a page's text becomes."""
        facts, text = self._from_html(page) if page.is_html else self._from_markdown(page)
        if page.is_searchable:
            title = str(page.meta.get("title") or facts.title or page.title)
            facts = msgspec.structs.replace(facts, entries=tuple(search.entries(text.html, page.url, page.meta, title)))
        return facts, text

    def _from_html(self, page: OncePage) -> tuple[Facts, Text]:
        html = page.clean(page.source or "")
        return Facts(anchors=tuple(sorted(set(_ID.findall(html))))), Text(html)

    def _from_markdown(self, page: OncePage) -> tuple[Facts, Text]:
        """As `Page.render` does it."""
        source, markdown = page.source or "", self._markdown
        raw_html = pages._RawHTMLPreprocessor()
        anchors = pages._ExtractAnchorsTreeprocessor(page.file, self._files, self._config)
        links = pages._RelativePathTreeprocessor(page.file, self._files, self._config)
        title = pages._ExtractTitleTreeprocessor()
        markdown.reset()
        self._files.asked = {}
        for processor in (raw_html, anchors, links, title):  # each takes the place of the last page's
            processor._register(markdown)
        if not _MAYBE_ANCHOR.search(source):  # then there is no need to parse all HTML for anchors
            markdown.preprocessors.deregister("mkdocs_raw_html")
        html = page.clean(markdown.convert(source))
        facts = Facts(
            title=title.title,
            anchors=tuple(sorted(filter(None, anchors.present_anchor_ids | raw_html.present_anchor_ids))),
            links={file.src_uri: found for file, found in links.links_to_anchors.items()},
            targets=self._files.asked,
        )
        return facts, Text(html, getattr(markdown, "toc_tokens", []))  # of the extension “toc”


class _AskedFiles(Files):
    """The site's files, and which of them a page asked for: path → address, or nothing where there is none."""

    def __init__(self, files: Files) -> None:
        super().__init__(files)
        self.asked: dict[str, str | None] = {}

    def get_file_from_path(self, path: str) -> File | None:
        file = super().get_file_from_path(path)
        self.asked[PurePath(path).as_posix()] = file.url if file else None
        return file
