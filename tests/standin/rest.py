"""GitHub's REST operations over the world; each is listed under its name in the published description."""

import base64
import fnmatch
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from standin import shapes
from standin.descriptions import fill
from standin.state import BOT, Issue, Pull, RefusedError, Run, Status, World

T = TypeVar("T")
REPO = "/repos/{owner}/{repo}"
DOCUMENTATION = "https://docs.github.com/rest"
SPANNING = {"ref", "basehead", "branch", "path"}  # what may hold a slash
MOST_FILES, COMPARED_FILES, MOST_RUNS, MOST_STATUSES = 3000, 300, 1000, 1000


@dataclass(frozen=True)
class Call:
    """A request whose parameters are read and valid; `address` is its URL without the query, for links."""

    path: dict[str, Any]
    query: dict[str, Any]
    body: Any
    address: str


@dataclass(frozen=True)
class Reply:
    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class ProblemError(Exception):
    """GitHub's answer to a request it does not fulfil."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.reply = Reply(
            {"message": message, "documentation_url": DOCUMENTATION, **more, **_repeated(status)}, status
        )


def _repeated(status: int) -> dict[str, str]:
    return {} if status == 422 else {"status": str(status)}


def not_found() -> ProblemError:
    return ProblemError(404, "Not Found")


def invalid(message: str, /, **error: str) -> ProblemError:
    errors = {"errors": [{"code": "custom", **error}]} if error else {}
    return ProblemError(422, message, **errors)


Answer = Callable[[World, Call], Reply]


@dataclass(frozen=True)
class Route:
    operation: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    answer: Answer


ROUTES: list[Route] = []


def route(operation: str, *needs: str) -> Callable[[Answer], Answer]:
    """Answer this operation for a token that has one of the permissions, each `name:read` or `name:write`."""
    pattern = re.sub(r"\{(\w+)\}", lambda it: f"(?P<{it[1]}>{'.+' if it[1] in SPANNING else '[^/]+'})", operation)

    def add(answer: Answer) -> Answer:
        ROUTES.append(Route(operation, needs, re.compile(pattern), answer))
        return answer

    return add


def paged(items: Sequence[T], call: Call) -> tuple[Sequence[T], dict[str, str]]:
    """The page asked for, and its Link header."""
    size = min(max(call.query.get("per_page", 30), 1), 100)
    page = max(call.query.get("page", 1), 1)
    last = max(-(-len(items) // size), 1)
    others: dict[str, int] = {}
    if page > 1:
        others |= {"prev": page - 1, "first": 1}
    if page < last:
        others |= {"next": page + 1, "last": last}
    links = (
        f'<{call.address}?{urlencode({**call.query, "page": number})}>; rel="{name}"' for name, number in others.items()
    )
    return items[(page - 1) * size : page * size], {"link": ", ".join(links)} if others else {}


def _pull_or_404(world: World, call: Call) -> Any:
    if call.path["pull_number"] not in world.pulls:
        raise not_found()
    return world.pulls[call.path["pull_number"]]


@route(f"GET {REPO}", "metadata:read")
def _repository(world: World, _: Call) -> Reply:
    return Reply(shapes.full_repository(world))


@route(f"GET {REPO}/pulls/{{pull_number}}", "pull_requests:read")
def _pull(world: World, call: Call) -> Reply:
    return Reply(shapes.pull(world, _pull_or_404(world, call)))


@route(f"GET {REPO}/pulls/{{pull_number}}/files", "pull_requests:read")
def _files(world: World, call: Call) -> Reply:
    pull = _pull_or_404(world, call)
    changes, links = paged(shapes.pull_changes(world, pull)[:MOST_FILES], call)
    return Reply([shapes.changed_file(world, change, pull.head_sha) for change in changes], headers=links)


@route(f"GET {REPO}/compare/{{basehead}}", "contents:read")
def _compare(world: World, call: Call) -> Reply:
    """Commits come in pages; the first brings at most 300 files, and nothing shows that more were left out."""
    ends = [world.commit_named(end) for end in call.path["basehead"].split("...")]
    if len(ends) != 2 or None in ends:
        raise not_found()
    base, head = (world.objects.commits[end] for end in ends if end)
    common = world.objects.merge_base(base.sha, head.sha)
    new = world.objects.ancestors(head.sha) - world.objects.ancestors(base.sha)
    behind = len(world.objects.ancestors(base.sha) - world.objects.ancestors(head.sha))
    commits = sorted((world.objects.commits[sha] for sha in new), key=lambda it: it.place)
    shown, links = (commits[:250], {}) if not call.query.keys() & {"page", "per_page"} else paged(commits, call)
    changes = world.objects.changes(common, head.sha)[:COMPARED_FILES] if call.query.get("page", 1) == 1 else []
    page = f"{shapes.WEB}/{world.repository}/compare/{call.path['basehead']}"
    body = {
        "url": f"{shapes.API}/repos/{world.repository}/compare/{call.path['basehead']}",
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": shapes.commit(world, base),
        "merge_base_commit": shapes.commit(world, world.objects.commits[common]),
        "status": ("diverged" if behind else "ahead") if new else ("behind" if behind else "identical"),
        "ahead_by": len(new),
        "behind_by": behind,
        "total_commits": len(new),
        "commits": [shapes.commit(world, it) for it in shown],
        "files": [shapes.changed_file(world, change, head.sha) for change in changes],
    }
    return Reply(body, headers=links)


@route(f"GET {REPO}/git/trees/{{tree_sha}}", "contents:read")
def _tree(world: World, call: Call) -> Reply:
    named = call.path["tree_sha"]
    commit = world.commit_named(named)
    sha = world.objects.commits[commit].tree if commit else named
    if not world.objects.is_tree(sha):
        raise not_found()
    return Reply(shapes.tree(world, sha, recursive="recursive" in call.query, limit=world.tree_limit))


@route(f"GET {REPO}/git/blobs/{{file_sha}}", "contents:read")
def _blob(world: World, call: Call) -> Reply:
    data = world.objects.blob(call.path["file_sha"])
    if data is None:
        raise not_found()
    return Reply(shapes.blob(world, call.path["file_sha"], data))


@route(f"GET {REPO}/actions/runs", "actions:read")
def _runs(world: World, call: Call) -> Reply:
    query = call.query
    runs = sorted(world.runs, key=lambda run: (run.created_at, run.id), reverse=True)
    runs = [run for run in runs if all(_chosen(run, name, value) for name, value in query.items())]
    filters = query.keys() & {"actor", "branch", "event", "status", "created", "head_sha", "check_suite_id"}
    shown, links = paged(runs[:MOST_RUNS] if filters else runs, call)
    body = {"total_count": len(runs), "workflow_runs": [shapes.run(world, run) for run in shown]}
    return Reply(body, headers=links)


@route(f"GET {REPO}/actions/runs/{{run_id}}", "actions:read")
def _one_run(world: World, call: Call) -> Reply:
    run = next((each for each in world.runs if each.id == call.path["run_id"]), None)
    if run is None:
        raise not_found()
    return Reply(shapes.run(world, run))


def _chosen(run: Run, name: str, value: Any) -> bool:
    if name == "created":
        return _within(run.created_at, value)
    if name == "status":
        return value in {run.status, run.conclusion}
    own = {"branch": run.head_branch, "event": run.event, "head_sha": run.head_sha, "actor": run.actor}
    if name in {"page", "per_page", "exclude_pull_requests"}:
        return True
    assert name in own, f"the stand-in does not choose runs by {name}; add it to tests/standin/rest.py"
    return bool(own[name] == value)


def _within(moment: datetime, span: str) -> bool:
    """GitHub's ranges: `>=A`, `<A`, `A..B`, `A..*`, or a day."""
    if ".." in span:
        first, last = span.split("..")
        return (first == "*" or _within(moment, f">={first}")) and (last == "*" or _within(moment, f"<={last}"))
    match = re.fullmatch(r"([<>]=?)?(.+)", span)
    assert match
    sign, text = match.groups()
    named = datetime.fromisoformat(text)
    named = named if named.tzinfo else named.replace(tzinfo=UTC)
    moment = moment.replace(microsecond=0)
    if len(text) == 10 and sign in {None, "<=", ">"}:  # the whole day is meant
        same = moment.astimezone(UTC).date() == named.date()
        return same if sign is None else (same or moment < named) if sign == "<=" else (not same and moment > named)
    orders = {">=": moment >= named, ">": moment > named, "<=": moment <= named, "<": moment < named}
    return orders.get(sign or "", moment == named)


@route(f"GET {REPO}/issues", "issues:read")
def _issues(world: World, call: Call) -> Reply:
    """Pull requests are among the issues, as on GitHub."""
    known = {"state", "labels", "page", "per_page", "sort", "direction", "creator"}
    assert call.query.keys() <= known, f"the stand-in chooses issues by {sorted(known)} only"
    labels = set(filter(None, call.query.get("labels", "").split(",")))
    state = call.query.get("state", "open")
    issues: list[Issue | Pull] = [*world.issues.values()] if labels else [*world.issues.values(), *world.pulls.values()]
    issues = [it for it in issues if state in {"all", it.state} and labels <= set(getattr(it, "labels", ()))]
    if "creator" in call.query:
        issues = [it for it in issues if (shapes.issue(world, it)["user"] or {}).get("login") == call.query["creator"]]
    updated = call.query.get("sort", "created") == "updated"
    issues.sort(key=lambda it: (it.updated_at if updated else it.created_at, it.number))
    if call.query.get("direction", "desc") == "desc":
        issues.reverse()
    shown, links = paged(issues, call)
    return Reply([shapes.issue(world, it) for it in shown], headers=links)


@route(f"POST {REPO}/issues", "issues:write")
def _open_issue(world: World, call: Call) -> Reply:
    known = {"title", "body", "labels"}
    assert call.body.keys() <= known, f"the stand-in opens issues with {sorted(known)} only"
    labels = [label if isinstance(label, str) else label["name"] for label in call.body.get("labels", ())]
    number = world.open_issue(BOT, str(call.body["title"]), call.body.get("body"), labels, is_bot=True)
    return Reply(shapes.issue(world, world.issues[number]), 201)


@route(f"PATCH {REPO}/issues/{{issue_number}}", "issues:write")
def _edit_issue(world: World, call: Call) -> Reply:
    issue = world.issues.get(call.path["issue_number"])
    if issue is None:
        raise not_found()
    known = {"title", "body", "labels", "state", "state_reason"}
    assert (call.body or {}).keys() <= known, f"the stand-in edits {sorted(known)} of an issue only"
    for name, value in (call.body or {}).items():
        setattr(issue, name, value)
    issue.closed_at = None if issue.state == "open" else issue.closed_at or world.now
    issue.updated_at = world.now
    return Reply(shapes.issue(world, issue))


@route(f"GET {REPO}/issues/{{issue_number}}/comments", "issues:read", "pull_requests:read")
def _comments(world: World, call: Call) -> Reply:
    assert "since" not in call.query, "the stand-in does not choose comments by since"
    _issue_or_404(world, call)
    shown, links = paged(world.comments_on(call.path["issue_number"]), call)
    return Reply([shapes.comment(world, it) for it in shown], headers=links)


@route(f"POST {REPO}/issues/{{issue_number}}/comments", "issues:write", "pull_requests:write")
def _comment(world: World, call: Call) -> Reply:
    _issue_or_404(world, call)
    body = _comment_body(call)
    identifier = world.comment(call.path["issue_number"], BOT, body, is_bot=True)
    return Reply(shapes.comment(world, world.comments[identifier]), 201)


@route(f"GET {REPO}/issues/comments/{{comment_id}}", "issues:read", "pull_requests:read")
def _get_comment(world: World, call: Call) -> Reply:
    if call.path["comment_id"] not in world.comments:
        raise not_found()
    return Reply(shapes.comment(world, world.comments[call.path["comment_id"]]))


@route(f"PATCH {REPO}/issues/comments/{{comment_id}}", "issues:write", "pull_requests:write")
def _edit_comment(world: World, call: Call) -> Reply:
    comment = world.comments.get(call.path["comment_id"])
    if comment is None:
        raise not_found()
    comment.body = _comment_body(call)
    comment.updated_at = world.now
    world.touch(comment.number)
    return Reply(shapes.comment(world, comment))


def _issue_or_404(world: World, call: Call) -> None:
    if call.path["issue_number"] not in world.pulls.keys() | world.issues.keys():
        raise not_found()


def _comment_body(call: Call) -> str:
    body: str = call.body["body"]
    if not body.strip():
        raise invalid("Validation Failed", resource="IssueComment", field="body", message="body can't be blank")
    if len(body) > 65536:
        problem = "body is too long (maximum is 65536 characters)"
        raise invalid("Validation Failed", resource="IssueComment", field="body", message=problem)
    return body


@route(f"POST {REPO}/pulls/{{pull_number}}/reviews", "pull_requests:write")
def _review(world: World, call: Call) -> Reply:
    """Only comments at once and at lines on the right side; GitHub refuses all where it refuses one."""
    pull, body = _pull_or_404(world, call), call.body
    assert body["event"] == "COMMENT", "the stand-in knows only reviews that comment"
    texts = [body.get("body", ""), *(it["body"] for it in body["comments"])]
    if not all(text.strip() for text in texts) or max(map(len, texts)) > 65536:
        raise ProblemError(422, "Unprocessable Entity", errors=["Body can't be blank, or is too long"])
    for it in body["comments"]:
        assert it.keys() <= {"path", "body", "line", "side", "start_line", "start_side"}, (
            "the stand-in knows no position"
        )
        assert {it["side"], it.get("start_side", "RIGHT")} == {"RIGHT"}, "the stand-in knows only lines as they are now"
        if it.get("start_line", 0) >= it["line"]:
            raise ProblemError(422, "Unprocessable Entity", errors=["start_line must precede the end line."])
    comments = [(it["path"], it.get("start_line", it["line"]), it["line"], it["body"]) for it in body["comments"]]
    try:
        world.review(pull.number, BOT, comments, is_bot=True, commit=body.get("commit_id", ""))
    except RefusedError as error:
        raise ProblemError(422, "Unprocessable Entity", errors=[str(error)]) from error
    number = world.new_id()
    page = f"{shapes.WEB}/{world.repository}/pull/{pull.number}#pullrequestreview-{number}"
    links = {"html": {"href": page}, "pull_request": {"href": page}}
    known = {"user": shapes.user(BOT, True), "commit_id": body.get("commit_id"), "state": "COMMENTED", "_links": links}
    return Reply(fill("pull-request-review", id=number, body=body["body"], html_url=page, **known))


@route(f"DELETE {REPO}/pulls/comments/{{comment_id}}", "pull_requests:write")
def _delete_review_comment(world: World, call: Call) -> Reply:
    """Replies stay, as they do on GitHub."""
    if call.path["comment_id"] not in world.review_comments:
        raise not_found()
    del world.review_comments[call.path["comment_id"]]
    return Reply(None, 204)


@route(f"POST {REPO}/statuses/{{sha}}", "statuses:write")
def _set_status(world: World, call: Call) -> Reply:
    sha, body = call.path["sha"], call.body
    if sha not in world.objects.commits:
        raise invalid(f"No commit found for SHA: {sha}")
    context = body.get("context", "default")
    description = body.get("description")
    if len(description or "") > 140:
        problem = "description is too long (maximum is 140 characters)"
        raise invalid("Validation Failed", resource="Status", field="description", message=problem)
    given = world.statuses.setdefault(sha, [])
    if sum(it.context == context for it in given) >= MOST_STATUSES:
        problem = "This SHA and context has reached the maximum number of statuses."
        raise invalid("Validation Failed", resource="Status", message=problem)
    status = Status(world.new_id(), sha, body["state"], context, description, body.get("target_url"), world.now)
    given.append(status)
    return Reply(shapes.status(world, status), 201)


@route(f"GET {REPO}/commits/{{ref}}/status", "statuses:read")
def _status(world: World, call: Call) -> Reply:
    sha = world.commit_named(call.path["ref"])
    if sha is None:
        raise not_found()
    latest = world.latest(sha)
    shown, links = paged(latest, call)
    return Reply(shapes.combined(world, sha, latest, list(shown)), headers=links)


@route(f"GET {REPO}/rules/branches/{{branch}}", "metadata:read")
def _rules(world: World, call: Call) -> Reply:
    """Rules of rulesets, and those that tests set for main by themselves."""
    branch = call.path["branch"]
    rules = list(world.settings["rules"]) if branch == "main" else []
    for number, ruleset in world.settings["rulesets"].items():
        where = {"ruleset_source_type": "Repository", "ruleset_source": world.repository, "ruleset_id": number}
        if ruleset["enforcement"] == "active" and _is_meant(branch, ruleset["conditions"]["ref_name"]):
            rules += [{**rule, **where} for rule in ruleset["rules"]]
    shown, links = paged(rules, call)
    return Reply(list(shown), headers=links)


def _is_meant(branch: str, named: dict[str, list[str]]) -> bool:
    patterns = {"~ALL": "*", "~DEFAULT_BRANCH": "refs/heads/main"}
    included, excluded = (
        any(fnmatch.fnmatchcase(f"refs/heads/{branch}", patterns.get(it, it)) for it in named.get(name, ()))
        for name in ("include", "exclude")
    )
    return included and not excluded


@route(f"GET {REPO}/rulesets/{{ruleset_id}}", "metadata:read")
def _ruleset(world: World, call: Call) -> Reply:
    """Who may bypass a ruleset is shown only to whoever may change it."""
    ruleset = world.settings["rulesets"].get(call.path["ruleset_id"])
    if ruleset is None:
        raise not_found()
    if world.permissions.get("administration") == "write":  # type: ignore[attr-defined]
        return Reply(ruleset)
    return Reply({name: value for name, value in ruleset.items() if name != "bypass_actors"})


@route(f"POST {REPO}/rulesets", "administration:write")
def _add_ruleset(world: World, call: Call) -> Reply:
    rulesets = world.settings["rulesets"]
    if call.body["name"] in [it["name"] for it in rulesets.values()]:
        raise invalid("Validation Failed", resource="Ruleset", field="name", message="Name must be unique")
    number = world.new_id()
    rulesets[number] = {"id": number, "source_type": "Repository", "source": world.repository, **call.body}
    return Reply(rulesets[number], 201)


@route(f"GET {REPO}/branches/{{branch}}/protection", "administration:read")
def _protection(world: World, _: Call) -> Reply:
    if world.settings["protection"] is None:
        raise ProblemError(404, "Branch not protected")
    return Reply(world.settings["protection"])


SETTINGS = (  # path, permission, and the setting that is the answer
    ("pages", "pages:read", "pages"),
    ("actions/permissions", "administration:read", "actions"),
    ("actions/permissions/workflow", "administration:read", "workflow"),
    ("actions/permissions/selected-actions", "administration:read", "selected_actions"),
    ("actions/permissions/fork-pr-contributor-approval", "administration:read", "approval"),
    ("actions/permissions/artifact-and-log-retention", "administration:read", "retention"),
)
for path, permission, name in SETTINGS:
    route(f"GET {REPO}/{path}", permission)(lambda world, _, name=name: _setting(world.settings[name]))


@route(f"GET {REPO}/actions/workflows", "actions:read")
def _workflows(world: World, call: Call) -> Reply:
    """The setting names each workflow's file and its state."""
    states = world.settings["workflows"]
    shown, links = paged([fill("workflow", path=path, state=state) for path, state in states.items()], call)
    return Reply({"total_count": len(states), "workflows": list(shown)}, headers=links)


@route(f"POST {REPO}/actions/workflows/{{workflow_id}}/dispatches", "actions:write")
def _dispatch(world: World, call: Call) -> Reply:
    """GitHub refuses a disabled workflow, whatever disabled it, and inputs that the workflow does not name."""
    path = f".github/workflows/{call.path['workflow_id']}"
    if path not in world.settings["workflows"]:
        raise not_found()
    if world.commit_named(call.body["ref"]) != world.main:
        raise invalid(f"No ref found for: {call.body['ref']}")
    if world.settings["workflows"][path] != "active":
        raise invalid("Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    inputs = call.body.get("inputs", {})
    unknown = [name for name in inputs if name not in world.settings["inputs"].get(path, {})]
    if unknown:
        raise invalid(f"Unexpected inputs provided: {json.dumps(unknown)}")
    world.dispatch(path, inputs)
    number = world.new_id()
    here = f"{world.repository}/actions/runs/{number}"
    run = {"run_url": f"{shapes.API}/repos/{here}", "html_url": f"{shapes.WEB}/{here}"}
    assert call.body.get("return_run_details"), "the stand-in has no answer without a body; ask for the run's details"
    return Reply({"workflow_run_id": number, **run})


@route(f"GET {REPO}/collaborators", "metadata:read")
def _collaborators(world: World, call: Call) -> Reply:
    """Only those who may push, by whatever way; only who may push as well is shown them."""
    assert call.query.get("permission") == "push", "the stand-in knows only who may push"
    if world.permissions.get("administration", "none") == "none":  # type: ignore[attr-defined]
        raise ProblemError(403, "Must have push access to view repository collaborators.")
    people = [{**(shapes.user(login) or {}), "role_name": role} for login, role in world.settings["writers"].items()]
    shown, links = paged(people, call)
    return Reply(list(shown), headers=links)


@route(f"GET {REPO}/contents/{{path}}", "contents:read")
def _contents(world: World, call: Call) -> Reply:
    path, branch = call.path["path"], call.query.get("ref", "main")
    text = world.settings["contents"].get((branch, path))
    entry = world.objects.files(world.main).get(path) if branch == "main" else None
    data = text.encode() if text is not None else world.objects.blob(entry.sha) if entry else None
    if data is None:
        raise not_found()
    content = base64.encodebytes(data).decode()
    links = {"self": call.address, "git": None, "html": None}
    return Reply(
        fill(
            "content-file",
            path=path,
            content=content,
            encoding="base64",
            size=len(data),
            url=call.address,
            _links=links,
        )
    )


@route("GET /orgs/{org}", "metadata:read")
def _organization(world: World, _: Call) -> Reply:
    """The base permission of members is shown to the organization's owners alone."""
    known = _setting(world.settings["organization"]).body
    if world.permissions.get("administration") != "write":  # type: ignore[attr-defined]
        known = {name: value for name, value in known.items() if name != "default_repository_permission"}
    return Reply(fill("organization-full", login=world.owner, type="Organization", **known))


@route(f"GET {REPO}/codeowners/errors", "contents:read")
def _codeowners(world: World, _: Call) -> Reply:
    if world.settings["codeowners_errors"] is None:
        raise not_found()
    return Reply({"errors": world.settings["codeowners_errors"]})


@route(f"GET {REPO}/environments/{{environment_name}}", "actions:read")
def _environment(world: World, call: Call) -> Reply:
    return _setting(world.settings["environments"].get(call.path["environment_name"]))


@route(f"GET {REPO}/environments/{{environment_name}}/deployment-branch-policies", "actions:read")
def _branch_policies(world: World, call: Call) -> Reply:
    shown, links = paged(world.settings["branch_policies"], call)
    return Reply({"total_count": len(world.settings["branch_policies"]), "branch_policies": list(shown)}, headers=links)


def _setting(value: Any) -> Reply:
    if value is None:
        raise not_found()
    return Reply(value)
