"""A post's page for readers and for machines: as MkDocs builds it, and as records where that is all there is to see."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sites
import trees
from sites import Build, Document, SharedSite

from coursehub import site
from coursehub.records import repository
from coursehub.records.post import Post
from coursehub.records.prior_posts import PriorPost
from coursehub.site.cards import prior_row
from coursehub.site.front_matter import PostView, with_pages
from coursehub.site.pages.post_page import parts
from coursehub.site.subjects import Subjects

SITE = "https://coursehub-staff.github.io/coursehub/"
WOMBAT = "posts/F2026/quokka-db--wombat"
VIDEO = "posts/F2026/zebratube"
ELSEWHERE = "posts/F2026/yakpost"
MEDIUM = "https://medium.com/@cleo/yakpost?source=a&page=2"


@pytest.fixture(scope="module")
def built(shared_site: SharedSite) -> Build:
    return shared_site("reading")


def links(page: Document, within: str) -> list[str]:
    return [each.attributes["href"] for each in page.find("a", within)]


def canonical(page: Document) -> list[str]:
    return [each.attributes["href"] for each in page.find("link") if each.attributes.get("rel") == "canonical"]


def linked_data(page: Document) -> dict[str, Any]:
    (block,) = [data for data, each in page.texts if each.attributes.get("type") == "application/ld+json"]
    data: dict[str, Any] = json.loads(block)
    return data


def test_the_site_is_built_strictly(built: Build) -> None:
    assert (built.code, [line for line in built.output.splitlines() if line.startswith(("WARNING", "ERROR"))]) == (
        0,
        [],
    )


# For readers


def test_tools_topic_semester_and_authors_lead_to_their_pages(built: Build) -> None:
    page = built.page(WOMBAT)
    assert links(page, "hub-chips") == [
        "../../../tools/quokkadb/", "../../../tools/wombat/", "../", "../../../topics/versioning/",
    ]  # fmt: skip
    assert links(page, "hub-post__byline") == ["../../../authors/ada-example/", "../../../authors/bob-example/"]


def test_a_post_begins_with_its_text_and_what_is_known_about_it_comes_after(built: Build) -> None:
    page = built.page(WOMBAT)
    parts = (
        "hub-lead",
        "hub-post__byline",
        "hub-chips",
        "hub-contents",
        "hub-body",
        "hub-margin",
        "hub-next",
        "hub-comments",
    )
    seen = [part for each in page.elements for part in parts if part in each.attributes.get("class", "").split()]
    assert tuple(seen) == parts
    assert links(page, "hub-facts") == [
        "https://example.org/quokkadb", "https://example.org/wombat", "#the-problem", "#the-example", "#the-limits",
        "https://example.org/evidence",
    ]  # fmt: skip


def test_below_the_text_one_reads_on(built: Build) -> None:
    page = built.page(WOMBAT)
    beginning = "Read on More on Quokka DB + Wombat QuokkaDB, a first look by Ada-Example · F2025 More on Data and model versioning"
    assert page.text("hub-next").startswith(beginning)
    assert 'Also from F2026 Zebratube, as a "film" & more by cleo-example “Gone' in page.text("hub-next")
    addresses = links(page, "hub-next")
    assert addresses[0] == "../../F2025/quokkadb/"
    assert [each for each in addresses[2:] if each.startswith("https://")] == []
    assert addresses[-1] == "../../../needs-comment/"
    assert "../../../needs-comment/" not in links(
        built.page("posts/F2025/quokkadb"), "hub-next"
    )  # that semester is over


def test_a_post_leads_to_its_history_and_to_where_it_is_edited(built: Build) -> None:
    github = "https://github.com/coursehub-staff/coursehub"
    assert links(built.page(WOMBAT), "hub-after") == [
        f"{github}/edit/main/{WOMBAT}.md", f"{github}/commits/main/{WOMBAT}.md",
    ]  # fmt: skip


def test_a_post_can_be_cited(built: Build) -> None:
    entry = "".join(data for data, each in built.page(WOMBAT).texts if each.tag == "code" and each.is_in("hub-cite"))
    assert entry.splitlines() == [
        "@misc{quokka-db--wombat-F2026,",
        "  author = {{ada-example} and {bob-example}},",
        r"  title = {{50 \% less \textbraceleft{}waiting\textbraceright{}: Quokka \& Wombat}},",
        "  year = {2026},",
        "  month = nov,",
        "  howpublished = {Machine Learning in Production, F2026},",
        f"  url = {{{SITE}{WOMBAT}/}},",
        "}",
    ]


@pytest.mark.parametrize(
    ("address", "summary", "buttons"),
    [
        (ELSEWHERE, "It is read elsewhere.", {"Read the post on medium.com": MEDIUM}),
        (VIDEO, "Ten minutes on stripes.", {
            "Watch it on youtube.com": "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10",
            "Archived copy": "https://web.archive.org/web/2026/https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        }),
    ],
)  # fmt: skip
def test_a_post_elsewhere_shows_its_summary_host_and_links(
    built: Build, address: str, summary: str, buttons: dict[str, str]
) -> None:
    page = built.page(address)
    assert page.text("hub-lead") == summary
    assert next(iter(buttons)).rpartition(" ")[2] in page.text("hub-post__byline")
    texts = [" ".join(data.split()) for data, each in page.texts if each.tag == "a" and each.is_in("hub-actions")]
    assert dict(zip(texts, links(page, "hub-actions"), strict=True)) == buttons


def test_the_text_beside_a_link_is_shown_below_it_and_found(built: Build) -> None:
    page = built.page(VIDEO)
    assert page.text("hub-body").startswith("Transcript")
    assert "Stripes are all we talk about." in page.text("hub-body")
    assert [each.attributes["src"] for each in page.find("img", "hub-body")] == ["stripes.png"]
    assert (built.site / "posts/F2026/zebratube/stripes.png").exists()
    assert not built.page(ELSEWHERE).text("hub-body")  # which has none
    entries = json.loads((built.site / "search/search_index.json").read_text())["docs"]
    (entry,) = [each for each in entries if each["location"] == f"{VIDEO}/#transcript"]
    assert "talk about" in entry["text"]


def test_a_page_with_a_video_frames_nothing_by_itself(built: Build) -> None:
    page = built.page(VIDEO)
    (box,) = [each for each in page.elements if each.attributes.get("class", "").startswith("hub-video ")]
    assert "hidden" in box.attributes  # without JavaScript, the link remains
    assert box.attributes["data-hub-video"].startswith("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?")
    assert "YouTube (www.youtube-nocookie.com), which will see your network (IP) address" in page.text("hub-video")
    assert [each for each in page.elements if each.tag == "iframe"] == []
    assert [each for each in page.find("link") if "preconnect" in each.attributes.get("rel", "")] == []
    assert "hub-video" not in built.page(ELSEWHERE).text("article")
    assert not built.page(ELSEWHERE).text("hub-video")


def test_a_post_that_is_gone_elsewhere_leads_to_a_copy(tmp_path: Path) -> None:
    fixture = (sites.FIXTURES / "reading.txt").read_text()
    data = "".join(f"=== data/{path.name}\n{path.read_text()}" for path in (sites.HUB / "data").iterdir())
    trees.write(trees.parse(data + fixture), tmp_path)
    built = site.build(repository.load(tmp_path), site.SiteInputs(dead=frozenset({MEDIUM})))
    (view,) = [page.meta.post for page in built.pages if page.path == f"{ELSEWHERE}.md"]
    assert view
    assert (view.is_gone, view.external_url) == (True, MEDIUM)
    assert view.archived == f"https://web.archive.org/web/2026/{MEDIUM}"


def view_of(root: Path, **fields: str) -> PostView:
    """The page of a post with these fields, of a site that has no address."""
    front = {
        "title": "Auk", "authors": "octocat", "option": "mlops-tool", "tool": "Auk", "semester": "F2026",
        "status": "published", "date": "2026-11-03", "summary": "Short.", **fields,
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\n" for name, value in front.items())
    trees.write(trees.parse(f"{trees.COURSE}=== posts/F2026/auk.md\n---\n{lines}---\nWords.\n"), root)
    built = site.build(repository.load(root), site.SiteInputs())
    return next(page.meta.post for page in built.pages if page.meta.post)


@pytest.mark.parametrize(
    ("form", "address", "verb"),
    [
        ("introduction", "https://medium.com/auk", "Read the post"),
        ("introduction", "https://youtu.be/dQw4w9WgXcQ", "Watch it"),
        ("video", "https://tube.example/auk", "Watch it"),
        ("podcast", "https://radio.example/auk", "Listen to it"),
        ("podcast", "https://youtu.be/dQw4w9WgXcQ", "Listen to it"),
    ],
)
def test_the_button_says_what_is_done_there(tmp_path: Path, form: str, address: str, verb: str) -> None:
    assert view_of(tmp_path, format=form, external_url=address).verb == verb


@pytest.mark.parametrize(
    ("archived", "shown"),
    [
        ("https://web.archive.org/web/2026/https://medium.com/auk", "https://web.archive.org/web/2026/https://medium.com/auk"),
        ("javascript:alert(1)", ""),
        ("//evil.example/", ""),
    ],
)  # fmt: skip
def test_only_a_web_address_is_linked_as_a_copy(tmp_path: Path, archived: str, shown: str) -> None:
    assert view_of(tmp_path, external_url="https://medium.com/auk", archived=f'"{archived}"').archived == shown
    subjects = Subjects(repository.load(tmp_path), ())
    prior = PriorPost("Auk", ("Auk",), "mlops-tool", "F2025", "https://medium.com/auk", archived=archived)
    assert prior_row(subjects, prior).archived == shown


def test_a_preview_can_lead_every_link_to_a_file(built: Build) -> None:
    pages = site.build(repository.load(Path(built.root)), site.SiteInputs()).pages
    view = next(page.meta.post for page in pages if page.path == f"{WOMBAT}.md")
    assert view
    addresses = [*page_addresses(msgspec.to_builtins(view))]
    assert {"posts/F2026/", "tools/wombat/", "topics/versioning/", "authors/bob-example/"} < {*addresses}
    assert "posts/F2025/quokkadb/" in addresses
    relinked = with_pages(view, lambda address: f"{address}index.html" if address else "")
    files = [f"{address}index.html" if address else "" for address in addresses]
    assert [*page_addresses(msgspec.to_builtins(relinked))] == files


def page_addresses(value: Any) -> Iterator[str]:
    """All values named `page` or `…_page`, however deep."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from [each] if name.endswith("page") else page_addresses(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from page_addresses(each)


def test_of_headings_with_one_name_the_first_is_meant(built: Build) -> None:
    option = next(each for each in repository.load(Path(built.root)).course.now.options if len(each.requirements) > 2)
    names = ["The limits", "Where & how", "No such heading"]
    text = "## Another\n\n## The limits\n\n## The limits\n\n## Where &amp; *how*"
    covers = dict(zip((each.id for each in option.requirements), names, strict=False))
    post = Post("posts/F2026/a.md", known_body=text, covers=covers)
    assert [(part.heading, part.id) for part in parts(option, post)] == list(
        zip(names, ["the-limits", "where--how", ""], strict=True)
    )


def test_people_are_called_by_the_names_they_give(built: Build) -> None:
    page = built.page(ELSEWHERE)
    name = "Dora <Do> Example"
    assert page.text("hub-post__byline") == f"By {name} 7 November 2026 on medium.com"
    assert [each["name"] for each in linked_data(page)["author"]] == [name]
    assert [each["url"] for each in linked_data(page)["author"]] == ["https://github.com/dora-example"]
    assert "author = {Dora \\textless{}Do\\textgreater{} Example}," in page.text("hub-cite")
    (meta,) = [each.attributes["content"] for each in page.find("meta") if each.attributes.get("name") == "author"]
    assert meta == name
    feed = json.loads((built.site / "posts/F2026/feed.json").read_text())
    (item,) = [item for item in feed["items"] if item["title"] == "Yakpost elsewhere"]
    assert item["authors"] == [{"name": name, "url": "https://github.com/dora-example"}]
    assert name in built.page("posts").text("hub-card__meta")


def test_an_authors_page_has_their_name_and_the_line_they_wrote(built: Build) -> None:
    page = built.page("authors/dora-example")
    assert page.text("h1") == "Dora <Do> Example"
    assert page.text("hub-subject__bio") == "Keeps yaks & counts them."
    assert "by Dora <Do> Example" in built.page(VIDEO).text("hub-next")
    assert page.text("hub-subject").endswith("1 post here · dora-example on GitHub")
    assert not built.page("authors/bob-example").text("hub-subject__bio")


# For machines


@pytest.mark.parametrize(
    ("address", "expected"),
    [(WOMBAT, f"{SITE}{WOMBAT}/"), (ELSEWHERE, MEDIUM), (VIDEO, "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10")],
)
def test_the_canonical_address_is_where_the_post_is_read(built: Build, address: str, expected: str) -> None:
    assert canonical(built.page(address)) == [expected]
    assert linked_data(built.page(address))["url"] == expected


def test_sitemap_and_search_know_the_pages_that_are_here(built: Build) -> None:
    sitemap = ET.fromstring((built.site / "sitemap.xml").read_bytes())
    addresses = {each.text for each in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    wanted = (WOMBAT, "tools/quokkadb", "topics/versioning", "authors/ada-example", "tools")
    assert {f"{SITE}{address}/" for address in wanted} <= addresses
    assert {f"{SITE}{address}/" for address in (ELSEWHERE, VIDEO)} & addresses == set()  # they are pages of others
    assert [address for address in addresses if not (address or "").startswith(SITE)] == []
    entries = json.loads((built.site / "search/search_index.json").read_text())["docs"]
    by_location = {entry["location"]: entry for entry in entries}
    assert (by_location[f"{ELSEWHERE}/"]["title"], by_location["tools/quokkadb/"]["title"]) == (
        "Yakpost elsewhere",
        "QuokkaDB",
    )
    subjects = [at for at in by_location if re.match(r"(?:tools|topics|authors)/\w", at)]
    assert [at for at in subjects if "<p>" in by_location[at]["text"].replace("<p>Also called", "") or "#" in at] == []


def test_linked_data_tell_what_the_page_tells(built: Build) -> None:
    assert linked_data(built.page(WOMBAT)) == {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": "50 % less {waiting}: Quokka & Wombat",
        "description": "Two of them together.",
        "datePublished": "2026-11-05",
        "author": [
            {"@type": "Person", "name": login, "url": f"https://github.com/{login}"}
            for login in ("ada-example", "bob-example")
        ],
        "url": f"{SITE}{WOMBAT}/",
        "mainEntityOfPage": f"{SITE}{WOMBAT}/",
        "about": [
            {"@type": "Thing", "name": "Quokka DB", "url": "https://example.org/quokkadb"},
            {"@type": "Thing", "name": "Wombat", "url": "https://example.org/wombat"},
        ],
        "articleSection": ["Data and model versioning, experimentation"],
        "timeRequired": "PT1M",
        "publisher": {"@type": "Organization", "name": "Machine Learning in Production", "url": SITE},
        "isPartOf": {"@type": "Blog", "name": "Machine Learning in Production", "url": SITE},
    }
    assert "publisher" not in linked_data(built.page(ELSEWHERE))


def test_open_graph_tells_what_the_page_tells(built: Build) -> None:
    metas = {each.attributes.get("property") or each.attributes.get("name"): each.attributes.get("content")
             for each in built.page(WOMBAT).find("meta")}  # fmt: skip
    expected = {
        "og:type": "article",
        "og:title": "50 % less {waiting}: Quokka & Wombat",
        "og:description": "Two of them together.",
        "og:url": f"{SITE}{WOMBAT}/",
        "article:published_time": "2026-11-05",
        "author": "ada-example, bob-example",
    }
    assert {name: metas.get(name) for name in expected} == expected
