"""A line of a document, which is an item, a row, a heading or a paragraph: the entry that its links make."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from coursehub.importing.outline import Block, Link
from coursehub.importing.page import Page
from coursehub.importing.parts import Entry, Further, Part, Puzzle, Trail
from coursehub.importing.words import LABELS, PEOPLE, SENTENCE_STARTS
from coursehub.names.identity import fold

_JOINED = re.compile(r"\s*(?:[,;&+•·]|and|und|y|et|\n)\s*(?:and\s+)?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\W*(?:\d{1,3}|[a-z])?[.):]?\W*", re.IGNORECASE)
_BY = re.compile(
    r"(?<![\s–—|,(-])[\s–—|,(-]++(?:by|von|par|por|av|di)\s.*"
    r"|(?<!\s)\s*+(?:authors?|presenters?|presented by|team)\s*:.*",
    re.IGNORECASE | re.DOTALL,
)
_BEHIND = re.compile(r"\s*(?:\Z|\n|[-–—|,;:.(\[·•/&+!]|(?:by|von|par|por|av|with|and)\s)", re.IGNORECASE)
_SETS_APART = ":-–—·•>=→.)]"
_EDGE = " \t\n,;:.|/·•–—-([{*_>→\"'“”‘’#"
_QUOTED = re.compile(r"[“\"„]([^“”\"„]*\s[^“”\"„]*)[”\"“]")
_SENTENCES = re.compile(r"\w{3}[.!?] \w")
_MOST_WORDS = 35
IN_A_SENTENCE = "is a sentence with a link in it"
_PERSON = re.compile(
    r"mailto:\S*|https?://(?:www\.)?(?:(?:github|gitlab|bitbucket|twitter|x|instagram|facebook|medium)\.(?:com|org)"
    r"/@?[\w.-]+/?|(?:[a-z]+\.)?linkedin\.com/in/\S*|orcid\.org/\S*|scholar\.google\.\S*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*|[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)


def parts_of(line: Block, trail: Trail, page: Page) -> Iterator[Part]:
    """Yield the entry that a line is, or the entries of a run of links; then the links that belong to it."""
    links = content_links(line)
    if not links and (why := _why_none(line)):
        yield Puzzle(line.text or line.links[0].address, why, line.at, trail)
    lead = line.text[: links[0].start] if links else ""
    if not links or (fold(lead) and PEOPLE.issuperset(fold(lead))):
        return
    before = title_of(lead)
    named = [link for link in links if not page.is_label(link.text) and not _is_address(link)]
    if before and named and all(page.is_usual(link.text) for link in named):
        named = []
    if named and (named[0] is links[0] or not before):
        parts = [*_led_by_links(line, named, trail, page)]
    elif before and not page.is_label(before) and not page.is_semester(before):
        parts = [*_led_by_words(line, before, links[0], trail, page)]
    else:
        parts = [*_titled_elsewhere(line, links, trail, page)]
    yield from parts
    if any(isinstance(part, Entry) for part in parts):
        spots = {part.at for part in parts}
        yield from (Further(link.text, link.at, trail) for link in links if link.at not in spots)


def content_links(line: Block) -> list[Link]:
    """The line's links but for pictures, and those that lead to a place on the page or to a person."""
    return [link for link in line.links if not _leads_elsewhere(link)]


def _leads_elsewhere(link: Link) -> bool:
    is_picture = not link.text and bool(link.address)
    return link.address.startswith("#") or is_picture or bool(_PERSON.fullmatch(link.address))


def _why_none(line: Block) -> str:
    """Why an item whose links lead to no post is not understood; nothing of one that is not meant as one."""
    links = [link for link in line.links if not link.address.startswith("#")]
    if line.tag != "li" or not links or is_about_people(line.text):
        return ""
    return "links to nothing but a person" if any(link.text for link in links) else "has a link without words"


def is_about_people(text: str) -> bool:
    """Whether a line says nothing but by whom something is."""
    first = fold(text.split(maxsplit=1)[0]) if text.split() else ()
    return bool(_BY.match(f" {text}")) or (bool(first) and PEOPLE.issuperset(first))


def title_of(words: str) -> str:
    """Words as a title: the first line, without what separates it from a link, and without authors."""
    first = next((line for line in words.split("\n") if fold(line)), "")
    return " ".join(_BY.sub("", first).strip(_EDGE).split())


def is_led(line: Block) -> bool:
    """Whether a line's first link leads it."""
    return bool(line.links) and (_leads(line, line.links[0]) or _is_address(line.links[0]))


def _is_address(link: Link) -> bool:
    return bool(_ADDRESS.fullmatch(link.text))


def _leads(line: Block, link: Link) -> bool:
    """Whether nothing stands before a link but a label, a number or a name."""
    lead = line.text[: link.start].rstrip()
    words = lead.split()
    if not words or _NUMBER.fullmatch(lead) or lead[-1] == "|":
        return True
    is_sentence = words[0].lower().strip(",.:") in SENTENCE_STARTS
    if lead[-1] in _SETS_APART:
        return len(words) < 25 and (not is_sentence or lead[-1] == ":")
    return (len(words) < 4 or lead[-1] in ",/") and not is_sentence


def _led_by_links(line: Block, named: Sequence[Link], trail: Trail, page: Page) -> Iterator[Part]:
    """Yield the entries of a line whose first link has a title of its own."""
    owner = page.owner(trail)
    if page.is_semester(named[0].text):
        return
    if owner and owner.at in page.owners and not LABELS.isdisjoint(fold(named[0].text)):
        yield Further(named[0].text, named[0].at, trail)  # “ML video” below a heading whose report is its post
    elif _leads(line, named[0]) and (line.tag == "li" or _BEHIND.match(line.text, named[0].end)):
        run = _run(line, named) if named[0] is line.links[0] else named[:1]
        when = page.stated_for(_outside(line), line.at, trail)
        yield from (Entry(link.text, link.address, link.at, trail, *when, link.is_struck) for link in run)
    elif line.tag == "li":
        yield Puzzle(line.text, IN_A_SENTENCE, line.at, trail)


def _led_by_words(line: Block, title: str, link: Link, trail: Trail, page: Page) -> Iterator[Part]:
    """Yield the entry of a line that has its title before the link."""
    quoted = _QUOTED.search(title)
    is_title = _is_title(title, "" if _is_address(link) else line.text[: link.start])
    if is_title and (line.tag == "li" or _is_address(link)):
        yield _entry(quoted[1].strip(_EDGE) if quoted else title, link, line, trail, page)
    elif line.tag == "li":
        yield Puzzle(line.text, IN_A_SENTENCE, line.at, trail)


def _titled_elsewhere(line: Block, links: Sequence[Link], trail: Trail, page: Page) -> Iterator[Part]:
    """Yield the entry of a line whose links only say what they lead to, with the words behind or above them."""
    owner = page.owner(trail)
    behind = next((words for words in map(title_of, _between(line, links)) if not page.is_label(words)), "")
    is_category = owner is not None and owner.is_heading and line.tag == "li" and _is_address(links[0])
    if owner and owner.at in page.owners and not is_category:
        yield Further(links[0].text, links[0].at, trail)
    elif owner and not behind and not owner.links and not is_category:
        page.owners.add(owner.at)
        yield _entry(title_of(owner.text), links[0], line, trail, page)
    elif line.tag == "li" and behind and _is_title(behind, "") and not page.is_semester(behind):
        yield _entry(behind, links[0], line, trail, page)
    elif line.tag == "li":
        yield Puzzle(line.text, "has no title", line.at, trail)


def _is_title(text: str, lead: str) -> bool:
    """Whether words before a link are a title: no sentence, unless a sign sets them apart from the link."""
    words = fold(text)
    if not words or len(words) > _MOST_WORDS or (len(words) > 12 and _SENTENCES.search(text)):
        return False
    return words[0] not in SENTENCE_STARTS or (len(words) > 2 and lead.rstrip()[-1:] in {*":|(["})


def _between(line: Block, links: Sequence[Link]) -> Iterator[str]:
    """The words behind each link, up to the next."""
    for link, following in zip(links, [*(each.start for each in links[1:]), len(line.text)], strict=True):
        yield line.text[link.end : following]


def _run(line: Block, named: Sequence[Link]) -> Sequence[Link]:
    """The links from the first on that are joined by nothing but commas or “and”."""
    count = 1
    for one, other in pairwise(named):
        if not _JOINED.fullmatch(line.text, one.end, other.start):
            break
        count += 1
    return named[:count]


def _entry(title: str, link: Link, line: Block, trail: Trail, page: Page) -> Entry:
    own = _outside(line).replace(title, " ")
    return Entry(title, link.address, link.at, trail, *page.stated_for(own, line.at, trail), link.is_struck)


def _outside(line: Block) -> str:
    """The line's words that are in none of its links."""
    ends = [0, *(link.end for link in line.links)]
    starts = [*(link.start for link in line.links), len(line.text)]
    return " | ".join(line.text[end:start] for end, start in zip(ends, starts, strict=True))
