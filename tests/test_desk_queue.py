"""First come, first served: the queue's answers, against a plain model that knows the small world it plays in."""

import datetime as dt
from pathlib import Path
from random import Random
from typing import NamedTuple

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

from coursehub.desk.queue import Answer, Answered, Request, answers
from coursehub.records import course, tools
from coursehub.records.hub import Hub
from coursehub.records.post import Post

DATA = Path(__file__).parent / "fixtures/rules/data"
COURSE, _ = course.read((DATA / "course.yaml").read_text())
TOOLS, _ = tools.read((DATA / "tools.yaml").read_text())
assert COURSE
NOW = "F2026"
START = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)

# What a claim is about → ways to say it: the names of the tools, and their homes.
Words = tuple[tuple[str, ...], tuple[str, ...]]
CLAIMS: dict[str, list[Words]] = {
    "wandb": [(("wandb",), ()), (("W&B",), ()), (("Weights and Biases",), ("https://wandb.ai",))],
    "dvc": [(("DVC",), ()), (("dvc",), ("https://dvc.org/",))],
    "both": [(("DVC", "BigQuery"), ()), (("Google BigQuery + DVC",), ())],
    "kedro": [(("Kedro",), ("https://kedro.org",)), (("Ceddro",), ("http://www.kedro.org/",))],  # one home
}
PEOPLE = ("ann", "bob", "Eve", "teacher")  # the teacher is staff


class Main(NamedTuple):
    """A post on main."""

    path: str
    about: str
    authors: tuple[str, ...]
    semester: str
    is_live: bool


class Asked(NamedTuple):
    """A claim of an open pull request, with what it is about, which the code has to find out."""

    second: int
    run: int
    pull: int
    path: str
    actor: str
    about: str
    authors: tuple[str, ...]
    semester: str
    drops: frozenset[str]
    agreed: tuple[tuple[str, int], ...] = ()  # who agreed, and in which second
    refused: str = ""


World = tuple[Hub, list[Main], dict[Asked, Request]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Posts on main, and what open pull requests ask for; of some authors nobody takes care how they are written."""
    authors = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True).map(tuple)
    semesters = st.sampled_from([NOW, NOW, NOW, "S2026"])
    about = st.sampled_from(sorted(CLAIMS))
    main = [
        Main(f"posts/main/{number}.md", draw(about), draw(authors), draw(semesters), draw(st.integers(0, 3)) > 0)
        for number in range(draw(st.integers(0, 3)))
    ]
    actors = {pull: draw(st.sampled_from(PEOPLE)) for pull in range(1, 6)}
    drops = {
        pull: frozenset(draw(st.sets(st.sampled_from([each.path for each in main])))) if main else frozenset()
        for pull in actors
    }
    asked: dict[Asked, Request] = {}
    for number in range(draw(st.integers(1, 6))):
        pull = draw(st.sampled_from(sorted(actors)))
        own = st.just((actors[pull],))
        agreed = st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 3)).map(lambda it: tuple(sorted(it.items())))
        each = Asked(draw(st.integers(0, 2)), draw(st.integers(0, 2)), pull, f"posts/new/{number}.md", actors[pull],
                     draw(about), draw(own | own | authors), draw(semesters), drops[pull], draw(agreed),
                     draw(st.sampled_from(["", "", "", "draft", "lapsed"])))  # fmt: skip
        post = post_of(each.path, draw(st.sampled_from(CLAIMS[each.about])), draw(cases(each.authors)), each.semester)
        moment = START + dt.timedelta(seconds=each.second)
        agreements = {login.lower(): START + dt.timedelta(seconds=second) for login, second in each.agreed}
        asked[each] = Request(
            moment, each.run, pull, each.path, draw(cases((each.actor,))), post, each.drops, agreements, each.refused
        )
    posts = tuple(
        msgspec.structs.replace(
            post_of(each.path, draw(st.sampled_from(CLAIMS[each.about])), each.authors, each.semester),
            status="claimed" if each.is_live else "withdrawn",
        )
        for each in main
    )
    return Hub(COURSE, TOOLS, posts=posts), main, asked


def cases(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Logins in whatever case."""
    return st.tuples(*(st.sampled_from([name, name.lower(), name.upper()]) for name in names))


def post_of(path: str, words: Words, authors: tuple[str, ...], semester: str = NOW) -> Post:
    names, homes = words
    return Post(path, tool=names, tool_url=homes, authors=authors, semester=semester, status="claimed")


def obstacles(each: Asked, main: list[Main], before: list[Asked]) -> set[tuple[str, str, int | None]]:
    """All that is in a request's way, where these came before it: the rule, and the post, on main or in a pull.

    The model: nobody is asked in which order it is looked at, and each request is answered from the beginning.
    """
    if each.actor != "teacher" and each.actor not in each.authors:
        return {("not-your-post", "", None)}
    if each.refused:
        return {(each.refused, "", None)}
    there = [post for post in main if post.is_live and post.semester == each.semester and post.path not in each.drops]
    there = [post for post in there if post.semester == NOW]  # a claim that was never published ends with its semester
    holding = [
        other
        for number, other in enumerate(before)
        if other.semester == each.semester and not obstacles(other, main, before[:number])
    ]
    clashes = {(post.path, None) for post in there if post.about == each.about}
    clashes |= {(other.path, other.pull) for other in holding if other.about == each.about and other.pull != each.pull}
    if clashes:
        return {("claim-taken", *place) for place in clashes}
    students = set(each.authors) - {"teacher"}
    second = {(post.path, None) for post in there if students & set(post.authors)}
    for other in holding:  # a student speaks for nobody else but who agreed by then, staff for all whom they name
        agreeing = {login for login, second in other.agreed if second <= each.second and login in other.authors}
        asking = set(other.authors) if other.actor == "teacher" else {other.actor, *agreeing}
        second |= {(other.path, other.pull)} if students & asking else set()
    return {("second-live-claim", *place) for place in second}


def in_order(asked: dict[Asked, Request]) -> list[Asked]:
    return sorted(asked, key=lambda each: each[:4])


def reason(answer: Answer) -> tuple[str, str, int | None]:
    return answer.why, answer.by.path if answer.by else "", answer.pull


@pytest.mark.slow
@given(worlds(), st.randoms())
@settings(max_examples=250)
def test_the_answers_are_those_of_the_model(world: World, random: Random) -> None:
    hub, main, asked = world
    requests = list(asked.values())
    random.shuffle(requests)
    outcomes = answers(hub, requests)
    order = in_order(asked)
    assert [each.request for each in outcomes] == [asked[each] for each in order]
    for number, each in enumerate(order):
        answer, expected = outcomes[number].answer, obstacles(each, main, order[:number])
        assert answer.holds == (not expected)
        assert answer.holds or reason(answer) in expected


@pytest.mark.slow
@given(worlds(), st.randoms())
def test_the_order_in_which_they_are_looked_at_does_not_matter(world: World, random: Random) -> None:
    hub, _, asked = world
    requests = list(asked.values())
    expected = answers(hub, requests)
    random.shuffle(requests)
    assert answers(hub, requests) == expected


@pytest.mark.slow
@given(worlds())
def test_a_refused_request_stands_in_nobodys_way(world: World) -> None:
    hub, _, asked = world
    outcomes = answers(hub, asked.values())
    holding = [each for each in outcomes if each.answer.holds]
    assert answers(hub, [each.request for each in holding]) == holding
    for refused in outcomes:
        if not refused.answer.holds:
            others = [each for each in outcomes if each is not refused]
            assert answers(hub, [each.request for each in others]) == others


@pytest.mark.slow
@given(worlds())
def test_of_one_claim_one_pull_request_is_told_that_it_holds(world: World) -> None:
    hub, _, asked = world
    claim_of = {each.path: (each.about, each.semester) for each in asked}
    holders: dict[tuple[str, str], set[int]] = {}
    for request, answer in answers(hub, asked.values()):
        if answer.holds:
            holders.setdefault(claim_of[request.path], set()).add(request.pull)
    assert all(len(pulls) == 1 for pulls in holders.values())


def request(pull: int, actor: str, tool: str = "DVC", *, authors: tuple[str, ...] = (), drops: str = "") -> Request:
    """A pull request's claim; the lower the number, the earlier it came."""
    post = post_of(f"posts/{NOW}/{pull}.md", ((tool,), ()), authors or (actor,))
    moment = START + dt.timedelta(minutes=pull)
    return Request(moment, pull, pull, post.path, (actor,), post, frozenset(drops.split()))


ANN = request(1, "ann")
BOB = request(2, "bob", "dvc")
EVE = request(3, "Eve")
DVC_ON_MAIN = post_of("posts/F2026/dvc.md", (("DVC",), ()), ("zoe",))
KEDRO_OF_BOB = post_of("posts/F2026/kedro.md", (("Kedro",), ()), ("BOB",))
FORMER = msgspec.structs.replace(DVC_ON_MAIN, path="posts/S2026/dvc.md", semester="S2026")
GIVEN_UP = msgspec.structs.replace(DVC_ON_MAIN, status="withdrawn")
IN_BOBS_FILE = post_of(KEDRO_OF_BOB.path, (("DVC",), ()), ("ann", "bob"))  # another rule tells that it is not ann's
AGREED_AT_ONCE = request(1, "ann", authors=("ann", "Bob"))._replace(agreed={"bob": START})
AGREED_LATER = AGREED_AT_ONCE._replace(agreed={"bob": START + dt.timedelta(minutes=3)})
FREE = "holds"


@pytest.mark.parametrize(
    ("case", "main", "requests", "expected"),
    [
        ("nobody else", [], [ANN], [FREE]),
        ("first come, first served", [], [EVE, ANN, BOB], [FREE, "claim-taken in #1", "claim-taken in #1"]),
        ("the first goes, the next has it", [], [EVE, BOB], [FREE, "claim-taken in #2"]),
        ("and the next", [], [EVE], [FREE]),
        ("main has it", [DVC_ON_MAIN], [ANN, BOB], ["claim-taken on posts/F2026/dvc.md"] * 2),
        ("main had it in another semester", [FORMER], [ANN, BOB], [FREE, "claim-taken in #1"]),
        ("main's was withdrawn", [GIVEN_UP], [ANN], [FREE]),
        (
            "one student asks for two",
            [],
            [ANN, request(4, "ann", "Kedro"), request(5, "ANN", "BigQuery")],
            [FREE, "second-live-claim in #1", "second-live-claim in #1"],
        ),
        ("one student has another on main", [KEDRO_OF_BOB], [BOB, EVE], ["second-live-claim on posts/F2026/kedro.md", FREE]),
        (
            "and changes it for this one",
            [KEDRO_OF_BOB],
            [request(2, "bob", drops="posts/F2026/kedro.md"), EVE],
            [FREE, "claim-taken in #2"],
        ),
        (
            "what somebody gives up is free to themselves alone before it is merged",
            [KEDRO_OF_BOB],
            [request(2, "bob", drops="posts/F2026/kedro.md"), request(3, "Eve", "Kedro")],
            [FREE, "claim-taken on posts/F2026/kedro.md"],
        ),
        (
            "in a friend's name",
            [],
            [request(1, "ann", authors=("bob",)), BOB],
            ["not-your-post", FREE],
        ),
        ("with a friend", [], [request(1, "ann", authors=("Ann", "bob")), BOB], [FREE, "claim-taken in #1"]),
        (
            "with a friend who has one",
            [KEDRO_OF_BOB],
            [request(1, "ann", authors=("ann", "bob")), EVE],
            ["second-live-claim on posts/F2026/kedro.md", FREE],
        ),
        (
            "named by a friend, who did not ask",
            [],
            [request(1, "ann", authors=("ann", "bob")), request(2, "bob", "Kedro")],
            [FREE, FREE],
        ),
        (
            "named by a friend, and agreed before",
            [],
            [AGREED_AT_ONCE, request(2, "bob", "Kedro")],
            [FREE, "second-live-claim in #1"],
        ),
        (
            "named by a friend, and agreed after the own claim",
            [],
            [AGREED_LATER, request(2, "bob", "Kedro")],
            [FREE, FREE],
        ),
        (
            "under a login of former days",
            [],
            [request(1, "ann")._replace(logins=("anna", "ann")), request(2, "anna", "Kedro")],
            [FREE, "second-live-claim in #1"],
        ),
        ("a draft", [], [ANN._replace(refused="draft"), BOB], ["draft", FREE]),
        (
            "in a friend's file",
            [KEDRO_OF_BOB],
            [request(1, "ann", authors=("ann", "bob"))._replace(post=IN_BOBS_FILE)],
            [FREE],
        ),
        ("staff for a student", [], [request(1, "Teacher", authors=("bob",)), BOB], [FREE, "claim-taken in #1"]),
        ("staff may have two", [], [request(1, "teacher"), request(2, "teacher", "Kedro")], [FREE, FREE]),
        (
            "who is refused keeps nobody from it",
            [KEDRO_OF_BOB],
            [BOB, EVE, request(4, "Eve", "BigQuery")],
            ["second-live-claim on posts/F2026/kedro.md", FREE, "second-live-claim in #3"],
        ),
    ],
)  # fmt: skip
def test_who_gets_it(case: str, main: list[Post], requests: list[Request], expected: list[str]) -> None:
    outcomes = answers(Hub(COURSE, TOOLS, posts=tuple(main)), requests)
    assert list(map(in_words, outcomes)) == expected, case


def in_words(answered: Answered) -> str:
    answer = answered.answer
    if answer.holds:
        return "holds"
    return answer.why + (f" in #{answer.pull}" if answer.pull else f" on {answer.by.path}" if answer.by else "")


def test_of_what_came_in_one_second_the_run_and_then_the_number_decide() -> None:
    ann, bob, eve = (each._replace(moment=START, run=7) for each in (ANN, BOB, EVE))
    hub = Hub(COURSE, TOOLS)
    assert [each.request.logins[0] for each in answers(hub, [eve, bob, ann._replace(run=8)])] == ["bob", "Eve", "ann"]
    assert [in_words(each) for each in answers(hub, [eve, bob, ann])] == [
        "holds",
        "claim-taken in #1",
        "claim-taken in #1",
    ]


def test_of_two_authors_the_first_is_told() -> None:
    posts = tuple(post_of(f"posts/F2026/{name}.md", ((name,), ()), (name,)) for name in ("ann", "bob", "eve", "zoe"))
    asked = request(1, "zoe", authors=("zoe", "eve", "bob", "ann"))
    (answer,) = answers(Hub(COURSE, TOOLS, posts=posts), [asked])
    assert in_words(answer) == "second-live-claim on posts/F2026/zoe.md"


def test_one_pull_request_may_not_hold_two() -> None:
    first, second = ANN, request(1, "ann", "Kedro")._replace(path="posts/F2026/2.md")
    assert [in_words(each) for each in answers(Hub(COURSE, TOOLS), [second, first])] == [
        "holds",
        "second-live-claim in #1",
    ]
