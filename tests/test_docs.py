"""The pages agree with the program: fields, commands, targets, pinned actions. Those of the course: test_own_course."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
import yaml
from pages import MANUAL_FILES, ROOT, rows, section, text, words_in_code

from coursehub.claims import new_claim
from coursehub.cli import COMMANDS
from coursehub.records import course
from coursehub.site.pages import manual_pages

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *MANUAL_FILES]
PAGES += [ROOT / "src/coursehub/site/templates" / each.path for each in manual_pages.MANUALS]


# Adopting


def records(kind: type, seen: set[type]) -> Iterator[type]:
    """A record and all those that its fields hold."""
    if kind in seen:
        return
    seen.add(kind)
    yield kind
    for field in msgspec.structs.fields(kind):
        for inner in (field.type, *getattr(field.type, "__args__", ())):
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                yield from records(inner, seen)


def test_how_to_adopt_names_every_field_of_the_course() -> None:
    kinds = list(records(course.Course, set()))
    assert {kind.__name__ for kind in kinds} == {
        "Course", "Semester", "Option", "Requirement", "Example", "Topic", "RubricItem", "SomeLimits",
    }  # fmt: skip
    reference = section("docs/course-files.md", "## data/course.yaml")
    missing = [
        f"{kind.__name__}.{name}"
        for kind in kinds
        for name in kind.__struct_fields__
        if name not in words_in_code(reference)
    ]
    assert missing == []
    assert {row[0].strip("`") for row in rows(reference)} >= set(course.Course.__struct_fields__)


# What had a heading on this page once; a course has some of these addresses in its files.
ONCE = (
    "what-you-have-then", "what-to-change", "mkdocsyml", "pictures", "datacourseyaml", "semesters", "options", "titles",
    "rubric", "when-the-assignment-changes", "extensions", "datatoolsyaml", "free-tools", "githubcodeowners",
    "the-courses-pages", "earlier-posts", "targets-of-make", "late-claims", "severities-and-limits",
    "newer-dependencies",
)  # fmt: skip


def test_old_addresses_on_how_to_adopt_lead_to_where_it_is_now() -> None:
    page = text("docs/adopt.md")
    headings = {each.lower().replace(" ", "-") for each in re.findall(r"^##+ (.*)", page, re.MULTILINE)}
    marked = re.findall(r'<a id="(.*?)"></a>(?:\[.*?\]\((?:course-files\.md)?(\S*?)\))?', page)
    assert {name for name, _ in marked} | headings >= set(ONCE)
    assert [(name, to) for name, to in marked if to.startswith("#") and to != f"#{name}"] == []


def test_the_fields_of_another_course_are_its_own() -> None:
    a_course, _ = course.read(text("tests/fixtures/hub/data/course.yaml"))
    assert a_course
    semester = course.Semester("S2031", post_due="2031-05-02 23:59")
    another = msgspec.structs.replace(
        a_course, semesters=(semester,), open_semester=semester.id, topics=a_course.topics[:1]
    )
    table = manual_pages.fields(another)
    assert "such as `S2031`" in table
    assert "such as `2031-05-02`" in table
    assert "one or more of `operations` |" in table


# Commands


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_that_a_page_names_is_in_the_makefile(page: Path) -> None:
    words = page.read_text()
    named = set(re.findall(r"`make\s+([a-z]+)`", words)) | set(re.findall(r"^ *make ([a-z]+)", words, re.MULTILINE))
    assert named <= make_targets()


def test_readers_are_told_of_every_target() -> None:
    assert {"site", "serve", "check", "test", "lint"} <= make_targets()
    assert set(re.findall(r"`make ([a-z]+)`", section("CONTRIBUTING.md", "## Targets of make"))) == make_targets()


def command(name: str) -> click.Command:
    module, function, _ = COMMANDS[name]
    the_command = getattr(importlib.import_module(f"coursehub.cli.{module}"), function)
    assert isinstance(the_command, click.Command)
    return the_command


def parameters(name: str) -> list[click.Parameter]:
    """Those of a command, or of all commands of a group."""
    the_command = command(name)
    commands = the_command.commands.values() if isinstance(the_command, click.Group) else [the_command]
    return [each for one in commands for each in one.params]


def test_every_command_has_its_section() -> None:
    headings = set(re.findall(r"^## (\S+)$", text("docs/commands.md"), re.MULTILINE))
    assert set(COMMANDS) <= headings


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_told(name: str) -> None:
    general = text("docs/commands.md").partition("\n## ")[0]  # --root, which all have
    flags = flags_in(section("docs/commands.md", f"## {name}")) | (flags_in(general) & {"--root"})
    options = {flag for each in parameters(name) if isinstance(each, click.Option) for flag in each.opts}
    assert options - flags == set()


def test_the_example_of_new_is_the_file_that_is_written() -> None:
    schema = new_claim.schema_at("https://coursehub-staff.github.io/coursehub/")
    claim = new_claim.text_of(["NannyML"], "mlops-tool", "F2026", ["octocat"], schema)
    assert f"$ cat posts/F2026/nannyml.md\n{claim}```" in text("docs/commands.md")


def test_no_option_is_made_up() -> None:
    options = {flag for name in COMMANDS for each in parameters(name) for flag in (*each.opts, *each.secondary_opts)}
    shown = re.findall(r"^ *(?:\$ )?coursehub .*", text("docs/commands.md"), re.MULTILINE)
    assert shown
    assert {flag for line in shown for flag in flags_in(line)} - options == {"--version"} & flags_in("\n".join(shown))


def flags_in(words: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", words))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    shown = re.findall(
        r"(?:^\s*(?:\$ )?|\.venv/bin/|`)coursehub ([a-z]+)((?: +[^\n`#]*)?)", page.read_text(), re.MULTILINE
    )
    for name, rest in shown:
        assert name in COMMANDS, name
        the_command = command(name)
        assert not isinstance(the_command, click.Group) or rest.split()[0].strip(".,;:”") in the_command.commands, rest
        flags = {flag for each in parameters(name) for flag in each.opts} | {"--help"}
        assert flags_in(rest.partition("|")[0]) <= flags, (name, rest)


# Workflows

PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").glob("*.y*ml")), ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit(path: Path) -> None:
    written = path.read_text()
    uses = re.findall(r"^[\s-]*uses:\s*(.*?)\s*$", written, re.MULTILINE)
    assert [action for action in uses if not PINNED.fullmatch(action)] == []
    jobs = yaml.safe_load(written)["jobs"].values()
    steps = [step for job in jobs for step in (job, *job.get("steps", ())) if "uses" in step]
    assert [step["uses"] for step in steps] == [action.partition(" # ")[0] for action in uses]


def test_an_action_has_the_same_version_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for path in (ROOT / ".github/workflows").glob("*.y*ml"):
        for action, pin in re.findall(r"uses: ([^@\s]+)@(.+)", path.read_text()):
            pins.setdefault(action, set()).add(pin)
    assert len(pins) >= 2
    assert {action: versions for action, versions in pins.items() if len(versions) > 1} == {}
