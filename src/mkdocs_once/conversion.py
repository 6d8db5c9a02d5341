"""Markdown → HTML as MkDocs 1.6 does it, but with one converter for all pages, which records the files it looks up.

MkDocs makes a new `Markdown` for each page, which takes an eighth of the time, and has no public way to convert with
another. So this is the one place that uses names of MkDocs that are not public, and `check_version` refuses a MkDocs
that may have others.
"""

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import PurePath
from typing import TypeGuard
from xml.etree.ElementTree import Element

import mkdocs
import msgspec
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure import pages
from mkdocs.structure.files import File, Files

from mkdocs_once import search
from mkdocs_once.page import Facts, OncePage, Text

VERSION = ("1", "6")
_MAYBE_ANCHOR = re.compile(r"\b(?:id|name)\s*=", re.IGNORECASE)
_SECONDS = 10.0  # of the processor's time for a text; an ordinary one takes hundredths
_LOWER = {f"h{level}": f"h{level + 1}" for level in range(1, 6)}
_RAW_HEADING = re.compile(r"(</?)(h[1-5])(?=[\s/>])", re.IGNORECASE)
_RAW_TITLE = re.compile(r"<h1[\s/>]", re.IGNORECASE)
_ID = re.compile(r"<[a-z][^<>]*\sid=\"([^\"]+)\"")


def check_version() -> None:
    """Raise `PluginError` under a MkDocs that this was not written for."""
    if tuple(mkdocs.__version__.split(".")[:2]) != VERSION:
        raise PluginError(
            f"the plugin “once” knows MkDocs {'.'.join(VERSION)}, and this is {mkdocs.__version__}: "
            "install one that requirements/site.txt names, or take “once” out of mkdocs.yml, which builds more slowly."
        )


class TooSlowError(Exception):
    """Converting a text takes too long."""


class Converter:
    """Converts pages one after the other, with one `Markdown`."""

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self._config = config
        self._files = _RecordingFiles(files)
        self._markdown = self._new_markdown()

    def convert(self, page: OncePage) -> tuple[Facts, Text]:
        """Return the facts and the HTML of a page's text. Raises what an extension raises, and `TooSlowError`."""
        try:
            with _within(_SECONDS):
                return self._with_entries(page, *(self._from_html(page) if page.is_html else self._from_markdown(page)))
        except Exception:
            self._markdown = self._new_markdown()  # the old one would take the next text for a part of this one
            raise

    def as_written(self, page: OncePage) -> tuple[Facts, Text]:
        """The source of a page that cannot be converted, as preformatted text."""
        why = "<p><em>This could not be made into a page; here is its source.</em></p>"
        return self._with_entries(page, Facts(), Text(f"{why}<pre><code>{escape(page.source or '')}</code></pre>"))

    def _new_markdown(self) -> Markdown:
        config = self._config
        return Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs or {})

    def _with_entries(self, page: OncePage, facts: Facts, text: Text) -> tuple[Facts, Text]:
        if page.is_searchable:
            title = str(page.meta.get("title") or facts.title or page.title)
            facts = msgspec.structs.replace(facts, entries=tuple(search.entries(text.html, page.url, page.meta, title)))
        return facts, text

    def _from_html(self, page: OncePage) -> tuple[Facts, Text]:
        html = page.clean(page.source or "")
        return Facts(anchors=tuple(sorted(set(_ID.findall(html))))), Text(html)

    def _from_markdown(self, page: OncePage) -> tuple[Facts, Text]:
        """As `mkdocs.structure.pages.Page.render` does it."""
        source, markdown = page.source or "", self._markdown
        raw_html = pages._RawHTMLPreprocessor()
        anchors = pages._ExtractAnchorsTreeprocessor(page.file, self._files, self._config)
        links = pages._RelativePathTreeprocessor(page.file, self._files, self._config)
        title = pages._ExtractTitleTreeprocessor()
        markdown.reset()
        self._files.lookups = {}
        for processor in (raw_html, anchors, links, title):  # each takes the place of the last page's
            processor._register(markdown)
        if page.is_of_strangers:
            markdown.treeprocessors.register(_BelowTheTitle(markdown), "once_headings", 7)  # before “toc”, which has 5
        elif "once_headings" in markdown.treeprocessors:
            markdown.treeprocessors.deregister("once_headings")
        if not _MAYBE_ANCHOR.search(source):  # then there is no need to parse all HTML for anchors
            markdown.preprocessors.deregister("mkdocs_raw_html")
        html = page.clean(markdown.convert(source))
        facts = Facts(
            title=title.title,
            anchors=tuple(sorted(filter(None, anchors.present_anchor_ids | raw_html.present_anchor_ids))),
            links={file.src_uri: anchors_of for file, anchors_of in links.links_to_anchors.items()},
            targets=self._files.lookups,
        )
        return facts, Text(html, getattr(markdown, "toc_tokens", []))  # of the extension “toc”


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise `TooSlowError` in a block that takes more of the processor's time, where signals can be used."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)  # and each second after that: some extensions forgive all
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before or signal.SIG_DFL)


def _stop(*_: object) -> None:
    raise TooSlowError(f"it takes more than {_SECONDS:.0f} seconds")


class _BelowTheTitle(Treeprocessor):
    """Lower all headings of a text by one level if one is of the first, which is the page title's."""

    def run(self, root: Element) -> None:
        """Lower the headings in Markdown and in raw HTML."""
        headings = [each for each in root.iter() if each.tag in _LOWER]
        raw = self.md.htmlStash.rawHtmlBlocks
        if any(each.tag == "h1" for each in headings) or any(_RAW_TITLE.search(each) for each in raw if _is_text(each)):
            for each in headings:
                each.tag = _LOWER[each.tag]
            raw[:] = [_RAW_HEADING.sub(_lower, each) if _is_text(each) else each for each in raw]


def _is_text(block: str | Element) -> TypeGuard[str]:
    return isinstance(block, str)


def _lower(match: re.Match[str]) -> str:
    return match[1] + _LOWER[match[2].lower()]


class _RecordingFiles(Files):
    """The site's files. `lookups`: path that a page looked up → address of the file, or None if there is none."""

    def __init__(self, files: Files) -> None:
        super().__init__(files)
        self.lookups: dict[str, str | None] = {}

    def get_file_from_path(self, path: str) -> File | None:
        file = super().get_file_from_path(path)
        self.lookups[PurePath(path).as_posix()] = file.url if file else None
        return file
