"""The cache keys of pages: a page is made anew where anything changed that its key is a hash of, and otherwise never.

| cached | made from |
| --- | --- |
| a page's text | its Markdown and front matter, class and path, and the files that it means instead of others; \
settings of Markdown and of links; Python, all installed packages, the code of this project, hooks and all that they \
import; where the files are that it links to (`Facts.targets`) |
| the page | its text, title and addresses; what plugins and hooks make of its front matter and its HTML, and what \
they add to the environment and the context of its template; the settings in `mkdocs.yml` as templates see them; its \
template, and the templates and parts that this one can use; for a page in the navigation, that |
| the frame that pages of a kind share | rendered in each build; see `frame` |
| a hook's text (`Memo`) | what the hook names; Python, all installed packages and the code of this \
project, with its templates |

A template must not use what is not here: the time of the build, other pages' text, the environment. An extension of
Markdown may: a text is then converted in each build, and the page is made from its HTML (`Dependencies.is_certain`). So
may a function that a hook adds for templates, which may read any file: pages are then rendered in each build.
"""

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation
from mkdocs.theme import Theme

from mkdocs_once import own_code, search
from mkdocs_once.page import OncePage

_FOR_TEXT = ("markdown_extensions", "mdx_configs", "use_directory_urls", "validation")
# Paths, and settings that count otherwise: plugins by their settings, hooks by their code, `nav` by its items.
_IGNORED = frozenset({"config_file_path", "docs_dir", "site_dir", "plugins", "hooks", "watch", "nav", "strict"})
_CHANGE_PAGES = ("page_read_source", "page_markdown", "page_content", "pre_page", "env")  # events
# Extensions whose HTML depends on the text and on settings alone.
_READ_NOTHING = re.compile(
    r"(?:markdown\.extensions\.)?(?:abbr|admonition|attr_list|codehilite|def_list|extra|fenced_code|footnotes|legacy_attrs"
    r"|legacy_em|md_in_html|meta|nl2br|sane_lists|smarty|tables|toc|wikilinks)|pymdownx\.(?!b64|emoji|snippets)[\w.]+"
)
_OF_THEME = "mkdocs_theme.yml"  # each theme has one
_NAMING = re.compile(
    r"\{%[-+]?\s*(?:extends|include|import|from)\s+(.+?)(?:\s+(?:import|as|ignore|with|without)\b.*?)?\s*[-+]?%\}"
)
_BEGINNING = re.compile(r"[\"'](?P<beginning>[^\"']*)[\"']\s*(?P<more>.?)")


class Dependencies:
    """The cache keys of one build's pages, which this code makes."""

    def __init__(self, config: MkDocsConfig, nav: Navigation, code: "Code") -> None:
        self._config, self._nav, self._code = config, nav, code
        self._templates = Templates(config.theme)

    def of_text(self, page: OncePage) -> bytes:
        """The cache key of a page's converted text."""
        own = (
            type(page).__qualname__, page.file.src_uri, page.url, page.meta, page.is_searchable, page.is_html,
            page.instead,
        )  # fmt: skip
        return _digest(b"text", self._for_text, _encode(own), (page.source or "").encode())

    def is_certain(self, page: OncePage) -> bool:
        """Whether the key is of all that a page's text is made from: an extension may put other files into it."""
        return bool(page.to_text or page.is_html or self._extensions_read_nothing)

    def of_page(self, page: OncePage, added: object, *, is_framed: bool) -> bytes | None:
        """The cache key of a page to render, whose `text_key` is set, after plugins and hooks have changed it.

        `added`: what they add for its template. None where that is more than data, which may be another each time.
        Of one that `is_framed`, the frame has the navigation.
        """
        additions = data(added)
        if additions is None:
            return None
        outline = () if is_framed else self._outline
        changed = page.meta if self._hooks_change_pages else ()
        own = (page.title, page.canonical_url, page.edit_url, page.is_homepage, outline, changed, page.content)
        template = self._templates.digest(page.meta.get("template", "main.html"))
        return _digest(b"page", page.text_key, self._for_page, template, _encode(own), additions)

    @cached_property
    def _extensions_read_nothing(self) -> bool:
        return all(map(_READ_NOTHING.fullmatch, self._config.markdown_extensions))

    @cached_property
    def _hooks_change_pages(self) -> bool:
        return listen(self._config, *_CHANGE_PAGES)

    @cached_property
    def _for_text(self) -> bytes:
        settings = {name: _plain(self._config[name]) for name in _FOR_TEXT}
        return _digest(_encode(settings), self._code.without_templates)

    @cached_property
    def _for_page(self) -> bytes:
        plugins = {
            name: _plain(plugin.config)
            for name, plugin in self._config.plugins.items()
            if isinstance(plugin, BasePlugin) and not _is_of_here(type(plugin).__module__)
        }
        settings = {name: _plain(value) for name, value in self._config.items() if name not in _IGNORED}
        return _digest(_encode((plugins, settings)))

    @cached_property
    def _outline(self) -> list[tuple[int, str | None, str]]:
        return list(_items(self._nav))


def listen(config: MkDocsConfig, *events: str) -> bool:
    """Whether hooks, or plugins other than this one and the search, have one of these events."""
    owners = (getattr(each, "__self__", None) for event in events for each in config.plugins.events[event])
    searches = search.plugins(config)
    return any(owner not in searches and not _is_of_here(type(owner).__module__) for owner in owners)


def _is_of_here(module: str) -> bool:
    return module.startswith(f"{__package__}.")


class Code:
    """The code that makes pages, `packages` and hooks included, and what it makes things by: Python, other packages."""

    def __init__(self, config: MkDocsConfig, packages: Iterable[str]) -> None:
        files = list(_files(config, packages))
        code = [content for file, content in files if file.endswith(".py")]
        others = [content for file, content in files if not file.endswith(".py")]
        self.without_templates = _digest(_encode((sys.version, _installed())), *code)
        self.whole = _digest(self.without_templates, *others)


def _files(config: MkDocsConfig, packages: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The files that no installed package has, and those of this package and of others, each with its content.

    Without those of the theme, of which each page counts those that it can use.
    """
    themes = tuple(f"{Path(folder)}{os.sep}" for folder in config.theme.dirs)
    names = (__package__, *packages)
    yield from ((str(file), file.read_bytes()) for file in own_code.files(names))
    specs = filter(None, map(find_spec, names))
    for folder in (folder for spec in specs for folder in spec.submodule_search_locations or ()):
        for place, folders, entries in os.walk(folder):
            folders.sort()
            below = f"{place}{os.sep}"
            for file in (f"{below}{each}" for each in sorted(entries) if not each.endswith(".pyc")):
                if not file.startswith(themes) and os.path.isfile(file):  # noqa: PTH113  (of hundreds, a Path each is slow)
                    with open(file, "rb", buffering=0) as content:  # noqa: PTH123
                        yield file, content.read()


class Templates:
    """The templates that go before the theme's: the site's own, and those that plugins add to them.

    The theme's are those of an installed package, whose version counts already.
    """

    def __init__(self, theme: Theme) -> None:
        folders = [*map(Path, theme.dirs)]
        before = next((index for index, folder in enumerate(folders) if (folder / _OF_THEME).exists()), len(folders))
        own, self._others = folders[:before], folders[before:]
        self._files = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for folder in reversed(own)  # the first that has a name counts
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
        self._static = theme.static_templates
        self._digests: dict[str, bytes] = {}

    def digest(self, template: str) -> bytes:
        """A hash of all own files that a template may use."""
        if template not in self._digests:
            names = self._reachable(template) if template in self._files else self._files.keys()
            self._digests[template] = _digest(*(self._files[name] for name in sorted(names)), _encode(sorted(names)))
        return self._digests[template]

    def _reachable(self, template: str) -> Set[str]:
        """A page's template, those that it names, directly or not, all partials, and those that replace the theme's."""
        names: set[str] = set()
        waiting = {template, *self._always}
        while waiting:
            name = waiting.pop()
            names.add(name)
            waiting |= self._references(name) - names
        return names

    @cached_property
    def _always(self) -> Set[str]:
        """The partials, and the templates that replace the theme's: any template may use them."""
        names = self._files.keys() - self._static
        return {name for name in names if "/" in name or self._is_of_theme(name)}

    def _is_of_theme(self, name: str) -> bool:
        return any((folder / name).exists() for folder in self._others)

    def _references(self, template: str) -> Set[str]:
        """The own templates that a template may name."""
        text = self._files[template].decode(errors="replace")
        return set().union(*map(self._candidates, _NAMING.findall(text)))

    def _candidates(self, expression: str) -> Set[str]:
        """The template of a name; all that begin like it, if only its beginning is written; or else all."""
        literal = _BEGINNING.match(expression)
        if not literal or literal["more"] not in ("", "~"):
            return self._files.keys()
        beginning = literal["beginning"]
        return {name for name in self._files if name == beginning or (literal["more"] and name.startswith(beginning))}


def _items(items: Iterable[StructureItem], level: int = 0) -> Iterator[tuple[int, str | None, str]]:
    """The navigation's items as (level, title, address), in their order."""
    for item in items:
        yield level, item.title, getattr(item, "url", "")
        yield from _items(getattr(item, "children", None) or (), level + 1)


def _installed() -> list[str]:
    """The names of the `.dist-info` folders of all packages that Python finds, which have name and version."""
    folders = (Path(folder) for folder in sys.path if Path(folder).is_dir())
    return sorted(each.name for folder in folders for each in folder.glob("*.dist-info"))


def _digest(*parts: bytes) -> bytes:
    """One hash of several parts, each with its length, so that their borders count."""
    lengths_and_parts = [each for part in parts for each in (len(part).to_bytes(8, "big"), part)]
    return hashlib.sha256(b"".join(lengths_and_parts)).digest()


def data(value: object) -> bytes | None:
    """Bytes that are equal for equal values; None of a value that is not plain data, such as a function."""
    try:
        return msgspec.msgpack.encode(value, order="deterministic")
    except (TypeError, UnicodeEncodeError, RecursionError):
        return None


def _encode(value: object) -> bytes:
    """Bytes that are equal for equal values. A value that is not plain counts by its `repr`, which at worst differs."""
    return msgspec.msgpack.encode(value, enc_hook=repr, order="deterministic")


def _plain(value: object) -> Any:  # noqa: ANN401
    """Settings as plain values, without names that begin with `_`, which are no settings and differ between runs."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items() if not str(key).startswith("_")}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    return value
