"""The catalog in numbers: its entries → frozen tables, from which the statistics page draws its charts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from coursehub.catalog import Entry, Hosted
from coursehub.course import Course

MOST_TOOLS = 12
MOST_SITES = 6
HERE, UNKNOWN, OTHERS = "This site", "No link is known", "Other sites"

# Platforms that give authors hosts of their own, or go by several.
_PLATFORMS = {
    "medium.com": "Medium",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "github.com": "GitHub",
    "github.io": "GitHub",
    "wordpress.com": "WordPress",
    "blogspot.com": "Blogger",
    "notion.site": "Notion",
    "substack.com": "Substack",
    "linkedin.com": "LinkedIn",
}


class Row(NamedTuple):
    """A row's name, and a number for each of its table's columns."""

    name: str
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum of the numbers."""
        return sum(self.values)


class Table(msgspec.Struct, frozen=True):
    """Numbers of posts or names. `rows_are` is the head of the rows' names."""

    rows_are: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Statistics(msgspec.Struct, frozen=True):
    """All tables of the page. Semesters and topics without posts are left out, and posts of unknown semesters.

    `by_topic`: a post counts for each of its topics; those without any are `without_topic`. `tools` has the most
    written about, of `tools_in_all`. `names`: in each semester, those that no semester before had, and the others.
    """

    posts: int
    by_option: Table
    by_topic: Table
    without_topic: int
    tools: Table
    tools_in_all: int
    sites: Table
    names: Table


def statistics(course: Course, catalog: Iterable[Entry]) -> Statistics:
    """The numbers of these entries."""
    posts = [entry for entry in catalog if entry.semester in course.order]
    by_semester: dict[str, list[Entry]] = {semester: [] for semester in course.order}
    for entry in posts:
        by_semester[entry.semester].append(entry)
    written = {semester: entries for semester, entries in by_semester.items() if entries}
    titles = {option.id: option.title for option in course.options}
    tools = _tools(posts)
    return Statistics(
        posts=len(posts),
        by_option=_by_option(titles, written),
        by_topic=_by_topic({topic.id: topic.title for topic in course.topics}, written),
        without_topic=sum(not entry.topics for entry in posts),
        tools=_ranked("Tool", tools, MOST_TOOLS),
        tools_in_all=len(tools),
        sites=_sites(posts),
        names=_names(written),
    )


def _by_option(titles: Mapping[str, str], written: Mapping[str, Sequence[Entry]]) -> Table:
    counts = {semester: Counter(entry.option for entry in entries) for semester, entries in written.items()}
    used = [option for option in titles if any(count[option] for count in counts.values())]
    rows = (Row(semester, tuple(count[option] for option in used)) for semester, count in counts.items())
    return Table("Semester", tuple(titles[option] for option in used), tuple(rows))


def _by_topic(titles: Mapping[str, str], written: Mapping[str, Sequence[Entry]]) -> Table:
    counts = [Counter(topic for entry in entries for topic in entry.topics) for entries in written.values()]
    rows = (Row(title, tuple(count[topic] for count in counts)) for topic, title in titles.items())
    most_first = sorted((row for row in rows if row.total), key=lambda row: -row.total)
    return Table("Topic", tuple(written), tuple(most_first))


def _identities(entry: Entry) -> dict[str, str]:
    """The codes of a post's tools, and their names."""
    return {slug.replace("-", ""): name for slug, name in zip(entry.key.split("--"), entry.tools, strict=False)}


def _tools(posts: Sequence[Entry]) -> dict[str, int]:
    """Tool's name → posts about it, alone or in a combination. Of several spellings, the oldest post's counts."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for entry in reversed(posts):
        for code, name in _identities(entry).items():
            counts[names.setdefault(code, name)] += 1
    return counts


def _sites(posts: Iterable[Entry]) -> Table:
    """The sites with most posts, then the others together, and those of which no address is known."""
    counts = Counter(map(_site, posts))
    unknown = counts.pop(UNKNOWN, 0)
    table = _ranked("Site", counts, MOST_SITES)
    others = sum(counts.values()) - sum(row.total for row in table.rows)
    rest = (Row(name, (count,)) for name, count in ((OTHERS, others), (UNKNOWN, unknown)) if count)
    return msgspec.structs.replace(table, rows=(*table.rows, *rest))


def _site(entry: Entry) -> str:
    if entry.hosted is Hosted.HERE:
        return HERE
    if not entry.host:
        return UNKNOWN
    labels = entry.host.split(".")
    return _PLATFORMS.get(".".join(labels[-2:]), entry.host)


def _ranked(rows_are: str, counts: Mapping[str, int], most: int) -> Table:
    """The largest first; of one size, by name."""
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0].casefold(), each[0]))
    return Table(rows_are, ("Posts",), tuple(Row(name, (count,)) for name, count in ranked[:most]))


def _names(written: Mapping[str, Sequence[Entry]]) -> Table:
    known: set[str] = set()
    rows = []
    for semester, entries in written.items():
        codes = {code for entry in entries for code in _identities(entry)}
        rows.append(Row(semester, (len(codes - known), len(codes & known))))
        known |= codes
    return Table("Semester", ("New", "Written about before"), tuple(rows))
