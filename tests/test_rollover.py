"""A term ends: `coursehub rollover` in a real repository, and what counts in the semester after it."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import sites
import trees
from click.testing import CliRunner, Result
from course import claim
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import section
from repositories import Repository

from coursehub import site
from coursehub.cli import main
from coursehub.cli import rollover as command
from coursehub.records import course, course_edits, repository
from coursehub.records.course import Semester
from coursehub.rollover import CannotRollOverError, Plan, planned

FIXTURE = Path(__file__).parent / "fixtures/rollover/term.txt"
TREE = trees.parse(FIXTURE.read_text())
BEFORE = trees.Tree([each for each in TREE.files if not each[0].startswith("after/")], "")
AFTER = trees.Tree([each for each in TREE.files if each[0].startswith("after/")], "")
DATES = {"--claims-open": "2027-01-11 00:00", "--post-due": "2027-4-30 23:59", "--comments-due": "2027-05-03 9:00"}
CHANGED = sorted(name.removeprefix("after/") for name, _, _ in AFTER.files)
WRITTEN = """\
data/course.yaml: S2027 added and opened
posts/F2026/dvc.md: withdrawn, was “draft” (hubot, monalisa)
posts/F2026/kedro.md: withdrawn, was “claimed” (octocat)
docs/assignment.md: names S2027 now
docs/deep/windows.md: names S2027 now
docs/assignment.md:6: “fall of 2026” stays
docs/assignment.md:6: “Dec. 4th” stays
docs/assignment.md:6: “12/4” stays
docs/assignment.md:6: “7 December” stays
Change by hand what stays, if the new semester is meant.
"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    first = Repository(tmp_path_factory.mktemp("origin") / "hub")
    trees.write(BEFORE, first.root)
    first.commit()
    return first.root


@pytest.fixture
def hub(origin: Path, tmp_path: Path) -> Repository:
    return Repository(shutil.copytree(origin, tmp_path / "hub"))


def run(hub: Repository, *arguments: str) -> Result:
    result = CliRunner().invoke(main, [*arguments, "--root", str(hub.root)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def rollover(hub: Repository, *more: str) -> Result:
    return run(hub, "rollover", "S2027", *(word for pair in DATES.items() for word in pair), *more)


def contents(root: Path) -> dict[str, bytes]:
    files = (
        path for path in root.rglob("*") if path.is_file() and path.relative_to(root).parts[0] not in (".git", ".cache")
    )
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_one_commit_ends_the_term_and_passes_the_check(hub: Repository, tmp_path: Path) -> None:
    before = contents(hub.root)
    result = rollover(hub)
    assert (result.exit_code, result.output.startswith(WRITTEN + "Committed as ")) == (0, True), result.output
    trees.write(AFTER, tmp_path)
    assert contents(hub.root) == before | contents(tmp_path / "after")
    assert hub.git("status", "--porcelain") == ""
    assert hub.git("rev-list", "--count", "HEAD") == "2"
    assert hub.git("show", "--format=", "--name-only", "HEAD").splitlines() == CHANGED
    assert run(hub, "check").exit_code == 0
    again = rollover(hub)
    expected = "coursehub: S2027 is open already, so there is nothing to do. Nothing was written.\n"
    assert (again.exit_code, again.output) == (2, expected)
    assert hub.git("rev-list", "--count", "HEAD") == "2"


def test_a_dry_run_shows_that_commit_and_writes_nothing(hub: Repository) -> None:
    before = contents(hub.root)
    shown = rollover(hub, "--dry-run")
    assert (shown.exit_code, shown.stderr) == (0, WRITTEN + "Nothing was written. This is a dry run.\n")
    assert contents(hub.root) == before
    assert hub.git("status", "--porcelain") == ""
    patch = subprocess.run(
        ["git", "apply", "-"], input=shown.stdout_bytes, cwd=hub.root, capture_output=True, check=False
    )
    assert (patch.returncode, patch.stderr) == (0, b"")
    by_hand = contents(hub.root)
    hub.git("checkout", "-q", ".")
    rollover(hub)
    assert contents(hub.root) == by_hand


WRONG: dict[str, tuple[Semester, str]] = {
    "another semester of that id": (
        Semester("s2026"), "data/course.yaml lists S2026 already, and F2026 is open: take the id of a new semester",
    ),
    "no folder": (
        Semester("2027/1"), "“2027/1” cannot be the name of a folder: take letters, digits and hyphens, as in F2026",
    ),
    "no name": (Semester(""), "“” cannot be the name of a folder: take letters, digits and hyphens, as in F2026"),
    "a device": (Semester("aux"), "“aux” cannot be the name of a folder: take letters, digits and hyphens, as in F2026"),
    "no date": (Semester("S2027", "soon"), "--claims-open: “soon” is not a moment such as 2026-12-04 23:59"),
    "a day without a time": (
        Semester("S2027", "2027-01-11"), "--claims-open: “2027-01-11” is not a moment such as 2026-12-04 23:59",
    ),
    "a date of no calendar": (
        Semester("S2027", "2027-01-11 00:00", "2027-02-30 23:59"),
        "--post-due: “2027-02-30 23:59” is not a moment such as 2026-12-04 23:59",
    ),
    "a date beyond all calendars": (
        Semester("S2027", "2027-01-11 00:00", "9999-12-31 23:59"),
        "--post-due: “9999-12-31 23:59” is not a moment such as 2026-12-04 23:59",
    ),
    "dates that are missing": (
        Semester("S2027", "2027-01-11 00:00"),
        "F2026 has dates that S2027 needs, too: give --post-due and --comments-due",
    ),
    "posts due before claims open": (
        Semester("S2027", "2027-01-11 00:00", "2027-01-10 23:59", "2027-05-03 9:00"),
        "--post-due 2027-01-10 23:59 is not after --claims-open 2027-01-11 00:00: claims open first, then posts are "
        "due, then comments",
    ),
    "comments due with posts": (
        Semester("S2027", "2027-01-11 00:00", "2027-04-30 23:59", "2027-04-30 23:59"),
        "--comments-due 2027-04-30 23:59 is not after --post-due 2027-04-30 23:59: claims open first, then posts are "
        "due, then comments",
    ),
    "claims open in the last term": (
        Semester("S2027", "2026-12-04 23:59", "2027-04-30 23:59", "2027-05-03 9:00"),
        "--claims-open 2026-12-04 23:59 is not after 2026-12-04 23:59, when F2026 is still running: give a later date, "
        "or correct that of F2026 in data/course.yaml",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_semester_that_cannot_be_is_refused_in_a_sentence(origin: Path, case: str) -> None:
    semester, why = WRONG[case]
    with pytest.raises(CannotRollOverError) as refusal:
        planned(repository.load(origin), semester, (origin / course.PATH).read_bytes(), {})
    assert str(refusal.value) == why


IN_THE_WAY: dict[str, tuple[Callable[[Repository], object], str]] = {
    "a semester that is to come": (
        lambda hub: (sites.edit(hub.root / course.PATH, "\noptions:", "  - id: S2027\noptions:"), hub.commit()),
        "data/course.yaml lists S2027 already: take its entry out of “semesters”, commit that, and run this again",
    ),
    "files that are not committed": (
        lambda hub: (hub.write("new.txt"), hub.write("README.md"), hub.git("add", "README.md")),
        "2 files not committed: README.md, new.txt. Commit or stash that, and run this again",
    ),
    "a post that only a person can edit": (
        lambda hub: (hub.write("posts/F2026/dvc.md", claim("hubot", "DVC", status=">-\n  draft")), hub.commit()),
        "posts/F2026/dvc.md is written so that only a person can withdraw it: set “status: withdrawn” there, "
        "commit that",
    ),
    "a course that only a person can edit": (
        lambda hub: (sites.edit(hub.root / course.PATH, "  - id: F2026\n", "  -\n    id: F2026\n"), hub.commit()),
        "data/course.yaml is written in a way that only a person can edit: add {id: S2027, claims_open: 2027-01-11 "
        "00:00, post_due: 2027-04-30 23:59, comments_due: 2027-05-03 09:00} to “semesters” behind the open one, set "
        "“open_semester: S2027”, withdraw what is left over, commit that",
    ),
    "a course in another encoding": (
        lambda hub: (hub.write(course.PATH, (hub.root / course.PATH).read_bytes() + b"# caf\xe9\n"), hub.commit()),
        "data/course.yaml is not UTF-8: save it as UTF-8, and run this again",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", IN_THE_WAY)
def test_what_is_in_the_way_is_said_in_a_sentence_and_nothing_is_written(hub: Repository, case: str) -> None:
    arrange, why = IN_THE_WAY[case]
    arrange(hub)
    before, status = contents(hub.root), hub.git("status", "--porcelain")
    result = rollover(hub)
    assert (result.exit_code, result.output) == (2, f"coursehub: {why}. Nothing was written.\n")
    assert (contents(hub.root), hub.git("status", "--porcelain")) == (before, status)


def test_where_git_refuses_the_commit_everything_is_as_it_was(hub: Repository) -> None:
    hub.write(".git/hooks/pre-commit", "#!/bin/sh\nprintf 'no commits today\\n\\nnor \\033[31mever\\n' >&2\nexit 1\n")
    (hub.root / ".git/hooks/pre-commit").chmod(0o755)
    before = contents(hub.root)
    result = rollover(hub)
    why = "git does not commit it, for this reason. Nothing was written.\n  no commits today\n  nor \\u001b[31mever\n"
    assert (result.exit_code, result.output) == (2, f"coursehub: {why}")
    assert (contents(hub.root), hub.git("status", "--porcelain")) == (before, "")


def test_a_course_that_cannot_be_read_is_refused_with_its_place(hub: Repository) -> None:
    sites.edit(hub.root / course.PATH, "staff: [teacher]", "staff: [teacher")
    result = rollover(hub)
    assert (result.exit_code, result.output.partition(": ")[0]) == (2, "data/course.yaml:4:10"), result.output


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    trees.write(BEFORE, tmp_path)
    result = CliRunner().invoke(main, ["rollover", "S2027", "--root", str(tmp_path)])
    assert (result.exit_code, "is not the top of a git repository with a commit" in result.output) == (2, True)


@pytest.mark.parametrize("path", [CHANGED[0], CHANGED[-1]])
def test_a_file_that_changed_meanwhile_is_left_and_so_are_the_others(
    hub: Repository, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    before = contents(hub.root)

    def meanwhile(*arguments: object) -> Plan:
        plan = planned(*arguments)  # type: ignore[arg-type]
        hub.write(path, "changed meanwhile\n")
        return plan

    monkeypatch.setattr(command, "planned", meanwhile)
    result = rollover(hub)
    assert result.exit_code == 2
    assert result.output.endswith(
        f"{path} cannot be read or written: it has changed since it was read; run this again\n"
    )
    assert contents(hub.root) == before | {path: b"changed meanwhile\n"}


def test_what_would_not_pass_the_check_is_refused_with_the_findings(hub: Repository) -> None:
    hub.write(
        "posts/F2026/evidently.md", (hub.root / "posts/F2026/evidently.md").read_text().replace("mona\n", "m--\n")
    )
    hub.commit()
    before = contents(hub.root)
    result = rollover(hub)
    assert result.exit_code == 1
    assert "posts/F2026/evidently.md:3:10: error[not-a-login]" in result.output
    assert result.output.endswith("for 1 error: correct them, commit that, and run this again. Nothing was written.\n")
    assert contents(hub.root) == before


# What counts afterwards


ANSWERS = {
    "Kedro": "“Kedro” is free in S2027.",  # was claimed
    "DVC": "“DVC” is free in S2027.",  # was a draft
    "Zeno": "“Zeno” is free in S2027.",  # was withdrawn before
    "Evidently": "“Evidently” was discussed last semester and cannot be claimed in S2027.",
    "NannyML": "“NannyML” was discussed last semester and cannot be claimed in S2027.",  # posted inside the course
}


def test_published_posts_count_as_earlier_posts_by_themselves_and_nothing_else_does(hub: Repository) -> None:
    rollover(hub)
    assert (hub.root / "data/prior_posts.yaml").read_text() == "[]\n"
    assert {tool: run(hub, "free", tool).output.split("\n")[0] for tool in ANSWERS} == ANSWERS
    for number, tool in enumerate(ANSWERS):
        hub.write(f"posts/S2027/{tool.lower()}.md", claim(f"student-{number}", tool, semester="S2027"))
    output = run(hub, "check").output
    assert re.findall(r"error\[(.*?)\] “(.*?)”", output) == [
        ("claim-repeats-last-semester", "Evidently"), ("claim-repeats-last-semester", "NannyML"),
    ]  # fmt: skip


def test_the_page_for_staff_goes_from_one_term_to_the_next(hub: Repository, tmp_path: Path) -> None:
    """By its own commands, in their order; what they promise is on the page, too."""
    hub.git("init", "-q", "--bare", str(tmp_path / "github.git"))
    hub.git("remote", "add", "origin", str(tmp_path / "github.git"))
    hub.git("push", "-q", "-u", "origin", "main")
    steps = section("docs/end-of-term.md", "## What to do").replace("\\\n", "")
    outputs = []
    for line in re.findall(r"^    ((?:git|\.venv/bin/coursehub) .+)$", steps, re.MULTILINE):
        program, *arguments = shlex.split(line)
        if program == "git":
            hub.git(*arguments)
            continue
        result = run(hub, *arguments)
        assert result.exit_code == 0, result.output
        outputs.append(result.output)
    late, dry, done, clean = outputs
    assert re.findall(r"(\S+):\d+:\d+: warning\[expired-claim\]", late) == [
        "posts/F2026/dvc.md",
        "posts/F2026/kedro.md",
    ]
    assert dry.endswith(WRITTEN + "Nothing was written. This is a dry run.\n")
    assert done.startswith(WRITTEN)
    assert "error" not in clean
    assert hub.git("rev-parse", "origin/open-S2027") == hub.git("rev-parse", "HEAD")
    reason = "# Withdrawn when F2026 ended: it was not published."
    assert f"`{reason}`" in section("docs/end-of-term.md", "## What the command changes")
    assert f"\n{reason}\n" in (hub.root / "posts/F2026/kedro.md").read_text()


def test_claims_that_were_forgotten_do_not_count_either(hub: Repository) -> None:
    """As where `open_semester` was changed by hand."""
    sites.edit(hub.root / course.PATH, '"F2026"', "S2027")
    sites.edit(hub.root / course.PATH, "\noptions:", "  - id: S2027\noptions:")
    address = "https://example.org/dvc"
    sites.edit(hub.root / "posts/F2026/dvc.md", "status: draft", f"status: draft\ntool_url: {address}")
    assert run(hub, "free", "Kedro").output.startswith("“Kedro” is free in S2027.")
    hub.write("posts/S2027/kedro.md", claim("octocat", "Kedro", semester="S2027"))
    hub.write("posts/S2027/dvcx.md", claim("hubot", "DVCX", semester="S2027", tool_url=address))
    own = "https://example.org/kedro"
    sites.edit(hub.root / "posts/F2026/kedro.md", "tool: Kedro", f"tool: Kedro\ntool_url: {own}")
    hub.write("posts/F2026/quokka.md", claim("student-late", "Quokka", tool_url=own, status="published"))
    output = run(hub, "check").output
    assert "claim-taken" not in output  # for a late post neither
    assert "posts/S2027/" not in output.replace("to posts/S2027/.", "")
    assert output.count("error[claim-out-of-season]") == 2


def test_the_site_forgets_claims_of_a_semester_that_is_over(hub: Repository) -> None:
    hub.write("data/tools.yaml", "tools: {kedro: {name: Kedro}, evidently: {name: Evidently}}\n")

    def pages() -> dict[str, str]:
        built = site.build(repository.load(hub.root), site.SiteInputs())
        return {page.path: page.markdown for page in built.pages} | {
            asset.path: asset.content.decode() for asset in built.assets if asset.path.endswith(".json")
        }

    during = pages()
    assert ["Data under control" in during["assets/free.json"], ">Kedro<" in during["free.md"]] == [True, False]
    assert ["DVC" in during["posts/F2026/index.md"], "NannyML" in during["posts/F2026/index.md"]] == [True, True]
    sites.edit(hub.root / course.PATH, '"F2026"', "S2027")
    sites.edit(hub.root / course.PATH, "\noptions:", "  - id: S2027\noptions:")
    after = pages()
    assert ["Data under control" in after["assets/free.json"], ">Kedro<" in after["free.md"]] == [False, True]
    assert "Watching a recommender" in after["assets/free.json"]
    assert ">Evidently<" not in after["free.md"]
    assert ["DVC" in after["posts/F2026/index.md"], "NannyML" in after["posts/F2026/index.md"]] == [False, True]
    assert "DVC" not in after["claims/index.md"]


# Every way to write the semesters

IDS = ["S2025", "F2025", "S2026", "2026-3", "on"]
HEAD = "name: A course # of F2026\nstaff: [a]\ntime_zone: UTC\n"
TAIL = "options:\n  - {id: o, title: O, claims: tool, requirements: []}\n"
NEW = Semester("2027", "2027-01-11 00:00", None, "2027-05-03 23:59")
STYLES: dict[str, Callable[[list[str]], str]] = {
    "lines": lambda ids: "semesters:\n" + "".join(f'  - id: "{each}" # {each}\n    post_due: 2020-01-01 10:00\n' for each in ids),
    "not indented": lambda ids: "semesters:\n" + "".join(f"- id: '{each}'\n\n  # so\n" for each in ids) + "\n# and on\n",
    "brackets": lambda ids: "semesters:\n" + "".join(f'  -   {{id: "{each}"}} # {each}\n' for each in ids),
    "one line": lambda ids: "semesters: [" + ", ".join(f'{{id: "{each}"}}' for each in ids) + "] # all\n",
    "lines in brackets": lambda ids: "semesters: [\n" + "".join(f'    {{"id": "{each}"}},\n' for each in ids) + "  ]\n",
}  # fmt: skip


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(IDS), min_size=1, unique=True), st.data(), st.sampled_from([*STYLES]),
    st.sampled_from(["", '"', "'"]), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.sampled_from([b"", b"\xef\xbb\xbf"]),
)  # fmt: skip
def test_a_semester_is_added_however_the_file_is_written(
    ids: list[str], data: st.DataObject, style: str, quote: str, is_last: bool, newline: str, mark: bytes
) -> None:
    index = data.draw(st.integers(0, len(ids) - 1))
    mark_of_id = quote or ('"' if ids[index] == "on" else "")
    opened = f"open_semester: {mark_of_id}{ids[index]}{mark_of_id}   # now\n"
    semesters = STYLES[style](ids)
    text = (HEAD + opened + TAIL + semesters).rstrip("\n") if is_last else HEAD + opened + semesters + TAIL
    content = mark + text.replace("\n", newline).encode()
    before, troubles = course.read(text)
    assert before, troubles
    after, then = course_edits.with_open_semester(content, NEW)
    assert then == course.read(after.decode("utf-8-sig").replace("\r\n", "\n"))[0]
    assert then == msgspec.structs.replace(
        before, open_semester=NEW.id,
        semesters=(*before.semesters[: index + 1], NEW, *before.semesters[index + 1 :]),
    )  # fmt: skip
    old, new = content.split(newline.encode()), after.split(newline.encode())
    assert not [line for line in old if line not in new and b"open_semester" not in line and style != "one line"]
    assert b"\n" not in after.replace(newline.encode(), b"")
