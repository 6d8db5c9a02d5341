"""Writing to GitHub: a comment and a status, each only where it differs from the one that is there, then a review."""

from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple

import msgspec

from coursehub.checks import BrokenRuleError
from coursehub.desk import comment, review
from coursehub.desk.comment import Around
from coursehub.desk.commits import TooLargeError
from coursehub.desk.pulls import CONTEXT, Pull
from coursehub.desk.record import Record, Status
from coursehub.desk.snapshot import TOO_LARGE, TOO_SLOW, Sitting, best, planned
from coursehub.desk.suggestions import NO_PLAN, Plan
from coursehub.desk.verdict import Judged, Verdict
from coursehub.github.door import GitHub, GitHubError
from coursehub.system.budget import SpentError


class Due(NamedTuple):
    """A pull request whose verdict is written, and whose suggestions are not yet.

    `text` is that of its comment, and `trouble` why there is no plan, or empty.
    """

    pull: Pull
    judged: Judged
    plan: Plan
    remembered: Record
    comment: int
    text: str
    trouble: str


def write(github: GitHub, sitting: Sitting, around: Around, pull: Pull, judged: Judged) -> Due | None:
    """Write the comment, then the status; neither where it is there already. Raises `GitHubError`.

    A pull request that touches no post and has nothing to fix gets no comment. None: there is nothing to suggest.
    """
    own = sitting.verdicts[pull.number] = status(judged.verdict)
    known = sitting.records[pull.number]
    plan, trouble = _planned(sitting, pull, judged)
    offers = (
        known.offers if trouble else msgspec.structs.replace(known.offers, is_owed=review.is_due(plan, known.offers))
    )
    remembered = msgspec.structs.replace(known, status=own, offers=offers)
    with sitting.budget.limit():
        text = comment.written(judged, pull, remembered, github, around, plan)
    number = pull.comment.id if pull.comment else 0
    if pull.comment is None and (judged.posts or judged.verdict.findings):
        number = github.create(f"/issues/{pull.number}/comments", {"body": text}, _Comment).id
    elif pull.comment and pull.comment.body != text:
        github.write("PATCH", f"/issues/comments/{number}", {"body": text})
    wanted = best(sitting, pull, own) or own
    if pull.status != wanted:
        set_status(github, pull.head, wanted)
    return Due(pull, judged, plan, remembered, number, text, trouble) if offers.is_owed or trouble else None


def _planned(sitting: Sitting, pull: Pull, judged: Judged) -> tuple[Plan, str]:
    """The plan, or none and why: whatever goes wrong about suggestions, the verdict stays."""
    try:
        return planned(sitting, pull, judged), ""
    except (GitHubError, SpentError, BrokenRuleError, ValueError) as error:
        return NO_PLAN, str(error)


def suggest(github: GitHub, bot: str, around: Around, due: Due) -> list[str]:
    """Write the review, and into the comment that it is there; return in words what went wrong."""
    if due.trouble:
        return [f"#{due.pull.number} was judged, but without suggestions: {due.trouble}"]
    offers, failures = review.offer(github, bot, due.pull, due.plan, due.remembered.offers)
    remembered = msgspec.structs.replace(due.remembered, offers=offers)
    text = comment.written(due.judged, due.pull, remembered, github, around, due.plan)
    if text != due.text:
        try:
            github.write("PATCH", f"/issues/comments/{due.comment}", {"body": text})
        except GitHubError as error:
            failures.append(
                f"#{due.pull.number} was judged, but its comment does not name its suggestions yet: {error}"
            )
    return failures


def status(verdict: Verdict) -> Status:
    """Return the status of a commit with this verdict: it passes, or it does not."""
    return Status("success" if verdict.passes else "failure", comment.summary(verdict))


def set_status(github: GitHub, commit: str, wanted: Status) -> None:
    """Set the desk's status of a commit. Raises `GitHubError`."""
    body = {"state": wanted.state, "description": wanted.description, "context": CONTEXT}
    github.write("POST", f"/statuses/{commit}", body)


def not_judged(github: GitHub, why: str, *, number: int = 0, commit: str = "") -> None:
    """Set a pending status with the reason on a commit, or on a pull request's newest, as far as GitHub lets us."""
    with suppress(GitHubError):  # then there is no status, which does not pass either
        commit = commit or github.get(f"/pulls/{number}", _Pull).head.sha
        set_status(github, commit, Status("pending", f"Not judged yet: {why}"[: comment.LONGEST_SUMMARY]))


_FOR_GOOD: dict[type[BaseException], str] = {TooLargeError: TOO_LARGE, SpentError: TOO_SLOW}


def refuse(github: GitHub, pull: Pull, error: BaseException) -> None:
    """Set a status with the reason why a pull request was not judged; one that is too large fails for good."""
    reason = _FOR_GOOD.get(type(error))
    if reason is None:
        not_judged(github, str(error), commit=pull.head)
        return
    wanted = Status("failure", reason)
    if pull.status != wanted:
        with suppress(GitHubError):
            set_status(github, pull.head, wanted)


def revoke(github: GitHub, number: int, heads: Collection[str]) -> None:
    """Take back the status of a pull request that asks for nothing now, so that it does not pass when it does again.

    It was closed, or points at another branch than main. A commit that is one of `heads`, those of open pull requests,
    keeps its status. Raises `GitHubError`.
    """
    pull = github.get(f"/pulls/{number}", _Pull)
    if not pull.merged and pull.head.sha not in heads:
        what = "It was closed" if pull.state == "closed" else "It is for another branch"
        set_status(github, pull.head.sha, Status("pending", f"{what}; it is checked again when that changes"))


def site_of(github: GitHub) -> str:
    """The address of the site that GitHub Pages publishes, or empty where GitHub tells none."""
    with suppress(GitHubError):  # only a link goes missing
        return github.get("/pages", _Site).html_url or ""
    return ""


class _Comment(msgspec.Struct):
    id: int


class _Site(msgspec.Struct):
    html_url: str | None = None


class _Head(msgspec.Struct):
    sha: str


class _Pull(msgspec.Struct):
    head: _Head
    state: str = "open"
    merged: bool = False
