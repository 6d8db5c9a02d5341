"""All comments of a class come, as they were planted, or nothing does: the file that was there stays as it was."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
import sites
import workflows
from click.testing import CliRunner, Result
from graphql import parse
from sites import Build, Document, SharedSite
from standin import Fault, StandIn, graphql_limit, partial, primary_limit, secondary_limit
from standin.cost import cost
from standin.describe import queries
from standin.descriptions import parsed

from coursehub import site
from coursehub.cli import main
from coursehub.comments import counts, record, settings
from coursehub.comments.record import Comment, Discussion, Discussions
from coursehub.github import discussions as reader
from coursehub.github.door import GitHub, GitHubError
from coursehub.records import repository
from coursehub.records.post import Post

pytestmark = pytest.mark.slow

START = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
WEB = "https://github.com/course/hub"
POSTS, COMMENTS = 120, 400
CATEGORIES = [{"name": "General", "isAnswerable": False}, {"name": "Announcements", "isAnswerable": False}]
OLD = b'{"the file": "as it was"}'


class Class:
    """A class that comments, and beside it what was planted, kept without a look at the stand-in."""

    def __init__(self, folder: Path, *, is_giscus: bool = True) -> None:
        self.github = StandIn(folder / "hub.git", {"README.md": "x\n"}, START)
        self.github.settings |= {"has_discussions": True, "discussion_categories": CATEGORIES}
        self.is_giscus = is_giscus
        self.threads: dict[int, str] = {}
        self.comments: dict[int, dict[str, Any]] = {}
        self.page = "discussions" if is_giscus else "issues"
        self.anchor = "discussioncomment" if is_giscus else "issuecomment"

    def later(self) -> dt.datetime:
        self.github.now += dt.timedelta(seconds=30)
        return self.github.now

    def thread(self, title: str) -> int:
        self.later()
        if self.is_giscus:
            number = self.github.open_discussion("giscus", title, is_bot=True)
        else:
            number = self.github.open_issue("utterances-bot", title, labels=["comments"], is_bot=True)
        self.threads[number] = title
        return number

    def say(self, number: int, author: str, text: str, *, reply_to: int | None = None, is_bot: bool = False) -> int:
        now = self.later()
        if self.is_giscus:
            identifier = self.github.discuss(number, author, text, reply_to=reply_to, is_bot=is_bot)
        else:
            identifier = self.github.comment(number, author, text, is_bot=is_bot)
        self.comments[identifier] = {
            "thread": number, "url": self.url(number, identifier), "author": f"{author}[bot]" if is_bot else author,
            "created": now, "text": text, "is_bot": is_bot, "reply_to": reply_to,
        }  # fmt: skip
        return identifier

    def url(self, number: int, identifier: int) -> str:
        return f"{WEB}/{self.page}/{number}#{self.anchor}-{identifier}"

    def edit(self, identifier: int) -> None:
        self.comments[identifier] |= {"text": "changed", "edited": self.later()}
        self.github.edit_comment(identifier, "changed")

    def hide(self, identifier: int) -> None:
        self.comments[identifier]["is_hidden"] = True
        self.github.hide_comment(identifier)

    def delete(self, identifier: int) -> None:
        if any(each["reply_to"] == identifier for each in self.comments.values()):
            self.comments[identifier] |= {"is_deleted": True, "text": ""}
        else:
            del self.comments[identifier]
        self.later()
        self.github.delete_comment(identifier)

    def delete_account(self, login: str) -> None:
        for each in self.comments.values():
            if each["author"] == login:
                each["author"] = None
        self.github.delete_account(login)

    def planted(self) -> tuple[Discussion, ...]:
        threads: dict[int, list[Comment]] = {number: [] for number in self.threads}
        for each in sorted(self.comments.values(), key=lambda each: each["created"]):
            fields = {name: value for name, value in each.items() if name != "thread"}
            if each["reply_to"]:
                fields["reply_to"] = self.url(each["thread"], each["reply_to"])
            threads[each["thread"]].append(Comment(**fields))
        return tuple(
            Discussion(title, f"{WEB}/{self.page}/{number}", tuple(threads[number]))
            for number, title in self.threads.items()
        )


def grown(folder: Path, *, is_giscus: bool = True, is_even: bool = False) -> Class:
    """A class of 120 posts and 400 comments; unless evenly, two posts and one comment get most of them."""
    it, chance = Class(folder, is_giscus=is_giscus), random.Random(7)
    logins = [f"student-{number}" for number in range(POSTS)]
    numbers = [it.thread(f"posts/F2026/tool-{number}") for number in range(POSTS - 1)] + [it.thread("Welcome!")]
    many = [] if is_even else [numbers[30]] * 125 + [numbers[80]] * 55
    for number in many:
        it.say(number, chance.choice(logins), f"Well said, {len(it.comments)}")
    asked = next(iter(it.comments), 0)
    for _ in range(0 if is_even or not is_giscus else 115):
        it.say(numbers[30], chance.choice(logins), f"And so say I, {len(it.comments)}", reply_to=asked)
    while len(it.comments) < COMMENTS:
        number = chance.choice(numbers)
        above = [at for at, each in it.comments.items() if each["thread"] == number and not each["reply_to"]]
        reply_to = chance.choice(above) if is_giscus and above and chance.random() < 0.4 else None
        it.say(number, chance.choice(logins), f"“Nice” <b>&amp;</b> {len(it.comments)} 🎉\n\nBye", reply_to=reply_to)
    if is_even:
        return it
    for number in chance.sample(numbers, 5):
        it.say(number, "helper", "I am a bot", is_bot=True)
    for change in (it.edit, it.hide, it.delete):
        for identifier in chance.sample(sorted(it.comments), 12):
            change(identifier)
    if is_giscus:
        it.delete(asked)  # 115 replies stay
    for login in chance.sample(logins, 4):
        it.delete_account(login)
    elsewhere = it.github.open_discussion("ann", "posts/F2026/tool-1", "General")
    it.github.discuss(elsewhere, "ann", "not on a post")
    other = it.github.open_issue("ann", "posts/F2026/tool-1", labels=["bug"])
    it.github.comment(other, "ann", "not on a post either")
    pull = it.github.open("ann", {"x.md": "x"})
    it.github.comment(pull, "ann", "nor this")
    return it


@pytest.fixture(scope="module")
def giscus(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return grown(tmp_path_factory.mktemp("giscus"))


@pytest.fixture(scope="module")
def utterances(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return grown(tmp_path_factory.mktemp("utterances"), is_giscus=False)


@pytest.fixture(autouse=True)
def mended(giscus: Class, utterances: Class) -> Iterator[None]:
    yield
    for each in (giscus, utterances):
        each.github.clear_faults()
        assert each.github.faults_of_ours == []


def door(github: StandIn, transport: httpx2.BaseTransport | None = None) -> GitHub:
    api = "https://api.github.com"
    return GitHub("course/hub", "t", url=api, graphql_url=f"{api}/graphql", server="https://github.com",
                  sleep=lambda seconds: None, transport=transport or github.transport())  # fmt: skip


def read(it: Class, transport: httpx2.BaseTransport | None = None) -> Discussions:
    if it.is_giscus:
        return reader.read_discussions(door(it.github, transport), "Announcements", lambda read, of: None)
    return reader.read_issues(door(it.github, transport), "comments", lambda read, of: None)


@pytest.fixture(params=["giscus", "utterances"])
def it(request: pytest.FixtureRequest) -> Class:
    the_class = request.getfixturevalue(request.param)
    assert isinstance(the_class, Class)
    return the_class


# All of it


def test_everything_that_was_planted_is_read_and_nothing_else(it: Class) -> None:
    reading = read(it)
    planted = it.planted()
    assert len(planted) == POSTS
    assert reading == Discussions("giscus" if it.is_giscus else "utterances", it.github.now, planted)
    every = [comment for each in planted for comment in each.comments]
    assert sum(comment.is_bot for comment in every) >= 3
    assert sum(comment.is_hidden for comment in every) >= 10
    assert sum(comment.edited is not None for comment in every) >= 10
    assert sum(comment.author is None for comment in every) >= 4
    assert any(comment.is_deleted for comment in every) == it.is_giscus
    assert max(sum(comment.reply_to is None for comment in each.comments) for each in planted) > 120
    assert sum(comment.reply_to is not None for comment in every) > (110 if it.is_giscus else -1)


def test_what_is_written_meanwhile_moves_nothing(tmp_path: Path) -> None:
    """New threads, new comments and deleted ones between the pages: what was there all the time is read once."""
    it = grown(tmp_path)
    before = it.planted()
    inner, count = it.github.transport(), 0

    class Busy(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            nonlocal count
            answer = inner.handle_request(request)
            count += 1
            numbers = list(it.threads)
            it.say(numbers[0], "late", "too late")
            it.say(numbers[-1], "late", "in time, perhaps")
            it.thread(f"posts/F2026/new-{count}")
            if count == 2:
                identifier = next(number for number, each in it.comments.items() if each["thread"] == numbers[2])
                it.delete(identifier)
            return answer

    reading = read(it, Busy())
    was = {comment.url for each in before for comment in each.comments}
    urls = [comment.url for each in reading.discussions for comment in each.comments]
    assert count > 5
    assert len(urls) == len(set(urls))
    assert was <= set(urls)
    assert [each.term for each in reading.discussions][:POSTS] == [each.term for each in before]
    assert reading.read == START + dt.timedelta(seconds=30) * round((reading.read - START).total_seconds() / 30)
    assert reading.read <= min(comment.created for each in reading.discussions for comment in each.comments
                             if comment.author == "late")  # fmt: skip


def test_the_clock_is_githubs(it: Class) -> None:
    class Undated(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            answer = it.github.transport().handle_request(request)
            del answer.headers["date"]
            return answer

    assert read(it).read == it.github.now < dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    with pytest.raises(GitHubError, match="does not say when"):
        read(it, Undated())


def test_a_category_is_found_by_its_name(giscus: Class) -> None:
    reading = reader.read_discussions(door(giscus.github), "General", lambda read, of: None)
    assert [each.term for each in reading.discussions] == ["posts/F2026/tool-1"]


@pytest.mark.parametrize(("there", "named"), [(CATEGORIES, "“General”, “Announcements”"), ([], "none")])
def test_where_a_category_is_not_the_others_are_named(
    giscus: Class, monkeypatch: pytest.MonkeyPatch, there: list[object], named: str
) -> None:
    monkeypatch.setitem(giscus.github.settings, "discussion_categories", there)
    with pytest.raises(GitHubError) as error:
        reader.read_discussions(door(giscus.github), "Comments", lambda read, of: None)
    assert str(error.value) == f"the Discussions of course/hub have no category “Comments”; there are: {named}"


def test_a_label_that_is_not_there_is_no_empty_class(utterances: Class) -> None:
    with pytest.raises(GitHubError, match=r"^course/hub has no label “coments”"):
        reader.read_issues(door(utterances.github), "coments", lambda read, of: None)


def test_discussions_that_are_off(tmp_path: Path) -> None:
    github = StandIn(tmp_path / "hub.git", {"README.md": "x\n"}, START)
    with pytest.raises(GitHubError, match=r"^Discussions are off in course/hub"):
        reader.read_discussions(door(github), "Announcements", lambda read, of: None)


# What it costs


def test_the_formula_is_githubs_own() -> None:
    """The example of GitHub's documentation: 5101 requests, 51 points."""
    query = """{ viewer { login repositories(first: 100) { edges { node { id issues(first: 50) { edges { node {
        id labels(first: 60) { edges { node { id name } } } } } } } } } } }"""
    assert cost(parse(query), {}) == 51


def test_a_class_costs_a_fortieth_of_what_an_hour_has(tmp_path: Path) -> None:
    """Of 1000 points that a workflow has for each repository and hour."""
    it = grown(tmp_path, is_even=True)
    github = door(it.github)
    reading = reader.read_discussions(github, "Announcements", lambda read, of: None)
    assert sum(len(each.comments) for each in reading.discussions) == COMMENTS
    assert (len(it.github.requests), github.cost) == (6, 26)


def test_each_query_costs_little() -> None:
    points = {name: cost(parsed(text), {}) for name, text in queries().items() if name.startswith("discussions")}
    assert points == {
        "discussions.graphql": 5,
        "discussions_categories.graphql": 1,
        "discussions_comments.graphql": 1,
        "discussions_issue_comments.graphql": 1,
        "discussions_issues.graphql": 1,
        "discussions_replies.graphql": 1,
    }


# Or nothing


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, against the stand-in in process; the file that was there before is `tmp_path / "comments.json"`."""
    (tmp_path / "comments.json").write_bytes(OLD)

    def call(it: Class, *arguments: str, transport: httpx2.BaseTransport | None = None) -> Result:
        def connect(repository: str, token: str, **_: Any) -> GitHub:
            return door(it.github, transport)

        monkeypatch.setattr("coursehub.github.door.GitHub", connect)
        provider = [] if it.is_giscus else ["--provider", "utterances", "--label", "comments"]
        environment = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "course/hub"}
        target = str(tmp_path / "comments.json")
        return CliRunner().invoke(
            main, ["comments", "--output", target, "--root", str(tmp_path), *provider, *arguments], env=environment
        )

    return call


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_file_holds_what_was_read(it: Class, run: Callable[..., Result], tmp_path: Path) -> None:
    ran = run(it)
    written = files(tmp_path)
    assert list(written) == ["comments.json"]
    reading = record.read(written["comments.json"])
    assert reading.discussions == it.planted()
    number = sum(len(each.comments) for each in it.planted())
    assert (ran.exit_code, ran.stdout) == (0, "")
    *progress, last = ran.stderr.splitlines()
    assert progress == [f"{count} of 120 discussions read" for count in (25, 50, 75, 100)]
    assert last.startswith(f"120 discussions with {number} comments read; they cost ")
    assert (tmp_path / "comments.json").stat().st_mode & 0o777 == 0o666 & ~umask()


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def steps(it: Class) -> list[str]:
    """The queries of a whole reading, in their order."""
    it.github.requests.clear()
    read(it)
    return [each.body["query"].split("(")[0].split()[1] for each in it.github.requests]


FAULTS = {
    "an error beside the data": (Fault(200, errors=({"message": "Something went wrong"},)), "Something went wrong", 1),
    "an error in place of data": (Fault(200, {"errors": [{"message": "Timeout on validation"}]}), "Timeout", 1),
    "the limit of GraphQL": (graphql_limit(), "API rate limit exceeded", 1),
    "the limit of an hour": (primary_limit(START + dt.timedelta(hours=9)), "API rate limit exceeded", 1),
    "the second limit, for ever": (secondary_limit(), "secondary rate limit", 3),
    "502, three times": (Fault(502), "GitHub answered 502", 3),
    "no answer": (Fault(timeout=True), "timed out", 3),
    "half an answer": (Fault(truncate=True), "without sending complete message body", 3),
    "no permission": (Fault(403, {"message": "Resource not accessible by integration"}), "not accessible", 1),
    "no data": (Fault(200, {"data": None}), "may not read it", 1),
}


@pytest.mark.parametrize(("fault", "message", "asked"), FAULTS.values(), ids=FAULTS)
def test_trouble_with_any_page_leaves_the_file_as_it_was(
    it: Class, run: Callable[..., Result], tmp_path: Path, fault: Fault, message: str, asked: int
) -> None:
    every = steps(it)
    assert len(every) > (8 if it.is_giscus else 3)
    chosen = {0, 1, len(every) - 1} | {every.index(name) for name in every}  # the first of each kind, and the last
    for skip in sorted(chosen & set(range(len(every)))):
        it.github.clear_faults()
        it.github.requests.clear()
        it.github.fail("graphql", fault, times=None, skip=skip)
        ran = run(it)
        assert (ran.exit_code, ran.stdout) == (2, ""), skip
        assert message in ran.stderr.splitlines()[-1]
        assert ran.stderr.endswith(". Nothing was written\n")
        assert len(it.github.requests) == skip + asked
        assert files(tmp_path) == {"comments.json": OLD}


def blanks(it: Class) -> list[tuple[str, tuple[str | int, ...]]]:
    top = ("repository", "discussions" if it.is_giscus else "issues")
    below = ("Discussions", "DiscussionsComments", "DiscussionsReplies") if it.is_giscus else (
        "DiscussionsIssues", "DiscussionsIssueComments")  # fmt: skip
    first = [
        (below[0], (*top, *rest)) for rest in ((), ("nodes", 3), ("nodes",), ("nodes", 3, "comments"), ("pageInfo",))
    ]
    return [*first, (below[1], ("node",)), (below[1], ("node", "comments", "nodes", 0)), *(
        [(below[2], ("node", "replies")), (below[2], ("node", "replies", "nodes", 4))] if it.is_giscus else [])]  # fmt: skip


@pytest.mark.parametrize("with_error", [True, False])
def test_a_hole_in_the_data_is_no_smaller_number(
    it: Class, run: Callable[..., Result], tmp_path: Path, with_error: bool
) -> None:
    for name, path in blanks(it):
        it.github.clear_faults()
        it.github.fail(f"{name}$", partial(*path) if with_error else Fault(200, blank=path))
        ran = run(it)
        assert ran.exit_code == 2, path
        assert ran.stderr.endswith(". Nothing was written\n")
        assert ("in full: Something went wrong" in ran.stderr) == with_error
        assert files(tmp_path) == {"comments.json": OLD}


class Altered(httpx2.BaseTransport):
    """GitHub with something changed in what it says."""

    def __init__(self, it: Class, change: Callable[[Any], None]) -> None:
        self.inner, self.change = it.github.transport(), change

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = self.inner.handle_request(request)
        content = msgspec.json.decode(answer.read())
        self.change(content)
        return httpx2.Response(200, json=content, headers={"date": answer.headers["date"]})


def connections(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "pageInfo" in node:
            yield node
        for value in node.values():
            yield from connections(value)
    elif isinstance(node, list):
        for value in node:
            yield from connections(value)


def leave_one_out(content: Any) -> None:
    longest = max(connections(content), key=lambda each: len(each["nodes"]), default=None)
    if longest:
        longest["nodes"].pop()


def end_at_once(content: Any) -> None:
    for each in connections(content):
        each["pageInfo"] = {"hasNextPage": False, "endCursor": None}


def lose_the_way(content: Any) -> None:
    for each in connections(content):
        each["pageInfo"]["endCursor"] = None


class Once:
    """A change of a single answer: the first with pages, the second, …"""

    def __init__(self, change: Callable[[Any], None], place: int) -> None:
        self.change, self.left = change, place

    def __call__(self, content: Any) -> None:
        if next(connections(content), None):
            if self.left == 0:
                self.change(content)
            self.left -= 1


CHANGES: dict[str, Callable[[], Callable[[Any], None]]] = {
    "one is left out of the first page, once": lambda: Once(leave_one_out, 0),
    "one is left out of the second page, once": lambda: Once(leave_one_out, 1),
    "the first page is said to be the last, once": lambda: Once(end_at_once, 0),
    "every page is said to be the last": lambda: end_at_once,
    "no page says where the next is": lambda: lose_the_way,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_left_out_without_a_word_is_missed(
    it: Class, run: Callable[..., Result], tmp_path: Path, change: Callable[[], Callable[[Any], None]]
) -> None:
    ran = run(it, transport=Altered(it, change()))
    assert ran.exit_code == 2
    assert ran.stderr.endswith("; try again later. Nothing was written\n")
    assert files(tmp_path) == {"comments.json": OLD}


@pytest.mark.parametrize("place", [0, 1, 99, 100, 101, -1])
def test_what_github_counts_and_shows_to_nobody_is_left_out_with_a_word(
    tmp_path: Path, run: Callable[..., Result], place: int, provider: str
) -> None:
    """So spam that GitHub hides stops no build for ever. Whatever its place: at a page's end and start, too."""
    it = grown(tmp_path / "class", is_giscus=provider == "giscus")
    longest = max(it.planted(), key=lambda each: len(each.comments))
    with_replies = {each.reply_to for each in longest.comments}
    top = [each for each in longest.comments if each.reply_to is None and each.url not in with_replies]
    replies = [each for each in longest.comments if each.reply_to][:1]
    spam = {top[place].url, *(each.url for each in replies)}
    for url in spam:
        it.github.withhold_comment(int(url.rpartition("-")[2]))
    ran = run(it)
    assert ran.exit_code == 0, ran.stderr
    assert ran.stderr.splitlines()[-1] == (
        f"GitHub counts {len(spam)} more that it shows to nobody, such as spam; they are left out."
    )
    reading = record.read(files(tmp_path)["comments.json"])
    assert reading.not_shown == len(spam)
    shown = [comment.url for each in it.planted() for comment in each.comments if comment.url not in spam]
    assert sorted(comment.url for each in reading.discussions for comment in each.comments) == sorted(shown)


@pytest.fixture(params=["giscus", "utterances"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def say_twice(content: Any) -> None:
    for each in connections(content):
        each["nodes"] += each["nodes"][:1]


def test_what_comes_twice_counts_once(it: Class) -> None:
    assert read(it, Altered(it, say_twice)).discussions == it.planted()


def test_pages_that_go_in_circles_end(giscus: Class) -> None:
    inner, first = giscus.github.transport(), {}

    class Round(httpx2.BaseTransport):
        """The first page of discussions again and again."""

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            name = request.read().decode().partition("query ")[2].partition("(")[0]
            if name not in first:
                answer = inner.handle_request(request)
                first[name] = httpx2.Response(200, content=answer.read(), headers={"date": answer.headers["date"]})
            return httpx2.Response(200, content=first[name].content, headers={"date": first[name].headers["date"]})

    with pytest.raises(GitHubError, match=r"more .*, and not where; try again later$"):
        read(giscus, Round())


@pytest.mark.parametrize("fault", [Fault(502), Fault(truncate=True), secondary_limit(5)])
def test_trouble_that_is_over_soon_changes_nothing(
    it: Class, run: Callable[..., Result], tmp_path: Path, fault: Fault
) -> None:
    for skip in range(0, len(steps(it)) * 2, 2):
        it.github.fail("graphql", fault, skip=skip)
    assert run(it).exit_code == 0
    assert record.read(files(tmp_path)["comments.json"]).discussions == it.planted()


def test_an_interruption_leaves_the_file_as_it_was(it: Class, run: Callable[..., Result], tmp_path: Path) -> None:
    inner, count = it.github.transport(), 0

    class Interrupted(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            nonlocal count
            count += 1
            if count == 3:
                raise KeyboardInterrupt
            return inner.handle_request(request)

    ran = run(it, transport=Interrupted())
    assert (ran.exit_code, ran.stderr.splitlines()[-1]) == (2, "coursehub: interrupted. Nothing was written")
    assert files(tmp_path) == {"comments.json": OLD}
    assert run(it).exit_code == 0  # which starts over
    assert record.read(files(tmp_path)["comments.json"]).discussions == it.planted()


# A program that a shell started in the background ignores interrupts, and so would its children. It says when it waits.
LISTENING = """
import signal, time
from coursehub import cli
wait = time.sleep
time.sleep = lambda seconds: (print("waits", flush=True), wait(seconds))
signal.signal(signal.SIGINT, signal.default_int_handler)
cli.main()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_leaves_the_file_as_it_was(giscus: Class, tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "comments.json").write_bytes(OLD)
    with giscus.github.serve() as url:
        giscus.github.requests.clear()
        giscus.github.fail("graphql", secondary_limit(50), skip=3)
        environment = {**os.environ, "GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "course/hub", "GITHUB_API_URL": url,
                       "GITHUB_GRAPHQL_URL": f"{url}/graphql"}  # fmt: skip
        running = subprocess.Popen(
            [sys.executable, "-c", LISTENING, "comments", "--output", tmp_path / "comments.json"],
            cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert running.stdout
        assert running.stdout.readline() == "waits\n"
        running.send_signal(how)
        _, stderr = running.communicate(timeout=60)
    assert len(giscus.github.requests) == 4
    assert running.returncode == (2 if how == signal.SIGINT else -how)
    assert stderr.endswith("interrupted. Nothing was written\n") == (how == signal.SIGINT)
    assert files(tmp_path) == {"comments.json": OLD}


def test_a_disk_that_is_full_leaves_the_file_as_it_was(
    giscus: Class, run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = run(giscus)
    assert ran.exit_code == 2
    assert ran.stderr.splitlines()[-1].endswith("comments.json cannot be written: No space left on device")
    assert files(tmp_path) == {"comments.json": OLD}


def test_who_reads_the_file_meanwhile_reads_one_or_the_other(
    giscus: Class, run: Callable[..., Result], tmp_path: Path
) -> None:
    with (tmp_path / "comments.json").open("rb") as old:
        assert run(giscus).exit_code == 0
        assert old.read() == OLD


# What the command is told


def test_mkdocs_yml_says_where_comments_are(
    giscus: Class, utterances: Class, run: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "mkdocs.yml").write_text("extra:\n  comments: {provider: utterances, label: comments}\n")
    assert run(utterances).exit_code == 0
    config = "a: !!python/name:os.x\nextra:\n  preview: &p !ENV [NO_SUCH_X, false]\n  comments: {category: !ENV [NO_SUCH_Y, General]}\n"
    (tmp_path / "mkdocs.yml").write_text(config)
    assert run(giscus).exit_code == 0
    reading = record.read(files(tmp_path)["comments.json"])
    assert [each.term for each in reading.discussions] == ["posts/F2026/tool-1"]
    assert run(giscus, "--category", "Announcements").exit_code == 0
    (tmp_path / "mkdocs.yml").write_text("extra: {comments: {provider: disqus}}\n")
    assert "mkdocs.yml: extra.comments.provider is “disqus”" in run(giscus).stderr
    (tmp_path / "mkdocs.yml").write_text("extra: [\n")
    ran = run(giscus)
    assert (ran.exit_code, ran.stderr.startswith("coursehub: mkdocs.yml: it cannot be read: ")) == (2, True)


def test_comments_may_be_kept_in_another_repository(giscus: Class, run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("extra: {comments: {repo: octocat/talk}}\n")
    ran = run(giscus)
    assert (ran.exit_code, "Repository with the name 'octocat/talk'" in ran.stderr) == (2, True)
    assert run(giscus, "--repository", "course/hub").exit_code == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", settings.Widget()),
        ("extra: {comments: }", settings.Widget()),
        ("extra: [comments]", settings.Widget()),
        (
            "extra: {comments: {provider: utterances, label: talk}}",
            settings.Widget(provider="utterances", label="talk"),
        ),
        ("extra: {comments: {repo: OWNER/NAME}}", settings.Widget()),
        ("extra: {comments: {repo: octocat/talk}}", settings.Widget(repo="octocat/talk")),
        ("extra: {comments: {category: !ENV [A, B, C]}}", settings.Widget(category="C")),
        ("extra: {comments: {category: !ENV [A, SET, C]}}", settings.Widget(category="set")),
        ("extra: {comments: {category: !ENV SET, label: !ENV A}}", settings.Widget(category="set")),
    ],
)
def test_the_widgets_set_up(text: str, expected: settings.Widget) -> None:
    assert settings.read(text, {"SET": "set"}) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--label", "x"], "--category is for giscus, and --label for utterances."),
        (["--provider", "utterances", "--category", "x"], "--category is for giscus, and --label for utterances."),
        (["--provider", "disqus"], "'disqus' is not one of 'giscus', 'utterances'"),
        (["--output", "no/such/folder.json"], "there is no folder no/such to write folder.json into"),
        (["--category", "Comments"], "there are: “General”, “Announcements”. Nothing was written"),
    ],
)
def test_wrong_use(
    giscus: Class, run: Callable[..., Result], tmp_path: Path, arguments: list[str], message: str
) -> None:
    ran = run(giscus, *arguments)
    assert (ran.exit_code, message in ran.stderr) == (2, True), ran.stderr
    assert files(tmp_path) == {"comments.json": OLD}


# The file


GOOD = Discussions("giscus", START, (Discussion("posts/F2026/x", f"{WEB}/discussions/1", (
    Comment(f"{WEB}/discussions/1#discussioncomment-1", "ann", START, "hello"),)),))  # fmt: skip


def test_a_file_reads_as_it_was_written() -> None:
    assert record.read(record.write(GOOD)) == GOOD


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"version": 1', '"version": 2', "its version is 2, not 1"),
        ('"version": 1', '"edition": 1', "missing required field `version`"),
        ('"giscus"', '"disqus"', "its provider is “disqus”, not one of: giscus, utterances"),
        ('"read": "2026-11-01T12:00:00Z"', '"read": "2026-11-01T12:00:00"', "a moment without its offset"),
        ('"created": "2026-11-01T12:00:00Z"', '"created": "2026-11-01T12:00:00"', "a moment without its offset"),
        ('"url": "https://github.com/course/hub/discussions/1"', '"url": "javascript:alert(1)"', "no web address"),
        ('"term": "posts/F2026/x"', '"term": 7', "Expected `str`, got `int`"),
        ("hello", "hel\\ud800lo", "JSON is malformed"),
        ("{", "[", "Expected `object`, got `array`"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_record_is_refused(old: str, new: str, message: str) -> None:
    text = record.write(GOOD).decode()
    assert old in text
    with pytest.raises(ValueError, match=message):
        record.read(text.replace(old, new, 1).encode())


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"\xff", b'{"version": 1, "links": {}}', b"<html>"])
def test_a_foreign_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        record.read(content)


# The site

HERE = "https://github.com/course/hub/discussions"


def comment_by(author: str | None, **fields: Any) -> Comment:
    return Comment(f"{HERE}/1#discussioncomment-1", author, START, "Xenotext <b>of a comment", **fields)


TALK = Discussions("giscus", dt.datetime(2026, 11, 20, 17, 5, tzinfo=dt.UTC), (
    Discussion("posts/F2026/wibbleflow", f"{HERE}/1?a=1&b=2", (
        comment_by("bob-example"), comment_by("BOB-Example"), comment_by("007"), comment_by(None),
        comment_by("eve-example"), comment_by("eve-example", reply_to=f"{HERE}/1"),
        comment_by("helper[bot]", is_bot=True), comment_by("xeno", is_hidden=True), comment_by("xeno", is_deleted=True),
    )),
    Discussion("posts/F2026/pandera", f"{HERE}/2", (comment_by("coursehub-staff"),)),
    Discussion("posts/F2026/elsewherium", f"{HERE}/3", (comment_by("helper[bot]", is_bot=True),)),
    Discussion("posts/F2026/ocrmypdf", f"{HERE}/4", (comment_by("ann"),)),
    Discussion("posts/F2026/wibbleflow", f"{HERE}/5", (comment_by("ann"),)),  # opened twice, as may happen
    Discussion("posts/F2026/draftorama", f"{HERE}/6", (comment_by("ann"),)),
    Discussion("<i>Xenotitle</i>", f"{HERE}/7", (comment_by("ann"), comment_by("ann"))),
))  # fmt: skip
SHOWN = {  # key → what its card says, by how many comments it is sorted, where they are
    "wibbleflow": ("7 comments", 4, f"{HERE}/1?a=1&b=2"),
    "pandera": ("1 comment", 0, f"{HERE}/2"),
    "elsewherium": ("no comments yet", 0, f"{HERE}/3"),
    "ocrmypdf": ("1 comment", 1, f"{HERE}/4"),
    "duckdb--sqlmesh": ("no comments yet", 0, ""),
}


def built(factory: pytest.TempPathFactory, content: bytes | None) -> Build:
    root = factory.mktemp("site") / "repository"
    sites.with_cache(sites.shared(factory, "sound"), root)
    sites.copy(root, "sound")
    sites.keep_few_earlier(root)
    if content is not None:
        (root / "comments.json").write_bytes(content)
    return sites.build(root, "--strict", COURSEHUB_COMMENTS="comments.json")


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return built(tmp_path_factory, record.write(TALK))


@pytest.fixture(scope="module")
def sound(shared_site: SharedSite) -> Build:
    return shared_site("sound")


def texts(page: Document, name: str, within: str) -> list[str]:
    """The text of each element of that tag or class."""
    parts_by_element: dict[int, list[str]] = {}
    for data, element in page.texts:
        for each in (*element.within, element):
            if (each.tag == name or name in each.attributes.get("class", "").split()) and each.is_in(within):
                parts_by_element.setdefault(id(each), []).append(data)
    return [" ".join("".join(parts).split()) for parts in parts_by_element.values()]


def cards(page: Document) -> dict[str, str]:
    """Title → the last part of the line below."""
    lines = [line.rpartition(" · ")[2] for line in texts(page, "hub-card__meta", "hub-card")]
    return dict(zip(texts(page, "hub-card__title", "hub-card"), lines, strict=True))


def titles(root: str) -> dict[str, str]:
    posts = repository.load(Path(root)).posts
    return {post.title: Path(post.path).stem for post in posts if post.semester == "F2026"}


@pytest.mark.parametrize("address", ["", "posts", "posts/F2026"])
def test_cards_say_how_many_comments_there_are(counted: Build, sound: Build, address: str) -> None:
    assert (counted.code, "Comments are counted as of 2026-11-20 17:05:00+00:00" in counted.output) == (0, True)
    keys = titles(counted.root)
    shown = {keys[title]: line for title, line in cards(counted.page(address)).items() if title in keys}
    assert shown == {key: line for key, (line, _, _) in SHOWN.items()}
    assert not any("comment" in line for line in cards(sound.page(address)).values())


@pytest.mark.parametrize("key", SHOWN)
def test_a_posts_page_says_so_too(counted: Build, sound: Build, key: str) -> None:
    page = counted.page(f"posts/F2026/{key}")
    assert texts(page, "hub-post__byline", "hub-post")[0].endswith(SHOWN[key][0])
    assert "comment" not in texts(sound.page(f"posts/F2026/{key}"), "hub-post__byline", "hub-post")[0]


def rows(page: Document) -> list[list[str]]:
    cells = texts(page, "td", "hub-list")
    width = len(texts(page, "th", "hub-list"))
    return [cells[at : at + width] for at in range(0, len(cells), width)]


def test_posts_that_need_a_comment_come_first(counted: Build) -> None:
    page = counted.page("needs-comment")
    posts = {post.path: post for post in repository.load(Path(counted.root)).posts}
    expected = [posts[f"posts/F2026/{key}.md"] for key in (
        "elsewherium", "duckdb--sqlmesh", "pandera",  # none: of 2 November, and two of 22 November
        "ocrmypdf", "wibbleflow",  # one, and four though the older of the two
    )]  # fmt: skip
    assert [row[0] for row in rows(page)] == [post.title for post in expected]
    words = {0: "no comments yet", 1: "1 comment", 4: "4 comments"}
    assert [row[3] for row in rows(page)] == [words[SHOWN[Path(post.path).stem][1]] for post in expected]
    assert [row[1] for row in rows(page)] == [", ".join(post.authors) for post in expected]
    assert (
        "Counted on Fri 20 November 2026, 12:05, New York time. Comments by a post’s own authors do not count."
        in page.text("hub-note")
    )
    links = [each.attributes["href"] for each in page.find("a", "hub-list")]
    assert links == [f"../posts/F2026/{Path(post.path).stem}/" for post in expected]


def test_without_counts_the_oldest_come_first(sound: Build) -> None:
    page = sound.page("needs-comment")
    keys = titles(sound.root)
    assert [keys[row[0]] for row in rows(page)] == [
        "elsewherium", "wibbleflow", "ocrmypdf", "duckdb--sqlmesh", "pandera",
    ]  # fmt: skip
    assert len(rows(page)[0]) == 3
    assert page.text("hub-lead") == (
        "We cannot count comments right now, so these posts from F2026 are simply oldest first. Pick one that looks quiet."
    )


def test_a_semester_in_which_nothing_is_published_yet(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    sites.copy(root)
    sites.keep_few_earlier(root)
    hub = repository.load(root)
    inputs = site.SiteInputs(broken=frozenset(post.path for post in hub.posts), comments=TALK)
    (page,) = (page for page in site.build(hub, inputs).pages if page.path == "needs-comment.md")
    assert "Nothing is published in F2026 yet." in page.markdown
    assert "<table" not in page.markdown


@pytest.mark.parametrize(("address", "link"), [("", "needs-comment/"), ("posts", "../needs-comment/")])
def test_the_page_is_linked(sound: Build, address: str, link: str) -> None:
    assert link in [each.attributes.get("href", "") for each in sound.page(address).find("a", "article")]


def test_a_posts_page_knows_its_discussion(counted: Build) -> None:
    hub = repository.load(Path(counted.root))
    for talk in (TALK, None):
        result = site.build(hub, site.SiteInputs(comments=talk))
        views = {
            Path(page.path).stem: page.meta.post
            for page in result.pages
            if page.path.startswith("posts/F2026/") and page.meta.post
        }
        lines_and_links = {key: (" ".join(view.comments.split()), view.discussion) for key, view in views.items()}
        assert lines_and_links == {key: (line, url) if talk else ("", "") for key, (line, _, url) in SHOWN.items()}


def test_authors_are_known_in_any_case() -> None:
    result = counts.counted(TALK, [Post("posts/F2026/pandera.md", authors=("Coursehub-STAFF",))])
    assert result.threads == {"posts/F2026/pandera.md": counts.Thread(f"{HERE}/2", comments=1, by_others=0)}


def test_a_post_that_moved_keeps_its_comments() -> None:
    moved = Post("posts/F2026/great-tables.md", aliases=("posts/F2026/pandera.md", "posts/F2026/tables.md"))
    assert counts.counted(TALK, [moved]).of(moved).url == f"{HERE}/2"


def test_nothing_that_anybody_wrote_comes_to_the_site(counted: Build) -> None:
    for word in (b"Xenotext", b"Xenotitle", b"xeno", b"helper[bot]"):
        assert counted.mentions(word) == [], word


@pytest.mark.parametrize(
    "content",
    [None, b"", b'{"version": 1, "links": {}}', record.write(TALK)[:-40], record.write(TALK).replace(b'"version": 1', b'"version": 9')],
    ids=["missing", "empty", "foreign", "half", "newer"],
)  # fmt: skip
def test_a_file_that_can_not_be_used_leaves_the_site_without_counts(
    tmp_path_factory: pytest.TempPathFactory, sound: Build, content: bytes | None
) -> None:
    build = built(tmp_path_factory, content)
    assert build.code == 0
    assert "No comments are counted, because comments.json cannot be used: " in build.output
    assert build.page("needs-comment").text("article") == sound.page("needs-comment").text("article")
    assert cards(build.page("posts")) == cards(sound.page("posts"))


# Publishing


def publishing(folder: Path, github: StandIn) -> tuple[int, str, str]:
    """Run the step of publish.yml that reads comments; return its exit code, its log, and the outputs that it sets."""
    steps = workflows.load("publish.yml")["jobs"]["build"]["steps"]
    (step,) = (step for step in steps if step.get("id") == "comments")
    (folder / ".venv").unlink(missing_ok=True)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "outputs").write_text("")
    with github.serve() as url:
        environment = {**workflows.runner_environment(url, "course/hub", folder), "GITHUB_OUTPUT": str(folder / "outputs"),
                       "GITHUB_TOKEN": "t", "PATH": os.environ["PATH"]}  # fmt: skip
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr, (folder / "outputs").read_text()


def test_publishing_keeps_the_last_known_comments(giscus: Class, tmp_path: Path) -> None:
    giscus.github.fail("graphql", graphql_limit(), skip=2)
    code, log, outputs = publishing(tmp_path, giscus.github)
    assert (code, outputs) == (0, "")
    assert "in full: API rate limit exceeded for installation ID 1. Nothing was written\n" in log
    assert log.count("::warning::The comments could not be read, so the site does not say how many there are.") == 1
    code, log, outputs = publishing(tmp_path, giscus.github)
    assert (code, "::warning::" in log, outputs) == (0, False, "read=true\n")
    last_known = (tmp_path / "build/comments.json").read_bytes()
    assert record.read(last_known).discussions == giscus.planted()
    giscus.github.fail("graphql", Fault(200, errors=({"message": "Trouble"},)), skip=6)
    code, log, outputs = publishing(tmp_path, giscus.github)
    assert (code, outputs) == (0, "")
    assert (
        log.count("::warning::The comments could not be read, so the site shows how many there were the last time.")
        == 1
    )
    assert (tmp_path / "build/comments.json").read_bytes() == last_known


def test_what_publishing_keeps_is_what_it_takes_and_builds_with() -> None:
    steps = workflows.load("publish.yml")["jobs"]["build"]["steps"]
    names = [step["name"] for step in steps]
    take, reading, keep, build = (
        names.index(name) for name in ("Take the comments of the last time, if there are any", "Read the comments",
                                       "Keep the comments for the next time", "Build")
    )  # fmt: skip
    assert take < reading < keep < build
    path = steps[build]["env"]["COURSEHUB_COMMENTS"]
    assert steps[take]["with"]["path"] == steps[keep]["with"]["path"] == path
    assert f"--output {path}" in steps[reading]["run"]
    assert steps[keep]["with"]["key"].startswith(steps[take]["with"]["restore-keys"])
    assert steps[keep]["if"] == "steps.comments.outputs.read == 'true'"
    permissions = workflows.load("publish.yml")["jobs"]["build"]["permissions"]
    assert permissions == {"contents": "read", "pages": "read", "discussions": "read", "issues": "read"}
