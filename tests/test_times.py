"""An assignment that changes: each semester is asked what its own assignment asks."""

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from growth import TIMES, growth
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from msgspec.structs import replace

from coursehub import checks
from coursehub.checks.publishing import questions
from coursehub.comments import record
from coursehub.comments.record import Comment, Discussion, Discussions
from coursehub.converting import writing
from coursehub.converting.fields import Fields
from coursehub.desk import comment
from coursehub.grading import grades, participation
from coursehub.grading.receipt import receipt_of
from coursehub.grading.roster import Student
from coursehub.records import course, post
from coursehub.records.assignment import Limits
from coursehub.records.course import Course
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub
from coursehub.records.prior_posts import PriorPost
from coursehub.site import catalog, feeds, front_matter_schema
from coursehub.site.cards import card, prior_row
from coursehub.site.pages.post_page import post_page
from coursehub.site.subjects import Subjects

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
    ("since: F1, until: S2", "since: S2, until: F1", (15, 78), "until: “F1” comes before “S2”, since when it would hold: exchange the two"),
    ("claims: product, since: F3", "claims: product, since: S2", (14, 10), "options: “tool” is given twice in S2: let one end (until) before the other begins (since)"),
    ("Use, until: F1}\n      ", "Use, until: S2}\n      ", (13, 14), "options[0].requirements: “use” is given twice in S2: let one end (until) before the other begins (since)"),
    ("[{id: cost, title: Cost}]", "[{id: cost, title: Cost}, {id: cost, title: Cost}]", (14, 104), "options[1].requirements: “cost” is given twice"),
    ("id: text, points: 4, title: Text, since: S2", "id: use, points: 4, title: Text, since: S2", (20, 10), "rubric: “use” is given twice in S2: let one end (until) before the other begins (since)"),
    ("200, since: F3", "200, since: F1", (26, 18), "limits: “body_words” is given twice in F1: let one end (until) before the other begins (since)"),
    ("{id: cost, title: Cost}", "{id: cost, title: Cost, until: S2}", (14, 79), "requirements: “cost” holds until S2, and its option “tool” since F3: no semester has both, so change one"),
    ("option: paper, until: F1", "option: paper, until: S9", (21, 10), "rubric: “idea” counts until S9, and its option “paper” holds from F1 to S2: no semester has both, so change one"),
    ("option: paper, since: S2", "option: book, since: S2", (22, 48), "rubric: “book” is not one of the options"),
    ("claims: paper, names: title, since: F1, until: S2", "claims: paper, names: title, since: F1, until: F1", (22, 10), "rubric: “idea” counts since S2, and its option “paper” holds in F1: no semester has both, so change one"),
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
    assert "options: none of them holds in S9, which is open: add one, or let one hold longer" in [
        trouble.what for trouble in troubles
    ]


Entry = dict[str, Any]
SEMESTERS = ("S9", "F1", "S2", "F3")  # not in the order of their letters
READ = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
OCTOCAT = Student(line=1, login="octocat", name="Octocat", id="1")


def holds(each: Entry, semester: str) -> bool:
    first, last = each.get("since", SEMESTERS[0]), each.get("until", SEMESTERS[-1])
    return SEMESTERS.index(first) <= SEMESTERS.index(semester) <= SEMESTERS.index(last)


def test_the_documentation_shows_how_to_change_an_assignment() -> None:
    page = (Path(__file__).parents[1] / "docs/course-files.md").read_text("utf-8")
    example = page.partition("### When the assignment changes")[2].partition("```yaml\n")[2].partition("```")[0]
    head = COURSE[: COURSE.index("semesters:")].replace("F3", "F2026")
    the_course = read(f"{head}semesters: [{{id: F2025}}, {{id: S2026}}, {{id: F2026}}]\nfull_score: 100\n{example}")
    before, after = the_course.at("S2026"), the_course.now
    assert [[each.id for each in its.options[0].requirements] for its in (before, after)] == [
        ["problem", "example"], ["problem", "example", "cost"],
    ]  # fmt: skip
    assert [its.limits.body_words for its in (before, after)] == [300, 400]
    assert [sorted(item.points for item in its.rubric) for its in (before, after)] == [[50, 50], [10, 40, 50]]


# All who ask

OLD, NEW = "S2", "F3"
CHANGED: Entry = {
    "options": [
        {"id": "tool", "title": "Tool", "claims": "tool", "until": OLD, "requirements": [
            {"id": "use", "title": "How it is used"}, {"id": "risk", "title": "Risks", "until": OLD}]},
        {"id": "tool", "title": "Product", "claims": "application", "since": NEW, "may_repeat_last_semester": True,
         "requirements": [{"id": "use", "title": "Uses", "since": NEW}, {"id": "cost", "title": "Costs"}]},
        {"id": "essay", "title": "Essay", "claims": "essay", "since": NEW, "requirements": []},
    ],
    "rubric": [
        {"id": "talk", "title": "Talks", "points": 10, "awarded_for": ["comments"], "until": OLD},
        {"id": "talk", "title": "Talks", "points": 5, "awarded_for": ["comments"], "since": NEW},
        {"id": "cost", "title": "Costs", "points": 5, "option": "tool", "since": NEW},
    ],
    "limits": [
        {"body_words": 1, "image_kilobytes": 1, "comments": 1, "comment_words": 2, "until": OLD},
        {"body_words": 9, "image_kilobytes": 9, "image_megapixels": 9, "comments": 3, "comment_words": 9, "since": NEW},
    ],
}  # fmt: skip
TEXT = """\
---
{}
---

## Why

![A plot](kedro/plot.png)

Five words in a row.
"""


def only(parts: Entry, semester: str) -> Entry:
    """The parts that hold in a semester, as those of a course that never had any other."""
    return {
        name: [
            {key: only({key: value}, semester)[key] if key == "requirements" else value
             for key, value in each.items() if key not in ("since", "until")}
            for each in those
            if holds(each, semester)
        ]
        for name, those in parts.items()
    }  # fmt: skip


def with_one_post(parts: Entry, semester: str) -> Hub:
    """A course with a post of this semester; the semester before had the same tool."""
    front = {
        "title": "Kedro", "authors": "octocat", "option": "tool", "tool": "Kedro", "semester": semester,
        "tool_url": "https://example.org/kedro", "status": "published", "date": "2026-11-02", "summary": "S.",
        "covers": {"use": "Why", "risk": "Why"}, "format": "introduction",
    }  # fmt: skip
    hub = hub_of(parts, [])
    path = f"posts/{semester}/kedro"
    prior = PriorPost("Kedro", ("Kedro",), "tool", SEMESTERS[SEMESTERS.index(semester) - 1], line=1)
    its_post = post.read(f"{path}.md", TEXT.format(yaml.safe_dump(front)).encode())
    return replace(hub, posts=(its_post,), priors=(prior,), pictures={f"{path}/plot.png": 5000})


def commented(term: str) -> Discussions:
    comment = Comment("https://example.org/1", "hubot", READ, "Only four words here.")
    return Discussions("giscus", READ, (Discussion(term, "https://example.org", (comment,)),))


def sheet(hub: Hub, its: post.Post) -> list[list[Any]]:
    hubot = Student(line=1, login="hubot", name="Hubot", id="1")
    ledger = participation.ledger(hub, its.semester, commented(record.term(its)), [OCTOCAT, hubot])
    rubric = hub.course.at(its.semester).rubric
    return [
        *participation.rows(ledger, hub.course),
        *grades.rows(grades.sheets(hub, ledger, {}), rubric, grades.Format.CSV),
    ]


def listed(hub: Hub) -> list[catalog.Entry]:
    return [each for each in catalog.entries(Subjects(hub, hub.posts)) if each.path]


def feed(hub: Hub, its: post.Post) -> object:
    files = feeds.assets(hub.course, feeds.feeds(hub.course, listed(hub), str), "https://example.org/")
    return json.loads(next(file.content for file in files if file.path.endswith(".json")))["items"]


def judged(hub: Hub, posts: Sequence[post.Post]) -> list[Finding]:
    """The findings in these posts, without the words of those on unknown values: they may say when these were known."""
    findings = checks.judge_posts(hub, posts)
    return [replace(each, message="") if each.rule == "unknown-value" else each for each in findings]


def converted(hub: Hub, its: post.Post) -> str:
    semester = hub.course.semesters[hub.course.order[its.semester]]
    return writing.front_matter(writing.Claimed(["Dask"], "tool", semester, ["octocat"]), "Dask", Fields(), hub.course)


ASKERS: dict[str, Callable[[Hub, post.Post], object]] = {
    "check": lambda hub, its: judged(hub, [its]),
    "page": lambda hub, its: post_page(Subjects(hub, hub.posts), its, "", {}),
    "card": lambda hub, its: card(Subjects(hub, hub.posts), its),
    "row": lambda hub, its: prior_row(Subjects(hub, hub.posts), replace(hub.priors[0], semester=its.semester)),
    "catalog": lambda hub, its: catalog.format_of(hub, replace(listed(hub)[0], format=None)),
    "feed": feed,
    "receipt": lambda hub, its: receipt_of(hub, its, since=None, site="", comments=None),
    "checklist": comment._checklist,
    "publish": lambda hub, its: [(each.words, each.known) for each in questions(its, hub, READ.date())],
    "word": lambda hub, its: hub.word(its),
    "grades": sheet,
    "converted": converted,
}  # fmt: skip


@pytest.mark.parametrize("semester", [OLD, NEW])
@pytest.mark.parametrize("asker", ASKERS)
def test_each_goes_by_the_semester_of_the_post(asker: str, semester: str) -> None:
    whole, alone = with_one_post(CHANGED, semester), with_one_post(only(CHANGED, semester), semester)
    answer = ASKERS[asker](whole, whole.posts[0])
    assert answer == ASKERS[asker](alone, alone.posts[0])
    other = with_one_post(only(CHANGED, NEW if semester == OLD else OLD), semester)
    assert answer != ASKERS[asker](other, other.posts[0])  # it would be seen


@pytest.mark.parametrize(
    ("semester", "option", "covers", "is_valid"),
    [
        (OLD, "tool", {"use": "Why", "risk": "Why"}, True),
        (OLD, "tool", {"cost": "Why"}, False),
        (OLD, "essay", {}, False),
        (NEW, "tool", {"use": "Why", "cost": "Why"}, True),
        (NEW, "tool", {"risk": "Why"}, False),
        (NEW, "essay", {}, True),
        (NEW, "song", {}, False),
    ],
)
def test_editors_complete_by_the_semester_of_the_post(
    semester: str, option: str, covers: Entry, is_valid: bool
) -> None:
    front = {
        "title": "T", "authors": "octocat", "option": option, "tool": "Kedro", "semester": semester,
        "status": "claimed", "covers": covers,
    }  # fmt: skip
    schema = front_matter_schema.schema(hub_of(CHANGED, []).course)
    assert Draft7Validator(schema).is_valid(front) is is_valid


# Any set of times


def times() -> st.SearchStrategy[Entry]:
    """Any first and last semester, in their order, each perhaps not said."""
    ends = st.tuples(st.sampled_from(SEMESTERS), st.sampled_from(SEMESTERS)).map(
        lambda pair: dict(zip(("since", "until"), sorted(pair, key=SEMESTERS.index), strict=True))
    )
    names = st.sets(st.sampled_from(["since", "until"]))
    return st.builds(lambda its, names: {name: its[name] for name in sorted(names)}, ends, names)


def without_overlap(entries: list[Entry]) -> list[Entry]:
    """The entries, without those of an id that a semester has already."""
    chosen: list[Entry] = []
    for each in entries:
        alike = [other for other in chosen if other["id"] == each["id"]]
        if not any(holds(each, semester) and holds(other, semester) for semester in SEMESTERS for other in alike):
            chosen.append(each)
    return chosen


def entries(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Entry]]:
    fields = st.fixed_dictionaries({"id": st.sampled_from("ab"), "title": st.sampled_from("TU"), **more})
    return st.lists(st.builds(dict.__or__, fields, times()), max_size=4).map(without_overlap)


COURSES = st.fixed_dictionaries({
    "options": entries(
        claims=st.sampled_from(["tool", "app"]), requirements=entries(), may_repeat_last_semester=st.booleans()
    ),
    "limits": st.lists(
        st.builds(lambda name, value, when: {name: value, "since": when, "until": when},
                  st.sampled_from(["body_words", "comments"]), st.integers(0, 12), st.sampled_from(SEMESTERS)),
        max_size=4, unique_by=lambda each: each["since"],
    ),
})  # fmt: skip
FRONTS = st.lists(
    st.fixed_dictionaries({
        "semester": st.sampled_from(SEMESTERS), "option": st.sampled_from(["a", "b", "c", ""]),
        "tool": st.sampled_from(["kedro", "dvc"]), "status": st.sampled_from(["claimed", "published"]),
        "covers": st.sets(st.sampled_from("abc")).map(lambda names: dict.fromkeys(sorted(names), "Why")),
    }),
    min_size=1, max_size=4, unique_by=lambda front: (front["semester"], front["tool"]),
)  # fmt: skip


def hub_of(parts: Entry, fronts: list[Entry]) -> Hub:
    data = {
        "name": "A", "staff": [], "time_zone": "UTC", "open_semester": "S9",
        "semesters": [{"id": semester} for semester in SEMESTERS], **parts,
    }  # fmt: skip
    return Hub(msgspec.convert(data, Course), posts=tuple(map(post_of, fronts)))


def post_of(front: Entry) -> post.Post:
    text = (
        f"---\n{yaml.safe_dump({**front, 'title': 'T', 'authors': 'octocat'})}---\n\n## Why\n\nFive words in a row.\n"
    )
    return post.read(f"posts/{front['semester']}/{front['tool']}.md", text.encode())


def known_of(hub: Hub, semester: str) -> list[object]:
    """The findings in the posts of a semester, and their pages."""
    posts = [each for each in hub.posts if each.semester == semester]
    return [*judged(hub, posts), *(post_page(Subjects(hub, hub.posts), each, "", {}) for each in posts)]


@settings(max_examples=40, deadline=None)
@given(COURSES, FRONTS)
def test_a_post_is_judged_and_shown_as_if_only_what_its_semester_asks_had_ever_been(
    parts: Entry, fronts: list[Entry]
) -> None:
    whole = hub_of(parts, fronts)
    for semester in {front["semester"] for front in fronts}:
        held = {name: [each for each in those if holds(each, semester)] for name, those in parts.items()}
        held["options"] = [
            {**each, "requirements": [its for its in each["requirements"] if holds(its, semester)]}
            for each in held["options"]
        ]
        assert known_of(whole, semester) == known_of(hub_of(held, fronts), semester)


# Cost, and who asks


@pytest.mark.parametrize("end", ["until: s{0}, ", ""], ids=["one after the other", "all at once"])
def test_a_course_with_many_times_is_read_in_a_time_that_grows_with_it(end: str) -> None:
    option = "  - {{id: o, title: T, since: s{0}, " + end + "claims: tool, requirements: []}}\n"
    item = "  - {{id: a, title: T, since: s{0}, " + end + "points: 1, option: o}}\n"

    def read_one(count: int) -> object:
        semesters, options, rubric = (
            "".join(map(each.format, range(count))) for each in ("  - {{id: s{0}}}\n", option, item)
        )
        head = "name: A\nstaff: []\ntime_zone: UTC\nopen_semester: s0\nfull_score: 1\n"
        return course.read(f"{head}semesters:\n{semesters}options:\n{options}rubric:\n{rubric}")

    assert growth(read_one, 400) <= 2 * TIMES


def test_nobody_but_the_records_reads_what_holds_only_at_times() -> None:
    """All others ask the assignment of a semester: `course.at(…)`, `course.now`."""
    source = Path(course.__file__).parents[1]
    files = [path for kind in ("*.py", "*.md", "*.html") for path in source.rglob(kind) if "records" not in path.parts]
    readers = {
        path.name for path in files if re.search(r"course\.(?:options|rubric|limits)\b", path.read_text("utf-8"))
    }
    assert len(files) > 100
    assert readers == set()
