"""The converted HTML of a post, without anything that could run, load or cover something on the page.

The rule unsafe-html reports this to the author; cleaning holds even for what the rule does not see.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import nh3

from coursehub.markdown.allowed import SAFE_SCHEMES, SAFE_TAGS, SOURCE
from coursehub.markdown.headings import FOREIGN_ID

# What the converter and `render` write themselves, on top of what authors may write.
_MADE_TAGS = {"input", "section"}
# Formulas (see `maths`): how they are set, and nothing that loads or leads anywhere.
_MATHS_LENGTHS = {
    "columnspacing", "depth", "height", "linethickness", "lspace", "maxsize", "minsize", "rowspacing", "rspace",
    "voffset", "width",
}  # fmt: skip
_MATHS_ATTRIBUTES = {
    *_MATHS_LENGTHS, "accent", "accentunder", "display", "displaystyle", "fence", "largeop", "mathvariant",
    "movablelimits", "scriptlevel", "separator", "stretchy", "symmetric",
}  # fmt: skip
# A formula is no larger than a few lines: below ten letters' height or width, and scripts only grow smaller.
_SHORT = re.compile(r"(?:-?(?:0|\d?(?:\.\d+)?(?:r?em|ex)|\d{0,2}(?:\.\d+)?(?:px|pt))(?:\s+|\Z))+", re.ASCII)
_SCRIPT_LEVEL = re.compile(r"[0-3]", re.ASCII)
_MATHS_TAGS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover",
}  # fmt: skip
_MADE_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id"},
    "a": {"aria-label"},
    "code": {"tabindex"},
    "input": {"type", "checked", "disabled"},  # the first and the last get other values, but keep their order
    **dict.fromkeys(_MATHS_TAGS, _MATHS_ATTRIBUTES),
    "math": {"alttext", *_MATHS_ATTRIBUTES},
}
_ATTRIBUTES = {
    name: set(SAFE_TAGS.get(name, ())) | _MADE_ATTRIBUTES.get(name, set()) for name in {*SAFE_TAGS, *_MADE_ATTRIBUTES}
}
# Material's own parts (`md-…`) and this site's (`hub-…`) could cover the page or imitate it; what has class `mermaid`,
# Material fetches a script from elsewhere for.
_FOREIGN_CLASS = re.compile(r"(?<!\S)(?:(?:md-|hub-|js-)\S*|mermaid(?!\S))", re.IGNORECASE)
# To a browser, `\` is `/`, and controls are nothing: an address with one is not what it seems.
_ELSEWHERE = re.compile(r"[^/]*:|\s*//|.*[\x00-\x1f\x7f\\]", re.DOTALL)


_ADDRESSES = {("a", "href"), ("img", "src")}

Resolve = Callable[[str], str]  # gives the address on the site of one that was written


def as_written(address: str) -> str:
    """The address itself: a `Resolve` for where nothing is resolved."""
    return address


_resolve: ContextVar[Resolve] = ContextVar("resolve", default=as_written)  # that of the text that is being cleaned


def _cleaned(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return _FOREIGN_CLASS.sub("", value).strip() or None
    if attribute in ("id", "name"):
        return None if FOREIGN_ID.match(value) else value
    if attribute == "srcset":
        sources = SOURCE.findall(value)
        is_here = not any(_ELSEWHERE.match(address) for address, _ in sources)
        return ", ".join(f"{_resolve.get()(address)}{size}" for address, size in sources) if is_here else None
    if attribute == "src" and _ELSEWHERE.match(value):
        return None
    if (tag, attribute) in _ADDRESSES:
        return _resolve.get()(value)
    if tag in _MATHS_TAGS and attribute in _MATHS_LENGTHS:
        return value if _SHORT.fullmatch(value) else None
    if attribute == "scriptlevel":
        return value if _SCRIPT_LEVEL.fullmatch(value) else None
    return value


# https://www.unicode.org/reports/tr9/: the blocks whose letters are of class R or AL.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_BLOCK = re.compile(
    r"<(?:p|[uo]l|li|h[1-6]|blockquote|t[dh]|d[dt]|summary|figcaption|caption)(?=[\s>])(?![^>]*\sdir\s*=)"
)


def clean(html: str, resolve: Resolve = as_written) -> str:
    """Return the HTML with only what is allowed in a post, well-formed. Links get `rel="noopener nofollow"`.

    Links and pictures lead where `resolve` says, whether they were Markdown or HTML.

    In a text that has letters of a script that runs from right to left, each part runs as its first letter does. The
    time that it takes grows with the square of how deep elements are inside each other.
    """
    if not html.isascii() and _RIGHT_TO_LEFT.search(html):
        html = _BLOCK.sub(r"\g<0> dir=auto", html)  # without quotes, for what looks like a tag may be in some
    with _passing_on(), _resolving(resolve):
        cleaned = _cleaner().clean(html)
    return _INPUT.sub(_with_sorted_attributes, cleaned) if "<input" in cleaned else cleaned


_ATTRIBUTE = re.compile(r" [\w-]+=\"[^\"]*\"")
_INPUT = re.compile(rf"<input((?:{_ATTRIBUTE.pattern})*)>")


def _with_sorted_attributes(tag: re.Match[str]) -> str:
    """The tag as each build has it: the cleaner adds what is missing in a random order."""
    return f"<input{''.join(sorted(_ATTRIBUTE.findall(tag[1])))}>"


@contextmanager
def _resolving(resolve: Resolve) -> Iterator[None]:
    token = _resolve.set(resolve)
    try:
        yield
    finally:
        _resolve.reset(token)


@contextmanager
def _passing_on() -> Iterator[None]:
    """Raise what was raised in `_cleaned`, such as somebody's Ctrl-C.

    The cleaner can't pass it on: it reports it as unraisable, and goes on without the attribute.
    """
    raised: list[sys.UnraisableHookArgs] = []
    before, sys.unraisablehook = sys.unraisablehook, raised.append
    try:
        yield
    finally:
        sys.unraisablehook = before
    if raised:
        raise raised[0].exc_value or raised[0].exc_type


@cache
def _cleaner() -> nh3.Cleaner:
    """The one cleaner of all texts: making it takes as long as it needs for a post."""
    return nh3.Cleaner(
        tags=set(SAFE_TAGS) | _MADE_TAGS | _MATHS_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_cleaned,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": "", "aria-label": "Done"}},  # task lists
        url_schemes=set(SAFE_SCHEMES),
        link_rel="noopener nofollow",
    )
