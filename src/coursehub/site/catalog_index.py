"""The catalog's entries → the one JSON file that its script loads, small enough for a browser.

`assets/catalog-index.js` reads it. Its `columns` leave out what can be worked out: a title where it begins with
the tools' names, a page where it is named by them, the topics of a post where they are those of its tools, a host
where the address has it.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from coursehub.claims import new_claim
from coursehub.names.identity import fold
from coursehub.records.fields import FORMATS
from coursehub.records.hub import Hub
from coursehub.site import columns
from coursehub.site.catalog import Entry, HeadlineFrom, format_of
from coursehub.text.permalink import permalink

PATH = "assets/catalog.json"  # beside the script that loads it

_SHORTEST = 3  # letters of a summary's word
NONE = -1  # instead of the number of an option, format or topic


class CatalogIndex(msgspec.Struct, frozen=True):
    """The file. A column has a value for each entry, a mapping has one for each entry that needs it, by number.

    `tools` are names, numbered as entries first have them; `aliases` are other names of them and `tool_topics` their
    topics, both by number. `semester` has runs of (semester, count). A single tool or author is without a list.
    `links` are addresses elsewhere, pages here (from the site's root), nothing for a page that the semester and the
    tools name, or null where no link is known. `headlines` are titles that posts themselves have, each as it is or as
    `columns.headline` of its address; `given` are the numbers of entries whose headline is not from the address.
    `summary_words` are those that only an entry's summary has.
    """

    options: tuple[str, ...]
    topics: tuple[str, ...]
    topic_titles: tuple[str, ...]
    formats: tuple[str, ...]
    tools: tuple[str, ...]
    aliases: dict[int, tuple[str, ...]]
    tool_topics: dict[int, int]
    semester: tuple[tuple[str, int], ...]
    option: tuple[int, ...]
    format: tuple[int, ...]
    tool: tuple[tuple[int, ...] | int, ...]
    topic: dict[int, tuple[int, ...]]
    titles: tuple[str, ...]
    also: dict[int, tuple[str, ...]]
    authors: tuple[tuple[str, ...] | str, ...]
    links: tuple[str | None, ...]
    headlines: dict[int, str | tuple[int, ...]]
    given: tuple[int, ...]
    hosts: dict[int, str]
    dead: dict[int, str]
    archived: dict[int, str]
    summary_words: dict[int, str]


def build(hub: Hub, posts: Sequence[Entry]) -> bytes:
    """The file's bytes, for entries whose semesters follow each other."""
    course = hub.course
    options, topics = _numbers(course.ever.option_by_id), _numbers(course.topic_by_id)
    formats = _numbers(FORMATS)
    tools: dict[str, int] = {}
    tool = tuple(_tools(entry.tools, tools) for entry in posts)
    listed = {each.name: each for each in hub.tools.tools.values() if each.name in tools}
    tool_topics = {tools[name]: topics[each.topic] for name, each in listed.items() if each.topic in topics}
    index = CatalogIndex(
        options=tuple(options),
        topics=tuple(topics),
        topic_titles=tuple(topic.title for topic in course.topics),
        formats=FORMATS,
        tools=tuple(tools),
        aliases={tools[name]: each.aliases for name, each in listed.items() if each.aliases},
        tool_topics=tool_topics,
        semester=columns.runs(entry.semester for entry in posts),
        option=tuple(options.get(entry.option, NONE) for entry in posts),
        format=tuple(formats.get(format_of(hub, entry), NONE) for entry in posts),
        tool=tool,
        topic=_other_topics(posts, tools, tool_topics, topics),
        titles=tuple(columns.title(entry.title, entry.tools) for entry in posts),
        also={row: entry.also_titled for row, entry in enumerate(posts) if entry.also_titled},
        authors=tuple(columns.plain(entry.authors) for entry in posts),
        links=tuple(map(_link, posts)),
        headlines={
            row: columns.headline(entry.headline, entry.dead_url or entry.url or "")
            for row, entry in enumerate(posts)
            if entry.headline
        },
        given=tuple(row for row, entry in enumerate(posts) if entry.headline_from is HeadlineFrom.STAFF),
        hosts={row: entry.host for row, entry in enumerate(posts) if entry.host and entry.page},
        dead={row: entry.dead_url for row, entry in enumerate(posts) if entry.dead_url},
        archived={row: entry.archived for row, entry in enumerate(posts) if entry.archived},
        summary_words={row: words for row, entry in enumerate(posts) if (words := _summary_words(entry))},
    )
    return columns.encoded(index)


def _numbers(ids: Iterable[str]) -> dict[str, int]:
    return {each: number for number, each in enumerate(ids)}


def _tools(names: Sequence[str], numbers: dict[str, int]) -> tuple[int, ...] | int:
    """The tools' numbers, `NEW` for one that had none before and is now added; a single one plainly."""
    written = tuple(numbers.get(name, columns.NEW) for name in names)
    for name in names:
        numbers.setdefault(name, len(numbers))
    return columns.plain(written)


def _other_topics(
    posts: Sequence[Entry], tools: Mapping[str, int], tool_topics: Mapping[int, int], topics: Mapping[str, int]
) -> dict[int, tuple[int, ...]]:
    """The topics of posts that are not simply those of their tools."""
    others = {}
    for row, entry in enumerate(posts):
        own = [topics[topic] for topic in entry.topics]
        of_tools = dict.fromkeys(tool_topics[tools[name]] for name in entry.tools if tools[name] in tool_topics)
        if own != list(of_tools):
            others[row] = tuple(own)
    return others


def _summary_words(entry: Entry) -> str:
    """The summary's words, folded and each once, without those of the title and the short ones, which say little."""
    known = {word for text in (entry.title, *entry.tools) for word in fold(text)}
    words = dict.fromkeys(fold(entry.summary or ""))
    return " ".join(word for word in words if word not in known and (len(word) >= _SHORTEST or not word.isascii()))


def _link(entry: Entry) -> str | None:
    key = "--".join(sorted("-".join(fold(name)) for name in entry.tools))
    is_named_so = entry.page == permalink(new_claim.path_of(entry.semester, key))
    return "" if is_named_so else entry.page or entry.url
