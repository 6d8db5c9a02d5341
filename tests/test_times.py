"""An assignment that changes: each semester is asked what its own assignment asks."""

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from coursehub import checks
from coursehub.records import course, post
from coursehub.records.assignment import Limits
from coursehub.records.course import Course
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub

COURSE = """\
name: A course
staff: []
time_zone: UTC
open_semester: F3
semesters: [{id: S9}, {id: F1}, {id: S2}, {id: F3}]
options:
  - id: tool
    title: Tool
    claims: tool
    until: S2
    requirements:
      - {id: use, title: Use, until: F1}
      - {id: use, title: Use it twice, since: S2}
  - {id: tool, title: A tool, claims: product, since: F3, requirements: [{id: cost, title: Cost}]}
  - {id: paper, title: Paper, claims: paper, names: title, since: F1, until: S2, requirements: []}
full_score: 10
rubric:
  - {id: use, points: 10, title: Use, option: tool, until: F1}
  - {id: use, points: 6, title: Use, option: tool, since: S2}
  - {id: text, points: 4, title: Text, since: S2}
  - {id: idea, points: 10, title: Idea, option: paper, until: F1}
  - {id: idea, points: 6, title: Idea, option: paper, since: S2}
limits:
  - {comments: 3}
  - {body_words: 100, until: F1}
  - {body_words: 200, since: F3}
"""


def read(text: str) -> Course:
    the_course, troubles = course.read(text)
    assert the_course, troubles
    return the_course


# semester → titles of options and requirements, points of the rubric, the least number of words, word for what is claimed
HELD = {
    "S9": (["Tool: Use"], ["Use 10"], 100, "tool"),
    "F1": (["Tool: Use", "Paper: "], ["Use 10", "Idea 10"], 100, "tool"),
    "S2": (["Tool: Use it twice", "Paper: "], ["Use 6", "Text 4", "Idea 6"], 300, "tool"),
    "F3": (["A tool: Cost"], ["Use 6", "Text 4"], 200, "product"),
    "none": (["A tool: Cost"], ["Use 6", "Text 4"], 200, "product"),
}


@pytest.mark.parametrize("semester", HELD)
def test_each_semester_has_its_own_assignment(semester: str) -> None:
    asked = read(COURSE).at(semester)
    options = [f"{each.title}: {', '.join(its.title for its in each.requirements)}" for each in asked.options]
    rubric = [f"{item.title} {item.points}" for item in asked.rubric]
    assert (options, rubric, asked.limits.body_words, asked.word(None)) == HELD[semester]
    assert (asked.limits.comments, asked.limits.comment_words) == (3, 10)


def test_what_shows_several_semesters_has_all_options_as_they_are_last() -> None:
    assert [(each.id, each.title) for each in read(COURSE).ever.options] == [("tool", "A tool"), ("paper", "Paper")]


def test_limits_are_one_entry_or_several() -> None:
    untimed = COURSE[: COURSE.index("limits:")]
    assert read(untimed).now.limits == Limits()
    one = read(f"{untimed}limits: {{comments: 1, since: F3}}\n")
    assert [one.at(semester).limits.comments for semester in ("S2", "F3")] == [2, 1]


# what is replaced in COURSE, by what, where that is wrong, what the message is
WRONG = [
    ("id: tool\n    title: Tool", "id: tool\n    since: F4\n    title: Tool", (8, 12), "since: “F4” is not one of the semesters"),
    ("title: Use, until: F1", "title: Use, until: f1", (12, 38), "until: “f1” is not one of the semesters"),
    ("option: tool, until: F1", "option: tool, until: X", (18, 60), "until: “X” is not one of the semesters"),
    ("100, until: F1", "100, until: X", (25, 30), "until: “X” is not one of the semesters"),
    ("- {comments: 3}", "- {since: X}", (24, 13), "since: “X” is not one of the semesters"),
    ("until: S2\n", "until: 2\n", (10, 12), "options[0].until: expected text, got a whole number"),
    ("until: S2\n", "until:\n", (10, 11), "options[0].until: expected text, got nothing"),
    ("until: S2\n", "until: ''\n", (10, 12), "until: “” is not one of the semesters"),
    ("until: S2\n", "until: [S2]\n", (10, 12), "options[0].until: expected text, got a list"),
    ("100, until: F1", "100, until: 1.0", (25, 30), "limits[1].until: expected text, got `float`"),
    ("- {comments: 3}", "- 3", (24, 5), "limits[0]: expected a mapping, got a whole number"),
    ("- {comments: 3}", "- {comments: }", (24, 16), "limits[0].comments: expected a whole number, got nothing"),
    ("since: F1, until: S2", "since: S2, until: F1", (15, 78), "until: “F1” comes before “S2”, since when it would hold"),
    ("claims: product, since: F3", "claims: product, since: S2", (14, 10), "options: “tool” is given twice in S2: let one end (until) before the other begins (since)"),
    ("Use, until: F1}\n      ", "Use, until: S2}\n      ", (13, 14), "options[0].requirements: “use” is given twice in S2: let one end (until) before the other begins (since)"),
    ("[{id: cost, title: Cost}]", "[{id: cost, title: Cost}, {id: cost, title: Cost}]", (14, 104), "options[1].requirements: “cost” is given twice"),
    ("id: text, points: 4, title: Text, since: S2", "id: use, points: 4, title: Text, since: S2", (20, 10), "rubric: “use” is given twice in S2: let one end (until) before the other begins (since)"),
    ("200, since: F3", "200, since: F1", (26, 18), "limits: “body_words” is given twice in F1: let one end (until) before the other begins (since)"),
    ("{id: cost, title: Cost}", "{id: cost, title: Cost, until: S2}", (14, 79), "requirements: “cost” holds until S2, and its option “tool” since F3: no semester has both"),
    ("option: paper, until: F1", "option: paper, until: S9", (21, 10), "rubric: “idea” counts until S9, and its option “paper” holds from F1 to S2: no semester has both"),
    ("option: paper, since: S2", "option: book, since: S2", (22, 48), "rubric: “book” is not one of the options"),
    ("claims: paper, names: title, since: F1, until: S2", "claims: paper, names: title, since: F1, until: F1", (22, 10), "rubric: “idea” counts since S2, and its option “paper” holds in F1: no semester has both"),
    ("claims: product,", "claims: product, names: title,", (7, 5), "options: “tool” has other “names” in another semester: give one of the two its own id"),
    ("points: 4, title: Text, since: S2", "points: 4, title: Text, since: F3", (16, 13), "full_score: the points of “tool” come to 6 in S2, not 10"),
    ("points: 4, title: Text, since: S2", "points: 4, title: Text, since: S2, until: S2", (16, 13), "full_score: the points of “tool” come to 6 in F3, not 10"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "what"), WRONG)
def test_wrong_times_are_said_with_their_place(old: str, new: str, place: tuple[int, int], what: str) -> None:
    assert COURSE.count(old) == 1
    the_course, troubles = course.read(COURSE.replace(old, new))
    assert the_course is None
    assert (*place, what) in [(trouble.line, trouble.column, trouble.what) for trouble in troubles]


def test_an_assignment_without_an_option_now_is_said() -> None:
    text = COURSE.replace("  - {id: tool, title: A tool", "  - {id: other, title: A tool").replace(
        "open_semester: F3", "open_semester: S9"
    )
    text = text.replace("    until: S2\n", "    since: F1\n    until: S2\n")
    _, troubles = course.read(text)
    assert "options: none of them holds in S9, which is open" in [trouble.what for trouble in troubles]


# Any set of times

SEMESTERS = ("S9", "F1", "S2", "F3")  # not in the order of their letters


def _times() -> st.SearchStrategy[dict[str, str]]:
    """Any first and last semester, in their order, each perhaps not said."""
    ends = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(sorted)
    written = ends.map(lambda pair: {"since": SEMESTERS[pair[0]], "until": SEMESTERS[pair[1]]})
    names = st.sets(st.sampled_from(["since", "until"]))
    return st.tuples(written, names).map(lambda pair: {name: pair[0][name] for name in pair[1]})


def _without_overlap(entries: list[dict[str, object]]) -> list[dict[str, object]]:
    """The entries, without those of an id that a semester has already."""
    chosen: list[dict[str, object]] = []
    for each in entries:
        if not any(
            each["id"] == other["id"] and any(holds(each, s) and holds(other, s) for s in SEMESTERS) for other in chosen
        ):
            chosen.append(each)
    return chosen


def holds(each: dict[str, object], semester: str) -> bool:
    first, last = each.get("since", SEMESTERS[0]), each.get("until", SEMESTERS[-1])
    return SEMESTERS.index(str(first)) <= SEMESTERS.index(semester) <= SEMESTERS.index(str(last))


def _entries(**more: st.SearchStrategy[object]) -> st.SearchStrategy[list[dict[str, object]]]:
    one = st.tuples(
        st.fixed_dictionaries({"id": st.sampled_from("ab"), "title": st.sampled_from("TU"), **more}), _times()
    )
    return st.lists(one.map(lambda pair: pair[0] | pair[1]), max_size=4).map(_without_overlap)


OPTIONS = _entries(
    claims=st.sampled_from(["tool", "app"]), requirements=_entries(), may_repeat_last_semester=st.booleans()
)
LIMITS = st.lists(st.tuples(st.sampled_from(SEMESTERS), st.integers(0, 12)), max_size=4, unique_by=lambda pair: pair[0])
WRITTEN = st.lists(
    st.fixed_dictionaries({
        "semester": st.sampled_from(SEMESTERS), "option": st.sampled_from(["a", "b", "c", ""]),
        "tool": st.sampled_from(["kedro", "dvc"]), "status": st.sampled_from(["claimed", "published"]),
        "covers": st.sets(st.sampled_from("abc")),
    }),
    min_size=1, max_size=4, unique_by=lambda front: (front["semester"], front["tool"]),
)  # fmt: skip


def _hub(options: list[dict[str, object]], limits: list[dict[str, object]], fronts: list[dict[str, object]]) -> Hub:
    data = {
        "name": "A", "staff": [], "time_zone": "UTC", "open_semester": "S9", "options": options, "limits": limits,
        "semesters": [{"id": semester} for semester in SEMESTERS],
    }  # fmt: skip
    the_course = msgspec.convert(data, Course)
    return Hub(the_course, posts=tuple(map(_post, fronts)))


def _post(front: dict[str, object]) -> post.Post:
    covers = dict.fromkeys(sorted(front["covers"]), "Why")  # type: ignore[call-overload]
    text = yaml.safe_dump({**front, "covers": covers, "title": "T", "authors": "octocat"})
    path = f"posts/{front['semester']}/{front['tool']}.md"
    return post.read(path, f"---\n{text}---\n\n## Why\n\nFive words in a row.\n".encode())


def _judged(hub: Hub, semester: str) -> list[Finding]:
    """The findings in the posts of a semester. That a value is unknown may be said with when it was known."""
    findings = checks.judge_posts(hub, [each for each in hub.posts if each.semester == semester])
    return [msgspec.structs.replace(each, message="") if each.rule == "unknown-value" else each for each in findings]


@settings(max_examples=30)
@given(OPTIONS, LIMITS, WRITTEN)
def test_a_post_is_judged_as_if_nothing_had_ever_been_asked_but_what_its_semester_asks(
    options: list[dict[str, object]], limits: list[tuple[str, int]], fronts: list[dict[str, object]]
) -> None:
    some = [{"since": semester, "until": semester, "body_words": words} for semester, words in limits]
    whole = _hub(options, some, fronts)
    for semester in SEMESTERS:
        held = [
            {**each, "requirements": [its for its in each["requirements"] if holds(its, semester)]}  # type: ignore[attr-defined]
            for each in options
            if holds(each, semester)
        ]
        only = _hub(held, [each for each in some if holds(each, semester)], fronts)
        assert _judged(whole, semester) == _judged(only, semester)
