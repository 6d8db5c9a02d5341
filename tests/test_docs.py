"""The pages agree with the program: fields, commands, points, examples, targets, pinned actions."""

import importlib
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import msgspec
import pytest
import yaml

from coursehub import checks
from coursehub.claims import new_claim
from coursehub.cli import COMMANDS
from coursehub.records import course, hub, post, repository
from coursehub.site.pages import manual_pages
from coursehub.text import mkdocs_yaml

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES += [ROOT / "src/coursehub/site/templates" / each.path for each in manual_pages.MANUALS]


def text(name: str) -> str:
    """The text of a file, or of a page that is made of data where there is no such file in `docs/`."""
    file = ROOT / name
    return file.read_text() if file.exists() else manual()[file.name]


@cache
def manual() -> dict[str, str]:
    """The pages that any course has, as this one's site has them: path → Markdown."""
    own = {path.name for path in (ROOT / "docs").glob("*.md")}
    address = mkdocs_yaml.site_url(text(mkdocs_yaml.PATH), {})
    pages = manual_pages.manual_pages(the_course(), repository.load(ROOT).vocabulary, own, address, has_makefile=True)
    return {page.path: page.markdown for page in pages}


def the_course() -> course.Course:
    this_course, _ = course.read(text(course.PATH))
    assert this_course
    return this_course


def section(name: str, heading: str) -> str:
    """The text below a heading of a page, down to the next one that is no smaller."""
    level = heading.partition(" ")[0]
    _, _, below = text(name).partition(f"\n{heading}\n")
    assert below, f"{name} has no heading “{heading}”"
    in_fence, lines = False, []
    for line in below.splitlines():
        in_fence ^= line.lstrip().startswith("```")
        if not in_fence and re.match(rf"#{{1,{len(level)}}} ", line):
            break
        lines.append(line)
    return "\n".join(lines)


def words_in_code(words: str) -> set[str]:
    """Words in `code`; of a span with several, each."""
    return {word for span in re.findall(r"`([^`\n]+)`", words) for word in re.findall(r"[\w.-]+", span)}


def rows(words: str) -> list[list[str]]:
    """The cells of a page's tables, but for their heads."""
    lines = [line for line in words.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads = {index for index, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    return [row for index, row in enumerate(cells) if index not in heads and index + 1 not in heads]


# The rubric


@pytest.mark.parametrize("option", [None, *the_course().options], ids=lambda option: option and option.id)
def test_the_rubric_has_the_courses_points(option: course.Option | None) -> None:
    items = [item for item in the_course().rubric if item.option == (option.id if option else None)]
    expected = [[f"{item.title} (bonus)" if item.bonus else item.title, str(item.points)] for item in items]
    assert rows(section("docs/rubric.md", f"## {option.title if option else 'For everybody'}")) == expected


def test_the_points_add_up_to_100() -> None:
    for option in the_course().options:
        counted = [item for item in the_course().rubric if item.option in (None, option.id) and not item.bonus]
        assert sum(item.points for item in counted) == 100, option.id


# How to claim


def examples(name: str) -> Iterator[str]:
    """The page's posts: YAML in fences that begins with ---."""
    for indent, body in re.findall(r"^( *)```yaml\n(.*?)^ *```$", text(name), re.MULTILINE | re.DOTALL):
        example = re.sub(rf"^{indent}", "", body, flags=re.MULTILINE)
        if example.startswith("---\n"):
            yield example


def path_of_the_example() -> str:
    (path,) = set(re.findall(r"^ *(posts/\S+\.md):\d", text("docs/claim.md"), re.MULTILINE))
    return path


def findings(content: str) -> list[str]:
    """Findings of the check in the example, in this repository's course, while nobody else has claimed anything."""
    bare, path = repository.load(ROOT), path_of_the_example()
    then = msgspec.structs.replace(bare.course, open_semester=path.split("/")[1], worth_reading=())
    whole = hub.Hub(then, bare.tools, posts=(post.read(path, content.encode()),))
    results = [*checks.judge_posts(whole, whole.posts), *checks.judge_data(whole)]
    return [f"{each.line}:{each.column} {each.rule}: {each.message}" for each in results]


def test_the_examples_of_how_to_claim_pass_the_check() -> None:
    posts = list(examples("docs/claim.md"))
    assert len(posts) >= 2
    assert [findings(example) for example in posts] == [[] for _ in posts]


def test_the_example_of_a_claim_is_the_file_that_is_made() -> None:
    site = mkdocs_yaml.site_url((ROOT / mkdocs_yaml.PATH).read_text(), {})
    claim = new_claim.text_of(["NannyML"], "mlops-tool", "F2026", ["octocat"], new_claim.schema_at(site))
    assert textwrap.indent(claim, "    ") in text("docs/claim.md")
    assert f"$ cat posts/F2026/nannyml.md\n{claim}```" in text("docs/commands.md")


def test_the_complete_example_can_be_published() -> None:
    """With nothing but text to be added, as the page says."""
    complete = max(examples("docs/claim.md"), key=len)
    assert "status: draft" in complete
    published = complete.replace("status: draft", "status: published") + "\n" + "word " * the_course().limits.body_words
    assert findings(published) == []
    (finding,) = findings(published.replace("topics:", "topic:"))
    assert "unknown-field: " in finding


def test_the_example_of_a_finding_is_what_the_check_says() -> None:
    complete = max(examples("docs/claim.md"), key=len)
    wrong = re.sub(r"^date: .*", "date: Dec 4, 2026", complete, flags=re.MULTILINE)
    (finding,) = findings(wrong)
    place, rule, message = re.fullmatch(r"(\S+) ([\w-]+): (.*)", finding).groups()  # type: ignore[union-attr]
    assert f"{path_of_the_example()}:{place}: error[{rule}] {message}" in section(
        "docs/claim.md", "## What the check says"
    )


def table_of_fields() -> dict[str, str]:
    return {row[0].strip("`"): row[1] for row in rows(section("docs/claim.md", "### The fields"))}


def test_how_to_claim_has_every_field_and_no_other() -> None:
    assert set(table_of_fields()) == set(post.FIELDS)


def test_the_fields_of_another_course_are_its_own() -> None:
    course = msgspec.structs.replace(the_course(), open_semester="S2031", topics=the_course().topics[:1])
    table = manual_pages.fields(course)
    assert "such as `S2031`" in table
    assert "one or more of `operations` |" in table


def test_how_to_claim_gives_the_limits_of_the_course() -> None:
    limits = the_course().limits
    words = " ".join(text("docs/claim.md").split())
    sizes = [f"{limits.body_words} words", f"{limits.image_kilobytes} kB"]
    assert [size for size in sizes if size not in words] == []


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
        "Course", "Semester", "Option", "Requirement", "Example", "Topic", "RubricItem", "Limits",
    }  # fmt: skip
    reference = section("docs/adopt.md", "### data/course.yaml")
    missing = [
        f"{kind.__name__}.{name}"
        for kind in kinds
        for name in kind.__struct_fields__
        if name not in words_in_code(reference)
    ]
    assert missing == []
    assert {row[0].strip("`") for row in rows(reference)} >= set(course.Course.__struct_fields__)


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
    assert set(re.findall(r"`make ([a-z]+)`", section("docs/adopt.md", "## Day by day"))) == make_targets()


def command(name: str) -> click.Command:
    module, function, _ = COMMANDS[name]
    the_command = getattr(importlib.import_module(f"coursehub.cli.{module}"), function)
    assert isinstance(the_command, click.Command)
    return the_command


def test_every_command_has_its_section() -> None:
    headings = set(re.findall(r"^## (\S+)$", text("docs/commands.md"), re.MULTILINE))
    assert set(COMMANDS) <= headings


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_told(name: str) -> None:
    general = text("docs/commands.md").partition("\n## ")[0]  # --root, which all have
    flags = flags_in(section("docs/commands.md", f"## {name}")) | (flags_in(general) & {"--root"})
    options = {flag for each in command(name).params if isinstance(each, click.Option) for flag in each.opts}
    assert options - flags == set()


def test_no_option_is_made_up() -> None:
    options = {
        flag for name in COMMANDS for each in command(name).params for flag in (*each.opts, *each.secondary_opts)
    }
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
        flags = {flag for each in command(name).params for flag in each.opts} | {"--help"}
        assert flags_in(rest) <= flags, (name, rest)


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
