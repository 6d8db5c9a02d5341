"""Open pull requests, and the claims that they ask for and hold, as the desk's own comments on them have it.

A few requests read it, and nothing is judged or written here: what the desk keeps for whom, its last run decided.
"""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

import msgspec

from coursehub.claims.pending import Asked, OpenPull, Pending, can_be_a_claim
from coursehub.desk import record
from coursehub.desk.own_comment import own_comment
from coursehub.desk.record import Claimed, Record, RecordError
from coursehub.github.door import GitHub, GitHubError
from coursehub.github.shapes import Author, PageInfo
from coursehub.records.hub import Hub
from coursehub.records.post import Post

MOST_PAGES = 5  # of a hundred comments: the desk's is among the first, unless somebody wants to hide it


class Reading(NamedTuple):
    """The pending claims, and a sentence for each pull request whose record was passed over."""

    pending: Pending
    troubles: list[str]


class _Comment(msgspec.Struct):
    body: str
    author: Author | None = None


class _Comments(msgspec.Struct, rename="camel"):
    page_info: PageInfo
    nodes: list[_Comment]


class _Pull(msgspec.Struct, rename="camel"):
    number: int
    created_at: dt.datetime
    is_draft: bool
    base_ref_name: str
    comments: _Comments
    author: Author | None = None

    @property
    def login(self) -> str:
        return self.author.name if self.author else "ghost"  # GitHub's name for a deleted account


class _Pulls(msgspec.Struct, rename="camel"):
    page_info: PageInfo
    nodes: list[_Pull]


class _Branch(msgspec.Struct):
    name: str


class _Open(msgspec.Struct, rename="camel"):
    pull_requests: _Pulls
    default_branch_ref: _Branch | None = None


class _OnePull(msgspec.Struct):
    comments: _Comments


class _MoreComments(msgspec.Struct, rename="camel"):
    pull_request: _OnePull | None = None


def read(github: GitHub, hub: Hub, bot: str) -> Reading:
    """Read the open pull requests, and which claims `bot` keeps for them. `hub` is main, by whose tools names are read.

    A record that cannot be read costs only what it says. Raises `GitHubError`.
    """
    asked: list[Asked] = []
    opened: list[OpenPull] = []
    troubles: list[str] = []
    pulls = _pulls(github)
    first = next(pulls)
    if github.answer_time is None:
        raise GitHubError("GitHub's answer does not say when it was given")
    answered = github.answer_time  # what was written before then is in what is read
    for pull in chain(first, *pulls):
        its_record = Record()
        try:
            its_record = _record(github, pull, bot)
            asked += _asked(hub, pull, its_record)
        except RecordError as error:
            troubles.append(f"what #{pull.number} asks for is not shown, because of the desk's comment on it: {error}")
        opened.append(_opened(pull, its_record))
    in_order = sorted(asked, key=lambda each: (each.since, each.pull, each.path))
    return Reading(Pending(answered, tuple(in_order), tuple(opened)), troubles)


def _pulls(github: GitHub) -> Iterator[list[_Pull]]:
    """The open pull requests against the default branch, page by page; one page at least."""
    after: str | None = None
    while True:
        page = github.query("pending", _Open, after=after)
        main = page.default_branch_ref.name if page.default_branch_ref else ""
        yield [pull for pull in page.pull_requests.nodes if pull.base_ref_name == main]
        if not page.pull_requests.page_info.has_next_page:
            return
        after = page.pull_requests.page_info.end_cursor


def _record(github: GitHub, pull: _Pull, bot: str) -> Record:
    """The desk's record of a pull request, empty where it has not looked yet."""
    comment = _own_comment(github, pull, bot)
    return record.from_comment(comment) if comment else Record()


def _opened(pull: _Pull, its_record: Record) -> OpenPull:
    state = its_record.status.state if its_record.status else ""
    paths = tuple(claim.path for claim in its_record.sightings[-1].claims) if its_record.sightings else ()
    return OpenPull(pull.login, pull.number, pull.created_at, state, pull.is_draft, paths)


def _own_comment(github: GitHub, pull: _Pull, bot: str) -> str:
    """The first comment that begins with the desk's mark and that the bot wrote; empty where there is none."""
    comments = pull.comments
    for page in range(MOST_PAGES + 1):
        if own := own_comment(comments.nodes, bot):
            return own.body
        if not comments.page_info.has_next_page:
            return ""
        if page == MOST_PAGES:
            break
        after = comments.page_info.end_cursor
        more = github.query("pending_comments", _MoreComments, number=pull.number, after=after)
        if more.pull_request is None:
            return ""
        comments = more.pull_request.comments
    raise RecordError("it is not among the first comments")


def _asked(hub: Hub, pull: _Pull, its_record: Record) -> Iterator[Asked]:
    """The claims that a pull request holds, by the desk's record of it."""
    if not its_record.sightings:
        return
    for claim in its_record.sightings[-1].claims:
        if f"{claim.path} holds" not in its_record.answers:
            continue
        post = claim.post
        if not can_be_a_claim(hub.claim_of(post), post.semester):
            raise RecordError("its claim has a name that no file can have")
        moments = its_record.moments(partial(_is_same, hub, its_record, post))
        since = moments[0][0] if moments else its_record.sightings[-1].moment
        yield Asked(pull.login, pull.number, since, claim.tool, claim.semester, claim.option, claim.path)


def _is_same(hub: Hub, its_record: Record, post: Post, other: Claimed) -> bool:
    return hub.is_same_claim(post, other.post) and hub.may_change(other.post, *its_record.logins)
