"""What a page is made from, in one place: a page is made anew where any of this changed, and otherwise never.

| what is made | from |
| --- | --- |
| a page's text | its Markdown and front matter, class and path; settings of Markdown and of links; Python, all \
installed packages and the code of this project; where the files are that it links to (`Facts.targets`) |
| the page | its text, title and addresses; the settings in `mkdocs.yml` as templates see them; its template, and \
the templates and parts that this one can use; for a page in the navigation, that |
| what pages of a folder share | made in each build; see `shell` |
| a text that a hook has kept (`Memo`) | what the hook says; Python, all installed packages and the code of this \
project, with its templates |

What a template must not use, because it is not here: the time of the build, other pages' text, the environment.
"""

import hashlib
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

from mkdocs_once.page import OncePage

_FOR_TEXT = ("markdown_extensions", "mdx_configs", "use_directory_urls", "validation")
# Where the site lies, and what counts otherwise: plugins by their settings, hooks by their code, `nav` by its items.
_UNSEEN = frozenset({"config_file_path", "docs_dir", "site_dir", "plugins", "hooks", "watch", "nav", "strict"})
_NAMING = re.compile(
    r"\{%[-+]?\s*(?:extends|include|import|from)\s+(.+?)(?:\s+(?:import|as|ignore|with|without)\b.*?)?\s*[-+]?%\}"
)
_BEGINNING = re.compile(r"[\"'](?P<beginning>[^\"']*)[\"']\s*(?P<more>.?)")


class Dependencies:
    """The keys of one build's pages. `packages`: those whose code has a part in them."""

    def __init__(self, config: MkDocsConfig, nav: Navigation, packages: Iterable[str]) -> None:
        self._config, self._nav, self._packages = config, nav, packages
        self._in_navigation = {id(page) for page in nav.pages}
        self._templates = Templates(config.theme)

    def of_text(self, page: OncePage) -> bytes:
        """The key of a page's converted text."""
        own = (type(page).__qualname__, page.file.src_uri, page.url, page.meta, page.is_searchable, page.is_html)
        return _digest(b"text", self._for_text, _encode(own), (page.source or "").encode())

    def of_page(self, page: OncePage) -> bytes:
        """The key of a page as its template shows it, whose text has its key already."""
        shown = self._outline if id(page) in self._in_navigation else ()
        own = (page.title, page.canonical_url, page.edit_url, page.is_homepage, shown)
        template = self._templates.digest(page.meta.get("template", "main.html"))
        return _digest(b"page", page.text_key, self._for_page, template, _encode(own))

    @cached_property
    def _for_text(self) -> bytes:
        settings = {name: _plain(self._config[name]) for name in _FOR_TEXT}
        return _digest(_encode((sys.version, _installed(), settings)), *_code(self._config, self._packages, "*.py"))

    @cached_property
    def _for_page(self) -> bytes:
        plugins = {
            name: _plain(plugin.config)
            for name, plugin in self._config.plugins.items()
            if isinstance(plugin, BasePlugin) and not type(plugin).__module__.startswith(f"{__package__}.")
        }
        settings = {name: _plain(value) for name, value in self._config.items() if name not in _UNSEEN}
        return _encode((plugins, settings))

    @cached_property
    def _outline(self) -> list[tuple[int, str | None, str]]:
        return list(_items(self._nav))


def of_made(config: MkDocsConfig, packages: Iterable[str]) -> bytes:
    """The key of texts that hooks make with these packages, by code and templates that are theirs."""
    return _digest(b"made", _encode((sys.version, _installed())), *_code(config, packages, "*"))


def _code(config: MkDocsConfig, packages: Iterable[str], pattern: str) -> Iterator[bytes]:
    """The hooks, and the files of this package and of others whose names are like that."""
    hooks = (getattr(hook, "__file__", None) for hook in config["hooks"].values())
    yield from (Path(file).read_bytes() for file in hooks if file)
    for name in (__package__, *packages):
        spec = find_spec(name)
        for folder in (spec and spec.submodule_search_locations) or ():
            files = (file for file in sorted(Path(folder).rglob(pattern)) if file.suffix != ".pyc" and file.is_file())
            yield from (file.read_bytes() for file in files)


class Templates:
    """The site's own templates. The theme's are those of an installed package, whose version counts already."""

    def __init__(self, theme: Theme) -> None:
        own, *others = map(Path, theme.dirs)
        self._files: dict[str, bytes] = {}
        if own == Path(theme.custom_dir or ""):
            files = (file for file in sorted(own.rglob("*")) if file.is_file())
            self._files = {file.relative_to(own).as_posix(): file.read_bytes() for file in files}
        self._static = theme.static_templates
        self._others = others
        self._digests: dict[str, bytes] = {}

    def digest(self, template: str) -> bytes:
        """A hash of all files that a template may use."""
        if template not in self._digests:
            used = self._used(template) if template in self._files else self._files.keys()
            self._digests[template] = _digest(*(self._files[name] for name in sorted(used)), _encode(sorted(used)))
        return self._digests[template]

    def _used(self, template: str) -> Set[str]:
        """A page's template, what it names and what that names; all parts; and what stands in for the theme's own."""
        used: set[str] = set()
        waiting = {template, *self._shared}
        while waiting:
            name = waiting.pop()
            used.add(name)
            waiting |= self._named(name) - used
        return used

    @cached_property
    def _shared(self) -> Set[str]:
        names = self._files.keys() - self._static
        return {name for name in names if "/" in name or self._is_of_theme(name)}

    def _is_of_theme(self, name: str) -> bool:
        return any((folder / name).exists() for folder in self._others)

    def _named(self, template: str) -> Set[str]:
        """The own templates that one may name."""
        text = self._files[template].decode(errors="replace")
        return set().union(*map(self._meant, _NAMING.findall(text)))

    def _meant(self, expression: str) -> Set[str]:
        """What a name leads to: one template; where only its beginning is written down, any that begins like that."""
        written = _BEGINNING.match(expression)
        if not written or written["more"] not in ("", "~"):
            return self._files.keys()
        beginning = written["beginning"]
        return {name for name in self._files if name == beginning or (written["more"] and name.startswith(beginning))}


def _items(items: Iterable[StructureItem], level: int = 0) -> Iterator[tuple[int, str | None, str]]:
    """The navigation as a reader sees it."""
    for item in items:
        yield level, item.title, getattr(item, "url", "")
        yield from _items(getattr(item, "children", None) or (), level + 1)


def _installed() -> list[str]:
    """All packages that Python finds, with their versions: the names of their folders have both."""
    folders = (Path(folder) for folder in sys.path if Path(folder).is_dir())
    return sorted(each.name for folder in folders for each in folder.glob("*.dist-info"))


def _digest(*parts: bytes) -> bytes:
    """One hash of several, each told apart from the next."""
    found = hashlib.blake2b(digest_size=32)
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()


def _encode(value: object) -> bytes:
    """The same bytes for equal values. What is no plain value counts by its `repr`: at worst that is never equal."""
    return msgspec.msgpack.encode(value, enc_hook=repr, order="deterministic")


def _plain(value: object) -> Any:  # noqa: ANN401
    """Settings without what differs between runs: a name that begins with `_` is no setting."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items() if not str(key).startswith("_")}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    return value
