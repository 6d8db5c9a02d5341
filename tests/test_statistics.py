"""The statistics page: its numbers are those of the files, and its charts draw the numbers."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import frontmatter
import pytest
import sites
import yaml
from entries import COURSE, entry
from sites import Build, Document, Element, SharedSite

from coursehub import site
from coursehub.records import repository
from coursehub.records.hub import Hub
from coursehub.site import catalog, charts
from coursehub.site.catalog import Entry, Hosted
from coursehub.site.pages import statistics_page
from coursehub.site.statistics import Row, Table, first, statistics
from coursehub.site.subjects import Subjects


@pytest.fixture(scope="module")
def sound(shared_site: SharedSite) -> Build:
    return shared_site("sound")


@pytest.fixture(scope="module")
def page(sound: Build) -> Document:
    return sound.page("statistics")


class Written(NamedTuple):
    """A post as its file has it."""

    semester: str
    option: str
    host: str


def written(root: str) -> list[Written]:
    """All posts that can be read, straight from the files."""
    priors = yaml.safe_load(Path(root, "data/prior_posts.yaml").read_text())
    fronts = [frontmatter.load(str(path)).metadata for path in Path(root, "posts").rglob("*.md")]
    here = [front for front in fronts if front["status"] == "published" and not front.get("private")]
    return [
        *(Written(each["semester"], each["option"], urlsplit(each.get("url") or "").netloc) for each in priors),
        *(Written(each["semester"], each["option"], urlsplit(str(each.get("external_url", "here:"))).netloc or "here") for each in here),
    ]  # fmt: skip


def tables(page: Document) -> list[list[list[str]]]:
    """The cells' texts of the page's tables, row by row."""

    def within(outer: Element, *tags: str) -> list[Element]:
        return [each for each in page.elements if each.tag in tags and any(outer is around for around in each.within)]

    def text(cell: Element) -> str:
        return "".join(
            data for data, element in page.texts if cell is element or any(cell is x for x in element.within)
        )

    return [
        [[text(cell).strip() for cell in within(row, "th", "td")] for row in within(table, "tr")]
        for table in page.find("table")
    ]


def test_posts_by_semester_and_option_are_those_of_the_files(sound: Build, page: Document) -> None:
    counts = Counter((each.semester, each.option) for each in written(sound.root))
    semesters = [each["id"] for each in yaml.safe_load(Path(sound.root, "data/course.yaml").read_text())["semesters"]]
    with_posts = [semester for semester in semesters if semester in {semester for semester, _ in counts}]
    assert tables(page)[0] == [
        ["Semester", "MLOps tool", "ML application"],
        *([each, str(counts[each, "mlops-tool"]), str(counts[each, "ml-application"])] for each in with_posts),
    ]


def test_sites_are_those_of_the_files(sound: Build, page: Document) -> None:
    def is_of(host: str, *platforms: str) -> bool:
        return any(host == each or host.endswith(f".{each}") for each in platforms)

    hosts = [each.host for each in written(sound.root)]
    shown = {name: int(count) for name, count in tables(page)[4][1:]}
    assert shown["Medium"] == sum(is_of(host, "medium.com") for host in hosts)
    assert shown["YouTube"] == sum(is_of(host, "youtube.com", "youtu.be") for host in hosts)
    assert shown["GitHub"] == sum(is_of(host, "github.com", "github.io") for host in hosts)
    assert shown["This site"] == hosts.count("here")
    assert shown["No link is known"] == hosts.count("")
    assert sum(shown.values()) == len(hosts)


def test_a_tools_posts_are_those_that_its_page_lists(sound: Build, page: Document) -> None:
    name, count = tables(page)[3][1]
    link = next(each.attributes["href"] for each in page.find("a", "table") if "tools/" in each.attributes["href"])
    assert name in sound.page(f"statistics/{link}".replace("statistics/../", "")).text("h1")
    priors = yaml.safe_load(Path(sound.root, "data/prior_posts.yaml").read_text())
    assert (name, int(count)) == (
        "MLflow",
        sum(any("mlflow" in tool.casefold() for tool in each["tools"]) for each in priors),
    )


def text_of(page: Document, parent: Element) -> str:
    words = (data for data, element in page.texts if any(parent is each for each in (element, *element.within)))
    return " ".join("".join(words).split())


SAYINGS = {
    "options-say": "403 posts in 9 semesters, the most in S2024: 128. MLOps tool: 379; ML application: 24.",
    "topics-say": "The topic with the most posts is “MLOps, monitoring, and deployment”: 109. 33 posts have no topic.",
    "tools-say": "Of 355 names, MLflow has the most posts: 6. Here are those with at least 3 posts.",
    "sites-say": "359 of 403 posts are on Medium, 5 on this site.",
    "names-say": "Of 6 names in F2026, 3 had not been written about before. New names in all semesters: 355, the most in S2024: 118.",
    "panel-1": "MLOps, monitoring, and deployment 109 posts, the most in S2023: 35",
}


@pytest.mark.parametrize("saying", SAYINGS)
def test_a_sentence_says_what_a_chart_shows(page: Document, saying: str) -> None:
    paragraph = next(each for each in page.elements if each.attributes.get("id") == saying)
    assert text_of(page, paragraph) == SAYINGS[saying]


def test_a_topics_chart_and_table_lead_to_its_page(sound: Build, page: Document) -> None:
    links = [each for each in page.find("a", "article") if "topics/" in each.attributes["href"]]
    names = [text_of(page, each) for each in links]
    assert len(names) == 2 * 8  # charts, then tables
    assert names[:8] == names[8:] == [row[0] for row in tables(page)[2][1:]]
    for link, name in zip(links, names, strict=True):
        assert name in sound.page(link.attributes["href"].removeprefix("../")).text("h1")


def test_every_picture_has_a_text_alternative_that_is_there(page: Document) -> None:
    pictures = [each for each in page.find("svg", "article") if each.attributes.get("role") == "img"]
    names = [each.attributes["aria-labelledby"] for each in pictures]
    assert len(names) == 4 + 8  # topics have a small one each
    assert len(set(names)) == len(names)
    assert set(names) <= page.ids


def test_the_charts_need_no_permission_of_a_strict_policy(page: Document) -> None:
    within = [each for each in page.elements if each.is_in("hub-figure")]
    assert [each.tag for each in within if each.tag in ("style", "script", "image", "foreignobject", "use")] == []
    assert [each.attributes for each in within if {"style", "href"} & each.attributes.keys() and each.tag != "a"] == []
    assert [name for each in within for name in each.attributes if name.startswith("on")] == []


def test_bars_are_as_long_as_their_numbers(page: Document) -> None:
    """Each number of the table, but for zeros, is a bar, all by the same measure."""
    rows = tables(page)[0][1:]
    numbers = [int(cell) for row in rows for cell in row[1:] if cell != "0"]
    charts = [each for each in page.find("svg", "article") if each.attributes.get("aria-labelledby") == "options-say"]
    bars = [each for each in page.elements if each.tag == "rect" and charts[0] in each.within]
    lengths = [float(each.attributes["width"].removesuffix("%")) for each in bars]
    assert len(numbers) == len(lengths)
    scale = sum(lengths) / sum(numbers)
    assert lengths == pytest.approx([number * scale for number in numbers], abs=0.02)
    for row in {id(each.within[-1]): each.within[-1] for each in bars}.values():
        parts = [each.attributes for each in bars if each.within[-1] is row]
        starts = [float(each["x"].removesuffix("%")) for each in parts]
        ends = [start + float(each["width"].removesuffix("%")) for start, each in zip(starts, parts, strict=True)]
        assert starts == pytest.approx([0, *ends[:-1]], abs=0.02)
    assert max(lengths) < 50  # what stands behind the bars has room on a phone


# Entries that no file has

NEWEST_FIRST = [
    entry("S2", "Ibis", "Crane", option="three", topics=("u", "t"), host="b.medium.com"),
    entry("S2", "Cra ne", host="medium.com"),
    entry("S2", "Dodo", topics=("u",), hosted=Hosted.HERE, host=None),
    entry("S1", "Crane", topics=("t",), host=None),
    entry("S1", "Auk", topics=("u",), host="video.youtube.com"),
    entry("elsewhen", "Auk", topics=("u",)),
]


def test_tables_of_a_small_catalog() -> None:
    numbers = statistics(COURSE, NEWEST_FIRST, {"crane": "Crane"})
    assert numbers.posts == 5
    assert numbers.by_option == Table("Semester", ("One", "Three"), (Row("S1", (2, 0), "S1"), Row("S2", (2, 1), "S2")))
    assert numbers.by_topic == Table("Topic", ("S1", "S2"), (Row("U", (1, 2), "u"), Row("T", (1, 1), "t")))
    assert numbers.without_topic == 1
    tools = (Row("Crane", (3,), "crane"), Row("Auk", (1,), "auk"), Row("Dodo", (1,), "dodo"), Row("Ibis", (1,), "ibis"))
    assert numbers.tools == Table("Name", ("Posts",), tools)
    names = (Row("S1", (2, 0), "S1"), Row("S2", (2, 1), "S2"))
    assert numbers.names == Table("Semester", ("New", "Written about before"), names)
    known = (Row("Medium", (2,)), Row("This site", (1,)), Row("YouTube", (1,)), Row("No link is known", (1,)))
    assert numbers.sites == Table("Site", ("Posts",), known)


def test_sites_with_few_posts_are_counted_together() -> None:
    posts = [entry("S1", "Auk", host=f"{name}.example") for name in "abcdefgh" for _ in range(1 + (name < "d"))]
    assert statistics(COURSE, posts, {}).sites.rows == (
        Row("a.example", (2,)), Row("b.example", (2,)), Row("c.example", (2,)), Row("d.example", (1,)),
        Row("e.example", (1,)), Row("f.example", (1,)), Row("Other sites", (2,)),
    )  # fmt: skip


def test_posts_of_an_option_that_the_course_lacks_are_counted_among_others() -> None:
    posts = [entry("S1", "Auk"), entry("S1", "Dodo", option="nine"), entry("S1", "Ibis", option="ten")]
    by_option = statistics(COURSE, posts, {}).by_option
    assert (by_option.columns, by_option.rows) == (("One", "Other options"), (Row("S1", (1, 2), "S1"),))


@pytest.mark.parametrize(
    ("sizes", "most", "shown"),
    [
        ((4, 3, 3, 2), 5, (4, 3, 3, 2)),
        ((4, 3, 3, 2), 4, (4, 3, 3, 2)),
        ((4, 3, 3, 2), 3, (4, 3, 3)),
        ((4, 3, 3, 2), 2, (4,)),
        ((3, 3, 3), 2, ()),
        ((), 2, ()),
    ],
)
def test_of_rows_of_one_size_all_are_shown_or_none(sizes: tuple[int, ...], most: int, shown: tuple[int, ...]) -> None:
    ranked = Table("Name", ("Posts",), tuple(Row(f"t{number}", (size,)) for number, size in enumerate(sizes)))
    assert tuple(row.total for row in first(ranked, most).rows) == shown


def test_where_nothing_is_counted_bars_have_no_length() -> None:
    nothing = Table("Semester", ("New", "Old"), (Row("S1", (0, 0)), Row("S2", (0, 0))))
    assert [(bar.end, bar.segments) for bar in charts.bars(nothing, 88)] == [(0, ()), (0, ())]
    assert [column.height for panel in charts.panels(nothing) for column in panel] == [0, 0, 0, 0]


UNLINKED = {"host": None, "url": None}
HERE = {"hosted": Hosted.HERE, **UNLINKED}


@pytest.mark.parametrize(
    ("posts", "sentences"),
    [
        (
            [entry("S1", "Auk", topics=("t",))],
            {
                "options": "1 post, in S1. One: 1.",
                "topics": "The topic with the most posts is “T”: 1.",
                "tools": "Of 1 name, Auk has the most posts: 1.",
                "sites": "The only post is on a.example.",
                "names": "1 name in S1, the first semester with posts.",
            },
        ),
        (
            [entry("S1", "Auk", **HERE), entry("S1", "Auk", **HERE, option="nine")],
            {
                "options": "2 posts, all in S1. One: 1; Other options: 1.",
                "topics": "No post has a topic yet.",
                "tools": "Of 1 name, Auk has the most posts: 2.",
                "sites": "All 2 posts are on this site.",
            },
        ),
        (
            [
                entry("S2", "Auk", topics=("t",), **UNLINKED),
                entry("S2", "Dodo", topics=("t", "u"), **UNLINKED),
                entry("S1", "Auk", topics=("u",), **UNLINKED),
                entry("S1", "Dodo", host="medium.com"),
            ],
            {
                "options": "4 posts in 2 semesters, the most in S1 and S2: 2 each. One: 4.",
                "topics": "The topics with the most posts are “T” and “U”: 2 each. 1 post has no topic.",
                "tools": "Of 2 names, Auk and Dodo have the most posts: 2 each.",
                "sites": "1 of 4 posts is on Medium, none on this site.",
                "names": "Of 2 names in S2, none had not been written about before. New names in all semesters: 2, all in S1.",
            },
        ),
        (
            [entry("S1", f"T{number}", host=f"{number}.example") for number in range(20) for _ in range(2)],
            {
                "tools": "Of 20 names, 20 have the most posts: 2 each. They are too many for a chart.",
                "sites": "6 sites have the most posts: 2 each.",
            },
        ),
        ([entry("S1", "Auk", **UNLINKED)], {"sites": "We know no link to any post."}),
        (
            [entry("S1", "Auk", **HERE), entry("S1", "Dodo", **UNLINKED), entry("S1", "Ibis", **UNLINKED)],
            {"sites": "1 of 3 posts is on this site."},
        ),
        (
            [entry("S1", "Auk", **HERE), entry("S1", "Dodo", host="medium.com")],
            {"sites": "The sites with the most posts are Medium and this site: 1 each."},
        ),
        (
            [*(entry("S1", "Auk", host=f"{letter}.example") for letter in "abcdefgh"), entry("S1", "Auk", host="medium.com"), entry("S1", "Auk", host="medium.com")],
            {"sites": "2 of 10 posts are on Medium, none on this site."},  # fewer than on the other sites together
        ),
        ([entry("S1")], {"tools": "We do not know yet what the posts are about."}),
    ],
)  # fmt: skip
def test_sentences_are_true_of_few_posts_and_of_ties(posts: list[Entry], sentences: dict[str, str]) -> None:
    markdown = statistics_page.page(Subjects(Hub(COURSE), ()), posts).markdown
    by_name = dict(re.findall(r'<p id="(\w+)-say">(.+?)</p>', markdown))
    assert {name: by_name[name] for name in sentences} == sentences


@pytest.mark.parametrize(
    ("posts", "surprises"),
    [
        ([entry("S1", "Auk")], {}),  # nothing can be surprising of a single post
        (
            [
                *(entry("S1", f"Old{number}", topics=("t",), host=f"{number}.example") for number in range(3)),
                *(entry("F1", f"Old{number}", topics=("t",), host="medium.com") for number in range(12)),
                *(entry("S2", f"New{number}", host="medium.com") for number in range(4)),
            ],
            {
                "options": "F1 alone has more than half of all posts: 12 of 19.",
                "names": "Ideas do not run out: of 12 names in F1, 9 had not been written about before.",
                "topics": "12 of the 15 posts on “T” are from one semester, F1.",
                "tools": "Hardly anything gets a second post: 13 of 16 names have only one.",
                "sites": "Without Medium, 3 of 19 posts would be left.",
            },
        ),
        (
            [
                entry(semester, f"T{number}", topics=("t",), host=f"{semester}{number}.example")
                for semester in ("S1", "F1", "S2")
                for number in range(10)
            ],
            {
                "names": "Old friends: of 10 names in S2, 10 had been written about before.",
                "topics": "No topic is a fashion: none has more than half of its posts in one semester.",
                "tools": "Most names come back: 10 of 10 have several posts.",
            },
        ),
        (
            [entry(semester, f"{semester}{number}", topics=("t",)) for semester, count in (("S1", 1), ("F1", 1), ("S2", 10)) for number in range(count)],
            {
                "options": "S2 alone has more than half of all posts: 10 of 12.",
                "names": "Ideas do not run out: of 10 names in S2, 10 had not been written about before.",
                "topics": "10 of the 12 posts on “T” are from one semester, S2.",
                "tools": "No two posts are about the same.",
            },
        ),
    ],
)  # fmt: skip
def test_each_chart_has_a_sentence_of_what_is_surprising_if_anything_is(
    posts: list[Entry], surprises: dict[str, str]
) -> None:
    markdown = statistics_page.page(Subjects(Hub(COURSE), ()), posts).markdown
    pairs = re.findall(r'<h2 id="(\w+)">[^<]*</h2>\n<p class="hub-figure__surprise">([^<]*)</p>', markdown)
    assert dict(pairs) == surprises


@pytest.mark.parametrize(
    ("semesters", "caption"),
    [
        ("S1", "1 post, in S1"),
        ("S2 S2", "2 posts, all in S2"),
        ("S1 F1 F1", "3 posts, the most in F1: 2"),
        ("S1 F1 F1 S2 S2", "5 posts, the most in F1 and S2: 2 each"),
        ("S1 F1 S2", "3 posts, the most in S1, F1 and S2: 1 each"),
    ],
)
def test_a_topics_caption_tells_all_semesters_with_the_most(semesters: str, caption: str) -> None:
    others = [entry(each, "Dodo") for each in ("S1", "F1", "S2")]
    posts = [*(entry(each, "Auk", topics=("v",)) for each in semesters.split()), *others]
    markdown = statistics_page.page(Subjects(Hub(COURSE), ()), posts).markdown
    assert re.findall(r"<figcaption[^>]*><b>V</b> (.+)</figcaption>", markdown) == [caption]


def page_of(root: Path, priors: Iterable[dict[str, Any]]) -> str:
    """The statistics page of a repository that has these earlier posts and no other."""
    sites.copy(root)
    (root / "data/prior_posts.yaml").write_text(json.dumps(list(priors)))  # which is YAML, too
    for path in (root / "posts").rglob("*.md"):
        path.unlink()
    hub = repository.load(root)
    built = site.build(hub, site.SiteInputs())
    return next(page.markdown for page in built.pages if page.path == "statistics.md")


def test_a_course_that_begins_has_nothing_to_count(tmp_path: Path) -> None:
    markdown = page_of(tmp_path / "hub", [])
    assert "there is nothing to count" in markdown
    assert "<svg" not in markdown


def test_a_tool_has_the_name_of_its_page_and_leads_there(tmp_path: Path) -> None:
    """Of several spellings, the page and the chart must not choose two."""
    of_both = {"option": "mlops-tool", "semester": "S2020"}
    priors = [{"title": each, "tools": [each], **of_both} for each in ("Zorg Frob", "ZorgFrob")]
    newest = {"title": "zorg FROB", "tools": ["zorg FROB"], "option": "mlops-tool", "semester": "S2021"}
    markdown = page_of(tmp_path / "hub", [newest, *priors])
    names = re.findall(r'<a href="../tools/([\w-]+)/">(.+?)</a></th><td>3</td>', markdown)
    root = tmp_path / "hub"
    subjects = Subjects(repository.load(root), ())
    assert names == [(Path(tool.path).stem, tool.name) for tool in subjects.tools.values()]
    assert f">{names[0][1]}</text>" in markdown
    assert "zorg FROB" not in markdown


def test_an_unknown_option_leaves_a_page(tmp_path: Path) -> None:
    prior = {"title": "Auk", "tools": ["Auk"], "option": "nine", "semester": "S2020"}
    assert "1 post, in S2020. Other options: 1." in page_of(tmp_path / "hub", [prior])


def test_names_are_text_in_charts_and_tables(tmp_path: Path) -> None:
    title = '</text></svg><script>alert("1")</script>'
    prior = {
        "title": title,
        "tools": [title],
        "option": "mlops-tool",
        "semester": "S2020",
        "url": "https://evil.example/",
    }
    markdown = page_of(tmp_path / "hub", [prior, dict(prior)])
    assert "<script" not in markdown
    assert len(re.findall("&lt;/text&gt;", markdown)) >= 2
    assert markdown.count("<svg") == markdown.count("</svg>")


def test_the_catalog_is_what_is_counted(sound: Build) -> None:
    hub = repository.load(Path(sound.root))
    shown = tuple(each for each in hub.posts if each.is_published and not each.private)
    entries = catalog.entries(Subjects(hub, shown))
    assert statistics(hub.course, entries, {}).posts == len(entries) == len(written(sound.root))
