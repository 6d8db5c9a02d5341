"""Every post that was published, here or elsewhere, as one kind of record."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from coursehub.earlier import host, where
from coursehub.hub import Hub
from coursehub.identity import Claim
from coursehub.pages import url
from coursehub.post import Post
from coursehub.registry import PriorPost


class Hosted(StrEnum):
    """Where the text of a post is."""

    HERE = "here"
    ELSEWHERE = "elsewhere"


class Entry(msgspec.Struct, frozen=True):
    """A post, as `/api/posts.json` has it; None is what is not known, or not there.

    `url` is where else the text can be read, `host` where it is or was; `dead_url` is its own address where that
    no longer answers, and `url` a copy's then. `page` is the post's page here, from the site's root; `path` its file.
    """

    key: str
    title: str
    also_titled: tuple[str, ...]
    tools: tuple[str, ...]
    semester: str
    option: str
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    format: str | None
    date: str | None
    summary: str | None
    hosted: Hosted
    host: str | None
    url: str | None
    dead_url: str | None
    archived: str | None
    page: str | None
    path: str | None


class Posts(msgspec.Struct, frozen=True):
    """What `/api/posts.json` holds. `version` is that of this shape."""

    posts: tuple[Entry, ...]
    version: int = 1


def entries(hub: Hub, shown: Iterable[Post]) -> tuple[Entry, ...]:
    """The posts in `shown` and all of earlier semesters, the newest first; of one day, by title."""
    order = hub.course.order
    found = [*(_here(hub, post) for post in shown), *(_elsewhere(hub, prior) for prior in hub.priors)]
    found.sort(key=lambda entry: (entry.title.casefold(), entry.key, entry.path or entry.url or ""))
    return tuple(sorted(found, key=lambda entry: (order.get(entry.semester, -1), entry.date or ""), reverse=True))


def _here(hub: Hub, post: Post) -> Entry:
    claim = hub.claims[post.path]
    elsewhere = host(post.external_url)
    return Entry(
        key=claim.key, title=post.title, also_titled=(), tools=_names(claim), semester=post.semester,
        option=post.option, authors=post.authors, topics=hub.topics(claim, post.topics), format=post.format or None,
        date=str(post.date) if post.date else None, summary=post.summary or None,
        hosted=Hosted.HERE if post.is_hosted_here else Hosted.ELSEWHERE, host=elsewhere or None,
        url=post.external_url if elsewhere else None, dead_url=None, archived=None,
        page=url(post.path), path=post.path,
    )  # fmt: skip


def _elsewhere(hub: Hub, prior: PriorPost) -> Entry:
    claim = hub.claim(prior.tools)
    found = where(prior, hub.dead)
    return Entry(
        key=claim.key, title=prior.title, also_titled=prior.spelled, tools=_names(claim), semester=prior.semester,
        option=prior.option, authors=(), topics=hub.topics(claim), format=None, date=None, summary=None,
        hosted=Hosted.ELSEWHERE, host=found.host or None, url=found.url or None, dead_url=found.dead or None,
        archived=prior.archived if host(prior.archived or "") else None, page=None, path=None,
    )  # fmt: skip


def _names(claim: Claim) -> tuple[str, ...]:
    return tuple(identity.name for identity in claim.identities)
