"""A post's Markdown without rendering it: headings, pictures, links, raw HTML, words, how deep it goes.

Code, inline code and comments are blanked out first, at the same length, so that every offset is the file's.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

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


class Heading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A heading as written, without its markers."""

    level: int
    text: str
    offset: int


class Target(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where a picture or a link leads; `text` is what stands for it: a picture's alternative, a link's words."""

    text: str
    address: str
    offset: int


class Tag(NamedTuple):
    """An opening HTML tag and its attributes."""

    name: str
    attributes: dict[str, str]
    offset: int


# Every pattern that is searched for in a whole text begins with a character, for which Python's `re` looks many times
# faster than for a place; what has to stand before it is looked back at. Where that is a line's start, the character
# is the line break before, and the text gets one in front.
#
# Of code, escapes and comments, whichever begins first wins: a fence in a comment is no fence. What is never closed is
# matched to the end too, so that nothing is searched twice, but it hides nothing (see `_hide`).
_INLINE_CODE = (
    r"\\[\\`!\[\]]"
    r"|`(?<!``)(?:(?!`)[^`\n]*(?:\n(?![ \t]*\n)[^`\n]*)*"
    r"|(?P<ticks>`{1,8})(?!`)(?:[^`\n]|\n(?![ \t]*\n)|(?!`(?P=ticks)(?!`))`++)+?(?P=ticks))`(?!`)"
)
_CODE = re.compile(
    r"\n[ \t>]*(?P<fence>`{3,}+|~{3,}+)[^`\n]*\n(?:.*\n)*?(?:[ \t>]*(?P=fence)[`~]*[ \t]*$|.*(?P<open_fence>\Z))"
    r"|<!--(?:-?>|(?:[^-]|-(?!-!?>))*(?:--!?>|(?P<open_comment>\Z)))|" + _INLINE_CODE,
    re.MULTILINE,
)
_CODE_BEGINS = tuple(map(re.compile, (r"`(?<!``)", r"\\", r"<!--", r"\n[ \t>]*(?:```|~~~)")))
_CODE_IN_LINES = re.compile(_INLINE_CODE)
_INDENTED = re.compile(r"\n[ \t]*\n(?:(?: {4}|\t)[^\n]*(?:\n(?:[ \t]*+\n)*+|\Z))++")
_LIST_BEFORE = re.compile(
    r"(?:^|\n)(?:[ ]{0,3}(?:[-*+]|\d+[.)])[ \t]|!!!|\?\?\?|===)[^\n]*(?:\n(?:[ \t]+[^\n]*|[^\n]+)?)*\Z"
)
_ATX = re.compile(r"(?P<marks>#(?<=^#)#{0,5})(?P<text>[^\n]*)", re.M)
_SETEXT = re.compile(r"^ {0,3}(?P<text>[^\s>#|<*+-][^\n]*)\n {0,3}(?P<mark>=+|-+)[ \t]*$", re.M)
_TEXT = r"(?P<text>(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*)\]"
_ADDRESS = (
    r"\(\s*+(?:<(?P<angled>[^<>\n]*)>"
    r"|(?P<address>(?:[^\s()]|\((?:[^()\n]|\([^()\n]*\))*\)|[ \n](?![\s\"'()]))*))"
    r"(?:\s++[\"'(][^\n]{0,300}?[\"')])?\s*+\)"
)
_PICTURE = re.compile(r"!\[" + _TEXT + _ADDRESS)
_LINK = re.compile(r"\[(?<!!\[)" + _TEXT + _ADDRESS)
_DEFINITION = re.compile(r"^(?:[ \t>]|(?:[-*+]|\d+\.)[ \t])*\[(?P<label>[^\]\n]+)\]:\s*<?(?P<address>[^\s>]+)", re.M)
_PICTURE_BY_LABEL = re.compile(r"!\[(?P<text>[^\[\]]*)\](?:\s?\[(?P<label>[^\[\]]*)\])?(?!\()")
_TAG = re.compile(
    r"<(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"
    r"(?P<rest>(?:[\s/](?:[^<>=]|=(?:\s*\"[^\"]*\"|\s*'[^']*'|(?!\s*[\"'])))*)?)>"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+)))?"
)
# A word is a run of letters, digits, hyphens and apostrophes that has a letter or digit. So hyphens and apostrophes can
# be left out before runs are counted, and other scripts' letters be written as one.
_URL = re.compile(r"https?://[^\s)>]+")
_OTHER_LETTERS = re.compile(r"[^\W\x00-\x7f]+")
# Scripts without blanks between words: those of which a character is about a syllable, and those that have letters.
_SYLLABLES = re.compile(
    "[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]+"
)
_LETTERS_WITHOUT_BLANKS = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17dd]+")  # Thai, Lao, Burmese, Khmer
_KINDS = bytes(ord("w" if re.match(r"\w", chr(code)) else " ") for code in range(128)).ljust(256)
_AUTOLINK = re.compile(r"<(?:https?|mailto):[^\s<>]*>|<[\w.+-]+@[\w.-]+>|(?<=\]\()<[^<>\n]*>(?=\s*\)|\s+[\"'(])")


class Markup(NamedTuple):
    """All that rules and pages ask of a post's Markdown. Headings are in order; words are those of prose."""

    headings: tuple[Heading, ...]
    pictures: tuple[Target, ...]
    links: tuple[Target, ...]
    tags: tuple[Tag, ...]
    words: int


def read(text: str) -> Markup:
    """Return all that the Markdown has; offsets are those of `text`."""
    prose = _prose(text)
    tags = tuple(_tags(prose))
    definitions = [*_DEFINITION.finditer(prose)] if "]:" in prose else []
    return Markup(
        tuple(_headings(text, prose)),
        (*_pictures(prose, definitions), *(_target(tag, "alt", "src") for tag in tags if tag.name == "img")),
        (*_links(prose, definitions), *(_target(tag, "title", "href") for tag in tags if "href" in tag.attributes)),
        tags,
        count_words(prose),
    )


def _prose(text: str) -> str:
    prose = "\n" + _without_code(text)
    if "\n    " in prose or ("\t" in prose and "\n\t" in prose):
        prose = _INDENTED.sub(lambda match: match[0] if _continues_list(match) else _blank(match), "\n" + prose)[1:]
    return prose[1:]


def _without_code(text: str) -> str:
    parts: list[str] = []
    text, end = "\n" + text, 0
    for match in _code(text):
        parts += (text[end : match.start()], _hide(match))
        end = match.end()
    return "".join((*parts, text[end:]))[1:]


def _code(text: str) -> Iterator[re.Match[str]]:
    """The matches of `_CODE`. Each way to begin is searched alone, which is faster than all at once."""
    end = 0
    for start in sorted([match.start() for begins in _CODE_BEGINS for match in begins.finditer(text)]):
        match = _CODE.match(text, start) if start >= end else None
        if match:
            end = match.end()
            yield match


def _hide(match: re.Match[str]) -> str:
    """Blanks for code or a comment; of one that is never closed, only its opening is blanked."""
    if match["open_fence"] is not None:
        opening = match.end("fence") - match.start()
        return "\n" + "\0" * (opening - 1) + _CODE_IN_LINES.sub(_fill, match[0][opening:])
    if match["open_comment"] is not None:
        return "\0\0\0\0" + _without_code(match[0][4:].replace("<!--", "\0\0\0\0"))
    return _blank(match) if match["fence"] else _fill(match)


def _blank(match: re.Match[str]) -> str:
    return "\n".join([" " * len(line) for line in match[0].split("\n")])


def _fill(match: re.Match[str]) -> str:
    """As `_blank`, within lines: spaces would make indented code of a line that begins with it."""
    code = match[0]
    return "\n".join(["\0" * len(line) for line in code.split("\n")]) if "\n" in code else "\0" * len(code)


def _continues_list(match: re.Match[str]) -> bool:
    """Whether indented lines belong to a list or an admonition above, and so are no code."""
    text, end = match.string, match.start()
    while end and text[end - 1].isspace():
        end -= 1
    paragraph = text[max(text.rfind("\n\n", 0, end), 0) : end].lstrip("\n")
    return bool(_LIST_BEFORE.match(paragraph)) or paragraph[:1].isspace()


def _headings(text: str, prose: str) -> list[Heading]:
    headings = []
    for match in _ATX.finditer(prose):
        written = text[slice(*match.span("text"))]  # which may begin or end with code
        if "<!--" in written:
            written = match["text"].replace("\0", " ")
        title = written.strip(" \t").rstrip("#").rstrip(" \t")
        if title:
            headings.append(Heading(len(match["marks"]), title, match.start()))
    if ("=" in prose and "\n==" in prose) or "\n--" in prose:
        headings += [
            Heading(1 if match["mark"][0] == "=" else 2, text[slice(*match.span("text"))].strip(), match.start())
            for match in _SETEXT.finditer(prose)
        ]
    return sorted(headings, key=lambda heading: heading.offset)


_MARKS = re.compile(r"[*_`~]|\{[:#.][^{}]*\}\s*$")


def heading_name(text: str) -> str:
    """A heading's words, for comparing: without emphasis, case and extra spaces."""
    words = _LINK.sub(lambda match: match["text"], text) if "](" in text else text
    return " ".join(_MARKS.sub("", words).casefold().split())


def _pictures(prose: str, definitions: Sequence[re.Match[str]]) -> Iterator[Target]:
    if "![" not in prose:
        return
    for match in _PICTURE.finditer(prose):
        text, angled, address = match.group("text", "angled", "address")
        yield Target(text, angled or address or "", match.start())
    addresses = {match["label"].casefold(): match["address"] for match in definitions}
    for match in _PICTURE_BY_LABEL.finditer(prose) if addresses else ():
        address = addresses.get((match["label"] or match["text"]).casefold())
        if address is not None:
            yield Target(match["text"], address, match.start())


def _links(prose: str, definitions: Sequence[re.Match[str]]) -> Iterator[Target]:
    if "](" in prose:
        for match in _LINK.finditer(prose):
            text, angled, address = match.group("text", "angled", "address")
            yield Target(text, angled or address or "", match.start())
    for match in definitions:
        if not match["label"].startswith(("^", "*")):
            yield Target(match["label"], match["address"], match.start())


def _tags(prose: str) -> Iterator[Tag]:
    """Opening HTML tags; addresses in angle brackets are no tags, and neither is `<` in front of a name."""
    if "<" not in prose:
        return
    for match in _TAG.finditer(_AUTOLINK.sub(_blank, prose)):
        attributes: dict[str, str] = {}
        for attribute in _ATTRIBUTE.finditer(match["rest"]):  # of one given twice, browsers take the first
            attributes.setdefault(
                attribute["name"].lower(), attribute["double"] or attribute["single"] or attribute["bare"] or ""
            )
        yield Tag(match["name"].lower(), attributes, match.start())


def count_words(prose: str) -> int:
    """Words of prose, of a post as of a comment; a web address is one word.

    Where a script has no blanks between words, two syllables or five letters are one. Readers' apps, such as Medium,
    take 500 Chinese or Japanese characters a minute, and half as many English words; an English word has five letters,
    and Thai and its neighbours are spelt as English is.
    """
    prose, count = _URL.sub("w", prose), 0
    if not prose.isascii():
        for script, a_word in ((_SYLLABLES, 2), (_LETTERS_WITHOUT_BLANKS, 5)):
            if script.search(prose):
                count -= -sum(map(len, script.findall(prose))) // a_word
                prose = script.sub(" ", prose)
        prose = _OTHER_LETTERS.sub("w", prose.replace("’", ""))
    kinds = b" " + prose.encode("ascii", "replace").translate(_KINDS, delete=b"'-")
    return count + kinds.count(b" w")


# Beyond this, converters give up (Python-Markdown from 300 lists on) or take for ever, and no reader follows.
MOST_NESTED = 100

_IN_A_LINE = re.compile(
    rf"^[ \t]*(?P<quote>(?:>[ \t]*+){{{MOST_NESTED}}})"
    rf"|^[ \t>]*(?P<list>(?:(?:[-*+]|\d{{1,9}}[.)])[ \t]++){{{MOST_NESTED}}})(?=.*[^-*_\s])"
    rf"|^(?P<indentation>(?: {{4}}|\t){{{MOST_NESTED}}})(?=\s*[^\s\0])"
    rf"|(?P<emphasis>(?<![*_])(?:\*{{{MOST_NESTED}}}|_{{{MOST_NESTED}}})[*_]*+)(?=[^\s\0])",
    re.MULTILINE,
)
_SIGNS = b"[*_>+"
_IN_A_ROW = ((b"-", "- - - - "), (b"1", "1. 1. 1. "), (b"\t", "\t" * MOST_NESTED))  # these alone, many texts have
_NO_SIGNS = bytes({*range(256)} - {*_SIGNS, *b"".join(sign for sign, _ in _IN_A_ROW)})
_SPACES = "    " * MOST_NESTED
_IN_A_PARAGRAPH = re.compile(
    r"(?P<end>\n[ \t]*\n)|\\.|(?P<open>\[)|\]"
    r"|(?<![\w*_])(?P<opening>[*_]++)(?=\S)|(?<=[^\s*_])(?P<closing>[*_]++)(?!\w)"
)
_ELEMENT = re.compile(
    # but for those that are empty, and those that the next of their kind ends
    r"<(?P<end>/?)(?P<name>(?!(?:area|br|col|embed|hr|img|input|wbr|p|li|d[dt]|t[dhr]|thead|tbody|tfoot)\b)[a-z][^\s/>]*)",
    re.IGNORECASE,
)


def nested_too_deeply(text: str, contents: Markup) -> tuple[str, int] | None:
    """The first construct nested too deeply in `text`, as (kind, offset), or None. `contents` are those of `text`.

    Signs of one are looked for first; hardly any text has them.
    """
    elements = len(contents.tags) > MOST_NESTED
    signs = text.encode("utf-8", "replace").translate(None, delete=_NO_SIGNS)
    has_signs = len(signs) >= MOST_NESTED and (
        max(map(signs.count, _SIGNS)) >= MOST_NESTED
        or any(signs.count(sign) >= MOST_NESTED and row in text for sign, row in _IN_A_ROW)
    )
    if not (has_signs or elements or _SPACES in text):
        return None
    prose = _prose(text)
    places = []
    if match := _IN_A_LINE.search(prose):
        places.append((match.lastgroup or "", match.start(match.lastgroup or 0)))
    if max(signs.count(b"["), signs.count(b"*"), text.count(" _")) > MOST_NESTED:
        places += _nested_in_a_paragraph(prose)
    if elements and (offset := nested_elements(prose, MOST_NESTED)) is not None:
        places.append(("element", offset))
    return min(places, key=lambda place: place[1], default=None)


def _nested_in_a_paragraph(prose: str) -> Iterator[tuple[str, int]]:
    """Brackets that stay open, and emphasis that ends: a lone asterisk is only that."""
    brackets = 0
    emphasis: list[int] = []  # how deep each that is open goes
    for match in _IN_A_PARAGRAPH.finditer(prose):
        if match["end"]:
            brackets, emphasis = 0, []
        elif match["open"]:
            brackets += 1
            if brackets > MOST_NESTED:
                yield "bracket", match.start()
                return
        elif match[0] == "]":
            brackets = max(brackets - 1, 0)
        elif match["opening"]:
            emphasis.append(0)
        elif match["closing"] and emphasis:
            depth = emphasis.pop() + 1
            if depth > MOST_NESTED:
                yield "emphasis", match.start()
                return
            if emphasis:
                emphasis[-1] = max(emphasis[-1], depth)


def nested_elements(html: str, most: int) -> int | None:
    """Where in HTML more than so many elements are open; it need not be well-formed."""
    opened: dict[str, int] = {}
    depth = 0
    for match in _ELEMENT.finditer(html):
        name = match["name"].lower()
        if not match["end"]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            if depth > most:
                return match.start()
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
    return None


def _target(tag: Tag, text: str, address: str) -> Target:
    return Target(tag.attributes.get(text, ""), tag.attributes.get(address, ""), tag.offset)
