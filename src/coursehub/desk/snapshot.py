"""A look at every open pull request: whose claims hold, and which of them have news."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from coursehub.desk import queue, received, verdict
from coursehub.desk.commits import Commits
from coursehub.desk.pulls import Pull, open_pulls
from coursehub.desk.queue import Answer, Answered, Request
from coursehub.desk.record import Claimed, Record
from coursehub.desk.verdict import Judged
from coursehub.github.door import GitHub
from coursehub.records.hub import Hub
from coursehub.records.post import Post


class Sitting(NamedTuple):
    """All open pull requests as of now, what is known of each, and the answers to their claims; `hub` is main."""

    hub: Hub
    pulls: Sequence[Pull]
    records: Mapping[int, Record]
    answers: Sequence[Answered]
    commits: Commits


def sit(github: GitHub, hub: Hub, main: str, bot: str) -> Sitting:
    """Look at every open pull request; `main` is the commit that `hub` was read from.

    Raises `GitHubError`; then nobody knows who came first, and nothing may be judged.
    """
    commits = Commits(github, main)
    pulls = open_pulls(github, bot)
    seen = {pull.number: received.seen(github, commits, pull, hub) for pull in pulls}
    answers = queue.answers(hub, (request for pull in pulls for request in _requests(hub, pull, seen[pull.number])))
    records = {pull.number: _with_answers(pull, seen[pull.number], answers) for pull in pulls}
    return Sitting(hub, pulls, records, answers, commits)


def _requests(hub: Hub, pull: Pull, record: Record) -> Iterator[Request]:
    newest = record.sightings[-1]
    for claim in newest.claims:
        post = claim.post
        merged = hub.post_by_path.get(claim.path)
        is_own = merged and merged.is_live and hub.may_change(merged, pull.actor) and hub.is_same_claim(merged, post)
        if hub.claim_of(post).identities and not is_own:  # to change one's own post is to claim nothing
            first = record.first(partial(_is_same, hub, post))
            yield Request(first.moment, first.run, pull.number, claim.path, pull.actor, post, frozenset(newest.drops))


def _is_same(hub: Hub, post: Post, other: Claimed) -> bool:
    return hub.is_same_claim(post, other.post)


def _with_answers(pull: Pull, record: Record, answers: Sequence[Answered]) -> Record:
    """The record, with the answers to its claims as of now."""
    answered = tuple(_in_short(request, answer) for request, answer in answers if request.pull == pull.number)
    conflicts = record.conflicts if pull.conflicts is None else pull.conflicts
    return msgspec.structs.replace(record, answers=answered, conflicts=conflicts)


def _in_short(request: Request, answer: Answer) -> str:
    if answer.holds:
        return f"{request.path} holds"
    by = f" {answer.by.path} {answer.pull or 'main'}" if answer.by else ""
    return f"{request.path} {answer.why}{by}"


def has_news(sitting: Sitting, pull: Pull) -> bool:
    """Whether something about a pull request differs from what the desk wrote last."""
    if pull.status is None or pull.status.state == "pending":
        return True
    record = sitting.records[pull.number]
    if pull.comment is None:  # there was nothing to say, or the comment was deleted
        return bool(record.sightings[-1].claims or record.sightings[-1].drops)
    return record != pull.record


def judge(sitting: Sitting, pull: Pull) -> Judged:
    """The verdict on one pull request. Raises `GitHubError` and `checks.BrokenRuleError`."""
    changed = sitting.commits.changed(pull.head)
    stored = sitting.commits.stored(changed)
    conflicts = sitting.records[pull.number].conflicts
    return verdict.judge(sitting.hub, pull, changed, stored, sitting.answers, conflicts=conflicts)
