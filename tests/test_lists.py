"""Lists as people write them, in Markdown and on pages: each file of `fixtures/lists/` is one, with what it becomes.

Below the list: `=== semester S` and `=== option O` where these are given, `=== guess` where nothing but its shape says
that it is the list, and then in full its `=== posts` (line, title, address, semester and option where the list states
them) and `=== findings`.
"""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from growth import TIMES, growth
from hypothesis import given, settings
from hypothesis import strategies as st

from coursehub.importing import CannotImportError, Listing, read_sheet, read_text
from coursehub.importing.rows import Hints
from coursehub.records import course
from coursehub.records.course import Course
from coursehub.records.semesters import semester_meant, semesters_stated

LISTS = sorted((Path(__file__).parent / "fixtures/lists").iterdir())
SECTION = re.compile(r"^=== (\w+) ?(.*)\n", re.MULTILINE)


def course_of(*semesters: str) -> Course:
    ids = ", ".join(f'{{id: "{semester}"}}' for semester in semesters)
    read, troubles = course.read(
        f'name: A course\nstaff: [staff]\ntime_zone: UTC\nopen_semester: "{semesters[-1]}"\nsemesters: [{ids}]\n'
        "options:\n  - {id: mlops-tool, title: MLOps tool, claims: tool, requirements: []}\n"
        "  - {id: ml-application, title: ML application, claims: application, requirements: []}\n"
    )
    assert read, troubles
    return read


COURSE = course_of("F2020", "S2023", "F2023", "S2024", "F2024")


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_list(path: Path) -> None:
    text, *rest = SECTION.split(path.read_text())
    sections = {name: (value, body) for name, value, body in zip(rest[::3], rest[1::3], rest[2::3], strict=True)}
    semester = sections.get("semester", (None,))[0]
    listing = read_text(path.name, text, COURSE, Hints(option="mlops-tool", semester=semester))
    assert posts(listing) == sections["posts"][1].splitlines()
    assert findings(listing, path.name) == sections.get("findings", ("", ""))[1]
    assert listing.is_guess == ("guess" in sections)


def posts(listing: Listing) -> list[str]:
    return [
        " ".join(
            filter(None, (str(post.place.line), post.title, post.url, post.semester, option_of(post.option)))
        )
        for post in listing.posts
    ]  # fmt: skip


def option_of(option: str) -> str:
    return "" if option == "mlops-tool" else option


def findings(listing: Listing, name: str) -> str:
    return "".join(
        f"{each.line}:{each.column} {each.severity}[{each.rule}] {each.message}\n  {each.help}\n"
        for each in sorted(listing.findings)
    )


# --- semesters

SEASONS = course_of("F2020", "S2023", "F2023", "S2024", "F2024")
GERMAN = course_of("WS2023", "SS2024", "WS2024", "SS2025")
AUSTRIAN = course_of("2023W", "2024S", "2024W")
SWEDISH = course_of("VT24", "HT24", "VT25")
NUMBERED = course_of("2023-1", "2023-2", "2024-1", "2024-2")
QUARTERS = course_of("W2024", "S2024", "F2024", "W2025")
YEARS = course_of("2023", "2024")
ACADEMIC = course_of("2023-24", "2024-25")
COHORTS = course_of("T1-2024", "T2-2024", "cohort-7")


@pytest.mark.parametrize(
    ("written", "meant", "of"),
    [
        ("Autumn 2024", "F2024", SEASONS),
        ("HT24", "F2024", SEASONS),
        ("fall '24", "F2024", SEASONS),
        ("Projects (Fall-2023)", "F2023", SEASONS),
        ("2024 (Spring)", "S2024", SEASONS),
        ("Spring Semester of 2024", "S2024", SEASONS),
        ("printemps 2024", "S2024", SEASONS),
        ("semestre de otoño 2023", "F2023", SEASONS),
        ("2024年秋季", "F2024", SEASONS),
        ("Fall 2023/24", "F2023", SEASONS),
        ("Spring 2023/2024", "S2024", SEASONS),
        ("2020", "F2020", SEASONS),
        ("2024", "S2024 F2024", SEASONS),
        ("2024-2", "S2024 F2024", SEASONS),
        ("2023-2024", "F2023 S2024", SEASONS),
        ("2023–2024, 2020", "F2020 F2023 S2024", SEASONS),
        ("Spring/Fall 2024", "S2024 F2024", SEASONS),
        ("Spring 2024 and Fall 2023", "F2023 S2024", SEASONS),
        ("Summer 2024", "", SEASONS),
        ("2012", "", SEASONS),
        ("WS 2024/25", "WS2024", GERMAN),
        ("WiSe 24/25", "WS2024", GERMAN),
        ("Wintersemester 2023/2024", "WS2023", GERMAN),
        ("Sommersemester 2025", "SS2025", GERMAN),
        ("Summer 2024", "SS2024", GERMAN),
        ("2024/25", "WS2024 SS2025", GERMAN),
        ("WS 2024/25", "2024W", AUSTRIAN),
        ("SS 2024", "2024S", AUSTRIAN),
        ("Höstterminen 2024", "HT24", SWEDISH),
        ("Spring 2025", "VT25", SWEDISH),
        ("2024.2", "2024-2", NUMBERED),
        ("Semester 2, 2024", "2024-2", NUMBERED),
        ("S2 2024", "2024-2", NUMBERED),
        ("2º semestre de 2024", "2024-2", NUMBERED),
        ("2023-II", "2023-2", NUMBERED),
        ("2/2024", "2024-2", NUMBERED),
        ("Fall 2024", "", NUMBERED),
        ("Winter 2024/25", "W2025", QUARTERS),
        ("Winter 2024", "W2024", QUARTERS),
        ("2024", "2024", YEARS),
        ("Fall 2023", "2023", YEARS),
        ("2024/2025", "2024-25", ACADEMIC),
        ("Term 2, 2024", "T2-2024", COHORTS),
        ("Projects of Cohort-7", "cohort-7", COHORTS),
    ],
)
def test_semesters_in_words(written: str, meant: str, of: Course) -> None:
    stated = semesters_stated(written, of)
    assert stated and " ".join(stated.meant) == meant
    assert semester_meant(written, of) == (meant if " " not in meant and meant else None)


@pytest.mark.parametrize(
    "text", ["COMP 2024", "CS 2030", "Kedro in 24 hours", "Week 3", "a fall from 20 metres", "12:24", ""]
)
def test_no_semester(text: str) -> None:
    assert semesters_stated(text, SEASONS) is None


# --- any list, any text

NAMES = st.lists(
    st.sampled_from(["Kedro", "DVC", "Ray", "Great Expectations", "W&B", "MLflow", "k6"]), min_size=3, unique=True
)
SHAPES = [
    "- [{name}]({url})",
    "* octocat: [{name}]({url})",
    "1. [**{name}**]({url}) by hubot",
    "- {name}: {url}",
    "- {name} — octocat, hubot ([slides]({url}))",
    "<ul><li>\n<a href='{url}'>{name}</a></li></ul>",
]  # fmt: skip


@settings(max_examples=40)
@given(names=NAMES, data=st.data())
def test_each_item_of_a_list_is_a_post(names: list[str], data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from(SHAPES))
    items = [shape.format(name=name, url=f"https://example.org/{number}") for number, name in enumerate(names)]
    listing = read_text("list.md", "# Talks\n\n## Fall 2024\n\n" + "\n".join(items), COURSE, Hints(option="mlops-tool"))
    titles = [name if "octocat, hubot" not in shape else f"{name} — octocat, hubot" for name in names]
    assert [post.title for post in listing.posts] == titles
    assert {post.semester for post in listing.posts} == {"F2024"}


PIECES = st.sampled_from(
    ["<ul>", "<li>", "</li>", "</ul>", "<a href='https://example.org/a'>", "</a>", "Kedro", "<table>", "<tr>", "<td>", "</table>",
     "<h2>", "</h2>", "2024", "<nav>", "</nav>", "<!--", "-->", "<script>", "</script>", "<br>", "<", "&amp;", "\n", "- ", "[", "](",
     ")", "# ", "|", "|-|", "~~", ">", "by ", "<del>", "<div class='toc'>", "</div>", "https://example.org/b", "\t", "\x00"]
)  # fmt: skip


@given(pieces=st.lists(PIECES, max_size=40), name=st.sampled_from(["list.md", "page.html", "notes.txt"]))
def test_any_text_has_posts_or_a_reason(pieces: list[str], name: str) -> None:
    text = "".join(pieces)
    try:
        listing = read_text(name, text, COURSE)
    except CannotImportError as error:
        assert error.finding.rule == "no-list"
    else:
        lines = text.count("\n") + 1
        assert all(1 <= each.place.line <= lines for each in listing.posts)
        assert {post.url for post in listing.posts} <= {None, "https://example.org/a", "https://example.org/b"}


@pytest.mark.parametrize("piece", ["<ul><li>x", "<a ", "<div>", "<table><tr><td>"])
def test_what_is_nested_too_deeply_is_read(piece: str) -> None:
    with pytest.raises(CannotImportError, match="no list of earlier posts"):
        read_text("page.html", piece * 1_500, COURSE)


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("list.md", "- discussed in past semesters: [A](https://example.org/a)\n\n"),
        ("list.md", " -"),
        ("page.html", "<a href=https://example.org/a>A</a><br>"),
    ],
)
def test_time_grows_with_the_list(name: str, piece: str) -> None:
    """Lists of these lengths took seconds, and a few times longer ones minutes."""

    def work(length: int) -> None:
        with suppress(CannotImportError):
            read_text(name, f"# Talks\n\n- A{piece * (length // len(piece))}", COURSE, Hints(option="mlops-tool"))

    assert growth(work, 12_000) <= 2 * TIMES


def test_a_text_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(CannotImportError) as error:
        read_text("list.md", "# Talks\n" + "*a_" * 60_000, COURSE)
    assert str(error.value) == "list.md:1:1: has too many signs of Markdown to be read. Import it in parts."


def test_relative_links_are_completed() -> None:
    text = "# Past projects\n\n- [Kedro](kedro.html)\n- [DVC](/b)\n- [Ray](#ray)"
    listing = read_text(
        "list.md", text, COURSE, Hints(option="mlops-tool", base_url="https://example.org/course/past/")
    )
    assert posts(listing) == ["3 Kedro https://example.org/course/past/kedro.html", "4 DVC https://example.org/b"]


@pytest.mark.parametrize(
    ("semesters", "read"),
    [
        ((), []),
        (("F2023",), [("Kedro", "F2023")]),
        (("F2023", "S2024"), [("Kedro", "F2023"), ("DVC", "S2024")]),
        (("F2023", "S2023", "S2024"), [("DVC", "S2024")]),
    ],
)
def test_each_year_means_the_semester_that_is_given_for_it(
    semesters: tuple[str, ...], read: list[tuple[str, str]]
) -> None:
    text = "# Talks\n\n- 2023\n    - [Kedro](https://example.org/a)\n- 2024\n    - [DVC](https://example.org/b)\n"
    table = "Tool,Link,Year\nKedro,https://example.org/a,2023\nDVC,https://example.org/b,2024\n"
    hints = Hints(option="mlops-tool", of_years=semesters)
    for listing in (read_text("a.md", text, COURSE, hints), read_sheet("a.csv", table.encode(), COURSE, hints)):
        assert [(post.title, post.semester) for post in listing.posts] == read
