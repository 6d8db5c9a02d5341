"""Writing to GitHub: a comment and a status, each only where it differs from the one that is there."""

from contextlib import suppress

import msgspec

from coursehub.desk import comment
from coursehub.desk.commits import TooLargeError
from coursehub.desk.pulls import CONTEXT, TOO_LARGE, Pull, Status
from coursehub.desk.snapshot import Sitting
from coursehub.desk.verdict import Judged, Verdict
from coursehub.github.door import GitHub, GitHubError


def write(github: GitHub, sitting: Sitting, site: str, pull: Pull, judged: Judged) -> None:
    """Write the comment, then the status; neither where it is there already. Raises `GitHubError`.

    A pull request that touches no post and has nothing to fix gets no comment.
    """
    text = comment.written(judged, pull, sitting.records[pull.number], github, site)
    if len(text) > comment.LONGEST:
        raise GitHubError("it claims more than a comment can remember; split it into several pull requests")
    if pull.comment is None and (judged.posts or judged.verdict.findings):
        github.write("POST", f"/issues/{pull.number}/comments", {"body": text})
    elif pull.comment and pull.comment.body != text:
        github.write("PATCH", f"/issues/comments/{pull.comment.id}", {"body": text})
    wanted = status(judged.verdict)
    if pull.status != wanted:
        set_status(github, pull.head, wanted)


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


def refuse(github: GitHub, pull: Pull, error: Exception) -> None:
    """Set a status with the reason why a pull request was not judged; one that is too large fails for good."""
    if not isinstance(error, TooLargeError):
        not_judged(github, str(error), commit=pull.head)
        return
    with suppress(GitHubError):
        set_status(github, pull.head, Status("failure", TOO_LARGE))


def revoke(github: GitHub, number: int) -> None:
    """Take back the status of a pull request that was closed, so that it does not pass when it is reopened.

    Raises `GitHubError`.
    """
    pull = github.get(f"/pulls/{number}", _Pull)
    if pull.state == "closed" and not pull.merged:
        set_status(github, pull.head.sha, Status("pending", "Closed; it is judged anew when it is reopened"))


def site_of(github: GitHub) -> str:
    """The address of the site that GitHub Pages publishes, or empty where GitHub tells none."""
    with suppress(GitHubError):  # only a link goes missing
        return github.get("/pages", _Site).html_url or ""
    return ""


class _Site(msgspec.Struct):
    html_url: str | None = None


class _Head(msgspec.Struct):
    sha: str


class _Pull(msgspec.Struct):
    head: _Head
    state: str = ""
    merged: bool = False
