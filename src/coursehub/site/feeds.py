"""Feeds of the posts published here, as RSS 2.0 and JSON Feed 1.1: of all, of each semester, and of each topic.

mkdocs-rss-plugin makes none by semester or topic, and has only the pages that MkDocs renders in a build.
An entry is known by the first path of its post's file, so it stays the same one wherever the post or the site moves.
The formats: https://www.rssboard.org/rss-specification and https://www.jsonfeed.org/version/1.1/
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import msgspec

from coursehub.records.course import Course
from coursehub.site.catalog import Entry
from coursehub.site.front_matter import FeedLinks
from coursehub.site.page import HOME, POSTS, Asset, Page, author_url, claimed_in, semester_path
from coursehub.system.keeping import ANEW, Keep
from coursehub.text.expressions import expression
from coursehub.text.formats import indented_json
from coursehub.text.permalink import permalink

RSS, JSON = "feed.xml", "feed.json"
NEWEST = 30  # posts in a feed


class Feed(msgspec.Struct, frozen=True):
    """A feed: its title, the page that shows the same, and the posts, the newest first."""

    title: str
    page: str
    posts: tuple[Entry, ...]

    def path(self, file: str) -> str:
        """Where a file of the feed is, from the site's root: in the page's folder."""
        return permalink(self.page) + file


class Author(msgspec.Struct, frozen=True):
    """An author, as JSON Feed has it."""

    name: str
    url: str


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """A post, as JSON Feed has it. `url` is its page here, `external_url` where else its text is."""

    id: str
    url: str
    title: str
    content_text: str
    authors: tuple[Author, ...]
    tags: tuple[str, ...]
    date_published: dt.datetime | None = None
    external_url: str | None = None


class Document(msgspec.Struct, frozen=True):
    """A feed, as JSON Feed has it."""

    version: str
    title: str
    home_page_url: str
    feed_url: str
    description: str
    language: str
    items: tuple[Item, ...]


def feeds(course: Course, published: Iterable[Entry], topic_path: Callable[[str], str]) -> list[Feed]:
    """The feed of the site, then those of semesters and of topics that have a page; `published` come newest first.

    A feed may be empty, so that one can wait for the first post on a topic, or of the open semester.
    """
    posts = list(published)
    by_semester: dict[str, list[Entry]] = defaultdict(list)
    by_topic: dict[str, list[Entry]] = defaultdict(list)
    for entry in posts:
        by_semester[entry.semester].append(entry)
        for topic in entry.topics:
            by_topic[topic].append(entry)
    semesters = [
        Feed(f"{course.name}, {each.id}", semester_path(each.id), tuple(by_semester[each.id][:NEWEST]))
        for each in course.semesters
        if each.id in by_semester or each.id == course.open_semester
    ]
    topics = [
        Feed(f"{course.name}: {each.title}", path, tuple(by_topic[each.id][:NEWEST]))
        for each in course.topics
        if (path := topic_path(each.id))
    ]
    return [Feed(course.name, HOME, tuple(posts[:NEWEST])), *semesters, *topics]


def linked(pages: Iterable[Page], site_feeds: Iterable[Feed]) -> Iterator[Page]:
    """The pages; one that shows the posts of a feed has the feed's title and files as `feed`."""
    links = {feed.page: FeedLinks(feed.title, feed.path(RSS), feed.path(JSON)) for feed in site_feeds}
    for page in pages:
        feed = links.get(HOME if page.path == POSTS else page.path)
        yield msgspec.structs.replace(page, meta=msgspec.structs.replace(page.meta, feed=feed)) if feed else page


def assets(course: Course, site_feeds: Iterable[Feed], root: str, keep: Keep = ANEW) -> Iterator[Asset]:
    """The files of the feeds. `root` is the site's address, with a slash at its end."""
    for feed in site_feeds:
        document, address = _document(course, feed, root), root + feed.path(RSS)
        rss = keep.one((RSS, address, document), partial(_rss, document, address), str)
        yield Asset(feed.path(RSS), rss.encode())
        yield Asset(feed.path(JSON), indented_json(document))


def _document(course: Course, feed: Feed, root: str) -> Document:
    return Document(
        version="https://jsonfeed.org/version/1.1",
        title=_text(feed.title),
        home_page_url=root + permalink(feed.page),
        feed_url=root + feed.path(JSON),
        description=_text(f"Posts by students in {course.name} on {claimed_in(course.ever).many}."),
        language="en",
        items=tuple(_item(course, entry, root) for entry in feed.posts),
    )


def _item(course: Course, entry: Entry, root: str) -> Item:
    address = f"{root}{entry.page}"
    option = course.at(entry.semester).option_by_id.get(entry.option)
    about = (option.title if option else "", *(course.topic_by_id[topic].title for topic in entry.topics), *entry.tools)
    midnight = dt.datetime.combine(dt.date.fromisoformat(entry.date), dt.time(), course.zone) if entry.date else None
    return Item(
        id=_lasting(course, entry.term) if entry.term else address,
        url=address,
        title=_text(entry.title),
        content_text=_text(entry.summary or ""),
        authors=tuple(
            Author(_text(name), author_url(_text(login)))
            for login, name in zip(entry.authors, entry.names, strict=True)
        ),
        tags=tuple(dict.fromkeys(_text(each) for each in about if each)),
        date_published=midnight,
        external_url=None if entry.dead_url else entry.url,  # the page here leads to a copy
    )


def _lasting(course: Course, term: str) -> str:
    """Return what a post is known by wherever it is: its term, below the site's first address if the course has one."""
    return f"{course.first_address}{permalink(f'{term}.md')}" if course.first_address else term


def _rss(document: Document, address: str) -> str:
    from coursehub.site import rss  # noqa: PLC0415  (slow to load, and only a feed that changed needs it)

    return rss.text(document, address)


_NOT_IN_XML = expression("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _text(written: str) -> str:
    """Return the text without characters that XML cannot have: https://www.w3.org/TR/xml/#charsets"""
    return _NOT_IN_XML.sub(" ", written)
