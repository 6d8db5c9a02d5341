"""Another course: `coursehub init`, and what an installed wheel makes of its files, without this repository."""

import os
import re
import subprocess
import sys
import sysconfig
import textwrap
import venv
from pathlib import Path

import needs
import pytest
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
CLAIM = """---
title: A Relational Model of Data for Large Shared Data Banks
authors: monalisa
option: paper
tool: A Relational Model of Data for Large Shared Data Banks
semester: S2027
status: claimed
---
"""


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
    manual = manual_pages.manual_pages(hub.course, hub.vocabulary, (), "https://example.org/", Checks(), has_task=False)
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


def wheel(folder: Path) -> Path:
    """The wheel that `COURSEHUB_WHEEL` names, which is to be released, or else one of this repository as it is."""
    if given := os.environ.get("COURSEHUB_WHEEL"):
        return Path(given)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def environment(folder: Path) -> Path:
    """The `bin` of an environment with the wheel alone; this one's packages, but for the product, are behind it."""
    venv.create(folder / "env", symlinks=True)
    python = folder / "env/bin/python"
    uv = [
        Path(sys.executable).with_name("uv"),
        "--quiet",
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--python",
        python,
    ]
    subprocess.run([*uv, wheel(folder / "wheels")], check=True)
    (packages,) = (folder / "env/lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))  # whose own .pth files nobody reads
    return folder / "env/bin"


@pytest.mark.slow
def test_a_wheel_alone_makes_a_course_its_check_and_its_site(tmp_path: Path) -> None:
    bin_folder, hub = environment(tmp_path), tmp_path / "hub"
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("COURSEHUB_", "PYTHON"))}

    def run(name: str, *arguments: str, folder: Path = hub) -> str:
        command = [bin_folder / "python", "-P", "-m", name, *arguments]
        if name == "coursehub":
            command = [bin_folder / "coursehub", *arguments]
        ran = subprocess.run(
            command, cwd=folder, env={**outside, "NO_MKDOCS_2_WARNING": "1"}, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout
        return ran.stdout

    def page(path: str) -> str:
        return (hub / "site" / path / "index.html").read_text()

    run("coursehub", "init", str(hub), *GIVEN, "--name", "Databases", folder=tmp_path)
    lock = [line for line in (hub / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert lock == [
        line for line in (ROOT / "requirements/site.txt").read_text().splitlines() if not line.startswith("#")
    ]
    run("coursehub", "check")
    assert run("mkdocs", "build", "--strict").count("0 posts checked") == 1  # by the hook, and by no plugin again
    assert str(ROOT) not in run("coursehub", "--help") + page("claim")
    assert "Is your paper still available?" in page("")
    names = ["check / Posts and data", "check / Site"]  # of the called workflow, whose text is in the wheel
    assert all(f'"context": "{name}"' in run("coursehub", "ruleset") for name in names)
    assert all(f"<strong>{name}</strong>" in page("claim") for name in names)
    (hub / "posts/S2027").mkdir(parents=True)
    path = hub / "posts/S2027/x.md"
    path.write_text(CLAIM)
    run("coursehub", "check", "--fix", "--unsafe-fixes")  # which gives the file its name
    (path,) = (hub / "posts/S2027").glob("*.md")
    assert path.stem == "title_relational-model-of-data-for-large-shared-data-banks"
    run("mkdocs", "build", "--strict")
    assert "Large Shared Data Banks" in page("claims")
    assert {name for name in ("adopt", "speed", "dependencies", "rubric") if (hub / "site" / name).exists()} == set()
    words = [
        f"{path.relative_to(hub)}: {match[0]}"
        for path in hub.rglob("*")
        if path.is_file()
        and path.suffix not in NOT_READ
        and not {".git", ".cache", "__pycache__"} & {*path.relative_to(hub).parts}
        for match in OF_OUR_COURSE.finditer(path.read_text("utf-8", "replace"))
    ]
    assert words == []
    path.write_text(CLAIM.replace("option: paper", "option: poem"))
    settings = (hub / "mkdocs.yml").read_text()
    (hub / "mkdocs.yml").write_text(settings.replace("plugins: [coursehub]", "plugins: []"))
    with pytest.raises(AssertionError, match=r"“poem”[\s\S]*Aborted with"):  # with the hook alone, too
        run("mkdocs", "build", "--strict")
