"""Open pull requests as GitHub lists them: whose they are, since when they ask, and what the desk has said of them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import chain

import msgspec

from coursehub.desk import listed, record
from coursehub.desk.listed import Listed, comments_up_to_own
from coursehub.desk.record import Record, Status
from coursehub.github.door import GitHub, NotFoundError
from coursehub.github.shapes import Author

CONTEXT = "claim desk"  # the name of the commit status, which the ruleset of main asks for
NOTHING = "Nothing to fix"


class Comment(msgspec.Struct, frozen=True):
    """The desk's own comment on a pull request."""

    id: int
    body: str


class Run(msgspec.Struct, frozen=True, rename="camel"):
    """A run of a workflow, which GitHub began when it received a commit; nobody can date it back."""

    created_at: dt.datetime
    event: str
    url: str

    @property
    def id(self) -> int:
        """Its number, which orders what came within a second; the query's own number of it has too few bits."""
        return int(self.url.rpartition("/")[2])


class Pull(msgspec.Struct, frozen=True):
    """An open pull request against main.

    `account` is the number of its author's account, which stays when the login changes, or 0 where GitHub gives none.
    `asked`: since when it is open, points at main and is no draft, not counting before it last was not. `first_head`:
    whether its newest commit is the one that it was opened with, for certain. `runs` are those of the newest commit,
    for whichever pull request.
    `agreed`: login in lower case → when somebody first commented on it, or last approved it. `conflicts` is None while
    GitHub has not found out. `former`: logins that its author had, as other pull requests tell. `trouble`: why the
    desk's own comment cannot be read, or empty.
    """

    number: int
    actor: str
    branch: str
    head: str
    fork: str | None
    asked: dt.datetime
    updated: dt.datetime
    conflicts: bool | None
    account: int = 0
    is_draft: bool = False
    first_head: bool = False
    runs: tuple[Run, ...] = ()
    agreed: Mapping[str, dt.datetime] = {}
    comment: Comment | None = None
    status: Status | None = None
    record: Record = Record()
    former: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def logins(self) -> tuple[str, ...]:
        """The author's login, and those that the same account had before."""
        recorded = self.record.logins if self.account and self.account == self.record.account else ()
        return tuple(dict.fromkeys((self.actor, *recorded, *self.former)))


class _Suite(msgspec.Struct, rename="camel"):
    workflow_run: Run | None = None


class _Suites(msgspec.Struct):
    nodes: list[_Suite]


class _Context(msgspec.Struct):
    state: str
    description: str | None = None


class _Status(msgspec.Struct):
    context: _Context | None = None


class _Received(msgspec.Struct, rename="camel"):
    oid: str
    check_suites: _Suites | None = None

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that pull requests began for this commit, the first one first."""
        suites = self.check_suites.nodes if self.check_suites else ()
        runs = [suite.workflow_run for suite in suites if suite.workflow_run]
        of_pulls = [run for run in runs if run.event == "pull_request"]
        return tuple(sorted(of_pulls, key=lambda run: (run.created_at, run.id)))


class _Commit(_Received):
    status: _Status | None = None


class _CommitNode(msgspec.Struct):
    commit: _Commit


class _Commits(msgspec.Struct, rename="camel"):
    nodes: list[_CommitNode]
    total_count: int


class _Review(msgspec.Struct, rename="camel"):
    author: Author | None = None
    submitted_at: dt.datetime | None = None


class _Reviews(msgspec.Struct):
    nodes: list[_Review]


class _Event(msgspec.Struct, rename="camel"):
    """Something that moves a pull request in the line, and when; a push by force, which does not, has no moment."""

    created_at: dt.datetime | None = None


class _Events(msgspec.Struct):
    nodes: list[_Event]


class _Repository(msgspec.Struct, rename="camel"):
    name_with_owner: str


class _Pull(Listed, kw_only=True, rename="camel"):
    head_ref_name: str
    head_ref_oid: str
    updated_at: dt.datetime
    mergeable: str
    timeline_items: _Events
    reviews: _Reviews
    commits: _Commits
    head_repository: _Repository | None = None


class _Replaced(msgspec.Struct, rename="camel"):
    before_commit: _Received | None = None


class _ReplacedCommits(msgspec.Struct):
    nodes: list[_Replaced]


class _ReceivedNode(msgspec.Struct):
    commit: _Received


class _ReceivedCommits(msgspec.Struct):
    nodes: list[_ReceivedNode]


class _History(msgspec.Struct, rename="camel"):
    commits: _ReceivedCommits
    timeline_items: _ReplacedCommits


class _Arrivals(msgspec.Struct, rename="camel"):
    pull_request: _History | None = None


def open_pulls(github: GitHub, bot: str) -> list[Pull]:
    """All open pull requests against the default branch, with what `bot` recorded on them. Raises `GitHubError`."""
    pages = listed.open_pulls(github, "open_pulls", _Pull, context=CONTEXT)
    return [_pull(github, pull, bot) for pull in chain.from_iterable(pages)]


def runs_of_commits(github: GitHub, number: int) -> dict[str, tuple[Run, ...]]:
    """The commits that a pull request has, and those that were pushed over → their runs. Raises `GitHubError`."""
    pull = github.query("arrivals", _Arrivals, number=number).pull_request
    if pull is None:
        raise NotFoundError(f"pull request #{number} is gone")
    commits = [node.commit for node in pull.commits.nodes]
    commits += [node.before_commit for node in pull.timeline_items.nodes if node.before_commit]
    return {commit.oid: commit.runs for commit in commits}


def _pull(github: GitHub, pull: _Pull, bot: str) -> Pull:
    comments, own, _ = comments_up_to_own(github, pull, bot)
    comment = Comment(int(own.full_database_id), own.body) if own else None
    commit = next((node.commit for node in pull.commits.nodes if node.commit.oid == pull.head_ref_oid), None)
    context = commit.status.context if commit and commit.status else None
    known, trouble = _record(comment)
    return Pull(
        number=pull.number,
        actor=pull.login,
        account=(pull.author.database_id or 0) if pull.author else 0,
        branch=pull.head_ref_name,
        head=pull.head_ref_oid,
        fork=pull.head_repository.name_with_owner if pull.head_repository else None,
        is_draft=pull.is_draft,
        asked=max([pull.created_at, *(event.created_at for event in pull.timeline_items.nodes if event.created_at)]),
        updated=pull.updated_at,
        first_head=pull.commits.total_count == 1 and all(event.created_at for event in pull.timeline_items.nodes),
        runs=commit.runs if commit else (),
        agreed=_agreed(comments, pull.reviews.nodes),
        conflicts={"CONFLICTING": True, "MERGEABLE": False}.get(pull.mergeable),
        comment=comment,
        status=Status(context.state.lower(), context.description or "") if context else None,
        record=known,
        trouble=trouble,
    )


def _agreed(comments: Iterable[listed.Comment], approvals: Iterable[_Review]) -> dict[str, dt.datetime]:
    agreed: dict[str, dt.datetime] = {}
    moments = [(each.created_at, each.author) for each in comments]
    moments += [(each.submitted_at, each.author) for each in approvals if each.submitted_at]
    for moment, author in sorted(moments, key=lambda pair: pair[0]):
        if author:
            agreed.setdefault(author.name.lower(), moment)
    return agreed


def _record(comment: Comment | None) -> tuple[Record, str]:
    if comment is None:
        return Record(), ""
    try:
        return record.from_comment(comment.body), ""
    except record.RecordError as error:
        return Record(), str(error)
