"""The parts that all pages of a folder share, rendered once: the theme's header, navigation, footer and the like.

They take most of the time of rendering a page, and differ only by how far the page is from the site's root and, in the
header, by the page's title. So a page is rendered with a mark in their place, stored like that, and filled at the end.
Pages in the navigation have their own parts, in which they are marked as the current page.
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

from mkdocs_once.blank import squeezed

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
        """A mark for a part, which is rendered if the folder has none yet; the part itself if the page shares none."""
        page, base = context["page"], context["base_url"]
        if page is None or id(page) in self._in_navigation:
            yield from root(context)
            return
        if (part, base) not in self._parts:
            context.vars["page"] = AnyPage(base)
            self._parts[part, base] = squeezed("".join(root(context)))
        yield f"\0{part}\0"

    def words(self, make: Callable[[], TemplateModule]) -> SimpleNamespace:
        """The theme's translations, each looked up once: they depend on the settings alone."""
        if self._words is None:
            self._words = SimpleNamespace(t=cache(make().t))  # type: ignore[attr-defined]
        return self._words

    def all_of(self, page: Page, base: str, render: Callable[[], object]) -> bytes:
        """A hash of the parts that a page shares; `base`: the relative address of the site's root.

        If the folder has no parts yet, `render` has to render the page.
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
        """The HTML of a marked page with its parts in place of the marks."""
        title = page.meta.get("title") or page.title

        def part(match: re.Match[str]) -> str:
            return self._parts[match[1], base].replace(_TITLE, title) if match[1] in SHARED else ""

        return _MARK.sub(part, marked)


class AnyPage:
    """A page outside the navigation, with the attributes that shared parts may use: depth and title.

    Raises `jinja2.TemplateError` for any other attribute.
    """

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
