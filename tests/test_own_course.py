"""This repository's own course: its pages agree with its data, its examples pass its check.

No other test reads the course's data or its posts, so that the product is tested where they are others. What is tested
here holds for the course of this repository alone, as it is today: a semester that ends changes its pages too.
"""

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest
import test_counts
import test_words
from pages import MANUAL, ROOT, below, rows

from coursehub import checks, workflows
from coursehub.claims import new_claim
from coursehub.records import course, hub, post, repository
from coursehub.records.fields import FIELDS
from coursehub.site.pages import manual_pages
from coursehub.text import mkdocs_yaml


def text(name: str) -> str:
    """The text of a file, or of a page that is made of data where there is no such file in `docs/`."""
    file = ROOT / name
    return file.read_text() if file.exists() else manual()[file.name]


@cache
def manual() -> dict[str, str]:
    """The pages that any course has, as this one's site has them: path → Markdown."""
    own = {path.name for path in (ROOT / "docs").glob("*.md")}
    address = mkdocs_yaml.site_url(text(mkdocs_yaml.PATH), {})
    pages = manual_pages.manual_pages(
        the_course(), repository.load(ROOT).names.vocabulary, own, address, workflows.checks(ROOT), has_task=True
    )
    return {page.path: page.markdown for page in pages}


def section(name: str, heading: str) -> str:
    return below(heading, text(name), name)


def the_course() -> course.Course:
    this_course, _ = course.read(text(course.PATH))
    assert this_course
    return this_course


# The rubric


@pytest.mark.parametrize("option", [None, *the_course().now.options], ids=lambda option: option and option.id)
def test_the_rubric_has_the_courses_points(option: course.Option | None) -> None:
    items = [item for item in the_course().now.rubric if item.option == (option.id if option else None)]
    expected = [[f"{item.title} (bonus)" if item.bonus else item.title, str(item.points)] for item in items]
    assert rows(section("docs/rubric.md", f"## {option.title if option else 'For everybody'}")) == expected


def test_the_rubric_gives_the_full_score() -> None:
    everybody, bonus = the_course().full_score, sum(item.points for item in the_course().now.rubric if item.bonus)
    assert f"You can get {everybody} points: " in text("docs/rubric.md")
    assert f"A public post earns {bonus} more." in text("docs/rubric.md")


@pytest.mark.parametrize("name", ["docs/assignment.md", "docs/rubric.md"])
def test_the_courses_pages_are_in_plain_english(name: str) -> None:
    assert test_counts.wrong_counts(text(name), name) == []
    assert [match[0] for words, _ in test_words.INSTEAD for match in words.finditer(text(name))] == []


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
    schema, semester = new_claim.schema_at(site), path_of_the_example().split("/")[1]
    claim = new_claim.text_of(["NannyML"], "mlops-tool", semester, ["octocat"], schema)
    assert textwrap.indent(claim, "    ") in text("docs/claim.md")


def test_the_complete_example_can_be_published() -> None:
    """With nothing but text to be added, as the page says."""
    complete = max(examples("docs/claim.md"), key=len)
    assert "status: draft" in complete
    published = (
        complete.replace("status: draft", "status: published") + "\n" + "word " * the_course().now.limits.body_words
    )
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
    assert set(table_of_fields()) == set(FIELDS)


def test_how_to_claim_gives_the_limits_of_the_course() -> None:
    limits = the_course().now.limits
    words = " ".join(text("docs/claim.md").split())
    sizes = [f"{limits.body_words} words", f"{limits.image_kilobytes} kB"]
    assert [size for size in sizes if size not in words] == []


# No other test

OWN = r"(?:data|posts|examples|docs/(?:assignment|rubric))\b"  # paths


def test_a_page_in_docs_is_on_the_product_or_the_courses_own() -> None:
    """So that a test which reads the product's manual, by their names, reads nothing of the course."""
    assert {path.stem for path in (ROOT / "docs").glob("*.md")} == {"assignment", "rubric", *MANUAL}


def foreign_reads(tree: ast.Module) -> Iterator[str]:
    """The places in a test where it reads this repository's course: a path below its top, or all of its records."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and is_top(node.left):
            if re.match(rf"\W*{OWN}|\w+\.PATH$", ast.unparse(node.right)):
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Call) and re.search(r"\b(?:load|read_data|read_posts)$", ast.unparse(node.func)):
            yield from (f"{node.lineno}: {ast.unparse(node)}" for each in node.args[:1] if is_top(each))
        elif isinstance(node, ast.Call) and re.search(r"\b(?:text|section)$", ast.unparse(node.func)):
            names = (each.value for each in node.args[:1] if isinstance(each, ast.Constant))
            yield from (f"{node.lineno}: {ast.unparse(node)}" for name in names if re.match(OWN, str(name)))


def is_top(node: ast.expr) -> bool:
    return bool(re.search(r"\bROOT$|\.parents\[1\]$", ast.unparse(node)))


def test_no_other_test_reads_this_course() -> None:
    folder = Path(__file__).parent
    paths = (path for path in sorted(folder.rglob("*.py")) if path != Path(__file__))
    reads = {
        path.relative_to(folder).as_posix(): [*foreign_reads(ast.parse(path.read_text("utf-8")))] for path in paths
    }
    assert {path: places for path, places in reads.items() if places} == {}
