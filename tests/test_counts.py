"""One word, rightly counted: nothing says “1 posts”, whatever there is one of.

The first half reads the sources: a number that runs into a plural goes through `plural`, or cannot be one. The second
looks at all that is printed and shown of a course that has one of everything.
"""

import ast
import datetime as dt
import html
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import trees
from click.testing import CliRunner
from modules import nodes
from pages import MANUAL_FILES
from repositories import Repository

from coursehub.cli import main
from coursehub.comments import record
from coursehub.records import repository
from coursehub.site import SiteInputs, build

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "tests/fixtures"
OWN_SCRIPTS = [path for path in (ROOT / "src/mkdocs_coursehub/static/assets").glob("*.js") if path.name != "letters.js"]
TEMPLATES = [
    path
    for folder, pattern in (
        ("src", "**/templates/*.*"),
        ("src", "**/*.typ"),
        ("src/mkdocs_coursehub/theme", "**/*.html"),
    )
    for path in (ROOT / folder).glob(pattern)
]
# What follows a value that is no number: verbs, and nouns that are no plural.
NO_PLURALS = {
    "adds", "address", "as", "asks", "becomes", "begins", "changes", "counts", "deploys", "does", "exists", "goes", "has", "holds", "is",
    "makes", "matches", "names", "needs", "pins", "refers", "says", "stands", "takes", "this", "waits", "was", "writes",
}  # fmt: skip
# Numbers that are never one where they are printed. Constants are not asked: they are limits of many.
NEVER_ONE = {
    "src/coursehub/checks/publishing.py: {LONGEST['summary']} characters": "a limit of many",
    "src/coursehub/checks/rules/fields.py: {len(post.tool)} titles": "more than one",
    "src/coursehub/checks/rules/fields.py: {len(value)} characters": "more than are shown",
    "src/coursehub/checks/rules/pictures.py: {file.frames} frames": "an animation",
    "src/coursehub/checks/rules/pictures.py: {file.height} pixels": "millions in all",
    "src/coursehub/checks/rules/pictures.py: {frames} frames": "an animation",
    "src/coursehub/checks/rules/source.py: {trouble.what} bytes": "more than a post may have",
    "src/coursehub/converting/archive.py: {count} files": "more than one may have",
    "src/coursehub/converting/archive.py: {size} bytes": "more than one may have",
    "src/coursehub/converting/post.py: {len(content)} bytes": "more than a text has",
    "src/coursehub/desk/review.py: {{} suggestions} suggestions": "one has a sentence of its own",
    "src/coursehub/desk/received.py: {count} posts": "more than one may change",
    "src/coursehub/grading/grades.py: {len(self.entry.posts)} claims": "neither none nor one",
    "src/coursehub/grading/participation.py: {len(entry.posts)} posts": "more than one",
    "src/coursehub/importing/document.py: {count} posts": "several",
    "src/coursehub/importing/document.py: {len(shared[each.listed.url])} lines": "several",
    "src/coursehub/importing/workbook.py: {size} bytes": "more than are read",
    "src/coursehub/importing/workbook.py: {total} worksheets": "several",
    "src/coursehub/importing/workbook.py: {widest} columns": "more than are read",
    "src/coursehub/markdown/maths.py: {len(latex)} characters": "more than are read",
    "src/coursehub/names/file_names.py: {len(path)} characters": "more than systems take",
    "src/coursehub/names/file_names.py: {size} bytes": "more than systems take",
    "src/coursehub/pictures/reading.py: {size} bytes": "more than GitHub takes",
    "src/coursehub/site/pages/statistics_page.py: {len(most.names)} semesters": "too many to be named",
    "src/coursehub/site/pages/statistics_page.py: {len(table.rows)} semesters": "more than one",
    "src/coursehub/site/pages/statistics_page.py: {share} posts": "of ten or more",
    "src/coursehub/site/pages/statistics_page.py: {whole} posts": "more than one",
    "src/coursehub/system/budget.py: {self._seconds} seconds": "a limit of many",
    "src/coursehub/system/git_objects.py: {most} files": "a limit of many",
    "src/coursehub/text/formats.py: {most} bytes": "a limit of many",
    "tools/set_up.py: {len(locked(lock))} packages": "a lock has many; nothing is installed yet",
}
_AFTER = re.compile(r"(?:</?\w+[^>]*>)*[ \xa0]((?:more |other |earlier |of the )?)([a-z]+s)\b(?!')")


def plurals_in_python(path: Path) -> Iterator[tuple[int, str, str]]:
    """Each value before a plural in a text of the program: its line, its expression, the plural."""
    for node in nodes(path):
        if isinstance(node, ast.JoinedStr):
            for value, text in zip(node.values, node.values[1:], strict=False):
                if isinstance(value, ast.FormattedValue) and isinstance(text, ast.Constant):
                    match = _AFTER.match(str(text.value))
                    if match and match[2] not in NO_PLURALS:
                        yield value.lineno, ast.unparse(value.value), match[2]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in re.finditer(r"(?:\{[\w.:,]*\}|%d) (?:more )?([a-z]+s)\b(?!')", node.value):
                if match[1] not in NO_PLURALS:
                    yield node.lineno, match[0], match[1]


def test_no_number_runs_into_a_plural_in_python() -> None:
    numbers = {
        f"{path.relative_to(ROOT)}: {{{expression}}} {word}"
        for folder in ("src", "hooks", "tools", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        for _, expression, word in plurals_in_python(path)
        if not expression.lstrip("_").isupper()
    }
    assert numbers == NEVER_ONE.keys(), "use coursehub.text.wording.plural, or say here why it is never one"


def plurals_in_templates() -> Iterator[str]:
    for path in TEMPLATES:
        for line in path.read_text("utf-8").splitlines():
            for match in re.finditer(
                r"\{\{((?:(?!\}\}).)*)\}\}(?:</?\w+[^>]*>)*(?: |&nbsp;)(?:more )?([a-z]+s)\b(?!')", line
            ):
                if match[2] not in NO_PLURALS:
                    yield f"{path.relative_to(ROOT)}: {{{{{match[1]}}}}} {match[2]}"


def plurals_in_scripts() -> Iterator[str]:
    for path in OWN_SCRIPTS:
        code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        for match in re.finditer(r"(\$\{[^{}]*\}|[\"'`)\w] ?\+ ?[\"'`]) ?(?:more )?([a-z]+s)\b(?!')", code):
            if match[2] not in NO_PLURALS:
                yield f"{path.relative_to(ROOT)}: {match[0]}"


def test_no_number_runs_into_a_plural_in_templates_and_scripts() -> None:
    assert [*plurals_in_templates(), *plurals_in_scripts()] == []


_ONE = re.compile(r"(?<![\w.,:/#-])1 (?:more |other |earlier |open )?([a-z]+s)\b(?!')")


def wrong_counts(text: str, source: str) -> list[str]:
    """Each “1 posts”, with what is around it. Of a list of terms, the number is shown above its term."""
    shown = re.sub(r"<dt>([^<]*)</dt>\s*<dd>((?:(?!</dd>).)*)</dd>", r" \2 \1 ", text)
    shown = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", shown)).split())
    matches = [match for match in _ONE.finditer(shown) if match[1] not in NO_PLURALS]
    return [f"{source}: …{shown[max(0, match.start() - 40) : match.end() + 20]}…" for match in matches]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that has one of everything, on its first commit."""
    folder = tmp_path_factory.mktemp("one") / "hub"
    trees.write(trees.parse((FIXTURES / "counts/one.txt").read_text()), folder)
    for name in ("roster.csv", "comments.json"):
        (folder / name).rename(folder.parent / name)
    Repository(folder).commit(date="2026-11-01T12:00:00+00:00")
    return folder


def test_the_site_of_a_course_with_one_of_everything(root: Path) -> None:
    hub = msgspec.structs.replace(repository.load(root), now=dt.datetime(2026, 11, 4, tzinfo=dt.UTC))
    inputs = SiteInputs(
        address="https://octocat.github.io/one/", repository="https://github.com/octocat/one",
        comments=msgspec.json.decode((root.parent / "comments.json").read_bytes(), type=record.Discussions),
    )  # fmt: skip
    site = build(hub, inputs)
    texts = {page.path: f"{page.meta}\n{page.markdown}" for page in site.pages}
    texts |= {asset.path: asset.content.decode() for asset in site.assets if asset.path.endswith((".xml", ".csv"))}
    assert [line for path, text in texts.items() for line in wrong_counts(text, path)] == []


@pytest.mark.parametrize(
    "arguments",
    [
        "check", "check --format github", "check --at 2027-01-01T00:00Z", "free Kedro", "free Luigi", "compare Kedro Luigi", "replay",
        "participation", "grades", "grades --format canvas",
    ],
)  # fmt: skip
def test_what_commands_print_of_a_course_with_one_of_everything(root: Path, arguments: str) -> None:
    paths = ["--roster", str(root.parent / "roster.csv"), "--comments", str(root.parent / "comments.json")]
    name, *more = arguments.split()
    given = [*more, "--root", str(root), *(paths if name in ("participation", "grades") else [])]
    result = CliRunner().invoke(main, [name, *given])
    assert result.exit_code in (0, 1), result.output
    assert wrong_counts(result.output, arguments) == []


def test_golden_texts_and_pages_count_rightly() -> None:
    written = [*(FIXTURES / "desk").glob("*.md"), *(FIXTURES / "report").glob("*.txt"), *MANUAL_FILES]
    assert [line for path in written for line in wrong_counts(path.read_text("utf-8"), path.name)] == []
