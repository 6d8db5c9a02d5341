"""The HTML of a build's pages: from the store, or rendered by several processes."""

import logging
from collections.abc import Callable, Sequence
from itertools import chain

import jinja2
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.utils import get_relative_url, write_file
from mkdocs.utils.templates import TemplateContext

from forkpool import in_chunks
from mkdocs_once import search, texts
from mkdocs_once.blank import squeezed
from mkdocs_once.conversion import Converter
from mkdocs_once.dependencies import listen
from mkdocs_once.frame import Frame, FrameTemplate, Kind, NoFrameError
from mkdocs_once.page import OncePage, Text
from mkdocs_once.store import Store, pack

_UNWRITTEN = "as it is"  # in place of a page that MkDocs does not write
log = logging.getLogger("mkdocs.plugins.once")


class Renderer:
    """Renders pages as MkDocs would; MkDocs, which uses the same environment, then gets them from here.

    `is_alone`: no other plugin but the search has a say in the context of a page.
    """

    def __init__(
        self, env: jinja2.Environment, config: MkDocsConfig, nav: Navigation, files: Files, store: Store
    ) -> None:
        self._env, self._config, self._nav, self._files, self._store = env, config, nav, files, store
        self._pages = files.documentation_pages()
        self._in_navigation = {id(page) for page in nav.pages}
        self._frames: dict[Kind, Frame | None] = {}
        self.is_alone = not listen(config, "page_context")  # others may add what differs from page to page
        self._writes = not config.plugins.events["post_page"]
        env.template_class = _template_class(self._whole_page)

    def added(self, page: OncePage) -> object:
        """The additions of hooks to the context of a page's template, and the page as they change it then."""
        if self.is_alone:
            return None
        content, meta, page.meta = page.content, page.meta, dict(page.meta)
        before = get_context(self._nav, self._pages, self._config, page)
        after = self._config.plugins.on_page_context({**before}, page=page, config=self._config, nav=self._nav)
        changed = page.title, page.meta, page.content
        page.content, page.meta = content, meta
        return {name: value for name, value in after.items() if before.get(name) is not value}, changed

    def render(self, pages: Sequence[OncePage], processes: int) -> None:
        """Render these pages into the store, and write them unless a plugin changes pages before they are written."""
        first = {self._kind(page): page for page in pages}  # here, so that frames and templates are made only once
        self._put([*first.values()], [self._packed_page(page) for page in first.values()])
        are_done = {id(page) for page in first.values()}
        others = [page for page in pages if id(page) not in are_done]
        for start, chunk in in_chunks(self._packed_page, others, dict[bytes, bytes], processes):
            self._put(others[start:], chunk)

    def is_framed(self, page: OncePage) -> bool:
        """Whether all but the holes of a page are those of its kind's frame."""
        return self._frame(page) is not None

    def digest(self, page: OncePage) -> bytes:
        """Hashes of all that a page is made from, its frame included."""
        frame = self._frame(page)
        return (page.key or b"") + (frame.digest if frame else b"")

    def _put(self, pages: Sequence[OncePage], packed: Sequence[dict[bytes, bytes]]) -> None:
        self._store.put(dict(chain.from_iterable(each.items() for each in packed)))
        for page, each in zip(pages, packed, strict=False):
            page.is_current = bool(each) and self._writes

    def _packed_page(self, page: OncePage) -> dict[bytes, bytes]:
        """A page's value for the store, by its key; empty if the store lost its text meanwhile."""
        key, text = page.key or b"", page.text or texts.stored_text(page, self._store)
        if not text:
            return {}
        if not page.text:
            page.show(text)
        frame = self._frame(page)
        rendered = self._rendered(page, frame)
        if self._writes:
            write_file(_encoded(_filled(page, frame, rendered)), page.file.abs_dest_path)
        if not page.text:
            page.show(Text())
        return {key: pack(key, _encoded(rendered))}

    def _kind(self, page: OncePage) -> Kind:
        hidden = page.meta.get("hide") or ()
        return Kind(
            template=str(page.meta.get("template", "main.html")),
            base=get_relative_url(".", page.url),
            hidden=(hidden,) if isinstance(hidden, str) else tuple(map(str, hidden)),
            has_contents=bool(page.facts and page.facts.start),
        )

    def _context(self, page: OncePage, frame: Frame | None) -> TemplateContext:
        """The context of a page: that of its frame where it has one, since then only the search may change the page."""
        if frame and not search.has_attributes(page.content or ""):
            return frame.context_of(page)
        context = frame.context_of(page) if frame else get_context(self._nav, self._pages, self._config, page)
        return self._config.plugins.on_page_context(context, page=page, config=self._config, nav=self._nav)

    def _frame(self, page: OncePage) -> Frame | None:
        """The frame of a page; None of one that is rendered as a whole, which takes longer."""
        if not self.is_alone or id(page) in self._in_navigation:
            return None
        kind = self._kind(page)
        if kind not in self._frames:
            template = self._template(page)
            try:
                self._frames[kind] = Frame(template, kind, self._context(page, None))
            except NoFrameError as error:
                self._frames[kind] = None
                log.debug("Pages by %s are rendered one by one: %s", kind.template, error)
        return self._frames[kind]

    def _rendered(self, page: OncePage, frame: Frame | None) -> str:
        """The HTML of a page for the store: that of its holes, or the whole where it has no frame."""
        context = self._context(page, frame)
        page.active = True
        try:
            if frame:
                return frame.rendered(context)
            return _without_cache(self._template(page), context)
        finally:
            page.active = False

    def _template(self, page: OncePage) -> jinja2.Template:
        name = self._kind(page).template
        try:
            return self._env.get_template(name)
        except jinja2.TemplateNotFound as error:
            raise PluginError(f"{page.path}: there is no template “{name}”, which its front matter names.") from error

    def _whole_page(self, template: jinja2.Template, context: TemplateContext) -> str:
        """A page's HTML as `template.render` would return it."""
        page = context["page"]
        if not isinstance(page, OncePage) or not page.key:
            return _without_cache(template, context)
        if page.is_current:
            return _UNWRITTEN
        stored = self._store.get(page.key)
        if not stored and page.text is None:
            converted = Converter(self._config, self._files).convert(page)
            page.complete(*converted, self._config, self._files)
        frame = self._frame(page)
        rendered = stored.decode() if stored else self._rendered(page, frame)
        if not stored:
            self._store.put_one(page.key, _encoded(rendered))
        return _filled(page, frame, rendered)


def _filled(page: OncePage, frame: Frame | None, rendered: str) -> str:
    """A page's HTML, of what is stored of it."""
    return frame.filled(rendered, page) if frame else rendered


def _template_class(whole_page: Callable[[jinja2.Template, TemplateContext], str]) -> type[FrameTemplate]:
    """A class of templates that take pages from the caches."""

    class OnceTemplate(FrameTemplate):
        def render(self, context: TemplateContext) -> str:
            return whole_page(self, context)

    return OnceTemplate


def _without_cache(template: jinja2.Template, context: TemplateContext) -> str:
    text = jinja2.Template.render(template, context)
    return squeezed(text) if str(template.name).endswith(".html") else text


def _encoded(html: str) -> bytes:
    """HTML encoded as MkDocs writes it."""
    return html.encode(errors="xmlcharrefreplace")
