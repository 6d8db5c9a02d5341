"""Markdown → HTML as MkDocs does it, but with one converter for all pages, which records the files it looks up.

MkDocs makes a new `Markdown` for each page, which takes an eighth of the time, and has no public way to convert with
another. So here and in `links` names of MkDocs are used that are not public, and `check_mkdocs` refuses a MkDocs that
has others.
"""

import re
from html import escape, unescape
from pathlib import PurePath

import mkdocs
import msgspec
from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure import pages
from mkdocs.structure.files import File, Files

from mkdocs_once import links, search
from mkdocs_once.page import Facts, OncePage, Text

_USED = {
    "_ExtractAnchorsTreeprocessor": "_register",
    "_ExtractTitleTreeprocessor": "_register",
    "_RawHTMLPreprocessor": "_register",
    "_RelativePathTreeprocessor": "path_to_url",
}
_RAW_HTML = f"{mkdocs.__name__}_raw_html"  # the name of that preprocessor, which has another one in ProperDocs
_MAYBE_ANCHOR = re.compile(r"\b(?:id|name)\s*=", re.IGNORECASE)
_ID = re.compile(r"id=\"(?<=\sid=\")([^\"<>]+)\"[^<>]*(>?)")  # what is rare comes first, as it is looked for fastest


def check_mkdocs() -> None:
    """Raise `PluginError` under a MkDocs that has not what is used of it."""
    missing = [name for name, method in _USED.items() if not hasattr(getattr(pages, name, None), method)]
    if missing:
        raise PluginError(
            f"the plugin “once” uses {', '.join(missing)} of MkDocs, which {mkdocs.__version__} does not have: "
            "install one that requirements/site.txt names, or take “once” out of mkdocs.yml, which builds more slowly."
        )


class Converter:
    """Converts pages one after the other, with one `Markdown`."""

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self._config = config
        self._files = _RecordingFiles(files)
        self._markdown: Markdown | None = None  # whose extensions are slow to load, and a post needs none of them

    def convert(self, page: OncePage) -> tuple[Facts, Text]:
        """Return the facts and the HTML of a page's text. Raises what a converter raises."""
        convert = self._with_its_own if page.to_text else self._from_html if page.is_html else self._from_markdown
        try:
            return self._completed(page, *convert(page))
        except Exception:
            self._markdown = None  # the old one would take the next text for a part of this one
            raise

    def as_written(self, page: OncePage) -> tuple[Facts, Text]:
        """The source of a page that cannot be converted, as preformatted text."""
        why = "<p><em>This could not be made into a page; here is its source.</em></p>"
        return self._completed(page, Facts(), Text(f"{why}<pre><code>{escape(page.source or '')}</code></pre>"))

    def _new_markdown(self) -> Markdown:
        config = self._config
        return Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs or {})

    def _completed(self, page: OncePage, facts: Facts, text: Text) -> tuple[Facts, Text]:
        start = text.headings[0]["id"] if text.headings else ""
        title = str(page.meta.get("title") or facts.title or page.title)
        entries = search.entries(text.html, page.url, page.meta, title) if page.is_searchable else ()
        return msgspec.structs.replace(facts, start=start, entries=search.encoded(entries)), text

    def _from_html(self, page: OncePage) -> tuple[Facts, Text]:
        html = page.source or ""
        return Facts(anchors=_anchors(html)), Text(html)

    def _with_its_own(self, page: OncePage) -> tuple[Facts, Text]:
        self._files.lookups = {}
        text = page.own_text(links.resolver(page.file, self._files, self._config, page.instead))
        return Facts(anchors=_anchors(text.html), targets=self._files.lookups), text

    def _from_markdown(self, page: OncePage) -> tuple[Facts, Text]:
        """As `mkdocs.structure.pages.Page.render` does it."""
        source = page.source or ""
        markdown = self._markdown = self._markdown or self._new_markdown()
        raw_html = pages._RawHTMLPreprocessor()
        anchors = pages._ExtractAnchorsTreeprocessor(page.file, self._files, self._config)
        relative = pages._RelativePathTreeprocessor(page.file, self._files, self._config)
        title = pages._ExtractTitleTreeprocessor()
        markdown.reset()
        self._files.lookups = {}
        for processor in (raw_html, anchors, relative, title):  # each takes the place of the last page's
            processor._register(markdown)
        if not _MAYBE_ANCHOR.search(source):  # then there is no need to parse all HTML for anchors
            markdown.preprocessors.deregister(_RAW_HTML, strict=False)
        html = markdown.convert(source)
        facts = Facts(
            title=title.title,
            anchors=tuple(sorted(filter(None, anchors.present_anchor_ids | raw_html.present_anchor_ids))),
            links={file.src_uri: anchors_of for file, anchors_of in relative.links_to_anchors.items()},
            targets=self._files.lookups,
        )
        return facts, Text(html, getattr(markdown, "toc_tokens", []))  # of the extension “toc”


def _anchors(html: str) -> tuple[str, ...]:
    """The ids in HTML whose texts have no `>`, as a sanitizer writes it: it ends a tag, and nothing else."""
    return tuple(sorted({unescape(id) for id, is_in_tag in _ID.findall(html) if is_in_tag}))


class _RecordingFiles(Files):
    """The site's files. `lookups`: path that a page looked up → address of the file, or None if there is none."""

    def __init__(self, files: Files) -> None:
        super().__init__(files)
        self.lookups: dict[str, str | None] = {}

    def get_file_from_path(self, path: str) -> File | None:
        file = super().get_file_from_path(path)
        self.lookups[PurePath(path).as_posix()] = file.url if file else None
        return file
