"""Open pull requests page by page, each with its comments up to the desk's own: what several queries have in common."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

import msgspec

from coursehub.desk.own_comment import own_comment
from coursehub.github.door import GitHub, NotFoundError
from coursehub.github.shapes import Account, Author, PageInfo

MOST_PAGES = 6  # of up to a hundred comments: the desk's is among the first, unless somebody wants to hide it


class Comment(msgspec.Struct, rename="camel"):
    """A comment on a pull request, as the queries ask for it."""

    full_database_id: str
    body: str
    created_at: dt.datetime
    author: Author | None = None


class Comments(msgspec.Struct, rename="camel"):
    """A page of comments."""

    page_info: PageInfo
    nodes: list[Comment]


class Listed(msgspec.Struct, kw_only=True, rename="camel"):
    """An open pull request, with what every query asks of one."""

    number: int
    created_at: dt.datetime
    is_draft: bool
    base_ref_name: str
    comments: Comments
    author: Account | None = None

    @property
    def login(self) -> str:
        """Its author's login."""
        return self.author.name if self.author else "ghost"  # GitHub's name for a deleted account


P = TypeVar("P", bound=Listed)


class _Pulls(msgspec.Struct, Generic[P], rename="camel"):
    page_info: PageInfo
    nodes: list[P]


class _Branch(msgspec.Struct):
    name: str


class _Open(msgspec.Struct, Generic[P], rename="camel"):
    pull_requests: _Pulls[P]
    default_branch_ref: _Branch | None = None


class _OnePull(msgspec.Struct):
    comments: Comments


class _MoreComments(msgspec.Struct, rename="camel"):
    pull_request: _OnePull | None = None


class UpToOwn(NamedTuple):
    """The first comments, up to the desk's `own`; `is_cut` where there are more, and it is in none that were read."""

    comments: list[Comment]
    own: Comment | None
    is_cut: bool


def open_pulls(github: GitHub, query: str, shape: type[P], **variables: str) -> Iterator[list[P]]:
    """The open pull requests against the default branch, page by page; one page at least. Raises `GitHubError`."""
    after: str | None = None
    while True:
        page: _Open[P] = github.query(query, _Open[shape], after=after, **variables)  # type: ignore[valid-type]
        main = page.default_branch_ref.name if page.default_branch_ref else ""
        yield [pull for pull in page.pull_requests.nodes if pull.base_ref_name == main]
        if not page.pull_requests.page_info.has_next_page:
            return
        after = page.pull_requests.page_info.end_cursor


def comments_up_to_own(github: GitHub, pull: Listed, bot: str) -> UpToOwn:
    """The comments on a pull request up to the desk's own, for which others may try to pass. Raises `GitHubError`."""
    comments: list[Comment] = []
    page = pull.comments
    for page in islice(_comments(github, pull), MOST_PAGES):
        comments += page.nodes
        if own := own_comment(page.nodes, bot):
            return UpToOwn(comments, own, is_cut=False)
    return UpToOwn(comments, None, page.page_info.has_next_page)


def _comments(github: GitHub, pull: Listed) -> Iterator[Comments]:
    page = pull.comments
    yield page
    while page.page_info.has_next_page:
        more = github.query("comments", _MoreComments, number=pull.number, after=page.page_info.end_cursor)
        if more.pull_request is None:
            raise NotFoundError(f"pull request #{pull.number} is gone")
        page = more.pull_request.comments
        yield page
