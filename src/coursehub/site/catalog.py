"""Every post that was published, here or elsewhere, as one kind of record."""

from enum import StrEnum
from typing import Annotated

import msgspec

from coursehub.comments import record
from coursehub.links.where import Where, where
from coursehub.names.identity import Claim
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.records.prior_posts import PriorPost
from coursehub.site import video
from coursehub.site.subjects import Subjects, newest_first
from coursehub.text.addresses import PATTERN, host
from coursehub.text.permalink import permalink

Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", extra_json_schema={"format": "date"})]
Address = Annotated[str, msgspec.Meta(pattern=PATTERN, extra_json_schema={"format": "iri"})]


class Hosted(StrEnum):
    """Where the text of a post is."""

    HERE = "here"
    ELSEWHERE = "elsewhere"


class HeadlineFrom(StrEnum):
    """Where a headline was read: in the post's address, or in `data/prior_posts.yaml`, where somebody wrote it."""

    ADDRESS = "address"
    STAFF = "staff"


class Entry(msgspec.Struct, frozen=True):
    """A post, as `/api/posts.json` has it; None is what is not known, or not there.

    `url` is where else the text can be read, `host` where it is or was; `dead_url` is its own address where that
    no longer answers, and `url` a copy's then. `page` is the post's page here, from the site's root; `path` its file.
    `names` are those to cite the `authors` by, in their order, each a login where no other is given.
    `term` is what its comments and feed entries are known by: the first path that its file had, without `.md`.
    `headline` is the title that an earlier post itself has, where lists name it by its tools, and `headline_from` where
    it was read: an address has lost a title's signs and capitals.
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
    date: Day | None
    summary: str | None
    hosted: Hosted
    host: str | None
    url: Address | None
    dead_url: Address | None
    archived: Address | None
    page: str | None
    path: str | None
    term: str | None
    headline: str | None
    headline_from: HeadlineFrom | None
    names: tuple[str, ...]

    @property
    def shown_title(self) -> str:
        """The title under which pages show the post."""
        return self.headline or self.title


class Posts(msgspec.Struct, frozen=True):
    """The document `/api/posts.json`. `version` is that of this shape."""

    posts: tuple[Entry, ...]
    version: int = 1


def entries(subjects: Subjects) -> tuple[Entry, ...]:
    """The posts that have a page and all of earlier semesters, the newest semester first.

    In a semester, those that have a page are in the order of its page, then come the others by title.
    """
    order = subjects.hub.course.order
    priors = sorted(
        (_elsewhere(subjects, prior) for prior in subjects.hub.priors),
        key=lambda entry: (entry.title.casefold(), entry.key, entry.url or ""),
    )
    here = (_here(subjects, post) for post in newest_first(subjects.shown))
    return tuple(sorted((*here, *priors), key=lambda entry: order.get(entry.semester, -1), reverse=True))


def format_of(hub: Hub, entry: Entry) -> str:
    """The format that a post's author gives, or else what is certain without: empty where nothing is."""
    option = hub.course.at(entry.semester).option_by_id.get(entry.option)
    certain = {
        "video": entry.host in video.HOSTS,
        "combination": len(entry.tools) > 1,
        "application": option is not None and option.claims == "application",
    }
    return entry.format or next((each for each, is_so in certain.items() if is_so), "")


def _here(subjects: Subjects, post: Post) -> Entry:
    hub = subjects.hub
    claim = hub.claims[post.path]
    elsewhere = where(hub.precedent(post)._replace(url=post.external_url, archived=post.archived), subjects.dead)
    return Entry(
        key=claim.key, title=post.title, also_titled=(), tools=_names(claim), semester=post.semester,
        option=post.option, authors=post.authors, topics=hub.topics(claim, post.topics), format=post.format or None,
        date=str(post.date) if post.date else None, summary=post.summary or None,
        hosted=Hosted.HERE if post.is_hosted_here else Hosted.ELSEWHERE, **_addresses(elsewhere, post.archived),
        page=permalink(post.path), path=post.path, term=record.term(post), headline=None, headline_from=None,
        names=post.cited,
    )  # fmt: skip


def _elsewhere(subjects: Subjects, prior: PriorPost) -> Entry:
    claim, headline = subjects.hub.names.claim_of_prior(prior), subjects.hub.precedents.headline(prior)
    return Entry(
        key=claim.key, title=prior.title, also_titled=prior.spelled, tools=_names(claim), semester=prior.semester,
        option=prior.option, authors=(), topics=subjects.hub.topics(claim), format=None, date=None, summary=None,
        hosted=Hosted.ELSEWHERE, **_addresses(where(prior, subjects.dead), prior.archived),
        page=None, path=None, term=None, headline=headline.text if headline else None,
        headline_from=headline and (HeadlineFrom.ADDRESS if headline.is_from_address else HeadlineFrom.STAFF),
        names=(),
    )  # fmt: skip


def _addresses(place: Where, archived: str | None) -> dict[str, str | None]:
    """Where to read a post, and the address of a copy that somebody gave, if it is a web address."""
    copy = archived if archived and host(archived) else None
    return {"host": place.host or None, "url": place.url or None, "dead_url": place.dead or None, "archived": copy}


def _names(claim: Claim) -> tuple[str, ...]:
    return tuple(identity.name for identity in claim.identities)
