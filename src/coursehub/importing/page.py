"""Facts about a document that the reading of each of its lines needs."""

from collections import Counter
from collections.abc import Iterable

from coursehub.importing.outline import Block, Link, Table
from coursehub.importing.parts import Trail
from coursehub.importing.words import FILLERS, LABELS
from coursehub.markdown.places import Spot
from coursehub.names.identity import fold
from coursehub.records.course import Course
from coursehub.records.semesters import Stated, is_season, semesters_stated

_MOST_CAPTION = 80  # characters of a text that is nothing but a semester
_OFTEN = 5  # times that a text is on links of one page, where it says what they lead to


class Page:
    """A document's links, the semesters that its texts state, and the items and headings that are entries already."""

    def __init__(self, outline: Iterable[Block | Table], course: Course) -> None:
        self.course = course
        self.owners: set[Spot] = set()
        self._stated: dict[str, Stated | None] = {}
        texts = Counter(" ".join(fold(link.text)) for block in outline for link in _links(block))
        often = max(_OFTEN, texts.total() / 5)
        self._often = {text for text, count in texts.items() if count >= often}

    def is_label(self, text: str) -> bool:
        """Whether a text says only what kind of thing something is, such as “Blog post”, or nothing at all."""
        words = {*fold(text)}
        return not words or (words - FILLERS <= LABELS and bool(words & (LABELS | {"here"})))

    def is_usual(self, text: str) -> bool:
        """Whether many of the page's links have this text, so that it is their kind in whatever language."""
        return " ".join(fold(text)) in self._often

    def stated(self, text: str) -> Stated | None:
        """Return the semester or year that a text states, and what it can mean in the course."""
        if text not in self._stated:
            self._stated[text] = semesters_stated(text, self.course)
        return self._stated[text]

    def is_semester(self, text: str) -> bool:
        """Whether a text states a semester and hardly anything else, as “Fall 2023 projects” does."""
        if len(text) > _MOST_CAPTION or is_season(text):
            return len(text) <= _MOST_CAPTION
        stated = self.stated(text)
        rest = text
        for words in stated.words.split(", ") if stated else ():
            rest = rest.replace(words, " ")
        return stated is not None and LABELS.union(("projects", "student", "students")).issuperset(fold(rest))

    def is_caption(self, block: Block) -> bool:
        """Whether a heading states a semester, or a paragraph is nothing but one, for the list below."""
        if block.is_heading:
            return is_season(block.text) or self.stated(block.text) is not None
        return block.tag == "p" and not block.links and self.is_semester(block.text)

    def owner(self, trail: Trail) -> Block | None:
        """The item or heading above that can be a title: one that states no semester, and is not the page's own."""
        titles = (above for above in trail.above if above.tag != "h1" and not self.is_semester(above.text))
        return next(titles, None)

    def stated_for(self, own: str, at: Spot, trail: Trail) -> tuple[Stated | None, Spot | None]:
        """Return what states an entry's semester, and where: its own words, or the nearest item or heading that does.

        A year alone in its own words says nothing that a heading does not say better.
        """
        stated = self.stated(own) if own.strip() else None
        if stated and (len(stated.meant) == 1 or not stated.words.isdecimal()):
            return stated, at
        season = ""
        for above in trail.above:
            stated = self.stated(above.text)
            if stated is None:
                season = season or (above.text if is_season(above.text) else "")
            elif season and len(stated.meant) != 1:
                return self.stated(f"{season} {stated.words}") or stated, above.at
            else:
                return stated, above.at
        return None, None


def _links(block: Block | Table) -> Iterable[Link]:
    if isinstance(block, Block):
        return block.links
    return [link for row in block.rows for cell in row for link in cell.links]
