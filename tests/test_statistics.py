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
from sites import Build, Document, Element

from coursehub import catalog, repository, site
from coursehub.catalog import Hosted
from coursehub.statistics import Row, Table, statistics


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return sites.shared(tmp_path_factory, "sound")


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
    shown = {name: int(count) for name, count in tables(page)[3][1:]}
    assert shown["Medium"] == sum(is_of(host, "medium.com") for host in hosts)
    assert shown["YouTube"] == sum(is_of(host, "youtube.com", "youtu.be") for host in hosts)
    assert shown["GitHub"] == sum(is_of(host, "github.com", "github.io") for host in hosts)
    assert shown["This site"] == hosts.count("here")
    assert shown["No link is known"] == hosts.count("")
    assert sum(shown.values()) == len(hosts)


def test_a_tools_posts_are_those_that_its_page_lists(sound: Build, page: Document) -> None:
    name, count = tables(page)[2][1]
    link = next(each.attributes["href"] for each in page.find("a", "table") if "tools/" in each.attributes["href"])
    assert name in sound.page(f"statistics/{link}".replace("statistics/../", "")).text("h1")
    priors = yaml.safe_load(Path(sound.root, "data/prior_posts.yaml").read_text())
    assert (name, int(count)) == (
        "MLflow",
        sum(any("mlflow" in tool.casefold() for tool in each["tools"]) for each in priors),
    )


SAYINGS = {  # what each begins with
    "options-say": "403 posts in 9 semesters, most of them in S2024: 128.",
    "topics-say": "Most posts are on “MLOps, monitoring, and deployment”: ",
    "tools-say": "Of ",
    "sites-say": "89 % of the posts are on Medium. 5 posts are on this site.",
    "names-say": "In F2026, ",
}


@pytest.mark.parametrize("saying", SAYINGS)
def test_a_sentence_says_what_a_chart_shows(page: Document, saying: str) -> None:
    said = next(
        "".join(data for data, element in page.texts if paragraph in (element, *element.within))
        for paragraph in page.elements
        if paragraph.attributes.get("id") == saying
    )
    assert said.startswith(SAYINGS[saying])


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
    found = statistics(COURSE, NEWEST_FIRST)
    assert found.posts == 5
    assert found.by_option == Table("Semester", ("One", "Three"), (Row("S1", (2, 0)), Row("S2", (2, 1))))
    assert found.by_topic == Table("Topic", ("S1", "S2"), (Row("U", (1, 2)), Row("T", (1, 1))))
    assert found.without_topic == 1
    tools = (Row("Crane", (3,)), Row("Auk", (1,)), Row("Dodo", (1,)), Row("Ibis", (1,)))
    assert (found.tools, found.tools_in_all) == (Table("Tool", ("Posts",), tools), 4)
    assert found.names == Table("Semester", ("New", "Written about before"), (Row("S1", (2, 0)), Row("S2", (2, 1))))
    known = (Row("Medium", (2,)), Row("This site", (1,)), Row("YouTube", (1,)), Row("No link is known", (1,)))
    assert found.sites == Table("Site", ("Posts",), known)


def test_sites_with_few_posts_are_counted_together() -> None:
    posts = [entry("S1", "Auk", host=f"{name}.example") for name in "abcdefgh" for _ in range(1 + (name < "d"))]
    assert statistics(COURSE, posts).sites.rows == (
        Row("a.example", (2,)), Row("b.example", (2,)), Row("c.example", (2,)), Row("d.example", (1,)),
        Row("e.example", (1,)), Row("f.example", (1,)), Row("Other sites", (2,)),
    )  # fmt: skip


def made(root: Path, priors: Iterable[dict[str, Any]]) -> str:
    """The statistics page of a repository that has these earlier posts and no other."""
    sites.copy(root)
    (root / "data/prior_posts.yaml").write_text(json.dumps(list(priors)))  # which is YAML, too
    for path in (root / "posts").rglob("*.md"):
        path.unlink()
    hub = repository.load(root)
    found = site.made(hub, broken=frozenset(), since={}, repository="")
    return next(page.markdown for page in found.pages if page.path == "statistics.md")


def test_a_course_that_begins_has_nothing_to_count(tmp_path: Path) -> None:
    markdown = made(tmp_path / "hub", [])
    assert "there is nothing to count" in markdown
    assert "<svg" not in markdown


def test_names_are_text_in_charts_and_tables(tmp_path: Path) -> None:
    title = '</text></svg><script>alert("1")</script>'
    prior = {
        "title": title,
        "tools": [title],
        "option": "mlops-tool",
        "semester": "S2020",
        "url": "https://evil.example/",
    }
    markdown = made(tmp_path / "hub", [prior, dict(prior)])
    assert "<script" not in markdown
    assert len(re.findall("&lt;/text&gt;", markdown)) >= 2
    assert markdown.count("<svg") == markdown.count("</svg>")


def test_the_catalog_is_what_is_counted(sound: Build) -> None:
    hub = repository.load(Path(sound.root))
    entries = catalog.entries(hub, [each for each in hub.posts if each.is_published and not each.private])
    assert statistics(hub.course, entries).posts == len(entries) == len(written(sound.root))
