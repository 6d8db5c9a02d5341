"""Frames: what all pages of a kind have in common, rendered once, with holes for what differs.

A kind is a template, a depth below the site's root, and the parts of a page that are hidden. Most of a page, such as
the theme's header, navigation and footer, is the same in all of a kind. So one of them is rendered with a mark in place
of each hole; of every page no more than its holes is rendered, and stored.

Pages in the navigation are rendered as a whole, for in it they are marked as the current page; and so are those whose
template asks elsewhere for what differs from page to page.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import jinja2
from jinja2.runtime import Context
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils.templates import TemplateContext

from mkdocs_once.blank import squeezed
from mkdocs_once.page import OncePage

BLOCKS = ("site_meta", "htmltitle", "extrahead", "container")
CONTENTS = "partials/toc.html"  # which is included by another block
_TITLE, _START = "title", "start"  # holes with the page's title, and with the id of its first heading
_MARK = "\0"  # before and after the name of a hole; no browser shows a NUL
_HOLES = re.compile(f"{_MARK}({'|'.join(map(re.escape, (*BLOCKS, CONTENTS, _TITLE, _START)))}){_MARK}")
Root = Callable[[Context], Iterator[str]]


class Kind(NamedTuple):
    """A kind of page, by all that a frame depends on. `base`: the relative address of the site's root."""

    template: str
    base: str
    hidden: tuple[str, ...]
    has_contents: bool


class NoFrameError(jinja2.TemplateError):
    """Pages of a kind can share no frame."""


class AnyPage:
    """A page of a kind, with the attributes that a frame may use. Raises `NoFrameError` for any other attribute."""

    is_homepage = False

    def __init__(self, kind: Kind) -> None:
        self.url = _Depth("_/" * kind.base.count(".."))
        self.title = _mark(_TITLE)
        self.meta = _AnyMeta({"title": self.title, "hide": kind.hidden})
        self.toc = [AnchorLink("", _mark(_START), 0)] if kind.has_contents else []

    def __getattr__(self, name: str) -> object:
        raise _refusal(name)


class _Depth(str):
    """The address of a page of a kind: links may lead up from it, and it may not be shown."""

    def __str__(self) -> str:
        raise _refusal("url")

    def __html__(self) -> str:
        raise _refusal("url")


class _AnyMeta:
    """The front matter of such a page: any other entry is refused, even to one who asks whether it is there."""

    def __init__(self, entries: Mapping[str, object]) -> None:
        self._entries = entries

    def __getitem__(self, name: str) -> object:
        if name not in self._entries:
            raise _refusal(f"meta.{name}")
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        return bool(self[name])

    def get(self, name: str, _: object = None) -> object:
        """The entry of that name."""
        return self[name]


def _refusal(name: str) -> NoFrameError:
    return NoFrameError(f"page.{name} is asked for outside the blocks {', '.join(BLOCKS)}")


class Frame:
    """The frame of a kind of page. `digest`: a hash of it."""

    def __init__(self, template: jinja2.Template, kind: Kind, context: TemplateContext) -> None:
        """Render the frame, with the context of any page of this kind. Raises `NoFrameError`."""
        self._template, self._context = template, context
        shared = template.new_context({**context, "page": AnyPage(kind)})
        for name in BLOCKS:
            shared.blocks[name] = [_hole(name), *shared.blocks.get(name, [])]  # which the templates' own come behind
        html = squeezed("".join(template.root_render_func(shared)))
        self._blocks = {name: blocks[1:] if name in BLOCKS else blocks for name, blocks in shared.blocks.items()}
        self._variables = shared.vars
        self._pieces = _HOLES.split(html)
        self._holes = [name for name in self._pieces[1::2] if name in (*BLOCKS, CONTENTS)]
        self.digest = hashlib.blake2b(html.encode(), digest_size=16).digest()

    def context_of(self, page: OncePage) -> TemplateContext:
        """The context of another page of this kind."""
        return {**self._context, "page": page}

    def rendered(self, context: TemplateContext) -> str:
        """The HTML of a page's holes, for `filled`."""
        own = self._template.new_context(dict[str, Any](context))
        own.blocks, own.vars = self._blocks, dict(self._variables)
        contents = ("".join(_content(name, own)).replace(_MARK, "") for name in self._holes)
        html = squeezed(_MARK.join(contents))
        return _MARK.join(map(str.strip, html.split(_MARK)))

    def filled(self, rendered: str, page: OncePage) -> str:
        """The HTML of a page, whose holes have been rendered."""
        contents = dict(zip(self._holes, rendered.split(_MARK), strict=True))
        contents[_TITLE] = str(page.meta.get("title") or page.title or "")
        contents[_START] = page.facts.start if page.facts else ""
        pieces = [*self._pieces]
        pieces[1::2] = [contents[name] for name in pieces[1::2]]
        return "".join(pieces)


class FrameTemplate(jinja2.Template):
    """A template that renders a mark in a frame where it is a hole.

    Jinja makes templates of `Environment.template_class`, and includes one by its `root_render_func`.
    https://jinja.palletsprojects.com/en/stable/api/
    """

    _root: Root

    @property
    def root_render_func(self) -> Root:
        return self._hole_or_root if self.name == CONTENTS else self._root

    @root_render_func.setter
    def root_render_func(self, root: Root) -> None:
        self._root = root

    def _hole_or_root(self, context: Context) -> Iterator[str]:
        return (_hole(CONTENTS) if _is_hole(context) else self._root)(context)


def _is_hole(context: Context) -> bool:
    page = context.parent.get("page")
    return isinstance(page, AnyPage) and bool(page.toc)


def _hole(name: str) -> Root:
    def root(_: Context) -> Iterator[str]:
        yield _mark(name)

    return root


def _mark(name: str) -> str:
    return f"{_MARK}{name}{_MARK}"


def _content(name: str, context: Context) -> Iterator[str]:
    """The content of a hole, in pieces."""
    if name in context.blocks:
        return context.blocks[name][0](context)
    template = context.environment.get_template(name)
    return template.root_render_func(template.new_context(context.get_all(), shared=True))
