"""The plugin: what it does at which event of a MkDocs build. https://www.mkdocs.org/dev-guide/plugins/#events

| event | what it does |
| --- | --- |
| config | the store is opened |
| pre_build | the build waits for its turn, and the site's folder is set aside |
| files | pages become `OncePage`s |
| nav | texts that are not in the store are converted, by several processes; MkDocs' loop then shows them |
| env | pages that are not in the store are rendered and written, likewise; those that the folder has stay there |
| template_context | templates that list all pages get those, too, that MkDocs has not to write |
| post_build | the folder is put back, with the new files; the search's index gets the entries |
"""

import gc
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

import jinja2
from mkdocs.config import config_options as options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError, PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.utils.templates import TemplateContext

import forkpool
from mkdocs_once import conversion, dependencies, rendering, search, texts, theme, unreadable
from mkdocs_once.compiled import CompiledTemplates
from mkdocs_once.memo import Memo
from mkdocs_once.output import Output, digest_of
from mkdocs_once.page import OncePage
from mkdocs_once.store import Store
from mkdocs_once.turn import Turn

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer  # which takes long to load, and only a server needs

_DELAY = 0.02  # seconds that a server waits for more changes
_PAUSE = 1  # second after a build, in which a server shows it
log = logging.getLogger("mkdocs.plugins.once")


class Settings(Config):  # type: ignore[no-untyped-call]
    """`cache`: the store's file beside `mkdocs.yml`, or 0 for none. `processes`: how many; 0 for one per processor.

    `packages`: names of Python packages whose code makes pages.
    """

    cache = options.Type((str, int), default=".cache/pages.sqlite")
    processes = options.Type(int, default=0)
    packages = options.ListOfItems(options.Type(str), default=[])


class OncePlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Builds only what changed.

    Hooks use `compiled`, a cache of templates, `keep`, caches of what they make, and `memory`, which lasts as long as
    `mkdocs serve`.
    """

    compiled: CompiledTemplates
    _memos: dict[str, Memo]
    _code: dependencies.Code
    _store: Store
    _output: Output
    _nav: Navigation
    _keys: dependencies.Dependencies
    _pages: list[OncePage]
    _listed: Sequence[File]
    _env_before: dict[str, object]
    _is_open = _is_set_aside = _serves = False
    _turn: Turn | None = None
    _collecting = Timer(0, gc.enable)

    def __init__(self) -> None:
        self._memory: dict[str, Any] = {}

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """MkDocs keeps a plugin that has this event from one build of a server to the next."""
        self._serves = command == "serve"

    def on_shutdown(self) -> None:
        """Put the site back as it was where somebody stopped the build, which is no error.

        No garbage is collected at Python's end: that took a tenth of a build where little changed.
        """
        if self._is_set_aside:
            self._output.restore()
        gc.freeze()

    def on_serve(self, server: "LiveReloadServer", *, config: MkDocsConfig, builder: object) -> "LiveReloadServer":
        """Build sooner: hear of an edit at once, and wait no longer for more."""
        from mkdocs_once import watching  # noqa: PLC0415  (slow to load, and only a server needs it)

        server.build_delay = _DELAY
        watching.watch(server, [config.docs_dir, config.config_file_path, *config.theme.dirs])
        return server

    def on_config(self, config: MkDocsConfig) -> None:
        """Refuse a MkDocs that this was not written for, and open the store, which has compiled templates."""
        conversion.check_mkdocs()
        self._collecting.cancel()
        gc.disable()  # a build needs to its end what it makes: a server collects garbage between two of them
        self._store, self._is_open = Store(_path(self.config.cache, config)), True
        self.compiled = CompiledTemplates(self._store)
        theme.prepare(config.theme, self.compiled)

    @event_priority(100)  # for hooks that make something then
    def _begin(self, config: MkDocsConfig) -> None:
        self._memos, self._code = {}, dependencies.Code(config, self.config.packages)

    @event_priority(-100)  # when no other hook can stop the build any more
    def _set_aside(self, config: MkDocsConfig) -> None:
        folder = Path(config.site_dir)
        if not self._serves:  # a server has a folder of its own
            self._turn = Turn(folder.parent)
        self._output = Output(folder, self._store)
        self._output.set_aside()
        self._is_set_aside = True

    on_pre_build = CombinedEvent(_begin, _set_aside)

    @event_priority(100)  # before hooks that read their names
    def _refuse_names(self, files: Files, config: MkDocsConfig) -> Files:
        for file in files:
            try:
                file.src_uri.encode()
            except UnicodeEncodeError as error:
                name = os.fsencode(file.src_uri).decode(errors="backslashreplace")
                raise PluginError(
                    f"{unreadable.shown(config.docs_dir)}: the name {name} is no UTF-8: rename the file."
                ) from error
        return files

    @event_priority(-100)  # when all files are there
    def _make_pages(self, files: Files, config: MkDocsConfig) -> Files:
        """Make the pages that no hook made, with the titles that the navigation gives them."""
        search.prepare(config, files, lambda: (page.facts.entries for page in self._pages if page.facts))
        titles = dict(labels(config.nav or ()))
        for file in files:
            if file.is_documentation_page() and file.page is None:
                OncePage(titles.get(file.src_uri), file, config)
        self._close_memos()  # here, where the most has been made: until they are stored, they take much memory
        return files

    on_files = CombinedEvent(_refuse_names, _make_pages)

    @event_priority(-100)
    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> None:
        """Read the texts from the store, and convert those that are not there."""
        pages = (file.page for file in files.documentation_pages())
        self._nav, self._pages = nav, [page for page in pages if isinstance(page, OncePage)]
        keys = self._keys = dependencies.Dependencies(config, nav, self._code)
        for page in self._pages:
            page.read_source(config)
            page.hide_from_search()
            page.text_key = keys.of_text(page)
        texts.load_facts([page for page in self._pages if keys.is_certain(page)], self._store, files)
        self._store.present(page.text_key + texts.TEXT for page in self._pages)  # which may be needed the next time
        if missing := [page for page in self._pages if page.facts is None]:
            texts.convert(missing, conversion.Converter(config, files), self._store, self._processes)
            texts.log_failures(self._pages)
        for page in self._pages:
            if page.facts and page.is_kept:
                page.take_title()
            if config.plugins.events["page_content"] or not keys.is_certain(page):  # then the key is of the HTML, too
                page.text = page.text or texts.stored_text(page, self._store)

    @event_priority(100)
    def _look_at_env(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        self._env_before = _for_templates(env)
        return env

    @event_priority(-100)  # when other hooks have added what their templates use
    def _render(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Render the pages that are not in the store, and write no file that the site's folder has already."""
        added = {name: each for name, each in _for_templates(env).items() if self._env_before.get(name) is not each}
        if dependencies.data(added) is None:
            env.bytecode_cache = None  # which has what a filter made of a constant when it was compiled
        renderer = rendering.Renderer(env, config, self._nav, files, self._store)
        for page in self._pages:
            if page.facts and page.is_kept:
                additions = added, renderer.added(page)
                page.key = self._keys.of_page(page, additions, is_framed=renderer.is_framed(page))
        renderer.render(self._not_rendered(), self._processes)
        self._listed = files.documentation_pages()
        if not config.plugins.events["post_page"]:
            for page in self._pages:
                if page.key and (self._output.is_current(page.file.dest_uri, renderer.digest(page)) or page.is_current):
                    page.is_current, page.file.abs_dest_path = True, self._output.unread
        if renderer.is_alone:
            self._pass_over([page for page in self._pages if page.is_current], config, files)
        for file in files:
            if not file.is_documentation_page() and self._output.is_current(file.dest_uri, digest_of(_content(file))):
                file.inclusion = InclusionLevel.EXCLUDED  # from what MkDocs copies
        return env

    on_env = CombinedEvent(_look_at_env, _render)

    @event_priority(100)  # before other plugins
    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """List all pages in a template such as the sitemap's."""
        context["pages"] = self._listed
        return context

    def _pass_over(self, pages: Iterable[OncePage], config: MkDocsConfig, files: Files) -> None:
        """Have MkDocs build none of these pages; but the newest, by whose day it dates `sitemap.xml.gz`."""
        for page in sorted(pages, key=attrgetter("update_date"))[:-1]:
            page.file.inclusion = InclusionLevel.EXCLUDED
            page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)

    @event_priority(100)  # before hooks that use the site's files
    def _finish(self, config: MkDocsConfig) -> None:
        self._output.finish()

    @event_priority(-100)  # when no other hook makes anything any more
    def _close(self, config: MkDocsConfig) -> None:
        self._close_memos()
        self._end()

    on_post_build = CombinedEvent(_finish, _close)

    @event_priority(-100)  # behind others, which an error in a template would keep from it
    def on_build_error(self, error: Exception) -> None:
        """Put the site back as it was. The next build uses what the store has got until then.

        Raises `Abort` for an error in a template, of which the place says more than what MkDocs would print, and for a
        full disk and the like, of which a sentence does.
        """
        if self._is_set_aside:
            self._output.restore()
        if self._is_open:
            self._end()
        if sentence := unreadable.state_of_machine(error):
            log.error(sentence)
            raise Abort("The site cannot be built here.")
        if not isinstance(error, BuildError) and (place := theme.place(error)):
            log.error("%s: %s (%s)", place, error, type(error).__name__)
            raise Abort("A template has an error.")

    def _end(self) -> None:
        """Close what is open. A server collects garbage once it has shown the site; a build that ends needs not."""
        self.compiled.close()
        self._store.close()
        if self._turn:
            self._turn.end()
        self._is_open = self._is_set_aside = False
        if self._serves:
            self._collecting = Timer(_PAUSE, gc.enable)
            self._collecting.daemon = True
            self._collecting.start()

    def compiles_ahead(self, config: MkDocsConfig) -> bool:
        """Whether templates may be compiled beside other work: in the first build with this store.

        Not where another plugin or hook may set an environment, and thereby how a template is compiled.
        """
        return self._store.is_new and self._processes > 1 and not dependencies.listen(config, "env")

    @property
    def memory(self) -> dict[str, Any]:
        """A dictionary that a server's next build has, too; of another build it ends with whoever asks."""
        return self._memory if self._serves else {}

    def _close_memos(self) -> None:
        while self._memos:
            self._memos.popitem()[1].close()

    def keep(self, name: str) -> Memo:
        """The memo of this name. It is for one event: what is asked for when the files are there is another memo."""
        return self._memos.setdefault(name, Memo(self._store, b"made" + self._code.whole + name.encode()))

    def _not_rendered(self) -> list[OncePage]:
        keys = self._store.present(page.key for page in self._pages if page.key)
        return [page for page in self._pages if page.key and page.key not in keys]

    @property
    def _processes(self) -> int:
        return self.config.processes or forkpool.processes()


def labels(nav: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """(path, title) for each page of the navigation that has one of its own there."""
    for item in nav:
        for title, target in item.items() if isinstance(item, Mapping) else ():
            yield from [(target, title)] if isinstance(target, str) else labels(target)


def _for_templates(env: jinja2.Environment) -> dict[str, object]:
    """All that templates of an environment can use, by kind and name."""
    kinds = {"global": env.globals, "filter": env.filters, "test": env.tests}
    return {f"{kind} {name}": each for kind, by_name in kinds.items() for name, each in by_name.items()}


def _content(file: File) -> bytes:
    try:
        return file.content_bytes
    except OSError as error:
        raise unreadable.refusal(file.abs_src_path or file.src_path, error) from error


def _path(cache: object, config: MkDocsConfig) -> Path | None:
    return Path(config.config_file_path).parent / str(cache) if cache else None
