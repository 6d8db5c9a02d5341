"""First come, first served: which claims of open pull requests hold, and who holds the others."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from coursehub.checks.rule import name_of
from coursehub.checks.rules import claims, pull_request
from coursehub.records.hub import Hub
from coursehub.records.post import Post

# Why a claim does not hold: each is the name of a rule.
TAKEN, SECOND = name_of(claims.claim_taken), name_of(claims.second_live_claim)
IN_ANOTHERS_NAME = name_of(pull_request.not_your_post)


class Request(NamedTuple):
    """A claim that an open pull request makes: whose pull request, since when, and what it changes on main.

    Requests are served in their order: by the moment GitHub received them.
    """

    moment: dt.datetime
    run: int
    pull: int
    path: str
    actor: str
    post: Post
    drops: frozenset[str] = frozenset()


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


def answers(hub: Hub, requests: Iterable[Request]) -> list[Answered]:
    """Every request with its answer, in their order; `hub` is main.

    A claim holds if its pull request's author is one of its own, main has no such claim, nobody asked before, and
    its authors have asked for no other and hold none. A claim that does not hold keeps nobody else from the tool.
    """
    answered: list[Answered] = []
    holding: list[Request] = []
    by_author: dict[tuple[str, str], list[Request]] = defaultdict(list)
    for request in sorted(requests, key=lambda request: request[:4]):
        answer = _answer(hub, request, holding, by_author)
        answered.append(Answered(request, answer))
        if answer.holds:
            holding.append(request)
            for author in sure_authors(hub, request):
                by_author[request.post.semester, author.lower()].append(request)
    return answered


def sure_authors(hub: Hub, request: Request) -> tuple[str, ...]:
    """Who surely wants a claim: whoever asks for it, and whom staff name.

    Others whom a student names as co-authors may know nothing of it, so that binds nobody before it is merged.
    """
    return request.post.authors if hub.course.is_staff(request.actor) else (request.actor,)


def _answer(
    hub: Hub, request: Request, holding: list[Request], by_author: dict[tuple[str, str], list[Request]]
) -> Answer:
    post = request.post
    authors = dict.fromkeys(author.lower() for author in post.authors)  # in their order, lest the answer vary
    if not hub.may_change(post, request.actor):
        return Answer(False, IN_ANOTHERS_NAME)
    for rival in hub.rivals(post):
        if rival.path not in request.drops:
            return Answer(False, TAKEN, rival)
    for earlier in holding:
        if earlier.pull != request.pull and hub.is_same_claim(earlier.post, post):
            return Answer(False, TAKEN, earlier.post, earlier.pull)
    for author in authors:
        if hub.course.is_staff(author):
            continue
        for other in hub.live_by_author.get((post.semester, author), ()):
            if other.path not in request.drops and other.path != post.path:
                return Answer(False, SECOND, other)
        for mine in by_author.get((post.semester, author), ()):
            return Answer(False, SECOND, mine.post, mine.pull)
    return Answer(True)
