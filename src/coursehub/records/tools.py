"""`data/tools.yaml`: the tools that have a name of their own, their other names, and their topic."""

from collections.abc import Container, Iterator

import msgspec

from coursehub.names.identity import Vocabulary, code, fold
from coursehub.records import headlines
from coursehub.text import located
from coursehub.text.addresses import host
from coursehub.text.located import Trouble

PATH = "data/tools.yaml"
UNKNOWN_TOPIC = "unknown-topic"  # the trouble of a tool whose topic the course does not have


class Tool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A listed tool. `about` says in a sentence what it does, `home` is the address of its home page.

    `suggest`: whether staff suggest that somebody writes about it; without it, the tool is offered after those.
    """

    name: str
    topic: str | None = None
    aliases: tuple[str, ...] = ()
    suggest: bool | None = None
    home: str = ""
    about: str = ""


class Tools(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: tools by slug, names of stacks, and the words that do not distinguish (see `Vocabulary`)."""

    tools: dict[str, Tool] = {}
    combinations: dict[str, tuple[str, ...]] = {}
    vendors: dict[str, tuple[str, ...]] = {}
    tails: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    general: tuple[str, ...] = ()


def read(text: str) -> tuple[Tools, tuple[Trouble, ...]]:
    """The tools that the text of `data/tools.yaml` lists, none where it says nothing, and what is wrong with it."""
    document = located.parse(text)
    if document.troubles or document.root is None:
        return Tools(), document.troubles
    tools = located.convert(document.root, Tools)
    if isinstance(tools, Trouble):
        return Tools(), (tools,)
    return tools, tuple(_clashes(tools, document.root))


def _clashes(tools: Tools, root: located.Node | None) -> list[Trouble]:
    """Names that would lead to two tools, slugs that are none, and home pages that are no web address."""
    owners: dict[str, str] = {}
    troubles = []
    for slug, tool in tools.tools.items():
        for name in (slug, tool.name, *tool.aliases):
            owner = owners.setdefault(code(name), slug)
            if owner != slug:
                at = located.at(root, "$.tools[...]", slug)
                what = f"tools: “{name}” leads to {slug} and to {owner}"
                troubles.append(Trouble("wrong-data", at.line, at.column, what))
        if "-".join(fold(slug)) != slug:
            at = located.at(root, "$.tools[...]", slug)
            troubles.append(Trouble("wrong-data", at.line, at.column, f"tools: “{slug}” is not a slug"))
        if tool.home and not host(tool.home):
            at = located.at(root, "$.tools[...].home", slug)
            what = f"tools: the home of {slug}, “{tool.home}”, is no web address: write https://example.org/tool"
            troubles.append(Trouble("wrong-data", at.line, at.column, what))
    return troubles


def unknown_topics(tools: Tools, text: str, topics: Container[str]) -> Iterator[Trouble]:
    """The troubles of tools whose topic is none of these; `text` is that of the file, which has their places."""
    unknown = [(slug, tool.topic) for slug, tool in tools.tools.items() if tool.topic and tool.topic not in topics]
    root = located.parse(text).root if unknown else None
    for slug, topic in unknown:
        at = located.at(root, "$.tools[...].topic", slug)
        yield Trouble(UNKNOWN_TOPIC, at.line, at.column, topic)


def vocabulary(tools: Tools) -> Vocabulary:
    """The tools folded for look-up by `identity`."""
    slugs = {code(name): slug for slug, tool in tools.tools.items() for name in (slug, tool.name, *tool.aliases)}
    return Vocabulary(
        slugs=slugs,
        names={slug: tool.name for slug, tool in tools.tools.items()},
        combinations={code(name): stack for name, stack in tools.combinations.items()},
        vendors={fold(form): vendor for vendor, forms in tools.vendors.items() for form in forms},
        tails=frozenset(map(fold, tools.tails)),
        openings=frozenset(map(fold, tools.openings)),
        general=frozenset(tools.general),
    )


def spellings(tools: Tools) -> headlines.Spellings:
    """How the listed tools and vendors are written, for the titles that addresses carry."""
    vendors = [form for forms in tools.vendors.values() for form in forms]
    return headlines.spellings((*vendors, *_names(tools, vendors)))


def _names(tools: Tools, vendors: list[str]) -> Iterator[str]:
    """The tools' names, first their own, then without the vendor, then others: `Apache Kafka`, `Kafka`."""
    makers = tuple(f"{vendor} " for vendor in vendors)
    named = [tool.name for tool in tools.tools.values()]
    yield from named
    yield from (name.removeprefix(maker) for name in named for maker in makers if name.startswith(maker))
    yield from (alias for tool in tools.tools.values() for alias in tool.aliases)
