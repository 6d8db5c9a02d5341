"""Comments on posts, as the widget keeps them on GitHub: one discussion, or one issue, a post."""

import datetime as dt

import msgspec

from coursehub.records.post import Post
from coursehub.text.addresses import is_web_address
from coursehub.text.formats import versioned

PROVIDERS = ("giscus", "utterances")
VERSION = 1
MAX_BYTES = 50_000_000


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
    """The comments on one post, the earliest first. `term` is that of the function `term`: posts/F2026/evidently."""

    term: str
    url: str
    comments: tuple[Comment, ...] = ()


class Discussions(msgspec.Struct, frozen=True):
    """All that was read at once, and when by GitHub's clock; `coursehub comments` writes it as JSON.

    `not_shown` is how many more GitHub counts and shows to nobody, such as spam. `version` is that of this shape.
    """

    provider: str
    read: dt.datetime
    discussions: tuple[Discussion, ...]
    not_shown: int = 0
    version: int = VERSION


def term(post: Post) -> str:
    """The name by which the widget finds the comments on a post: its first path without `.md`.

    So neither the site's address nor a move parts a post from its comments.
    """
    return post.first_path.removesuffix(".md")


def write(discussions: Discussions) -> bytes:
    """The file's bytes, the same for the same record."""
    return msgspec.json.format(msgspec.json.encode(discussions), indent=1) + b"\n"


def read(content: bytes) -> Discussions:
    """The record that a file holds. Raises `ValueError`, with what is wrong, where it is no such record."""
    discussions = versioned(content, Discussions, version=VERSION, most=MAX_BYTES)
    if discussions.provider not in PROVIDERS:
        raise ValueError(f"its provider is “{discussions.provider}”, not one of: {', '.join(PROVIDERS)}")
    comments = [comment for each in discussions.discussions for comment in each.comments]
    addresses = [each.url for each in discussions.discussions] + [comment.url for comment in comments]
    if not all(map(is_web_address, addresses)):
        raise ValueError("it has an address that is no web address")
    moments = [discussions.read, *(moment for comment in comments for moment in (comment.created, comment.edited))]
    if any(moment and not moment.tzinfo for moment in moments):
        raise ValueError("it has a moment without its offset")
    return discussions
