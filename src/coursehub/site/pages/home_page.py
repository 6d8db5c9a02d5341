"""The front page."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from coursehub.links.where import where
from coursehub.records.assignment import NameKind
from coursehub.records.precedents import Precedent
from coursehub.site.cards import Card, card
from coursehub.site.page import (
    BOARD,
    CATALOG,
    FREE,
    HOME,
    HOW_TO,
    NEEDS_COMMENT,
    POSTS,
    TOOLS,
    Page,
    claimed_in,
    deadlines_of,
    link,
    list_page,
)
from coursehub.site.subjects import Subjects, Tool

_NEWEST = 6
_PICKED = 3
_ON_THE_WALL = 4


class Pick(NamedTuple):
    """A post to read; `host` is where it is, empty for here. `tool`: of many posts about that tool it is the newest."""

    tools: str
    title: str
    summary: str
    semester: str
    url: str
    host: str
    tool: Tool | None = None
    is_from_address: bool = False


def home_page(subjects: Subjects) -> Page:
    """The front page: the deadlines, the numbers, the newest posts, and a few worth reading.

    Those are what staff chose, or else what others commented most, or else posts on what most was written about.
    """
    hub, claimed = subjects.hub, claimed_in(subjects.hub.course.now)
    newest = [post for post in subjects.shown if post.semester == hub.course.open_semester] or subjects.shown
    cards = [card(subjects, post) for post in newest[:_NEWEST]]
    chosen = list(_chosen(subjects))
    discussed = [] if chosen else _discussed(subjects, cards)
    page = list_page(
        HOME, "home.html", hub.course.name,
        f"Students in {hub.course.name} write about {claimed.many}: their posts, and who writes about what.",
        course=hub.course, claimed=claimed, word=hub.course.now.word(None), newest=cards,
        is_tried=any(option.names is NameKind.TOOL for option in hub.course.now.options),
        wall_=sorted(cards, key=lambda each: not each.picture)[:_ON_THE_WALL],
        here=len(subjects.shown), chosen=chosen, discussed=discussed,
        picks=[] if chosen or discussed else list(_picks(subjects, {each.path for each in cards})),
        posts=len(subjects.shown) + len(hub.priors), tools=subjects.tool_count,
        semesters=len({each.semester for each in subjects.readings}), deadlines=deadlines_of(hub.course),
        posts_path=POSTS, catalog_path=CATALOG, tools_path=TOOLS, how_path=HOW_TO, board_path=BOARD,
        needs_path=NEEDS_COMMENT, free_path=FREE,
    )  # fmt: skip
    meta = msgspec.structs.replace(page.meta, template="home.html", nav="Home")
    return msgspec.structs.replace(page, meta=meta)


def _chosen(subjects: Subjects) -> Iterator[Pick]:
    """The posts that the course recommends, in its order, but for those that cannot be read: a rule reports them."""
    readings = {each.path or each.url: each for each in subjects.readings}
    readings |= {path: readings[post.path] for post in subjects.shown for path in post.aliases if path not in readings}
    for name in subjects.hub.course.worth_reading:
        if name in readings and (pick := _readable(subjects, readings[name])):
            yield pick


def _discussed(subjects: Subjects, newest: list[Card]) -> list[Card]:
    """The posts with the most comments by others than their authors, but for the newest, which are shown anyway."""
    counts = subjects.counts
    if not counts:
        return []
    shown = {each.path for each in newest}
    by_others = {post.path: counts.of(post).by_others for post in subjects.shown if post.path not in shown}
    most = sorted((path for path in by_others if by_others[path]), key=lambda path: -by_others[path])
    return [card(subjects, subjects.by_path[path]) for path in most[:_PICKED]]


def _picks(subjects: Subjects, shown: set[str]) -> Iterator[Pick]:
    """Of the tools that most posts are about, the newest post that can be read: of two tools in one post, another."""
    tools = sorted((tool for tool in subjects.tools.values() if tool.posts > 1), key=lambda tool: -tool.posts)
    seen = {link(HOME, path) for path in shown}
    for tool in tools:
        readable = filter(None, (_readable(subjects, each) for each in subjects.of_tool(tool.identity.code)))
        if pick := next((each for each in readable if each.url not in seen), None):
            yield pick._replace(tools=tool.name, tool=tool)
            seen.add(pick.url)
        if len(seen) == len(shown) + _PICKED:
            return


def _readable(subjects: Subjects, post: Precedent) -> Pick | None:
    place = where(post, subjects.dead)
    address = link(HOME, post.path) if post.path else place.url
    summary = subjects.by_path[post.path].summary if post.path else ""
    headline = subjects.hub.precedents.headline(post)
    title, is_from_address = headline or (post.title, False)
    return (
        Pick(post.claim.name, title, summary, post.semester, address, place.host, is_from_address=is_from_address)
        if address
        else None
    )
