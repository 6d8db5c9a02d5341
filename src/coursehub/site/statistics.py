"""The catalog in numbers: its entries → frozen tables, from which the statistics page draws its charts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from coursehub.names.identity import slugs_of
from coursehub.records.course import Course
from coursehub.site.catalog import Entry, Hosted

MOST_TOOLS = 16
MOST_SITES = 6
HERE, UNKNOWN, OTHERS = "This site", "No link is known", "Other sites"
OTHER_OPTIONS = "Other options"

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
    """A row's name, and a number for each of its table's columns; `id` is that of its page here."""

    name: str
    values: tuple[int, ...]
    id: str = ""

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

    `by_topic`: a post counts for each of its topics; those without any are `without_topic`. `tools` are all, those
    most written about first. `names`: in each semester, those that no semester before had, and the others.
    """

    posts: int
    by_option: Table
    by_topic: Table
    without_topic: int
    tools: Table
    sites: Table
    names: Table


def statistics(course: Course, catalog: Iterable[Entry], names: Mapping[str, str]) -> Statistics:
    """The numbers of these entries. `names`: tool's code → its name, of tools that have a page."""
    posts = [entry for entry in catalog if entry.semester in course.order]
    by_semester: dict[str, list[Entry]] = {semester: [] for semester in course.order}
    for entry in posts:
        by_semester[entry.semester].append(entry)
    written = {semester: entries for semester, entries in by_semester.items() if entries}
    titles = {option.id: option.title for option in course.ever.options}
    tools = _tools(posts, names)
    return Statistics(
        posts=len(posts),
        by_option=_by_option(titles, written),
        by_topic=_by_topic({topic.id: topic.title for topic in course.topics}, written),
        without_topic=sum(not entry.topics for entry in posts),
        tools=tools,
        sites=_sites(posts),
        names=_names(written),
    )


def _by_option(titles: Mapping[str, str], written: Mapping[str, Sequence[Entry]]) -> Table:
    """Posts of options that the course does not have are in a column of their own, so that no post is missing."""
    counts = {
        semester: Counter(titles.get(entry.option, OTHER_OPTIONS) for entry in entries)
        for semester, entries in written.items()
    }
    used = [
        title
        for title in dict.fromkeys((*titles.values(), OTHER_OPTIONS))
        if any(count[title] for count in counts.values())
    ]
    rows = (Row(semester, tuple(count[title] for title in used), semester) for semester, count in counts.items())
    return Table("Semester", tuple(used), tuple(rows))


def _by_topic(titles: Mapping[str, str], written: Mapping[str, Sequence[Entry]]) -> Table:
    counts = [Counter(topic for entry in entries for topic in entry.topics) for entries in written.values()]
    rows = (Row(title, tuple(count[topic] for count in counts), topic) for topic, title in titles.items())
    most_first = sorted((row for row in rows if row.total), key=lambda row: -row.total)
    return Table("Topic", tuple(written), tuple(most_first))


def _identities(entry: Entry) -> dict[str, str]:
    """The codes of a post's tools, and their names."""
    return {slug.replace("-", ""): name for slug, name in zip(slugs_of(entry.key), entry.tools, strict=False)}


def _tools(posts: Iterable[Entry], names: Mapping[str, str]) -> Table:
    """Posts about each tool, alone or in a combination. A tool without a page has the name that its only post gives."""
    identities = [each for entry in posts for each in _identities(entry).items()]
    counts, called = Counter(code for code, _ in identities), {**dict(identities), **names}
    return Table("Name", ("Posts",), _ranked(Row(called[code], (count,), code) for code, count in counts.items()))


def _sites(posts: Iterable[Entry]) -> Table:
    """The sites with most posts, then the others together, and those of which no address is known."""
    counts = Counter(map(_site, posts))
    unknown = counts.pop(UNKNOWN, 0)
    ranked = _ranked(Row(site, (count,)) for site, count in counts.items())
    others = sum(row.total for row in ranked[MOST_SITES:])
    rest = (Row(name, (count,)) for name, count in ((OTHERS, others), (UNKNOWN, unknown)) if count)
    return Table("Site", ("Posts",), (*ranked[:MOST_SITES], *rest))


def _site(entry: Entry) -> str:
    if entry.hosted is Hosted.HERE:
        return HERE
    if not entry.host:
        return UNKNOWN
    labels = entry.host.split(".")
    return _PLATFORMS.get(".".join(labels[-2:]), entry.host)


def _ranked(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The largest first; of one size, by name."""
    return tuple(sorted(rows, key=lambda row: (-row.total, row.name.casefold(), row.name)))


def first(table: Table, most: int) -> Table:
    """The first rows of a ranked table, as far as there are not more than `most`; rows of one size all or none."""
    follows = table.rows[most : most + 1]
    first_rows = (row for row in table.rows[:most] if not follows or row.total > follows[0].total)
    return msgspec.structs.replace(table, rows=tuple(first_rows))


def _names(written: Mapping[str, Sequence[Entry]]) -> Table:
    known: set[str] = set()
    rows = []
    for semester, entries in written.items():
        codes = {code for entry in entries for code in _identities(entry)}
        rows.append(Row(semester, (len(codes - known), len(codes & known)), semester))
        known |= codes
    return Table("Semester", ("New", "Written about before"), tuple(rows))
