"""Posts as lists show them: a card for a post that has a page here, a row for one that is elsewhere."""

import datetime as dt
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from coursehub.links.where import Where, where
from coursehub.names.identity import Claim
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.records.precedents import Precedent
from coursehub.records.prior_posts import PriorPost
from coursehub.site.subjects import Subjects
from coursehub.text.addresses import host
from coursehub.text.wording import plural

_COLOURS, _PATTERNS = 8, 8  # that assets/hub.css has
WORDS_A_MINUTE = 220  # silent reading of non-fiction: Brysbaert 2019, doi:10.1016/j.jml.2019.104047 (238 at most)


class Person(NamedTuple):
    """An author: the login, the name to cite, and the path of the author's page, empty where there is none."""

    login: str
    name: str
    page: str


class Art(NamedTuple):
    """The picture on the card of a post that shows none: a colour for its topic, a pattern for its claim, by number.

    Colour 0 is that of posts without a topic. `topic` is the topic's title.
    """

    colour: int
    pattern: int
    topic: str


class Card(msgspec.Struct, frozen=True):
    """A post with a page here. `minutes` are 0 where its text is elsewhere, on `host`.

    `picture` is the address of its picture from the site's root, empty where `art` is shown.
    """

    title: str
    path: str
    authors: tuple[Person, ...]
    tools: str
    option: str
    semester: str
    date: str
    day: str
    summary: str
    format: str
    minutes: int
    host: str
    comments: str
    picture: str
    art: Art


class Row(NamedTuple):
    """A post elsewhere. `named` are its tools, or the title that lists give it where it is shown under its own.

    `is_from_address`: its title was read from its address.
    """

    title: str
    named: str
    is_from_address: bool
    option: str
    semester: str
    where: Where
    archived: str


def card(subjects: Subjects, post: Post) -> Card:
    """A post's card."""
    hub = subjects.hub
    people = zip(post.authors, post.cited, strict=True)
    authors = tuple(Person(login, name, subjects.author_path(login)) for login, name in people)
    return Card(
        post.title, post.path, authors, hub.claims[post.path].name, option_title(hub, post.option, post.semester),
        post.semester,
        str(post.date or ""), day(post.date), post.summary, post.format, minutes(post), host(post.external_url),
        in_words(subjects.counts.of(post).comments) if subjects.counts else "",
        quote(subjects.thumbnails.get(post.path, "")), art(hub, post),
    )  # fmt: skip


def art(hub: Hub, post: Post) -> Art:
    """The picture of a post that shows none, the same in every build."""
    claim = hub.claims[post.path]
    topic = next(iter(hub.topics(claim, post.topics)), "")
    number = list(hub.course.topic_by_id).index(topic) if topic else -1
    pattern = sha256(claim.key.encode()).digest()[0] % _PATTERNS
    colour = 1 + number % _COLOURS if topic else 0
    return Art(colour, pattern, hub.course.topic_by_id[topic].title if topic else "")


def prior_row(subjects: Subjects, prior: PriorPost) -> Row:
    """The row of an earlier post."""
    return _row(subjects, prior, subjects.hub.names.claim_of_prior(prior))


def precedent_row(subjects: Subjects, precedent: Precedent) -> Row:
    """The row of a precedent that is elsewhere."""
    return _row(subjects, precedent, precedent.claim)


def _row(subjects: Subjects, earlier: PriorPost | Precedent, claim: Claim) -> Row:
    copy, headline = earlier.archived or "", subjects.hub.precedents.headline(earlier)
    return Row(
        headline.text if headline else earlier.title, earlier.title if headline else claim.name,
        bool(headline and headline.is_from_address), option_title(subjects.hub, earlier.option, earlier.semester),
        earlier.semester,
        where(earlier, subjects.dead),
        copy if host(copy) else "",
    )  # fmt: skip


def day(date: dt.date | None) -> str:
    """A date in words: 3 November 2026."""
    return f"{date.day} {date:%B %Y}" if date else ""


def in_words(comments: int) -> str:
    """How many comments a post has: no comments yet, 1 comment, 3 comments. No line breaks within that."""
    words = plural(comments, "comment") if comments else "no comments yet"
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def option_title(hub: Hub, option: str, semester: str) -> str:
    """The title that an option has in a semester; of an unknown one its id."""
    known = hub.course.at(semester).option_by_id.get(option)
    return known.title if known else option


def minutes(post: Post) -> int:
    """Minutes that reading takes, at least one; none where the text is elsewhere."""
    return max(1, round(post.contents.words / WORDS_A_MINUTE)) if post.is_hosted_here else 0
