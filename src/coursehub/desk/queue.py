"""First come, first served: which claims of open pull requests hold, and who holds the others."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from coursehub.checks.rule import name_of
from coursehub.checks.rules import claims, pull_request
from coursehub.records.hub import Hub
from coursehub.records.post import Post

# Why a claim does not hold: a rule's name, or what only an open pull request can be.
TAKEN, SECOND = name_of(claims.claim_taken), name_of(claims.second_live_claim)
IN_ANOTHERS_NAME = name_of(pull_request.not_your_post)
DRAFT, LAPSED = "draft", "lapsed"


class Request(NamedTuple):
    """A claim that an open pull request makes: whose pull request, since when, and what it changes on main.

    Requests are served in their order: by the moment GitHub received them. `logins`: its author's, those of former
    days included; `agreed`: login in lower case → since when a co-author agrees. `refused`: why it cannot hold
    whoever came first, or empty.
    """

    moment: dt.datetime
    run: int
    pull: int
    path: str
    logins: tuple[str, ...]
    post: Post
    drops: frozenset[str] = frozenset()
    agreed: Mapping[str, dt.datetime] = {}
    refused: str = ""


class Answer(NamedTuple):
    """Whether a request holds its claim; if not, the post that is in its way, on main or in pull request `pull`."""

    holds: bool
    why: str = ""
    by: Post | None = None
    pull: int | None = None


class Answered(NamedTuple):
    """A request and the answer to it."""

    request: Request
    answer: Answer


class _Bound(NamedTuple):
    """An author of a claim that holds, since when."""

    since: dt.datetime
    request: Request


def answers(hub: Hub, requests: Iterable[Request]) -> list[Answered]:
    """Every request with its answer, in their order; `hub` is main.

    A claim holds if its pull request's author is one of its own, main has no such claim, nobody asked before, and
    its authors have asked for no other and hold none. A claim that does not hold keeps nobody else from the tool.
    """
    answered: list[Answered] = []
    holding: list[Request] = []
    by_author: dict[tuple[str, str], list[_Bound]] = defaultdict(list)
    for request in sorted(requests, key=lambda request: request[:4]):
        answer = _answer(hub, request, holding, by_author)
        answered.append(Answered(request, answer))
        if answer.holds:
            holding.append(request)
            for login, since in _bound(hub, request).items():
                by_author[request.post.semester, login].append(_Bound(since, request))
    return answered


def sure_authors(hub: Hub, request: Request, moment: dt.datetime) -> tuple[str, ...]:
    """Who surely wanted a claim at a moment: whoever asks for it, whom staff name, and who had agreed by then."""
    bound = _bound(hub, request)
    names = {login.lower(): login for login in (*request.post.authors, *request.logins)}
    return tuple(names[login] for login, since in bound.items() if since <= max(moment, request.moment))


def _bound(hub: Hub, request: Request) -> dict[str, dt.datetime]:
    """Login in lower case → since when a claim binds that author.

    Whom a student names as co-author may know nothing of it. So a co-author is bound on agreeing: by approving the
    pull request or commenting on it.
    """
    authors = request.post.logins
    if hub.course.is_staff(request.logins[0]):
        return dict.fromkeys(authors, request.moment)
    agreed = {each: max(request.agreed[each], request.moment) for each in authors if each in request.agreed}
    return agreed | {login.lower(): request.moment for login in request.logins}


def _answer(
    hub: Hub, request: Request, holding: list[Request], by_author: Mapping[tuple[str, str], Sequence[_Bound]]
) -> Answer:
    post = request.post
    if not hub.may_change(post, *request.logins):
        return Answer(False, IN_ANOTHERS_NAME)
    if request.refused:
        return Answer(False, request.refused)
    for rival in hub.rivals(post):
        if rival.path not in request.drops:
            return Answer(False, TAKEN, rival)
    for earlier in holding:
        if earlier.pull != request.pull and hub.is_same_claim(earlier.post, post):
            return Answer(False, TAKEN, earlier.post, earlier.pull)
    for author in dict.fromkeys(login.lower() for login in (*post.authors, *request.logins)):  # in their order
        if hub.course.is_staff(author):
            continue
        for other in hub.live_by_author.get((post.semester, author), ()):
            if other.path not in request.drops and other.path != post.path and hub.counts(other):
                return Answer(False, SECOND, other)
        for since, mine in by_author.get((post.semester, author), ()):
            if since <= request.moment:
                return Answer(False, SECOND, mine.post, mine.pull)
    return Answer(True)
