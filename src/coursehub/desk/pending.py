"""Open pull requests, and the claims that they ask for and hold, as the desk's own comments on them have it.

A few requests read it, and nothing is judged or written here: what the desk keeps for whom, its last run decided.
"""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from coursehub.claims.pending import Asked, OpenPull, Pending, can_be_a_claim
from coursehub.desk import record
from coursehub.desk.listed import Listed, comments_up_to_own, open_pulls
from coursehub.desk.record import Claimed, Record, RecordError
from coursehub.github.door import GitHub, GitHubError, NotFoundError
from coursehub.records.hub import Hub
from coursehub.records.post import Post


class Reading(NamedTuple):
    """The pending claims, and a sentence for each pull request whose record was passed over."""

    pending: Pending
    troubles: list[str]


def read(github: GitHub, hub: Hub, bot: str) -> Reading:
    """Read the open pull requests, and which claims `bot` keeps for them. `hub` is main, by whose tools names are read.

    A record that cannot be read costs only what it says. Raises `GitHubError`.
    """
    asked: list[Asked] = []
    opened: list[OpenPull] = []
    troubles: list[str] = []
    pulls = open_pulls(github, "pending", Listed)
    first = next(pulls)
    if github.answer_time is None:
        raise GitHubError("GitHub's answer does not say when it was given")
    answered = github.answer_time  # what was written before then is in what is read
    for pull in chain(first, *pulls):
        its_record = Record()
        try:
            its_record = _record(github, pull, bot)
            asked += _asked(hub, pull, its_record)
        except (RecordError, NotFoundError) as error:
            troubles.append(f"what #{pull.number} asks for is not shown, because of the desk's comment on it: {error}")
        opened.append(_opened(pull, its_record))
    in_order = sorted(asked, key=lambda each: (each.since, each.pull, each.path))
    return Reading(Pending(answered, tuple(in_order), tuple(opened)), troubles)


def _record(github: GitHub, pull: Listed, bot: str) -> Record:
    """The desk's record of a pull request, empty where it has not looked yet."""
    _, own, is_cut = comments_up_to_own(github, pull, bot)
    if is_cut:
        raise RecordError("it is not among the first comments")
    return record.from_comment(own.body) if own else Record()


def _opened(pull: Listed, its_record: Record) -> OpenPull:
    state = its_record.status.state if its_record.status else ""
    paths = tuple(claim.path for claim in its_record.sightings[-1].claims) if its_record.sightings else ()
    return OpenPull(pull.login, pull.number, pull.created_at, state, pull.is_draft, paths)


def _asked(hub: Hub, pull: Listed, its_record: Record) -> Iterator[Asked]:
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
