"""Whose a post on main is, by the numbers of accounts: a login may change, and the file keeps the old one."""

from collections.abc import Iterable

import msgspec

from coursehub.desk import record
from coursehub.desk.own_comment import own_comment
from coursehub.desk.pulls import Pull
from coursehub.github.door import GitHub
from coursehub.github.shapes import Account, Author
from coursehub.records.post import Post

MOST_POSTS = 3  # that are asked about for one pull request


class _Comment(msgspec.Struct):
    body: str
    author: Author | None = None


class _Comments(msgspec.Struct):
    nodes: list[_Comment]


class _Pull(msgspec.Struct):
    comments: _Comments
    author: Account | None = None


class _Pulls(msgspec.Struct):
    nodes: list[_Pull]


class _Commit(msgspec.Struct, rename="camel"):
    associated_pull_requests: _Pulls


class _History(msgspec.Struct):
    nodes: list[_Commit]


class _Target(msgspec.Struct):
    history: _History


class _Branch(msgspec.Struct):
    target: _Target


class _Brought(msgspec.Struct, rename="camel"):
    default_branch_ref: _Branch | None = None


def former_logins(github: GitHub, bot: str, pull: Pull, posts: Iterable[Post]) -> tuple[str, ...]:
    """The logins under which the account of a pull request's author brought these posts to main.

    What the account was called then is in the desk's record of that pull request. Raises `GitHubError`.
    """
    logins: dict[str, None] = {}
    for post in list(posts)[:MOST_POSTS]:
        branch = github.query("brought", _Brought, path=post.path).default_branch_ref
        commits = branch.target.history.nodes if branch else []
        brought = [each for commit in commits for each in commit.associated_pull_requests.nodes]
        for each in brought:
            if pull.account and each.author and each.author.database_id == pull.account:
                logins |= dict.fromkeys(_recorded(each, bot))
    return tuple(logins)


def _recorded(pull: _Pull, bot: str) -> tuple[str, ...]:
    own = own_comment(pull.comments.nodes, bot)
    try:
        return record.from_comment(own.body).logins if own else ()
    except record.RecordError:  # then only the file speaks
        return ()
