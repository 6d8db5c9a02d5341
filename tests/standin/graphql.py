"""GitHub's GraphQL over the same world: graphql-core executes each query against the published schema."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLResolveInfo, GraphQLScalarType, GraphQLSchema, execute_sync

from standin.cost import cost
from standin.descriptions import ADDRESS, STAMP, graphql_schema, parsed
from standin.shapes import WEB, association, node_id, number_for, pull_changes
from standin.state import BOT, Comment, Discussion, Issue, Pull, ReviewComment, Status, World, stamp

Node = dict[str, Any]
Allowed = Callable[[str], bool]
FORMS = {"DateTime": STAMP, "URI": ADDRESS, "GitObjectID": re.compile("[0-9a-f]{40}"), "BigInt": re.compile(r"-?\d+")}


class RefusalError(GraphQLError):
    """An error beside null in GitHub's answer, with its `type`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message, extensions={"kind": kind})


@dataclass(frozen=True)
class Context:
    world: World
    allowed: Allowed
    cost: int

    def need(self, permission: str) -> None:
        if not self.allowed(permission):
            raise RefusalError("FORBIDDEN", "Resource not accessible by integration")


@dataclass(frozen=True)
class Answered:
    data: Node | None
    errors: list[Node] = field(default_factory=list)


def answer(world: World, query: str, variables: Mapping[str, Any], name: str | None, allowed: Allowed) -> Answered:
    document = parsed(query)
    result = execute_sync(
        _schema(),
        document,
        root_value=_root(),
        context_value=Context(world, allowed, cost(document, variables)),
        variable_values=dict(variables),
        operation_name=name,
        field_resolver=_resolve,
        type_resolver=lambda value, *_: value["__typename"],
    )
    assert isinstance(result, ExecutionResult)
    return Answered(result.data, [_error(error) for error in result.errors or ()])


def _error(error: GraphQLError) -> Node:
    cause = error if isinstance(error, RefusalError) else error.original_error
    if not isinstance(cause, RefusalError):
        raise AssertionError(f"the query or the stand-in is wrong: {error}") from error
    assert cause.extensions
    where = [{"line": at.line, "column": at.column} for at in error.locations or ()]
    return {"type": cause.extensions["kind"], "path": error.path, "locations": where, "message": cause.message}


@cache
def _schema() -> GraphQLSchema:
    schema = graphql_schema()
    for name, pattern in FORMS.items():
        scalar = schema.type_map.get(name)
        if isinstance(scalar, GraphQLScalarType):
            scalar.coerce_output_value = _fitting(name, pattern)
    return schema


def _fitting(name: str, pattern: re.Pattern[str]) -> Callable[[Any], Any]:
    def fit(value: Any) -> Any:
        assert isinstance(value, str), f"{name} is text: {value!r}"
        assert pattern.fullmatch(value), f"no {name}: {value!r}"
        return value

    return fit


def _resolve(source: Node, info: GraphQLResolveInfo[Context], **arguments: Any) -> Any:
    known = info.field_name in source
    assert known, f"the stand-in has no {info.parent_type}.{info.field_name}; add it to tests/standin/graphql.py"
    value = source[info.field_name]
    if callable(value):
        return value(info.context, **arguments)
    assert not arguments, f"the stand-in takes no arguments for {info.parent_type}.{info.field_name}"
    return value


def _root() -> Node:
    return {"repository": _repository, "node": _node, "nodes": _nodes, "rateLimit": _rate_limit}


def _rate_limit(context: Context) -> Node:
    return {"__typename": "RateLimit", "cost": context.cost}


def _node(context: Context, id: str) -> Node:
    world = context.world
    for number in world.discussions:
        if id == node_id("D", number):
            context.need("discussions:read")
            return _discussion(world, world.discussions[number])
    for number in world.issues:
        if id == node_id("I", number):
            context.need("issues:read")
            return _issue(world, world.issues[number])
    for comment in world.comments.values():
        if id == node_id("DC", comment.id) and comment.number in world.discussions:
            context.need("discussions:read")
            return _discussion_comment(world, comment)
    for number in world.pulls:
        if id == node_id("PR", number):
            context.need("pull_requests:read")
            return _pull(world, world.pulls[number])
    raise RefusalError("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'.")


def _nodes(context: Context, ids: list[str]) -> list[Node]:
    return [_node(context, id) for id in ids]


def _repository(context: Context, owner: str, name: str, **_: Any) -> Node:
    world = context.world
    if f"{owner}/{name}".casefold() != world.repository.casefold():
        raise RefusalError("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
    main = {
        "__typename": "Ref",
        "name": "main",
        "prefix": "refs/heads/",
        "target": lambda at: _commit(world, world.main),
    }
    return {
        **_named_repository(world.repository),
        "defaultBranchRef": main,
        "hasDiscussionsEnabled": world.settings["has_discussions"],
        "discussionCategories": _categories,
        "discussions": _discussions,
        "label": _label,
        "issues": _issues,
        "pullRequest": _one_pull,
        "pullRequests": _pulls,
    }


def _named_repository(full_name: str) -> Node:
    owner, name = full_name.split("/")
    return {
        "__typename": "Repository",
        "id": node_id("R", full_name),
        "databaseId": number_for(full_name),
        "name": name,
        "nameWithOwner": full_name,
        "url": f"{WEB}/{full_name}",
        "owner": _actor(owner),
    }


def _categories(context: Context, **window: Any) -> Node:
    context.need("discussions:read")
    categories = context.world.settings["discussion_categories"]
    nodes = [{"__typename": "DiscussionCategory", "id": node_id("DIC", it["name"]), **it} for it in categories]
    return _connection([([at], node) for at, node in enumerate(nodes)], window)


def _discussions(
    context: Context,
    categoryId: str | None = None,  # noqa: N803 - GitHub's name
    orderBy: Mapping[str, str] | None = None,  # noqa: N803
    **window: Any,
) -> Node:
    context.need("discussions:read")
    assert orderBy == {"field": "CREATED_AT", "direction": "ASC"}, "other orders of discussions are not kept here"
    chosen = [it for it in context.world.discussions.values() if categoryId in {None, node_id("DIC", it.category)}]
    chosen.sort(key=lambda it: (stamp(it.created_at), it.number))
    keyed = [([stamp(it.created_at), it.number], _discussion(context.world, it)) for it in chosen]
    return _connection(keyed, window)


def _discussion(world: World, it: Discussion) -> Node:
    top = [comment for comment in world.comments_on(it.number) if comment.reply_to is None]
    return {
        "__typename": "Discussion",
        "id": node_id("D", it.number),
        "number": it.number,
        "title": it.title,
        "body": it.body,
        "url": f"{WEB}/{world.repository}/discussions/{it.number}",
        "author": _actor(it.author, is_bot=it.is_bot),
        "createdAt": stamp(it.created_at),
        "comments": lambda _, **window: _connection([([at.id], _discussion_comment(world, at)) for at in top], window),
    }


def _discussion_comment(world: World, it: Comment) -> Node:
    replies = [reply for reply in world.comments_on(it.number) if reply.reply_to == it.id]
    return {
        "__typename": "DiscussionComment",
        "isWithheld": it.is_withheld,
        "id": node_id("DC", it.id),
        "author": _actor(it.author, is_bot=it.is_bot),
        "bodyText": it.body,
        "url": f"{WEB}/{world.repository}/discussions/{it.number}#discussioncomment-{it.id}",
        "createdAt": stamp(it.created_at),
        "lastEditedAt": it.edited_at and stamp(it.edited_at),
        "deletedAt": it.deleted_at and stamp(it.deleted_at),
        "isMinimized": it.is_minimized,
        "replies": lambda _, **window: _connection(
            [([at.id], _discussion_comment(world, at)) for at in replies], window
        ),
    }


def _label(context: Context, name: str) -> Node | None:
    context.need("issues:read")
    label = next((each for each in context.world.labels if each.casefold() == name.casefold()), None)
    return {"__typename": "Label", "id": node_id("LA", label), "name": label} if label else None


def _issues(
    context: Context,
    labels: list[str] | None = None,
    orderBy: Mapping[str, str] | None = None,  # noqa: N803 - GitHub's name
    **window: Any,
) -> Node:
    """Without pull requests, unlike in REST; open and closed alike."""
    context.need("issues:read")
    assert orderBy == {"field": "CREATED_AT", "direction": "ASC"}, "other orders of issues are not kept here"
    wanted = {label.casefold() for label in labels or ()}
    chosen = [
        it for it in context.world.issues.values() if not wanted or wanted & {label.casefold() for label in it.labels}
    ]
    chosen.sort(key=lambda it: (stamp(it.created_at), it.number))
    return _connection([([stamp(it.created_at), it.number], _issue(context.world, it)) for it in chosen], window)


def _issue(world: World, it: Issue) -> Node:
    return {
        "__typename": "Issue",
        "id": node_id("I", it.number),
        "number": it.number,
        "title": it.title,
        "url": f"{WEB}/{world.repository}/issues/{it.number}",
        "author": _actor(it.author, is_bot=it.is_bot),
        "createdAt": stamp(it.created_at),
        "comments": lambda _, **window: _comments(world, it.number, window),
    }


def _one_pull(context: Context, number: int) -> Node:
    context.need("pull_requests:read")
    if number not in context.world.pulls:
        raise RefusalError("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")
    return _pull(context.world, context.world.pulls[number])


def _pulls(
    context: Context,
    states: list[str] | None = None,
    orderBy: Mapping[str, str] | None = None,  # noqa: N803 - GitHub's name
    **window: Any,
) -> Node:
    context.need("pull_requests:read")
    order = orderBy or {"field": "CREATED_AT", "direction": "ASC"}
    moments: dict[str, Callable[[Pull], datetime]] = {
        "CREATED_AT": lambda it: it.created_at,
        "UPDATED_AT": lambda it: it.updated_at,
    }
    assert order["field"] in moments, f"the stand-in does not order by {order['field']}"
    moment = moments[order["field"]]
    pulls = [it for it in context.world.pulls.values() if not states or _state(it) in states]
    pulls.sort(key=lambda it: (stamp(moment(it)), it.number), reverse=order["direction"] == "DESC")
    keyed = [([stamp(moment(it)), it.number], _pull(context.world, it)) for it in pulls]
    return _connection(keyed, window, descending=order["direction"] == "DESC")


def _state(it: Pull) -> str:
    return "MERGED" if it.merged_at else it.state.upper()


def _pull(world: World, it: Pull) -> Node:
    mergeable = {True: "MERGEABLE", False: "CONFLICTING", None: "UNKNOWN"}
    return {
        "__typename": "PullRequest",
        "id": node_id("PR", it.number),
        "fullDatabaseId": str(number_for(f"pull {it.number}")),
        "number": it.number,
        "title": it.title,
        "body": "",
        "url": f"{WEB}/{world.repository}/pull/{it.number}",
        "state": _state(it),
        "isDraft": it.is_draft,
        "closed": it.state == "closed",
        "merged": it.merged_at is not None,
        "author": _account(world, it.author),
        "authorAssociation": association(world, it.author),
        "baseRefName": it.base_branch,
        "baseRefOid": it.base_sha,
        "headRefName": it.branch,
        "headRefOid": it.head_sha,
        "headRepository": it.head_repository and _named_repository(it.head_repository),
        "headRepositoryOwner": _actor(it.head_owner),
        "isCrossRepository": it.head_repository != world.repository,
        "createdAt": stamp(it.created_at),
        "updatedAt": stamp(it.updated_at),
        "closedAt": it.closed_at and stamp(it.closed_at),
        "mergedAt": it.merged_at and stamp(it.merged_at),
        "mergeCommit": lambda _: it.merge_sha and _commit(world, it.merge_sha),
        "mergeable": lambda _: mergeable[world.mergeable(it)],
        "changedFiles": lambda _: len(pull_changes(world, it)),
        "comments": lambda _, **window: _comments(world, it.number, window),
        "commits": lambda _, **window: _commits(world, it, window),
        "reviewThreads": lambda _, **window: _threads(world, it.number, window),
        "reviews": lambda _, states, **window: _approvals(world, it, states, window),
        "timelineItems": lambda _, **window: _timeline(world, it, window),
    }


KEPT = {
    "REOPENED_EVENT": "ReopenedEvent",
    "READY_FOR_REVIEW_EVENT": "ReadyForReviewEvent",
    "CONVERT_TO_DRAFT_EVENT": "ConvertToDraftEvent",
    "BASE_REF_CHANGED_EVENT": "BaseRefChangedEvent",
    "AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT": "AutomaticBaseChangeSucceededEvent",
    "TRANSFERRED_EVENT": "TransferredEvent",
    "HEAD_REF_FORCE_PUSHED_EVENT": "HeadRefForcePushedEvent",
}


def _timeline(world: World, it: Pull, window: dict[str, Any]) -> Node:
    kinds = {KEPT[name] for name in window.pop("itemTypes")}
    events = [(at, {"__typename": kind, "createdAt": stamp(at)}) for kind, at in it.timeline]
    events += [
        (at, {"__typename": "HeadRefForcePushedEvent", "createdAt": stamp(at), "beforeCommit": _commit(world, before)})
        for at, before in it.pushed_over
    ]
    events.sort(key=lambda event: event[0])
    chosen = [event for _, event in events if event["__typename"] in kinds]
    return _connection([([at], event) for at, event in enumerate(chosen)], window)


def _approvals(world: World, it: Pull, states: list[str], window: Mapping[str, Any]) -> Node:
    assert states == ["APPROVED"], "other reviews are not kept here"
    reviews = [
        {"__typename": "PullRequestReview", "author": _actor(author), "submittedAt": stamp(at)}
        for author, at in it.approvals
    ]
    return _connection([([at], review) for at, review in enumerate(reviews)], window)


def _threads(world: World, number: int, window: Mapping[str, Any]) -> Node:
    return _connection([([it.id], _thread(world, it)) for it in world.threads(number)], window)


def _thread(world: World, it: ReviewComment) -> Node:
    lines = world.lines_now(it)
    others = [each for each in world.review_comments.values() if each.reply_to == it.id]
    comments = [([each.id], _review_comment(each)) for each in (it, *others)]
    return {
        "__typename": "PullRequestReviewThread",
        "isResolved": it.is_resolved,
        "isOutdated": lines is None,
        "path": it.path,
        "line": lines[-1] if lines else None,
        "startLine": lines[0] if lines and len(lines) > 1 else None,
        "comments": lambda _, **window: _connection(comments, window),
    }


def _review_comment(it: ReviewComment) -> Node:
    return {
        "__typename": "PullRequestReviewComment",
        "fullDatabaseId": str(it.id),
        "author": _actor(it.author, is_bot=it.is_bot),
        "body": it.body,
    }


def _comments(world: World, number: int, window: Mapping[str, Any]) -> Node:
    return _connection([([it.id], _comment(world, it)) for it in world.comments_on(number)], window)


def _comment(world: World, it: Comment) -> Node:
    return {
        "__typename": "IssueComment",
        "id": node_id("IC", it.id),
        "fullDatabaseId": str(it.id),
        "author": _actor(it.author, is_bot=it.is_bot),
        "authorAssociation": "NONE" if it.is_bot else association(world, it.author),
        "body": it.body,
        "bodyText": it.body,
        "url": f"{WEB}/{world.repository}/{'pull' if it.number in world.pulls else 'issues'}/{it.number}"
        f"#issuecomment-{it.id}",
        "createdAt": stamp(it.created_at),
        "updatedAt": stamp(it.updated_at),
        "lastEditedAt": it.edited_at and stamp(it.edited_at),
        "isMinimized": it.is_minimized,
        "isWithheld": it.is_withheld,
        "viewerDidAuthor": it.is_bot and it.author == BOT,
    }


def _commits(world: World, it: Pull, window: Mapping[str, Any]) -> Node:
    ordered = sorted(_own_commits(world, it), key=lambda sha: world.objects.commits[sha].place)
    return _connection(
        [([at], {"__typename": "PullRequestCommit", "commit": _commit(world, sha)}) for at, sha in enumerate(ordered)],
        window,
    )


def _own_commits(world: World, it: Pull) -> set[str]:
    start = world.objects.commits[it.merge_sha].parents[0] if it.merge_sha else it.base_sha
    base = world.objects.merge_base(start, it.head_sha)
    return world.objects.ancestors(it.head_sha) - world.objects.ancestors(base)


def _commit(world: World, sha: str) -> Node:
    commit = world.objects.commits[sha]
    return {
        "__typename": "Commit",
        "id": node_id("C", sha),
        "oid": sha,
        "message": commit.message,
        "committedDate": stamp(commit.date),
        "authoredDate": stamp(commit.date),
        "url": f"{WEB}/{world.repository}/commit/{sha}",
        "status": lambda context: _status(context, sha),
        "checkSuites": lambda context, **window: _suites(context, sha, window),
    }


def _suites(context: Context, sha: str, window: Mapping[str, Any]) -> Node:
    """Each run of a workflow has a suite of its own; that of another app has no run."""
    context.need("checks:read")
    world = context.world
    suites: list[Node] = [{"__typename": "CheckSuite", "workflowRun": None}]
    suites += [
        {
            "__typename": "CheckSuite",
            "workflowRun": {
                "__typename": "WorkflowRun",
                "url": f"{WEB}/{world.repository}/actions/runs/{run.id}",
                "createdAt": stamp(run.created_at),
                "event": run.event,
            },
        }
        for run in world.runs
        if run.head_sha == sha and run.id not in world.unlisted
    ]
    return _connection([([at], suite) for at, suite in enumerate(suites)], window)


def _status(context: Context, sha: str) -> Node | None:
    context.need("statuses:read")
    latest = {it.context: it for it in context.world.latest(sha)}
    if not latest:
        return None
    states = {it.state for it in latest.values()}
    waiting = "PENDING" if "pending" in states else "SUCCESS"
    return {
        "__typename": "Status",
        "id": node_id("S", sha),
        "state": "FAILURE" if states & {"error", "failure"} else waiting,
        "contexts": [_status_context(it) for it in latest.values()],
        "context": lambda _, name: latest.get(name) and _status_context(latest[name]),
    }


def _status_context(it: Status) -> Node:
    return {
        "__typename": "StatusContext",
        "id": node_id("SC", it.id),
        "state": it.state.upper(),
        "context": it.context,
        "description": it.description,
        "targetUrl": it.target_url,
        "createdAt": stamp(it.created_at),
        "creator": _actor(BOT, is_bot=True),
    }


def _account(world: World, login: str | None) -> Node | None:
    """A person, with the account's number, which stays when the login changes."""
    number = number_for(world.renamed.get(login, login)) >> 4 if login else 0  # these still fit into 32 bits
    return {**(_actor(login) or {}), "databaseId": number} if login else None


def _actor(login: str | None, *, is_bot: bool = False) -> Node | None:
    """A bot's login has no `[bot]` here, unlike in REST."""
    if login is None:
        return None
    kind = "Bot" if is_bot else "User"
    return {"__typename": kind, "id": node_id(kind, login), "login": login, "url": f"{WEB}/{login}"}


def _connection(keyed: list[tuple[list[Any], Node]], window: Mapping[str, Any], *, descending: bool = False) -> Node:
    """A page of the nodes. A cursor names the node's key, so that one that has gone leaves no gap and no repeat."""
    first, last, after, before = (window.get(name) for name in ("first", "last", "after", "before"))
    size = first if last is None else last
    if size is None or None not in {first, last}:
        message = "You must provide a `first` or `last` value to properly paginate the connection."
        raise RefusalError("MISSING_PAGINATION_BOUNDARIES", message)
    if not 0 <= size <= 100:
        message = f"Requesting {size} records on the connection exceeds the `first` limit of 100 records."
        raise RefusalError("EXCESSIVE_PAGINATION", message)
    inside = [
        (key, node)
        for key, node in keyed
        if (after is None or _follows(key, _key(after), descending))
        and (before is None or _follows(_key(before), key, descending))
    ]
    shown = inside[:size] if last is None else inside[len(inside) - min(size, len(inside)) :]
    more = len(inside) > len(shown)
    page = {
        "__typename": "PageInfo",
        "hasNextPage": more if last is None else before is not None,
        "hasPreviousPage": more if last is not None else after is not None,
        "startCursor": _cursor(shown[0][0]) if shown else None,
        "endCursor": _cursor(shown[-1][0]) if shown else None,
    }
    return {
        "pageInfo": page,
        "totalCount": len(keyed),
        "nodes": [node for _, node in shown if not node.get("isWithheld")],
        "edges": [{"cursor": _cursor(key), "node": node} for key, node in shown if not node.get("isWithheld")],
    }


def _follows(key: list[Any], other: list[Any], descending: bool) -> bool:
    return key < other if descending else key > other


def _cursor(key: Iterable[Any]) -> str:
    return base64.b64encode(b"cursor:v2:" + json.dumps(key).encode()).decode()


def _key(cursor: str) -> list[Any]:
    try:
        key: list[Any] = json.loads(base64.b64decode(cursor).removeprefix(b"cursor:v2:"))
    except ValueError as error:
        raise RefusalError("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from error
    return key
