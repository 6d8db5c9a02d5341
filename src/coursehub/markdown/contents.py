"""The contents of a post's Markdown, each at its place: headings, pictures, links, raw HTML, formulas, words.

They are looked up in the engine's HTML, so the checks see what readers see. Raw HTML, other Markdown's signs and what
is too deep are in the engine's tree alone, which few texts need. HTML and tree are of one form, with all text escaped;
so expressions find in them what a parser would, in a third of the time.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import chain
from typing import TypeVar
from urllib.parse import unquote

import msgspec

from coursehub.markdown import raw_html
from coursehub.markdown.allowed import MOST_NESTED, nested_elements
from coursehub.markdown.engine import OMITTED, refusal, to_html, to_placed_html, to_tree
from coursehub.markdown.headings import page_ids
from coursehub.markdown.parts import Foreign, Formula, Heading, Tag, Target, on_a_line
from coursehub.markdown.places import Source, Spot, spot_at
from coursehub.markdown.words import count_words
from coursehub.text.expressions import expression


class Contents(msgspec.Struct, frozen=True, array_like=True):
    """All that rules and pages ask of a post's Markdown, each in its order; words are those of prose.

    `sources` are other files of a picture, for a dark screen or a large one. `too_deep` is where more than
    `MOST_NESTED` things are inside each other. Of a text that the engine does not read, there is only why: `unread`,
    too many of what, and in `too_deep` from where on.
    """

    headings: tuple[Heading, ...] = ()
    pictures: tuple[Target, ...] = ()
    sources: tuple[Target, ...] = ()
    links: tuple[Target, ...] = ()
    tags: tuple[Tag, ...] = ()
    formulas: tuple[Formula, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    words: int = 0
    too_deep: Spot | None = None
    unread: str = ""


_AT = r" data-sourcepos=\"(\d+):(\d+)-[^\"]*\""
_HEADING = expression(rf"<h([1-6]){_AT}>(.*?)</h\1>", re.DOTALL)
_PICTURE = expression(rf"<img{_AT} src=\"([^\"]*)\" alt=\"([^\"]*)\"")
_LINK = expression(rf"<a{_AT} href=\"([^\"]*)\"(?: title=\"[^\"]*\")?>(.*?)</a>", re.DOTALL)
_FORMULA = expression(rf"<(?:span|code) data-math-style=\"(inline|display)\"{_AT}>([^<]*)<")
_MATHS_BLOCK = expression(rf"<pre{_AT}><code class=\"language-math\" data-math-style=\"display\">([^<]*)<")
_TAG = expression(r"<sup [^>]*class=\"footnote-ref\">.*?</sup>|<[^>]*>", re.DOTALL)
_NO_PROSE = expression(r"<(pre|code|span)\b[^>]*>.*?</\1>|<[^>]*>", re.DOTALL)
_MEANT = expression(r"(%(?:23|25|3[Ff]))")
_ANY_TAG = expression(r"<[a-zA-Z]")  # a comment has none
_AROUND = 20
_NESTING = ("<blockquote", "<ul", "<ol", "<em", "<strong", "<del")

_NODE_AT = r" sourcepos=\"(\d+):(\d+)-[^\"]*\""
_RAW = expression(rf"<html_(?:block|inline){_NODE_AT}[^>]*>([^<]*)")
_TEXT = expression(rf"<text{_NODE_AT}[^>]*>([^<]*)</text>")
_WRITTEN = expression(rf"<(?:link|image){_NODE_AT} destination=\"([^\"]*)\"")
_NODE = expression(r"<(/?)\w+(?: sourcepos=\"(\d+):(\d+)-)?[^>]*?(/?)>")
_LIST = r"\{(?::[^{}]*| *[#.][\w-][^{}]*| *[\w-]+=[^{}]*)\}"
_WIKILINK = expression(r"!?\[\[(?=[^\[\]]*[^\W\d])[^\[\]]+\]\]")  # with a letter: [[1]] is a reference to literature
_ATTRIBUTE_LIST = expression(rf"\A{_LIST}|{_LIST}\s*\Z")  # behind a picture, a link or a heading, or below a paragraph
# Tags of other engines, up to an address in them, which is no part of the text.
_LIQUID = expression(r"(?<!\{)\{%-? *[a-z][\w-]*\b[^{}]*\}?")
_SHORTCODE = expression(r"\{\{[<%] */? *[a-z][\w/.-]*[^{}]*(?:\}\})?")
_NO_LINK = expression(r"(?:!?\[[^\[\]]*)?\]\([^()]*\)?")  # or no picture: such as one with a blank in its address

# Kind → what it looks like within a text.
_WITHIN = {
    "attributes": _ATTRIBUTE_LIST,
    "link": _NO_LINK,
    "liquid": _LIQUID,
    "shortcode": _SHORTCODE,
    "wikilink": _WIKILINK,
}
_SIGNS = expression(r"\A[!\[{]+|\]\(")  # of which one that is escaped means that all is meant as it is


def _line(begins: str, within: str = "") -> re.Pattern[str]:
    """A paragraph's first line that begins so, of a paragraph that is the first `within` something, or of any."""
    return expression(rf"{within}<paragraph{_NODE_AT}>\s*<text [^>]*>({begins}[^<]*)")


# Kind → a sign that the tree has with it, and what it looks like there.
_FOREIGN = {
    "admonition": (">!!!", _line(r"!!! *(?:\w|&quot;)")),
    "alert": ("<alert ", expression(rf"<alert{_NODE_AT} type=\"\w+\" title=\"([^\"]*)\"")),
    "callout": (">[!", _line(r"\[![a-zA-Z][\w|-]*\]", within=r"<block_quote[^>]*>\s*")),
    "container": (">:::", _line(r":::+ *\w")),
    "details": (">???", _line(r"\?\?\?\+? *(?:\w|&quot;)")),
    "attributes": ("}", _TEXT),
    "link": ("](", _TEXT),
    "liquid": ("{%", _TEXT),
    "shortcode": ("{{", _TEXT),
    "wikilink": ("[[", _TEXT),
    "options": ("<code_block", expression(rf"<code_block{_NODE_AT} info=\"([^\s\"]+\s[^\"]*|\{{[^\"]*)\"")),
}
_PROSE_SIGNS = [sign.removeprefix(">") for sign, _ in _FOREIGN.values() if not sign.startswith("<")]


def read(text: str) -> Contents:
    """Return all that the Markdown holds."""
    if refused := refusal(text):
        return Contents(too_deep=spot_at(text, refused.offset), unread=refused.why)
    html, source = to_placed_html(text), Source(text)
    prose = unescape(_NO_PROSE.sub("", html))
    is_deep = _may_be_too_deep(text, html)
    tree = to_tree(text) if is_deep or _needs_tree(text, html, prose) else ""
    raw = [raw_html.RawHtml(unescape(inner), source.spot(*at), source) for *at, inner in _RAW.findall(tree)]
    tags = tuple(raw_html.tags(raw))
    written = {source.spot(*at): unescape(address) for *at, address in _WRITTEN.findall(tree)}
    headings = [Heading(int(level), _shown(inner), source.spot(*at)) for level, *at, inner in _HEADING.findall(html)]
    return Contents(
        headings=_in_order(headings, raw_html.headings(raw)),
        pictures=_in_order(_targets(_PICTURE, html, source, written), raw_html.pictures(tags)),
        sources=tuple(raw_html.sources(tags)),
        links=_in_order(_targets(_LINK, html, source, written), raw_html.links(tags)),
        tags=tags,
        formulas=tuple(_formulas(html, source)) if "data-math-style" in html else (),
        foreign=tuple(_foreign(tree, source)),
        words=count_words(prose),
        too_deep=_too_deep(tree if is_deep else "", text, tags, source),
    )


def _may_be_too_deep(text: str, html: str) -> bool:
    """Whether there are enough signs, of which emphasis has two, or lists in lists; and then enough elements.

    Each of a list's levels has two nodes of the tree, and a quotation may be in a list of its own. `_AROUND`: the most
    nodes that are around all that.
    """
    nested = sum(map(text.count, "*_~")) // 2 + 3 * text.count(">")
    has_signs = nested > MOST_NESTED - _AROUND or "l>\n</li>" in html
    return has_signs and sum(map(html.count, _NESTING)) > MOST_NESTED // 2


def _needs_tree(text: str, html: str, prose: str) -> bool:
    """Whether there is a tag of raw HTML, an address that runs code, or a sign of other Markdown."""
    return (
        (OMITTED in html and bool(_ANY_TAG.search(text)))
        or ('=""' in html and (' href=""' in html or ' src=""' in html))
        or any(sign in html for sign in (" data-meta=", "language-{", "markdown-alert"))
        # One character is looked for by the processor itself, in a hundredth of the time.
        or any(sign[0] in prose and sign in prose for sign in _PROSE_SIGNS)
    )


def heading_named(written: str, headings: Iterable[Heading]) -> Heading | None:
    """The heading that an author names, as one reads it or as it is written in Markdown, whatever its case."""
    headings = [*headings]
    for heading in headings:
        if heading.text == written:
            return heading
    by_name = {name: heading for heading in reversed(headings) for name in _names(heading.title)}
    for name in _names(written):
        if name in by_name:
            return by_name[name]
    as_read = read(f"# {written}").headings if by_name else ()
    return next((by_name[name] for heading in as_read for name in _names(heading.title) if name in by_name), None)


def anchors(contents: Contents) -> list[str]:
    """The ids of the headings on the page, in their order."""
    return page_ids(heading.text for heading in contents.headings)


def _names(heading: str) -> tuple[str, str]:
    """A heading's words, for comparing: with and without attributes that GitHub does not know."""
    return on_a_line(heading).casefold(), on_a_line(_ATTRIBUTE_LIST.sub("", heading)).casefold()


_Placed = TypeVar("_Placed", Heading, Target)


def _in_order(written: Iterable[_Placed], raw: Iterable[_Placed]) -> tuple[_Placed, ...]:
    return tuple(sorted(chain(written, raw), key=lambda each: each.at))


def _targets(pattern: re.Pattern[str], html: str, source: Source, written: Mapping[Spot, str]) -> Iterator[Target]:
    """Pictures or links; `written` has the addresses of those whose own is left out."""
    for line, column, escaped, inner in pattern.findall(html):
        at, address = source.spot(line, column), unescape(escaped)
        if "%" in address and "://" not in address:  # the engine encodes what an address on the web may not have
            address = _decoded(address)
        yield Target(on_a_line(_shown(inner)), address or written.get(at, ""), at)


def _decoded(address: str) -> str:
    """The address as one reads it, which leads to the same file: `%`, `#` and `?` of a file's name stay encoded."""
    return "".join(part if _MEANT.fullmatch(part) else unquote(part) for part in _MEANT.split(address))


def _shown(inner: str) -> str:
    """The text of what is inside an element."""
    return unescape(_TAG.sub("", inner) if "<" in inner else inner)


def _formulas(html: str, source: Source) -> Iterator[Formula]:
    for style, *at, latex in _FORMULA.findall(html):
        yield Formula(unescape(latex), style == "display", source.spot(*at))
    for *at, latex in _MATHS_BLOCK.findall(html):
        yield Formula(unescape(latex), is_display=True, at=source.spot(*at))


def _foreign(tree: str, source: Source) -> Iterator[Foreign]:
    for kind, (sign, pattern) in _FOREIGN.items():
        for line, column, escaped in pattern.findall(tree) if sign in tree else ():
            text, at = unescape(escaped), source.spot(line, column)
            if kind in _WITHIN and sign in text:
                yield from _within(kind, text, at, source)
            elif kind not in _WITHIN and not source.is_escaped(at):
                yield Foreign(kind, text, at)


def _within(kind: str, text: str, at: Spot, source: Source) -> Iterator[Foreign]:
    """Those in a text that begins there, but for those of which a sign is escaped."""
    matches = [*_WITHIN[kind].finditer(text)]
    columns = source.columns(at, matches[-1].end()) if matches else []
    for match in matches:
        its = columns[match.start() : match.end()]
        column = its[0] if its else None
        if column is not None and not any(None in its[slice(*sign.span())] for sign in _SIGNS.finditer(match[0])):
            yield Foreign(kind, match[0], Spot(at.line, column))


def _too_deep(tree: str, text: str, tags: Sequence[Tag], source: Source) -> Spot | None:
    """Where more than `MOST_NESTED` nodes are open in the tree, or else the tag with which raw HTML goes that deep."""
    if len(tags) > MOST_NESTED and nested_elements(to_html(text), MOST_NESTED) is not None:
        return tags[MOST_NESTED].at
    depth = 0
    for match in _NODE.finditer(tree):
        if match[1]:
            depth -= 1
        elif not match[4]:
            depth += 1
            if depth > MOST_NESTED:
                return source.spot(match[2], match[3])
    return None
