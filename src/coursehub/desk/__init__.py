"""The claim desk: open pull requests → verdicts → one comment and one commit status each.

The desk looks at what GitHub has now, never at the event that woke it. So it does not matter which events come late,
twice or not at all: whatever wakes it next finds all that is left to do.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from coursehub.desk import arrivals, comment, queue, verdict
from coursehub.desk.commits import Commits
from coursehub.desk.pulls import CONTEXT, Pull, Status, open_pulls
from coursehub.desk.queue import Answer, Answered, Request
from coursehub.desk.record import Claimed, Record
from coursehub.desk.verdict import Judged, Verdict
from coursehub.github.door import GitHub, GitHubError, NoSuchError
from coursehub.hub import Hub
from coursehub.post import Post


class Sitting(NamedTuple):
    """All open pull requests as of now, what is known of each, and the answers to their claims; `hub` is main."""

    hub: Hub
    pulls: Sequence[Pull]
    records: Mapping[int, Record]
    answers: Sequence[Answered]
    commits: Commits


def sit(github: GitHub, hub: Hub, bot: str, main: str) -> Sitting:
    """Look at every open pull request; `main` is the commit that `hub` was read from.

    Raises `GitHubError`; then nobody knows who came first, and nothing may be judged.
    """
    commits = Commits(github, main)
    pulls = open_pulls(github, bot)
    seen = {pull.number: arrivals.seen(github, commits, pull, hub) for pull in pulls}
    answers = queue.answers(hub, (request for pull in pulls for request in _requests(hub, pull, seen[pull.number])))
    records = {pull.number: _told(pull, seen[pull.number], answers) for pull in pulls}
    return Sitting(hub, pulls, records, answers, commits)


def _requests(hub: Hub, pull: Pull, record: Record) -> Iterator[Request]:
    newest = record.sightings[-1]
    for claim in newest.claims:
        post = claim.post
        merged = hub.post_by_path.get(claim.path)
        is_merged = merged and hub.may_change(merged, pull.actor) and hub.is_same_claim(merged, post)
        if hub.claim_of(post).identities and not is_merged:
            first = record.first(partial(_is_same, hub, post))
            yield Request(first.moment, first.run, pull.number, claim.path, pull.actor, post, frozenset(newest.drops))


def _is_same(hub: Hub, post: Post, other: Claimed) -> bool:
    return hub.is_same_claim(post, other.post)


def _told(pull: Pull, record: Record, answers: Sequence[Answered]) -> Record:
    """The record, with what is to be told now."""
    told = tuple(_in_short(request, answer) for request, answer in answers if request.pull == pull.number)
    conflicts = record.conflicts if pull.conflicts is None else pull.conflicts
    return msgspec.structs.replace(record, answers=told, conflicts=conflicts)


def _in_short(request: Request, answer: Answer) -> str:
    if answer.holds:
        return f"{request.path} holds"
    by = f" {answer.by.path} {answer.pull or 'main'}" if answer.by else ""
    return f"{request.path} {answer.why}{by}"


def has_news(sitting: Sitting, pull: Pull) -> bool:
    """Whether something about a pull request differs from what the desk told of it last."""
    if pull.status is None or pull.status.state == "pending":
        return True
    record = sitting.records[pull.number]
    if pull.comment is None:  # nothing was there to be told, or the comment was deleted
        return bool(record.sightings[-1].claims or record.sightings[-1].drops)
    return record != pull.record


def judge(sitting: Sitting, pull: Pull) -> Judged:
    """The verdict on one pull request. Raises `GitHubError` and `checks.BrokenRuleError`."""
    changed = sitting.commits.changed(pull.head)
    stored = sitting.commits.stored(changed)
    conflicts = sitting.records[pull.number].conflicts
    return verdict.judge(sitting.hub, pull, changed, stored, sitting.answers, conflicts=conflicts)


def tell(github: GitHub, sitting: Sitting, pull: Pull, judged: Judged, site: str) -> None:
    """Write the comment, then the status; neither where it says so already. Raises `GitHubError`.

    A pull request that touches no post and has nothing to mend gets no comment.
    """
    text = comment.written(judged, pull, sitting.records[pull.number], github, site)
    if pull.comment is None and (judged.posts or judged.verdict.findings):
        github.write("POST", f"/issues/{pull.number}/comments", {"body": text})
    elif pull.comment and pull.comment.body != text:
        github.write("PATCH", f"/issues/comments/{pull.comment.id}", {"body": text})
    if pull.status != status(judged.verdict):
        set_status(github, pull.head, status(judged.verdict))


def status(verdict: Verdict) -> Status:
    """What stands at the commit: it passes, or it does not."""
    return Status("success" if verdict.passes else "failure", comment.summary(verdict))


def set_status(github: GitHub, commit: str, told: Status) -> None:
    """Set the desk's status of a commit. Raises `GitHubError`."""
    body = {"state": told.state, "description": told.description, "context": CONTEXT}
    github.write("POST", f"/statuses/{commit}", body)


def not_judged(github: GitHub, number: int, why: str, commit: str | None = None) -> None:
    """Say at a commit, or else at the newest of a pull request, that it was not judged, as far as GitHub lets us."""
    try:
        commit = commit or github.get(f"/pulls/{number}", _Pull).head.sha
        set_status(github, commit, Status("pending", f"Not judged yet: {why}"[: comment.LONGEST_SUMMARY]))
    except GitHubError:
        pass  # then there is no status, which does not pass either


def site_of(github: GitHub) -> str:
    """The address of the site that GitHub Pages publishes, or empty where there is none. Raises `GitHubError`."""
    try:
        return github.get("/pages", _Site).html_url or ""
    except NoSuchError:
        return ""


class _Site(msgspec.Struct):
    html_url: str | None = None


class _Head(msgspec.Struct):
    sha: str


class _Pull(msgspec.Struct):
    head: _Head
