"""Sentences of a document that lead to a list, and the blocks that have it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coursehub.importing.assignment import DISCUSSED, Mention, sentences
from coursehub.importing.outline import Block, Table
from coursehub.importing.page import Page


class Lead(NamedTuple):
    """A sentence that leads to a list: its words, the links in its running text, and words among them that are none.

    `own` are the numbers of the blocks that have the sentence; the list may go on in those behind it.
    """

    words: str
    links: tuple[Mention, ...]
    strays: tuple[Mention, ...]
    own: range
    goes_on: bool


def leads_of_markdown(text: str, blocks: Sequence[Block | Table]) -> Iterator[Lead]:
    """Yield the leads of a Markdown text, of which these are the blocks."""
    lines = [block.at.line for block in blocks]
    for each in sentences(text):
        own = range(bisect_left(lines, each.first_line), bisect_right(lines, each.last_line))
        yield Lead(each.words, each.links, each.strays, own, each.goes_on)


def leads_of_page(blocks: Sequence[Block | Table]) -> Iterator[Lead]:
    """Yield the leads of a page, each a block."""
    for number, block in enumerate(blocks):
        if isinstance(block, Block) and (phrase := DISCUSSED.search(block.text)):
            links = [link for link in block.links if link.start >= phrase.end() and link.text]
            mentions = tuple(Mention(link.text, link.address, link.at) for link in links)
            words = block.text[: links[0].start if links else None]
            yield Lead(words, mentions, (), range(number, number + 1), goes_on=True)


def following(leads: Sequence[Lead], blocks: Sequence[Block | Table], page: Page) -> list[range]:
    """The blocks with which each lead's list goes on, up to the next lead: items, tables, headings of semesters."""

    def goes_on(block: Block | Table) -> bool:
        return isinstance(block, Table) or block.tag == "li" or page.is_caption(block)

    starts = [lead.own.stop for lead in leads]
    ends = [*(lead.own.start for lead in leads[1:]), len(blocks)]
    return [
        range(start, next((number for number in range(start, end) if not goes_on(blocks[number])), max(start, end)))
        if lead.goes_on
        else range(start, start)
        for lead, start, end in zip(leads, starts, ends, strict=False)
    ]
