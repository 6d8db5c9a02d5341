"""Requests to GitHub return the whole answer or raise an error that names the request; nobody waits in vain."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from standin import Fault, StandIn, partial, primary_limit, secondary_limit

from coursehub.github.door import GitHub, GitHubError, NotFoundError
from coursehub.text.wording import plural

pytestmark = pytest.mark.slow

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
HUB = "/repos/course/hub"
API = "https://api.github.com"


class Page(msgspec.Struct):
    workflow_runs: list[dict[str, Any]]


class Pull(msgspec.Struct):
    number: int


class Named(msgspec.Struct):
    name: str


class Repository(msgspec.Struct, rename="camel"):
    default_branch_ref: Named


class Rig:
    """The stand-in with one pull request, a door to it, and the seconds that the door would have slept."""

    def __init__(self, folder: Path, repository: str = "course/hub") -> None:
        self.standin = StandIn(folder / "hub.git", {"README.md": "x\n"}, NOW)
        self.standin.open("ann", {"x.md": "x"})
        self.slept: list[float] = []
        self.github = self.door(self.standin.transport(), repository)

    def door(self, transport: httpx2.BaseTransport, repository: str = "course/hub") -> GitHub:
        return GitHub(repository, "secret", url=API, graphql_url=f"{API}/graphql", server="https://github.com",
                      sleep=self.slept.append, transport=transport)  # fmt: skip

    @property
    def asked(self) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.standin.requests]


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def read(github: GitHub) -> object:
    return github.get("/pulls/1", Pull)


def query(github: GitHub) -> object:
    return github.query("open_pulls", Repository, context="claim desk", after=None)


def write(github: GitHub) -> object:
    return github.write("POST", "/issues/1/comments", {"body": "hello"})


def change(github: GitHub) -> object:
    return github.write("PATCH", "/issues/comments/7", {"body": "hello"})


def pages(github: GitHub) -> object:
    return list(github.pages("/actions/runs", Page, event="pull_request"))


ASKED = {
    read: "GET /repos/course/hub/pulls/1",
    query: "POST /graphql",
    pages: "GET /repos/course/hub/actions/runs",
    write: "POST /repos/course/hub/issues/1/comments",
    change: "PATCH /repos/course/hub/issues/comments/7",
}
READING, WRITING = [read, query, pages], [write, change]
Ask = Callable[[GitHub], object]

SOON, LATE = NOW + dt.timedelta(seconds=40), NOW + dt.timedelta(hours=1)
LIMIT = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
TROUBLE = {  # case → (what happens, what it says after what was asked)
    "server error": (Fault(500), "GitHub answered 500, Internal Server Error"),
    "server error in words": (Fault(502, {"message": "Server Error"}), "GitHub answered 502, Server Error"),
    "no answer in time": (Fault(timeout=True), "The read operation timed out"),
    "half an answer": (Fault(truncate=True), "peer closed connection without sending complete message body"),
    "no JSON": (Fault(200), "GitHub's answer is cut off or no JSON"),
    "nothing": (Fault(200, b""), "GitHub's answer is cut off or no JSON"),
    "a part of JSON": (Fault(200, b'{"number": 1, "tit'), "GitHub's answer is cut off or no JSON"),
}  # fmt: skip
every_trouble = pytest.mark.parametrize(("fault", "message"), TROUBLE.values(), ids=TROUBLE)
reading = pytest.mark.parametrize("ask", READING)
writing = pytest.mark.parametrize("ask", WRITING)


@reading
@every_trouble
def test_reading_is_tried_again_after_trouble(rig: Rig, ask: Ask, fault: Fault, message: str) -> None:
    expected = ask(rig.github)
    rig.standin.fail("", fault, times=2)
    assert ask(rig.github) == expected
    assert rig.slept == [4, 16]


@reading
@every_trouble
def test_reading_gives_up_after_three_times(rig: Rig, ask: Ask, fault: Fault, message: str) -> None:
    rig.standin.fail("", fault, times=None)
    with pytest.raises(GitHubError) as error:
        ask(rig.github)
    assert str(error.value) == f"{ASKED[ask]}: {message}"
    assert (len(rig.asked), rig.slept) == (3, [4, 16])


@writing
@every_trouble
def test_writing_is_never_repeated(rig: Rig, ask: Ask, fault: Fault, message: str) -> None:
    rig.standin.comments.clear()
    identifier = rig.standin.comment(1, "github-actions", "x", is_bot=True)
    rig.standin.comments[7] = rig.standin.comments.pop(identifier)
    rig.standin.comments[7].id = 7
    rig.standin.fail("", fault, times=1)
    with pytest.raises(GitHubError) as error:
        ask(rig.github)
    assert str(error.value) == f"{ASKED[ask]}: {message}"
    assert (rig.asked, rig.slept) == ([ASKED[ask]], [])


def test_what_was_written_before_the_answer_was_lost_is_there_once(rig: Rig) -> None:
    rig.standin.fail("POST", Fault(502, done=True))
    with pytest.raises(GitHubError):
        write(rig.github)
    assert [each.body for each in rig.standin.comments_on(1)] == ["hello"]


MISSING = Fault(403, {"message": "Resource not accessible by integration"})
REFUSALS = {  # case → (what happens, what it says, whether there is no such thing)
    "no such thing": (Fault(404, {"message": "Not Found"}), "GitHub answered 404, Not Found", True),
    "gone": (Fault(410, {"message": "This issue was deleted"}), "GitHub answered 410, This issue was deleted", True),
    "not valid": (Fault(422, {"message": "Validation Failed"}), "GitHub answered 422, Validation Failed", True),
    "wrong token": (Fault(401, {"message": "Bad credentials"}), "GitHub answered 401, Bad credentials", False),
    "a permission is missing": (MISSING, "GitHub answered 403, Resource not accessible by integration", False),
    "moved": (Fault(301, {"message": "Moved Permanently"}, {"location": "https://evil.example/"}),
              "GitHub answered 301, Moved Permanently", False),
    "no words": (Fault(400, b""), "GitHub answered 400, Bad Request", False),
    "words that are none": (Fault(400, b'{"message": "\xff"}'), "GitHub answered 400, Bad Request", False),
    "limit that ends late": (primary_limit(LATE),
                             "GitHub answered 403, API rate limit exceeded for installation. (3,601 seconds to wait)", False),
    "limit that says 429": (primary_limit(LATE, 429),
                            "GitHub answered 429, API rate limit exceeded for installation. (3,601 seconds to wait)", False),
    "second limit that ends late": (secondary_limit(61), f"GitHub answered 403, {LIMIT} (61 seconds to wait)", False),
    "limit that does not say when": (Fault(403, {"message": "Slow down"}, {"x-ratelimit-remaining": "0",
                                     "x-ratelimit-reset": ""}), "GitHub answered 403, Slow down (61 seconds to wait)", False),
}  # fmt: skip


@pytest.mark.parametrize("ask", [*READING, *WRITING])
@pytest.mark.parametrize(("fault", "message", "is_none"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_raised_at_once(rig: Rig, ask: Ask, fault: Fault, message: str, is_none: bool) -> None:
    rig.standin.fail("", fault, times=None)
    with pytest.raises(GitHubError) as error:
        ask(rig.github)
    assert str(error.value) == f"{ASKED[ask]}: {message}"
    assert isinstance(error.value, NotFoundError) == is_none
    assert (len(rig.asked), rig.slept) == (1, [])


WAITS = {  # case → (what happens, seconds to wait, what it says in the end)
    "limit that ends soon": (primary_limit(SOON), 41, "403, API rate limit exceeded for installation."),
    "limit that has just ended": (primary_limit(NOW - dt.timedelta(seconds=5)), 1,
                                  "403, API rate limit exceeded for installation."),
    "second limit": (secondary_limit(30), 30, f"403, {LIMIT}"),
    "second limit of a minute": (secondary_limit(60), 60, f"403, {LIMIT}"),
    "too many": (Fault(429, {"message": "Too many"}, {"retry-after": "5"}), 5, "429, Too many"),
    "too many, without a time": (Fault(429, {"message": "Too many"}), 60, "429, Too many"),
}  # fmt: skip
every_wait = pytest.mark.parametrize(("fault", "seconds", "message"), WAITS.values(), ids=WAITS)


@reading
@every_wait
def test_reading_waits_for_a_limit_as_long_as_github_says(
    rig: Rig, ask: Ask, fault: Fault, seconds: int, message: str
) -> None:
    expected = ask(rig.github)
    rig.standin.fail("", fault)
    assert ask(rig.github) == expected
    assert rig.slept == [seconds]


@reading
@every_wait
def test_reading_does_not_wait_for_ever(rig: Rig, ask: Ask, fault: Fault, seconds: int, message: str) -> None:
    rig.standin.fail("", fault, times=None)
    with pytest.raises(GitHubError) as error:
        ask(rig.github)
    assert str(error.value) == f"{ASKED[ask]}: GitHub answered {message} ({plural(seconds, 'second')} to wait)"
    assert (len(rig.asked), rig.slept) == (3, [seconds, seconds])


@writing
@every_wait
def test_writing_does_not_wait(rig: Rig, ask: Ask, fault: Fault, seconds: int, message: str) -> None:
    rig.standin.fail("", fault)
    with pytest.raises(GitHubError) as error:
        ask(rig.github)
    assert str(error.value) == f"{ASKED[ask]}: GitHub answered {message} ({plural(seconds, 'second')} to wait)"
    assert (len(rig.asked), rig.slept) == (1, [])


def test_a_query_answered_in_part_counts_as_not_answered(rig: Rig) -> None:
    rig.standin.fail("OpenPulls", partial("repository", "pullRequests", "nodes", 0))
    with pytest.raises(GitHubError) as error:
        query(rig.github)
    assert str(error.value) == (
        "GitHub did not answer the query “open_pulls” in full: Something went wrong while executing your query."
    )


def test_all_errors_of_a_query_are_in_the_message(rig: Rig) -> None:
    errors = ({"message": "Timed out", "type": "X"}, {"message": "Not allowed", "path": ["repository"]})
    rig.standin.fail("OpenPulls", Fault(200, errors=errors))
    with pytest.raises(GitHubError) as error:
        query(rig.github)
    assert str(error.value) == "GitHub did not answer the query “open_pulls” in full: Timed out; Not allowed"


@pytest.mark.parametrize("blank", [("repository",), ()], ids=["no repository", "no data"])
def test_a_query_about_a_repository_that_is_not_there(rig: Rig, blank: tuple[str, ...]) -> None:
    body = {"data": {"repository": None}} if blank else {"data": None}
    rig.standin.fail("OpenPulls", Fault(200, body))
    with pytest.raises(NotFoundError) as error:
        query(rig.github)
    assert str(error.value) == "GitHub knows no repository course/hub, or this token may not read it"


class Titled(msgspec.Struct):
    title: str


def read_title(github: GitHub) -> object:
    return github.get("/pulls/1", Titled)


SHAPES = {  # case → (who asks, what is answered, what it says)
    "a field of another kind": (
        read, {"number": "one"}, "/repos/course/hub/pulls/1 is not as described: Expected `int`, got `str` - at `$.number`"
    ),
    "a field is missing": (
        read, {}, "/repos/course/hub/pulls/1 is not as described: Object missing required field `number`"
    ),
    "letters that are none": (
        read_title, b'{"number": 1, "title": "\xff", "x\xff": 1}',
        "/repos/course/hub/pulls/1 is not as described: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    ),
    "a list in place of an object": (
        pages, b"[]", "/repos/course/hub/actions/runs is not as described: Expected `object`, got `array`"
    ),
    "a query's field is missing": (
        query, {"data": {"repository": {}}},
        "/graphql is not as described: Object missing required field `defaultBranchRef` - at `$.data.repository`",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("ask", "body", "message"), SHAPES.values(), ids=SHAPES)
def test_an_answer_that_is_not_as_described(rig: Rig, ask: Ask, body: bytes | dict[str, Any], message: str) -> None:
    rig.standin.fail("", Fault(200, body), times=None)
    with pytest.raises(GitHubError) as error:
        ask(rig.github)
    assert str(error.value) == f"GitHub's answer to {message}"
    assert (len(rig.asked), rig.slept) == (1, [])


def test_a_list_is_followed_to_its_end(rig: Rig) -> None:
    for number in range(2, 251):
        rig.standin.now += dt.timedelta(seconds=1)
        rig.standin.open("ann", {f"{number}.md": "x"})
    answers = list(rig.github.pages("/actions/runs", Page, event="pull_request"))
    branches = [run["head_branch"] for page in answers for run in page.workflow_runs]
    assert branches == [f"claim-{number}" for number in range(250, 0, -1)]
    assert [len(page.workflow_runs) for page in answers] == [100, 100, 50]
    assert len(rig.asked) == 3


def test_a_list_is_asked_for_only_as_far_as_it_is_read(rig: Rig) -> None:
    for number in range(2, 111):
        rig.standin.open("ann", {f"{number}.md": "x"})
    next(rig.github.pages("/actions/runs", Page))
    assert rig.asked == [f"GET {HUB}/actions/runs?per_page=100"]


def test_trouble_on_a_later_page_is_no_end_of_the_list(rig: Rig) -> None:
    for number in range(2, 111):
        rig.standin.open("ann", {f"{number}.md": "x"})
    rig.standin.fail("page=2", Fault(500), times=1)
    assert [len(page.workflow_runs) for page in rig.github.pages("/actions/runs", Page)] == [100, 10]
    assert rig.slept == [4]
    rig.standin.fail("page=2", Fault(500), times=None)
    answers = rig.github.pages("/actions/runs", Page)
    next(answers)
    with pytest.raises(
        GitHubError, match=r"^GET /repositories/\d+/actions/runs\?per_page=100&page=2: GitHub answered 500, "
    ):
        next(answers)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/repos/course/hub/actions/runs?page=2",
        "https://api.github.com.evil.example/repos/course/hub/actions/runs?page=2",
        "https://api.github.com@evil.example/runs",
        "http://api.github.com/repos/course/hub/actions/runs?page=2",
    ],
)
def test_the_token_goes_to_no_other_host(rig: Rig, elsewhere: str) -> None:
    hosts: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        hosts.append(request.url.host)
        assert request.headers["authorization"] == "Bearer secret"
        assert hosts == ["api.github.com"]
        return httpx2.Response(200, json={"workflow_runs": []}, headers={"link": f'<{elsewhere}>; rel="next"'})

    with pytest.raises(GitHubError) as error:
        list(rig.door(httpx2.MockTransport(answer)).pages("/actions/runs", Page))
    assert str(error.value) == f"GitHub's answer goes on at another host: {elsewhere}"


def test_a_moved_repository_is_not_followed(rig: Rig) -> None:
    hosts: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        hosts.append(request.url.host)
        return httpx2.Response(302, headers={"location": "https://evil.example/"})

    with pytest.raises(GitHubError, match=r"^GET /repos/course/hub/pulls/1: GitHub answered 302, Found$"):
        read(rig.door(httpx2.MockTransport(answer)))
    assert hosts == ["api.github.com"]


def test_no_connection(rig: Rig) -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("", request=request)

    with pytest.raises(GitHubError, match=r"^GET /repos/course/hub/pulls/1: ConnectError$"):
        read(rig.door(httpx2.MockTransport(refuse)))
    assert rig.slept == [4, 16]


def test_permissions_and_repositories_of_github_itself(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.standin.permissions = {"metadata": "read", "pull_requests": "read"}
    assert read(rig.github) == Pull(1)
    with pytest.raises(GitHubError) as error:
        write(rig.github)
    assert str(error.value) == f"{ASKED[write]}: GitHub answered 403, Resource not accessible by integration"
    with pytest.raises(NotFoundError) as error:
        rig.door(rig.standin.transport(), "course/other").get("/pulls/1", Pull)
    assert str(error.value) == "GET /repos/course/other/pulls/1: GitHub answered 404, Not Found"


def test_what_github_is_asked_for(rig: Rig) -> None:
    rig.github.get("/pulls/1", Pull)
    rig.github.write("POST", "/issues/1/comments", {"body": "hello"})
    list(rig.github.pages("/actions/runs", Page, event="pull_request", branch="a b&c"))
    assert rig.asked == [
        f"GET {HUB}/pulls/1",
        f"POST {HUB}/issues/1/comments",
        f"GET {HUB}/actions/runs?per_page=100&event=pull_request&branch=a+b%26c",
    ]
    assert rig.standin.requests[1].body == {"body": "hello"}
    assert (rig.github.owner, rig.github.name, rig.github.home) == ("course", "hub", "https://github.com/course/hub")
