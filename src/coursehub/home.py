"""The front page."""

from typing import NamedTuple

import msgspec

from coursehub.cards import Card, card
from coursehub.earlier import where
from coursehub.hub import Precedent
from coursehub.pages import (
    BOARD,
    CATALOG,
    HOME,
    HOW_TO,
    NEEDS_COMMENT,
    POSTS,
    TOOLS,
    Page,
    deadlines_of,
    link,
    list_page,
)
from coursehub.subjects import Subjects, Tool

_NEWEST = 6
_PICKED = 3


class Pick(NamedTuple):
    """The newest post about a tool that many wrote about; `host` is where it is, empty for here."""

    tool: Tool
    title: str
    semester: str
    url: str
    host: str


def home_page(subjects: Subjects) -> Page:
    """What this is, the deadlines, the numbers, the newest posts, and a few worth reading by what is counted."""
    hub = subjects.hub
    newest = [post for post in subjects.shown if post.semester == hub.course.open_semester] or subjects.shown
    cards = [card(subjects, post) for post in newest[:_NEWEST]]
    discussed = _discussed(subjects, cards)
    page = list_page(
        HOME, "home.html", hub.course.name,
        f"Posts of students of {hub.course.name} on the tools they tried, and who writes about which tool.",
        course=hub.course, newest=cards, count=len(subjects.shown), discussed=discussed,
        picks=[] if discussed else _picks(subjects, {each.path for each in cards}),
        priors=len(hub.priors), tools=subjects.tool_count,
        semesters=len({each.semester for each in subjects.readings}), deadlines=deadlines_of(hub.course),
        posts_path=POSTS, catalog_path=CATALOG, tools_path=TOOLS, how_path=HOW_TO, board_path=BOARD,
        needs_path=NEEDS_COMMENT,
    )  # fmt: skip
    return msgspec.structs.replace(page, meta={**page.meta, "template": "home.html", "nav": "Home"})


def _discussed(subjects: Subjects, newest: list[Card]) -> list[Card]:
    """The posts with the most comments by others than their authors, but for the newest, which are shown anyway."""
    counts = subjects.hub.counts
    if not counts:
        return []
    shown = {each.path for each in newest}
    by_others = {post.path: counts.of(post).by_others for post in subjects.shown if post.path not in shown}
    most = sorted((path for path in by_others if by_others[path]), key=lambda path: -by_others[path])
    return [card(subjects, subjects.by_path[path]) for path in most[:_PICKED]]


def _picks(subjects: Subjects, but: set[str]) -> list[Pick]:
    """Of the tools that most posts are about, the newest post that can be read."""
    tools = sorted(subjects.tools.values(), key=lambda tool: -tool.posts)
    picks = (_pick(subjects, tool, but) for tool in tools if tool.posts > 1)
    return [pick for pick, _ in zip(filter(None, picks), range(_PICKED), strict=False)]


def _pick(subjects: Subjects, tool: Tool, but: set[str]) -> Pick | None:
    readable = (
        _readable(subjects, tool, each) for each in subjects.of_tool(tool.identity.code) if each.path not in but
    )
    return next(filter(None, readable), None)


def _readable(subjects: Subjects, tool: Tool, post: Precedent) -> Pick | None:
    found = where(post, subjects.hub.dead)
    address = link(HOME, post.path) if post.path else found.url
    return Pick(tool, post.title, post.semester, address, found.host) if address else None
