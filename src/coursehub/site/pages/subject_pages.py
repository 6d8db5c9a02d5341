"""Pages of what posts are about and of who wrote them: tools, topics, authors."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from coursehub.claims import availability, free_tools
from coursehub.claims.pending import asker_of
from coursehub.names.identity import Claim
from coursehub.records.course import Topic
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.records.precedents import Precedent
from coursehub.site.cards import card, precedent_row
from coursehub.site.page import (
    BOARD,
    CATALOG,
    FREE,
    HOW_TO,
    TOOLS,
    Page,
    author_url,
    claimed_in,
    found_by,
    kept_page,
    list_page,
    root_of,
    searchable,
)
from coursehub.site.pages.free_page import anchor
from coursehub.site.pages.post_page import tool_urls
from coursehub.site.subjects import Subjects, Tool
from coursehub.system.keeping import Keep

_OFFERED = 6  # free tools on a topic's page; the page of all has the others
_NEIGHBOURS = 4  # tools of the same topic, on either side in the alphabet


class Addition(NamedTuple):
    """A post's own words on how it differs from the ones before it."""

    title: str
    path: str
    semester: str
    differences: str


def subject_pages(subjects: Subjects, keep: Keep) -> Iterator[Callable[[], Page]]:
    """Functions that make the index of tools, and a page of each tool, topic and author with something to read.

    Of tools and authors there are as many as of posts: their pages are kept.
    """
    yield partial(_index, subjects)
    for tools in subjects.tools_by_topic.values():
        for index, tool in enumerate(tools):
            yield partial(_tool, subjects, keep, tool, _around(tools, index))
    for topic in subjects.hub.course.topics:
        if subjects.topic_path(topic.id):
            yield partial(_topic, subjects, topic)
    for login, posts in subjects.by_author.items():
        yield partial(_author, subjects, keep, login, posts)


def _around(tools: list[Tool], index: int) -> list[Tool]:
    """The tools beside the one at `index`, as in a ring: a new tool is new to few pages."""
    count = min(2 * _NEIGHBOURS, len(tools) - 1)
    ring = [tools[(index + step) % len(tools)] for step in range(-(count // 2), count - count // 2 + 1) if step]
    return sorted(ring, key=lambda tool: tool.name.casefold())


def _index(subjects: Subjects) -> Page:
    groups = [
        (topic.title, subjects.topic_path(topic.id), subjects.tools_by_topic.get(topic.id, []))
        for topic in subjects.hub.course.topics
    ]
    others = ("Other" if any(tools for _, _, tools in groups) else "", "", subjects.tools_by_topic.get("", []))
    claimed = claimed_in(subjects.hub.course.ever)
    page = list_page(
        TOOLS, "tools.html", claimed.many.capitalize(),
        f"All {claimed.many} with a post here or several elsewhere, by topic.", claimed=claimed,
        groups=[group for group in (*groups, others) if group[1] or group[2]], count=len(subjects.tools),
        all_count=subjects.tool_count,
        catalog_path=CATALOG, how_path=HOW_TO, free_path=FREE,
    )  # fmt: skip
    return found_by(page, *subjects.hub.course.ever.claimed, "topic")


def _tool(subjects: Subjects, keep: Keep, tool: Tool, neighbours: list[Tool]) -> Page:
    hub = subjects.hub
    code = tool.identity.code
    topic = hub.course.topic_by_id.get(tool.topic)
    claim = Claim((tool.identity,)) if tool.identity.title else hub.names.claim(tool.name)
    status, posts = availability.judge(hub, claim, asked=subjects.asked)
    asker = asker_of(hub, claim, subjects.asked)
    listed = hub.tools.tools.get(tool.identity.slug)
    values = {
        "other_names": tool.other_names,
        "about": listed.about if listed else "",
        "topic": topic.title if topic else "",
        "topic_path": subjects.topic_path(tool.topic),
        "home": _home_of(hub, tool),
        "answer": availability.sentence(status, tool.name, hub.course.open_semester, _holders(hub, posts), asker),
        "claim_by": _claim_by(tool) if status in availability.CLAIMABLE else "",
        "cards_": [card(subjects, post) for post in tool.here],
        "additions": [Addition(post.title, post.path, post.semester, post.differences) for post in _added(tool)],
        "rows": [precedent_row(subjects, each) for each in tool.elsewhere],
        "partners": _partners(subjects, code),
        "neighbours": [{"name": each.name, "path": each.path, "posts": each.posts} for each in neighbours],
        "root": root_of(tool.path),
        "claimed": claimed_in(hub.course.ever),
        "tools_path": TOOLS,
        "board_path": BOARD,
        "free_path": FREE,
        "free_anchor": anchor(tool.topic),
    }
    about = f"What students in {hub.course.name} wrote about {tool.name}."
    page = kept_page(keep, values, tool.path, "tool.html", tool.name, about, lambda: values)
    return found_by(searchable(page, "navigation", "toc"), tool.name, *tool.other_names)


def _claim_by(tool: Tool) -> str:
    """The query by which the front page's box asks about a tool, or about a title, where the option says so."""
    options = [*(post.option for post in tool.here), *(each.option for each in tool.elsewhere)]
    return urlencode({"tool": tool.name} | ({"option": options[0]} if tool.identity.title else {}))


def _added(tool: Tool) -> list[Post]:
    """The posts here that say what they add to those before them, the oldest first."""
    return [post for post in reversed(tool.here) if post.differences]


def _home_of(hub: Hub, tool: Tool) -> str:
    """The home page of a tool: of the list of tools, or else of the newest post that gives one."""
    listed = hub.tools.tools.get(tool.identity.slug)
    urls = (tool_urls(hub, post).get(tool.identity.code) for post in tool.here)
    return (listed.home if listed else "") or next(filter(None, urls), "")


def _holders(hub: Hub, posts: Sequence[Precedent]) -> tuple[str, ...]:
    post = hub.post_by_path.get(posts[0].path or "") if posts else None
    return post.authors if post else ()


def _partners(subjects: Subjects, code: str) -> list[tuple[str, str]]:
    """Name and page of each tool that this one was combined with, by name; the page empty where there is none."""
    readings = subjects.of_tool(code)
    names = {each.code: each.name for reading in readings for each in reading.claim.identities if each.code != code}
    tools = {each: subjects.tools[each].name for each in names if each in subjects.tools}
    partners = [(name, subjects.tool_path(each)) for each, name in (names | tools).items()]
    return sorted(partners, key=lambda partner: (partner[0].casefold(), partner[1]))


def _topic(subjects: Subjects, topic: Topic) -> Page:
    hub, path = subjects.hub, subjects.topic_path(topic.id)
    readings = subjects.of_topic(topic.id)
    free = free_tools.of_topic(hub, topic.id, subjects.asked)
    offered = sorted(free, key=lambda tool: (not tool.is_suggested, not tool.about))[:_OFFERED]
    page = list_page(
        path, "topic.html", topic.title, f"What students in {hub.course.name} wrote about {topic.title}.",
        cards_=[card(subjects, subjects.by_path[each.path]) for each in readings if each.path],
        rows=[precedent_row(subjects, each) for each in readings if not each.path],
        tools=subjects.tools_by_topic.get(topic.id, []), about=topic.about, offered=offered, free_count=len(free),
        semester=hub.course.open_semester, root=root_of(path), claimed=claimed_in(hub.course.ever),
        tools_path=TOOLS, how_path=HOW_TO, free_path=FREE, free_anchor=anchor(topic.id),
    )  # fmt: skip
    return found_by(searchable(page, "navigation", "toc"), topic.id, *topic.words)


def _author(subjects: Subjects, keep: Keep, login: str, posts: list[Post]) -> Page:
    """The page of an author, by the name and with the line about them that their newest post gives."""
    hub, path = subjects.hub, subjects.author_path(login)
    spelled = next(author for author in posts[0].authors if author.lower() == login)
    name = next((post.name_by_login[login] for post in posts if login in post.name_by_login), spelled)
    bio = next((post.bio_by_login[login] for post in posts if login in post.bio_by_login), "")
    values = {
        "cards_": [card(subjects, post) for post in posts],
        "bio": bio,
        "login": spelled,
        "profile": author_url(spelled),
    }
    about = bio or f"Posts by {name} in {hub.course.name}."
    page = kept_page(keep, values, path, "author.html", name, about, lambda: values)
    return searchable(page, "navigation", "toc")
