"""The desk's review: suggestions that are new, in one request, and those taken back that nobody needs any more.

GitHub resolves the thread of a suggestion that is committed. One that was answered in another way, or whose lines are
others by now, would wait for ever; so the desk deletes its own comment. To resolve the thread it would need the right
to write the repository's contents (https://github.com/orgs/community/discussions/204269), which it must not have.
"""

from collections.abc import Iterable, Iterator

import msgspec

from coursehub.desk.pulls import Pull
from coursehub.desk.record import MOST_OFFERS, Offers
from coursehub.desk.suggestions import Plan, Suggestion, body, key_of, tokens_in
from coursehub.github.door import GitHub, GitHubError, NotFoundError, RefusedError
from coursehub.github.shapes import Author, PageInfo

MOST_PAGES = 3  # of a pull request's threads, 100 each
MOST_DELETED = 10  # comments at one look, the others at the next


class _Comment(msgspec.Struct, rename="camel"):
    full_database_id: str
    body: str
    author: Author | None = None


class _Comments(msgspec.Struct, rename="camel"):
    total_count: int
    nodes: list[_Comment]


class _Thread(msgspec.Struct, rename="camel"):
    is_resolved: bool
    is_outdated: bool
    path: str
    comments: _Comments
    line: int | None = None
    start_line: int | None = None


class _Threads(msgspec.Struct, rename="camel"):
    page_info: PageInfo
    nodes: list[_Thread]


class _Pull(msgspec.Struct, rename="camel"):
    head_ref_oid: str
    review_threads: _Threads


class _Repository(msgspec.Struct, rename="camel"):
    pull_request: _Pull | None = None


class Offered(msgspec.Struct, frozen=True):
    """A thread that the desk began with a suggestion. `lines` are those it is at now; none once they have changed."""

    comment: int
    tokens: tuple[str, ...]
    path: str
    lines: range
    is_resolved: bool
    has_replies: bool


def is_due(plan: Plan, offers: Offers) -> bool:
    """Whether there is anything to suggest or to take back."""
    return offers.is_owed or bool(_few(plan, offers)) or not set(offers.waiting).issubset(plan.tokens.values())


def offer(github: GitHub, bot: str, pull: Pull, plan: Plan, offers: Offers) -> tuple[Offers, list[str]]:
    """Write the review; return all that is offered now, and in words what GitHub refused.

    Nothing is written where the pull request has another commit by now than the one that was judged. `offers` are those
    that its record has.
    """
    try:
        threads = _threads(github, bot, pull)
    except GitHubError as error:
        return offers, [_NOT_READ.format(pull.number, error)]
    if threads is None:
        return offers, []
    keys = dict.fromkeys((*offers.keys, *(key_of(token) for each in threads for token in each.tokens)))
    open_threads = [each for each in threads if not each.is_resolved]
    fresh = [each for each in _few(plan, Offers(tuple(keys))) if not _is_taken(each, open_threads)]
    failures = []
    is_owed = False
    if fresh:
        try:
            github.write("POST", f"/pulls/{pull.number}/reviews", _review(pull, fresh))
        except RefusedError as error:  # until something changes
            failures.append(_REFUSED.format(pull.number, error))
            fresh = []
        except GitHubError as error:
            failures.append(_REFUSED.format(pull.number, error))
            fresh, is_owed = [], True
    current = frozenset(plan.tokens.values())
    needless = [each for each in open_threads if current.isdisjoint(each.tokens) and not each.has_replies]
    for each in needless[:MOST_DELETED]:
        try:
            github.write("DELETE", f"/pulls/comments/{each.comment}")
        except NotFoundError:  # somebody else was faster
            continue
        except GitHubError as error:
            failures.append(_NOT_DELETED.format(pull.number, error))
            is_owed = True
            break
    tokens = [token for each in fresh for token in each.tokens]
    waiting = dict.fromkeys((*(token for each in open_threads for token in each.tokens if token in current), *tokens))
    keys |= dict.fromkeys(map(key_of, tokens))
    return Offers(tuple(keys), tuple(waiting), is_owed or len(needless) > MOST_DELETED), failures


_NOT_READ = "#{} was judged, but its suggestions could not be read, so no new ones were made: {}"
_REFUSED = "#{} was judged, but GitHub did not take the suggestions: {}"
_NOT_DELETED = "#{} was judged, but a suggestion that is no longer needed could not be removed: {}"


def _few(plan: Plan, offers: Offers) -> list[Suggestion]:
    """The suggestions that were not offered before, while there is room to remember them."""
    fresh = [each for each in plan.fresh if not set(map(key_of, each.tokens)).intersection(offers.keys)]
    return fresh if len(offers.keys) + sum(len(each.tokens) for each in fresh) <= MOST_OFFERS else []


def _is_taken(suggestion: Suggestion, threads: Iterable[Offered]) -> bool:
    """Whether a suggestion that waits has one of these lines: both could not be committed at once."""
    lines = range(suggestion.rewrite.first, suggestion.rewrite.last + 1)
    same = (each.lines for each in threads if each.path == suggestion.path)
    return any(lines.start < other.stop and other.start < lines.stop for other in same)


def _threads(github: GitHub, bot: str, pull: Pull) -> list[Offered] | None:
    """The threads that the desk began, or None where the pull request has another commit by now."""
    threads: list[Offered] = []
    after = None
    for _ in range(MOST_PAGES):
        now = github.query("review_threads", _Repository, number=pull.number, after=after).pull_request
        if now is None or now.head_ref_oid != pull.head:
            return None
        threads += _own(now.review_threads.nodes, bot)
        if not now.review_threads.page_info.has_next_page:
            break
        after = now.review_threads.page_info.end_cursor
    return threads


def _own(threads: Iterable[_Thread], bot: str) -> Iterator[Offered]:
    for thread in threads:
        for first in thread.comments.nodes:
            tokens = tokens_in(first.body)
            if tokens and first.author and first.author.name == bot:
                lines = range(thread.start_line or thread.line or 0, (thread.line or -1) + 1)
                has_replies = thread.comments.total_count > 1
                number = int(first.full_database_id)
                yield Offered(number, tokens, thread.path, lines, thread.is_resolved, has_replies)


def _review(pull: Pull, suggestions: Iterable[Suggestion]) -> dict[str, object]:
    comments = [_comment(each) for each in suggestions]
    return {
        "commit_id": pull.head,
        "event": "COMMENT",
        "body": _ONE if len(comments) == 1 else _SEVERAL.format(len(comments)),
        "comments": comments,
    }


_ONE = """\
A suggestion for a line of your post. To accept it, choose **Commit suggestion** and then **Commit changes**. Nothing \
changes until you do. You can also fix the line yourself."""
_SEVERAL = """\
{} suggestions for lines of your post. Open **Files changed**, choose **Add suggestion to batch** at each one you \
want, then **Commit suggestions** and **Commit changes**: one commit takes them all. Nothing changes until you do. You \
can also fix the lines yourself."""


def _comment(suggestion: Suggestion) -> dict[str, object]:
    first, last = suggestion.rewrite.first, suggestion.rewrite.last
    above = {"start_line": first, "start_side": "RIGHT"} if first < last else {}
    return {"path": suggestion.path, "body": body(suggestion), **above, "line": last, "side": "RIGHT"}
