"""The front page: what it says in numbers, and which posts it recommends."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest
import sites
import yaml
from sites import Document, SharedSite

from coursehub.comments.counts import Counts, Thread
from coursehub.records import repository
from coursehub.site.pages.home_page import home_page
from coursehub.site.subjects import Subjects, shown_posts

MLFLOW = "https://medium.com/@cleo/mlflow"
YAK = "posts/F2026/yakpost.md"


@pytest.fixture(scope="module")
def page(shared_site: SharedSite) -> Document:
    return shared_site("sound").page("")


def chosen_page(root: Path, chosen: str = "[]", counts: Counts | None = None) -> str:
    """The front page of a course with these posts worth reading."""
    sites.copy(root, "reading")
    sites.edit(root / "data/course.yaml", "worth_reading: []", f"worth_reading: {chosen}")
    return page_of(root, counts)


def page_of(root: Path, counts: Counts | None = None) -> str:
    hub = repository.load(root)
    return home_page(Subjects(hub, tuple(shown_posts(hub, frozenset())), counts=counts)).markdown


def write(root: Path, path: str, tool: str, date: str) -> None:
    """A published post on a tool, or on several: [A, B]."""
    urls = [f"https://example.org/{number}" for number, _ in enumerate(tool.split(","))]
    front = {
        "title": f'"On {tool}"', "authors": "octocat", "option": "mlops-tool", "tool": tool, "semester": path[:5], "tool_url": urls,
        "status": "published", "date": date, "summary": "What it does.",
    }  # fmt: skip
    file = root / f"posts/{path}.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text("---\n" + "".join(f"{name}: {value}\n" for name, value in front.items()) + "---\n")


def recommended(root: Path, text: str) -> tuple[str, list[tuple[str, str]]]:
    """The heading above the recommended posts, and of each the address and the title."""
    (root / "page.html").write_text(text[text.index('<div class="hub-heading">\n<h2 id="worth">') :])
    page = Document.read(root / "page.html")
    links = list(page.find("a", "hub-card__title"))
    titles = [data.strip() for data, each in page.texts if each.tag == "a" and each.is_in("hub-card__title")]
    return page.text("h2"), [(each.attributes["href"], title) for each, title in zip(links, titles, strict=True)]


def test_it_says_what_is_due_and_how_much_there_is(page: Document) -> None:
    course = yaml.safe_load((sites.HUB / "data/course.yaml").read_text())
    priors = yaml.safe_load((sites.HUB / "data/prior_posts.yaml").read_text())
    assert page.text("h1") == course["name"]
    words = [data for data, each in page.texts if each.tag in ("dt", "dd", "time", "a") and each.is_in("hub-now")]
    facts = dict(zip(words[::2], words[1::2], strict=False))
    assert facts["Claims open"] == "Mon 26 October 2026, 00:00"
    assert facts["Posts are due"] == "Fri 4 December 2026, 23:59"
    assert facts["Comments are due"] == "Mon 7 December 2026, 23:59"
    assert "All times are New York time." in page.text("hub-now")
    semesters = {prior["semester"] for prior in priors} | {"F2025", "F2026"}
    assert facts["posts"] == str(len(priors) + 6)
    assert facts["semesters"] == str(len(semesters))


def test_its_title_is_the_course_where_it_is_shared(page: Document) -> None:
    metas = {each.attributes.get("property"): each.attributes.get("content") for each in page.find("meta")}
    assert metas["og:title"] == "Machine Learning in Production"


def test_posts_that_the_staff_chose_come_in_their_order(tmp_path: Path) -> None:
    prior = yaml.safe_load((sites.HUB / "data/prior_posts.yaml").read_text())[0]
    title, posts = recommended(
        tmp_path, chosen_page(tmp_path / "hub", f'["{prior["url"]}", {YAK}, posts/F2026/none.md]')
    )
    assert title == "Worth reading"
    assert posts == [
        (prior["url"], "A gentle introduction to AWS SageMaker ML AI on the cloud"),
        ("posts/F2026/yakpost/", "Yakpost elsewhere"),
    ]


def test_else_the_most_discussed_are_recommended(tmp_path: Path) -> None:
    threads = {
        "posts/F2025/quokkadb.md": Thread("https://example.org/1", comments=9, by_others=2),
        YAK: Thread("https://example.org/2", comments=5, by_others=5),  # among the newest, which are shown anyway
    }
    counts = Counts(dt.datetime(2026, 12, 1, tzinfo=dt.UTC), threads)
    title, posts = recommended(tmp_path, chosen_page(tmp_path / "hub", counts=counts))
    assert title == "Much discussed"
    assert posts == [("posts/F2025/quokkadb/", "QuokkaDB, a first look")]


def test_else_posts_on_the_tools_that_most_was_written_about(tmp_path: Path) -> None:
    title, posts = recommended(tmp_path, chosen_page(tmp_path / "hub"))
    assert title == "Most written about"
    assert [name for _, name in posts] == [
        "Streamlit MLflow and large language models revolutionizing the development of movie",
        "Building an AWS based recommendation system a complete pipeline",
        "Getting started with Apache Zeppelin a hands on guide with a simple toy example",
    ]


def test_newest_are_a_few_of_the_open_semester(tmp_path: Path) -> None:
    sites.copy(tmp_path / "hub")
    for number in range(8):
        write(tmp_path / "hub", f"F2026/tool{number}", f"Tool{number}", f"2026-12-0{number + 1}")
    write(tmp_path / "hub", "S2026/late", "Late", "2026-12-09")
    (tmp_path / "page.html").write_text(page_of(tmp_path / "hub").partition('id="worth"')[0])
    page = Document.read(tmp_path / "page.html")
    assert [each.attributes["href"] for each in page.find("a", "hub-card__title")] == [
        f"posts/F2026/tool{number}/" for number in (7, 6, 5, 4, 3, 2)
    ]
    assert "All 12 posts here" in page.text("hub-heading")


def test_no_post_is_recommended_twice_or_shown_above(tmp_path: Path) -> None:
    sites.copy(tmp_path / "hub")
    (tmp_path / "hub/data/prior_posts.yaml").write_text("[]\n")
    write(tmp_path / "hub", "S2026/airflow--bigquery", "[Airflow, BigQuery]", "2026-04-03")
    write(tmp_path / "hub", "S2026/airflow", "Airflow", "2026-04-02")
    write(tmp_path / "hub", "S2026/bigquery", "BigQuery", "2026-04-01")
    write(tmp_path / "hub", "S2026/pandera", "Pandera", "2026-04-01")
    _, picks = recommended(tmp_path, page_of(tmp_path / "hub"))
    assert [address for address, _ in picks] == [
        "posts/S2026/airflow--bigquery/", "posts/S2026/bigquery/", "posts/S2026/pandera/",
    ]  # fmt: skip


def test_a_course_that_begins_promises_nothing(tmp_path: Path) -> None:
    sites.copy(tmp_path / "hub")
    shutil.rmtree(tmp_path / "hub/posts")
    (tmp_path / "hub/data/prior_posts.yaml").write_text("[]\n")
    course = tmp_path / "hub/data/course.yaml"
    course.write_text(re.sub(r"(?m)^    (claims_open|post_due|comments_due): .*\n", "", course.read_text()))
    text = page_of(tmp_path / "hub")
    assert "No deadlines are set yet." in text
    assert "Nothing is published yet." in text
    assert "Earlier posts" not in text
    assert 'id="worth"' not in text
