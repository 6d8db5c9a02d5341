"""Lists of earlier posts into `data/prior_posts.yaml`.

`tests/data/import/` has lines of the two real assignment texts, their lists cut short, and a planted sheet.
"""

import difflib
from collections import Counter
from pathlib import Path

import needs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import HUB

from coursehub import importing
from coursehub.importing import CannotImportError, Import, Listed, Listing, Semesters
from coursehub.importing.listing import address
from coursehub.importing.rows import Hints
from coursehub.names.identity import Vocabulary, claim
from coursehub.records import course, prior_posts
from coursehub.records.course import Course
from coursehub.records.finding import Finding, Place
from coursehub.records.prior_posts import PriorPost

DATA = Path(__file__).parent / "data/import"

COURSE_TEXT = """
name: A course
staff: [staff]
time_zone: UTC
open_semester: F2024
semesters: [{id: S2020}, {id: F2020}, {id: S2022}, {id: S2023}, {id: S2024}, {id: F2024}]
options:
  - {id: mlops-tool, title: MLOps tool, claims: tool, requirements: []}
  - {id: ml-application, title: ML application, claims: application, requirements: []}
"""
TOOLS = Vocabulary(slugs={"kubernetes": "kubernetes", "k8s": "kubernetes"}, names={"kubernetes": "Kubernetes"})


def the_course() -> Course:
    read, troubles = course.read(COURSE_TEXT)
    assert read, troubles
    return read


COURSE = the_course()


def written(finding: Finding) -> str:
    place = Place(finding.path, finding.line, finding.column)
    return f"{place} {finding.severity}[{finding.rule}] {finding.message}\n  {finding.help}"


def from_text(text: str, path: str = "list.md", **more: str) -> Listing:
    return importing.read_text(path, text, COURSE, Hints(**more))


def from_sheet(text: str, path: str = "sheet.csv", **more: str) -> Listing:
    return importing.read_sheet(path, text.encode(), COURSE, Hints(**more))


def posts(listing: Listing) -> list[tuple[str, str | None, str]]:
    return [(post.title, post.url, post.option) for post in listing.posts]


def merge(text: str, *lists: Listing, semester: str | None = "S2024", **semesters: str) -> Import:
    inferred = {("example.org/" + path, ""): when for path, when in semesters.items()}
    return importing.merge(importing.plan(text, lists, COURSE, TOOLS, Semesters(inferred, semester)))


def import_files(
    root: Path, files: list[Path], course: Course, tools: Vocabulary, *,
    semester: str | None = None, option: str | None = None, semesters_from: Path | None = None,
) -> Import:  # fmt: skip
    hints = importing.sure_hints(Hints(option, semester), course)
    lists = importing.read_lists(files, course, hints)
    semesters = importing.semesters_of(hints, semesters_from, course)
    return importing.carry_out(root, importing.planned(root, lists, course, tools, semesters))


def import_small(root: Path, *names: str) -> Import:
    files = [DATA / name for name in names]
    return import_files(root, files, COURSE, TOOLS, semesters_from=DATA / "semesters.tsv")


def list_of(root: Path) -> str:
    return (root / prior_posts.PATH).read_bytes().decode()


# --- assignment texts

U, V, W = "https://example.org/u", "https://example.org/v", "https://example.org/w"
A, B, C = f"[A]({U})", f"[B]({V})", f"[C]({W})"
TOOL, APPLICATION = "mlops-tool", "ml-application"


def test_small_copies_of_the_real_texts() -> None:
    older = importing.read_text("older.md", (DATA / "older.md").read_text(), COURSE)
    newer = importing.read_text("newer.md", (DATA / "newer.md").read_text(), COURSE)
    assert Counter((post.listed_in, post.option) for post in older.posts + newer.posts) == {
        ("Individual Assignment 4", TOOL): 8,
        ("Individual Assignment 3", TOOL): 12,
        ("Individual Assignment 3", APPLICATION): 4,
    }
    assert older.findings + newer.findings == ()
    assert newer.posts[-1] == Listed(
        title="OCRMyPDF",
        url="https://medium.com/@nihaljog/ocrmypdf-make-your-scanned-pdfs-searchable-ab654f93b2d6",
        option=APPLICATION,
        semester=None,
        listed_in="Individual Assignment 3",
        place=Place("newer.md", 21, 422),
    )
    assert [post.title for post in newer.posts if post.url is None] == ["censius"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Tools that were discussed in past semesters: {A}, {B}.", "A B"),
        (f"Tools discussed in the last semester {A}, {B} and {C}", "A B C"),
        (f"These tools have been discussed in two earlier terms: {A}", "A"),
        (f"Tools were discussed\nin past semesters:\n{A},\n{B}\n\nFind {C} elsewhere.", "A B"),
        (f"Tools discussed in past semesters:\n\n* {A}\n* {B}\n\n* {C}\n\nRead {C}.", "A B C"),
        (f"Tools discussed in past semesters:\n\n1. {A}\n2. {B}", "A B"),
        (f"Tools discussed in past semesters: {A},\n\n{B}.\n\n{C}", "A B"),
        (f"Tools discussed in past semesters (see [the sheet]({W})): {A}, {B}", "A B"),
        (f"Tools discussed in past semesters: {A}.\n# Next\n{B}", "A"),
        (f"Tools discussed in past semesters:\n\n* {A}: a comparison\n* {B}, with a video", "A B"),
        (f"Tools discussed in past semesters: {A}, !{B}, {C}", "A C"),
        (f"<!-- Tools discussed in past semesters: {A} -->\nTools discussed in past semesters: {B}", "B"),
        (f"```\nTools discussed in past semesters: {A}\n```\n\nTools discussed in past semesters: {B}", "B"),
        (f"Tools discussed in past semesters: {A}.\r\n\r\nSee {B}, {C}", "A"),
        (f"Tools discussed in past semesters: {A}. For more, see {B}, {C}.", "A"),
        (f"Tools discussed in past semesters: {A}.\n\n<!-- Tools discussed in past semesters: {B}", "A"),
        (f"Tools discussed in past semesters: {A} (by J. Doe), {B}.", "A B"),
    ],
)  # fmt: skip
def test_list_is_the_run_of_links_behind_the_sentence(text: str, expected: str) -> None:
    assert " ".join(post.title for post in from_text(text).posts) == expected


@pytest.mark.parametrize(
    ("link", "title", "url"),
    [
        (r"[ A \[beta\] ](https://example.org/u)", "A [beta]", U),
        ("[A [x]](https://example.org/u)", "A [x]", U),
        ("[A](https://example.org/A_(tool))", "A", "https://example.org/A_(tool)"),
        ("[A](<https://example.org/u>)", "A", U),
        ('[A]( https://example.org/u "its title" )', "A", U),
        ("[A\n  tool](https://example.org/u)", "A tool", U),
        ("[A]()", "A", None),
    ],
)
def test_links_as_people_write_them(link: str, title: str, url: str | None) -> None:
    assert posts(from_text(f"Tools discussed in past semesters: {link}.")) == [(title, url, TOOL)]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (f"Tools discussed in past semesters: {A}\n\nApplications discussed in past semesters: {B}", "AB"),
        (f"You need an application. Tools (not applications) were discussed last semester: {A}", "A"),
        (f"Discussed in past semesters, applications: {B}", "B"),
    ],
)
def test_sentence_tells_the_option(text: str, options: str) -> None:
    letters = {TOOL: "A", APPLICATION: "B"}
    listing = from_text(text)
    assert "".join(letters[post.option] for post in listing.posts) == options
    assert listing.findings == ()


def test_untold_option_is_given_or_assumed_and_then_said() -> None:
    text = f"Discussed in past semesters: {A}, {B}"
    assert {post.option for post in from_text(text, option=APPLICATION).posts} == {APPLICATION}
    listing = from_text(text)
    assert {post.option for post in listing.posts} == {TOOL}
    assert list(map(written, listing.findings)) == [
        "list.md:1:30 notice[option-assumed] this list does not give the option of its posts, which are taken as mlops-tool\n"
        "  If that is wrong, give --option."
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# Individual Assignment 4: Tools\n\n", "Individual Assignment 4"),
        ("Preface\n\n## Blog posts ##\n\n", "Blog posts"),
        ("\n", "list"),
    ],
)
def test_list_is_named_by_the_first_heading(text: str, name: str) -> None:
    [post] = from_text(f"{text}Tools discussed in past semesters: {A}").posts
    assert post.listed_in == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"Read {A}, {B}.",
        f"A tool that was not discussed in the last semester: {A}, {B}",
        f"A tool that has not been discussed by students in the last semester, such as: {A}, {B}",
        f"If it was discussed in a previous semester, see {A}.",
        f"It was discussed in a previous semester.\n\n{A}, {B}",
        f"Tools discussed in past semesters:\n\nWe keep {A}, {B} elsewhere.",
    ],
)
def test_text_without_a_list(text: str) -> None:
    with pytest.raises(CannotImportError) as error:
        from_text(text)
    assert written(error.value.finding) == (
        "list.md:1:1 error[no-list] has no list of earlier posts: no item, row or line in it is led by a link, and no"
        " links follow a sentence such as “were discussed in past semesters:”\n"
        "  Give the assignment's text, a page with such a list, or a sheet."
    )


def test_what_is_no_post_is_reported_and_the_rest_is_read() -> None:
    text = (
        "Tools discussed in past semesters: [A](https://example.org/u), Kafka, [B](medium.com/b), [](https://c.org),\n"
        "[🙂](https://d.org), [E](javascript:alert(1)), [F](https://x@f.org/), [G](https://g), [H (https://h.org),"
        " [I](https://i.org), and Spark. More."
        "\n\nTools discussed in past semesters: [J](https://j.org). See also [K](https://k.org)."
    )
    listing = from_text(text)
    left_out = "Left out. A link begins with https:// and has no blanks; leave it empty where none is known."
    rewrite = "Left out. If it is a post, write it as “[title](https://…)”, or “[title]()” where no link is known."
    name_it = "Left out. Write the tool's or application's name there, and import again."
    assert posts(listing) == [("A", U, TOOL), ("I", "https://i.org", TOOL), ("J", "https://j.org", TOOL)]
    assert [written(finding) for finding in sorted(listing.findings)] == [
        f"list.md:1:64 warning[not-a-link] “Kafka” is in the list, but not one of its links\n  {rewrite}",
        f"list.md:1:71 warning[link-unusable] the link of “B” is “medium.com/b”, which is no web address\n  {left_out}",
        f"list.md:1:90 warning[title-missing] a post has no title\n  {name_it}",
        f"list.md:2:1 warning[title-missing] a post has no title\n  {name_it}",
        f"list.md:2:21 warning[link-unusable] the link of “E” is “javascript:alert(1)”, which is no web address\n  {left_out}",
        f"list.md:2:47 warning[link-unusable] the link of “F” is “https://x@f.org/”, which is no web address\n  {left_out}",
        f"list.md:2:70 warning[link-unusable] the link of “G” is “https://g”, which is no web address\n  {left_out}",
        f"list.md:2:86 warning[not-a-link] “[H (https://h.org)” is in the list, but not one of its links\n  {rewrite}",
        f"list.md:2:130 warning[not-a-link] “Spark” is in the list, but not one of its links\n  {rewrite}",
        "list.md:4:56 warning[not-a-link] “See also [K](https://k.org)” is in the list, but not one of its links\n"
        f"  {rewrite}",
    ]


# --- sheets

SHEET_POSTS = [("A", U, TOOL), ("B", V, APPLICATION)]


@pytest.mark.parametrize(
    "text",
    [
        f"title,url,option\nA,{U},mlops-tool\nB,{V},ml-application\n",
        f"Option;Tool/App;Link to blog post\nMLOps;A;{U}\nML Application Option;B;{V}\n",
        f"URL\tOPTION\tClaim\n{U}\tMLOps tool\tA\n{V}\tApplication\tB",
        f"Tool,Application,Blog\nA,,{U}\n,B,{V}\n",
        f"Claims for the assignment,,\n,,\nTool,Application,Link\nA,,{U}\n,B,{V}\n",
        f'"title","url","option"\r\n"A","{U}","tool"\r\n"B","{V}","application"\r\n',
        f'Project,Blog post (URL),Option\n"\nA ",{U},tool\n  B,"{V}\n",application',
        f"Tool page link,Tool or application,Comment link,Link,option\nx,A,y,{U},tool\nx,B,y,{V},application\n",
        f"Post title,Tool or application,link,option\nMy post,A,{U},tool\nMy post,B,{V},application\n",
        f"Tool author,Tool or app,Blog post author,Blog,option\nx,A,y,{U},tool\nx,B,y,{V},application\n",
    ],
)
def test_sheets_as_people_export_them(text: str) -> None:
    listing = from_sheet(text)
    assert posts(listing) == SHEET_POSTS
    assert listing.findings == ()


def test_semester_column() -> None:
    rows = ["S2024", "Spring 2024", "spring 24", "S24", "2024 Spring", "", "F2020", "Summer 2024"]
    listing = from_sheet("Tool,Link,Semester\n" + "".join(f"A,{U},{row}\n" for row in rows))
    assert [post.semester for post in listing.posts] == ["S2024"] * 5 + [None, "F2020"]
    assert list(map(written, listing.findings)) == [
        "sheet.csv:9:1 warning[semester-unknown] the semester of “A” is “Summer 2024”, which is none of the course's\n"
        "  Left out. The semesters are in data/course.yaml: S2020, F2020, S2022, S2023, S2024, F2024."
    ]


def test_blanks_alone_are_an_empty_row() -> None:
    listing = from_sheet(f"Tool,Link,Option\nA,{U},tool\n ,\t,\u00a0\n,,\nB,{V},application\n")
    assert (posts(listing), listing.findings) == (SHEET_POSTS, ())


def test_sheet_without_options() -> None:
    listing = from_sheet(f"\nTitle,Link\nA,{U}\n")
    assert posts(listing) == [("A", U, TOOL)]
    assert list(map(written, listing.findings)) == [
        "sheet.csv:2:1 notice[option-assumed] this list does not give the option of its posts, which are taken as mlops-tool\n"
        "  If that is wrong, give --option."
    ]
    assert posts(from_sheet(f"Title,Link\nA,{U}\n", option=APPLICATION)) == [("A", U, APPLICATION)]


def test_option_is_the_rows_then_the_headings_then_the_one_given() -> None:
    rows = f"A,{U},application\nB,{V},\n"
    assert posts(from_sheet(f"Tool,Link,Option\n{rows}", option=APPLICATION)) == [("A", U, APPLICATION), ("B", V, TOOL)]
    assert [post.option for post in from_sheet(f"Title,Link,Option\n{rows}", option=TOOL).posts] == [APPLICATION, TOOL]
    [unknown] = from_sheet(f"Title,Link,Option\nA,{U},tool/application\n").findings
    assert unknown.message == "the option of “A” is “tool/application”, which is none of the course's"
    [missing] = from_sheet(f"Title,Link,Option\nA,{U},\n").findings
    assert missing.message == "the option of “A” is “”, which is none of the course's"


def test_planted_sheet(tmp_path: Path) -> None:
    import_small(tmp_path, "older.md")
    result = import_files(tmp_path, [DATA / "sheet-F2024.csv"], COURSE, TOOLS, semester="fall 2024")
    assert [(post.title, post.tools, post.option, post.semester, post.url) for post in result.added] == [
        ("OCRMyPDF (again)", ("OCRMyPDF (again)",), APPLICATION, "F2024", "https://example.org/ocr?utm_source=share"),
        ("Pandera", ("Pandera",), TOOL, "F2024", "https://example.org/pandera"),
        ("Zeno", ("Zeno",), TOOL, "F2024", None),
    ]
    sheet = str(DATA / "sheet-F2024.csv")
    assert list(map(written, result.skipped)) == [
        f"{sheet}:7:1 warning[title-missing] a post has no title\n"
        "  Left out. Write the tool's or application's name there, and import again.",
        f"{sheet}:8:1 warning[link-unusable] the link of “Feast” is “posted on Canvas”, which is no web address\n"
        "  Left out. A link begins with https:// and has no blanks; leave it empty where none is known.",
        f"{sheet}:9:1 warning[option-unknown] the option of “Ray + Feast” is “Both”, which is none of the course's\n"
        "  Left out. The options are: mlops-tool, ml-application.",
    ]
    assert [finding.rule for finding in result.conflicts] == ["semester-contradicted"]
    everything = (list_of(tmp_path) + "".join(map(written, result.findings))).lower()
    for personal in ("planted", "pperson7", "@example.edu", "comment-1", "remark"):
        assert personal in Path(sheet).read_text().lower()
        assert personal not in everything


@pytest.mark.parametrize(("above", "is_found"), [(9, True), (10, False)])
def test_the_header_is_one_of_the_first_ten_rows(above: int, is_found: bool) -> None:
    text = "Claims of the semester,\n" * above + f"Tool,Link,Option\nA,{U},tool\nB,{V},application\n"
    if is_found:
        assert posts(from_sheet(text)) == SHEET_POSTS
    else:
        with pytest.raises(CannotImportError, match="has no header row"):
            from_sheet(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"Jane Doe,jane@example.edu\nA,{U}\n", "sheet.csv:1:1: has no header row that names a column for the title and"
         " one for the link; its first row has “Jane Doe” and “jane@example.edu”. If that is the header, say which"
         " columns they are: --title-column “…” --link-column “…”. If there is none, put one above it, such as “Tool”"
         " and “Link”."),
        ("", "sheet.csv:1:1: has no rows. Give a table with a header row."),
        (f'Tool,Link\nA,{U}\n"B,{V}\nC,{W}\n', "sheet.csv:3:1: the row cannot be read: unexpected end of data. Export"
         " the sheet again; nothing was imported."),
    ],
)  # fmt: skip
def test_no_sheet(text: str, message: str) -> None:
    with pytest.raises(CannotImportError) as error:
        from_sheet(text)
    assert str(error.value) == message


# --- merging


def test_small_lists_make_this_file(tmp_path: Path) -> None:
    result = import_small(tmp_path, "older.md", "newer.md")
    assert list_of(tmp_path) == (DATA / "prior_posts.yaml").read_text()
    assert (len(result.added), result.listed, result.unchanged) == (15, 6, 0)
    assert result.conflicts + result.skipped + result.notes == ()
    newer = DATA / "newer.md"
    assert list(map(written, result.spelled)) == [
        f"{newer}:7:330 notice[title-spelled-otherwise] “Aporia” is the post that data/prior_posts.yaml:27:3 has as"
        " “Aporia: Monitor ML Models in Production”\n  Recorded there under `spelled`; nothing is to be done.",
        f"{newer}:7:1036 notice[title-spelled-otherwise] “Sacred” is the post that data/prior_posts.yaml:56:3 has as"
        " “Sacred by IDSIA”\n  Recorded there under `spelled`; nothing is to be done.",
        f"{newer}:21:184 notice[title-spelled-otherwise] “lego-art-remix” is the post that data/prior_posts.yaml:92:3"
        " has as “LEGO Art Remix”\n  Recorded there under `spelled`; nothing is to be done.",
    ]


@pytest.mark.parametrize("names", [("older.md", "newer.md"), ("newer.md",), ("older.md",)])
def test_importing_again_changes_nothing(tmp_path: Path, names: tuple[str, ...]) -> None:
    import_small(tmp_path, "older.md", "newer.md")
    before = (tmp_path / prior_posts.PATH).stat()
    result = import_small(tmp_path, *names)
    after = (tmp_path / prior_posts.PATH).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (result.added, result.listed, result.findings) == ((), 0, [])
    assert result.unchanged == {"older.md": 8, "newer.md": 16}[names[-1]] + 8 * (len(names) - 1)


def test_new_list_adds_only_what_is_new(tmp_path: Path) -> None:
    import_small(tmp_path, "older.md")
    before = list_of(tmp_path).splitlines()
    result = import_small(tmp_path, "newer.md")
    after = list_of(tmp_path).splitlines()
    changed = [line for line in difflib.ndiff(before, after[: len(before) + 2]) if line[0] in "+-"]
    assert [post.title for post in result.added][:3] == ["censius", "W&B (Weights and Biases)", "AgentKit"]
    assert changed == ["-   listed_in: [Individual Assignment 4]",
                       "+   listed_in: [Individual Assignment 4, Individual Assignment 3]"] * 3 + [
                       "-   listed_in: [Individual Assignment 4]",
                       "+   listed_in: [Individual Assignment 4, Individual Assignment 3]",
                       "+   spelled: [Aporia]"] + [
                       "-   listed_in: [Individual Assignment 4]",
                       "+   listed_in: [Individual Assignment 4, Individual Assignment 3]"] * 3 + [
                       "-   listed_in: [Individual Assignment 4]",
                       "+   listed_in: [Individual Assignment 4, Individual Assignment 3]",
                       "+   spelled: [Sacred]"]  # fmt: skip


BY_HAND = """\
# Kept by hand.

- title:   "A"     # quoted, and set apart
  tools: [ A,
           B ]
  option: 'mlops-tool'
  semester: S2024
  url: https://example.org/u     # dead?
  listed_in:
    - older   # by mail

# Spring 2020
-   title: B
    tools:
    - B
    listed_in: ['older',]
    option: mlops-tool
    semester: S2020
    url: http://www.example.org/v/
    archived: https://archive.example/v

- {title: C, tools: [C], option: mlops-tool, semester: S2020, url: https://example.org/w, spelled: []}  # flow
- title: D
  tools: [D]
  option: mlops-tool
  url: ~
  semester: >-
    S2020

# the end
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_order_and_style_survive(newline: str) -> None:
    text = BY_HAND.replace("\n", newline)
    new = from_text("Tools discussed in past semesters: [a](https://example.org/u), [b](https://archive.example/v),"
                    " [c](https://example.org/w), [d](), [E](https://example.org/e)")  # fmt: skip
    result = merge(text, new)
    assert result.findings[0].rule == "title-spelled-otherwise"
    before, after = text.splitlines(keepends=True), result.text.splitlines(keepends=True)
    assert "".join(line.replace("\r", "") for line in difflib.ndiff(before, after) if line[0] in "+-") == (
        "+     - list\n"
        "+   spelled: [a]\n"
        "-     listed_in: ['older',]\n"
        "+     listed_in: ['older', list,]\n"
        "+     spelled: [b]\n"
        "- - {title: C, tools: [C], option: mlops-tool, semester: S2020, url: https://example.org/w, spelled: []}  # flow\n"
        "+ - {title: C, tools: [C], option: mlops-tool, semester: S2020, url: https://example.org/w, spelled: [c], listed_in: [list]}  # flow\n"
        "+   listed_in: [list]\n"
        "+   spelled: [d]\n"
        "+ - title: E\n"
        "+   tools: [E]\n"
        "+   option: mlops-tool\n"
        "+   semester: S2024\n"
        "+   url: https://example.org/e\n"
        "+   listed_in: [list]\n"
    )
    assert f"    S2020{newline}  listed_in: [list]{newline}  spelled: [d]{newline}{newline}# the end" in result.text
    assert result.text.count("\r") == (result.text.count("\n") if newline == "\r\n" else 0)
    assert merge(result.text, new).text == result.text


def test_a_headline_stays_whatever_lists_say() -> None:
    old = (
        f"- title: a\n  tools: [A]\n  option: mlops-tool\n  semester: S2020\n  url: {U}\n  listed_in: [o]\n"
        "  headline: 'A, at night'  # as it is there\n"
    )
    result = merge(old, from_text(f"Tools discussed in past semesters: {A}"))
    assert result.text == old.replace("[o]", "[o, list]") + "  spelled: [A]\n"


def test_indented_list_without_last_line_end_and_with_byte_order_mark() -> None:
    old = f"\ufeff  - title: A\n    tools: [A]\n    option: mlops-tool\n    semester: S2020\n    listed_in: [o]\n    url: {U}"
    result = merge(old, from_text(f"Tools discussed in past semesters: {A}, {B}"))
    assert result.text == old.replace("[o]", "[o, list]") + (
        f"\n  - title: B\n    tools: [B]\n    option: mlops-tool\n    semester: S2024\n    url: {V}\n"
        "    listed_in: [list]\n"
    )


@pytest.mark.parametrize(
    "title", ["yes", "1.10", "12:30", "~", "- a", "#a", "a: b", "a, b", "[a]", "long " * 30 + "title", "é 🙂", "'a'"]
)
def test_titles_that_yaml_would_read_otherwise(title: str) -> None:
    url = "https://example.org/u"
    listing = Listing((Listed(title, url, TOOL, None, title, Place("list.md")),))
    result = merge(entry(url=V), listing)
    [post] = prior_posts.read(result.text)[0][-1:]
    assert (post.title, post.listed_in) == (title, (title,))
    if title.startswith(("é", "long")):
        assert f"- title: {title}\n" in result.text
    again = Listing((Listed(title + "!", url, TOOL, None, title + "!", Place("list.md")),))
    [post] = prior_posts.read(merge(result.text, again).text)[0][-1:]
    assert (post.spelled, post.listed_in) == ((title + "!",), (title, title + "!"))


def entry(**fields: str) -> str:
    fields = {"title": "A", "tools": "[A]", "option": TOOL, "semester": "S2020", "url": U, **fields}
    return "- " + "\n  ".join(f"{name}: {value}" for name, value in fields.items()) + "\n"


LEFT = (
    "The entry was left as it is. If the list is right, correct the entry; if the link is wrong, correct the list;"
    " if the entry is right, add "
)
CONFLICTS = [
    (
        entry(),
        "Applications discussed in past semesters: [A](https://example.org/u/)",
        "option-contradicted",
        "“A” is listed as ml-application, but data/prior_posts.yaml:1:3 has the same post as mlops-tool, as “A”",
        "“A” to its `spelled` and “list” to its `listed_in`, and this is settled.",
    ),
    (
        entry(listed_in="[list]"),
        f"Tools discussed in past semesters: [A]({U}?utm_source=x)",
        "semester-contradicted",
        "“A” is listed for S2022 (inferred), but data/prior_posts.yaml:1:3 has the same post in S2020 (stated), as “A”",
        "“A” to its `spelled`, and this is settled.",
    ),
    (
        entry(title="Ray", tools="[Ray]", spelled="[A ray]"),
        "Tools discussed in past semesters: [K8s](http://www.example.org/u#top)",
        "title-contradicted",
        "“K8s” leads to the claim kubernetes, but data/prior_posts.yaml:1:3 has the same post under the claim ray, as “Ray”",
        "“K8s” to its `spelled` and “list” to its `listed_in`, and this is settled.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "text", "rule", "message", "settle"), CONFLICTS, ids=[case[2] for case in CONFLICTS])
def test_conflicts(old: str, text: str, rule: str, message: str, settle: str) -> None:
    semesters = {"u": "S2022"} if rule == "semester-contradicted" else {}
    listing = from_text(f"{text}, {B}")
    result = merge(old, listing, **semesters)
    column = text.index("[") + 1
    assert list(map(written, result.conflicts)) == [f"list.md:1:{column} error[{rule}] {message}\n  {LEFT}{settle}"]
    assert result.text.startswith(old + "- title: B\n")
    assert (result.unchanged, result.listed, len(result.added)) == (0, 0, 1)
    again = merge(result.text, listing, **semesters)
    assert (again.text, again.conflicts) == (result.text, result.conflicts)

    title = "K8s" if "K8s" in text else "A"
    settled = result.text.replace("- title: B", f"  archived: {W}\n- title: B")  # a further hand edit
    for field, value in (("spelled", title), ("listed_in", "list")):
        if f"“{value}” to its `{field}`" in settle:
            settled = put(settled, field, value)
    last = merge(settled, listing, **semesters)
    assert (last.text, last.conflicts, last.unchanged) == (settled, (), 2)


def put(text: str, field: str, value: str) -> str:
    """Settle a conflict as a person does: add a value to a field of the first entry."""
    first, mark, rest = text.partition("- title: B")
    if f"{field}: [" in first:
        return first.replace(f"{field}: [", f"{field}: [{value}, ") + mark + rest
    return f"{first}  {field}: [{value}]\n{mark}{rest}"


def test_spelling_recorded_by_an_import_settles_nothing_for_another_list() -> None:
    old = entry(title="Sacred by IDSIA", spelled="[Sacred]", listed_in="[another list]")
    result = merge(old, from_text(f"Applications discussed in past semesters: [Sacred]({U})"))
    [conflict] = result.conflicts
    assert conflict.rule == "option-contradicted"
    assert conflict.help == f"{LEFT}“list” to its `listed_in`, and this is settled."
    assert result.text == old


def test_of_two_entries_with_one_link_the_one_with_the_title_is_meant() -> None:
    old = entry() + entry(title="Ray", tools="[Ray]") + entry(title="Ray Serve", tools="[Ray]")
    for title in ("Ray", "ray", "Ray Serve", "ray (again)"):
        result = merge(old, from_text(f"Tools discussed in past semesters: [{title}]({U})"))
        named = [post.title for post in prior_posts.read(result.text)[0] if post.listed_in]
        assert named == ["Ray Serve" if title == "Ray Serve" else "Ray"]


def test_stated_semesters_of_a_sheet_contradict_but_the_argument_for_a_text_does_not() -> None:
    old = entry(inferred="true")
    text = merge(old, from_text(f"Tools discussed in past semesters: {A}"), semester="F2024")
    assert (text.conflicts, text.listed) == ((), 1)
    for sheet in (f"Tool,Link\nA,{U}", f"Tool,Link,Semester\nA,{U},F2024"):
        result = merge(old, from_sheet(sheet, semester="F2024"), semester="F2024")
        assert [finding.message for finding in result.conflicts] == [
            "“A” is listed for F2024 (stated), but data/prior_posts.yaml:1:3 has the same post in S2020 (inferred),"
            " as “A”"
        ]


def test_conflict_among_lists_names_the_line_that_the_first_one_got() -> None:
    text = (
        f"Tools discussed in past semesters: [Zeno]({U}), {B}\n\nApplications discussed in past semesters: [Zeno]({U})"
    )
    result = merge("", from_text(text))
    [line] = [number for number, line in enumerate(result.text.split("\n"), 1) if line == "- title: Zeno"]
    assert [finding.message for finding in result.conflicts] == [
        f"“Zeno” is listed as ml-application, but data/prior_posts.yaml:{line}:3 has the same post as mlops-tool, as “Zeno”"
    ]


def test_edited_title_tools_and_semester_stand() -> None:
    listing = from_text(f"Tools discussed in past semesters: [Ray + K8s]({U})")
    first = merge("", listing, u="S2022").text
    edited = first.replace("title: Ray + K8s", "title: Serving with Ray").replace("[Ray, K8s]", "[Ray Serve]")
    edited = edited.replace("S2022", "S2023").replace("  inferred: true\n", "")
    assert [finding.rule for finding in merge(edited, listing, u="S2022").conflicts] == [
        "semester-contradicted",
        "title-contradicted",
    ]
    settled = edited + "  spelled: [Ray + K8s]\n"
    result = merge(settled, listing, u="S2022")
    assert (result.text, result.conflicts) == (settled, ())


@pytest.mark.parametrize("title", ["Ray & K8s", "ray + Kubernetes", "k8s with RAY"])
def test_other_spelling_is_recorded_once(title: str) -> None:
    old = entry(title="Ray + K8s", tools="[Ray, K8s]")
    listing = from_text(f"Tools discussed in past semesters: [{title}]({U}), [{title}]({U})")
    result = merge(old, listing)
    assert result.text == f"{old}  listed_in: [list]\n  spelled: [{title}]\n"
    assert (len(result.spelled), result.unchanged, result.conflicts) == (1, 1, ())


def test_tools_are_the_names_as_written() -> None:
    titles = ["Kubernetes k8s", "Ray + K8s", "Sacred by IDSIA", "W&B (Weights and Biases)", "Airflow, Kafka and dbt"]
    links = ", ".join(f"[{title}](https://example.org/{number})" for number, title in enumerate(titles))
    added = merge("", from_text(f"Tools discussed in past semesters: {links}")).added
    assert {post.title: post.tools for post in added} == {
        "Kubernetes k8s": ("Kubernetes k8s",),
        "Ray + K8s": ("Ray", "K8s"),
        "Sacred by IDSIA": ("Sacred by IDSIA",),
        "W&B (Weights and Biases)": ("W&B (Weights and Biases)",),
        "Airflow, Kafka and dbt": ("Airflow", "Kafka", "dbt"),
    }


SENTENCES = [
    "How to keep secrets in Zuul",
    "Breaking things on purpose with Gremlin",
    "Feast in MLOps",
    "What is a model?",
]


def listing_of(*titles: str) -> Listing:
    links = "".join(f"\n* [{title}](https://example.org/{title.split()[0]})" for title in titles)
    return from_text(f"Tools discussed in past semesters:\n{links}")


def test_sentences_are_kept_as_titles_and_this_is_said() -> None:
    result = merge("", listing_of("Kedro", "Zuul + K8s", *SENTENCES))
    titled = [each for each in result.added if not each.tools]
    assert [each.title for each in titled] == sorted(SENTENCES)
    assert result.text.count("\n  tools: []\n") == 4
    assert [*map(written, result.notes)] == [
        "list.md:5:3 notice[titles-kept] 4 titles are sentences, which claim no tool (of 6 new posts): “How to keep"
        " secrets in Zuul”, “Breaking things on purpose with Gremlin”, “Feast in MLOps” and 1 more\n  Kept as titles,"
        " with “tools: []”: students who claim a tool in such a title see it. Name the tools of a post in"
        " data/prior_posts.yaml, and it counts as a claim of them. If students claim titles here, such as papers, rather"
        " than tools, write “names: title” for the option mlops-tool in data/course.yaml: then each title is a claim."
    ]
    again = merge(result.text, listing_of("Kedro", "Zuul + K8s", *SENTENCES))
    assert (again.text, again.unchanged, again.findings) == (result.text, 6, [])


def test_a_list_with_few_sentences_is_no_list_of_titles() -> None:
    [note] = merge("", listing_of("Kedro", "Luigi", SENTENCES[0])).notes
    assert note.message == f"1 title is a sentence, which claims no tool (of 3 new posts): “{SENTENCES[0]}”"
    assert "names: title" not in (note.help or "")


def test_a_sentence_contradicts_no_claim_and_a_name_that_finds_none_is_reported() -> None:
    of_a_title = entry(title=SENTENCES[1], tools="[]")
    named = f"Tools discussed in past semesters: [Gremlin]({U})"
    assert [each.message for each in merge(of_a_title, from_text(named)).conflicts] == [
        "“Gremlin” leads to the claim gremlin, but data/prior_posts.yaml:1:3 has the same post without a claim, as"
        f" “{SENTENCES[1]}”"
    ]
    for tools in ("[]", "[Gremlin]"):
        result = merge(entry(tools=tools), from_text(f"Tools discussed in past semesters: [{SENTENCES[0]}]({U})"))
        assert (result.conflicts, len(result.spelled)) == ((), 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "http://example.org/a"),
        ("https://example.org/a", "https://www.Example.org/a/"),
        ("https://example.org/a", "https://example.org/a#b"),
        ("https://example.org/a", "https://example.org/a?source=friends_link&sk=1f"),
        ("https://example.org/a?v=1", "https://example.org/a/?utm_source=x&v=1&utm_medium=y"),
        ("https://example.org", "https://example.org/?"),
    ],
)
def test_addresses_of_one_post(one: str, other: str) -> None:
    assert address(one) == address(other)


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/b?v=1",
        "https://example.org/a?v=2",
        "https://example.org/a",
        "https://example.org/A?v=1",
        "https://blog.example.org/a?v=1",
        "https://example.org/a?v=1&source=friends_linked",
        "https://[broken",
    ],
)
def test_addresses_of_two_posts(other: str) -> None:
    assert address("https://example.org/a?v=1") != address(other)


@pytest.mark.parametrize(
    ("old", "is_known"),
    [
        (entry(url="null"), True),
        (entry(url="null", title="An A", spelled="[A]"), True),
        (entry(url="null", title="Release", tools="[a]"), True),
        (entry(url="null", option=APPLICATION), False),
        (entry(url="null", title="B", tools="[B]"), False),
        (entry(), False),
        (entry(listed_in="[other]"), False),
        (entry(listed_in="[list]"), True),  # a person has found the link since
        (entry(listed_in="[list]", title="Release", tools="[A]", spelled="[A]"), True),
        (entry(listed_in="[list]", title="Release", tools="[A]"), False),
        (entry(listed_in="[list]", option=APPLICATION), False),
    ],
)
def test_post_without_a_link(old: str, is_known: bool) -> None:
    listing = from_text("Tools discussed in past semesters: [A]()")
    result = merge(old, listing)
    assert [post.url for post in result.added] == ([] if is_known else [None])
    assert merge(result.text, listing).text == result.text


def test_one_list_with_and_without_the_link_means_two_posts() -> None:
    for links in (f"[A](), {A}", f"{A}, [A]()"):
        listing = from_text(f"Tools discussed in past semesters: {links}")
        result = merge("", listing)
        assert {post.url for post in result.added} == {None, U}
        assert merge(result.text, listing).text == result.text


def test_semester_comes_from_the_row_then_the_table_then_the_argument() -> None:
    sheet = from_sheet(f"Tool,Link,Semester\nB,{V},\nC,{W},\nA,{U},S2020\n", semester="F2024")
    added = merge("", sheet, semester="F2024", u="S2022", v="S2022").added
    assert [(post.title, post.semester, post.inferred) for post in added] == [
        ("A", "S2020", False),
        ("B", "S2022", True),
        ("C", "F2024", False),
    ]


def test_semester_must_be_known() -> None:
    links = ", ".join(f"[Tool {number}](https://example.org/{number})" for number in range(7))
    with pytest.raises(CannotImportError) as error:
        merge(entry(), from_text(f"Tools discussed in past semesters: {A}, {links}"), semester=None)
    assert str(error.value) == (
        "list.md:1:64: there is no semester for “Tool 0”, “Tool 1”, “Tool 2”, “Tool 3”, “Tool 4” and 2 more."
        " Give --semester, or --semesters-from a TSV with the columns title, url and written_in."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title\turl\nA\t\n", "s.tsv:1:1: has no header for semesters. The first line names the columns title, url and"
         " written_in, with tabs between them."),
        ("title\turl\twritten_in\nA\t\tS2O20\n", "s.tsv:2:1: “S2O20” is none of the course's semesters. The semesters"
         " are in data/course.yaml: S2020, F2020, S2022, S2023, S2024, F2024."),
        ("url\twritten_in\ttitle\nhttps://a.org\tS2020\tA\n\nhttp://a.org/\tF2020\tA\n", "s.tsv:4:1: “A” was in S2020"
         " on a line above, and is in F2020 here. Remove one of the two lines."),
    ],
)  # fmt: skip
def test_table_of_semesters_with_a_fault(text: str, message: str) -> None:
    with pytest.raises(CannotImportError) as error:
        importing.read_semesters("s.tsv", text, COURSE)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "row", ["A\t\tS2020", "  A \t\tS2020", "A\t  \tS2020", "A\t\t S2020 ", "A\t \u00a0\tspring 2020"]
)
def test_table_of_semesters_with_blanks_around_its_cells(row: str) -> None:
    semesters = importing.read_semesters("s.tsv", f"title\turl\twritten_in\n{row}\n \n", COURSE)
    listing = from_text("Tools discussed in past semesters: [A]()")
    added = importing.merge(importing.plan("", [listing], COURSE, TOOLS, Semesters(semesters, "F2024"))).added
    assert [(post.title, post.semester, post.inferred) for post in added] == [("A", "S2020", True)]


@pytest.mark.parametrize(("row", "address"), [(f"A\t {U} \tS2020", U), (f"\t{U}\tS2020", U)])
def test_table_of_semesters_with_blanks_around_an_address(row: str, address: str) -> None:
    semesters = importing.read_semesters("s.tsv", f"title\turl\twritten_in\n{row}\n", COURSE)
    listing = from_text(f"Tools discussed in past semesters: [A]({address})")
    added = importing.merge(importing.plan("", [listing], COURSE, TOOLS, Semesters(semesters, "F2024"))).added
    assert [(post.title, post.semester) for post in added] == [("A", "S2020")]


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ("- title: A\n  tools: A\n", "data/prior_posts.yaml:2:10: tools: expected a list, got text. Correct it"
         " first: nothing was imported."),
        (entry() + "...\n", "data/prior_posts.yaml:1:1: the file cannot be added to as it is. Write it as a plain list"
         " of “- title: …”, one field a line, and import again: nothing was written."),
    ],
)  # fmt: skip
def test_file_that_cannot_be_added_to(old: str, message: str) -> None:
    with pytest.raises(CannotImportError) as error:
        merge(old, from_text(f"Tools discussed in past semesters: {B}"))
    assert str(error.value) == message


# --- files


def test_wrong_arguments_and_wrong_encoding(tmp_path: Path) -> None:
    with pytest.raises(CannotImportError, match=r"^data/course.yaml:1:1: “S1999” is none of the course's semesters\. "):
        import_files(tmp_path, [DATA / "older.md"], COURSE, TOOLS, semester="S1999")
    with pytest.raises(CannotImportError) as error:
        import_files(tmp_path, [DATA / "older.md"], COURSE, TOOLS, semester="S2024", option="tool")
    assert str(error.value) == (
        "data/course.yaml:1:1: “tool” is none of the course's options. The options are: mlops-tool, ml-application."
    )
    sheet = tmp_path / "sheet.csv"
    sheet.write_bytes(f"Tool,Link\nCafé,{U}\n".encode("latin-1"))
    result = import_files(tmp_path, [sheet], COURSE, TOOLS, semester="S2024")
    assert (result.added[0].title, [written(note) for note in result.notes if note.rule == "encoding-assumed"]) == (
        "Café",
        [
            f"{sheet}:2:1 notice[encoding-assumed] is not UTF-8 and was read as Windows-1252: this line says “Café,{U}”\n"
            "  If that is wrong, save it as UTF-8; in a spreadsheet program choose “CSV UTF-8”."
        ],
    )
    (tmp_path / prior_posts.PATH).unlink()
    sheet.write_bytes(f"Tool,Link\nCafé,{U}\n".encode("utf-8-sig"))
    assert import_files(tmp_path, [sheet], COURSE, TOOLS, semester="S2024").added[0].title == "Café"
    text = tmp_path / "text.md"
    text.write_bytes(f"# Assignment\n\nTools discussed in past semesters: {A}, {B}".encode("utf-8-sig"))
    [post] = import_files(tmp_path, [text], COURSE, TOOLS, semester="S2024").added
    assert (post.title, post.listed_in) == ("B", ("Assignment",))


def test_fault_in_one_file_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("Nothing.\n")
    with pytest.raises(CannotImportError):
        import_files(tmp_path, [DATA / "older.md", tmp_path / "empty.md"], COURSE, TOOLS, semester="S2024")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty.md"]


def test_failing_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_small(tmp_path, "older.md")
    before = list_of(tmp_path)

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    for method in ("pathlib.Path.replace", "os.fsync"):
        with monkeypatch.context() as patched:
            patched.setattr(method, fail)
            with pytest.raises(OSError, match="no space"):
                import_small(tmp_path, "newer.md")
        assert list_of(tmp_path) == before
        assert [path.name for path in (tmp_path / "data").iterdir()] == ["prior_posts.yaml"]


@needs.LINKS
def test_write_follows_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")
    importing.write(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


# --- properties

TITLES = st.sampled_from(
    ["A", "a", "A!", "B", "A + B", "B and A", "K8s", "kubernetes", "Ray (distributed)", "yes", "x: y", "#1", "A, B"]
) | st.text(max_size=8).map(lambda text: " ".join(text.split()) + "x")
PATHS = ["", "a", "a/", "a?sk=1", "b", "b#c", "c?v=1", "c?v=2&utm_source=x"]
URLS = st.none() | st.builds(lambda path, host: f"https://{host}/{path}", st.sampled_from(PATHS), st.sampled_from(["e.org", "www.e.org"]))  # fmt: skip
ENTRIES = st.tuples(TITLES, URLS, st.sampled_from([TOOL, APPLICATION]), st.sampled_from([None, None, "S2020", "F2020"]))


def listing(name: str, entries: list[tuple[str, str | None, str, str | None]]) -> Listing:
    places = (Place(f"{name}.md", line) for line in range(1, len(entries) + 1))
    return Listing(tuple(Listed(*entry, name, place) for entry, place in zip(entries, places, strict=True)))


LISTS = st.lists(st.lists(ENTRIES, max_size=6), max_size=3).map(
    lambda lists: [listing(f"list {number}", entries) for number, entries in enumerate(lists)]
)
STYLES = st.sampled_from(
    [
        "- title: {title}\n  tools: [{title}]\n  option: {option}\n  semester: S2020\n  url: {url}\n",
        "\n# a comment\n- title: {title}  # why\n  url: {url}\n  option: {option}\n  semester: S2020\n  tools:\n  - {title}  # last\n\n",
        "-   option: '{option}'\n    listed_in:\n        - old\n    title: {title}\n    spelled: [ ]\n    tools: [ {title} ]\n    semester: S2020\n    url: {url}\n# end\n",
        "- {{title: {title}, tools: [{title}], option: {option}, semester: S2020, listed_in: [old], url: {url}}}\n",
    ]
)
OLD_ENTRIES = st.tuples(STYLES, st.sampled_from(["A", "B", "Ray", "K8s"]), st.sampled_from([TOOL, APPLICATION]), URLS)
OLDS = st.builds(
    lambda entries, newline: "".join(
        style.format(title=title, option=option, url=f'"{url}"' if url else "null")
        for style, title, option, url in entries
    ).replace("\n", newline),
    st.lists(OLD_ENTRIES, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
)


def import_each(text: str, lists: list[Listing]) -> str:
    for one in lists:
        text = merge(text, one).text
    return text


@settings(max_examples=20)
@given(old=OLDS, lists=LISTS)
def test_nothing_is_lost_and_twice_is_once(old: str, lists: list[Listing]) -> None:
    result = merge(old, *lists)
    before, after = prior_posts.read(old)[0], prior_posts.read(result.text)[0]
    for one, other in zip(before, after, strict=False):
        assert (one.title, one.tools, one.option, one.semester, one.url) == (
            other.title, other.tools, other.option, other.semester, other.url)  # fmt: skip
        assert other.listed_in[: len(one.listed_in)] == one.listed_in
    assert len(after) == len(before) + len(result.added)
    characters = iter(result.text)
    assert all(char in characters for char in old), "something in the old text was changed"
    for listed in (listed for one in lists for listed in one.posts):
        assert any(is_same(listed, post) for post in after), listed
    assert merge(result.text, *lists).text == result.text
    one_by_one = import_each(old, lists)
    assert import_each(one_by_one, lists) == one_by_one


def is_same(listed: Listed, post: PriorPost) -> bool:
    if listed.url:
        return post.url is not None and address(post.url) == address(listed.url)
    codes = {claim(names, TOOLS).code for names in (post.tools, post.title, *post.spelled)}
    return post.url is None and post.option == listed.option and claim(listed.title, TOOLS).code in codes


# --- the list that was imported from the two assignments


def test_the_prior_posts_of_the_two_assignments() -> None:
    posts, troubles = prior_posts.read((HUB / prior_posts.PATH).read_text())
    assert troubles == ()
    assert len(posts) == 397
    assert len({address(post.url) for post in posts if post.url}) == 396
    assert [post.title for post in posts if post.url is None] == ["censius"]
    assert Counter(post.semester for post in posts) == {
        "S2020": 15, "F2020": 9, "S2021": 15, "S2022": 67, "F2022": 47, "S2023": 116, "S2024": 128,
    }  # fmt: skip
    assert Counter(post.option for post in posts) == {TOOL: 374, APPLICATION: 23}
    assert all(post.inferred and post.tools and post.listed_in for post in posts)
