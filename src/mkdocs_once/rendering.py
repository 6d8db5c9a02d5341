"""The HTML of a build's pages: from the store, or rendered by several processes."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

import jinja2
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.utils import get_relative_url, write_file
from mkdocs.utils.templates import TemplateContext

from forkpool import in_chunks
from mkdocs_once import texts
from mkdocs_once.blank import squeezed
from mkdocs_once.conversion import Converter
from mkdocs_once.output import digest_of
from mkdocs_once.page import OncePage, Text
from mkdocs_once.shell import SHARED, WORDS, Root, Shell
from mkdocs_once.store import Store, pack

_UNWRITTEN = "as it is"  # in place of a page that MkDocs does not write


class Renderer:
    """Renders pages as MkDocs would; MkDocs, which uses the same environment, then gets them from here."""

    def __init__(
        self, env: jinja2.Environment, config: MkDocsConfig, nav: Navigation, files: Files, store: Store
    ) -> None:
        self._env, self._config, self._nav, self._files, self._store = env, config, nav, files, store
        self._pages = files.documentation_pages()
        self._shell = Shell(nav.pages)
        self._writes = not config.plugins.events["post_page"]
        env.template_class = _template_class(self._shell, self._whole_page)

    def render(self, pages: Sequence[OncePage], processes: int) -> None:
        """Render these pages into the store, and write them unless a plugin changes pages before they are written."""
        first = {_template(page): page for page in pages}  # here, so that each template is compiled only once
        self._put([*first.values()], [self._packed_page(page) for page in first.values()])
        others = [page for page in pages if first[_template(page)] is not page]
        for start, chunk in in_chunks(self._packed_page, others, dict[bytes, bytes], processes):
            self._put(others[start:], chunk)

    def digest(self, page: OncePage) -> bytes:
        """A hash of all that a page is made from, shared parts included."""
        shared = self._shell.all_of(page, _base(page), partial(self._marked, page))
        return digest_of((page.key or b"") + shared)

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
        marked = self._marked(page)
        if self._writes:
            write_file(_encoded(self._shell.fill(marked, page, _base(page))), page.file.abs_dest_path)
        if not page.text:
            page.show(Text())
        return {key: pack(key, _encoded(marked))}

    def _marked(self, page: OncePage) -> str:
        """A page's HTML with marks where the shared parts go."""
        context = get_context(self._nav, self._pages, self._config, page)
        context = self._config.plugins.on_page_context(context, page=page, config=self._config, nav=self._nav)
        page.active = True
        try:
            return _without_cache(self._env.get_template(_template(page)), context)
        finally:
            page.active = False

    def _whole_page(self, template: jinja2.Template, context: TemplateContext) -> str:
        """A page's HTML as `template.render` would return it."""
        page = context["page"]
        if page is None:
            return _without_cache(template, context)
        if not isinstance(page, OncePage) or not page.key:
            return self._shell.fill(_without_cache(template, context), page, context["base_url"])
        if page.is_current:
            return _UNWRITTEN
        stored = self._store.get(page.key)
        if not stored and page.text is None:
            converted = Converter(self._config, self._files).convert(page)
            page.complete(*converted, self._config, self._files)
        marked = stored.decode() if stored else self._marked(page)
        if not stored:
            self._store.put({page.key: pack(page.key, _encoded(marked))})
        self._shell.all_of(page, context["base_url"], partial(_without_cache, template, context))
        return self._shell.fill(marked, page, context["base_url"])


def _template_class(
    shell: Shell, whole_page: Callable[[jinja2.Template, TemplateContext], str]
) -> type[jinja2.Template]:
    """A class of templates that take pages and shared parts from the caches.

    Jinja makes templates of `Environment.template_class`, includes one by its `root_render_func`, and imports one by
    `make_module`. https://jinja.palletsprojects.com/en/stable/api/
    """

    class OnceTemplate(jinja2.Template):
        _root: Root

        @property
        def root_render_func(self) -> Root:
            return self._shared if self.name in SHARED else self._root

        @root_render_func.setter
        def root_render_func(self, root: Root) -> None:
            self._root = root

        def _shared(self, context: Context) -> Iterator[str]:
            return shell.part(str(self.name), context, self._root)

        def make_module(self, *arguments: Any) -> Any:  # noqa: ANN401
            make = partial(super().make_module, *arguments)
            return shell.words(make) if self.name == WORDS else make()

        def render(self, context: TemplateContext) -> str:
            return whole_page(self, context)

    return OnceTemplate


def _without_cache(template: jinja2.Template, context: TemplateContext) -> str:
    text = jinja2.Template.render(template, context)
    return squeezed(text) if str(template.name).endswith(".html") else text


def _encoded(html: str) -> bytes:
    """HTML encoded as MkDocs writes it."""
    return html.encode(errors="xmlcharrefreplace")


def _base(page: OncePage) -> str:
    """The relative address of the site's root."""
    return get_relative_url(".", page.url)


def _template(page: OncePage) -> str:
    return str(page.meta.get("template", "main.html"))


class CompiledTemplates(jinja2.BytecodeCache):
    """A cache of compiled templates in the store. Jinja checks that the code is of the template's current text."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a template's code, if the store has it."""
        if code := self._store.get(bucket.key.encode()):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a template's code."""
        key = bucket.key.encode()
        self._store.put({key: pack(key, bucket.bytecode_to_string())})
