"""Parts of an outline, for whoever imports it: entries, tables, further links, and lines that are none of these."""

from typing import NamedTuple

from coursehub.importing.outline import Block, Table
from coursehub.markdown.places import Spot
from coursehub.records.semesters import Stated


class Trail(NamedTuple):
    """The headings and the items above a block, the nearest first."""

    above: tuple[Block, ...] = ()

    def above_of(self, block: Block) -> "Trail":
        """Return the trail of a block that comes next; a further paragraph of an item has the item in it."""
        rank = _rank(block) + (block.tag == "li" and not block.is_first)
        return Trail(tuple(one for one in self.above if _rank(one) < rank))


def _rank(block: Block) -> int:
    """How far inside a block is: in headings, then in paragraphs that are one, then in items."""
    return block.level if block.is_heading else 10 + block.level


class Entry(NamedTuple):
    """A post as the document has it. `stated` are the words about its semester, and `stated_at` where they are."""

    title: str
    url: str
    at: Spot
    trail: Trail
    stated: Stated | None = None
    stated_at: Spot | None = None
    is_struck: bool = False


class Puzzle(NamedTuple):
    """A line of a list that is no entry, and why."""

    text: str
    why: str
    at: Spot
    trail: Trail


class Further(NamedTuple):
    """A link that belongs to an entry above or before it, such as its slides."""

    text: str
    at: Spot
    trail: Trail


class Rows(NamedTuple):
    """A table with links in it. `stated` are words above it about its semester, and `stated_at` where they are."""

    table: Table
    at: Spot
    trail: Trail
    stated: Stated | None = None
    stated_at: Spot | None = None


Part = Entry | Puzzle | Further | Rows
