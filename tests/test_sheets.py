"""Sheets of claims as programs and people write them, and what `coursehub import` shows of them."""

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
import sheets
from click.testing import CliRunner, Result
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from patience import patience

from coursehub.cli import main
from coursehub.importing import CannotImportError, Hints, Listing, read_sheet
from coursehub.importing.delimited import rows_of
from coursehub.importing.encodings import decoded
from coursehub.records import course, prior_posts
from coursehub.records.finding import Finding

COURSE_TEXT = """\
name: A course
staff: [staff]
time_zone: UTC
open_semester: F2025
semesters: [{id: S2023}, {id: S2024}, {id: F2024}, {id: F2025}]
options:
  - {id: mlops-tool, title: MLOps tool, claims: tool, requirements: []}
"""
COURSE, _ = course.read(COURSE_TEXT)
assert COURSE
U, V, W = "https://example.org/u", "https://example.org/v", "https://example.org/w"


def listing(content: bytes | str, path: str = "sheet.csv", **hints: str) -> Listing:
    assert COURSE
    return read_sheet(path, content.encode() if isinstance(content, str) else content, COURSE, Hints(**hints))


def posts(listing: Listing) -> list[tuple[str, str | None, str | None]]:
    return [(post.title, post.url, post.semester) for post in listing.posts]


def written(findings: Iterable[Finding]) -> list[str]:
    return [f"{each.line} {each.severity}[{each.rule}] {each.message}\n  {each.help}" for each in findings]


def refusal(content: bytes | str, **hints: str) -> str:
    with pytest.raises(CannotImportError) as error:
        listing(content, **hints)
    return str(error.value)


# --- files of programs


@pytest.mark.parametrize("way", sheets.WAYS)
def test_every_way_to_write_a_sheet_loads_fully(way: str) -> None:
    assert posts(listing(sheets.WAYS[way], semester="F2025")) == sheets.POSTS


def test_an_encoding_that_was_assumed_is_shown_by_a_line() -> None:
    [note] = listing(sheets.WAYS["Windows-1252, as Excel's CSV"]).findings[:1]
    assert written([note]) == [
        "3 notice[encoding-assumed] is not UTF-8 and was read as Windows-1252: this line says “Café"
        " Müller,https://example.org/caf%C3%A9?a=1&b=2,S2024”\n"
        "  If that is wrong, save it as UTF-8; in a spreadsheet program choose “CSV UTF-8”."
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Tool,Link\nCaf\x81,https://example.org/u\n", "sheet.csv:2:1: cannot be read: its byte 14 is none of UTF-8 or"
         " Windows-1252. Save it as UTF-8; in a spreadsheet program choose “CSV UTF-8”."),
        (b"\xef\xbb\xbfTool,Link\nCaf\xe9,", "sheet.csv:2:1: cannot be read: its byte 14 is none of UTF-8, which its first"
         " bytes announce. Save it as UTF-8; in a spreadsheet program choose “CSV UTF-8”."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.csv:1:1: is an Excel file of the old kind, or locked by a password."
         " Save it as .xlsx, without a password."),
        (b"PK\x03\x04 and no more", "sheet.csv:1:1: cannot be read as an Excel workbook. Save the sheet that has the list"
         " as CSV (“CSV UTF-8”), and import that."),
        (b"Nom,Sujets,Remarque\nA,B,C\n", "sheet.csv:1:1: has no header row that names a column for the title and one for"
         " the link; its first row has “Nom”, “Sujets” and “Remarque”. If that is the header, say which columns they are:"
         " --title-column “…” --link-column “…”. If there is none, put one above it, such as “Tool” and “Link”."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(content: bytes, message: str) -> None:
    assert refusal(content) == message


def test_columns_of_any_name_can_be_named() -> None:
    text = f"Was,Wo,Wann\nKedro,{U},S2024\nDVC,{V},F2024\n"
    named = {"title_column": "was", "link_column": "WO", "semester_column": "Wann"}
    assert posts(listing(text, **named)) == [("Kedro", U, "S2024"), ("DVC", V, "F2024")]
    assert refusal(text, title_column="Was", link_column="Link") == (
        "sheet.csv:1:1: has no column “Link” for --link-column; its headings are “Was”, “Wo” and “Wann”."
        " Give one of these, as it is written."
    )
    assert "Did you mean “Wann”?" in refusal(text, title_column="Was", semester_column="Wannn")
    assert refusal(text, title_column="Was") == (
        "sheet.csv:1:1: has no header row that names a column for the title and one for the link; its first row has"
        " “Was”, “Wo” and “Wann”. If that is the header, say which columns they are: --title-column “…” --link-column"
        " “…”. If there is none, put one above it, such as “Tool” and “Link”."
    )


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Paper,Slides,Video,Link", "“Paper” and “Link”"),
        ("Project,Repository,Year", "“Project”, “Repository” and “Year”"),
        ("Repository,URL,Term", "“Repository”, “URL” and “Term”"),
        ("Tool,Tool website,Blog post,Semester", "“Tool”, “Blog post” and “Semester”"),
        ("Topic,Title,Enlace,Semestre,Autor", "“Title”, “Enlace” and “Semestre”"),
        ("Titel,Link zum Titel,Jahr,Semester", "“Titel”, “Link zum Titel”, “Semester” and “Jahr”"),
    ],
)
def test_which_columns_are_read(header: str, columns: str) -> None:
    cells = ",".join(f"x https://example.org/{number}" for number in range(header.count(",")))
    assert listing(f"{header}\nA,{cells}\n").basis == f"by the columns {columns}"


# --- semesters


def test_a_merged_cell_is_filled_down_and_that_is_said() -> None:
    text = f"Tool,Link,Semester\nA,{U},S2023\nB,{V},\nC,{W},F2024\nD,{U}/d,\n"
    assert [semester for *_, semester in posts(listing(text))] == ["S2023", "S2023", "F2024", "F2024"]
    assert written(listing(text).findings) == [
        "1 notice[cells-filled] 2 empty cells are taken for part of the merged cell above, which states the semester\n"
        "  If that is wrong, write the semester into each row."
    ]
    for not_merged in ("S2023,,S2023,", ",S2023,,F2024", "S2023,Spring 2023,,F2024"):
        rows = "".join(f"A,{U},{cell}\n" for cell in not_merged.split(","))
        assert None in [post.semester for post in listing(f"Tool,Link,Semester\n{rows}").posts]


def test_a_year_is_its_semester_where_there_is_one_and_else_it_is_asked_for() -> None:
    text = f"Tool,Link,Year\nA,{U},2023\nB,{V},2024\nC,{W},1999\n"
    read = listing(text)
    assert posts(read) == [("A", U, "S2023")]
    assert written(read.findings) == [
        "3 warning[semester-unknown] the semester of “B” is “2024”, which can be S2024 or F2024\n"
        "  Left out. Write there which it is; or give --semester S2024, and one for each other year.",
        "4 warning[semester-unknown] the semester of “C” is “1999”, which is none of the course's\n"
        "  Left out. The semesters are in data/course.yaml: S2023, S2024, F2024, F2025.",
    ]
    assert posts(listing(text, semester="F2024")) == [("A", U, "S2023"), ("B", V, "F2024")]


def test_an_option_that_rows_contradict_is_overruled_with_a_word() -> None:
    text = "Tool,Link,When\n" + "".join(f"A,{U}/{number},Spring 2024\n" for number in range(106))
    read = listing(text, semester="F2025")
    assert {post.semester for post in read.posts} == {"S2024"}
    assert written(read.findings) == [
        "1 notice[semester-column-assumed] the column “When” has nothing but semesters and is read as such\n"
        "  If that is wrong, give --semester-column.",
        "1 notice[row-says-otherwise] --semester F2025 is not used for 106 posts to which the list gives another one\n"
        "  “A” on line 2 is of S2024. The list was followed.",
    ]


def test_a_worksheets_name_can_be_its_semester() -> None:
    content = sheets.workbook([("Tool", "Link"), ("A", U)], lambda book: setattr(book.active, "title", "Spring 2024"))
    assert posts(listing(content, semester="F2025")) == [("A", U, "S2024")]


# --- links


@pytest.mark.parametrize(
    ("cell", "url"),
    [
        ("medium.com/@octocat/a", "https://medium.com/@octocat/a"),
        ("www.example.org", "https://www.example.org"),
        ("//example.org/a", "https://example.org/a"),
        ("octocat.github.io", "https://octocat.github.io"),
        ("posts/a.html", "https://example.org/2024/posts/a.html"),
        ("/a", "https://example.org/a"),
        ("a.html", "https://example.org/2024/a.html"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("read https://example.org/a.", "https://example.org/a"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("not yet", None),
        ("n/a", None),
        ("octocat@example.org", None),
        ("javascript:alert(1)", None),
        ("C:\\posts\\a.html", None),
    ],
)
def test_addresses_as_people_write_them(cell: str, url: str | None) -> None:
    read = listing(f"Tool;Link\nA;{cell}\n", base_url="https://example.org/2024/list.html")
    assert [post.url for post in read.posts] == ([url] if url else [])
    assert url is not None or [each.rule for each in read.findings if each.severity == "warning"] == ["link-unusable"]


def test_what_was_assumed_of_links_is_said_once_with_an_example() -> None:
    text = "Tool,Link\nA,medium.com/a\nB,medium.com/b\nC,c.html\nD,Blog: https://example.org/d e\n"
    assert written(listing(text, base_url=U).findings) == [
        "2 notice[scheme-assumed] 2 links have no https://, which was added: “medium.com/a” is taken as"
        " https://medium.com/a\n  If one of them is wrong, correct it in the list.",
        "5 notice[link-in-words] 1 link has words beside it: “Blog: https://example.org/d e” is taken as"
        " https://example.org/d\n  If an address has a blank in it, write %20 there.",
        "4 notice[link-completed] 1 link has an address relative to --base-url: “c.html” is taken as"
        " https://example.org/c.html\n  If this one is wrong, correct --base-url.",
    ]


def test_a_link_that_is_not_taken_is_named() -> None:
    read = listing(
        f"Tool,Link\nA,{U} {V}\nB,[post]({V}) and [slides]({W})\nC,posts/c.html\nhttps://example.org/d,{U}/d\n"
    )
    assert posts(read) == [("A", U, None), ("B", V, None)]
    assert written(each for each in read.findings if each.severity == "warning") == [
        f"2 warning[link-too-many] “A” has one more link, “{V}”; {U} was taken\n"
        "  Left out. If it is a post of its own, give it a row; if it is the post, put it first.",
        f"3 warning[link-too-many] “B” has one more link, “{W}”; {V} was taken\n"
        "  Left out. If it is a post of its own, give it a row; if it is the post, put it first.",
        "4 warning[link-unusable] the link of “C” is “posts/c.html”, which is relative to the page that has the list\n"
        "  Left out. Give that page's address: --base-url https://…",
        "5 warning[title-missing] a post has no title\n"
        "  Left out. Write the tool's or application's name there, and import again.",
    ]


def test_words_whose_links_a_csv_has_lost() -> None:
    assert "links-lost" in [each.rule for each in listing("Tool,Link\nA,my post\nB,my post\n").findings]
    assert "links-lost" not in [each.rule for each in listing(f"Tool,Link\nA,my post\nB,{U}\n").findings]


# --- workbooks


def test_which_worksheet_was_read_is_said() -> None:
    def change(book: Workbook) -> None:
        book.active.title = "Old"
        for name in ("Read me", "New"):
            book.create_sheet(name)
        for row in (("Tool", "Link"), ("B", V)):
            book["New"].append(row)

    content = sheets.workbook([("Tool", "Link"), ("A", U)], change)
    read = listing(content)
    assert posts(read) == [("A", U, None)]
    assert written(read.findings[:1]) == [
        "1 warning[worksheet-left-out] the worksheet “Old” was read; “New” can be read, too\n"
        "  Left out. Import the file once more for each, with --worksheet."
    ]
    assert posts(listing(content, worksheet="new")) == [("B", V, None)]
    assert refusal(content, worksheet="Newer") == (
        "sheet.csv:1:1: has no worksheet “Newer”. It has “Old”, “Read me” and “New”."
    )


def _with_part(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with something else in one of its parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as after,
    ):
        for part in before.namelist():
            text = before.read(part)
            after.writestr(part, text.replace(old, new) if part == name else text)
    return out.getvalue()


SMALL = sheets.workbook([("Tool", "Link"), ("A", U)])
FIRST = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"</worksheet>", b" " * 31_000_000 + b"</worksheet>", "unpacks to"),
        (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "more than 200,000 cells"),
        (b"</sheetData>", b"</sheetData><hyperlinks><hyperlink ref='$A1:xfd9999' location='a'/></hyperlinks>", "more than 200,000 cells"),
        (b"</sheetData>", b'<row r="5"><c r="XFD5" t="inlineStr"><is><t>x</t></is></c></row></sheetData>', "16,384 columns"),
    ],
)  # fmt: skip
def test_a_workbook_that_unfolds_without_end_is_refused_at_once(old: bytes, new: bytes, why: str) -> None:
    with patience():
        message = refusal(_with_part(SMALL, FIRST, old, new))
    assert why in message
    assert message.endswith("Save the sheet that has the list as CSV (“CSV UTF-8”), and import that.")


@settings(max_examples=40)
@given(st.binary(max_size=60), st.integers(0, len(SMALL)))
def test_a_broken_workbook_is_refused_or_read(noise: bytes, at: int) -> None:
    content = SMALL[:at] + noise + SMALL[at + len(noise) :]
    if content.startswith(b"PK\x03\x04"):
        try:
            listing(content)
        except CannotImportError as error:
            assert error.finding.rule in ("not-a-workbook", "no-header", "workbook-too-large")


# --- properties


def tables(codec: str) -> st.SearchStrategy[list[list[str]]]:
    """Rows of texts on one line that have no links and that the encoding can hold."""
    letters = st.characters(codec=codec, exclude_characters="\0\r\n\ufeff=[")
    return st.lists(st.lists(st.text(letters, max_size=8), min_size=2, max_size=4), max_size=6)


@settings(max_examples=50)
@given(
    st.one_of(
        st.tuples(st.just(encoding), tables(codec))
        for encoding, codec in (("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-8"), ("cp1252", "cp1252"))
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_a_table_reads_back_from_every_encoding_and_delimiter(
    encoded: tuple[str, list[list[str]]], delimiter: str, end: str
) -> None:
    assert COURSE
    encoding, rows = encoded
    content = sheets.delimited([["Tool", "Link", "Semester"], *rows], delimiter, end, encoding)
    assume(encoding != "cp1252" or content.isascii() or not is_utf_8(content))
    text, _ = decoded("sheet.csv", content)
    read = rows_of("sheet.csv", text, COURSE, Hints())[1:]
    assert [[cell.text for cell in row.cells] for row in read] == [
        [" ".join(text.split()) for text in row] for row in rows
    ]


def is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


# --- the command


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/course.yaml").write_text(COURSE_TEXT)
    (tmp_path / "data/tools.yaml").write_text("tools: {}\n")
    (tmp_path / "data/prior_posts.yaml").write_text(
        f"- title: Kedro\n  tools: [Kedro]\n  option: mlops-tool\n  semester: S2024\n  url: {U}\n"
        f"- title: DVC\n  tools: [DVC]\n  option: mlops-tool\n  semester: S2023\n  url: {V}\n"
    )
    (tmp_path / "list.csv").write_text(
        f"Tool,Link,Semester,Notes\nKedro,{U},S2024,\nDVC,{V},S2024,\nAirflow + dbt,{W},F2024,https://example.org/n\n"
        "Feast,to come,F2024,\n"
    )
    return tmp_path


def run(root: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["import", "list.csv", "--root", str(root), "--option", "mlops-tool", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(autouse=True)
def _in_its_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


UNDERSTOOD = """\
list.csv: 3 posts, lines 2 to 4, by the columns “Tool”, “Link” and “Semester”
  Kedro → https://example.org/u (S2024, mlops-tool)
  DVC → https://example.org/v (S2023, mlops-tool)
  Airflow + dbt → https://example.org/w (F2024, mlops-tool)
"""


def test_a_dry_run_shows_each_line_and_writes_nothing(root: Path) -> None:
    before = (root / prior_posts.PATH).read_bytes()
    result = run(root, "--dry-run")
    assert (
        result.stdout
        == f"""\
{UNDERSTOOD}
line  what      title          tools          semester  option      address
   2  known     Kedro          Kedro          S2024     mlops-tool  https://example.org/u
   3  doubtful  DVC            DVC            S2023     mlops-tool  https://example.org/v
        is listed for S2024 (stated), but is here in S2023 (stated)
   4  new       Airflow + dbt  Airflow + dbt  F2024     mlops-tool  https://example.org/w
   5  left out
        the link of “Feast” is “to come”, which is no web address. A link begins with https:// and
        has no blanks; leave it empty where none is known.

1 new, 1 known, 1 doubtful, 1 left out.
list.csv has 4 web addresses, of which its posts have 3. Elsewhere in it: https://example.org/n
Nothing was written: this is a dry run.
"""
    )
    assert (result.exit_code, (root / prior_posts.PATH).read_bytes()) == (1, before)


def test_a_dry_run_as_json(root: Path) -> None:
    record = json.loads(run(root, "--dry-run", "--format", "json").stdout)
    assert record["version"] == 1
    assert record["counts"] == {"new": 1, "known": 1, "doubtful": 1, "left out": 1}
    assert record["files"] == [
        {
            "path": "list.csv",
            "posts": 3,
            "first_line": 2,
            "last_line": 4,
            "basis": "by the columns “Tool”, “Link” and “Semester”",
            "guess": False,
            "links": 4,
            "links_elsewhere": ["https://example.org/n"],
        }
    ]
    assert record["rows"][2] == {
        "path": "list.csv", "line": 4, "what": "new", "title": "Airflow + dbt", "tools": ["Airflow", "dbt"],
        "semester": "F2024", "option": "mlops-tool", "url": W, "why": "",
    }  # fmt: skip


def test_an_import_shows_how_its_list_was_understood_and_again_adds_nothing(root: Path) -> None:
    first = run(root)
    assert first.stdout.startswith(f"{UNDERSTOOD}\n")
    assert first.stdout.endswith("1 added, 0 named by a further list, 1 unchanged, 1 in conflict, 1 left out.\n") or (
        first.stdout.endswith("1 added, 1 named by a further list, 0 unchanged, 1 in conflict, 1 left out.\n")
    )
    assert first.exit_code == 1
    before = (root / prior_posts.PATH).read_bytes()
    assert " 0 added, 0 named by a further list, 2 unchanged," in run(root).stdout
    assert (root / prior_posts.PATH).read_bytes() == before


GUESS = f"# Our talks\n\n## Spring 2024\n\n- [Feast]({W})\n- [Ray]({W}/ray)\n"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "end"),
    [
        ((), 2, "A list was understood by its look alone. If it is right, give --yes. Nothing was written.\n"),
        (("--format", "json"), 2, "A list was understood by its look alone. If it is right, give --yes. Nothing was written.\n"),
        (("--yes",), 0, "2 added, 0 named by a further list, 0 unchanged, 0 in conflict, 0 left out.\n"),
        (("--dry-run",), 0, "Nothing was written: this is a dry run.\n"),
    ],
)  # fmt: skip
def test_a_guess_is_taken_only_with_a_yes(root: Path, arguments: tuple[str, ...], exit_code: int, end: str) -> None:
    (root / "list.csv").unlink()
    (root / "list.md").write_text(GUESS)
    before = (root / prior_posts.PATH).read_bytes()
    all_arguments = ["import", "list.md", "--root", str(root), "--semester", "F2024", *arguments]
    result = CliRunner().invoke(main, all_arguments)
    assert (result.exit_code, result.output.endswith(end)) == (exit_code, True), result.output
    assert ((root / prior_posts.PATH).read_bytes() == before) == ("--yes" not in arguments)
    assert result.output.count("[row-says-otherwise]") == ("json" not in arguments)


def test_nobody_is_asked_about_a_guess_that_changes_nothing(root: Path) -> None:
    (root / "list.md").write_text(GUESS)
    arguments = ["import", "list.md", "--root", str(root), "--format", "json"]
    assert CliRunner().invoke(main, [*arguments, "--yes"]).exit_code == 0
    again = CliRunner().invoke(main, arguments)
    assert (again.exit_code, json.loads(again.stdout)["counts"]["known"]) == (0, 2)


def test_a_dry_run_names_the_titles_that_are_kept(root: Path) -> None:
    (root / "list.csv").write_text(f"Tool,Link,Semester\nBreaking things on purpose with Gremlin,{W},S2024\n")
    dry = run(root, "--dry-run")
    note = "list.csv:2:1: notice[titles-kept] 1 title is a sentence, which claims no tool (of 1 new post): “Breaking"
    assert (dry.stdout.count(note), dry.stdout.count("names: title"), run(root).stdout.count(note)) == (1, 1, 1)


def test_posts_without_a_semester_are_shown_and_refused(root: Path) -> None:
    (root / "list.csv").write_text(f"Tool,Link\nFeast,{W}\n")
    dry = run(root, "--dry-run")
    assert "   2  doubtful  Feast  Feast            mlops-tool  https://example.org/w\n" in dry.stdout
    assert "        nothing states its semester: give --semester\n" in dry.stdout
    assert (dry.exit_code, run(root).exit_code) == (2, 2)


def test_a_table_is_readable_at_a_hundred_columns_whatever_it_holds(root: Path) -> None:
    row = f"{'長い題名 ' * 30},https://example.org/{'a' * 300},S2024\nE\x1b[31m,{W},S2024\n"
    (root / "list.csv").write_text(f"Tool,Link,Semester\n{row}")
    lines = run(root, "--dry-run").stdout.split("line  what", 1)[1].split("\n\n")[0].split("\n")[1:]
    assert [len(line) + sum(letter > "\u1100" and letter != "…" for letter in line) <= 100 for line in lines] == [
        True
    ] * 2
    assert "\x1b" not in "".join(lines)
