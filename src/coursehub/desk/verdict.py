"""The desk's verdict on a pull request: whether its claims hold, and all findings in what it changes."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from coursehub import checks
from coursehub.checks.scope import Change, concerned, concerns, post_of
from coursehub.desk import queue
from coursehub.desk.pulls import Pull
from coursehub.desk.queue import Answer, Answered, Request
from coursehub.records import repository
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.records.repository import Stored
from coursehub.system.git_objects import Changed


class Holder(msgspec.Struct, frozen=True):
    """Who has a claim: its authors, and the post, on main or in pull request `pull`."""

    authors: tuple[str, ...]
    path: str
    pull: int | None = None


class ClaimAnswer(msgspec.Struct, frozen=True):
    """A claim of the pull request: since when GitHub knows it, and whether it holds.

    `why` it does not is a rule's name, or `draft` or `lapsed`; `holder` is what is in its way.
    """

    name: str
    key: str
    semester: str
    path: str
    since: dt.datetime
    holds: bool
    why: str = ""
    holder: Holder | None = None


class Verdict(msgspec.Struct, frozen=True):
    """The desk's answer, and what `coursehub desk --format json` prints. `version` is that of this shape."""

    pull: int
    actor: str
    head: str
    claims: tuple[ClaimAnswer, ...]
    findings: tuple[Finding, ...]
    conflicts: bool
    version: int = 1

    @property
    def passes(self) -> bool:
        """Whether nothing blocks, and all that is claimed holds."""
        return not self.blocking and all(claim.holds for claim in self.claims)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that block."""
        return tuple(finding for finding in self.findings if finding.blocks)


class Judged(msgspec.Struct, frozen=True):
    """A verdict; the repository as the pull request would make it, and as it is; and the posts that it changes.

    `is_theirs`: whether all that it changes are its author's own posts and their pictures.
    """

    verdict: Verdict
    hub: Hub
    main: Hub
    posts: tuple[Post, ...]
    is_theirs: bool


def judge(
    hub: Hub,
    pull: Pull,
    changed: Mapping[str, Changed],
    stored: Mapping[str, Stored | None],
    answers: Sequence[Answered],
    *,
    conflicts: bool,
) -> Judged:
    """The verdict on a pull request that changes these files of `hub`, which is main.

    `answers` are to the requests of all open pull requests; `conflicts`: whether GitHub cannot merge this one.
    Raises `checks.BrokenRuleError`.
    """
    added = {path for path, (before, after) in changed.items() if after and not before}
    after = _with_others(repository.changed(hub, stored), hub, pull, added, answers)
    touched = concerned(stored)
    posts = tuple(post for post in after.posts if post.path in touched)
    before = {path: hub.post_by_path[path] for path in touched - added if path in hub.post_by_path}
    findings = [
        *checks.judge_posts(after, posts),
        *(finding for finding in checks.judge_data(after) if _is_in_posts(finding) and concerns(finding, touched)),
        *checks.judge_change(after, Change(pull.actor, frozenset(stored), before, pull.logins[1:])),
    ]
    claims = tuple(_claim(hub, request, answer) for request, answer in answers if request.pull == pull.number)
    the_verdict = Verdict(pull.number, pull.actor, pull.head, claims, tuple(sorted(findings)), conflicts)
    is_theirs = all(_is_theirs(path, before, after, pull) for path in stored)
    return Judged(the_verdict, after, hub, posts, is_theirs)


def _is_theirs(path: str, before: Mapping[str, Post], after: Hub, pull: Pull) -> bool:
    """Whether a path is a post of the pull request's author, or a picture in its folder."""
    owner = before.get(post_of(path)) or after.post_by_path.get(post_of(path))
    return owner is not None and any(login.lower() in owner.logins for login in pull.logins)


_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def _is_in_posts(finding: Finding) -> bool:
    """Data files are judged by the `check` workflow, since here main's own are used."""
    return not finding.path.startswith("data/")


def _with_others(after: Hub, main: Hub, pull: Pull, added: set[str], answers: Sequence[Answered]) -> Hub:
    """The hub with what other open pull requests hold, and with main's posts at paths that this one adds again."""
    asked = max((request.moment for request, _ in answers if request.pull == pull.number), default=_NEVER)
    elsewhere = [
        msgspec.structs.replace(
            request.post,
            path=f"{request.path} (pull request #{request.pull})",
            authors=queue.sure_authors(main, request, asked),
        )
        for request, answer in answers
        if answer.holds and request.pull != pull.number and _is_in_season(main, request)
    ]
    twice = [
        msgspec.structs.replace(main.post_by_path[path], path=f"{path} (on main)")
        for path in sorted(added)
        if path in main.post_by_path and not main.may_change(main.post_by_path[path], *pull.logins)
    ]
    return msgspec.structs.replace(after, posts=(*after.posts, *twice, *elsewhere))


def _is_in_season(main: Hub, request: Request) -> bool:
    """Whether a claim can be made now: in the open semester, and by staff in any."""
    return request.post.semester == main.course.open_semester or main.course.is_staff(request.logins[0])


def _claim(hub: Hub, request: Request, answer: Answer) -> ClaimAnswer:
    claim = hub.claim_of(request.post)
    holder = Holder(answer.by.authors, answer.by.path, answer.pull) if answer.by else None
    return ClaimAnswer(
        claim.name, claim.key, request.post.semester, request.path, request.moment, answer.holds, answer.why, holder
    )
