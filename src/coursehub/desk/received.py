"""Which claims a pull request had when: by the moments at which GitHub received its commits."""

import datetime as dt
from collections.abc import Iterator

import msgspec

from coursehub.desk import record
from coursehub.desk.commits import Commits, TooLargeError
from coursehub.desk.pulls import NOTHING, TOO_LARGE, Pull
from coursehub.desk.record import Claimed, Record, Sighting
from coursehub.github.door import GitHub, NotFoundError
from coursehub.records.hub import Hub
from coursehub.records.post import is_post
from coursehub.records.repository import stored_post

LAST = 2**53  # in place of a run's number: after all that came in the same second


class _Repository(msgspec.Struct):
    full_name: str


class _Run(msgspec.Struct):
    id: int
    head_sha: str
    created_at: dt.datetime
    head_repository: _Repository | None = None


class _Runs(msgspec.Struct):
    workflow_runs: list[_Run]


def seen(github: GitHub, commits: Commits, pull: Pull, hub: Hub) -> Record:
    """The record brought up to date: the commits that GitHub received, with their claims in the open semester.

    When GitHub received a commit is told by the run of the `check` workflow that it made then, which nobody can
    date back. What came before the pull request was last reopened is forgotten: by closing, it left its place. Where
    GitHub made no run, as for a pull request in conflict with main, it came at the latest when the pull
    request last changed. Raises `GitHubError`.
    """
    known = record.since(pull.record, pull.opened)
    if known.head == pull.head:
        return known
    if pull.comment is None and pull.status and pull.status.description in (NOTHING, TOO_LARGE):
        read = Sighting(pull.updated, LAST, pull.head)  # and it claims nothing
        return record.with_sightings(known, [read])
    last = known.sightings[-1].moment if known.sightings else pull.opened
    arrivals = set(_arrivals(github, pull, last))
    if not any(head == pull.head for _, _, head in arrivals):
        arrivals.add((pull.updated, LAST, pull.head))
    sightings = [Sighting(moment, run, head, *_claims(commits, head, hub, pull)) for moment, run, head in arrivals]
    return record.with_sightings(known, sightings)


def _arrivals(github: GitHub, pull: Pull, last: dt.datetime) -> Iterator[tuple[dt.datetime, int, str]]:
    for page in github.pages("/actions/runs", _Runs, event="pull_request", branch=pull.branch):
        for run in page.workflow_runs:  # the newest first
            if run.created_at < last:
                return
            if run.head_repository and run.head_repository.full_name == pull.fork:
                yield run.created_at, run.id, run.head_sha


def _claims(commits: Commits, head: str, hub: Hub, pull: Pull) -> tuple[tuple[Claimed, ...], tuple[str, ...]]:
    """The claims of a commit in the open semester, and the paths of its author's claims on main that it gives up.

    Nothing where the commit is forgotten, or larger than any student's.
    """
    try:
        changed = commits.stored(commits.changed(head))
    except (NotFoundError, TooLargeError):
        return (), ()
    posts = {path: stored_post(path, stored) for path, stored in changed.items() if stored and is_post(path)}
    claims = [record.claimed(posts[path]) for path in sorted(posts)]
    drops = [
        path
        for path in sorted(filter(is_post, changed))
        if (old := hub.post_by_path.get(path))
        and hub.may_change(old, pull.actor)
        and not ((new := posts.get(path)) and new.is_live and hub.is_same_claim(new, old))
    ]
    now = hub.course.open_semester
    return tuple(claim for claim in claims if claim and claim.semester == now), tuple(drops)
