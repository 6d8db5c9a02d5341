"""Comments on posts, as the widget keeps them on GitHub: one discussion, or one issue, a post."""

import datetime as dt

import msgspec

VERSION = 1


class Comment(msgspec.Struct, frozen=True):
    """A comment, or a reply to the comment at `reply_to`. `author` is None where the account is gone.

    A deleted comment has no text any more; a hidden one is shown to nobody by itself.
    """

    url: str
    author: str | None
    created: dt.datetime
    text: str
    edited: dt.datetime | None = None
    is_hidden: bool = False
    is_deleted: bool = False
    is_bot: bool = False
    reply_to: str | None = None


class Discussion(msgspec.Struct, frozen=True):
    """The comments on one post, the earliest first. `term` is the post's path without `.md`: posts/F2026/evidently."""

    term: str
    url: str
    comments: tuple[Comment, ...] = ()


class Discussions(msgspec.Struct, frozen=True):
    """All that was read at once, and when by GitHub's clock; `coursehub comments` writes it as JSON.

    `version` is that of this shape.
    """

    provider: str
    read: dt.datetime
    discussions: tuple[Discussion, ...]
    version: int = VERSION


def term(path: str) -> str:
    """The name by which the widget finds the comments on the post at a path; the site's address is no part of it."""
    return path.removesuffix(".md")
