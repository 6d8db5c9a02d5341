"""Is your tool still available? What a claim would meet in the open semester, before anybody writes it."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain, groupby

import msgspec

from coursehub.claims import free_tools, new_claim, pending
from coursehub.claims.pending import Asked, Asker, Pending
from coursehub.names.identity import Claim, Identity, key_of
from coursehub.names.letters import mixed_words
from coursehub.records.hub import Hub
from coursehub.records.precedents import Precedent
from coursehub.text.visible import visible

MOST_MENTIONS = 3  # of one tool that are shown; the JSON has all
MOST_ALTERNATIVES = 8  # of the page of all free tools that an answer names


class Status(StrEnum):
    """The answer. Only `free` and `earlier` can be claimed; `earlier` needs `differences`.

    `asked`: it could, were it not for an open pull request that asked before.
    """

    FREE = "free"
    TAKEN = "taken"
    ASKED = "asked"
    LAST_SEMESTER = "last-semester"
    EARLIER = "earlier"
    NAMELESS = "nameless"
    MIXED = "mixed-scripts"


CLAIMABLE = (Status.FREE, Status.EARLIER)


class Related(msgspec.Struct, frozen=True):
    """A post that has to do with the claim: a holder, an earlier post, one that shares a tool."""

    title: str
    semester: str
    authors: tuple[str, ...] = ()
    status: str = ""
    url: str | None = None
    path: str | None = None


class NearName(msgspec.Struct, frozen=True):
    """A name that might be the same tool, why, and in a sentence what a claim of it would meet."""

    name: str
    key: str
    why: str
    verdict: str


class Mention(msgspec.Struct, frozen=True):
    """An earlier post whose title speaks of a tool of the claim. `name` is the tool's name."""

    name: str
    title: str
    semester: str
    url: str | None = None


class Availability(msgspec.Struct, frozen=True):
    """An answer as `coursehub free --format json` prints it and the page shows it.

    `steps` tell how the names were read; `mentions` are earlier posts that may be about the tool, and of which only a
    title is known, the newest first; `version` is that of this shape. `asked` has who asked first, if somebody
    did by `as_of`; without that moment, only main is known.
    """

    key: str
    tools: tuple[str, ...]
    semester: str
    status: Status
    posts: tuple[Related, ...]
    near: tuple[NearName, ...]
    overlaps: tuple[Related, ...]
    alternatives: tuple[str, ...]
    steps: tuple[str, ...]
    asked: Asker | None = None
    as_of: dt.datetime | None = None
    mentions: tuple[Mention, ...] = ()
    version: int = 2

    @property
    def can_be_claimed(self) -> bool:
        """Whether the check would let the claim pass."""
        return self.status in CLAIMABLE


def ask(hub: Hub, names: Sequence[str], option: str | None = None, known: Pending | None = None) -> Availability:
    """Return what a claim of these names, one tool or a combination, would meet now.

    Without an `option` the claim is taken to be of the same option as the earlier posts. `known` are the claims of
    open pull requests; without them only main is known.
    """
    claim = hub.names.claim(names, option)
    semester = hub.course.open_semester
    asked_by_code = pending.asked_by_code(hub, known)
    is_mixed = any(map(mixed_words, names))
    status, posts = (Status.MIXED, []) if is_mixed else judge(hub, claim, option, asked_by_code)
    shared = {
        precedent.place: precedent
        for code in claim.codes
        for precedent in hub.precedents.by_tool.get(code, ())
        if precedent.claim.code != claim.code and precedent.semester == semester
    }
    return Availability(
        key=claim.key,
        tools=tuple(identity.name for identity in claim.identities),
        semester=semester,
        status=status,
        posts=tuple(_related(hub, precedent) for precedent in posts),
        near=tuple(
            NearName(other.name, key_of([other.slug]), why, _verdict(hub, other, option, asked_by_code))
            for _, (other, why) in hub.precedents.near(claim)
        ),
        overlaps=tuple(_related(hub, precedent) for precedent in shared.values()),
        alternatives=alternatives(hub, claim, asked_by_code),
        steps=tuple(claim.steps),
        asked=_asker(hub, claim, asked_by_code) if status is Status.ASKED else None,
        as_of=known.read if known else None,
        mentions=tuple(
            Mention(tool.name, post.title, post.semester, post.url)
            for tool in claim.identities
            for post in hub.precedents.speaking_of(tool, semester)
        ),
    )  # fmt: skip


def _asker(hub: Hub, claim: Claim, asked: Mapping[str, Asked]) -> Asker | None:
    its = pending.asker_of(hub, claim, asked)
    return Asker(its.login, its.pull, its.since) if its else None


def _verdict(hub: Hub, tool: Identity, option: str | None, asked: Mapping[str, Asked]) -> str:
    """In a sentence, what a claim of this tool would meet."""
    claim = Claim((tool,)) if tool.title else hub.names.claim((tool.name,))
    status, posts = judge(hub, claim, option, asked)
    holders = _related(hub, posts[0]).authors if posts else ()
    asker = _asker(hub, claim, asked) if status is Status.ASKED else None
    return sentence(status, tool.name, hub.course.open_semester, holders, asker)


def judge(
    hub: Hub, claim: Claim, option: str | None = None, asked: Mapping[str, Asked] = {}
) -> tuple[Status, list[Precedent]]:
    """The answer, and the posts that are the reason for it, the newest semester first.

    `asked` has the claims that open pull requests ask for, by code.
    """
    if not claim.identities:
        return Status.NAMELESS, []
    order, semester = hub.course.order, hub.course.open_semester
    now = order[semester]
    same = [post for post in hub.precedents.same(claim) if order.get(post.semester, -1) <= now]
    same.sort(key=lambda post: -order.get(post.semester, -1))
    holders = [post for post in same if post.semester == semester]
    if holders:
        return Status.TAKEN, holders
    if any(hub.blocks(post, semester, option or post.option) for post in same):
        return Status.LAST_SEMESTER, same
    if pending.asker_of(hub, claim, asked):
        return Status.ASKED, same
    return (Status.EARLIER if same else Status.FREE), same


def _related(hub: Hub, precedent: Precedent) -> Related:
    post = hub.post_by_path.get(precedent.path or "")
    return Related(
        precedent.title, precedent.semester, post.authors if post else (), post.status if post else "published",
        precedent.url, precedent.path,
    )  # fmt: skip


def alternatives(hub: Hub, claim: Claim, asked: Collection[str] = ()) -> tuple[str, ...]:
    """A few free tools of the same topics: suggested ones first, then those that come next in the alphabet.

    So whoever asks about another tool sees other names. `asked` are the codes of claims that are asked for.
    """
    listed = hub.tools.tools
    topics = {listed[each.slug].topic for each in claim.identities if each.slug in listed}
    of_topics = (free_tools.of_topic(hub, topic.id, asked) for topic in hub.course.topics if topic.id in topics)
    free = [tool for tool in chain.from_iterable(of_topics) if not set(claim.codes).intersection(tool.codes)]
    free.sort(key=lambda tool: (not tool.is_suggested, tool.key <= claim.key, tool.key))
    return tuple(tool.name for tool in free[:MOST_ALTERNATIVES])


ANSWERS = {
    Status.FREE: "“{name}” is free in {semester}.",
    Status.TAKEN: "“{name}” is taken in {semester}{holder}.",
    Status.ASKED: "{login} asked for “{name}” first in {semester}, in #{pull} at {since}.",
    Status.LAST_SEMESTER: "“{name}” was discussed last semester and cannot be claimed in {semester}.",
    Status.EARLIER: "“{name}” can be claimed in {semester}, but was discussed before: say in “differences” what your "
    "post adds.",
    Status.NAMELESS: "This name has no letters or digits.",
    Status.MIXED: "“{name}” mixes letters of several scripts in one word, so it cannot be claimed. Type it "
    "instead of copying it.",
}


def sentence(status: Status, name: str, semester: str, holders: Sequence[str], asker: Asker | None = None) -> str:
    """The answer in one sentence, or two; `holders` are who wrote the newest post about it, `asker` asks for it."""
    asked = {"login": asker.login, "pull": asker.pull, "since": asker.since_in_words} if asker else {}
    holder = f" by {', '.join(holders)}" if holders else ""
    return ANSWERS[status].format(name=name, semester=semester, holder=holder, **asked)


def in_words(answer: Availability, word: str = "tool") -> str:
    """The answer as a person reads it in a terminal; `word` is for what is claimed."""
    holders = answer.posts[0].authors if answer.posts else ()
    verdict = sentence(answer.status, " + ".join(answer.tools), answer.semester, holders, answer.asked)
    is_doubtful = answer.near and answer.can_be_claimed
    lines = [f"Did you mean “{near.name}”? {near.verdict}" for near in answer.near] if is_doubtful else []
    lines.append(f"If you mean another {word}: {verdict}" if is_doubtful else verdict)
    if answer.asked:
        lines.append(f"  It is free again if #{answer.asked.pull} is closed without being merged.")
    lines += [f"  {_post_line(post)}" for post in answer.posts]
    lines += [f"  “{near.name}” {near.why}. If you mean that {word}, use its name." for near in answer.near]
    lines += [f"  {line}" for line in _mention_lines(answer.mentions)]
    lines += [f"  Overlaps with it, which is allowed: {_post_line(post)}" for post in answer.overlaps]
    if answer.alternatives and answer.status is not Status.FREE:
        lines.append(f"  Free on the same topic: {', '.join(answer.alternatives)}.")
    if answer.can_be_claimed:
        lines.append(f"  Its file is {new_claim.path_of(answer.semester, answer.key)}.")
    if answer.can_be_claimed or answer.asked:
        lines.append(f"  {_as_of(answer)}")
    return "\n".join(lines)


def _mention_lines(mentions: Sequence[Mention]) -> Iterator[str]:
    for name, group in groupby(mentions, key=lambda mention: mention.name):
        posts = list(group)
        for post in posts[:MOST_MENTIONS]:
            where = post.url or "no link is known"
            yield f"An earlier post mentions {name}: “{visible(post.title)}”, {post.semester}, {where}"
        if len(posts) > MOST_MENTIONS:
            yield f"And {len(posts) - MOST_MENTIONS} more."


def _as_of(answer: Availability) -> str:
    if answer.as_of is None:
        return "This only covers main: an open pull request may already have asked for it."
    return f"Open pull requests last checked: {pending.in_words(answer.as_of)}."


def _post_line(post: Related) -> str:
    where = post.url or post.path or "no link is known"
    status = f", {post.status}" if post.status != "published" else ""
    return f"{post.semester}: “{visible(post.title)}”{status}, {where}"
