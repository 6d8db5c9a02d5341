"""The catalog: a page to search all posts, its files for programs, and the one that its script loads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from coursehub.records.fields import FORMATS
from coursehub.records.hub import Hub
from coursehub.site import api, catalog_index
from coursehub.site.cards import option_title
from coursehub.site.catalog import Entry, HeadlineFrom, Hosted, Posts, format_of
from coursehub.site.page import (
    CATALOG,
    HOW_TO,
    Asset,
    Page,
    claimed_in,
    found_by,
    link,
    list_page,
    root_of,
    semester_path,
)

FILES = api.paths("posts")
MOST_ON_THE_PAGE = 50  # entries; a phone takes a second to lay out 500. assets/catalog-page.js shows the others
NOTHING = "none"  # the value of a filter for posts that have none; assets/catalog-index.js names it so, too


class Value(NamedTuple):
    """A value of a filter, and how many posts have it."""

    id: str
    title: str
    posts: int


class Filter(NamedTuple):
    """One of the page's filters. `every` is its title when it lets everything through."""

    id: str
    title: str
    every: str
    values: tuple[Value, ...]


def assets(hub: Hub, posts: tuple[Entry, ...]) -> Iterator[Asset]:
    """The posts as JSON and CSV, and the file that the page's script loads."""
    yield from api.files(FILES, Posts(posts), Entry, posts)
    yield Asset(catalog_index.PATH, catalog_index.build(hub, posts))


def page(hub: Hub, posts: Sequence[Entry], most: int = MOST_ON_THE_PAGE, commands_url: str = "") -> Page:
    """The page: its filters, and a table that needs no script, of the newest `most` posts.

    `commands_url`: where the page on commands and formats is, if not on this site.
    """
    course, first = hub.course, posts[:most]
    semesters = {entry.semester for entry in posts}
    the_page = list_page(
        CATALOG, "catalog.html", "Catalog",
        f"All posts from {course.name}, here and elsewhere, to search and filter.", claimed=claimed_in(course.ever),
        posts=[(post, _line(post), _kind(hub, post)) for post in first], total=len(posts), filters=_filters(hub, posts),
        topics={topic.id: topic.title for topic in course.topics},
        semesters=[
            (semester.id, link(CATALOG, semester_path(semester.id)))
            for semester in reversed(course.semesters)
            if semester.id in semesters
        ] if len(first) < len(posts) else [],
        root=root_of(CATALOG), files=FILES, how_path=HOW_TO, commands_url=commands_url,
    )  # fmt: skip
    return found_by(the_page, "catalog", "archive", "earlier")


def _line(post: Entry) -> str:
    """The line below a post's title: its tools or how lists name it, its authors, and whence the title is."""
    name = post.title if post.headline else " + ".join(post.tools)
    named = [] if name.lower() == post.shown_title.lower() else [name]
    by = [f"by {', '.join(post.authors)}"] if post.authors else []
    whence = ["title from its address"] if post.headline_from is HeadlineFrom.ADDRESS else []
    return ", ".join((*named, *by, *whence))


def _kind(hub: Hub, post: Entry) -> str:
    """The post's option, and its format where the option does not name it."""
    title, kind = option_title(hub, post.option, post.semester), format_of(hub, post)
    return title if kind in title.lower() else f"{title}, {kind}"


def _filters(hub: Hub, posts: Sequence[Entry]) -> Iterator[Filter]:
    course = hub.course
    semesters = [(semester.id, semester.id) for semester in reversed(course.semesters)]
    options = [(option.id, option.title) for option in course.ever.options]
    topics = [*((topic.id, topic.title) for topic in course.topics), (NOTHING, "No topic")]
    hosted = [(str(Hosted.HERE), "On this site"), (str(Hosted.ELSEWHERE), "Elsewhere")]
    formats = [*((each, each.capitalize()) for each in FORMATS), (NOTHING, "Not known")]
    yield _filter("semester", "All semesters", semesters, Counter(entry.semester for entry in posts))
    yield _filter(
        "topic", "All topics", topics, Counter(topic for entry in posts for topic in entry.topics or (NOTHING,))
    )
    yield _filter("option", "All options", options, Counter(entry.option for entry in posts))
    yield _filter("format", "All formats", formats, Counter(format_of(hub, entry) or NOTHING for entry in posts))
    yield _filter("hosted", "Anywhere", hosted, Counter(str(entry.hosted) for entry in posts))


def _filter(name: str, every: str, titles: Iterable[tuple[str, str]], counts: Counter[str]) -> Filter:
    values = tuple(Value(each, title, counts[each]) for each, title in titles if counts[each])
    return Filter(name, name.capitalize(), every, values)
