"""Open pull requests as GitHub lists them: whose they are, and what the desk has said of them."""

import datetime as dt

import msgspec

from coursehub.desk import record
from coursehub.desk.record import Record
from coursehub.github.door import GitHub, GitHubError, NotFoundError
from coursehub.github.shapes import Author, PageInfo

MARKER = "<!-- coursehub:desk -->"
CONTEXT = "claim desk"  # the name of the commit status, which the ruleset of main asks for
NOTHING = "Nothing to mend"
TOO_LARGE = "This changes files in more folders than the desk reads; split it"


class Comment(msgspec.Struct, frozen=True):
    """The desk's own comment on a pull request."""

    id: int
    body: str


class Status(msgspec.Struct, frozen=True):
    """The desk's mark on a commit: success lets it pass, failure and pending do not."""

    state: str
    description: str


class Pull(msgspec.Struct, frozen=True):
    """An open pull request against main, and since when it is open, not counting before it was last reopened.

    `conflicts` is None while GitHub has not found out.
    """

    number: int
    actor: str
    branch: str
    head: str
    fork: str | None
    opened: dt.datetime
    updated: dt.datetime
    conflicts: bool | None
    comment: Comment | None = None
    status: Status | None = None
    record: Record = Record()


class _Comment(msgspec.Struct, rename="camel"):
    full_database_id: str
    body: str
    author: Author | None = None


class _Comments(msgspec.Struct, rename="camel"):
    page_info: PageInfo
    nodes: list[_Comment]


class _Context(msgspec.Struct):
    state: str
    description: str | None = None


class _Status(msgspec.Struct):
    context: _Context | None = None


class _Commit(msgspec.Struct):
    oid: str
    status: _Status | None = None


class _CommitNode(msgspec.Struct):
    commit: _Commit


class _Commits(msgspec.Struct):
    nodes: list[_CommitNode]


class _Repository(msgspec.Struct, rename="camel"):
    name_with_owner: str


class _Reopened(msgspec.Struct, rename="camel"):
    created_at: dt.datetime


class _Timeline(msgspec.Struct):
    nodes: list[_Reopened]


class _Pull(msgspec.Struct, rename="camel"):
    number: int
    base_ref_name: str
    head_ref_name: str
    head_ref_oid: str
    created_at: dt.datetime
    updated_at: dt.datetime
    mergeable: str
    comments: _Comments
    commits: _Commits
    timeline_items: _Timeline
    author: Author | None = None
    head_repository: _Repository | None = None


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


def open_pulls(github: GitHub, bot: str) -> list[Pull]:
    """All open pull requests against the default branch, with what `bot` recorded on them. Raises `GitHubError`."""
    pulls: list[Pull] = []
    after: str | None = None
    while True:
        page = github.query("open_pulls", _Open, context=CONTEXT, after=after)
        main = page.default_branch_ref.name if page.default_branch_ref else ""
        pulls += [_pull(github, pull, bot) for pull in page.pull_requests.nodes if pull.base_ref_name == main]
        if not page.pull_requests.page_info.has_next_page:
            return pulls
        after = page.pull_requests.page_info.end_cursor


def _pull(github: GitHub, pull: _Pull, bot: str) -> Pull:
    comment = _own_comment(github, pull, bot)
    commit = pull.commits.nodes[0].commit if pull.commits.nodes else None
    context = commit.status.context if commit and commit.status and commit.oid == pull.head_ref_oid else None
    return Pull(
        number=pull.number,
        actor=pull.author.name if pull.author else "ghost",  # GitHub's name for a deleted account
        branch=pull.head_ref_name,
        head=pull.head_ref_oid,
        fork=pull.head_repository.name_with_owner if pull.head_repository else None,
        opened=max([pull.created_at, *(event.created_at for event in pull.timeline_items.nodes)]),
        updated=pull.updated_at,
        conflicts={"CONFLICTING": True, "MERGEABLE": False}.get(pull.mergeable),
        comment=comment,
        status=Status(context.state.lower(), context.description or "") if context else None,
        record=_record(pull.number, comment),
    )


def _own_comment(github: GitHub, pull: _Pull, bot: str) -> Comment | None:
    """The first comment that begins with the marker and that the bot wrote; others may only look like it."""
    comments = pull.comments
    while True:
        for each in comments.nodes:
            if each.author and each.author.name == bot and each.body.startswith(MARKER):
                return Comment(int(each.full_database_id), each.body)
        if not comments.page_info.has_next_page:
            return None
        more = github.query("comments", _MoreComments, number=pull.number, after=comments.page_info.end_cursor)
        if more.pull_request is None:
            raise NotFoundError(f"pull request #{pull.number} is gone")
        comments = more.pull_request.comments


def _record(number: int, comment: Comment | None) -> Record:
    if comment is None:
        return Record()
    try:
        return record.from_comment(comment.body)
    except record.RecordError as error:
        message = f"the desk's comment on #{number} can not be used: {error}. Delete it to begin anew; its claims then"
        raise GitHubError(f"{message} go to the end of the queue.") from error
