"""The page of what is free: everything that nobody has written about, by topic, to choose from."""

from collections.abc import Iterable

import msgspec

from coursehub.claims import free_tools
from coursehub.claims.free_tools import NO_TOPIC, FreeTool
from coursehub.claims.pending import in_words
from coursehub.site.page import BOARD, CATALOG, FREE, Page, file_name, found_by, list_page, root_of
from coursehub.site.subjects import Subjects


class Group(msgspec.Struct, frozen=True):
    """The free tools of a topic: the suggested ones, those with a sentence about them, and the others."""

    title: str
    anchor: str
    about: str
    suggested: tuple[FreeTool, ...]
    described: tuple[FreeTool, ...]
    others: tuple[FreeTool, ...]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.suggested) + len(self.described) + len(self.others)


def free_page(subjects: Subjects) -> Page:
    """The page. What an open pull request asks for is left out, as far as those are known."""
    course = subjects.hub.course
    topics = [(topic.id, topic.title, topic.about) for topic in course.topics]
    groups = [_group(subjects, *topic) for topic in (*topics, (NO_TOPIC, "Other" if topics else "", ""))]
    page = list_page(
        FREE, "free_tools.html", "Free to claim",
        f"Choose something that nobody in {course.name} has written about yet, by topic.",
        groups=[group for group in groups if group.count], count=sum(group.count for group in groups),
        word=course.now.word(None), semester=course.open_semester,
        as_of=in_words(subjects.pending.read) if subjects.pending else "",
        root=root_of(FREE), board_path=BOARD, catalog_path=CATALOG,
    )  # fmt: skip
    return found_by(page, "ideas", "suggestions", "choose", "free")


def anchor(topic: str) -> str:
    """Where a topic's tools are on the page."""
    return file_name(topic or "other")


def _group(subjects: Subjects, topic: str, title: str, about: str) -> Group:
    tools = free_tools.of_topic(subjects.hub, topic, subjects.asked)
    return Group(
        title, anchor(topic), about,
        suggested=_by_name(tool for tool in tools if tool.is_suggested),
        described=_by_name(tool for tool in tools if tool.about and not tool.is_suggested),
        others=_by_name(tool for tool in tools if not tool.about and not tool.is_suggested),
    )  # fmt: skip


def _by_name(tools: Iterable[FreeTool]) -> tuple[FreeTool, ...]:
    return tuple(sorted(tools, key=lambda tool: tool.name.casefold()))
