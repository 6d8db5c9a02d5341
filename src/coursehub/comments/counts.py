"""How many comments posts have, for the site: numbers and addresses, and nothing that anybody wrote."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from coursehub.comments import record
from coursehub.comments.record import Comment, Discussion, Discussions
from coursehub.records.post import Post


class Thread(msgspec.Struct, frozen=True):
    """The comments on a post that people wrote and that readers see; `url` is where, if anybody has commented yet."""

    url: str = ""
    comments: int = 0
    by_others: int = 0


class Counts(msgspec.Struct, frozen=True):
    """Of each post the comments, by its path, as GitHub had them at `read`."""

    read: dt.datetime
    threads: Mapping[str, Thread]

    def of(self, post: Post) -> Thread:
        """The comments on a post."""
        return self.threads.get(post.path, Thread())


def counted(discussions: Discussions, posts: Iterable[Post]) -> Counts:
    """The comments on these posts; what is not about any of them is passed over."""
    by_term: dict[str, list[Discussion]] = defaultdict(list)
    for each in discussions.discussions:
        by_term[each.term].append(each)
    about = ((post, by_term.get(record.term(post), [])) for post in posts)
    return Counts(discussions.read, {post.path: _thread(post, threads) for post, threads in about if threads})


def _thread(post: Post, threads: list[Discussion]) -> Thread:
    """Where the widget has come to open two threads on a post, the first is linked and both are counted."""
    shown = [comment for each in threads for comment in each.comments if _is_shown(comment)]
    authors = {login.casefold() for login in post.authors}
    by_others = [comment for comment in shown if (comment.author or "").casefold() not in authors]
    return Thread(threads[0].url, len(shown), len(by_others))


def _is_shown(comment: Comment) -> bool:
    return not (comment.is_deleted or comment.is_hidden or comment.is_bot)
