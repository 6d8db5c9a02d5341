"""The stand-in for GitHub behaves as GitHub does, and refuses what GitHub does not describe."""

import base64
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from jsonschema import Draft202012Validator
from standin import (
    ConflictError,
    Fault,
    RefusedError,
    StandIn,
    Submodule,
    Symlink,
    fill,
    partial,
    primary_limit,
    secondary_limit,
)
from standin.describe import OPERATIONS, queries
from standin.descriptions import check_answer, described, parsed
from standin.pruning import pruned
from standin.rest import ROUTES

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HUB = "/repos/course/hub"
QUERIES = queries()
WHO = {"owner": "course", "name": "hub"}


@pytest.fixture
def github(tmp_path: Path) -> StandIn:
    files = {"data/course.yaml": "name: x\n", "posts/F2026/old.md": "one\ntwo\nthree\nfour\n"}
    return StandIn(tmp_path / "hub.git", files, NOW)


def client(transport: httpx2.BaseTransport | None, url: str = "https://api.github.com") -> httpx2.Client:
    return httpx2.Client(transport=transport, base_url=url, headers={"authorization": "Bearer t"}, timeout=60)


@pytest.fixture
def http(github: StandIn) -> Iterator[httpx2.Client]:
    with client(github.transport()) as http:
        yield http


def ask(http: httpx2.Client, name: str, **variables: Any) -> Any:
    sent = http.post("/graphql", json={"query": QUERIES[name], "variables": {**WHO, **variables}})
    assert sent.status_code == 200
    return sent.json()


def pulls(http: httpx2.Client, after: str | None = None) -> Any:
    return ask(http, "open_pulls.graphql", context="desk", after=after)["data"]["repository"]["pullRequests"]


def test_all_that_is_described_is_answered() -> None:
    assert set(OPERATIONS) == set(described()["operations"]) == {route.operation for route in ROUTES}


@pytest.mark.parametrize("name", QUERIES)
def test_queries_are_valid(name: str) -> None:
    parsed(QUERIES[name])


def test_a_query_beyond_the_copy_fails_with_how_to_renew_it() -> None:
    with pytest.raises(AssertionError, match=r"Cannot query field 'nonsense'[\s\S]*descriptions/README.md"):
        parsed('{ repository(owner: "a", name: "b") { nonsense } }')


def test_pruning_keeps_what_is_asked() -> None:
    full = """
    interface Actor { login: String! url: String! }
    "Somebody." type User implements Actor & Node { login: String! url: String! id: ID! }
    type Bot implements Actor { login: String! url: String! id: ID! }
    interface Node { id: ID! }
    enum Order { UP DOWN }
    input By { order: Order! }
    type Other { id: ID! }
    union Any = User | Other
    type Query { author(by: By, unused: Int, needed: Int!): Actor any: Any other: Other }
    """
    expected = """
    interface Actor { login: String! }
    type User implements Actor { login: String! }
    type Bot implements Actor { login: String! }
    enum Order { UP DOWN }
    input By { order: Order! }
    union Any = User
    type Query { author(by: By, needed: Int!): Actor any: Any }
    """
    query = "{ author(by: {order: UP}, needed: 1) { login } any { ... on User { login } } }"
    assert pruned(full, {"q": query}).split() == pruned(expected, {"q": query}).split()
    with pytest.raises(AssertionError, match="q: Cannot query field 'name'"):
        pruned(full, {"q": "{ other { name } }"})


def test_the_descriptions_are_schemas() -> None:
    """Each request is checked by its own without asking that again."""
    parameters = [
        each["schema"] for operation in described()["operations"].values() for each in operation["parameters"]
    ]
    for schema in (*described()["schemas"].values(), *parameters):
        Draft202012Validator.check_schema(schema)


def test_a_wrong_answer_is_refused() -> None:
    comment = fill("issue-comment")
    operation = "GET /repos/{owner}/{repo}/issues/comments/{comment_id}"
    check_answer(operation, 200, comment)
    wrong = [{"id": "1"}, {"created_at": "yesterday"}, {"invented": 1}, {"url": "no address"}, {"user": {"login": "x"}}]
    for change in wrong:
        with pytest.raises(AssertionError, match="the answer 200 to GET"):
            check_answer(operation, 200, {**comment, **change})
    with pytest.raises(AssertionError, match="does not answer 204"):
        check_answer(operation, 204, None)


@pytest.mark.parametrize(
    ("method", "path", "body", "problem"),
    [
        ("GET", f"{HUB}/nothing", None, "the stand-in has no GET /repos/course/hub/nothing"),
        ("GET", f"{HUB}/pulls/1?perpage=3", None, "has no parameter 'perpage'"),
        ("GET", f"{HUB}/pulls/one", None, "'one' is no whole number"),
        ("POST", f"{HUB}/issues/1/comments", {"text": "x"}, "the body of POST"),
        ("POST", f"{HUB}/statuses/abc", {"state": "fine"}, "is not one of"),
        ("POST", "/graphql", {"query": "{ viewer { login } }"}, "Cannot query field 'viewer'"),
    ],
)
def test_a_wrong_request_is_loud(github: StandIn, method: str, path: str, body: Any, problem: str) -> None:
    with client(github.transport()) as http, pytest.raises(AssertionError, match=problem):
        http.request(method, path, json=body)
    assert len(github.faults_of_ours) == 1


def test_a_wrong_graphql_answer_is_refused(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("ann", {"x.md": "x"})
    github.pulls[number].head_sha, head = "no sha", github.pulls[number].head_sha
    github.objects.commits["no sha"] = github.objects.commits[head]
    github.undecided.add(number)
    with pytest.raises(AssertionError, match="no GitObjectID: 'no sha'"):
        pulls(http)


def test_everything_that_can_be_read(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("ann", {"posts/F2026/new.md": "hi\n", "link": Symlink("posts"), "sub": Submodule()})
    comment = github.comment(number, None, "from a deleted account")
    issue = http.post(f"{HUB}/issues", json={"title": "Report", "body": "x", "labels": ["report"]}).json()["number"]
    github.permissions |= {"administration": "read"}
    github.settings |= {
        "protection": {"url": "https://api.github.com/x", "enabled": True},
        "pages": fill("page", build_type="workflow"),
        "rules": [{"type": "deletion", "ruleset_source": "course/hub", "ruleset_source_type": "Repository"}],
        "environments": {
            "github-pages": fill(
                "environment",
                name="github-pages",
            )
        },
    }
    head = github.pulls[number].head_sha
    blob = github.objects.files(head)["link"].sha
    paths = f"""
        / /pulls/{number} /pulls/{number}/files /compare/main...ann:claim-1 /git/trees/{head}?recursive=1
        /git/trees/main /git/blobs/{blob} /actions/runs /issues /issues?labels=report&state=all
        /issues/{issue}/comments /issues/{number}/comments /issues/comments/{comment} /commits/{head}/status
        /commits/main/status /rules/branches/main /branches/main/protection /pages /actions/permissions
        /actions/permissions/workflow /codeowners/errors /environments/github-pages
    """.split()
    answers = {path: http.get((HUB + path).rstrip("/")) for path in paths}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 200)
    assert answers[f"/pulls/{number}"].json()["head"]["repo"]["full_name"] == "ann/hub"
    assert answers[f"/issues/comments/{comment}"].json()["user"] is None
    tree = answers[f"/git/trees/{head}?recursive=1"].json()["tree"]
    assert {leaf["path"]: (leaf["mode"], leaf["type"], leaf.get("size")) for leaf in tree} == {
        "data": ("040000", "tree", None),
        "data/course.yaml": ("100644", "blob", 8),
        "link": ("120000", "blob", 5),
        "posts": ("040000", "tree", None),
        "posts/F2026": ("040000", "tree", None),
        "posts/F2026/new.md": ("100644", "blob", 3),
        "posts/F2026/old.md": ("100644", "blob", 19),
        "sub": ("160000", "commit", None),
    }
    listed = github.objects.git("ls-tree", "-r", "-t", head).decode().splitlines()
    assert [f"{leaf['mode']} {leaf['type']} {leaf['sha']}\t{leaf['path']}" for leaf in tree] == listed
    assert base64.b64decode(answers[f"/git/blobs/{blob}"].json()["content"]) == b"posts"
    assert [it["number"] for it in answers["/issues?labels=report&state=all"].json()] == [issue]


def test_what_is_not_there(github: StandIn, http: httpx2.Client) -> None:
    github.permissions["administration"] = "read"
    for path in (
        "pulls/9",
        "git/blobs/" + "0" * 40,
        "git/trees/none",
        "pages",
        "branches/main/protection",
        "issues/comments/1",
    ):
        assert http.get(f"{HUB}/{path}").status_code == 404
    assert http.get("/repos/ann/hub").status_code == 404
    assert [error["type"] for error in ask(http, "comments.graphql", number=9)["errors"]] == ["NOT_FOUND"]


def test_files_come_in_pages(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("ann", {f"posts/{at:03}.md": f"{at}\n" for at in range(310)})
    page, seen = http.get(f"{HUB}/pulls/{number}/files?per_page=100"), []
    while True:
        seen += [file["filename"] for file in page.json()]
        if "next" not in page.links:
            break
        page = http.get(page.links["next"]["url"])
    assert seen == [f"posts/{at:03}.md" for at in range(310)]
    assert len(http.get(f"{HUB}/compare/main...ann:claim-1").json()["files"]) == 300
    assert http.get(f"{HUB}/compare/main...ann:claim-1?page=2").json()["files"] == []


def test_what_a_pull_request_changes(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("ann", {"data/course.yaml": None}, renames={"posts/F2026/old.md": "posts/F2026/new.md"})
    github.commit_to_main({"posts/F2026/other.md": "main moves on\n"})
    github.push(number, {"posts/F2026/new.md": "one\ntwo\nthree\nfour\nfive\n", "added.md": "x"})
    files = http.get(f"{HUB}/pulls/{number}/files").json()
    assert [
        (it["status"], it["filename"], it.get("previous_filename"), it["additions"], it["deletions"]) for it in files
    ] == [
        ("added", "added.md", None, 1, 0),
        ("removed", "data/course.yaml", None, 0, 1),
        ("renamed", "posts/F2026/new.md", "posts/F2026/old.md", 1, 0),
    ]
    github.merge(number)
    assert http.get(f"{HUB}/pulls/{number}/files").json() == files
    github.objects.git("fsck", "--strict")


def test_a_conflict(github: StandIn, http: httpx2.Client) -> None:
    first, second = (github.open(login, {"posts/F2026/same.md": login}) for login in ("ann", "bob"))
    github.merge(first)
    assert http.get(f"{HUB}/pulls/{second}").json()["mergeable"] is False
    assert [it["mergeable"] for it in pulls(http)["nodes"]] == ["CONFLICTING"]
    with pytest.raises(ConflictError):
        github.merge(second)
    runs = len(github.runs)
    github.push(second, {"posts/F2026/same.md": "still"})
    assert len(github.runs) == runs
    github.force_push(second, {"posts/F2026/another.md": "bob"})
    assert len(github.runs) == runs + 1
    github.undecided.add(second)
    assert http.get(f"{HUB}/pulls/{second}").json()["mergeable"] is None
    assert [(event.name, event.action, event.number) for event in github.events] == [
        ("pull_request_target", "opened", first),
        ("pull_request_target", "opened", second),
        ("pull_request_target", "closed", first),
        ("push", None, None),
        ("pull_request_target", "synchronize", second),
        ("pull_request_target", "synchronize", second),
    ]


def test_merging_without_git_agrees_with_git(tmp_path: Path) -> None:
    chance = random.Random(1)
    sides = (["a", "b", "d/e", "n"], ["b", "c", "d/f", "n/x"])
    decided = 0
    for at in range(15):
        github = StandIn(tmp_path / str(at), {"a": "1\n", "b": "2\n", "d/e": "3\n"}, NOW)
        for side in sides:
            github.open("ann", {path: f"{chance.random()}\n" for path in chance.sample(side, 2)})
        one, two = (pull.head_sha for pull in github.pulls.values())
        plain = github.objects._plainly_merged(one, two)
        assert plain is None or plain == github.objects._merged(one, two)
        decided += plain is not None
        for head in (one, two):
            added = github.objects._added(github.main, head)
            assert added is None or added == github.objects._compared(github.main, head)
    assert 0 < decided < 15


def test_runs(github: StandIn, http: httpx2.Client) -> None:
    for at in range(3):
        github.now = NOW + timedelta(hours=at)
        github.open("ann", {f"{at}.md": "x"}, branch=f"b{at}")
    github.close(3)
    github.reopen(3)

    def chosen(**query: str) -> list[str]:
        runs = http.get(f"{HUB}/actions/runs", params=query).json()["workflow_runs"]
        return [f"{run['head_branch']} {run['created_at'][11:13]} {run['conclusion']}" for run in runs]

    assert chosen() == ["b2 14 action_required"] * 2 + ["b1 13 action_required", "b0 12 action_required"]
    assert chosen(head_sha=github.pulls[1].head_sha, event="pull_request") == ["b0 12 action_required"]
    assert chosen(branch="b1", created=">=2026-11-01T13:00:00Z") == ["b1 13 action_required"]
    assert chosen(created="2026-11-01T12:30:00Z..2026-11-01T13:30:00Z") == ["b1 13 action_required"]
    assert chosen(created="<2026-11-01") == []


@pytest.mark.parametrize(
    ("name", "body", "status", "message"),
    [
        ("desk.yml", {"ref": "main", "inputs": {"again": "false"}}, 200, None),
        ("none.yml", {"ref": "main"}, 404, "Not Found"),
        ("desk.yml", {"ref": "other"}, 422, "No ref found for: other"),
        ("desk.yml", {"ref": "main", "inputs": {"often": "true"}}, 422, 'Unexpected inputs provided: ["often"]'),
        ("links.yml", {"ref": "main"}, 422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow"),
    ],
)
def test_a_workflow_is_started_or_why_not(
    github: StandIn, http: httpx2.Client, name: str, body: dict[str, Any], status: int, message: str | None
) -> None:
    github.permissions["actions"] = "write"
    desk, links = ".github/workflows/desk.yml", ".github/workflows/links.yml"
    github.settings |= {
        "workflows": {desk: "active", links: "disabled_inactivity"},
        "inputs": {desk: {"again": "true"}},
    }
    answer = http.post(f"{HUB}/actions/workflows/{name}/dispatches", json={**body, "return_run_details": True})
    assert (answer.status_code, answer.json().get("message")) == (status, message)
    payloads = [event.payload for event in github.events if event.name == "workflow_dispatch"]
    expected = [(".github/workflows/desk.yml", {"again": "false"})] if status == 200 else []
    assert [(payload["workflow"], payload["inputs"]) for payload in payloads] == expected


def test_comments_and_statuses(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("ann", {"x.md": "x"})
    other = github.comment(number, "github-actions", "no bot")
    comment = http.post(f"{HUB}/issues/{number}/comments", json={"body": "hello"}).json()
    assert (comment["user"]["login"], comment["user"]["type"]) == ("github-actions[bot]", "Bot")
    http.patch(f"{HUB}/issues/comments/{comment['id']}", json={"body": "again"})
    nodes = ask(http, "comments.graphql", number=number)["data"]["repository"]["pullRequest"]["comments"]["nodes"]
    assert [(node["fullDatabaseId"], node["author"], node["body"]) for node in nodes] == [
        (str(other), {"__typename": "User", "login": "github-actions"}, "no bot"),
        (str(comment["id"]), {"__typename": "Bot", "login": "github-actions"}, "again"),
    ]
    github.delete_comment(comment["id"])
    assert http.patch(f"{HUB}/issues/comments/{comment['id']}", json={"body": "gone"}).status_code == 404
    assert http.post(f"{HUB}/issues/{number}/comments", json={"body": "x" * 65537}).status_code == 422

    head = github.pulls[number].head_sha
    assert pulls(http)["nodes"][0]["commits"]["nodes"][0]["commit"]["status"] is None
    for state in ("failure", "success"):
        assert http.post(f"{HUB}/statuses/{head}", json={"state": state, "context": "desk"}).status_code == 201
    assert http.get(f"{HUB}/commits/{head}/status").json()["state"] == "success"
    assert pulls(http)["nodes"][0]["commits"]["nodes"][0]["commit"]["status"]["context"]["state"] == "SUCCESS"
    assert http.post(f"{HUB}/statuses/{head}", json={"state": "error", "description": "x" * 141}).status_code == 422
    assert http.post(f"{HUB}/statuses/{'0' * 40}", json={"state": "error"}).status_code == 422


def test_open_pulls_come_in_pages_without_gaps(github: StandIn, http: httpx2.Client) -> None:
    for at in range(60):
        github.open("ann", {f"{at}.md": "x"})
    github.delete_fork(60)
    github.delete_account("ann")
    page = pulls(http)
    seen = [it["number"] for it in page["nodes"]]
    github.close(3)  # has been seen; what follows is not shifted
    while page["pageInfo"]["hasNextPage"]:
        page = pulls(http, page["pageInfo"]["endCursor"])
        seen += [it["number"] for it in page["nodes"]]
    assert seen == list(range(1, 61))
    assert (page["nodes"][-1]["author"], page["nodes"][-1]["headRepository"]) == (None, None)
    assert http.get(f"{HUB}/pulls/60").json()["head"]["repo"] is None
    assert github.events[0].payload["pull_request"]["user"] == {"login": "ann"}
    with pytest.raises(RefusedError):
        github.push(60, {})
    limited = QUERIES["open_pulls.graphql"].replace("first: 25", "first: 101")
    sent = http.post("/graphql", json={"query": limited, "variables": {**WHO, "context": "desk"}})
    assert sent.json()["errors"][0]["type"] == "EXCESSIVE_PAGINATION"


def test_permissions(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("ann", {"x.md": "x"})
    assert http.get(HUB, headers={"authorization": ""}).status_code == 401
    refused = http.get(f"{HUB}/branches/main/protection")
    assert (refused.status_code, refused.json()["message"]) == (403, "Resource not accessible by integration")
    github.permissions = {"pull_requests": "read", "metadata": "read"}
    assert http.get(f"{HUB}/pulls/{number}").status_code == 200
    assert http.post(f"{HUB}/issues/{number}/comments", json={"body": "x"}).status_code == 403
    github.permissions = {}
    assert ask(http, "comments.graphql", number=number)["errors"][0]["type"] == "FORBIDDEN"


def test_faults(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("ann", {"x.md": "x"})
    path = f"{HUB}/issues/{number}/comments"
    github.fail("POST .*/comments", Fault(502, done=True))
    github.fail("POST .*/comments", Fault(timeout=True), skip=1)
    assert http.post(path, json={"body": "done all the same"}).status_code == 502
    assert http.post(path, json={"body": "well"}).status_code == 201
    with pytest.raises(httpx2.ReadTimeout):
        http.post(path, json={"body": "not done"})
    assert [it.body for it in github.comments_on(number)] == ["done all the same", "well"]
    github.fail("pulls/1$", Fault(truncate=True))
    with pytest.raises(httpx2.RemoteProtocolError):
        http.get(f"{HUB}/pulls/1")
    github.fail("pulls/1$", secondary_limit(30))
    limited = http.get(f"{HUB}/pulls/1")
    assert (limited.headers["retry-after"], limited.headers["date"]) == ("30", "Sun, 01 Nov 2026 12:00:00 GMT")
    github.fail("graphql OpenPulls", primary_limit(NOW), times=None)
    limited = http.post("/graphql", json={"query": QUERIES["open_pulls.graphql"], "variables": WHO})
    assert (limited.status_code, limited.headers["x-ratelimit-remaining"]) == (403, "0")
    github.clear_faults()
    github.fail("graphql OpenPulls", partial("repository", "pullRequests", "nodes", 0))
    answer = ask(http, "open_pulls.graphql", context="desk")
    assert answer["data"]["repository"]["pullRequests"]["nodes"] == [None]
    assert [error["path"] for error in answer["errors"]] == [["repository", "pullRequests", "nodes", 0]]


def test_over_http(github: StandIn) -> None:
    for at in range(3):
        github.open("ann", {f"{at}.md": "x"})
    with github.serve() as url, client(None, url) as http:
        page = http.get(f"{HUB}/actions/runs?per_page=2")
        assert [run["head_branch"] for run in http.get(page.links["next"]["url"]).json()["workflow_runs"]] == [
            "claim-1"
        ]
        assert len(pulls(http)["nodes"]) == 3
        github.fail("GET", Fault(truncate=True))
        with pytest.raises(httpx2.RemoteProtocolError):
            http.get(HUB)
        assert http.get(f"{HUB}/nonsense").status_code == 500
    assert len(github.faults_of_ours) == 1
    assert github.requests[0].path == f"{HUB}/actions/runs?per_page=2"


def review(http: httpx2.Client, number: int, *comments: dict[str, Any], **more: Any) -> httpx2.Response:
    sides = [{"side": "RIGHT", "body": "```suggestion\nnew\n```", **each} for each in comments]
    body = {"event": "COMMENT", "body": "Look", "comments": sides, **more}
    return http.post(f"{HUB}/pulls/{number}/reviews", json=body)


def threads(http: httpx2.Client, number: int) -> list[tuple[int | None, bool]]:
    pull = ask(http, "review_threads.graphql", number=number)["data"]["repository"]["pullRequest"]
    return [(it["line"], it["isOutdated"]) for it in pull["reviewThreads"]["nodes"]]


OLD, NEW = "posts/F2026/old.md", "posts/F2026/new.md"
REVIEWS = {
    "a line": ({"path": NEW, "line": 2}, 200),
    "lines": ({"path": NEW, "line": 3, "start_line": 1, "start_side": "RIGHT"}, 200),
    "a line behind the last": ({"path": NEW, "line": 4}, 422),
    "lines that begin nowhere": ({"path": NEW, "line": 2, "start_line": 0, "start_side": "RIGHT"}, 422),
    "lines the other way round": ({"path": NEW, "line": 1, "start_line": 2, "start_side": "RIGHT"}, 422),
    "a line in a hunk": ({"path": OLD, "line": 4}, 200),
    "a line outside": ({"path": OLD, "line": 20}, 422),
    "lines across hunks": ({"path": OLD, "line": 40, "start_line": 1, "start_side": "RIGHT"}, 422),
    "a file that is not changed": ({"path": "data/course.yaml", "line": 1}, 422),
    "no words": ({"path": NEW, "line": 1, "body": " "}, 422),
}


@pytest.mark.parametrize(("comment", "status"), REVIEWS.values(), ids=REVIEWS)
def test_a_review_speaks_of_lines_that_the_diff_shows(
    github: StandIn, http: httpx2.Client, comment: dict[str, Any], status: int
) -> None:
    lines = [f"line {number}" for number in range(1, 41)]
    github.commit_to_main({OLD: "\n".join(lines)})
    lines[0] = lines[39] = "other"
    number = github.open("octocat", {OLD: "\n".join(lines), NEW: "a\nb\nc\n"})
    assert review(http, number, {"path": NEW, "line": 1}, comment).status_code == status
    assert len(github.threads(number)) == (2 if status == 200 else 0)


def test_a_review_speaks_of_a_commit_of_the_pull_request(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("octocat", {NEW: "a\n"})
    before = github.pulls[number].head_sha
    github.push(number, {NEW: "a\nb\n"})
    assert review(http, number, {"path": NEW, "line": 1}, commit_id=github.main).status_code == 422
    assert review(http, number, {"path": NEW, "line": 2}, commit_id=before).status_code == 422
    assert review(http, number, {"path": NEW, "line": 1}, commit_id=before).status_code == 200
    github.permissions["pull_requests"] = "read"
    assert review(http, number, {"path": NEW, "line": 1}).status_code == 403


def test_a_thread_moves_with_its_line_until_that_changes(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("octocat", {NEW: "a\nb\nc\n"})
    review(http, number, {"path": NEW, "line": 2})
    github.push(number, {NEW: "new\na\nb\nc\nmore\n"})
    assert threads(http, number) == [(3, False)]
    github.push(number, {NEW: "new\na\nB\nc\n"})
    assert threads(http, number) == [(None, True)]
    github.push(number, {NEW: None, OLD: "x\n"})
    assert threads(http, number) == [(None, True)]


def test_suggestions_are_committed_by_who_may_write(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("octocat", {NEW: "a\nb\nc\n"})
    review(http, number, {"path": NEW, "line": 1}, {"path": NEW, "line": 3, "body": "```suggestion\n```"})
    ids = [it.id for it in github.threads(number)]
    with pytest.raises(RefusedError):
        github.commit_suggestions(number, ids, "mallory")
    head = github.commit_suggestions(number, ids, "octocat")
    assert github.objects.blob(github.objects.files(head)[NEW].sha) == b"new\nb\n"
    with pytest.raises(RefusedError, match="Outdated"):
        github.commit_suggestions(number, ids, "octocat")


def test_replies_outlive_the_comment_that_they_answer(github: StandIn, http: httpx2.Client) -> None:
    number = github.open("octocat", {NEW: "a\n"})
    review(http, number, {"path": NEW, "line": 1})
    [first] = github.threads(number)
    github.reply(first.id, "octocat", "Why?")
    assert http.delete(f"{HUB}/pulls/comments/{first.id}").status_code == 204
    assert http.delete(f"{HUB}/pulls/comments/{first.id}").status_code == 404
    assert [it.body for it in github.threads(number)] == ["Why?"]
