"""`coursehub grades`: points where the hub knows, nothing where a person must judge, in files that can be taken in."""

import csv
import io
import re
from pathlib import Path

import classroom
import pytest
from classroom import COMMENTS_DUE, POST_DUE, Classroom
from repositories import Repository
from sites import HUB
from test_participation import BROKEN, no_workflow, read, room, root, run

from coursehub.records import course as the_course

__all__ = ("no_workflow", "room", "root")  # fixtures

OLDER = (classroom.FIXTURES / "older-rubric.yaml").read_text()


def table(root: Path, *arguments: str) -> list[dict[str, str]]:
    result = run(root, *arguments, command="grades")
    assert result.exit_code == 0, result.stderr
    return read(result.stdout_bytes)


# The class


def test_comments_bring_the_points_that_the_class_was_made_with(room: Classroom, root: Path) -> None:
    points = {row["login"]: row["comments"] for row in table(root)}
    assert points == {who: "" if each.points is None else str(each.points) for who, each in room.expected.items()}


def test_what_people_must_judge_is_empty(root: Path) -> None:
    for row in table(root):
        for item in ("findable", "writing", "mlops-tool: content", "ml-application: content"):
            assert row[item] == ""
        assert row["ml-application: content: why"] == "another option"


def test_claims_and_public_posts_bring_points_and_say_why(room: Classroom, root: Path) -> None:
    rows = {row["login"]: row for row in table(root)}
    assert (rows["student-015"]["unique"], rows["student-015"]["unique: why"]) == (
        "10", "claimed 2026-10-20 08:00:00-04:00; nobody else's; no earlier post has it",
    )  # fmt: skip
    assert (rows["student-119"]["unique"], rows["student-119"]["unique: why"]) == (
        "10", "claimed 2026-10-30 23:59:00-04:00; nobody else's; no earlier post has it",
    )  # fmt: skip
    assert (rows["student-120"]["unique"], rows["student-120"]["unique: why"]) == (
        "", "claimed 2026-10-30 23:59:01-04:00, 1 s after posts were due; nobody else's; no earlier post has it",
    )  # fmt: skip
    assert {row["public"] for row in rows.values()} == {"3"}
    assert rows["student-015"]["public: why"] == "public, on this site"


def test_the_sums_are_those_of_the_marks(root: Path) -> None:
    row = next(row for row in table(root) if row["login"] == "student-015")
    assert (row["points so far"], row["points to be given by people"]) == ("23", "80")


@pytest.mark.parametrize("later", ["2026-10-31 00:00", ""])
def test_the_roster_may_give_somebody_longer_for_the_post(root: Path, tmp_path: Path, later: str) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(f"login,name,id,post_due\nstudent-120,A,1,{later}\n")
    (row,) = read(run(root, command="grades", roster=roster).stdout_bytes)
    assert row["unique"] == ("10" if later else "")
    assert ("1 s after posts were due" in row["unique: why"]) == (not later)


def test_what_belongs_to_no_student_is_told_after_the_grades_too(root: Path) -> None:
    assert run(root, command="grades").stderr == run(root).stderr != ""


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("student-015", "commented in time on 2 posts; whether it engages with them, see the participation"),
        ("student-011", "no comment"),
        ("student-002", "commented in time on 1 post of 2; flagged: late by 1 s"),
        ("student-006", "commented in time on 2 posts of 2; flagged: edited after the window"),
        ("student-009", "commented in time on 2 posts of 2; flagged: short (2 words)"),
        ("student-010", "commented in time on 2 posts; whether it engages with them, see the participation"),
    ],
)
def test_the_reason_stands_beside_the_points(root: Path, who: str, why: str) -> None:
    row = next(row for row in table(root) if row["login"] == who)
    assert row["comments: why"] == why


def test_while_there_is_time_nobody_gets_no_points(room: Classroom, root: Path, tmp_path: Path) -> None:
    early = tmp_path / "comments.json"
    early.write_bytes(classroom.discussions(room, read=POST_DUE, comments=[]))
    rows = read(run(root, command="grades", comments=early).stdout_bytes)
    assert {(row["comments"], row["comments: why"]) for row in rows} == {
        ("", "commented in time on 0 posts of 2, and there is still time")
    }


# Single cases


def graded(
    tmp_path: Path,
    posts: dict[str, str],
    priors: str = "[]\n",
    *,
    read_at: str = "",
    who: str = "octocat",
    commit: bool = True,
) -> dict[str, str]:
    repository = Repository(tmp_path / "hub")
    repository.write("data/course.yaml", (classroom.FIXTURES / "course.yaml").read_text())
    repository.write("data/tools.yaml", "tools: {}\n")
    repository.write("data/prior_posts.yaml", priors)
    repository.commit(date="2026-10-19T12:00:00+00:00")
    for path, text in posts.items():
        repository.write(path, text)
        if commit:
            repository.commit(date="2026-10-20T12:00:00+00:00")
    (tmp_path / "roster.csv").write_text(f"login,name,id\n{who},A,1\n")
    moment = read_at or "2026-11-20T12:00:00+00:00"
    (tmp_path / "comments.json").write_text(
        f'{{"provider": "giscus", "read": "{moment}", "discussions": [], "version": 1}}'
    )
    (row,) = table(repository.root)
    return row


PATH = "posts/F2026/zeno.md"
PRIOR = "- title: Zeno\n  tools: [Zeno]\n  option: mlops-tool\n  semester: {}\n  url: https://example.org/zeno\n"


def test_a_claim_that_is_not_committed(tmp_path: Path) -> None:
    row = graded(tmp_path, {PATH: classroom.post("octocat", "zeno")}, commit=False)
    assert (row["unique"], row["unique: why"]) == (
        "", "since when it is claimed is not known: it is not committed; nobody else's; no earlier post has it",
    )  # fmt: skip


def test_two_who_claim_the_same_are_for_a_person(tmp_path: Path) -> None:
    row = graded(
        tmp_path, {PATH: classroom.post("octocat", "zeno"), "posts/F2026/other.md": classroom.post("hubot", "Zeno")}
    )
    assert (row["unique"], row["unique: why"].split("; ")[1]) == ("", "also claimed in posts/F2026/other.md")


@pytest.mark.parametrize(
    ("semester", "differences", "points", "why"),
    [
        ("S2026", "", "", "was discussed last semester: https://example.org/zeno"),
        ("F2025", "", "", "1 earlier post, and no differences given"),
        ("F2025", "It shows more", "10", "differences to 1 earlier post given"),
    ],
)
def test_differences(tmp_path: Path, semester: str, differences: str, points: str, why: str) -> None:
    fields = {"differences": differences} if differences else {}
    text = (classroom.FIXTURES / "course.yaml").read_text()
    assert "  - id: S2026\n" in text
    priors = PRIOR.format(semester)
    repository = {
        PATH: classroom.post("octocat", "zeno", **fields),
        "data/course.yaml": text.replace("  - id: S2026\n", "  - id: F2025\n  - id: S2026\n"),
    }
    row = graded(tmp_path, repository, priors)
    assert row["unique"] == points
    assert why in row["unique: why"]


@pytest.mark.parametrize(
    ("fields", "points", "why"),
    [
        ({"private": "true"}, "0", "posted inside the course"),
        ({"status": "draft"}, "", "the post is “draft”"),
        ({"external_url": "https://example.org/x"}, "3", "public, at https://example.org/x"),
    ],
)
def test_public(tmp_path: Path, fields: dict[str, str], points: str, why: str) -> None:
    row = graded(tmp_path, {PATH: classroom.post("Octocat", "zeno", **fields)})
    assert (row["public"], row["public: why"]) == (points, why)


@pytest.mark.parametrize(
    ("fields", "points", "why"),
    [
        ({}, "3", "published"),
        ({"private": "true"}, "3", "published"),
        ({"status": "draft"}, "", "the post is “draft”"),
        ({"status": "claimed"}, "", "the post is “claimed”"),
        ({"status": "withdrawn"}, "0", "holds no claim"),
    ],
)
def test_published(tmp_path: Path, fields: dict[str, str], points: str, why: str) -> None:
    course = (classroom.FIXTURES / "course.yaml").read_text()
    assert course.count("[public]") == 1
    posts = {
        "data/course.yaml": course.replace("[public]", "[published]"),
        PATH: classroom.post("octocat", "zeno", **fields),
    }
    row = graded(tmp_path, posts)
    assert (row["public"], row["public: why"]) == (points, why)


def test_without_a_post_and_after_the_deadline_there_are_no_points(tmp_path: Path) -> None:
    row = graded(tmp_path, {PATH: classroom.post("octocat", "zeno", status="withdrawn")})
    assert (row["unique"], row["public"], row["comments"]) == ("0", "0", "0")
    assert row["unique: why"] == "holds no claim; holds no claim; holds no claim"
    assert (row["mlops-tool: content"], row["mlops-tool: content: why"]) == ("", "no post, so no option")


def test_without_a_post_and_before_the_deadline_nothing_is_said(tmp_path: Path) -> None:
    row = graded(tmp_path, {}, read_at=POST_DUE.isoformat())
    assert (row["unique"], row["public"], row["comments"]) == ("", "", "")


def test_who_holds_two_claims_is_for_a_person(tmp_path: Path) -> None:
    row = graded(
        tmp_path, {PATH: classroom.post("octocat", "zeno"), "posts/F2026/mlem.md": classroom.post("octocat", "mlem")}
    )
    assert row["unique"] == ""
    assert row["public: why"] == "holds 2 claims: posts/F2026/mlem.md, posts/F2026/zeno.md"


# Rubrics


def rubric(text: str) -> the_course.Course:
    """A course with the rubric of a text."""
    base = (classroom.FIXTURES / "course.yaml").read_text()
    head, _, rest = base.partition("full_score:")
    head = head[: head.index("  - id: ml-application")]
    course, troubles = the_course.read(head + text + rest[rest.index("extensions:") :])
    assert course, troubles
    return course


def test_the_older_rubric_can_be_written_down(tmp_path: Path) -> None:
    course = rubric(OLDER)
    assert [(item.id, item.points) for item in course.rubric] == [
        ("findable", 10), ("unique", 10), ("problem", 30), ("example", 10), ("limitations", 10), ("writing", 10),
        ("evidence", 10), ("comments", 10), ("public", 3),
    ]  # fmt: skip
    assert (course.full_score, course.now.full_marks("mlops-tool")) == (100, 100)
    assert sum(item.points for item in course.rubric if item.bonus) == 3


def test_the_older_rubric_grades(tmp_path: Path) -> None:
    base = (classroom.FIXTURES / "course.yaml").read_text()
    text = base[: base.index("  - id: ml-application")] + OLDER + base[base.index("extensions:") :]
    row = graded(tmp_path, {"data/course.yaml": text, PATH: classroom.post("octocat", "zeno")})
    assert {name: row[name] for name in ("unique", "problem", "comments", "public")} == {
        "unique": "10", "problem": "", "comments": "0", "public": "3",
    }  # fmt: skip


def test_the_newer_rubric_is_this_courses() -> None:
    course, _ = the_course.read((HUB / "data/course.yaml").read_text())
    assert course
    assert {option.id: course.now.full_marks(option.id) for option in course.now.options} == {
        "mlops-tool": 100,
        "ml-application": 100,
    }
    assert {item.id: tuple(item.awarded_for) for item in course.rubric if item.awarded_for} == {
        "unique": ("claim-in-time", "claim-unique", "differences-given"), "comments": ("comments",), "public": ("public",),
    }  # fmt: skip


# Canvas and Gradescope


def taken_by_canvas(rows: list[list[str]], by_id: dict[int, str]) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    """A table as Canvas's importer reads it: assignments with their points, and grades by student.

    After the rules of `gradebook_importer.rb` in Canvas's public source: the first columns by their names, then
    assignments but for totals; a row of points possible, in which read-only columns are passed over; students by ID.
    """
    head = rows[0]
    assert len(head) > 3
    assert "Student" in head[0]
    assert "ID" in head[1]
    columns = 3
    if re.search(r"SIS\s+User\s+ID", head[2]) and re.search(r"SIS\s+Login\s+ID", head[3]):
        columns += 2
    assert "Section" in head[columns - 1]
    totals = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
    assignments = {name: index for index, name in enumerate(head) if index >= columns and not totals.search(name)}
    assert len(assignments) == len([name for name in head[columns:] if not totals.search(name)]), "a name twice"
    possible = rows[1]
    assert "Points Possible" in possible[0]
    writable = {name: index for name, index in assignments.items() if not re.search(r"read\s+only", possible[index])}
    grades = {by_id[int(row[1])]: {name: row[index].strip() for name, index in writable.items()} for row in rows[2:]}
    return {name: float(possible[index]) for name, index in writable.items()}, grades


def test_canvas_takes_the_points_and_passes_over_the_reasons(room: Classroom, root: Path) -> None:
    result = run(root, "--format", "canvas", command="grades")
    rows = list(csv.reader(io.StringIO(result.stdout, newline="")))
    by_id = {770000 + number: classroom.login(number) for number in range(1, 121)}
    assignments, grades = taken_by_canvas(rows, by_id)
    assert assignments == {
        "findable": 10, "unique": 10, "writing": 10, "comments": 10, "public": 0, "mlops-tool: content": 60, "ml-application: content": 60,
    }  # fmt: skip
    plain = {row["login"]: row for row in table(root)}
    assert grades == {who: {name: plain[who][name] for name in assignments} for who in plain}
    assert rows[2][:5] == ["Planted, Name001", "770001", "", "sis001", "A"]


def test_canvas_needs_its_own_number_of_everybody(root: Path, tmp_path: Path) -> None:
    """Of “12abc” it would read 12, which may be somebody else's."""
    (tmp_path / "roster.csv").write_text("login,name,id\noctocat,Secret Name,12abc\nhubot,B,7\n")
    result = run(root, "--format", "canvas", command="grades", roster=tmp_path / "roster.csv")
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert result.stderr == (
        "roster, line 2: the id is not the number by which Canvas knows the student, its column “ID”\n"
        "coursehub: the roster cannot be used; nothing was written\n"
    )


def test_gradescope_knows_people_by_email(root: Path, tmp_path: Path) -> None:
    row = table(root, "--format", "gradescope")[0]
    assert list(row)[:6] == ["Name", "Email", "SID", "Section", "findable", "findable: why"]
    assert list(row.values())[:4] == ["Planted, Name001", "planted001@example.edu", "770001", "A"]
    (tmp_path / "roster.csv").write_text("login,name,id\noctocat,Secret Name,12\n")
    result = run(root, "--format", "gradescope", command="grades", roster=tmp_path / "roster.csv")
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert "line 2: the email is empty" in result.stderr


def test_a_comment_at_the_deadline_is_in_time_and_one_a_second_later_is_not(root: Path) -> None:
    rows = {row["login"]: row for row in table(root)}
    assert COMMENTS_DUE.isoformat() == "2026-11-03T04:59:00+00:00"
    assert (rows["student-003"]["comments"], rows["student-002"]["comments"]) == ("10", "")
