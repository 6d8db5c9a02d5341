"""What all pages of a folder share, made once: the theme's header, navigation, footer and the like.

They are most of what a template has to do, and differ only by how far the page is from the site's root and, in the
header, by the page's title. So a page is rendered with a mark in their place, kept like that, and filled at the end.
Pages in the navigation have their own: there, they are marked as the one that is being read.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import SimpleNamespace

import jinja2
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from mkdocs.structure.pages import Page

SHARED = frozenset(
    f"partials/{name}.html"
    for name in (
        "header", "tabs", "nav", "footer", "top", "icons", "policy",
        "javascripts/base", "javascripts/content", "integrations/analytics",
    )
)  # fmt: skip
WORDS = "partials/language.html"
_MARK = re.compile("\0([^\0]*)\0")  # no HTML has a NUL
_TITLE = "\0title\0"
Root = Callable[[Context], Iterator[str]]


class Shell:
    """The shared parts of one build."""

    def __init__(self, in_navigation: Iterable[Page]) -> None:
        self._in_navigation = {id(page) for page in in_navigation}
        self._parts: dict[tuple[str, str], str] = {}
        self._digests: dict[str, bytes] = {}
        self._words: SimpleNamespace | None = None

    def part(self, part: str, context: Context, root: Root) -> Iterator[str]:
        """A mark for a part, which is made here if it is the folder's first; the part itself where none is shared."""
        page, base = context["page"], context["base_url"]
        if page is None or id(page) in self._in_navigation:
            yield from root(context)
            return
        if (part, base) not in self._parts:
            context.vars["page"] = AnyPage(base)
            self._parts[part, base] = "".join(root(context))
        yield f"\0{part}\0"

    def words(self, make: Callable[[], TemplateModule]) -> SimpleNamespace:
        """The theme's words, each looked up once: they depend on the settings alone."""
        if self._words is None:
            self._words = SimpleNamespace(t=cache(make().t))  # type: ignore[attr-defined]
        return self._words

    def all_of(self, page: Page, base: str, render: Callable[[], object]) -> bytes:
        """A hash of what a page shares, `base` being its way to the site's root.

        Where its folder's parts are not made yet, `render` renders the page.
        """
        if id(page) in self._in_navigation:
            return b""
        if base not in self._digests:
            if not any(folder == base for _, folder in self._parts):
                render()
            parts = sorted((name, part) for (name, folder), part in self._parts.items() if folder == base)
            self._digests[base] = hashlib.blake2b(repr(parts).encode()).digest()
        return self._digests[base]

    def fill(self, marked: str, page: Page, base: str) -> str:
        """A marked page with its parts."""
        title = page.meta.get("title") or page.title

        def part(match: re.Match[str]) -> str:
            return self._parts[match[1], base].replace(_TITLE, title) if match[1] in SHARED else ""

        return _MARK.sub(part, marked)


class AnyPage:
    """A page that is not in the navigation, as far as the shared parts may ask of one: how deep it lies, its title."""

    is_homepage = False

    def __init__(self, base: str) -> None:
        self.url = "_/" * base.count("..")
        self.title = _TITLE
        self.meta = {"title": _TITLE}

    def __getattr__(self, name: str) -> object:
        raise jinja2.TemplateError(
            f"page.{name} is asked for in one of {', '.join(sorted(SHARED))}, which all pages of a folder share: "
            "move that to another template"
        )
