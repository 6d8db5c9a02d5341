"""The feeds, the sitemap and robots.txt, as feed readers and search engines read them."""

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
import frontmatter
import jsonschema
import pytest
import sites
import trees
from entries import COURSE, entry
from rss_parser import RSSParser
from sites import Build, Document, SharedSite

from coursehub import site
from coursehub.records import repository
from coursehub.site import feeds

ROOT = "https://coursehub-staff.github.io/coursehub/"
COURSE_OF_TWO = f"""=== data/course.yaml
name: Course
first_address: {ROOT}
staff: [staff]
time_zone: UTC
open_semester: F2026
semesters: [{{id: F2025}}, {{id: F2026}}]
options: [{{id: mlops-tool, title: MLOps tool, claims: tool, requirements: []}}]
topics: [{{id: watching, title: Watching}}]
=== data/tools.yaml
tools: {{bee: {{name: Bee, topic: watching}}}}
"""

# What https://www.jsonfeed.org/version/1.1/ demands of the fields that we write.
TEXT, ADDRESS = {"type": "string", "minLength": 1}, {"type": "string", "format": "uri", "pattern": "^https://"}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "home_page_url", "feed_url", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": TEXT, "home_page_url": ADDRESS, "feed_url": ADDRESS, "description": TEXT, "language": {"const": "en"},
        "items": {"type": "array", "items": {
            "type": "object",
            "required": ["id", "content_text"],
            "properties": {
                "id": ADDRESS, "url": ADDRESS, "external_url": ADDRESS, "title": TEXT, "content_text": {"type": "string"},
                "date_published": {"type": "string", "format": "date-time", "pattern": r"T\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)$"},
                "authors": {"type": "array", "items": {
                    "type": "object", "properties": {"name": TEXT, "url": ADDRESS}, "additionalProperties": False,
                }},
                "tags": {"type": "array", "items": TEXT},
            },
            "additionalProperties": False,
        }},
    },
    "additionalProperties": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(shared_site: SharedSite) -> Build:
    return shared_site("sound")


@pytest.fixture(scope="module")
def hostile(shared_site: SharedSite) -> Build:
    return shared_site("hostile")


@pytest.fixture(scope="module")
def preview(shared_site: SharedSite) -> Build:
    return shared_site("preview")


def rss(build: Build, folder: str = "") -> Any:
    return feedparser.parse((build.site / folder / "feed.xml").read_bytes())


def as_json(build: Build, folder: str = "") -> Any:
    return json.loads((build.site / folder / "feed.json").read_bytes())


def published(build: Build) -> Iterator[tuple[str, dict[str, Any]]]:
    """Address and front matter of the posts that can be read here, straight from the files."""
    for path in sorted(Path(build.root, "posts").rglob("*.md")):
        front = frontmatter.load(str(path)).metadata
        if front["status"] == "published" and not front.get("private"):
            yield f"{ROOT}{path.relative_to(build.root).with_suffix('')}/", front


def test_there_is_a_feed_of_all_of_every_semester_open_or_with_posts_and_of_every_topic_page(sound: Build) -> None:
    topics = {f"topics/{folder.name}" for folder in (sound.site / "topics").iterdir()}
    assert {"topics/operations", "topics/llmops"} < topics
    assert {str(path.parent.relative_to(sound.site)) for path in sound.site.rglob("feed.xml")} == {
        ".", "posts/F2025", "posts/F2026", *topics,
    }  # fmt: skip
    assert {path.with_suffix("") for path in sound.site.rglob("feed.json")} == {
        path.with_suffix("") for path in sound.site.rglob("feed.xml")
    }


@pytest.mark.parametrize("name", ["sound", "hostile"])
def test_feeds_are_valid(shared_site: SharedSite, name: str) -> None:
    build = shared_site(name)
    files = sorted(build.site.rglob("feed.xml"))
    assert len(files) >= 4
    for file in files:
        folder = f"{file.parent.relative_to(build.site)}/".removeprefix("./")
        feed, document = rss(build, folder), as_json(build, folder)
        assert (feed.bozo, feed.version) == (False, "rss20")
        RSSParser.parse(file.read_bytes())
        jsonschema.Draft202012Validator(JSON_FEED, format_checker=jsonschema.FormatChecker()).validate(document)
        own = {each.rel: each.href for each in feed.feed.links}
        assert own == {"alternate": ROOT + folder, "self": f"{ROOT}{folder}feed.xml"}
        assert (document["home_page_url"], document["feed_url"]) == (ROOT + folder, f"{ROOT}{folder}feed.json")


def test_a_feed_has_the_posts_the_newest_first(sound: Build) -> None:
    files = dict(published(sound))
    assert len(files) == 6
    known = [each.id for each in rss(sound).entries]
    assert set(known) == set(files)
    assert [files[each]["date"] for each in known] == sorted((each["date"] for each in files.values()), reverse=True)
    assert [each["id"] for each in as_json(sound)["items"]] == known


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("posts/F2025/", ["F2025/wibbleflow"]),
        ("topics/operations/", ["F2026/wibbleflow"]),
        ("topics/pipelines/", ["F2026/duckdb--sqlmesh"]),
        ("topics/data-quality/", ["F2026/pandera"]),
        ("topics/llmops/", []),
    ],
)
def test_a_feed_of_a_part_has_that_part(sound: Build, folder: str, names: list[str]) -> None:
    assert [each.id for each in rss(sound, folder).entries] == [f"{ROOT}posts/{name}/" for name in names]
    assert [each["id"] for each in as_json(sound, folder)["items"]] == [f"{ROOT}posts/{name}/" for name in names]


def test_a_post_in_a_feed(sound: Build) -> None:
    address = f"{ROOT}posts/F2026/wibbleflow/"
    item = next(each for each in rss(sound, "posts/F2026/").entries if each.id == address)
    assert item.link == address
    assert item.published == "Tue, 03 Nov 2026 00:00:00 -0500"
    assert item.summary == "A summary of quokkas."
    assert item.author == "bob-example, 007"
    tags = ["MLOps tool", "MLOps, monitoring, and deployment", "Wibbleflow"]
    assert [tag.term for tag in item.tags] == tags
    title = "Wibbleflow & friends: <em> is not enough"
    elements = ET.fromstring((sound.site / "feed.xml").read_bytes()).iter("item")
    assert (title, {"isPermaLink": "true"}) in [(each.findtext("title"), each.find("guid").attrib) for each in elements]
    assert next(each for each in as_json(sound)["items"] if each["id"] == address) == {
        "id": address, "url": address, "title": title, "content_text": "A summary of quokkas.",
        "authors": [{"name": "bob-example", "url": "https://github.com/bob-example"}, {"name": "007", "url": "https://github.com/007"}],
        "tags": tags, "date_published": "2026-11-03T00:00:00-05:00",
    }  # fmt: skip


def test_a_post_elsewhere_links_there_and_is_known_by_its_page_here(sound: Build) -> None:
    address, elsewhere = f"{ROOT}posts/F2026/elsewherium/", "https://www.example.org/elsewherium-post"
    item = next(each for each in rss(sound).entries if each.id == address)
    assert item.link == elsewhere
    item = next(each for each in as_json(sound)["items"] if each["id"] == address)
    assert (item["url"], item["external_url"]) == (address, elsewhere)


def post(stem: str, **fields: str) -> str:
    front = {
        "title": stem, "authors": "octocat", "option": "mlops-tool", "tool": stem, "semester": "F2026",
        "status": "published", "date": "2026-11-03", "summary": "Short.", **fields,
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\n" for name, value in front.items())
    return f"=== posts/{front['semester']}/{stem}.md\n---\n{lines}---\nWords.\n"


def files_of(root: Path, *posts: str, zone: str = "UTC", **inputs: Any) -> dict[str, str]:
    """Path → text of every page and file of such a course's site."""
    course = COURSE_OF_TWO.replace("time_zone: UTC", f"time_zone: {zone}")
    trees.write(trees.parse(course + "".join(posts)), root)
    built = site.build(repository.load(root), site.SiteInputs(**{"address": ROOT, **inputs}))
    pages = {page.path: page.markdown for page in built.pages}
    return pages | {asset.path: asset.content.decode() for asset in built.assets}


def items(files: dict[str, str], path: str) -> list[str]:
    return [each["id"].removeprefix(ROOT) for each in json.loads(files[path])["items"]]


def test_posts_of_one_day_come_in_the_order_of_the_pages(tmp_path: Path) -> None:
    files = files_of(
        tmp_path, post("auk", title="Zulu"), post("bee", title="Alpha"), post("cat", date="2026-11-04"),
        post("dog", semester="F2025", date="2025-11-03"),
    )  # fmt: skip
    order = ["posts/F2026/cat/", "posts/F2026/auk/", "posts/F2026/bee/"]
    assert items(files, "feed.json") == [*order, "posts/F2025/dog/"]
    assert items(files, "posts/F2026/feed.json") == order
    listed = re.findall(r'hub-card__title"[^>]*><a href="([^"]*)"', files["posts/index.md"])
    assert [f"posts/{each}" for each in listed] == [*order, "posts/F2025/dog/"]


def test_an_edited_post_keeps_its_entry_and_its_day(tmp_path: Path) -> None:
    before = json.loads(files_of(tmp_path / "before", post("auk"))["feed.json"])["items"][0]
    edited = post("auk", title="Another title", summary="Longer, with [a link](auk/a.png).", authors="hubot")
    after = json.loads(files_of(tmp_path / "after", edited)["feed.json"])["items"][0]
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert (after["title"], after["content_text"]) == ("Another title", "Longer, with [a link](auk/a.png).")


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("America/New_York", "2026-11-03T00:00:00-05:00"),
        ("Europe/Berlin", "2026-11-03T00:00:00+01:00"),
        ("Asia/Kolkata", "2026-11-03T00:00:00+05:30"),
    ],
)
def test_a_day_begins_at_midnight_where_the_course_is(zone: str, moment: str, tmp_path: Path) -> None:
    files = files_of(tmp_path, post("auk"), zone=zone)
    assert json.loads(files["feed.json"])["items"][0]["date_published"] == moment
    assert (
        feedparser.parse(files["feed.xml"]).entries[0].published_parsed
        == dt.datetime.fromisoformat(moment).utctimetuple()
    )


def test_drafts_are_in_no_feed_though_their_authors_see_them_on_the_site(tmp_path: Path) -> None:
    files = files_of(tmp_path, post("auk", status="draft"), post("bee", status="draft"), post("cat"), with_drafts=True)
    assert {"posts/F2026/auk.md", "topics/watching.md"} <= files.keys()
    assert items(files, "feed.json") == items(files, "posts/F2026/feed.json") == ["posts/F2026/cat/"]
    assert items(files, "topics/watching/feed.json") == []


def test_where_a_post_elsewhere_is_gone_its_feed_leads_to_its_page_here(tmp_path: Path) -> None:
    dead_url, there = "https://gone.example/auk", "https://there.example/bee"
    files = files_of(
        tmp_path,
        post("auk", external_url=f"{dead_url}#part"),
        post("bee", external_url=there),
        dead=frozenset({dead_url}),
    )
    links = {each.id: each.link for each in feedparser.parse(files["feed.xml"]).entries}
    assert links == {f"{ROOT}posts/F2026/auk/": f"{ROOT}posts/F2026/auk/", f"{ROOT}posts/F2026/bee/": there}
    external_urls = {each["title"]: each.get("external_url") for each in json.loads(files["feed.json"])["items"]}
    assert external_urls == {"auk": None, "bee": there}


ELSEWHERE = "https://course.example/"


@pytest.mark.parametrize("first_address", [ROOT, ""])
def test_an_entry_stays_the_same_when_its_post_is_edited_or_moves_and_when_the_site_moves(
    tmp_path: Path, first_address: str
) -> None:
    known = f"{ROOT}posts/F2025/auk/" if first_address else "posts/F2025/auk"
    courses = {
        "as it was": (ROOT, post("auk", semester="F2025")),
        "edited": (ROOT, post("auk", semester="F2025", title="New", date="2026-12-24", summary="New.")),
        "moved": (ROOT, post("bee", aliases="posts/F2025/auk.md")),
        "moved twice": (ROOT, post("cat", aliases="[posts/F2025/auk.md, posts/F2026/bee.md]")),
        "the site moved": (ELSEWHERE, post("auk", semester="F2025")),
        "both": (ELSEWHERE, post("bee", aliases="posts/F2025/auk.md")),
    }
    for name, (address, text) in courses.items():
        root = tmp_path / name
        trees.write(trees.parse(COURSE_OF_TWO + text), root)
        if not first_address:
            sites.edit(root / "data/course.yaml", f"first_address: {ROOT}\n", "")
        built = site.build(repository.load(root), site.SiteInputs(address=address))
        files = {asset.path: asset.content for asset in built.assets}
        entries = [*feedparser.parse(files["feed.xml"]).entries, *json.loads(files["feed.json"])["items"]]
        assert [each["id"] for each in entries] == [known, known], name
        page = f"{address}{text.partition('=== ')[2].partition('.md')[0]}/"
        assert [entries[0].link, entries[1]["url"]] == [page, page], name
        (guid,) = ET.fromstring(files["feed.xml"]).iter("guid")
        assert guid.attrib == {"isPermaLink": "true" if known == page else "false"}, name


def test_the_open_semester_has_a_page_and_a_feed_before_its_first_claim(tmp_path: Path) -> None:
    files = files_of(tmp_path, post("dog", semester="F2025", date="2025-11-03"))
    assert items(files, "posts/F2026/feed.json") == []
    assert "There is nothing from F2026 to read yet." in files["posts/F2026/index.md"]


def test_hostile_values_are_text(hostile: Build) -> None:
    """A reader that takes a summary for HTML, as they do, shows what was written and runs nothing."""
    root = ET.fromstring((hostile.site / "feed.xml").read_bytes())
    assert {each.tag.rpartition("}")[2] for each in root.iter()} == {
        "rss", "channel", "title", "link", "description", "language", "lastBuildDate", "item", "creator", "pubDate",
        "guid", "category",
    }  # fmt: skip
    summaries = [each.findtext("description") or "" for each in root.iter("item")]
    assert '&lt;/script&gt;&lt;script&gt;alert("summary")' in "".join(summaries)
    assert [each for each in summaries if "<" in each] == []
    links = [each.findtext("link") or "" for each in root.iter("item")]
    assert [each for each in links if not each.startswith("https://")] == []


def test_characters_that_xml_has_not_are_left_out() -> None:
    post = entry(
        "S1", "Auk", title="a\x07b\x00c\ud800d\uffffe", summary="\x0b", date="2026-01-02", page="posts/S1/auk/"
    )
    site_feeds = feeds.feeds(COURSE, [post], lambda topic: f"topics/{topic}.md")
    files = {asset.path: asset.content for asset in feeds.assets(COURSE, site_feeds, ROOT)}
    parsed = feedparser.parse(files["feed.xml"])
    assert (parsed.bozo, parsed.entries[0].title) == (False, "a b c d e")
    assert json.loads(files["feed.json"])["items"][0]["title"] == "a b c d e"


def test_a_feed_has_thirty_posts_and_not_the_oldest() -> None:
    start = dt.date(2026, 1, 1)
    posts = [
        entry("S1", f"Auk {day}", topics=("t",), date=str(start + dt.timedelta(day)), page=f"posts/S1/auk-{day}/")
        for day in reversed(range(40))
    ]
    site_feeds = feeds.feeds(COURSE, posts, lambda topic: f"topics/{topic}.md")
    assert [(each.page, len(each.posts)) for each in site_feeds] == [
        ("index.md", 30), ("posts/S1/index.md", 30), ("posts/F1/index.md", 0), ("topics/t.md", 30), ("topics/u.md", 0),
        ("topics/v.md", 0),
    ]  # fmt: skip
    assert {each.posts[0].page for each in site_feeds if each.posts} == {"posts/S1/auk-39/"}


def test_without_posts_the_feeds_are_there_and_the_same_at_any_time() -> None:
    site_feeds = feeds.feeds(COURSE, [], lambda topic: f"topics/{topic}.md" if topic == "t" else "")
    files = {asset.path: asset.content for asset in feeds.assets(COURSE, site_feeds, ROOT)}
    assert files.keys() == {
        f"{folder}feed.{kind}" for folder in ("", "posts/F1/", "topics/t/") for kind in ("xml", "json")
    }
    assert (feedparser.parse(files["feed.xml"]).bozo, json.loads(files["feed.json"])["items"]) == (False, [])
    assert b"1970" in files["feed.xml"]


# How feed readers find them


def alternates(page: Document) -> list[tuple[str, str]]:
    attributes = (each.attributes for each in page.find("link", "head"))
    return [(each["type"], each["href"]) for each in attributes if "alternate" in each.get("rel", "").split()]


@pytest.mark.parametrize(
    ("address", "folders"),
    [
        ("", [""]), ("posts", [""]), ("posts/F2026", ["posts/F2026/", ""]), ("posts/S2020", [""]),
        ("topics/operations", ["topics/operations/", ""]), ("posts/F2026/wibbleflow", [""]), ("claim", [""]),
    ],
)  # fmt: skip
def test_a_page_tells_feed_readers_of_its_feeds(sound: Build, address: str, folders: list[str]) -> None:
    here = f"/{address}/" if address else "/"
    addresses = [(kind, urljoin(here, href)) for kind, href in alternates(sound.page(address))]
    assert addresses == [
        each
        for folder in folders
        for each in (("application/rss+xml", f"/{folder}feed.xml"), ("application/feed+json", f"/{folder}feed.json"))
    ]


@pytest.mark.parametrize(
    ("address", "folder"),
    [
        ("posts", ""),
        ("posts/F2026", "posts/F2026/"),
        ("topics/operations", "topics/operations/"),
        ("topics/llmops", "topics/llmops/"),  # about which nobody has written here
    ],
)
def test_a_list_has_a_link_to_subscribe(sound: Build, address: str, folder: str) -> None:
    links = [each.attributes for each in sound.page(address).find("a")]
    subscribe = [urljoin(f"/{address}/", each["href"]) for each in links if each.get("class") == "hub-subscribe"]
    assert subscribe == [f"/{folder}feed.xml"]


def test_the_front_page_leaves_that_to_its_footer(sound: Build) -> None:
    assert [each for each in sound.page("").find("a") if each.attributes.get("class") == "hub-subscribe"] == []


def test_every_footer_leads_to_the_feed(sound: Build) -> None:
    for address in ("", "claim", "posts/F2026/wibbleflow"):
        links = [each.attributes["href"] for each in sound.page(address).find("a", "md-social")]
        assert links == [f"{ROOT}feed.xml"], address


def test_a_preview_has_no_feeds_and_no_links_to_them(preview: Build) -> None:
    assert list(preview.site.rglob("feed.*")) == []
    assert preview.mentions(b'feed.xml"') == []
    assert (preview.site / "robots.txt").read_text() == "User-agent: *\nDisallow: /\n"


# Search engines


def test_robots_learn_of_the_sitemap(sound: Build) -> None:
    assert (sound.site / "robots.txt").read_text() == f"User-agent: *\nAllow: /\n\nSitemap: {ROOT}sitemap.xml\n"


def test_the_sitemap_has_every_page_that_is_read_here_and_dates_posts_alone(sound: Build) -> None:
    space = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    urls = ET.fromstring((sound.site / "sitemap.xml").read_bytes()).findall("url", space)
    dates = {each.findtext("loc", "", space): each.findtext("lastmod", None, space) for each in urls}
    assert {address: date for address, date in dates.items() if date} == {
        address: str(front["date"]) for address, front in published(sound) if "external_url" not in front
    }
    pages = {str(path.parent.relative_to(sound.site)) for path in sound.site.rglob("index.html")}
    listed = {re.sub(f"^{ROOT}", "", address).rstrip("/") or "." for address in dates}
    assert listed == pages - {"posts/F2026/elsewherium", "progress"}  # of staff, and nobody searches for it
