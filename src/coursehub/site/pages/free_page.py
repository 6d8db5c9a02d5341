"""The page of what is free: everything that nobody has written about, by topic, to choose from."""

from collections.abc import Iterable
from typing import NamedTuple

from coursehub.claims import free_tools
from coursehub.claims.free_tools import NO_TOPIC, FreeTool
from coursehub.claims.pending import in_words
from coursehub.site.page import BOARD, CATALOG, FREE, Page, file_name, list_page, root_of, searchable
from coursehub.site.subjects import Subjects


class Group(NamedTuple):
    """The free tools of a topic: those with a sentence about them, and the others. `anchor` is where they are."""

    title: str
    anchor: str
    about: str
    described: tuple[FreeTool, ...]
    others: tuple[FreeTool, ...]


def free_page(subjects: Subjects) -> Page:
    """The page. What an open pull request asks for is left out, as far as those are known."""
    course = subjects.hub.course
    topics = [(topic.id, topic.title, topic.about) for topic in course.topics]
    groups = [_group(subjects, *topic) for topic in (*topics, (NO_TOPIC, "Other" if topics else "", ""))]
    groups = [group for group in groups if group.described or group.others]
    page = list_page(
        FREE, "free_tools.html", "Free to claim",
        f"What nobody has written about yet in {course.name}, by topic, to choose from.",
        groups=groups, count=sum(len(group.described) + len(group.others) for group in groups),
        semester=course.open_semester, as_of=in_words(subjects.pending.read) if subjects.pending else "",
        root=root_of(FREE), board_path=BOARD, catalog_path=CATALOG,
    )  # fmt: skip
    return searchable(page, "navigation", "toc")


def anchor(topic: str) -> str:
    """Where a topic's tools are on the page."""
    return file_name(topic or "other")


def _group(subjects: Subjects, topic: str, title: str, about: str) -> Group:
    tools = free_tools.of_topic(subjects.hub, topic, subjects.asked)
    return Group(
        title, anchor(topic), about,
        _by_name(tool for tool in tools if tool.about), _by_name(tool for tool in tools if not tool.about),
    )  # fmt: skip


def _by_name(tools: Iterable[FreeTool]) -> tuple[FreeTool, ...]:
    """The suggested ones first, and each part by name."""
    return tuple(sorted(tools, key=lambda tool: (not tool.is_suggested, tool.name.casefold())))
