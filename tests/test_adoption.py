"""Another course: `coursehub init`, and what an installed wheel makes of its files, without this repository."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import adopted
import needs
import pytest
from adopted import Adopted
from click.testing import CliRunner, Result

from coursehub import __version__, checks, starting
from coursehub.cli import main
from coursehub.records import post, repository
from coursehub.records.hub import Hub
from coursehub.site.pages import manual_pages
from coursehub.starting import Product
from coursehub.system.origin import Origin
from coursehub.workflows import Checks

ROOT = Path(__file__).parents[1]
WORKFLOWS = ("check.yml", "clock.yml", "desk.yml", "links.yml", "publish.yml")
FILES = {
    ".github/CODEOWNERS", ".github/dependabot.yml", ".gitignore", "README.md", "coursehub.txt", "data/course.yaml",
    "docs/assignment.md", "hooks/check.py", "mkdocs.yml", "requirements.txt",
    *(f".github/workflows/{name}" for name in WORKFLOWS),
}  # fmt: skip
GIVEN = ("--yes", "--repo", "octocat/databases", "--semester", "S2027", "--claims", "paper", "--titles")
# Words of this repository's own course, in a text for people.
OF_OUR_COURSE = re.compile(
    r"mlops|ml-application|machine[- ]learning|in production|recommender|nannyml|evidently|kedro|pandera|albumy|movie|airflow|bigquery|"
    r"scenario|adopt course hub|how fast it is|what it is built on",
    re.IGNORECASE,
)
# Other people's files, and scripts, of which nobody reads the words.
NOT_READ = (".js", ".map", ".gz", ".woff2", ".png")


def init(folder: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["init", str(folder), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def files(folder: Path) -> set[str]:
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if path.parts[0] != ".git"}


def test_a_new_course_has_fifteen_files_in_a_git_repository(tmp_path: Path) -> None:
    assert init(tmp_path / "hub", *GIVEN).exit_code == 0
    assert files(tmp_path / "hub") == FILES
    checked = CliRunner().invoke(main, ["check", "--root", str(tmp_path / "hub")])
    assert (checked.exit_code, checked.output) == (0, "0 posts checked: nothing to fix.\n")
    assert (tmp_path / "hub/.git/HEAD").read_text() == "ref: refs/heads/main\n"


def test_a_list_of_earlier_posts_is_written_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("title,tool,url\nKedro,Kedro,https://example.org/kedro\n")
    ran = init(tmp_path / "hub", *GIVEN, "--from", str(tmp_path / "list.csv"), "--earlier", "F2026")
    assert (ran.exit_code, files(tmp_path / "hub")) == (0, {*FILES, "data/prior_posts.yaml"})
    assert [post.title for post in repository.load(tmp_path / "hub").priors] == ["Kedro"]


def test_a_folder_of_a_repository_gets_none_of_its_own(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert init(tmp_path / "hub", *GIVEN).exit_code == 0
    assert not (tmp_path / "hub/.git").exists()


def test_setting_up_again_takes_over_another_commit_of_the_same_version(tmp_path: Path) -> None:
    """Which pip passes over where it is not forced."""
    init(tmp_path / "hub", *GIVEN)
    lines = (tmp_path / "hub/README.md").read_text().splitlines()
    assert [line for line in lines if line.endswith("-r coursehub.txt") and "--force-reinstall" in line]


def test_an_answer_that_cannot_be_is_asked_again_and_those_before_it_stay(tmp_path: Path) -> None:
    answers = "octo cat/db\noctocat/db\nDatabases\n-x\nhubot\nMars\nUTC\nF2031\n[x]\nbook\n"
    ran = CliRunner().invoke(main, ["init", str(tmp_path / "hub")], input=answers)
    errors = [line.split("“")[1].split("”")[0] for line in ran.stderr.splitlines() if "Error: " in line]
    assert (ran.exit_code, errors) == (0, ["octo cat/db", "-x", "Mars", "[x]"])
    course = repository.load(tmp_path / "hub").course
    assert (course.staff, course.time_zone, course.open_semester) == (("hubot",), "UTC", "F2031")


def test_the_folder_that_one_is_in_becomes_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my course").mkdir()
    monkeypatch.chdir(tmp_path / "my course")
    subprocess.run(["git", "init", "-q", "."], check=True)
    subprocess.run(["git", "config", "github.user", "octocat"], check=True)
    ran = CliRunner().invoke(main, ["init", ".", "--yes"])
    assert ran.exit_code == 0, ran.output
    assert "octocat/my-course" in (tmp_path / "my course/mkdocs.yml").read_text()
    assert "into data/course.yaml, and" in ran.stdout
    assert "cd " not in ran.stdout


def test_a_login_that_is_not_known_is_not_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Enter would give a placeholder, which is refused, over and over."""
    monkeypatch.setenv("HOME", str(tmp_path))  # has no settings of git's
    ran = CliRunner().invoke(main, ["init", str(tmp_path / "hub")], input="\noctocat/db\n\n\n\nF2031\n\n")
    asked = [line.partition(": ")[0] for line in ran.stderr.splitlines()]
    assert (ran.exit_code, asked[:3]) == (0, ["Repository on GitHub, as OWNER/NAME"] * 2 + ["Name of the course [Db]"])
    ran = init(tmp_path / "other", "--yes")
    says = "coursehub: nothing was written: your login on GitHub is not known here, so give --repo LOGIN/NAME\n"
    assert (ran.exit_code, ran.stderr) == (2, says)
    assert not (tmp_path / "other").exists()


@needs.LINKS
def test_no_file_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "mkdocs.yml").symlink_to("nowhere")
    ran = init(tmp_path, *GIVEN)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[1:] == ["  mkdocs.yml", "  README.md"]
    assert files(tmp_path) == {"README.md"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--repo", "databases"), "The repository “databases” takes OWNER/NAME"),
        (("--repo", "OWNER/course"), "The repository “OWNER/course” takes OWNER/NAME"),
        (("--repo", "a/b/c"), "The repository “a/b/c” takes OWNER/NAME"),
        (("--staff", "octocat,-x"), "“-x” is no login on GitHub"),
        (("--staff", ","), "Staff takes at least one login"),
        (("--semester", "../S2027"), "The semester “../S2027” takes letters and digits"),
        (("--semester", "aux"), "The semester “aux” takes letters and digits"),
        (("--earlier", "S2027"), "“S2027” is given twice"),
        (("--time-zone", "Mars"), "“Mars” is not a time zone"),
        (("--claims", "[paper]"), "“[paper]” is no word"),
        (("--name", "A\nB"), "is none; it takes words, such as “Databases”"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_written(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    ran = init(tmp_path / "hub", *GIVEN, *arguments)
    assert (ran.exit_code, says in ran.stderr) == (2, True), ran.stderr
    assert not (tmp_path / "hub").exists()


@pytest.mark.parametrize("name", ["A: B", "“Q” & 'R' # {x}", "yes", "2027", "- a", "Ψηφιακά"])
def test_any_name_is_written_as_it_is(tmp_path: Path, name: str) -> None:
    assert init(tmp_path / "hub", *GIVEN, "--name", name).exit_code == 0
    assert repository.load(tmp_path / "hub").course.name == name


def test_it_asks_for_what_is_not_given(tmp_path: Path) -> None:
    answers = "octocat/db\nDatabases\nhubot, @monalisa\nEurope/Berlin\nF2031\nbook\n"
    ran = CliRunner().invoke(main, ["init", str(tmp_path / "hub")], input=answers)
    assert ran.exit_code == 0, ran.output
    course = (tmp_path / "hub/data/course.yaml").read_text()
    for line in (
        "name: Databases",
        "staff: [hubot, monalisa]",
        "time_zone: Europe/Berlin",
        "open_semester: F2031",
        "claims: book",
    ):
        assert line in course


@pytest.mark.parametrize("claims", [("paper", "--titles"), ("tool",), ("open dataset",)], ids=str)
def test_the_posts_on_its_pages_pass_the_check(tmp_path: Path, claims: tuple[str, ...]) -> None:
    init(tmp_path, "--yes", "--repo", "octocat/hub", "--semester", "S2027", "--claims", *claims)
    hub = repository.load(tmp_path)
    manual = manual_pages.manual_pages(
        hub.course, hub.names.vocabulary, (), "https://example.org/", Checks(), has_task=False
    )
    page = {each.path: each.markdown for each in manual}["claim.md"]
    ((path,),) = [{*re.findall(r"^ *(posts/\S+\.md):\d", page, re.MULTILINE)}]
    texts = [
        textwrap.dedent(text) for text in re.findall(r"^ *```yaml\n( *---\n.*?)^ *```$", page, re.MULTILINE | re.DOTALL)
    ]
    assert len(texts) == 2
    for text in texts:
        whole = Hub(hub.course, hub.tools, posts=(post.read(path, text.encode()),))
        assert [each.message for each in checks.judge_posts(whole, whole.posts)] == []


COMMIT = "0123456789abcdef0123456789abcdef01234567"
UNRELEASED = Product(f"coursehub @ git+https://github.com/coursehub-staff/coursehub@{COMMIT}", COMMIT)
RELEASED = Product("coursehub==1.0", COMMIT, is_released=True)


def test_the_workflows_call_the_commit_that_the_package_is_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for product in (UNRELEASED, Product("coursehub @ git+https://example.org/x@COMMIT", "COMMIT", is_known=False)):
        folder = tmp_path / product.commit
        monkeypatch.setattr(starting, "product", lambda given=product: given)
        ran = init(folder, *GIVEN)
        calls = [(folder / ".github/workflows" / name).read_text().splitlines()[-1] for name in WORKFLOWS]
        place = "    uses: coursehub-staff/coursehub/.github/workflows"
        assert calls == [f"{place}/{name}@{product.commit}" for name in WORKFLOWS]
        assert (folder / "coursehub.txt").read_text().splitlines()[-1] == product.line
        assert ("in place of COMMIT, in coursehub.txt" in ran.stdout) is not product.is_known


@pytest.mark.parametrize(
    ("origin", "line", "call"),
    [
        (Origin(COMMIT), f"coursehub @ git+https://github.com/coursehub-staff/coursehub@{COMMIT}", COMMIT),
        (Origin(COMMIT, is_release=True), f"coursehub=={__version__}", f"{COMMIT} # v{__version__}"),
        (Origin(), "coursehub @ git+https://github.com/coursehub-staff/coursehub@COMMIT", "COMMIT"),
    ],
    ids=["from git", "released", "unknown"],
)
def test_package_and_workflows_are_of_one_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: Origin, line: str, call: str
) -> None:
    monkeypatch.setattr(starting, "origin", lambda: origin)
    init(tmp_path, *GIVEN)
    assert (tmp_path / "coursehub.txt").read_text().splitlines()[-1] == line
    assert (tmp_path / ".github/workflows/desk.yml").read_text().rstrip().rpartition("@")[2] == call


@pytest.mark.parametrize("product", [UNRELEASED, RELEASED], ids=["unreleased", "released"])
def test_its_workflows_are_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, product: Product) -> None:
    """As this repository's own are, by the same linters."""
    monkeypatch.setattr(starting, "product", lambda: product)
    init(tmp_path / "hub", *GIVEN)
    bin_folder = Path(sys.executable).parent
    workflows = [str(tmp_path / "hub/.github/workflows" / name) for name in WORKFLOWS]
    zizmor = ["--persona", "pedantic", "--offline", "--no-progress", "--strict-collection", "--quiet"]
    schema = ["check-jsonschema", "--quiet", "--builtin-schema"]
    dependabot = str(tmp_path / "hub/.github/dependabot.yml")
    for command in (
        ["zizmor", *zizmor, str(tmp_path / "hub")],
        ["actionlint", "-shellcheck", str(bin_folder / "shellcheck"), *workflows],
        [*schema, "vendor.github-workflows", *workflows],
        [*schema, "vendor.dependabot", dependabot],
    ):
        ran = subprocess.run([bin_folder / command[0], *command[1:]], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Adopted:
    """A course of databases that two wheels made, without this repository."""
    return adopted.shared(tmp_path_factory)


def page(site: Path, address: str) -> str:
    return (site / address / "index.html").read_text()


@pytest.mark.slow
def test_a_wheel_alone_makes_a_course_its_check_and_its_site(course: Adopted) -> None:
    assert len(files(course.root) & FILES) == len(FILES) == 15
    lock = [line for line in (ROOT / "requirements/site.txt").read_text().splitlines() if not line.startswith("#")]
    assert (course.root / "requirements.txt").read_text().splitlines()[1:] == lock
    assert course.output("check") == "0 posts checked: nothing to fix.\n"
    assert course.output("build").count("3 posts checked: 0 findings") == 1  # by the hook, and by no plugin again
    assert "Is your system or paper still available?" in page(course.first_site, "")
    names = ["check / Posts and data", "check / Site"]  # of the called workflow, whose text is in the wheel
    assert all(f'"context": "{name}"' in course.output("ruleset") for name in names)
    assert all(f"<strong>{name}</strong>" in page(course.site, "claim") for name in names)
    assert re.findall("PostgreSQL|SQLite|Relational Model", page(course.first_site, "claims")) != []
    assert adopted.OWN in page(course.first_site, "claims")
    assert {name for name in ("adopt", "speed", "dependencies", "rubric") if (course.site / name).exists()} == set()


@pytest.mark.slow
def test_the_hook_alone_stops_a_build_of_a_broken_post(course: Adopted) -> None:
    code, output = course.steps["broken"][1:]
    assert (code, "“poem” is not one of the values of “option”" in output, "Aborted with" in output) == (1, True, True)


@pytest.mark.slow
def test_its_next_term_begins_without_leftovers(course: Adopted) -> None:
    assert course.output("rollover").splitlines()[:3] == [
        "data/course.yaml: F2027 added and opened",
        "posts/S2027/postgresql.md: withdrawn, was “claimed” (octocat)",
        "posts/S2027/sqlite.md: withdrawn, was “draft” (hubot)",
    ]
    assert course.output("check again") == "3 posts checked: nothing to fix.\n"
    assert "Tables, all the way down" in page(course.site, adopted.POST)


UPGRADED = """\
coursehub.txt: rewritten
.gitignore: changed by the course, so left alone
.github/dependabot.yml: rewritten
.github/workflows/check.yml: rewritten
.github/workflows/desk.yml: raised
.github/workflows/publish.yml: raised
.github/workflows/links.yml: raised
.github/workflows/clock.yml: raised
requirements.txt: raised
"""
LISTED = """\
overrides/main.html: was made from another text than main.html has in coursehub 9.0.0
To renew one of these: rename it, copy it again with “coursehub override”, and put your changes there.
"""
NEWS = """\
Course Hub {} → 9.0.0. What is new:

  ## [9.0.0] - 2027-06-01

  - Another template.
  - Another workflow.

"""
HINT = "How the text of this release differs from what the course changed: coursehub upgrade --dry-run\n"


@pytest.mark.slow
def test_the_next_release_raises_its_pins_and_leaves_what_is_its_own(course: Adopted) -> None:
    end = "Look at it with “git diff”. Then set up again as README.md says, build the site, and commit.\n"
    assert course.output("upgrade") == f"{UPGRADED}{HINT}{LISTED}{NEWS.format(__version__)}{end}"
    own = [(course.root / path).read_text() for path in (".gitignore", "overrides/main.html", "data/course.yaml")]
    assert [text.count(word) for text, word in zip(own, ("/grades/", adopted.OWN, "names: title"), strict=True)] == [
        1,
        1,
        1,
    ]
    pinned = [*(course.root / ".github/workflows").iterdir(), course.root / "coursehub.txt"]
    assert [
        len(re.findall(f"@{adopted.SECOND} # v9.0.0$|^coursehub==9.0.0$", path.read_text(), re.MULTILINE))
        for path in pinned
    ] == [1] * 6
    assert "run-name: A check\n" in (course.root / ".github/workflows/check.yml").read_text()
    assert (course.root / "requirements.txt").read_text().startswith("# The packages under Course Hub 9.0.0,")
    assert adopted.OWN in page(course.site, "claims")


@pytest.mark.slow
def test_a_second_upgrade_changes_nothing(course: Adopted) -> None:
    end = "Nothing to do: the course is at Course Hub 9.0.0.\n"
    assert course.output("upgrade again") == f"{UPGRADED.splitlines(keepends=True)[1]}{HINT}{LISTED}{end}"
    assert course.output("status") == ""


@pytest.mark.slow
def test_nothing_of_it_speaks_of_this_course_or_this_machine(course: Adopted) -> None:
    texts = {name: step.output for name, step in course.steps.items()}
    for path in (*course.root.rglob("*"), *course.first_site.rglob("*")):
        if path.is_file() and path.suffix not in NOT_READ and not {".git", ".cache", "__pycache__"} & {*path.parts}:
            texts[str(path)] = path.read_text("utf-8", "replace")
    assert len(texts) > 100
    words = [f"{name}: {match[0]}" for name, text in texts.items() for match in OF_OUR_COURSE.finditer(text)]
    assert words == []
    assert [name for name, text in texts.items() if str(ROOT) in text] == []
