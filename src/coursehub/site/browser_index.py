"""The hub → the one JSON file of “Is your tool still available?”: the data of `availability`, for a browser.

`assets/availability.js` reads it. Its `columns` leave out what can be worked out: a post's path where it is its
claim key, a title where it is the tool's name, the slug of a tool that nobody listed where it is the name's words.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

import msgspec

from coursehub.claims import availability, free_tools, new_claim
from coursehub.claims.pending import Asked, Asker, Pending
from coursehub.links.where import where
from coursehub.names.english import is_ordinary
from coursehub.names.identity import Identity, Title, fold, key_of
from coursehub.names.mentions import phrases
from coursehub.names.titles import merged
from coursehub.records.assignment import NameKind
from coursehub.records.hub import Hub
from coursehub.records.precedents import Precedent
from coursehub.site import columns

PATH = "assets/free.json"  # beside the script that loads it


class Listed(msgspec.Struct, frozen=True):
    """The tools of `data/tools.yaml`: slugs, names and topics by number, and the codes of all other names."""

    slugs: tuple[str, ...]
    names: tuple[str, ...]
    topics: tuple[int | None, ...]
    aliases: dict[str, str]


class Unlisted(msgspec.Struct, frozen=True):
    """Names of other tools that were written about, numbered after the listed ones, as posts first name them.

    `slugs` has those that are not simply the words of the name.
    """

    names: tuple[str, ...]
    slugs: dict[int, str]


class Elsewhere(msgspec.Struct, frozen=True):
    """Posts of earlier semesters. Each column has a value for each; `semesters` are runs of (semester, count).

    `headlines` has those that are known: the titles that posts themselves have, or `columns.headline` of the address.
    """

    semesters: tuple[tuple[str, int], ...]
    tools: tuple[tuple[int, ...] | int, ...]
    titles: tuple[str, ...]
    urls: tuple[str | None, ...]
    headlines: dict[int, str | tuple[int, ...]]


class Titles(msgspec.Struct, frozen=True):
    """Titles that may speak of tools: the numbers of their posts elsewhere, and the ordinary words in them."""

    posts: tuple[int, ...]
    ordinary: tuple[str, ...]


class Here(msgspec.Struct, frozen=True):
    """Posts and claims of this repository. `paths` has those that are not semester and claim key.

    `status` numbers `statuses`; `pages` is 1 where the site has the post as a page, else 0.
    """

    semesters: tuple[tuple[str, int], ...]
    tools: tuple[tuple[int, ...] | int, ...]
    titles: tuple[str, ...]
    authors: tuple[tuple[str, ...] | str, ...]
    statuses: tuple[str, ...]
    status: tuple[int, ...]
    pages: tuple[int, ...]
    paths: dict[int, str]


class Asking(msgspec.Struct, frozen=True):
    """Claim code → who asks for it in an open pull request, and when that was read; what else is known of titles."""

    as_of: dt.datetime
    askers: dict[str, Asker]
    titles: dict[str, Title]


class FreeOfTopic(NamedTuple):
    """The tools of a topic that nobody has written about.

    `suggested` has the name, key and codes of each, `others` are the numbers of listed ones.
    """

    suggested: tuple[tuple[str, str, tuple[str, ...]], ...]
    others: tuple[int, ...]


class BrowserIndex(msgspec.Struct, frozen=True):
    """The file. Words that belong together are written with a blank between them.

    `answers` are the sentences of `coursehub free`; `free` has for each topic the tools that nobody has written about,
    of which an answer names `most_alternatives`; `repeatable` numbers the posts of the last semester (those elsewhere
    first) that a new one may repeat with differences; `new_file` is where GitHub makes a new file, `files` where it
    shows files, `pulls` where it shows pull requests, `schema` the schema that a new claim names. `asking` is null
    where pull requests were not read.
    `titled` has the options that claim titles, each with its word for them, and `named` the word for all else;
    `known_titles` what else is known of the titles among the `unlisted`.
    """

    semester: str
    semesters: tuple[str, ...]
    new_file: str
    files: str
    pulls: str
    schema: str
    titled: dict[str, str]
    named: str
    asking: Asking | None
    answers: dict[str, str]
    listed: Listed
    combinations: dict[str, tuple[str, ...]]
    vendors: dict[str, str]
    tails: tuple[str, ...]
    openings: tuple[str, ...]
    general: tuple[str, ...]
    free: tuple[FreeOfTopic, ...]
    most_alternatives: int
    repeatable: tuple[int, ...]
    unlisted: Unlisted
    known_titles: dict[int, Title]
    elsewhere: Elsewhere
    here: Here
    titles: Titles


def build(
    hub: Hub,
    repository: str,
    *,
    published: str = "",
    broken: frozenset[str] = frozenset(),
    dead: frozenset[str] = frozenset(),
    asked: Mapping[str, Asked] = {},
    pending: Pending | None = None,
) -> bytes:
    """The file's bytes, the same for the same hub and the same pending claims, which `asked` has by their codes.

    `repository` is its address on GitHub, `published` that of the site; posts at the paths in `broken` hold
    their claims, and no more of them is shown. Earlier posts at the addresses in `dead` lead to a copy.
    """
    tools = _Numbers(hub)
    elsewhere = [*(precedent for precedent in hub.precedents.all if precedent.path is None), *hub.precedents.titled]
    here = [precedent for precedent in hub.precedents.all if precedent.path is not None]
    vocabulary = hub.names.vocabulary
    repository = repository.rstrip("/")
    earlier = _elsewhere(hub, elsewhere, tools, dead)
    index = BrowserIndex(
        semester=hub.course.open_semester,
        semesters=tuple(hub.course.order),
        new_file=f"{repository}/new/main",
        files=f"{repository}/blob/main",
        pulls=f"{repository}/pull",
        schema=new_claim.schema_at(published),
        titled={option.id: option.claims for option in hub.course.now.options if option.names is NameKind.TITLE},
        named=hub.course.now.word(None),
        asking=_asking(hub, asked, pending) if pending else None,
        answers={str(status): words for status, words in availability.ANSWERS.items()},
        listed=_listed(hub),
        combinations=vocabulary.combinations,
        vendors={" ".join(words): vendor for words, vendor in vocabulary.vendors.items()},
        tails=_sorted(map(" ".join, vocabulary.tails)),
        openings=_sorted(map(" ".join, vocabulary.openings)),
        general=_sorted(vocabulary.general),
        free=_free(hub),
        most_alternatives=availability.MOST_ALTERNATIVES,
        repeatable=_repeatable(hub, [*elsewhere, *here]),
        elsewhere=earlier,
        here=_here(hub, here, tools, broken),
        unlisted=tools.unlisted(),
        known_titles=tools.titles(),
        titles=_titles(hub, elsewhere),
    )
    return columns.encoded(index)


def _asking(hub: Hub, asked: Mapping[str, Asked], pending: Pending) -> Asking:
    askers = {code: Asker(each.login, each.pull, each.since) for code, each in asked.items()}
    claims = (hub.names.claim(each.tools, each.option) for each in asked.values())
    identities = (identity for claim in claims for identity in claim.identities)
    return Asking(pending.read, askers, {each.code: each.title for each in identities if each.title})


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words))


def _listed(hub: Hub) -> Listed:
    tools, topics = hub.tools.tools, {topic.id: number for number, topic in enumerate(hub.course.topics)}
    own = {slug.replace("-", ""): slug for slug in tools}
    return Listed(
        slugs=tuple(tools),
        names=tuple(tool.name for tool in tools.values()),
        topics=tuple(topics.get(tool.topic or "") for tool in tools.values()),
        aliases={code: slug for code, slug in hub.names.vocabulary.slugs.items() if own.get(code) != slug},
    )


def _free(hub: Hub) -> tuple[FreeOfTopic, ...]:
    """The free tools of each topic; what is asked for, the browser leaves out itself."""
    numbers = {slug: number for number, slug in enumerate(hub.tools.tools)}
    of_topics = [free_tools.of_topic(hub, topic.id) for topic in hub.course.topics]
    return tuple(
        FreeOfTopic(
            tuple((tool.name, tool.key, tool.codes) for tool in tools if tool.is_suggested),
            tuple(numbers[tool.key] for tool in tools if not tool.is_suggested),
        )
        for tools in of_topics
    )


class _Numbers:
    """Numbers of tools: the listed ones in their order, then the others as they are first asked for."""

    def __init__(self, hub: Hub) -> None:
        listed = {slug.replace("-", ""): Identity(slug, tool.name, is_listed=True)
                  for slug, tool in hub.tools.tools.items()}  # fmt: skip
        used = merged(each for precedent in hub.precedents.all for each in precedent.claim.identities)
        self._number = {code: number for number, code in enumerate(listed)}
        self._tools = [*listed.values()]
        self._used = used
        self._first_unlisted = len(listed)

    def of(self, precedent: Precedent) -> tuple[int, ...] | int:
        """The numbers of a claim's tools, `NEW` for one that had none before; a single one plainly."""
        return columns.plain(tuple(map(self._number_of, precedent.claim.codes)))

    def _number_of(self, code: str) -> int:
        if code in self._number:
            return self._number[code]
        self._number[code] = len(self._tools)
        self._tools.append(self._used[code])
        return columns.NEW

    def tools(self, precedent: Precedent) -> list[Identity]:
        """A claim's tools as the browser has them, by slug: one name and one slug for each code."""
        tools = [self._tools[self._number[code]] for code in precedent.claim.codes]
        return sorted(tools, key=lambda tool: tool.slug)

    def unlisted(self) -> Unlisted:
        """All tools numbered so far that are not listed."""
        tools = self._tools[self._first_unlisted :]
        slugs = {number: tool.slug for number, tool in enumerate(tools) if tool.slug != "-".join(fold(tool.name))}
        return Unlisted(tuple(tool.name for tool in tools), slugs)

    def titles(self) -> dict[int, Title]:
        """Number among those that are not listed → what else is known of a title."""
        tools = self._tools[self._first_unlisted :]
        return {number: tool.title for number, tool in enumerate(tools) if tool.title}


def _repeatable(hub: Hub, precedents: Sequence[Precedent]) -> tuple[int, ...]:
    """The posts of the last semester that do not rule out a new one of their option."""
    now = hub.course.open_semester
    last = hub.course.semester_before(now)
    return tuple(
        number
        for number, post in enumerate(precedents)
        if post.semester == last and not hub.blocks(post, now, post.option)
    )


def _elsewhere(hub: Hub, precedents: Sequence[Precedent], numbers: _Numbers, dead: Set[str]) -> Elsewhere:
    places = [(each, where(each, dead)) for each in precedents]
    urls = tuple(place.url if place.dead else each.url for each, place in places)
    headlines = ((row, hub.precedents.headline(each)) for row, each in enumerate(precedents))
    return Elsewhere(
        semesters=columns.runs(each.semester for each in precedents),
        tools=tuple(map(numbers.of, precedents)),
        titles=tuple(columns.title(each.title, _names(numbers.tools(each))) for each in precedents),
        urls=urls,
        headlines={row: columns.headline(each.text, urls[row] or "") for row, each in headlines if each},
    )


def _titles(hub: Hub, elsewhere: Sequence[Precedent]) -> Titles:
    numbers = {each.place: number for number, each in enumerate(elsewhere)}
    words = {word.folded for each in hub.precedents.telling for phrase in phrases(each.title) for word in phrase}
    words |= set(hub.names.vocabulary.vendors.values())
    return Titles(
        posts=tuple(numbers[each.place] for each in hub.precedents.telling if each.place in numbers),
        ordinary=_sorted(filter(is_ordinary, words)) if hub.precedents.telling else (),
    )


def _names(tools: Iterable[Identity]) -> Iterator[str]:
    return (tool.name for tool in tools)


def _here(hub: Hub, precedents: Sequence[Precedent], numbers: _Numbers, broken: frozenset[str]) -> Here:
    posts = [hub.post_by_path[each.path or ""] for each in precedents]
    statuses = _sorted({post.status for post in posts})
    tools = tuple(map(numbers.of, precedents))
    known = list(map(numbers.tools, precedents))
    keys = [key_of(tool.slug for tool in each) for each in known]
    return Here(
        semesters=columns.runs(each.semester for each in precedents),
        tools=tools,
        titles=tuple(
            columns.title(post.stem if post.path in broken else each.title, _names(identities))
            for each, post, identities in zip(precedents, posts, known, strict=True)
        ),
        authors=tuple(columns.plain(post.authors) for post in posts),
        statuses=statuses,
        status=tuple(statuses.index(post.status) for post in posts),
        pages=tuple(int(post.is_public and post.path not in broken) for post in posts),
        paths={
            row: post.path
            for row, (post, key) in enumerate(zip(posts, keys, strict=True))
            if post.path != new_claim.path_of(post.semester, key)
        },
    )
