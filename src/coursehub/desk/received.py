"""Which claims a pull request had when: by the moments at which GitHub received its commits."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from coursehub.desk import record
from coursehub.desk.commits import Commits, TooLargeError
from coursehub.desk.pulls import Pull, Run, runs_of_commits
from coursehub.desk.record import LAST, Claimed, Record, Sighting
from coursehub.github.door import GitHub, NotFoundError
from coursehub.records.hub import Hub
from coursehub.records.paths import is_post
from coursehub.records.repository import stored_post

MOST_POSTS = 20  # in a pull request of anybody but staff
MOST_RUNS = 10  # that are asked about for one pull request, in one look


class Arrival(NamedTuple):
    """A commit, and when GitHub received it: see `Sighting`."""

    moment: dt.datetime
    run: int
    head: str


class _Repository(msgspec.Struct):
    full_name: str


class _Details(msgspec.Struct):
    head_branch: str | None = None
    head_repository: _Repository | None = None


def known(pull: Pull) -> Record:
    """The record of a pull request since it asks; whatever it had before lost its place in line."""
    remembered = record.since(pull.record, pull.asked)
    return msgspec.structs.replace(remembered, account=pull.account, logins=pull.logins)


def arrivals(github: GitHub, pull: Pull) -> list[Arrival]:
    """The commits that GitHub received since the desk looked last, the newest one last. Raises `GitHubError`.

    When GitHub received a commit is told by the run that a workflow for pull requests made then, which nobody can
    date back, and which is asked for whose it is: another pull request may have the same commit. Without a run, as for
    a pull request in conflict with main, it came at the latest when the pull request last changed; that is asked again
    at the next look. What a pull request was opened with came when it was opened, and what it had when it began to ask
    counts from then.
    """
    before = known(pull)
    last = before.sightings[-1] if before.sightings else None
    if last and last.head == pull.head:
        return list(_put_right(github, pull, before)) if last.is_provisional else []
    after = (last.moment, last.run) if last else (pull.asked, -1)
    if last is None and (pull.first_head or pull.record.head == pull.head):
        run = next((run.id for run in pull.runs if run.created_at >= pull.asked), LAST)
        return [Arrival(pull.asked, run, pull.head)]
    newest = next(_own(github, pull, pull.head, pull.runs, after), None)
    by_head = runs_of_commits(github, pull.number)
    runs = sorted(((head, run) for head in by_head for run in by_head[head]), key=lambda pair: _key(pair[1]))
    first = None if last else _had_when_asking(github, pull, [(head, run) for head, run in runs if _key(run) < after])
    if first == pull.head and not newest:
        return [Arrival(pull.asked, LAST, first)]
    newest = newest or Arrival(max(pull.updated, pull.asked), LAST, pull.head)
    between = [(head, run) for head, run in runs if head != pull.head and after < _key(run) < newest[:2]]
    others = [arrival for head, run in between[-MOST_RUNS:] for arrival in _own(github, pull, head, [run], after)]
    later = [*others, newest]
    if first is None:
        return later
    run = LAST if later[0].moment > pull.asked else later[0].run - 1  # the latest that it can have been
    return [Arrival(pull.asked, run, first), *later]


def _had_when_asking(github: GitHub, pull: Pull, before: Sequence[tuple[str, Run]]) -> str | None:
    """The commit that a pull request had when it began to ask, by the runs of before, or None."""
    for head, run in before[: -MOST_RUNS - 1 : -1]:
        if any(_own(github, pull, head, [run])):
            return head
    return None


def _put_right(github: GitHub, pull: Pull, before: Record) -> Iterator[Arrival]:
    *earlier, last = before.sightings
    after = (earlier[-1].moment, earlier[-1].run) if earlier else (pull.asked, -1)
    for arrival in _own(github, pull, pull.head, pull.runs, after):
        if arrival.moment <= last.moment:
            yield arrival
        return


def _key(run: Run) -> tuple[dt.datetime, int]:
    return run.created_at, run.id


def _own(
    github: GitHub, pull: Pull, head: str, runs: Iterable[Run], after: tuple[dt.datetime, int] | None = None
) -> Iterator[Arrival]:
    """The arrivals of a commit in this pull request, after a moment, as far as its runs tell."""
    for run in [run for run in runs if after is None or _key(run) > after][:MOST_RUNS]:
        details = github.get(f"/actions/runs/{run.id}", _Details)
        fork = details.head_repository.full_name if details.head_repository else None
        if details.head_branch == pull.branch and fork == pull.fork:
            yield Arrival(*_key(run), head)


def seen(commits: Commits, pull: Pull, hub: Hub, arrived: Sequence[Arrival]) -> Record:
    """The record brought up to date: what arrived, with its claims in the open semester. Raises `GitHubError`."""
    before = known(pull)
    if arrived and before.head == arrived[-1].head:  # it is known better now when that came
        *earlier, last = before.sightings
        moment, run, _ = arrived[-1]
        put_right = msgspec.structs.replace(last, moment=moment, run=run)
        return msgspec.structs.replace(before, sightings=(*earlier, put_right))
    sightings = [Sighting(moment, run, head, *_claims(commits, head, hub, pull)) for moment, run, head in arrived]
    return record.with_sightings(before, sightings)


def _claims(commits: Commits, head: str, hub: Hub, pull: Pull) -> tuple[tuple[Claimed, ...], tuple[str, ...]]:
    """The claims of a commit in the open semester, and the paths of its author's claims on main that it gives up.

    Nothing where the commit is forgotten, or larger than any student's.
    """
    try:
        changed = commits.changed(head)
        refuse_too_many(changed, hub, pull)
    except (NotFoundError, TooLargeError):
        return (), ()
    stored = commits.stored({path: changed[path] for path in changed if is_post(path)})
    posts = {path: stored_post(path, its) for path, its in stored.items() if its}
    claims = [record.claimed(posts[path]) for path in sorted(posts)]
    drops = [
        path
        for path in sorted(stored)
        if (old := hub.post_by_path.get(path))
        and hub.may_change(old, *pull.logins)
        and not ((new := posts.get(path)) and new.is_live and hub.is_same_claim(new, old))
    ]
    now = hub.course.open_semester
    return tuple(claim for claim in claims if claim and claim.semester == now), tuple(drops)


def refuse_too_many(paths: Iterable[str], hub: Hub, pull: Pull) -> None:
    """Raise `TooLargeError` for more posts than anybody but staff changes at once, before any of them is read."""
    count = sum(map(is_post, paths))
    if count > MOST_POSTS and not hub.course.is_staff(pull.actor):
        raise TooLargeError(f"#{pull.number} changes {count} posts, and a pull request may change {MOST_POSTS}")
