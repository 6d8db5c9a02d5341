"""The data files: what is wrong in them is said with its place, and the rest is read."""

import datetime as dt

import pytest

from coursehub.records import course, prior_posts, tools
from coursehub.records.course import Course, Semester, season
from coursehub.records.finding import Severity
from coursehub.text.located import Trouble

COURSE = """\
name: A course
staff: [teacher, TA-One]
time_zone: America/New_York
open_semester: F2026
semesters:
  - id: S2026
  - id: F2026
    post_due: 2026-12-04 23:59
options:
  - id: mlops-tool
    title: MLOps tool
    claims: tool
    requirements:
      - {id: problem, title: The problem}
topics:
  - {id: pipelines, title: Pipelines, examples: [Airflow]}
rubric:
  - {id: content, points: 10, title: Content, option: mlops-tool}
severities:
  claim-overlaps: off
limits:
  body_words: 200
"""


@pytest.fixture
def the_course() -> Course:
    the_course, troubles = course.read(COURSE)
    assert troubles == ()
    assert the_course
    return the_course


# --- data/course.yaml


def test_a_course_is_read(the_course: Course) -> None:
    assert the_course.name == "A course"
    assert [semester.id for semester in the_course.semesters] == ["S2026", "F2026"]
    assert [the_course.semester_before(semester) for semester in ("S2026", "F2026")] == [None, "S2026"]
    assert the_course.now.option_by_id["mlops-tool"].requirements[0].title == "The problem"
    assert the_course.topic_by_id["pipelines"].examples == ("Airflow",)
    assert (the_course.now.limits.body_words, the_course.now.limits.image_kilobytes) == (200, 1000)
    assert [the_course.is_staff(login) for login in ("teacher", "Teacher", "ta-one", "octocat", "")] == [
        *(True, True, True, False, False)
    ]


@pytest.mark.parametrize("written", ["off", "'off'", "warning"])
def test_a_severity_is_a_word_also_where_yaml_takes_it_for_false(written: str) -> None:
    the_course, _ = course.read(COURSE.replace("claim-overlaps: off", f"claim-overlaps: {written}"))
    assert the_course
    assert the_course.severities == {"claim-overlaps": Severity(written.strip("'"))}


@pytest.mark.parametrize(
    ("zone", "written", "moment"),
    [
        ("America/New_York", "2026-12-04 23:59", "2026-12-05 04:59"),
        ("America/New_York", "2026-10-26 00:00", "2026-10-26 04:00"),  # summer time
        ("Europe/Berlin", "2026-12-04 23:59", "2026-12-04 22:59"),
    ],
)
def test_a_deadline_is_in_the_courses_time_zone(zone: str, written: str, moment: str) -> None:
    the_course, _ = course.read(COURSE.replace("America/New_York", zone))
    assert the_course
    assert the_course.moment(written) == dt.datetime.fromisoformat(f"{moment}+00:00")


# what is replaced in COURSE, by what, where that is wrong, what the message is
BROKEN_COURSES = [
    ("name: A course\n", "", (1, 1), "the file: object missing required field `name`"),
    ("name: A course", "name: 1.10", (1, 7), "name: expected text, got `float`"),
    ("name: A course", "name:", (1, 6), "name: expected text, got nothing"),
    ("name: A course", "name: a\nnam: b", (1, 1), "the file: object contains unknown field `nam`"),
    ("[teacher, TA-One]", "teacher", (2, 8), "staff: expected a list, got text"),
    ("TA-One", "1", (2, 18), "staff[1]: expected text, got a whole number"),
    ("TA-One", "[a]", (2, 18), "staff[1]: expected text, got a list"),
    *(
        ("America/New_York", wrong, (3, 12), f"time_zone: “{wrong}” is not a time zone such as America/New_York")
        for wrong in ("Mars/Base", "America", "../../etc/passwd", "a" * 300)
    ),
    *(
        ("name: A course", f"name: A\nfirst_address: {wrong}", (2, 16),
         f"first_address: “{wrong}” is no address with a slash at its end: https://example.org/")
        for wrong in ("https://x.example", "x.example/", "javascript:alert(1)/")
    ),
    ("open_semester: F2026", "open_semester: F2027", (4, 16), "open_semester: “F2027” is not one of the semesters"),
    ("id: S2026", "id: F2026", (7, 9), "semesters: “F2026” is given twice"),
    *(
        ("2026-12-04 23:59", wrong, (8, 15), f"post_due: “{wrong}” is not a moment such as 2026-12-04 23:59")
        for wrong in ("2026-12-04", "2026-13-04 23:59", "2026-12-04 24:00", "2026-12-04T23:59+02:00", "4 December", "9999-12-31 23:59")
    ),
    ("    claims: tool\n", "", (10, 5), "options[0]: object missing required field `claims`"),
    ("{id: problem,", "{problem,", (14, 9), "options[0].requirements[0]: object contains unknown field `problem`"),
    ("points: 10", "points: ten", (18, 27), "rubric[0].points: expected a whole number, got text"),
    ("option: mlops-tool", "option: mlops", (18, 55), "rubric: “mlops” is not one of the options"),
    (": off", ": of", (20, 19), "severities.claim-overlaps: invalid enum value 'of'"),
    (": off", ": off\n  claim-taken: [off]", (21, 16), "severities.claim-taken: expected text, got a list"),
    ("200", "0x_", (22, 15), "limits.body_words: expected a whole number, got text"),
    ("limits:\n  body_words: 200", "limits: none", (21, 9), "limits: expected a mapping or a list, got text"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "what"), BROKEN_COURSES)
def test_what_is_wrong_in_a_course(old: str, new: str, place: tuple[int, int], what: str) -> None:
    assert COURSE.count(old) == 1
    assert course.read(COURSE.replace(old, new)) == (None, (Trouble("wrong-data", *place, what),))


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", Trouble("wrong-data", 1, 1, "the file: expected a mapping, got nothing")),
        ("- a", Trouble("wrong-data", 1, 1, "the file: expected a mapping, got a list")),
        ("A course", Trouble("wrong-data", 1, 1, "the file: expected a mapping, got text")),
        (COURSE + "name: b\n", Trouble("duplicate-field", 23, 1, "name", 1)),
        (COURSE + "---\nname: b\n", Trouble("malformed-yaml", 23, 1, "begins a second YAML document")),
        (COURSE.replace("staff:", "staff: &s"), Trouble("alias-in-yaml", 2, 8, "&s")),
        (COURSE.replace("staff:", "staff"), Trouble("malformed-yaml", 3, 1, "is not YAML: could not find expected ':'")),
    ],
)  # fmt: skip
def test_what_yaml_forgives_a_course_may_not_have(text: str, trouble: Trouble) -> None:
    assert course.read(text) == (None, (trouble,))


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = COURSE.replace("id: S2026", "id: F2026").replace("2026-12-04 23:59", "soon")
    assert course.read(text)[1] == (
        Trouble("wrong-data", 7, 9, "semesters: “F2026” is given twice"),
        Trouble("wrong-data", 8, 15, "post_due: “soon” is not a moment such as 2026-12-04 23:59"),
    )


# --- data/tools.yaml

TOOLS = """\
tools:
  airflow: {name: Apache Airflow, topic: pipelines}
  weights-and-biases: {name: Weights and Biases, aliases: [wandb]}
"""


def test_tools_are_read() -> None:
    the_tools, troubles = tools.read(TOOLS)
    assert troubles == ()
    assert the_tools.tools["weights-and-biases"] == tools.Tool("Weights and Biases", aliases=("wandb",))


@pytest.mark.parametrize(
    ("more", "place", "what"),
    [
        ("  mlem: {nam: MLEM}", (4, 9), "tools.mlem: object contains unknown field `nam`"),
        ("  mlem: {}", (4, 9), "tools.mlem: object missing required field `name`"),
        ("  mlem: MLEM", (4, 9), "tools.mlem: expected a mapping, got text"),
        ("  mlem: {name: MLEM, aliases: mlem.ai}", (4, 31), "tools.mlem.aliases: expected a list, got text"),
        ("  topic: {name: T}\n  mlem: {name: MLEM, topic: [a]}", (5, 29), "tools.mlem.topic: expected `str | null`, got a list"),
        ("  mlem: {name: WandB}", (4, 9), "tools: “WandB” leads to mlem and to weights-and-biases"),
        ("  mlem: {name: MLEM, aliases: [APACHE airflow]}", (4, 9), "tools: “APACHE airflow” leads to mlem and to airflow"),
        ("  ML EM: {name: MLEM}", (4, 10), "tools: “ML EM” is not a slug"),
        ("  c++: {name: C++}", (4, 8), "tools: “c++” is not a slug"),
        ("vendors: {aws: Amazon}", (4, 16), "vendors.aws: expected a list, got text"),
        ("combinations:\n  TIG: [Grafana]\n  ELK: Elasticsearch", (6, 8), "combinations.ELK: expected a list, got text"),
        ("general: [model, on]", (4, 18), "general[1]: expected text, got true or false"),
        ("tail: [ai]", (1, 1), "the file: object contains unknown field `tail`"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_tools(more: str, place: tuple[int, int], what: str) -> None:
    assert tools.read(f"{TOOLS}{more}\n")[1] == (Trouble("wrong-data", *place, what),)


def test_broken_tools_are_no_tools() -> None:
    assert tools.read("tools: [\n") == (
        tools.Tools(),
        (Trouble("malformed-yaml", 2, 1, "is not YAML: did not find expected node content"),),
    )


# --- data/prior_posts.yaml

PRIOR = "- {title: DVC, tools: [DVC], option: mlops-tool, semester: S2026}\n"


def test_prior_posts_are_read_with_their_lines() -> None:
    posts, troubles = prior_posts.read(f"# a comment\n\n{PRIOR}{PRIOR}")
    assert troubles == ()
    assert posts == tuple(prior_posts.PriorPost("DVC", ("DVC",), "mlops-tool", "S2026", line=line) for line in (3, 4))


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_there_may_be_no_prior_posts(text: str) -> None:
    assert prior_posts.read(text) == ((), ())


@pytest.mark.parametrize(
    ("entry", "place", "what"),
    [
        ("- {title: 1984, tools: [DVC], option: a, semester: b}", (2, 11), "title: expected text, got a whole number"),
        ("- {title: a, tools: DVC, option: a, semester: b}", (2, 21), "tools: expected a list, got text"),
        ("- {title: a, tools: [DVC, 3.10], option: a, semester: b}", (2, 27), "tools[1]: expected text, got `float`"),
        ("- {title: a, tools: [DVC], option: a, semester: b, url: [c]}", (2, 57), "url: expected `str | null`, got a list"),
        ("- {title: a, tools: [DVC], option: a, semester: b, inferred: maybe}", (2, 62), "inferred: expected true or false, got text"),
    ],
)  # fmt: skip
def test_a_broken_prior_post_hides_no_other(entry: str, place: tuple[int, int], what: str) -> None:
    posts, troubles = prior_posts.read(f"{PRIOR}{entry}\n{PRIOR}")
    assert ([post.line for post in posts], troubles) == ([1, 3], (Trouble("wrong-data", *place, what),))


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("title: a", Trouble("wrong-data", 1, 1, "must be a list of posts, each beginning with “- title:”")),
        ("posts", Trouble("wrong-data", 1, 1, "must be a list of posts, each beginning with “- title:”")),
        (f"{PRIOR}- {{title: a, title: b}}\n", Trouble("duplicate-field", 2, 14, "title", 2)),
        (f"{PRIOR}- title: a: b\n", Trouble("malformed-yaml", 2, 11, "is not YAML: mapping values are not allowed in this context")),
    ],
)  # fmt: skip
def test_what_is_no_list_of_prior_posts(text: str, trouble: Trouble) -> None:
    assert prior_posts.read(text) == ((), (trouble,))


@pytest.mark.parametrize(
    ("semester", "days"),
    [
        (Semester("F2026"), (dt.date(2026, 1, 1), dt.date(2027, 12, 31))),
        (Semester("F2026", post_due="2026-12-04 23:59"), (dt.date(2026, 1, 1), dt.date(2027, 6, 5))),
        (Semester("last"), (dt.date.min, dt.date.max)),
        (Semester("last", "9999-01-01 00:00"), (dt.date(9999, 1, 1), dt.date.max)),
        (Semester("last", "9998-01-01 00:00", "9999-12-31 00:00"), (dt.date(9998, 1, 1), dt.date.max)),
    ],
)
def test_days_of_a_semester(semester: Semester, days: tuple[dt.date, dt.date]) -> None:
    assert season(semester) == days
