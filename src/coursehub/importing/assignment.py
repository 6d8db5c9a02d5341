"""Lists of earlier posts in an assignment's text."""

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from coursehub.importing.listing import (
    CannotImportError,
    Listed,
    Listing,
    assumed,
    fault_of,
    finding,
    options_in,
)
from coursehub.names.identity import fold
from coursehub.records.course import Course
from coursehub.records.finding import Finding, Place
from coursehub.text import located
from coursehub.text.wording import brief


class _Link(NamedTuple):
    title: str
    url: str
    start: int
    end: int


_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|^(```|~~~).*?(?:^\1|\Z)", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"(?:^(?!#)[^\S\n]*\S.*(?:\n|\Z))+", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+([^:\n]*\w[^:\n]*)", re.MULTILINE)
_DISCUSSED = re.compile(
    r"(?<!not )(?<!not been )\bdiscussed\b(?:\s[^.:]{0,200}?)?\s(?:semesters?|terms?|years?)\b", re.IGNORECASE
)
_LINK = re.compile(
    r"(?<!!)\[(?P<title>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*+)\]"
    r"\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<url>(?:[^\s()]|\([^\s()]*\))*+))(?:\s+\"[^\"]*\")?\s*\)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BETWEEN = re.compile(r"(?:[\s,;.*+>\-–—•·|&]|\band\b|\bor\b|^\s*\d+[.)]\s)+", re.MULTILINE)
_COMMA = re.compile(r"\s*(?:[,;]|\band\b)[\s*+>-]*(?:and\s+)?")
_LINKED_ITEM = re.compile(r"\s*(?:[*+-]|\d+[.)])\s+\[")
_COLON = re.compile(r":[\s*_+>-]*\Z")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_NEXT_SENTENCE = re.compile(r"\s*[.!?]\s+[^\s\[*+-]")


def read_text(path: str, text: str, course: Course, *, option: str | None = None) -> Listing:
    """The posts in the lists of an assignment's text: those that “were discussed in” some semester.

    A list is the run of links that such a sentence leads to; other links are none of it. Its sentence names the
    option by the option's word (`claims` in the course), and `option` is for the one that does not.
    """
    name = _text_name(path, text)
    text = _UNREAD.sub(lambda match: re.sub(r"\S", " ", match[0]), text)
    posts: list[Listed] = []
    findings: list[Finding] = []
    for sentence, links, strays in _lists(text):
        mentioned = options_in(sentence, course)
        the_option = mentioned[0] if mentioned else option
        if the_option is None:
            the_option = course.options[0].id
            findings.append(assumed(the_option, _place(path, text, links[0].start)))
        findings += [_stray(_place(path, text, start), words) for start, words in strays]
        for link in links:
            at = _place(path, text, link.start)
            listed = Listed(link.title, link.url or None, the_option, None, name, at)
            fault = fault_of(listed)
            if fault:
                findings.append(fault)
            else:
                posts.append(listed)
    if not posts and not findings:
        message = "has no list of earlier posts: no links follow a sentence such as “were discussed in past semesters:”"
        raise CannotImportError(Place(path), "no-list", message, "Give the assignment's text, or a .csv file.")
    return Listing(tuple(posts), tuple(findings))


def _place(path: str, text: str, offset: int) -> Place:
    return Place(path, *located.line_and_column(text, offset))


def _text_name(path: str, text: str) -> str:
    """The first heading up to its colon: `Individual Assignment 4`."""
    heading = _HEADING.search(text)
    return " ".join((heading[1].rstrip("# \t\r") if heading else Path(path).stem).split())


def _lists(text: str) -> Iterator[tuple[str, list[_Link], list[tuple[int, str]]]]:
    """Each list: the sentence that leads to it, its links, and words that stand among them."""
    blocks = [match.span() for match in _BLOCK.finditer(text)]
    for number, (start, stop) in enumerate(blocks):
        end = stop
        phrase = _DISCUSSED.search(text, start, end)
        if phrase is None:
            continue
        links = _run(text, phrase.end(), end)
        goes_on = _goes_on(text, links, end) if links else bool(_COLON.search(text, phrase.end(), end))
        following = iter(blocks[number + 1 :])
        while goes_on and (block := next(following, None)) and _is_all_links(text, *block):
            links += _links(text, *block)
            end = block[1]
            goes_on = _goes_on(text, links, end)
        if links:
            sentence = _SENTENCE_END.split(text[start : phrase.end()])[-1]
            yield sentence + text[phrase.end() : links[0].start], links, list(_strays(text, links, end))


def _links(text: str, start: int, end: int) -> list[_Link]:
    return [
        _Link(
            " ".join(_ESCAPED.sub(r"\1", match["title"]).split()),
            match["angled"] or match["url"] or "",
            match.start(),
            match.end(),
        )
        for match in _LINK.finditer(text, start, end)
    ]


def _run(text: str, start: int, end: int) -> list[_Link]:
    """The links of a paragraph from the first behind a colon on; without one, from two joined by a comma on."""
    links = _links(text, start, end)
    ends = [start, *(link.end for link in links)]
    behind_colon = (n for n, link in enumerate(links) if _COLON.search(text, ends[n], link.start))
    joined = (n for n, link in enumerate(links[1:]) if _COMMA.fullmatch(text, links[n].end, link.start))
    first = next(behind_colon, next(joined, len(links)))
    past_end = (n for n in range(first + 1, len(links)) if _NEXT_SENTENCE.match(text, ends[n], links[n].start))
    return links[first : next(past_end, len(links))]


def _goes_on(text: str, links: Sequence[_Link], end: int) -> bool:
    """Whether the list's last sentence is still open at the end of a block."""
    return not text[links[-1].end : end].lstrip().startswith(".")


def _is_all_links(text: str, start: int, end: int) -> bool:
    """Whether a block goes on with a list: nothing but links in it, or every item begins with one."""
    block = text[start:end]
    rest = _LINK.sub(" ", block)
    if rest == block:
        return False
    items = [line for line in block.split("\n") if line.strip()]
    return not fold(_BETWEEN.sub(" ", rest)) or all(map(_LINKED_ITEM.match, items))


def _strays(text: str, links: Sequence[_Link], end: int) -> Iterator[tuple[int, str]]:
    """Words among the links, which may be a post whose link is missing or broken, and where they stand.

    Behind the last link they count only where the list goes on with a comma, or where there are further links.
    """
    gaps = [(one.end, other.start) for one, other in itertools.pairwise(links)]
    tail = text[links[-1].end : end]
    if _COMMA.match(tail):
        tail = _SENTENCE_END.split(tail, maxsplit=1)[0]
        gaps.append((links[-1].end, links[-1].end + len(tail)))
    elif _LINK.search(tail):
        gaps.append((links[-1].end, end))
    for start, stop in gaps:
        begin = start
        if between := _BETWEEN.match(text, start, stop):
            begin = between.end()
        words = " ".join(text[begin:stop].rstrip(" ,;.\n\r\t*+-").split())
        if words:
            yield begin, words


def _stray(place: Place, words: str) -> Finding:
    help = "Left out. If it is a post, write it as “[title](https://…)”, or “[title]()” where no link is known."
    return finding(place, "not-a-link", f"“{brief(words)}” stands in the list and is none of its links", help)
