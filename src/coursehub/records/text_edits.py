"""Edits of a post's Markdown, below its front matter. Each function gives none where the place is in doubt."""

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from urllib.parse import unquote

from coursehub.markdown.alerts import KIND_BY_NAME
from coursehub.markdown.parts import Foreign, Heading, Target
from coursehub.markdown.places import Spot
from coursehub.records.finding import Edit, Edits
from coursehub.records.post import Post
from coursehub.text.expressions import expression
from coursehub.text.lines import line_and_column, lines_of, offset_of

_FURTHEST = 3000  # characters from where a link or picture begins to its address
_ADDRESS = expression(
    r"\(\s*<(?P<angled>[^<>\n]*)>"
    r"|\((?P<bare>[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)(?=[\s)])"
    r"|(?:src|href|srcset)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<plain>[^\s\"'>]+))"
)


def with_address(post: Post, target: Target, address: str) -> Edits:
    """The edit that writes another address, which is encoded, in a link or picture."""
    start = _offset(post.body, target.at)
    end = post.body.find("\n\n", start, start + _FURTHEST)
    for match in _ADDRESS.finditer(post.body, start, end if end > 0 else start + _FURTHEST):
        for name, written in match.groupdict().items():
            if written is not None and _read(written) == _read(target.address):
                text = address if name in ("angled", "bare") else escape(address)
                return (_edit(post, match.start(name), match.end(name), text),)
    return ()


def _read(address: str) -> str:
    return unquote(unescape(address).strip())


def one_level_down(post: Post, headings: Sequence[Heading]) -> Edits:
    """The edits that make of each heading one of the level below; those of the sixth stay."""
    changes = [_down(post, heading) for heading in headings if heading.level < 6]
    return tuple(edit for each in changes for edit in each) if all(changes) else ()


def _down(post: Post, heading: Heading) -> Edits:
    lines, start = lines_of(post.body), _offset(post.body, heading.at)
    number, column = heading.at.line - 1, heading.at.column - 1
    if lines[number][column : column + 1] == "#":
        return (_edit(post, start, start, "#"),)
    under = lines[number + 1] if number + 1 < len(lines) else ""
    match = re.fullmatch(r"[ >]*(=+|-+)", under.rstrip())
    if not match:
        return ()  # HTML, or a heading of several lines
    below = start - column + len(lines[number]) + 1
    if heading.level == 1:
        return (_edit(post, below + match.start(1), below + match.end(1), "-" * max(len(match[1]), 3)),)
    return (_edit(post, start, start, "### "), _edit(post, below - 1, below + len(under), ""))


def in_githubs_way(post: Post, foreign: Foreign) -> Edits:
    """The edit that says in GitHub's Markdown what is written in another kind; none of what GitHub has nothing for."""
    write = _WRITERS.get(foreign.kind)
    return write(post, foreign.at) if write else ()


def without_sign(post: Post, foreign: Foreign) -> Edits:
    """The edit that takes out a list of attributes, or what is behind the language of code."""
    line, start = lines_of(post.body)[foreign.at.line - 1], _offset(post.body, Spot(foreign.at.line, 1))
    if foreign.kind == "options":
        fence = re.search(r"(`{3,}|~{3,})[ \t]*(\S.*)", line)
        language = re.search(r"[\w+#-]+", fence[2]) if fence else None
        return (_edit(post, start + fence.start(2), start + len(line), language[0]),) if fence and language else ()
    at = line.find(foreign.text.strip(), foreign.at.column - 1)
    if at < 0:
        return ()
    end = at + len(foreign.text.strip())
    if line[:at].strip():
        return (_edit(post, start + len(line[:at].rstrip(" ")), start + end, ""),)
    return (_edit(post, start - bool(start), start + len(line), ""),) if not line[end:].strip() else ()


_OPENING = expression(r"(!!!|\?\?\?\+?) *([\w-]*)[^\"]*(?:\"(.*)\")?", re.ASCII)
_CONTAINER = expression(r"(:::+) *([\w-]+)[ \[]*(.*)", re.ASCII)
_CALLOUT = expression(r"([ >]*> ?)\[!([\w-]+)\][+-]?(?:[ \t]+(\S.*))?", re.ASCII)
_NO_LINK = expression(
    r"!?\[[^\[\]\n]*\]\((?P<written>(?P<aligned>[^\s(){}<>]+) +align=\"\w+\""
    r"|(?P<blank>#[^(){}<>\n]+|[^\s(){}<>\"'][^(){}<>\"'\n]*\.\w{2,8}))\)"
)
_FENCE = expression(r" {0,3}(:::+) *([\w{\[].*)?")  # of a container: it opens one, or ends one where nothing follows


def _admonition(post: Post, at: Spot) -> Edits:
    return _indented(post, at, lambda opening, inner: _alert(opening[2], opening[3] or "", inner))


def _details(post: Post, at: Spot) -> Edits:
    def folded(opening: re.Match[str], inner: Sequence[str]) -> str:
        return _folded(opening[2], opening[3] or "", inner, is_open=opening[1].endswith("+"))

    return _indented(post, at, folded)


def _folded(kind: str, title: str, inner: Sequence[str], *, is_open: bool = False) -> str:
    tag = "<details open>" if is_open else "<details>"
    text = "\n".join(inner).strip("\n")
    return f"{tag}<summary>{escape(title or kind.capitalize(), quote=False)}</summary>\n\n{text}\n\n</details>"


def _indented(post: Post, at: Spot, written: Callable[[re.Match[str], Sequence[str]], str]) -> Edits:
    """The edit of an opening line and of the lines that are indented below it."""
    lines, first = lines_of(post.body), at.line - 1
    opening = _OPENING.fullmatch(lines[first].rstrip())
    last = _end_of_indented(lines, first)
    if not opening or at.column > 1 or last == first:
        return ()
    return (_whole_lines(post, first, last, written(opening, _without_indent(lines[first + 1 : last + 1]))),)


def _container(post: Post, at: Spot) -> Edits:
    """The edit of a container whose kind means something on GitHub, up to its end."""
    lines, first = lines_of(post.body), at.line - 1
    opening = _CONTAINER.fullmatch(lines[first].rstrip())
    write = _CONTAINERS.get(opening[2].lower()) if opening else None
    if not opening or not write or at.column > 1:
        return ()
    last = _end_of_container(lines, first, len(opening[1]))
    if last == first:
        return ()
    title = opening[3].strip(' []"')
    return (_whole_lines(post, first, last, write(opening[2], title, lines[first + 1 : last])),)


def _end_of_container(lines: Sequence[str], first: int, colons: int) -> int:
    """The line that ends a container; the first where none is sure to, as where one with as many colons begins in it.

    https://github.com/markdown-it/markdown-it-container
    """
    for number in range(first + 1, min(first + _LONGEST, len(lines))):
        fence = _FENCE.fullmatch(lines[number].rstrip())
        if fence and len(fence[1]) >= colons:
            return first if fence[2] else number
    return first


def _callout(post: Post, at: Spot) -> Edits:
    """The edit of an alert's first line, which may have nothing but one of GitHub's kinds."""
    line, start = lines_of(post.body)[at.line - 1], _offset(post.body, Spot(at.line, 1))
    match = _CALLOUT.fullmatch(line.rstrip())
    kind = KIND_BY_NAME.get(match[2].lower()) if match else None
    if not match or not kind:
        return ()
    quoted = match[1].rstrip()
    title = f"\n{quoted} **{match[3].strip()}**\n{quoted}" if match[3] else ""
    return (_edit(post, start, start + len(line), f"{quoted} [!{kind}]{title}"),)


def _address(post: Post, at: Spot) -> Edits:
    """The edit of a link or picture that has blanks in its address, or behind it how to align it, as on Hashnode."""
    start = _offset(post.body, at)
    match = _NO_LINK.match(post.body, start, start + _FURTHEST)
    if not match:
        return ()
    return (_edit(post, *match.span("written"), match["aligned"] or f"<{match['blank']}>"),)


_LONGEST = 1000  # lines of an alert
_WRITERS = {
    "admonition": _admonition,
    "alert": _callout,
    "callout": _callout,
    "container": _container,
    "details": _details,
    "link": _address,
}


def _end_of_indented(lines: Sequence[str], first: int) -> int:
    """The last line of what is indented below a line; without any, of the paragraph that goes on there."""
    last = first
    is_indented = first + 1 < len(lines) and (not lines[first + 1].strip() or lines[first + 1][:1] in " \t")
    for number in range(first + 1, min(first + _LONGEST, len(lines))):
        line = lines[number]
        if line.strip() and (not is_indented or line.startswith(("    ", "\t"))):
            last = number
        elif line.strip() or not is_indented:
            break
    return last


def _without_indent(lines: Sequence[str]) -> list[str]:
    return [re.sub(r"^(?: {4}|\t)", "", line).rstrip() if line.strip() else "" for line in lines]


def _alert(kind: str, title: str, inner: Sequence[str]) -> str:
    text = "\n".join(inner).strip("\n").split("\n")
    lines = (f"[!{KIND_BY_NAME.get(kind.lower(), 'NOTE')}]", *((f"**{title}**", "") if title else ()), *text)
    return "\n".join(f"> {line}".rstrip() for line in lines)


_CONTAINERS = {**dict.fromkeys(KIND_BY_NAME, _alert), **dict.fromkeys(("details", "spoiler"), _folded)}


def _offset(body: str, at: Spot) -> int:
    return offset_of(body, at.line, at.column)


def _whole_lines(post: Post, first: int, last: int, text: str) -> Edit:
    above = post.body_line
    return Edit(post.path, above + first, 1, above + last, len(lines_of(post.body)[last]) + 1, text)


def _edit(post: Post, start: int, end: int, text: str) -> Edit:
    first, last = (line_and_column(post.body, offset) for offset in (start, end))
    above = post.body_line - 1
    return Edit(post.path, above + first[0], first[1], above + last[0], last[1], text)
