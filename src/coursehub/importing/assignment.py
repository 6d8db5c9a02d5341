"""Sentences that lead to a list in an assignment's text, and the links that follow them in running text."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coursehub.importing.listing import finding
from coursehub.markdown.places import Spot
from coursehub.names.identity import fold
from coursehub.records.finding import Finding, Place
from coursehub.text.lines import line_and_column
from coursehub.text.wording import brief


class Mention(NamedTuple):
    """A link, or words among links, and where it begins. `url` is empty where none is written."""

    title: str
    url: str
    at: Spot


class Sentence(NamedTuple):
    """A sentence that leads to a list: its words, the links behind it, and words among them that are none.

    `goes_on`: it is still open behind its last line, and an item or a table there is part of its list.
    """

    words: str
    links: tuple[Mention, ...]
    strays: tuple[Mention, ...]
    first_line: int
    last_line: int
    goes_on: bool


class _Link(NamedTuple):
    title: str
    url: str
    start: int
    end: int


_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|^(```|~~~).*?(?:^\1|\Z)", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"(?:^(?!#)[^\S\n]*\S.*(?:\n|\Z))+", re.MULTILINE)
DISCUSSED = re.compile(
    r"(?<!not )(?<!not been )\bdiscussed\b(?:\s[^.:]{0,200}?)?\s(?:semesters?|terms?|years?)\b", re.IGNORECASE
)
_LINK = re.compile(
    r"(?<!!)\[(?P<title>(?>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*))\]"
    r"\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<url>(?>(?:[^\s()]|\([^\s()]*\))*)))(?:\s+\"[^\"]*\")?\s*\)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BETWEEN = re.compile(r"(?:[\s,;.*+>\-–—•·|&]|\band\b|\bor\b|^\s*\d+[.)]\s)+", re.MULTILINE)
_COMMA = re.compile(r"\s*(?:[,;]|\band\b)[\s*+>-]*(?:and\s+)?")
_ITEM = re.compile(r"^[ \t]*(?:[*+-]|\d+[.)])[ \t]+", re.MULTILINE)
_COLON = re.compile(r":[\s*_+>-]*\Z")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_NEXT_SENTENCE = re.compile(r"\s*[.!?]\s+[^\s\[*+-]")


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences that say of something that it “was discussed in” some semester, with what they lead to.

    Links in running text are those of the paragraph from a colon on, and of further paragraphs with nothing but links.
    """
    text = _UNREAD.sub(lambda match: re.sub(r"\S", " ", match[0]), text)
    blocks = [match.span() for match in _BLOCK.finditer(text)]
    for number, (start, stop) in enumerate(blocks):
        phrase = DISCUSSED.search(text, start, stop)
        if phrase is None:
            continue
        item = _ITEM.search(text, phrase.end(), stop)
        end = item.start() if item else stop
        links = _run(text, phrase.end(), end)
        goes_on = _goes_on(text, links, end) if links else bool(_COLON.search(text, phrase.end(), end))
        following = iter(blocks[number + 1 :] if end == stop else ())
        while goes_on and (block := next(following, None)) and _is_all_links(text, *block):
            links += _links(text, *block)
            end = block[1]
            goes_on = _goes_on(text, links, end)
        sentence = _SENTENCE_END.split(text[start : phrase.end()])[-1]
        words = sentence + text[phrase.end() : links[0].start if links else end]
        mentions = tuple(Mention(link.title, link.url, _spot(text, link.start)) for link in links)
        strays = tuple(_strays(text, links, end)) if links else ()
        first, last = _spot(text, start), _spot(text, end - 1)
        yield Sentence(words, mentions, strays, first.line, last.line, goes_on)


def _spot(text: str, offset: int) -> Spot:
    return Spot(*line_and_column(text, offset))


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
    """Whether a paragraph goes on with a list: nothing but links in it, and no items."""
    block = text[start:end]
    rest = _LINK.sub(" ", block)
    return rest != block and not _ITEM.search(block) and not fold(_BETWEEN.sub(" ", rest))


def _strays(text: str, links: Sequence[_Link], end: int) -> Iterator[Mention]:
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
            yield Mention(words, "", _spot(text, begin))


def stray(place: Place, words: str) -> Finding:
    """The finding of words in a list that are no link."""
    help = "Left out. If it is a post, write it as “[title](https://…)”, or “[title]()” where no link is known."
    return finding(place, "not-a-link", f"“{brief(words)}” is in the list, but not one of its links", help)
