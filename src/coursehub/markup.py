"""What a post's Markdown holds, without rendering it: headings, pictures, links, raw HTML, words.

Code, inline code and comments are blanked out first, at the same length, so that every offset is the file's.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What authors may write as raw HTML, and what the published page keeps of it (see `sanitize`).
SAFE_TAGS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dfn", "div", "dl", "dt", "em",
         "figcaption", "figure", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small",
         "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
         "var"),
        frozenset({"title", "lang", "dir"}),
    ),
    "a": frozenset({"href", "title"}),
    "details": frozenset({"open"}),
    "img": frozenset({"src", "alt", "title", "width", "height"}),
}  # fmt: skip
SAFE_SCHEMES = frozenset({"http", "https", "mailto"})


class Heading(NamedTuple):
    """A heading as written, without its markers."""

    level: int
    text: str
    offset: int


class Target(NamedTuple):
    """Where a picture or a link leads; `text` is what stands for it: a picture's alternative, a link's words."""

    text: str
    address: str
    offset: int


class Tag(NamedTuple):
    """An opening HTML tag and its attributes."""

    name: str
    attributes: dict[str, str]
    offset: int


# In one pass, so that whichever begins first wins: a fence in a comment is no fence. What is never closed is
# matched to the end too, so that nothing is searched twice, but it hides nothing (see `_hide`).
_INLINE_CODE = (
    r"\\[\\`!\[\]]"
    r"|(?<!`)`(?!`)[^`\n]*(?:\n(?![ \t]*\n)[^`\n]*)*`(?!`)"
    r"|(?<!`)(?P<ticks>`{2,9})(?!`)(?:[^`\n]|\n(?![ \t]*\n)|(?!(?P=ticks)(?!`))`++)+?(?P=ticks)(?!`)"
)
_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^`\n]*\n(?:.*\n)*?(?:[ \t>]*(?P=fence)[`~]*[ \t]*$|.*(?P<open_fence>\Z))"
    r"|<!--(?:-?>|(?:[^-]|-(?!-!?>))*(?:--!?>|(?P<open_comment>\Z)))|" + _INLINE_CODE,
    re.MULTILINE,
)
_CODE_IN_LINES = re.compile(_INLINE_CODE)
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)(?:(?: {4}|\t)[^\n]*(?:\n+|\Z))+")
_LIST_BEFORE = re.compile(
    r"(?:^|\n)(?:[ ]{0,3}(?:[-*+]|\d+[.)])[ \t]|!!!|\?\?\?|===)[^\n]*(?:\n(?:[ \t]+[^\n]*|[^\n]+)?)*\Z"
)
_ATX = re.compile(r"^(?P<marks>#{1,6})(?P<text>[^\n]*)", re.M)
_SETEXT = re.compile(r"^ {0,3}(?P<text>[^\s>#|<*+-][^\n]*)\n {0,3}(?P<mark>=+|-+)[ \t]*$", re.M)
_TEXT = r"\[(?P<text>(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*)\]"
_ADDRESS = (
    r"\(\s*+(?:<(?P<angled>[^<>\n]*)>"
    r"|(?P<address>(?:[^\s()]|\((?:[^()\n]|\([^()\n]*\))*\)|[ \n](?![\s\"'()]))*))"
    r"(?:\s++[\"'(][^\n]{0,300}?[\"')])?\s*+\)"
)
_PICTURE = re.compile(r"!" + _TEXT + _ADDRESS)
_LINK = re.compile(r"(?<!!)" + _TEXT + _ADDRESS)
_DEFINITION = re.compile(r"^(?:[ \t>]|(?:[-*+]|\d+\.)[ \t])*\[(?P<label>[^\]\n]+)\]:\s*<?(?P<address>[^\s>]+)", re.M)
_PICTURE_BY_LABEL = re.compile(r"!\[(?P<text>[^\[\]]*)\](?:\s?\[(?P<label>[^\[\]]*)\])?(?!\()")
_TAG = re.compile(
    r"<(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"
    r"(?P<rest>(?:[\s/](?:[^<>=]|=(?:\s*\"[^\"]*\"|\s*'[^']*'|(?!\s*[\"'])))*)?)>"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+)))?"
)
_WORD = re.compile(r"\w[\w'’-]*")
_AUTOLINK = re.compile(r"<(?:https?|mailto):[^\s<>]*>|<[\w.+-]+@[\w.-]+>|(?<=\]\()<[^<>\n]*>(?=\s*\)|\s+[\"'(])")


class Markup(NamedTuple):
    """All that rules and pages ask of a post's Markdown. Headings are in order; words are those of prose."""

    headings: tuple[Heading, ...]
    pictures: tuple[Target, ...]
    links: tuple[Target, ...]
    tags: tuple[Tag, ...]
    words: int


def read(text: str) -> Markup:
    """What the Markdown holds; offsets are those of `text`."""
    prose = _prose(text)
    tags = tuple(_tags(prose))
    return Markup(
        tuple(_headings(text, prose)),
        (*_pictures(prose), *(_target(tag, "alt", "src") for tag in tags if tag.name == "img")),
        (*_links(prose), *(_target(tag, "title", "href") for tag in tags if "href" in tag.attributes)),
        tags,
        len(_WORD.findall(prose)),
    )


def _prose(text: str) -> str:
    prose = _CODE.sub(_hide, text)
    if "\n    " in prose or "\n\t" in prose or prose[:1] in " \t":
        prose = _INDENTED.sub(lambda match: match[0] if _continues_list(match) else _blank(match), prose)
    return prose


def _hide(match: re.Match[str]) -> str:
    """Blanks for code or a comment; of one that is never closed, only its opening is blanked."""
    if match["open_fence"] is not None:
        opening = match.end("fence") - match.start()
        return "\0" * opening + _CODE_IN_LINES.sub(_fill, match[0][opening:])
    if match["open_comment"] is not None:
        return "\0\0\0\0" + _CODE.sub(_hide, match[0][4:].replace("<!--", "\0\0\0\0"))
    return _blank(match) if match["fence"] else _fill(match)


def _blank(match: re.Match[str]) -> str:
    return "\n".join([" " * len(line) for line in match[0].split("\n")])


def _fill(match: re.Match[str]) -> str:
    """As `_blank`, within lines: spaces would make indented code of a line that begins with it."""
    return "\n".join(["\0" * len(line) for line in match[0].split("\n")])


def _continues_list(match: re.Match[str]) -> bool:
    """Whether indented lines belong to a list or an admonition above, and so are no code."""
    text, end = match.string, match.start()
    while end and text[end - 1].isspace():
        end -= 1
    paragraph = text[max(text.rfind("\n\n", 0, end), 0) : end].lstrip("\n")
    return bool(_LIST_BEFORE.match(paragraph)) or paragraph[:1].isspace()


def _headings(text: str, prose: str) -> list[Heading]:
    found = []
    for match in _ATX.finditer(prose):
        written = text[slice(*match.span("text"))]  # which may begin or end with code
        if "<!--" in written:
            written = match["text"].replace("\0", " ")
        title = written.strip(" \t").rstrip("#").rstrip(" \t")
        if title:
            found.append(Heading(len(match["marks"]), title, match.start()))
    if "\n==" in prose or "\n--" in prose:
        found += [
            Heading(1 if match["mark"][0] == "=" else 2, text[slice(*match.span("text"))].strip(), match.start())
            for match in _SETEXT.finditer(prose)
        ]
    return sorted(found, key=lambda heading: heading.offset)


_MARKS = re.compile(r"[*_`~]|\{[:#.][^{}]*\}\s*$")


def heading_name(text: str) -> str:
    """A heading's words, for comparing: without emphasis, case and extra spaces."""
    return " ".join(_MARKS.sub("", _LINK.sub(lambda match: match["text"], text)).casefold().split())


def _pictures(prose: str) -> Iterator[Target]:
    if "![" not in prose:
        return
    for match in _PICTURE.finditer(prose):
        yield Target(match["text"], match["angled"] or match["address"] or "", match.start())
    addresses = {match["label"].casefold(): match["address"] for match in _DEFINITION.finditer(prose)}
    for match in _PICTURE_BY_LABEL.finditer(prose) if addresses else ():
        address = addresses.get((match["label"] or match["text"]).casefold())
        if address is not None:
            yield Target(match["text"], address, match.start())


def _links(prose: str) -> Iterator[Target]:
    if "](" in prose:
        for match in _LINK.finditer(prose):
            yield Target(match["text"], match["angled"] or match["address"] or "", match.start())
    if "]:" in prose:
        for match in _DEFINITION.finditer(prose):
            if not match["label"].startswith(("^", "*")):
                yield Target(match["label"], match["address"], match.start())


def _tags(prose: str) -> Iterator[Tag]:
    """Opening HTML tags; addresses in angle brackets are no tags, and neither is `<` in front of a name."""
    if "<" not in prose:
        return
    for match in _TAG.finditer(_AUTOLINK.sub(_blank, prose)):
        attributes: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(match["rest"]):  # of one given twice, browsers take the first
            attributes.setdefault(found["name"].lower(), found["double"] or found["single"] or found["bare"] or "")
        yield Tag(match["name"].lower(), attributes, match.start())


def _target(tag: Tag, text: str, address: str) -> Target:
    return Target(tag.attributes.get(text, ""), tag.attributes.get(address, ""), tag.offset)
