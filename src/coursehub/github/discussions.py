"""All comments on posts as GitHub has them: in Discussions, where giscus keeps them, or in issues, as utterances does.

Either all of it comes or a `GitHubError`. Pages are followed by cursors in the order of creation, so that what is
written or deleted meanwhile moves nothing else. Where fewer come than GitHub itself counts, it is asked once more: if
others come then, that is an error too; if the same ones come, the rest is shown to nobody, such as spam.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import msgspec

from coursehub.comments.record import Comment, Discussion, Discussions
from coursehub.github.door import GitHub, GitHubError
from coursehub.github.shapes import Author, PageInfo

Progress = Callable[[int, int], None]  # how many discussions are read, of how many


class _Node(msgspec.Struct, rename="camel", kw_only=True):
    id: str


N = TypeVar("N", bound=_Node)


class _Page(msgspec.Struct, Generic[N], rename="camel"):
    total_count: int
    page_info: PageInfo
    nodes: list[N]


class _PlainComment(_Node, rename="camel", kw_only=True):
    """A comment on an issue, or a reply. Its author is null where the account was deleted."""

    url: str
    author: Author | None
    body_text: str
    created_at: dt.datetime
    last_edited_at: dt.datetime | None
    is_minimized: bool
    deleted_at: dt.datetime | None = None  # which comments on issues do not have


class _Comment(_PlainComment, rename="camel", kw_only=True):
    replies: _Page[_PlainComment]


class _Discussion(_Node, kw_only=True):
    title: str
    url: str
    comments: _Page[_Comment]


class _Issue(_Node, kw_only=True):
    title: str
    url: str
    comments: _Page[_PlainComment]


class _Category(msgspec.Struct):
    id: str
    name: str


class _Categories(msgspec.Struct):
    nodes: list[_Category]


class _SetUp(msgspec.Struct, rename="camel"):
    has_discussions_enabled: bool
    discussion_categories: _Categories


class _DiscussionsAnswer(msgspec.Struct):
    discussions: _Page[_Discussion]


class _Label(msgspec.Struct):
    name: str


class _IssuesAnswer(msgspec.Struct):
    label: _Label | None
    issues: _Page[_Issue]


class _MoreComments(msgspec.Struct):
    comments: _Page[_Comment]


class _MoreReplies(msgspec.Struct):
    replies: _Page[_PlainComment]


class _MoreIssueComments(msgspec.Struct):
    comments: _Page[_PlainComment]


def read_discussions(github: GitHub, category: str, progress: Progress) -> Discussions:
    """Return all discussions of the category of that name. Raises `GitHubError`."""
    identifier = _category_id(github, category)
    read = _answer_time(github)  # what was written before then is in what is read from now on

    def page(after: str | None) -> _Page[_Discussion]:
        return github.query("discussions", _DiscussionsAnswer, category=identifier, after=after).discussions

    first = page(None)
    discussions: list[Discussion] = []
    gaps: list[int] = []
    for node in _all(first, page, f"discussions in “{category}”", gaps):
        discussions.append(Discussion(node.title, node.url, tuple(_by_time(_comments(github, node, gaps)))))
        progress(len(discussions), first.total_count)
    return Discussions("giscus", read, tuple(discussions), sum(gaps))


def read_issues(github: GitHub, label: str, progress: Progress) -> Discussions:
    """Return all issues with that label, open or closed, as discussions. Raises `GitHubError`."""

    def page(after: str | None) -> _IssuesAnswer:
        return github.query("discussions_issues", _IssuesAnswer, label=label, after=after)

    first = page(None)
    read = _answer_time(github)
    if first.label is None:
        raise GitHubError(f"{github.repository} has no label “{label}”; utterances needs it to be there")
    discussions: list[Discussion] = []
    gaps: list[int] = []
    for node in _all(first.issues, lambda after: page(after).issues, f"issues labelled “{label}”", gaps):
        discussions.append(Discussion(node.title, node.url, tuple(_by_time(_issue_comments(github, node, gaps)))))
        progress(len(discussions), first.issues.total_count)
    return Discussions("utterances", read, tuple(discussions), sum(gaps))


def _category_id(github: GitHub, name: str) -> str:
    set_up = github.query("discussions_categories", _SetUp)
    if not set_up.has_discussions_enabled:
        raise GitHubError(f"Discussions are off in {github.repository}, so there are no comments to read")
    id_by_name = {each.name: each.id for each in set_up.discussion_categories.nodes}
    if name not in id_by_name:
        there = ", ".join(f"“{each}”" for each in id_by_name) or "none"
        raise GitHubError(f"the Discussions of {github.repository} have no category “{name}”; there are: {there}")
    return id_by_name[name]


def _answer_time(github: GitHub) -> dt.datetime:
    if github.answer_time is None:
        raise GitHubError("GitHub's answer does not say when it was given")
    return github.answer_time


def _all(page: _Page[N], following: Callable[[str | None], _Page[N]], what: str, gaps: list[int]) -> Iterator[N]:
    """Yield the nodes of the first page and of all that follow it, each once. `what` names them in an error, and `gaps`
    gets the number of those that GitHub counts and does not show.
    """
    seen: set[str] = set()
    cursors: set[str] = set()
    while True:
        for node in page.nodes:
            if node.id not in seen:
                seen.add(node.id)
                yield node
        cursor = page.page_info.end_cursor
        if not page.page_info.has_next_page:
            break
        if cursor is None or cursor in cursors:
            raise GitHubError(f"GitHub says that there are more {what}, and not where; try again later")
        cursors.add(cursor)
        page = following(cursor)
    if len(seen) < page.total_count:
        if not _is_all(seen, following):
            raise GitHubError(f"GitHub counts {page.total_count} {what} and gave {len(seen)}; try again later")
        gaps.append(page.total_count - len(seen))


def _is_all(seen: set[str], following: Callable[[str | None], _Page[N]]) -> bool:
    """Whether the same nodes come once more, and none after what GitHub calls the end."""
    again: set[str] = set()
    cursors: set[str | None] = set()
    cursor: str | None = None
    while cursor not in cursors:
        cursors.add(cursor)
        page = following(cursor)
        again.update(node.id for node in page.nodes)
        if not page.nodes and not page.page_info.has_next_page:
            return again == seen
        cursor = page.page_info.end_cursor
    return False


def _comments(github: GitHub, discussion: _Discussion, gaps: list[int]) -> Iterator[Comment]:
    def page(after: str | None) -> _Page[_Comment]:
        return github.node("discussions_comments", _MoreComments, id=discussion.id, after=after).comments

    for comment in _all(discussion.comments, page, f"comments on “{discussion.title}”", gaps):
        yield _as_comment(comment)
        yield from _replies(github, comment, gaps)


def _replies(github: GitHub, comment: _Comment, gaps: list[int]) -> Iterator[Comment]:
    def page(after: str | None) -> _Page[_PlainComment]:
        return github.node("discussions_replies", _MoreReplies, id=comment.id, after=after).replies

    for reply in _all(comment.replies, page, f"replies to {comment.url}", gaps):
        yield _as_comment(reply, comment.url)


def _issue_comments(github: GitHub, issue: _Issue, gaps: list[int]) -> Iterator[Comment]:
    def page(after: str | None) -> _Page[_PlainComment]:
        return github.node("discussions_issue_comments", _MoreIssueComments, id=issue.id, after=after).comments

    return map(_as_comment, _all(issue.comments, page, f"comments on “{issue.title}”", gaps))


def _as_comment(comment: _PlainComment, reply_to: str | None = None) -> Comment:
    return Comment(
        url=comment.url,
        author=comment.author.name if comment.author else None,
        created=comment.created_at,
        text="" if comment.deleted_at else comment.body_text,
        edited=comment.last_edited_at,
        is_hidden=comment.is_minimized,
        is_deleted=comment.deleted_at is not None,
        is_bot=comment.author is not None and comment.author.is_bot,
        reply_to=reply_to,
    )


def _by_time(comments: Iterator[Comment]) -> list[Comment]:
    return sorted(comments, key=lambda comment: comment.created)
