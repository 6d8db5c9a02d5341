"""The world's things as GitHub's REST API shows them."""

import base64
import hashlib
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote

from standin.descriptions import fill
from standin.objects import Change, Commit
from standin.state import BOT, Comment, Issue, Pull, Run, Status, World, stamp

API = "https://api.github.com"
WEB = "https://github.com"
WORDS = {"A": "added", "M": "modified", "D": "removed", "R": "renamed", "C": "copied", "T": "changed"}
Shape = dict[str, Any]


def number_for(name: str) -> int:
    """An id that is always the same for the same name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def node_id(kind: str, name: object) -> str:
    return f"{kind}_{number_for(f'{kind} {name}')}"


@cache
def user(login: str | None, is_bot: bool = False) -> Shape | None:
    if login is None:
        return None
    shown = f"{login}[bot]" if is_bot else login
    return fill(
        "simple-user",
        login=shown,
        id=number_for(shown),
        node_id=node_id("BOT" if is_bot else "U", shown),
        avatar_url=f"https://avatars.githubusercontent.com/u/{number_for(shown)}?v=4",
        url=f"{API}/users/{shown}",
        html_url=f"{WEB}/apps/{login}" if is_bot else f"{WEB}/{login}",
        type="Bot" if is_bot else "User",
    )


def _named(full_name: str, parent: str) -> Shape:
    owner, name = full_name.split("/")
    return {
        "id": number_for(full_name),
        "node_id": node_id("R", full_name),
        "name": name,
        "full_name": full_name,
        "owner": user(owner),
        "private": False,
        "fork": full_name != parent,
        "url": f"{API}/repos/{full_name}",
        "html_url": f"{WEB}/{full_name}",
        "default_branch": "main",
    }


@cache
def repository(full_name: str | None, parent: str, kind: str = "repository") -> Shape | None:
    return fill(kind, **_named(full_name, parent)) if full_name else None


def full_repository(world: World) -> Shape:
    known = _named(world.repository, world.repository)
    known["has_discussions"] = world.settings["has_discussions"]
    return fill("full-repository", **{**known, "visibility": "public", **world.settings["repository"]})


def association(world: World, login: str | None) -> str:
    if login == world.owner:
        return "OWNER"
    return "MEMBER" if login and login in world.staff else "NONE"


def pull(world: World, it: Pull) -> Shape:
    changes = pull_changes(world, it)
    base = world.objects.merge_base(it.base_sha, it.head_sha)
    mergeable = world.mergeable(it)
    here = f"{API}/repos/{world.repository}/pulls/{it.number}"
    page = f"{WEB}/{world.repository}/pull/{it.number}"
    return fill(
        "pull-request",
        url=here,
        id=number_for(here),
        node_id=node_id("PR", here),
        html_url=page,
        issue_url=f"{API}/repos/{world.repository}/issues/{it.number}",
        comments_url=f"{API}/repos/{world.repository}/issues/{it.number}/comments",
        statuses_url=f"{API}/repos/{world.repository}/statuses/{it.head_sha}",
        number=it.number,
        state=it.state,
        title=it.title,
        user=user(it.author or "ghost"),
        body=None,
        created_at=stamp(it.created_at),
        updated_at=stamp(it.updated_at),
        closed_at=_stamp(it.closed_at),
        merged_at=_stamp(it.merged_at),
        merge_commit_sha=it.merge_sha,
        draft=False,
        head=_end(it.head_owner, it.branch, it.head_sha, repository(it.head_repository, world.repository)),
        base=_end(world.owner, it.base_branch, it.base_sha, repository(world.repository, world.repository)),
        author_association=association(world, it.author),
        auto_merge=None,
        merged=it.merged_at is not None,
        mergeable=mergeable,
        mergeable_state={True: "clean", False: "dirty", None: "unknown"}[mergeable],
        comments=len(world.comments_on(it.number)),
        commits=len(world.objects.ancestors(it.head_sha) - world.objects.ancestors(base)),
        additions=sum(change.additions for change in changes),
        deletions=sum(change.deletions for change in changes),
        changed_files=len(changes),
    )


def _end(owner: str | None, branch: str, sha: str, repo: Shape | None) -> Shape:
    return {
        "label": f"{owner or 'unknown repository'}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": user(owner),
        "repo": repo,
    }


def _stamp(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None


def pull_changes(world: World, it: Pull) -> list[Change]:
    return world.objects.changes(world.objects.merge_base(it.base_sha, it.head_sha), it.head_sha)


def changed_file(world: World, change: Change, head: str) -> Shape:
    renamed = {"previous_filename": change.previous} if change.previous else {}
    return {
        "sha": change.sha,
        "filename": change.path,
        "status": WORDS[change.status],
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{WEB}/{world.repository}/blob/{head}/{_quoted(change.path)}",
        "raw_url": f"{WEB}/{world.repository}/raw/{head}/{_quoted(change.path)}",
        "contents_url": f"{API}/repos/{world.repository}/contents/{_quoted(change.path)}?ref={head}",
        **renamed,
    }


def _quoted(path: str) -> str:
    return quote(path, safe="")


def commit(world: World, it: Commit) -> Shape:
    here = f"{API}/repos/{world.repository}/commits/{it.sha}"
    person = {"name": it.author, "email": f"{it.author}@users.noreply.github.com", "date": stamp(it.date)}
    plain = fill("commit")
    return {
        **plain,
        "url": here,
        "sha": it.sha,
        "node_id": node_id("C", it.sha),
        "html_url": f"{WEB}/{world.repository}/commit/{it.sha}",
        "commit": {
            **plain["commit"],
            "message": it.message,
            "author": person,
            "committer": person,
            "tree": {"sha": it.tree, "url": f"{API}/repos/{world.repository}/git/trees/{it.tree}"},
        },
        "author": user(it.author),
        "committer": user(it.author),
        "parents": [
            {"sha": parent, "url": f"{API}/repos/{world.repository}/commits/{parent}"} for parent in it.parents
        ],
    }


def comment(world: World, it: Comment) -> Shape:
    kind = "pull" if it.number in world.pulls else "issues"
    return fill(
        "issue-comment",
        id=it.id,
        node_id=node_id("IC", it.id),
        url=f"{API}/repos/{world.repository}/issues/comments/{it.id}",
        html_url=f"{WEB}/{world.repository}/{kind}/{it.number}#issuecomment-{it.id}",
        issue_url=f"{API}/repos/{world.repository}/issues/{it.number}",
        user=user(it.author, it.is_bot),
        body=it.body,
        created_at=stamp(it.created_at),
        updated_at=stamp(it.updated_at),
        author_association="NONE" if it.is_bot else association(world, it.author),
    )


def issue(world: World, it: Issue | Pull) -> Shape:
    """A pull request is an issue too."""
    here = f"{API}/repos/{world.repository}/issues/{it.number}"
    own: Shape
    if isinstance(it, Pull):
        own = {"user": user(it.author), "body": None, "labels": [], "node_id": node_id("PR", it.number)}
        addresses = {"url": f"{API}/repos/{world.repository}/pulls/{it.number}"}
        addresses |= dict.fromkeys(("html_url", "diff_url", "patch_url"), f"{WEB}/{world.repository}/pull/{it.number}")
        own["pull_request"] = {"merged_at": _stamp(it.merged_at), **addresses}
    else:
        own = {
            "user": user(it.author, it.is_bot),
            "body": it.body,
            "state_reason": it.state_reason,
            "node_id": node_id("I", it.number),
        }
        own["labels"] = [{"id": number_for(label), "name": label} for label in it.labels]
    return fill(
        "issue",
        id=number_for(here),
        url=here,
        html_url=f"{WEB}/{world.repository}/issues/{it.number}",
        repository_url=f"{API}/repos/{world.repository}",
        comments_url=f"{here}/comments",
        number=it.number,
        state=it.state,
        title=it.title,
        comments=len(world.comments_on(it.number)),
        created_at=stamp(it.created_at),
        updated_at=stamp(it.updated_at),
        closed_at=_stamp(it.closed_at),
        **own,
    )


def status(world: World, it: Status) -> Shape:
    known = _status(world, it)
    return fill("status", **known, creator=user(BOT, is_bot=True))


def combined(world: World, sha: str, latest: list[Status], shown: list[Status]) -> Shape:
    states = {it.state for it in latest}
    waiting = "pending" if "pending" in states or not states else "success"
    return {
        "state": "failure" if states & {"error", "failure"} else waiting,
        "statuses": [fill("simple-commit-status", **_status(world, it)) for it in shown],
        "sha": sha,
        "total_count": len(latest),
        "repository": repository(world.repository, world.repository, "minimal-repository"),
        "commit_url": f"{API}/repos/{world.repository}/commits/{sha}",
        "url": f"{API}/repos/{world.repository}/commits/{sha}/status",
    }


def _status(world: World, it: Status) -> Shape:
    return {
        "id": it.id,
        "node_id": node_id("SC", it.id),
        "url": f"{API}/repos/{world.repository}/statuses/{it.sha}",
        "avatar_url": "https://avatars.githubusercontent.com/in/15368?v=4",
        "state": it.state,
        "context": it.context,
        "description": it.description,
        "target_url": it.target_url,
        "created_at": stamp(it.created_at),
        "updated_at": stamp(it.created_at),
    }


def run(world: World, it: Run) -> Shape:
    here = f"{API}/repos/{world.repository}/actions/runs/{it.id}"
    head = world.objects.commits[it.head_sha]
    person = {"name": head.author, "email": f"{head.author}@users.noreply.github.com"}
    return fill(
        "workflow-run",
        id=it.id,
        node_id=node_id("WFR", it.id),
        name="check",
        head_branch=it.head_branch,
        head_sha=it.head_sha,
        path=".github/workflows/check.yml",
        display_title=it.title,
        run_number=it.number,
        run_attempt=1,
        event=it.event,
        status=it.status,
        conclusion=it.conclusion,
        workflow_id=number_for("check"),
        check_suite_id=it.id + 1_000_000_000,
        url=here,
        html_url=f"{WEB}/{world.repository}/actions/runs/{it.id}",
        pull_requests=[],
        created_at=stamp(it.created_at),
        updated_at=stamp(it.updated_at),
        run_started_at=stamp(it.created_at),
        actor=user(it.actor or "ghost"),
        triggering_actor=user(it.actor or "ghost"),
        head_commit={
            "id": it.head_sha,
            "tree_id": head.tree,
            "message": head.message,
            "timestamp": stamp(head.date),
            "author": person,
            "committer": person,
        },
        repository=repository(world.repository, world.repository, "minimal-repository"),
        head_repository=repository(it.head_repository, world.repository, "minimal-repository"),
    )


def tree(world: World, sha: str, *, recursive: bool, limit: int) -> Shape:
    leaves = list(world.objects.leaves(sha, recursive=recursive))
    shown = []
    for leaf in leaves[:limit]:
        sized: Shape = {} if leaf.size is None else {"size": leaf.size}
        where = "" if leaf.kind == "commit" else f"{API}/repos/{world.repository}/git/{leaf.kind}s/{leaf.sha}"
        link = {"url": where} if where else {}
        shown.append({"path": leaf.path, "mode": leaf.mode, "type": leaf.kind, "sha": leaf.sha, **sized, **link})
    url = f"{API}/repos/{world.repository}/git/trees/{sha}"
    return {"sha": sha, "url": url, "tree": shown, "truncated": len(leaves) > limit}


def blob(world: World, sha: str, data: bytes) -> Shape:
    text = base64.b64encode(data).decode()
    lines = "".join(text[at : at + 60] + "\n" for at in range(0, len(text), 60))
    return {
        "sha": sha,
        "node_id": node_id("B", sha),
        "size": len(data),
        "url": f"{API}/repos/{world.repository}/git/blobs/{sha}",
        "content": lines,
        "encoding": "base64",
    }
