"""Tools that nobody has written about, by topic: what a student can choose from."""

from collections.abc import Collection, Iterator
from itertools import chain

import msgspec

from coursehub.names.identity import Claim
from coursehub.records.hub import Hub
from coursehub.records.tools import Tool

NO_TOPIC = ""


class FreeTool(msgspec.Struct, frozen=True):
    """A tool that no post and no pull request is about, alone or in a combination.

    `codes` are those of its claim, `key` is the claim's key. `is_suggested`: the assignment names it as an example, or
    staff mark it. `home` and `about` are empty where `data/tools.yaml` does not have them.
    """

    name: str
    key: str
    codes: tuple[str, ...]
    is_suggested: bool
    home: str = ""
    about: str = ""


def of_topic(hub: Hub, topic: str, asked: Collection[str] = ()) -> tuple[FreeTool, ...]:
    """The free tools of a topic, by its id or `NO_TOPIC`: the suggested ones first, each part by key.

    Left out is what staff do not suggest. `asked` are the codes of the claims that open pull requests ask for.
    """
    known = set(chain.from_iterable(code.split("--") for code in asked)).union(hub.precedents.by_tool)
    tools = {tool.key: tool for tool in chain(_listed(hub, topic), _unlisted_examples(hub, topic))}
    free = (tool for tool in tools.values() if known.isdisjoint(tool.codes))
    return tuple(sorted(free, key=lambda tool: (not tool.is_suggested, tool.key)))


def _listed(hub: Hub, topic: str) -> Iterator[FreeTool]:
    for slug, tool in hub.tools.tools.items():
        if tool.suggest is not False and _topic_of(hub, tool) == topic:
            code = slug.replace("-", "")
            yield FreeTool(tool.name, slug, (code,), bool(tool.suggest) or code in hub.examples, tool.home, tool.about)


def _topic_of(hub: Hub, tool: Tool) -> str:
    return tool.topic if tool.topic in hub.course.topic_by_id and tool.topic else NO_TOPIC


def _unlisted_examples(hub: Hub, topic: str) -> Iterator[FreeTool]:
    """Examples that are not listed, and names of stacks."""
    its_topic = hub.course.topic_by_id.get(topic)
    for name in its_topic.examples if its_topic else ():
        claim = hub.names.claim(name)
        if claim.identities and not _is_listed(claim):
            yield FreeTool(name, claim.key, claim.codes, is_suggested=True)


def _is_listed(claim: Claim) -> bool:
    return len(claim.identities) == 1 and claim.identities[0].is_listed
