"""Which logins an account had before: a login may change, and posts on main keep the old one."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from coursehub.desk import record
from coursehub.desk.own_comment import own_comment
from coursehub.desk.pulls import Pull
from coursehub.github.door import GitHub
from coursehub.github.shapes import Account, Author


class _Issue(msgspec.Struct):
    node_id: str
    state: str
    pull_request: "_PullOfIssue | None" = None


class _PullOfIssue(msgspec.Struct):
    merged_at: str | None = None


class _Comment(msgspec.Struct):
    body: str
    author: Author | None = None


class _Comments(msgspec.Struct):
    nodes: list[_Comment]


class _Pull(msgspec.Struct):
    comments: _Comments
    author: Account | None = None


def with_logins_of_others(pulls: Iterable[Pull]) -> list[Pull]:
    """Open pull requests, each with the logins that its author has in any of them."""
    pulls = list(pulls)
    logins: dict[int, list[str]] = defaultdict(list)
    for pull in pulls:
        logins[pull.account] += pull.logins
    return [
        msgspec.structs.replace(pull, former=tuple(logins[pull.account])) if pull.account else pull for pull in pulls
    ]


def former_logins(github: GitHub, bot: str, pull: Pull) -> tuple[str, ...]:
    """The logins that the account of a pull request's author had, as far as its other pull requests here tell.

    What the account was called then is in the desk's record of each: of those that are open or merged, the newest 100.
    Issues are asked for since GitHub lists those by their author, pull requests among them. Raises `GitHubError`.
    """
    listed = github.get("/issues", list[_Issue], creator=pull.actor, state="all", per_page=100)
    ids = [
        each.node_id
        for each in listed
        if each.pull_request and (each.state == "open" or each.pull_request.merged_at is not None)
    ]
    others = github.nodes("former_logins", _Pull, ids) if ids else []
    own = [each for each in others if pull.account and each.author and each.author.database_id == pull.account]
    return tuple(dict.fromkeys(login for each in own for login in _recorded(each, bot)))


def _recorded(pull: _Pull, bot: str) -> tuple[str, ...]:
    own = own_comment(pull.comments.nodes, bot)
    try:
        return record.from_comment(own.body).logins if own else ()
    except record.RecordError:  # then only the file speaks
        return ()
