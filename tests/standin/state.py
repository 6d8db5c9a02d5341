"""The world behind the API: a repository, its pull requests, and what people do to them."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cmarkgfm
from cmarkgfm import cmark

from standin.objects import Content, Objects

BOT = "github-actions"
RUNS_ON = {"opened", "synchronize", "reopened"}
FIRST_ID = 2_400_000_000  # GitHub's own ids have outgrown 32 bits


class ConflictError(Exception):
    """The pull request cannot be merged as it is."""


class RefusedError(Exception):
    """GitHub would not let anybody do this."""


@dataclass
class Pull:
    number: int
    author: str | None
    title: str
    branch: str
    head_repository: str | None
    head_owner: str | None
    head_sha: str
    base_sha: str
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    closed_at: datetime | None = None
    is_draft: bool = False
    timeline: list[tuple[str, datetime]] = field(default_factory=list)  # what moves it in the line, by its GraphQL type
    pushed_over: list[tuple[datetime, str]] = field(default_factory=list)  # heads that a push by force replaced
    approvals: list[tuple[str, datetime]] = field(default_factory=list)
    merged_at: datetime | None = None
    merge_sha: str | None = None
    base_branch: str = "main"


@dataclass
class Issue:
    number: int
    author: str | None
    is_bot: bool
    title: str
    body: str | None
    labels: list[str]
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None


@dataclass
class Comment:
    id: int
    number: int
    author: str | None
    is_bot: bool
    body: str
    created_at: datetime
    updated_at: datetime
    reply_to: int | None = None  # on discussions alone, as deleted_at is
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    is_minimized: bool = False
    is_withheld: bool = False  # as spam: it counts, and is shown to nobody


@dataclass
class ReviewComment:
    """A comment at lines of a pull request, as they were in `commit`; the first of a thread, or a reply to that."""

    id: int
    number: int
    author: str | None
    is_bot: bool
    body: str
    path: str
    commit: str
    first: int
    last: int
    created_at: datetime
    reply_to: int | None = None
    is_resolved: bool = False


@dataclass
class Discussion:
    number: int
    author: str | None
    is_bot: bool
    title: str
    body: str
    category: str
    created_at: datetime


@dataclass
class Status:
    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    created_at: datetime


@dataclass
class Run:
    id: int
    number: int
    head_sha: str
    head_branch: str
    head_repository: str | None
    actor: str | None
    title: str
    created_at: datetime
    updated_at: datetime
    event: str = "pull_request"
    status: str = "completed"
    conclusion: str | None = "action_required"


@dataclass(frozen=True)
class Event:
    """An event that starts a workflow: its name, and the payload as it was at that moment."""

    name: str
    action: str | None
    number: int | None
    payload: dict[str, Any]
    at: datetime


def default_settings() -> dict[str, Any]:
    """A maintainer's settings before a test changes any; None means that there is none.

    `workflows` has the state of each workflow's file, and `inputs` those that it takes when dispatched, each with its
    default. `writers` has the role of each who may push, `organization` what is known of the owner where that is one,
    and `contents` files of other branches than main, each under (branch, path).
    """
    return {
        "repository": {},
        "rules": [],
        "rulesets": {},
        "protection": None,
        "pages": None,
        "actions": {"enabled": True, "allowed_actions": "all"},
        "workflow": {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False},
        "selected_actions": None,
        "approval": {"approval_policy": "first_time_contributors"},
        "retention": {"days": 90, "maximum_allowed_days": 90},
        "workflows": {},
        "inputs": {},
        "writers": {},
        "organization": None,
        "contents": {},
        "codeowners_errors": [],
        "environments": {"github-pages": None},
        "branch_policies": [],
        "has_discussions": False,
        "discussion_categories": [],
    }


@dataclass(eq=False, repr=False)
class World:
    folder: Path
    files: Mapping[str, Content]
    now: datetime
    repository: str = "course/hub"
    staff: Iterable[str] = ("teacher",)
    settings: dict[str, Any] = field(default_factory=default_settings)
    tree_limit: int = 100_000  # longer trees are answered in part
    undecided: set[int] = field(default_factory=set)  # pull requests whose mergeability GitHub has yet to work out
    pulls: dict[int, Pull] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    discussions: dict[int, Discussion] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    comments: dict[int, Comment] = field(default_factory=dict)
    review_comments: dict[int, ReviewComment] = field(default_factory=dict)
    statuses: dict[str, list[Status]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    unlisted: set[int] = field(default_factory=set)  # runs that GitHub's lists do not have yet
    renamed: dict[str, str] = field(default_factory=dict)  # today's login → the one that the account began with

    def __post_init__(self) -> None:
        assert self.now.tzinfo, "a moment needs its offset"
        self.owner, self.name = self.repository.split("/")
        self.objects = Objects(self.folder)
        self._last_id = FIRST_ID
        files = self.objects.changed({}, self.files)
        self.main = self.objects.commit(files, (), self.owner, "Start", self.now)
        self.objects.refer("refs/heads/main", self.main)

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _new_number(self) -> int:
        return len(self.pulls) + len(self.issues) + len(self.discussions) + 1

    def open(
        self,
        author: str | None,
        files: Mapping[str, Content | None],
        *,
        branch: str | None = None,
        title: str | None = None,
        head_repository: str | None = None,
        renames: Mapping[str, str] | None = None,
        base: str = "main",
        draft: bool = False,
    ) -> int:
        """A pull request from a fork, or from `head_repository`; its head is one commit off main."""
        number = self._new_number()
        head_repository = head_repository or f"{author or 'ghost'}/{self.name}"
        pull = Pull(
            number=number,
            author=author,
            title=title or f"Claim {number}",
            branch=branch or f"claim-{number}",
            head_repository=head_repository,
            head_owner=head_repository.split("/")[0],
            head_sha=self.main,
            base_sha=self.main,
            created_at=self.now,
            updated_at=self.now,
            is_draft=draft,
            base_branch=base,
        )
        self.pulls[number] = pull
        self._commit(pull, self.main, files, renames)
        self._happened(pull, "opened")
        return number

    def push(self, number: int, files: Mapping[str, Content | None], renames: Mapping[str, str] | None = None) -> str:
        """Another commit on the head."""
        pull = self._followed(number)
        return self._moved(pull, pull.head_sha, files, renames)

    def force_push(
        self, number: int, files: Mapping[str, Content | None], renames: Mapping[str, str] | None = None
    ) -> str:
        """The branch made anew off today's main."""
        pull = self._followed(number)
        pull.pushed_over.append((self.now, pull.head_sha))
        return self._moved(pull, self.main, files, renames)

    def point_at(self, number: int, head: str) -> None:
        """A push by force of a commit that is there already, such as one of another pull request."""
        pull = self._followed(number)
        before = pull.head_sha
        pull.pushed_over.append((self.now, before))
        self._point(pull, head)
        self._happened(pull, "synchronize", before)

    def update_branch(self, number: int) -> str:
        """Main merged into the head, as GitHub's button does."""
        pull = self._followed(number)
        files = self.objects.merged(pull.head_sha, self.main)
        if files is None:
            raise ConflictError(number)
        before, author = pull.head_sha, pull.author or "ghost"
        message = f"Merge branch 'main' into {pull.branch}"
        self._point(pull, self.objects.commit(files, (before, self.main), author, message, self.now))
        self._happened(pull, "synchronize", before)
        return pull.head_sha

    def _moved(
        self,
        pull: Pull,
        start: str,
        files: Mapping[str, Content | None],
        renames: Mapping[str, str] | None,
    ) -> str:
        before = pull.head_sha
        self._commit(pull, start, files, renames)
        self._happened(pull, "synchronize", before)
        return pull.head_sha

    def _followed(self, number: int) -> Pull:
        """A closed pull request does not follow its branch, and a deleted fork has none."""
        pull = self.pulls[number]
        if pull.state != "open" or pull.head_repository is None:
            raise RefusedError(number)
        return pull

    def _commit(
        self, pull: Pull, start: str, files: Mapping[str, Content | None], renames: Mapping[str, str] | None
    ) -> None:
        after = self.objects.changed(self.objects.files(start), files, renames)
        self._point(pull, self.objects.commit(after, (start,), pull.author or "ghost", pull.title, self.now))

    def _point(self, pull: Pull, head: str) -> None:
        pull.head_sha, pull.base_sha = head, self.main
        self.objects.refer(f"refs/pull/{pull.number}/head", head)
        if pull.head_repository == self.repository:
            self.objects.refer(f"refs/heads/{pull.branch}", head)

    def edit(self, number: int, title: str) -> None:
        self.pulls[number].title = title
        self._happened(self.pulls[number], "edited")

    def close(self, number: int) -> None:
        pull = self.pulls[number]
        if pull.state != "open":
            raise RefusedError(number)
        pull.state, pull.closed_at = "closed", self.now
        self._happened(pull, "closed")

    def reopen(self, number: int) -> None:
        pull = self.pulls[number]
        if pull.state != "closed" or pull.merged_at or pull.head_repository is None:
            raise RefusedError(number)
        pull.state, pull.closed_at = "open", None
        pull.timeline.append(("ReopenedEvent", self.now))
        self._happened(pull, "reopened")

    def retarget(self, number: int, base: str) -> None:
        """Another branch to merge it into, chosen by its author."""
        pull = self.pulls[number]
        pull.base_branch = base
        pull.timeline.append(("BaseRefChangedEvent", self.now))
        self._happened(pull, "edited")

    def make_ready(self, number: int, *, ready: bool = True) -> None:
        """A draft offered for review, or the other way round."""
        pull = self.pulls[number]
        pull.is_draft = not ready
        pull.timeline.append(("ReadyForReviewEvent" if ready else "ConvertToDraftEvent", self.now))
        self._happened(pull, "ready_for_review" if ready else "converted_to_draft")

    def approve(self, number: int, author: str) -> None:
        self.pulls[number].approvals.append((author, self.now))
        self.touch(number)

    def rename_account(self, login: str, new: str) -> None:
        """The account stays the same one: all that it wrote, and its forks, have its new login."""
        self.renamed[new] = self.renamed.pop(login, login)
        for pull in self.pulls.values():
            pull.author = new if pull.author == login else pull.author
            pull.approvals = [(new if author == login else author, at) for author, at in pull.approvals]
            if pull.head_owner == login:
                pull.head_owner = new
                pull.head_repository = pull.head_repository and f"{new}/{pull.head_repository.partition('/')[2]}"
        for run in self.runs:
            run.actor = new if run.actor == login else run.actor
            if run.head_repository and run.head_repository.startswith(f"{login}/"):
                run.head_repository = f"{new}/{run.head_repository.partition('/')[2]}"
        for comment in self.comments.values():
            comment.author = new if comment.author == login else comment.author

    def merge(self, number: int) -> str:
        pull = self.pulls[number]
        if pull.state != "open":
            raise RefusedError(number)
        files = self.objects.merged(self.main, pull.head_sha)
        if files is None:
            raise ConflictError(number)
        before = pull.base_sha = self.main
        message = f"Merge pull request #{number} from {pull.head_owner}/{pull.branch}\n\n{pull.title}"
        author = next(iter(self.staff), self.owner)
        pull.merge_sha = self.objects.commit(files, (before, pull.head_sha), author, message, self.now)
        pull.state, pull.closed_at, pull.merged_at = "closed", self.now, self.now
        self._advance(pull.merge_sha)
        self._happened(pull, "closed")
        self._pushed(before)
        return self.main

    def commit_to_main(self, files: Mapping[str, Content | None], renames: Mapping[str, str] | None = None) -> str:
        before = self.main
        after = self.objects.changed(self.objects.files(before), files, renames)
        self._advance(self.objects.commit(after, (before,), self.owner, "Change", self.now))
        self._pushed(before)
        return self.main

    def _advance(self, sha: str) -> None:
        self.main = sha
        self.objects.refer("refs/heads/main", sha)

    def comment(self, number: int, author: str | None, body: str, *, is_bot: bool = False) -> int:
        assert number in self.pulls or number in self.issues
        comment = Comment(self.new_id(), number, author, is_bot, body, self.now, self.now)
        self.comments[comment.id] = comment
        self.touch(number)
        return comment.id

    def open_discussion(
        self, author: str | None, title: str, category: str = "Announcements", *, is_bot: bool = False
    ) -> int:
        number = self._new_number()
        self.discussions[number] = Discussion(number, author, is_bot, title, "", category, self.now)
        return number

    def discuss(
        self, number: int, author: str | None, body: str, *, reply_to: int | None = None, is_bot: bool = False
    ) -> int:
        """A comment on a discussion, or a reply to one of its comments; a reply takes none."""
        assert number in self.discussions
        if reply_to and (self.comments[reply_to].reply_to or self.comments[reply_to].number != number):
            raise RefusedError(number)
        comment = Comment(self.new_id(), number, author, is_bot, body, self.now, self.now, reply_to)
        self.comments[comment.id] = comment
        return comment.id

    def edit_comment(self, identifier: int, body: str) -> None:
        comment = self.comments[identifier]
        comment.body, comment.edited_at, comment.updated_at = body, self.now, self.now

    def hide_comment(self, identifier: int) -> None:
        self.comments[identifier].is_minimized = True

    def withhold_comment(self, identifier: int) -> None:
        self.comments[identifier].is_withheld = True

    def review(
        self, number: int, author: str | None, comments: Iterable[tuple[str, int, int, str]], *, is_bot: bool = False,
        commit: str = "",
    ) -> list[int]:  # fmt: skip
        """Comments at lines, each (path, first, last, text); all at once, so that one that is refused takes all."""
        pull = self.pulls[number]
        sha = commit or pull.head_sha
        if sha not in self._own_commits(pull):
            raise RefusedError("commit_id is not part of the pull request")
        comments = list(comments)
        for path, first, last, _ in comments:
            hunks = self.hunks(pull, sha, path)
            if not any(last in hunk for hunk in hunks):
                raise RefusedError("Pull request review thread line must be part of the diff")
            if not any(first in hunk and last in hunk and first <= last for hunk in hunks):
                raise RefusedError("Pull request review thread start line must be part of the same hunk as the line.")
        ids = []
        for path, first, last, text in comments:
            ids.append(self.new_id())
            self.review_comments[ids[-1]] = ReviewComment(
                ids[-1], number, author, is_bot, text, path, sha, first, last, self.now
            )
        self.touch(number)
        return ids

    def reply(self, identifier: int, author: str, body: str) -> int:
        """An answer in the thread of a comment at lines."""
        to, own = self.review_comments[identifier], self.new_id()
        self.review_comments[own] = ReviewComment(
            own, to.number, author, False, body, to.path, to.commit, to.first, to.last, self.now, reply_to=to.id
        )
        return own

    def threads(self, number: int) -> list[ReviewComment]:
        """The first comments of the threads on a pull request; where that was deleted, the next is the first."""
        here = [it for it in self.review_comments.values() if it.number == number]
        return [it for it in here if it.reply_to not in self.review_comments]

    def _own_commits(self, pull: Pull) -> set[str]:
        return self.objects.ancestors(pull.head_sha) - self.objects.ancestors(pull.base_sha)

    def hunks(self, pull: Pull, sha: str, path: str) -> list[range]:
        """The lines of a file that its diff shows, as git has them: of a file by a new name, those that differ."""
        base = self.objects.merge_base(pull.base_sha, sha)
        change = next((it for it in self.objects.changes(base, sha) if it.path == path and it.status != "D"), None)
        if change is None:
            return []
        if change.status == "A":
            return [range(1, change.additions + 1)]
        before = self.objects.files(base)[change.previous or path].sha
        return [span for _, span in self.objects.hunks(before, change.sha, context=3) if span]

    def lines_now(self, comment: ReviewComment) -> range | None:
        """Where the lines of a comment are at the head; None once they differ, which makes it outdated."""
        here = self.objects.files(self.pulls[comment.number].head_sha).get(comment.path)
        before = self.objects.files(comment.commit)[comment.path].sha
        if here is None:
            return None
        shift = 0
        for old, new in self.objects.hunks(before, here.sha, context=0) if here.sha != before else ():
            if old.start <= comment.last and comment.first < max(old.stop, old.start + 1):
                return None
            shift += len(new) - len(old) if old.start <= comment.first else 0
        return range(comment.first + shift, comment.last + shift + 1)

    def commit_suggestions(self, number: int, ids: Iterable[int], author: str) -> str:
        """Somebody adds suggestions to a batch and commits it; one that is outdated or shares a line is refused."""
        pull, chosen = self.pulls[number], [self.review_comments[identifier] for identifier in ids]
        if author not in {pull.head_owner, *self.staff}:
            raise RefusedError("only who may write to the branch can commit suggestions")
        edits: dict[str, list[tuple[range, list[str]]]] = {}
        for comment in chosen:
            lines = self.lines_now(comment)
            if lines is None or comment.is_resolved:
                raise RefusedError("Outdated suggestions cannot be applied.")
            edits.setdefault(comment.path, []).append((lines, suggested(comment.body)))
        files: dict[str, Content | None] = {}
        for path, each in edits.items():
            content = self.objects.blob(self.objects.files(pull.head_sha)[path].sha) or b""
            text = content.decode().split("\n")
            below = len(text) + 1
            for lines, new in sorted(each, key=lambda edit: -edit[0].start):
                if lines.stop > below:
                    raise RefusedError("Only one suggestion per line can be applied in a batch.")
                if text[lines.start - 1 : lines.stop - 1] == new:
                    raise RefusedError("This suggestion is invalid because no changes were made to the code.")
                text[lines.start - 1 : lines.stop - 1] = new
                below = lines.start
            files[path] = "\n".join(text)
        for comment in chosen:
            comment.is_resolved = True
        return self.push(number, files)

    def comments_on(self, number: int) -> list[Comment]:
        return [comment for comment in self.comments.values() if comment.number == number]

    def delete_comment(self, identifier: int) -> None:
        """It is gone; but in a discussion, where somebody replied, its place stays."""
        if any(it.reply_to == identifier for it in self.comments.values()):
            self.comments[identifier].deleted_at = self.now
        else:
            del self.comments[identifier]

    def open_issue(
        self,
        author: str | None,
        title: str,
        body: str | None = None,
        labels: Iterable[str] = (),
        *,
        is_bot: bool = False,
    ) -> int:
        number = self._new_number()
        self.labels |= set(labels)
        self.issues[number] = Issue(number, author, is_bot, title, body, list(labels), self.now, self.now)
        return number

    def touch(self, number: int) -> None:
        (self.pulls.get(number) or self.issues[number]).updated_at = self.now

    def delete_fork(self, number: int) -> None:
        pull = self.pulls[number]
        if pull.head_repository == self.repository:
            raise RefusedError(number)
        for other in self.pulls.values():
            if other.head_repository == pull.head_repository and other is not pull:
                other.head_repository = None
        pull.head_repository = None

    def delete_account(self, login: str) -> None:
        """All that the account wrote stays, without an author; its forks go."""
        for pull in self.pulls.values():
            if pull.head_owner == login:
                pull.head_repository = pull.head_owner = None
            if pull.author == login:
                pull.author = None
        texts: list[Comment | Issue | Discussion]
        texts = [*self.comments.values(), *self.issues.values(), *self.discussions.values()]
        for written in texts:
            if written.author == login and not written.is_bot:
                written.author = None

    def dispatch(self, workflow: str, inputs: Mapping[str, Any]) -> None:
        """Start a workflow by its file on main. Each input is text, whatever its type."""
        given = {name: str(value) for name, value in {**self.settings["inputs"].get(workflow, {}), **inputs}.items()}
        payload = {
            "inputs": given or None,
            "ref": "refs/heads/main",
            "workflow": workflow,
            "repository": self._repository(),
        }
        self.events.append(Event("workflow_dispatch", None, None, payload, self.now))

    def merges_cleanly(self, pull: Pull) -> bool:
        return self.objects.merged(self.main, pull.head_sha) is not None

    def mergeable(self, pull: Pull) -> bool | None:
        """Whether it merges cleanly; None if GitHub has not worked that out yet, or it is no longer open."""
        if pull.number in self.undecided or pull.state != "open":
            return None
        return self.merges_cleanly(pull)

    def latest(self, sha: str) -> list[Status]:
        """The statuses that count: the newest of each context."""
        return list({status.context: status for status in self.statuses.get(sha, [])}.values())

    def commit_named(self, reference: str) -> str | None:
        """A commit by its SHA, its branch, or a fork's `owner:branch`."""
        if reference in self.objects.commits:
            return reference
        if reference in {"main", "HEAD", "heads/main", "refs/heads/main", f"{self.owner}:main"}:
            return self.main
        for pull in self.pulls.values():
            own = reference == pull.branch and pull.head_repository == self.repository
            if own or reference in {f"{pull.head_owner}:{pull.branch}", f"refs/pull/{pull.number}/head"}:
                return pull.head_sha
        return None

    def _happened(self, pull: Pull, action: str, before: str | None = None) -> None:
        pull.updated_at = self.now
        payload: dict[str, Any] = {
            "action": action,
            "number": pull.number,
            "pull_request": self._as_payload(pull),
            "repository": self._repository(),
        }
        if before:
            payload |= {"before": before, "after": pull.head_sha}
        self.events.append(Event("pull_request_target", action, pull.number, payload, self.now))
        if action in RUNS_ON and self.merges_cleanly(pull):
            self._start_run(pull)

    def _as_payload(self, pull: Pull) -> dict[str, Any]:
        repo = {"full_name": pull.head_repository} if pull.head_repository else None
        return {
            "number": pull.number,
            "title": pull.title,
            "state": pull.state,
            "merged": pull.merged_at is not None,
            "updated_at": stamp(pull.updated_at),
            "user": {"login": pull.author} if pull.author else None,
            "head": {"sha": pull.head_sha, "ref": pull.branch, "repo": repo},
            "base": {"sha": pull.base_sha, "ref": pull.base_branch, "repo": self._repository()},
        }

    def _repository(self) -> dict[str, str]:
        return {"full_name": self.repository, "default_branch": "main"}

    def _start_run(self, pull: Pull) -> None:
        run = Run(
            id=self.new_id(),
            number=len(self.runs) + 1,
            head_sha=pull.head_sha,
            head_branch=pull.branch,
            head_repository=pull.head_repository,
            actor=pull.author,
            title=pull.title,
            created_at=self.now,
            updated_at=self.now,
        )
        self.runs.append(run)

    def _pushed(self, before: str) -> None:
        payload = {"ref": "refs/heads/main", "before": before, "after": self.main, "repository": self._repository()}
        self.events.append(Event("push", None, None, payload, self.now))


def suggested(body: str) -> list[str]:
    """The lines that a comment suggests, as CommonMark reads its only block of them."""
    [block] = re.findall(r'<pre><code class="language-suggestion">(.*?)</code></pre>', rendered(body), re.DOTALL)
    return html.unescape(block).splitlines()


def rendered(body: str) -> str:
    page: str = cmarkgfm.github_flavored_markdown_to_html(body, cmark.Options.CMARK_OPT_UNSAFE)
    return page.replace('<pre lang="suggestion"><code>', '<pre><code class="language-suggestion">')


def stamp(moment: datetime) -> str:
    """GitHub's own way to write a moment: in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
