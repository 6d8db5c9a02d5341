"""`coursehub upgrade`: a course follows the installed release, and keeps what it changed itself."""

from collections.abc import Callable, Mapping
from itertools import accumulate
from pathlib import Path

import hypothesis.strategies as st
import jinja2
import msgspec
import pytest
import written as recorder
from click.testing import CliRunner, Result
from hypothesis import given
from packaging.version import Version
from repositories import Repository

from coursehub import starting
from coursehub.cli import main
from coursehub.system import files
from coursehub.upgrading import NewerPinError, changelog, overrides, planned, release, written
from coursehub.upgrading.overrides import Template
from coursehub.upgrading.release import Release
from coursehub.upgrading.written import Written

ROOT = Path(__file__).parents[1]
CHECK, OLD, NEW, LOCK = (
    ".github/workflows/check.yml",
    ".github/workflows/old.yml",
    ".github/workflows/new.yml",
    "requirements.txt",
)
OURS = "coursehub-staff/coursehub/.github/workflows"


def sha(number: int) -> str:
    return f"{number}" * 40


def caller(number: int, name: str, text: str = "") -> str:
    uses = f"uses: {OURS}/{name}@{sha(number)} # v0.{number}.0"
    return f"name: {name}\n{text}jobs:\n  check:\n    {uses}\n    # beside actions/checkout@v4\n"


def lock(number: int, *packages: str) -> str:
    entries = "".join(f"{name}=={number}.0 \\\n    --hash=sha256:{number:02}\n" for name in packages)
    return f"# The packages under Course Hub 0.{number}.0, at the versions that it was tested with.\n{entries}"


def contents(number: int) -> dict[str, str]:
    """The files of a release; check.yml has another text in 0.3.0, the hook in 0.4.0, old.yml goes and new.yml comes."""
    own = {
        CHECK: caller(number, "check.yml", "on: pull_request\n" if number > 2 else "on: push\n"),
        "hooks/check.py": "from mkdocs_coursehub.check import on_pre_build\n" + ("# in one call\n" if number > 3 else ""),
        ".gitignore": "/site/\n",
        "coursehub.txt": f"# The product's version.\ncoursehub==0.{number}.0\n",
        LOCK: lock(number, "click", "mkdocs", *(["pathspec"] if number < 3 else ["packaging"])),
    }  # fmt: skip
    return own | ({OLD: caller(number, "old.yml")} if number < 4 else {NEW: caller(number, "new.yml")})


def _next(known: Release, number: int) -> Release:
    version, texts = f"0.{number}.0", as_bytes(contents(number))
    return Release(Version(version), texts, written.extended(known.written, version, texts), CHANGELOG)


def as_bytes(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in texts.items()}


CHANGELOG = """# What is new

## Unreleased

- Not yet.

## [0.3.0] - 2027-03-01

- Third.

## Between

- Nothing.

## 0.2.0

- Second,
  with a line more.

## 0.1.0

- First.
"""
NUMBERS = range(1, 6)
RELEASES = dict(enumerate(accumulate(NUMBERS, _next, initial=Release(Version("0"), {}, Written()))))


def upgraded(course: Mapping[str, bytes], number: int) -> tuple[dict[str, bytes], dict[str, str]]:
    """The course after an upgrade, of which another one changes nothing, and the words on each file."""
    plan = planned(course, RELEASES[number])
    after = {**course, **{path: content for path, (_, content) in plan.writes.items()}}
    assert planned(after, RELEASES[number]).writes == {}
    return after, {change.path: change.words for change in plan.changes}


GONE = "is no longer part of Course Hub {}: delete it, unless you use it".format
LEFT, RAISED = "changed by the course, so left alone", "changed by the course, so only its pin is raised"
PINS = {CHECK: "raised", OLD: "raised", "coursehub.txt": "raised", LOCK: "rewritten"}
# What each release after the first does with a course that nobody changed.
STEPS = {
    2: PINS,
    3: PINS | {CHECK: "rewritten"},
    4: {CHECK: "raised", "hooks/check.py": "rewritten", "coursehub.txt": "raised", LOCK: "rewritten", NEW: "new", OLD: GONE("0.4.0")},
    5: {CHECK: "raised", "coursehub.txt": "raised", LOCK: "rewritten", NEW: "raised", OLD: GONE("0.5.0")},
}  # fmt: skip

OWN = "\n# The course's own, which Course Hub does not build on:\n"
MANY = "".join(f"p{number}==1.0 \\\n    --hash=sha256:aa\n" for number in range(7))


def test_a_course_that_nobody_changed_has_each_release_word_for_word() -> None:
    course = as_bytes(contents(1))
    for number, words in STEPS.items():
        course, done = upgraded(course, number)
        assert done == words
        assert {path: course[path] for path in contents(number)} == as_bytes(contents(number))
    assert course[OLD] == contents(3)[OLD].encode()


@pytest.mark.parametrize(
    ("path", "edit", "words", "end"),
    [
        ("hooks/check.py", lambda text: text + "# ours\n", LEFT, contents(1)["hooks/check.py"] + "# ours\n"),
        (".gitignore", lambda text: "/build/\n" + text, LEFT, "/build/\n/site/\n"),
        (CHECK, lambda text: "# ours\n" + text, RAISED, "# ours\n" + caller(5, "check.yml", "on: push\n")),
        (LOCK, lambda text: text + "pypdf==1.0 \\\n    --hash=sha256:aa\n", "rewritten; it keeps the course's own pypdf",
         contents(5)[LOCK] + OWN + "pypdf==1.0 \\\n    --hash=sha256:aa\n"),
        (LOCK, lambda text: text + MANY, "rewritten; it keeps the course's own p0, p1, p2, p3, p4 and 2 more", contents(5)[LOCK] + OWN + MANY),
        (LOCK, lambda text: text.replace("mkdocs==1.0", "mkdocs==1.9"), "rewritten", contents(5)[LOCK]),
        (LOCK, lambda _: "click==8.0\n", "is not Course Hub's lock, so left alone", "click==8.0\n"),
        ("coursehub.txt", lambda _: "coursehub==0.1.0  # ours\n", RAISED, "coursehub==0.5.0  # ours\n"),
        ("coursehub.txt", lambda _: "coursehub @ git+https://example.org/fork@main\n", LEFT, "coursehub @ git+https://example.org/fork@main\n"),
        ("coursehub.txt", lambda text: text.replace("\n", "\r\n"), "raised", contents(5)["coursehub.txt"].replace("\n", "\r\n")),
    ],
)  # fmt: skip
def test_what_a_course_changed_meets_no_conflict_in_five_releases(
    path: str, edit: Callable[[str], str], words: str, end: str
) -> None:
    course = as_bytes({**contents(1), path: edit(contents(1)[path])})
    for number, others in STEPS.items():
        course, done = upgraded(course, number)
        assert done == {**others, path: words}
    assert course[path].decode() == end


def test_a_file_that_the_course_deleted_stays_so() -> None:
    course = as_bytes(contents(1))
    del course["hooks/check.py"]
    for number in STEPS:
        course, done = upgraded(course, number)
        assert done["hooks/check.py"] == "is not here, and is not written again"
    assert "hooks/check.py" not in course


def test_a_workflow_of_the_courses_own_has_its_pins_raised() -> None:
    own = f"on: push\njobs:\n  a: {{uses: x/y@v1}}\n  b:\n    uses: {OURS}/check.yml@{sha(1)}\n"
    own += f"  c:\n    uses: {OURS}/nightly.yml@{sha(1)} # v0.1.0\n  d:\n    - uses: actions/checkout@v4 # v4.0.0\n"
    course, done = upgraded({".github/workflows/own.yml": own.encode()}, 5)
    assert course[".github/workflows/own.yml"].decode() == own.replace(
        f"check.yml@{sha(1)}", f"check.yml@{sha(5)} # v0.5.0"
    )
    assert done[".github/workflows/own.yml"] == f"calls {OURS}/nightly.yml, which Course Hub 0.5.0 does not have"


@pytest.mark.parametrize("path", [CHECK, "coursehub.txt", LOCK])
def test_a_course_that_is_ahead_is_refused(path: str) -> None:
    course = as_bytes({**contents(2), path: contents(5)[path]})
    with pytest.raises(NewerPinError, match=rf"^{path} is at Course Hub 0\.5\.0, and 0\.4\.0 is installed$"):
        planned(course, RELEASES[4])


def test_what_is_new_counts_from_the_oldest_pin() -> None:
    """Dependabot may raise one of them alone."""
    course = as_bytes({**contents(2), CHECK: contents(4)[CHECK]})
    assert planned(course, RELEASES[5]).since == Version("0.2.0")


@given(st.data())
def test_any_upgrade_keeps_what_the_course_wrote_and_is_done_once(data: st.DataObject) -> None:
    """From any release to any later one, whatever was changed, by lines above or below, or deleted."""
    first, last = sorted((data.draw(st.sampled_from(NUMBERS)), data.draw(st.sampled_from(NUMBERS))))
    texts = contents(first)
    edits = data.draw(
        st.dictionaries(st.sampled_from(sorted(texts.keys() - {LOCK})), st.sampled_from(["above", "below", "no"]))
    )
    for path, edit in edits.items():
        text = texts.pop(path)
        if edit != "no":
            texts[path] = f"# ours\n{text}" if edit == "above" else f"{text}# ours\n"
    course, _ = upgraded(as_bytes(texts), last)
    assert {path for path, content in course.items() if b"# ours\n" in content} == {
        path for path in edits if path in texts
    }
    untouched = {path: content for path, content in as_bytes(contents(last)).items() if path not in edits}
    assert {path: content for path, content in course.items() if path in untouched} == untouched


@pytest.mark.parametrize(
    ("since", "until", "first_lines"),
    [
        ("0.1.0", "0.3.0", ["## [0.3.0] - 2027-03-01", "## 0.2.0"]),
        ("0.1.0", "0.2.0", ["## 0.2.0"]),
        ("0.2.5", "0.9.0", ["## [0.3.0] - 2027-03-01"]),
        ("0.3.0", "0.3.0", []),
    ],
)
def test_the_news_are_those_since_the_pinned_release(since: str, until: str, first_lines: list[str]) -> None:
    news = changelog.news(CHANGELOG, Version(since), Version(until))
    assert [line for line in news.splitlines() if line.startswith("#")] == first_lines
    assert "Nothing" not in news
    assert ("- Second,\n  with a line more." in news) == ("## 0.2.0" in first_lines)


# The command, in a course that `init` wrote


@pytest.fixture
def product(monkeypatch: pytest.MonkeyPatch) -> starting.Product:
    """The product as it is pinned, whatever it is installed from."""
    product = msgspec.structs.replace(starting.product(), is_known=True)
    monkeypatch.setattr(starting, "product", lambda: product)
    return product


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, product: starting.Product) -> Repository:
    """A course of release 1, and release 5 installed."""
    monkeypatch.setattr(release, "installed", lambda _: RELEASES[5])
    monkeypatch.setattr(release, "templates", lambda: {"main.html": Template("coursehub", "0.5.0", "<p>5</p>\n")})
    repository = Repository(tmp_path / "hub")
    repository.write("data/course.yaml", "name: Course\n")
    for path, text in contents(1).items():
        repository.write(path, text)
    repository.commit()
    return repository


def run(hub: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, [*arguments, "--root", str(hub)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def everything(root: Path) -> dict[str, bytes]:
    paths = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


WORDS = """\
.github/workflows/check.yml: rewritten
hooks/check.py: changed by the course, so left alone
coursehub.txt: raised
requirements.txt: rewritten
.github/workflows/new.yml: new
.github/workflows/old.yml: is no longer part of Course Hub 0.5.0: delete it, unless you use it
How the text of this release differs from what the course changed: coursehub upgrade --dry-run
overrides/main.html: was made from another text than main.html has in coursehub 0.5.0
To renew one of these: rename it, copy it again with “coursehub override”, and put your changes there.
Course Hub 0.1.0 → 0.5.0. What is new:

  ## [0.3.0] - 2027-03-01

  - Third.

  ## 0.2.0

  - Second,
    with a line more.

Look at it with “git diff”. Then set up again as README.md says, build the site, and commit.
"""


@pytest.fixture
def changed(hub: Repository) -> Repository:
    """The course, with a hook of its own and an override of the first release."""
    hub.write("hooks/check.py", "# ours\n")
    hub.write("mkdocs.yml", "theme: {name: material, custom_dir: overrides}\n")
    hub.write("overrides/main.html", overrides.override("main.html", Template("coursehub", "0.1.0", "<p>1</p>\n")))
    hub.commit()
    return hub


def test_it_says_what_it_did_and_does_it_once(changed: Repository) -> None:
    result = run(changed.root, "upgrade")
    assert (result.exit_code, result.stderr, result.stdout) == (0, "", WORDS)
    after = everything(changed.root)
    wanted = as_bytes({**contents(5), "hooks/check.py": "# ours\n", OLD: contents(1)[OLD]})
    assert {path: after[path] for path in wanted} == wanted
    again = run(changed.root, "upgrade")
    assert again.exit_code == 0
    assert again.stdout.splitlines()[-1] == "Nothing to do: the course is at Course Hub 0.5.0."
    assert everything(changed.root) == after


def test_a_dry_run_shows_a_diff_that_git_can_apply_and_writes_nothing(changed: Repository, tmp_path: Path) -> None:
    before = everything(changed.root)
    result = run(changed.root, "upgrade", "--dry-run")
    assert (result.exit_code, everything(changed.root)) == (0, before)
    hook = "  --- a/hooks/check.py\n  +++ b/hooks/check.py\n  @@ -1 +1,2 @@\n  -# ours\n  +from mkdocs_coursehub.check import on_pre_build\n  +# in one call\n"
    assert f"{LEFT}\n{hook}" in result.stderr
    assert result.stderr.endswith("\nNothing was written. This is a dry run.\n")
    (tmp_path / "patch").write_text(result.stdout)
    changed.git("apply", str(tmp_path / "patch"))
    applied = everything(changed.root)
    changed.git("checkout", "-q", ".")
    (changed.root / NEW).unlink()
    run(changed.root, "upgrade")
    assert everything(changed.root) == applied


@pytest.mark.parametrize("last", [LOCK, ".github/workflows/own.yml"])  # which is written after the new file
def test_a_file_that_cannot_be_written_leaves_all_as_they_were(
    hub: Repository, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    hub.write(".github/workflows/own.yml", caller(1, "check.yml"))
    hub.commit()
    before, write = everything(hub.root), files.write

    def full(path: Path, content: bytes, **rest: int) -> None:
        if path == hub.root / last and content != before[last]:
            raise OSError(28, "No space left on device", str(path))
        write(path, content, **rest)

    monkeypatch.setattr(files, "write", full)
    result = run(hub.root, "upgrade")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"coursehub: {hub.root / last} cannot be read or written: No space left on device\n"
    assert everything(hub.root) == before


def _uncommitted(hub: Repository) -> None:
    hub.write("coursehub.txt", "coursehub==0.1.0\n")
    hub.write("hooks/check.py", "# ours, and not committed: it is not written\n")


def _untracked(hub: Repository) -> None:
    hub.git("rm", "-rq", "--cached", "hooks")
    hub.git("commit", "-qm", "Not the hook")


def _no_git(hub: Repository) -> None:
    (hub.root / ".git").rename(hub.root / "git")


def _ahead(hub: Repository) -> None:
    hub.write(LOCK, lock(7, "click"))


def _no_yaml(hub: Repository) -> None:
    hub.write("mkdocs.yml", "theme: [\n")


def _outside(hub: Repository) -> None:
    hub.write("mkdocs.yml", "theme: {name: material, custom_dir: ../theme}\n")


def _linked(hub: Repository) -> None:
    (hub.root / "hooks/check.py").rename(hub.root / "hook.py")
    (hub.root / "hooks/check.py").symlink_to("../hook.py")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda hub: (hub.root / "data/course.yaml").unlink(), "{}/data/course.yaml is missing; run this in a Course Hub repository, or name it with --root"),
        (lambda hub: (hub.root / "src/coursehub").mkdir(parents=True), "{} holds Course Hub itself, in src/coursehub: git alone brings changes to it, and https://coursehub-staff.github.io/coursehub/move-to-the-package/ has how a copy becomes a course. Nothing was written."),
        (_uncommitted, "1 file not committed: coursehub.txt. Commit or stash that, and run this again. Nothing was written."),
        (_untracked, "1 file not committed: hooks/check.py. Commit or stash that, and run this again. Nothing was written."),
        (_no_git, "{} is not the top of a git repository with a commit, so nobody could undo it. Nothing was written."),
        (_ahead, "requirements.txt is at Course Hub 0.7.0, and 0.5.0 is installed: install that one, or a later one. Nothing was written."),
        (_no_yaml, "mkdocs.yml: it cannot be read: while parsing a flow node did not find"),
        (_outside, "mkdocs.yml has its templates in ../theme, which is not in this repository. Nothing was written."),
        (_linked, "hooks/check.py is a link, or lies behind one: put the file itself there, and commit that. Nothing was written."),
    ],
)  # fmt: skip
def test_what_is_in_its_way_is_said_and_nothing_is_written(
    hub: Repository, spoil: Callable[[Repository], None], says: str
) -> None:
    spoil(hub)
    before = everything(hub.root)
    result = run(hub.root, "upgrade")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"coursehub: {says.format(hub.root)}")
    assert result.stderr.count("\n") == 1
    assert everything(hub.root) == before


def test_a_package_that_does_not_know_its_release_pins_nothing(
    hub: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = msgspec.structs.replace(starting.product(), is_known=False)
    monkeypatch.setattr(starting, "product", lambda: unknown)
    result = run(hub.root, "upgrade")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("coursehub: this Course Hub does not know which release or commit it is")


def test_a_new_course_has_nothing_to_upgrade(tmp_path: Path, product: starting.Product) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path), "--yes", "--repo", "octocat/hub"])
    assert result.exit_code == 0, result.output
    result = run(tmp_path, "upgrade")
    assert (result.exit_code, result.stdout) == (
        0,
        f"Nothing to do: the course is at Course Hub {release.__version__}.\n",
    )


def test_a_course_that_is_pinned_to_a_commit_gets_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the texts of today: those files have a release's pins, and the course is a new one of that release."""
    commit = starting.Product(f"coursehub @ git+https://github.com/coursehub-staff/coursehub@{sha(1)}", sha(1))
    released = starting.Product(f"coursehub=={release.__version__}", sha(2), is_released=True)
    repository = Repository(tmp_path / "old")
    for folder, product in (("old", commit), ("new", released)):
        monkeypatch.setattr(starting, "product", lambda product=product: product)
        CliRunner().invoke(main, ["init", str(tmp_path / folder), "--yes", "--repo", "octocat/hub"])
    repository.commit()
    result = run(repository.root, "upgrade")
    assert (result.exit_code, result.stderr) == (0, "")
    workflows = [f".github/workflows/{name}.yml: raised" for name in ("check", "desk", "publish", "links", "clock")]
    assert {*workflows, "coursehub.txt: rewritten"} <= {*result.stdout.splitlines()}
    assert everything(repository.root) == everything(tmp_path / "new")


def test_todays_texts_are_in_the_record() -> None:
    """Run “make docs” where they are not: else `upgrade` takes what `init` writes for a change of the course."""
    record = written.read(written.PATH.read_text())
    assert recorder.today(record) == record
    assert written.write(record) == written.PATH.read_text()


# Overrides

THEME = {
    "main.html": Template("coursehub", "0.5.0", "<p>5</p>\n"),
    "sitemap.xml": Template("coursehub", "0.5.0", "<?xml?>\n"),
}


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("main.html", overrides.override("main.html", THEME["main.html"]) + "ours", None),
        ("main.html", overrides.override("main.html", THEME["main.html"]).replace("\n", "\r\n"), None),
        ("main.html", overrides.override("main.html", Template("coursehub", "0.1.0", "<p>1</p>\n")), "was made from another text than main.html has in coursehub 0.5.0"),
        ("main.html", "<p>ours</p>\n", "does not say which text of main.html it was made from"),
        ("own.html", "<p>ours</p>\n", None),
        ("post.html", overrides.override("post.html", Template("coursehub", "0.1.0", "")), "was made from post.html, which the theme has no more"),
        ("base.html", overrides.override("base.html", Template("mkdocs-material", "9", "")), "cannot be judged where mkdocs-material is not installed in the version of the lock"),
    ],
)  # fmt: skip
def test_overrides_that_do_not_fit_are_listed(path: str, text: str, words: str | None) -> None:
    assert [each[:2] for each in overrides.misfits({path: text}, THEME)] == ([(path, words)] if words else [])


def test_an_override_is_the_templates_own_text_below_its_origin(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.write("data/course.yaml", "name: Course\n")
    repository.write("mkdocs.yml", "theme: material\n")
    refused = run(tmp_path, "override", "sitemap.xml")
    assert (refused.exit_code, refused.stdout) == (2, "")
    _, _, lines = refused.stderr.partition("“theme: material”:\n")
    repository.write("mkdocs.yml", lines)
    done = run(tmp_path, "override", "sitemap.xml")
    assert done.stdout.startswith("overrides/sitemap.xml: written. "), done.output
    origin, _, text = (tmp_path / "overrides/sitemap.xml").read_text().partition("\n")
    assert origin.startswith(f"{{#- Made from sitemap.xml of coursehub {release.__version__}, ")
    assert text == (ROOT / "src/mkdocs_coursehub/theme/sitemap.xml").read_text()
    assert jinja2.Template((tmp_path / "overrides/sitemap.xml").read_text()).render(pages=[]).startswith("<?xml")
    again = run(tmp_path, "override", "sitemap.xml")
    assert (again.exit_code, again.stderr) == (
        2,
        "coursehub: overrides/sitemap.xml is there already. Nothing was written.\n",
    )
    near = run(tmp_path, "override", "sitemaps.xml")
    assert (near.exit_code, near.stderr) == (
        2,
        "coursehub: the theme has no template “sitemaps.xml”. Did you mean “sitemap.xml”?\n",
    )


def test_the_theme_is_ours_before_materials(monkeypatch: pytest.MonkeyPatch) -> None:
    theme = release.templates()
    assert (theme["main.html"].package, theme["partials/header.html"].package) == ("coursehub", "mkdocs-material")
    assert not [name for name in theme if name.startswith((".icons", "assets"))]
    monkeypatch.setattr(release.metadata, "version", lambda _: "1.0")
    assert {template.package for template in release.templates().values()} == {"coursehub"}
