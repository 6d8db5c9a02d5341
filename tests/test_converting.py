"""Posts of other engines: what each becomes, and what is said of the rest."""

import contextlib
import re
import zipfile
from html import unescape
from pathlib import Path
from typing import NamedTuple

import needs
import pytest
import trees
from click.testing import CliRunner, Result
from growth import TIMES, growth
from hypothesis import given, settings
from hypothesis import strategies as st

from coursehub import checks
from coursehub.cli import main
from coursehub.converting import leftovers
from coursehub.converting.fields import day_in
from coursehub.converting.front_matter import UnreadableError, split
from coursehub.converting.tags import Sources
from coursehub.converting.text import converted as converted_text
from coursehub.markdown.engine import to_tree
from coursehub.records import repository

FIXTURES = Path(__file__).parent / "fixtures/converting"
COURSE = """\
=== data/course.yaml
name: A course
staff: [teacher]
time_zone: UTC
open_semester: F2026
semesters:
  - {id: F2025, claims_open: 2025-09-01 09:00, post_due: 2025-12-04 23:59}
  - {id: S2026, claims_open: 2026-02-01 09:00, post_due: 2026-05-04 23:59}
  - {id: F2026, claims_open: 2026-09-01 09:00, post_due: 2026-12-04 23:59}
options:
  - {id: mlops-tool, title: MLOps tool, claims: tool, requirements: [{id: problem, title: The problem}]}
topics: [{id: watching, title: Watching}]
=== data/tools.yaml
tools:
  zeno: {name: Zeno}
  loki: {name: Loki}
=== data/prior_posts.yaml
[]
"""


class Written(NamedTuple):
    text: str
    pictures: list[str]
    output: str
    exit_code: int


def course(folder: Path) -> Path:
    trees.write(trees.parse(COURSE), folder)
    return folder


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["new", "--option", "mlops-tool", *arguments, "--root", str(root)])


def converted(fixture: Path, tmp: Path) -> Written:
    """The post that the first file of a fixture becomes in a course of its own."""
    tree = trees.parse(fixture.read_text("utf-8"))
    trees.write(tree._replace(files=[file for file in tree.files if file[0] != "expected.md"]), tmp / "site")
    root = course(tmp / "course")
    result = run(
        root, "Zeno", "--author", "octocat", "--from", str(tmp / "site" / tree.files[0][0].replace("%20", " "))
    )
    post = root / "posts/F2026/zeno.md"
    pictures = sorted(str(path.relative_to(root / "posts")) for path in root.glob("posts/*/*/*"))
    output = result.output.partition("Its file is posts/F2026/zeno.md.")[2].strip()
    return Written(post.read_text("utf-8") if post.exists() else "", pictures, output, result.exit_code)


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_post_of_another_engine_becomes_one_of_ours_in_which_the_check_finds_nothing_new(
    fixture: Path, tmp_path: Path
) -> None:
    """Of the text, the check finds only what conversion named; of the front matter, only what is to be filled in."""
    tree = trees.parse(fixture.read_text("utf-8"))
    written = converted(fixture, tmp_path)
    assert written.text == next(text for name, text, _ in tree.files if name == "expected.md")
    assert written.output == tree.findings
    assert written.exit_code == int("warning[" in tree.findings)
    places = [number for number, line in enumerate(written.text.split("\n"), start=1) if ": # " in line]
    named = {int(line.split(":")[1]) for line in written.output.split("\n") if line.startswith("posts/F2026/zeno.md:")}
    findings = checks.judge(repository.load(tmp_path / "course"))
    others = {
        each for each in findings if each.line not in {*places, *named} and each.rule != "requirement-not-covered"
    }
    assert {each.rule for each in others} <= {"body-too-short", "picture-without-alternative"}


TREE = """\
=== 2026-03-01-zeno-first.md
---
title: Zeno, first
author: Mona Lisa
---
See [the next]({% post_url 2026-03-09-loki-and-more %}).

![A plot](plot.png)
=== 2026-03-09-loki-and-more.md
---
title: How I watch logs with Loki
author: "@hubot"
---
As [before](2026-03-01-zeno-first.md).
=== broken.md
---
title: [Broken
---
Text.
=== notes/undated.md
---
title: Undated
---
Text.
=== README.md
About this folder.
=== plot.png (png 8x8)
"""


def folder(tmp_path: Path) -> tuple[Path, Path]:
    trees.write(trees.parse(TREE), tmp_path / "old")
    return course(tmp_path / "course"), tmp_path / "old"


def test_a_folder_becomes_the_posts_of_its_semesters(tmp_path: Path) -> None:
    root, old = folder(tmp_path)
    result = run(root, "--from", str(old))
    assert result.exit_code == 1
    assert result.output.split("\n\n")[0].split("\n") == [
        "2026-03-01-zeno-first.md → posts/S2026/zeno.md (1 picture)",
        "2026-03-09-loki-and-more.md → posts/S2026/loki.md",
        "broken.md: not written: line 3: the front matter cannot be read: the file is not YAML: did not find expected "
        "',' or ']'. Fix that line, and try again",
        "notes/undated.md: not written: it has no date that says its semester; give --semester",
    ]
    assert "4 files: 2 written, 2 not; 0 places to look at." in result.output
    zeno, loki = ((root / f"posts/S2026/{key}.md").read_text() for key in ("zeno", "loki"))
    assert "authors: # GitHub logins of Mona Lisa\n" in zeno
    assert "\nauthors: hubot\n" in loki
    assert "tool: Loki # check: the title has it\n" in loki
    assert "[the next](loki.md)" in zeno
    assert "[before](zeno.md)" in loki
    assert "![A plot](zeno/plot.png)" in zeno
    assert (root / "posts/S2026/zeno/plot.png").read_bytes() == (old / "plot.png").read_bytes()


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    root, old = folder(tmp_path)
    run(root, "--from", str(old), "--semester", "F2025")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    result = run(root, "--from", str(old), "--semester", "F2025")
    assert (
        "2026-03-01-zeno-first.md: not written: posts/F2025/zeno.md is there already, and was left as it is"
        in result.output
    )
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_two_files_about_one_tool_are_not_one_post(tmp_path: Path) -> None:
    root, old = folder(tmp_path)
    (old / "again.md").write_text("---\ntitle: Zeno again\ndate: 2026-03-01\n---\nText.\n")
    result = run(root, "--from", str(old))
    assert "again.md: not written: 2026-03-01-zeno-first.md becomes posts/S2026/zeno.md, too" in result.output


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["Zeno"], 2, "cannot all be about one tool. Without a name, each is about what its own"),
        (["--semester", "S2062"], 2, "--semester: “S2062” is not one of the semesters. Did you mean “S2026”?"),
    ],
)
def test_a_wrong_use_writes_nothing(tmp_path: Path, arguments: list[str], exit_code: int, words: str) -> None:
    root, old = folder(tmp_path)
    result = run(root, "--from", str(old), *arguments)
    assert (result.exit_code, words in result.output) == (exit_code, True), result.output
    assert not (root / "posts").exists()


@pytest.mark.parametrize(
    ("name", "content", "exit_code", "words"),
    [
        ("a.rst", b"Title\n=====\n", 2, "neither Markdown, a notebook nor HTML; pandoc makes Markdown"),
        ("a.md", b"caf\xe9", 1, "line 1: the file is not UTF-8. Save it as UTF-8"),
        ("a.md", b"", 1, "it has no text"),
        ("a.md", b"+++\ntitle = \n+++\nText.\n", 1, "line 2: the front matter is not TOML"),
        ("a.md", b"---\ntitle: x\n\nText.\n", 1, "line 1: the front matter opens here and no such line closes it"),
        ("a.ipynb", b'{"cells": [', 1, "line 1: this is no notebook"),
        ("a.ipynb", b"[" * 200_000, 1, "this is no notebook"),
        ("a.ipynb", b'{"cells": []}', 1, "line 1: this notebook has no cells"),
        ("a.ipynb", b'{"cells": [{"outputs": 5}]}', 1, "Expected `array | null`, got `int` - at `$.cells[0].outputs`"),
        ("a.md", b"+++\na = " + b"[" * 20_000 + b"\n+++\ntext", 1, "line 2: the front matter is not TOML"),
        ("a.html", b"<p>Text", 1, "this page has no part that is the post's text"),
        ("a.html", b"<body>" + b"<b>" * 3000, 1, "here more than 100 elements are inside each other"),
        ("a.html", b"<body>" + b"<p>x" * 3000, 1, "thousands of paragraphs are inside each other"),
        ("a.md", b">" * 60_000, 1, "the text has too many"),
    ],
)
def test_a_file_that_can_not_be_read_is_said_and_writes_nothing(
    tmp_path: Path, name: str, content: bytes, exit_code: int, words: str
) -> None:
    root = course(tmp_path / "course")
    (tmp_path / name).write_bytes(content)
    result = run(root, "Zeno", "--author", "octocat", "--from", str(tmp_path / name))
    assert (result.exit_code, words in result.output) == (exit_code, True), result.output
    assert not (root / "posts").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.ipynb",
            b'{"cells": [{"cell_type": "markdown", "source": "Half \\ud83d, whole \\ud83d\\ude00, \\\\ud83d"}]}',
        ),
        ("a.md", b'{"title": "Half \\ud83d, whole \\ud83d\\ude00, \\\\ud83d"}\nText\n'),
    ],
)
def test_half_a_letter_is_no_letter(tmp_path: Path, name: str, content: bytes) -> None:
    root = course(tmp_path / "course")
    (tmp_path / name).write_bytes(content)
    assert run(root, "Zeno", "--author", "octocat", "--from", str(tmp_path / name)).exit_code == 0
    assert "Half \ufffd, whole 😀, \\ud83d" in (root / "posts/F2026/zeno.md").read_text("utf-8").replace("\\\\", "\\")


def test_a_claim_that_can_not_be_made_is_refused_in_the_words_of_free(tmp_path: Path) -> None:
    root, old = folder(tmp_path)
    run(root, "Zeno", "--author", "monalisa")
    result = run(root, "Zeno", "--author", "octocat", "--from", str(old / "2026-03-01-zeno-first.md"))
    assert (result.exit_code, "“Zeno” is taken in F2026 by monalisa." in result.output) == (1, True)
    assert (root / "posts/F2026/zeno.md").read_text().startswith("---\ntitle: Zeno\n")


def test_pictures_of_a_post_that_can_not_be_written_are_taken_away_again(tmp_path: Path) -> None:
    root, old = folder(tmp_path)
    (root / "posts/F2026").mkdir(parents=True)
    (root / "posts/F2026/zeno.md").mkdir()
    result = run(root, "Zeno", "--author", "octocat", "--from", str(old / "2026-03-01-zeno-first.md"))
    assert (result.exit_code, "is there already, and was left as it is" in result.output) == (1, True)
    assert list(root.rglob("*.png")) == []


@needs.LINKS
@pytest.mark.parametrize("path", ["../secret.png", "/../secret.png", "../../etc/hostname", "link.png"])
def test_no_file_outside_the_site_is_copied(tmp_path: Path, path: str) -> None:
    root, old = folder(tmp_path)
    (tmp_path / "secret.png").write_bytes((old / "plot.png").read_bytes())
    (old / "link.png").symlink_to(tmp_path / "secret.png")
    (old / "a.md").write_text(f"![It]({path})\n")
    result = run(root, "Zeno", "--author", "octocat", "--from", str(old / "a.md"))
    assert f"the picture “{path}” is not there" in result.output
    assert not (root / "posts/F2026/zeno").exists()


def test_a_zip_is_a_folder(tmp_path: Path) -> None:
    root, old = folder(tmp_path)
    with zipfile.ZipFile(old / "Part-1.zip", "w") as part:
        part.write(old / "plot.png", "plot.png")
        part.write(old / "2026-03-01-zeno-first.md", "2026-03-01-zeno-first.md")
    with zipfile.ZipFile(tmp_path / "Export.zip", "w") as whole:
        whole.write(old / "Part-1.zip", "Part-1.zip")
    result = run(root, "Zeno", "--author", "octocat", "--from", str(tmp_path / "Export.zip"))
    assert "Written to posts/F2026/zeno.md, with 1 picture beside it." in result.output
    assert (root / "posts/F2026/zeno/plot.png").read_bytes() == (old / "plot.png").read_bytes()


def test_a_zip_that_is_none_is_said(tmp_path: Path) -> None:
    root = course(tmp_path / "course")
    (tmp_path / "Export.zip").write_bytes(b"no zip")
    result = run(root, "--from", str(tmp_path / "Export.zip"))
    assert (result.exit_code, "Export.zip: it cannot be unpacked: File is not a zip file" in result.output) == (
        2,
        True,
    )


CODE = st.lists(
    st.sampled_from(
        ["{% raw %}", "{{ x }}", "{{< figure src=a.png >}}", "# no heading", "::: {.callout-note}", "<d-cite key='a'>",
         "<div class=x>", "</div>", "![](a b.png)", "\\\\(x\\\\)", "$$a$$", "{: .x}", "text", "", "    deeper", "[TOC]",
         "{% highlight x %}", "<aside>", "</aside>", ":::", "\\begin{align}", "%[https://example.org]", "> [!info] x"]
    ),
    max_size=6,
).map("\n".join)  # fmt: skip
BETWEEN = st.sampled_from(
    ["Text.", "# A heading", "{% include x.html %}", "> quoted", "{: .note}", "<div class=\"row\">", "</div>", "$x_{a=1}$",
     "{{< youtube abc >}}", "- item", "<center>Text</center>", "::: {.callout-tip}", ":::", "![alt](x.png){.c}"]
)  # fmt: skip


def codes(text: str) -> list[str]:
    """The contents of the fenced blocks, without a quotation's or an element's indentation."""
    blocks = re.findall(r"<code_block [^>]*>([^<]*)</code_block>", to_tree(text))
    return [unescape(block) for block in blocks]


NOTHING = Sources({}, lambda name: "")


@settings(max_examples=40)
@given(st.lists(st.tuples(BETWEEN, CODE), min_size=1, max_size=4))
def test_code_is_never_changed(pieces: list[tuple[str, str]]) -> None:
    text = "\n\n".join(f"{between}\n\n```python\n{code}\n```" for between, code in pieces)
    assert codes(converted_text(text, "", NOTHING, {}).text) == codes(text)


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(["`{% x %}`", "`{{ y }}`", "`<d-cite>`", "``a ` # b``", "`{: .c}`", "`$x$`"]), min_size=1)
)
def test_code_in_a_line_is_never_changed(pieces: list[str]) -> None:
    text = f"Here is {' and '.join(pieces)}.\n"
    assert converted_text(text, "", NOTHING, {}).text == text


OURS = sorted((Path(__file__).parent / "fixtures/hub/posts").glob("*/*.md"))


@pytest.mark.parametrize("post", OURS, ids=lambda path: path.stem)
def test_a_post_of_ours_stays_as_it_is(post: Path, tmp_path: Path) -> None:
    """Its bytes, and those of its pictures, arrive in another course as they were."""
    root = course(tmp_path / "course")
    result = run(root, "--from", str(post))
    assert result.exit_code == 0, result.output
    (copy,) = (root / "posts/F2026").glob("*.md")
    assert copy.read_bytes() == post.read_bytes()
    pictures = {path.name: path.read_bytes() for path in post.with_suffix("").glob("*")}
    assert {path.name: path.read_bytes() for path in copy.with_suffix("").glob("*")} == pictures


@pytest.mark.parametrize("post", OURS, ids=lambda path: path.stem)
def test_text_in_githubs_markdown_stays_as_it_is(post: Path) -> None:
    body = split(post.read_text("utf-8")).text
    assert converted_text(body, "", NOTHING, {}).text == body


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-10-03", "2026-10-03"),
        ("2026-10-03 10:20:00 +0200", "2026-10-03"),
        ("2026-10-03T10:20:00.000Z", "2026-10-03"),
        ("2026/1/3", "2026-01-03"),
        ("Sat Oct 03 2026 07:35:20 GMT+0000 (Coordinated Universal Time)", "2026-10-03"),
        ("October 3, 2026 2:30 PM", "2026-10-03"),
        ("3rd Sept. 2026", "2026-09-03"),
        ("03/04/2026", None),
        ("2026-02-30", None),
        ("soon", None),
    ],
)
def test_a_day_is_read_where_it_means_one(written: str, day: str | None) -> None:
    read = day_in(written)
    assert (read and read.isoformat()) == day


@pytest.mark.parametrize(
    "piece",
    [
        "{% x ", "{{< x ", "{{ x ", "\\\\(", "\\(", "\\[", "$$", "![](", "![a](b c", "<div ", "<div class=x>", "</div>",
        "::: {.note}\n", ":::\n", "::: \t", "{: ", "<aside>", "\\begin{align}\n", "<d-cite ", "# a\n", "a\n===\n", "{% note %}",
        "<iframe>", "<script>", "<style>a</style>\n", "<Tabs>", "import a from '", "```{=html}\n", "%[", "[a]{.b ",
        "[@a;", "> [!x] ", "<pre>", "`", "<a '", "{% \"", "<d-footnote>a</d-footnote>",
    ],
)  # fmt: skip
def test_time_grows_with_the_text(piece: str) -> None:
    """A megabyte of half a construct would take hours if each were looked for up to the end."""

    def work(length: int) -> None:
        whole = converted_text(piece * (length // len(piece)), "", NOTHING, {})
        list(leftovers.find(whole.text))

    assert growth(work, 12_000) <= 2 * TIMES


@pytest.mark.parametrize("piece", ["a: b\n", "title: a\n  b\n", "A: b\n\n", " \n", "---\n", "- a: b\n"])
def test_time_grows_with_what_looks_like_fields(piece: str) -> None:
    """A poem whose lines begin “Alice: …” took minutes: each blank could have been before or behind a word."""

    def work(length: int) -> None:
        text = piece * (length // len(piece)) + "x\n"
        for is_notion in (False, True):
            with contextlib.suppress(UnreadableError):
                split(text, is_notion=is_notion)

    assert growth(work, 12_000) <= 2 * TIMES
