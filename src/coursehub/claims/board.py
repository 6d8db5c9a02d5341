"""Who holds which claim: the rows of the board, as records."""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from coursehub.claims.pending import Asked
from coursehub.names.identity import Claim
from coursehub.records.hub import Hub
from coursehub.records.post import Post


class Standing(StrEnum):
    """The state of a claim. An expired one is still held: only staff can release it."""

    CLAIMED = "claimed"
    DRAFT = "draft"
    PUBLISHED = "published"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Row(msgspec.Struct, frozen=True):
    """A claim, as `/api/claims.json` has it. `since` is when it came to main; `post_due` has its UTC offset."""

    key: str
    tools: tuple[str, ...]
    semester: str
    option: str
    authors: tuple[str, ...]
    standing: Standing
    title: str
    topics: tuple[str, ...]
    path: str
    since: str | None
    post_due: str | None


class PendingRow(msgspec.Struct, frozen=True):
    """A claim that is not on main: `login` asks for it in the open pull request `pull`, and nobody did before."""

    key: str
    tools: tuple[str, ...]
    semester: str
    option: str
    login: str
    pull: int
    since: str
    path: str


class Board(msgspec.Struct, frozen=True):
    """The content of `/api/claims.json`: the claims of one semester. `version` is that of this shape.

    `pending` is as of `pending_as_of`; where that is null, open pull requests were not read.
    """

    semester: str
    claims: tuple[Row, ...]
    pending: tuple[PendingRow, ...] = ()
    pending_as_of: str | None = None
    version: int = 2


def rows(hub: Hub, semester: str, since: Mapping[str, str], now: dt.datetime | None) -> tuple[Row, ...]:
    """The claims of a semester, by tool. Without a `now` no claim is late."""
    posts = [post for post in hub.posts if post.semester == semester and hub.claims[post.path].identities]
    unsorted = [_row(hub, post, since.get(post.path), now) for post in posts]
    return tuple(sorted(unsorted, key=lambda row: (row.standing is Standing.WITHDRAWN, row.key, row.path)))


def pending_rows(hub: Hub, asked: Iterable[Asked]) -> tuple[PendingRow, ...]:
    """The claims that open pull requests ask for, by tool."""
    rows = (_pending_row(hub.names.claim(each.tools, each.option), each) for each in asked)
    return tuple(sorted(rows, key=lambda row: (row.key, row.pull)))


def _pending_row(claim: Claim, asked: Asked) -> PendingRow:
    return PendingRow(
        key=claim.key,
        tools=tuple(identity.name for identity in claim.identities),
        semester=asked.semester,
        option=asked.option,
        login=asked.login,
        pull=asked.pull,
        since=asked.since.isoformat(),
        path=asked.path,
    )


def in_words(hub: Hub, post: Post) -> str:
    """Return the state of a claim in words. A private post can be read nowhere: it is not called published."""
    if post.private and post.is_published:
        return "posted inside the course"
    standing = _standing(post, hub.course.due(post.semester), hub.now)
    return "overdue" if standing is Standing.EXPIRED else standing.value


def _row(hub: Hub, post: Post, since: str | None, now: dt.datetime | None) -> Row:
    claim = hub.claims[post.path]
    due = hub.course.due(post.semester)
    return Row(
        key=claim.key,
        tools=tuple(identity.name for identity in claim.identities),
        semester=post.semester,
        option=post.option,
        authors=post.authors,
        standing=_standing(post, due, now),
        title="" if post.private else post.title,
        topics=hub.topics(claim, post.topics),
        path=post.path,
        since=since,
        post_due=due.isoformat() if due else None,
    )


def _standing(post: Post, due: dt.datetime | None, now: dt.datetime | None) -> Standing:
    if post.is_late(due, now):
        return Standing.EXPIRED
    return Standing(post.status) if post.status in list(Standing) else Standing.CLAIMED
