"""The site as MkDocs really builds it: who gets a page, what is on it, and what a hostile post can do there (nothing)."""

import csv
import io
import json
import re
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import jsonschema
import pytest
import sites
from click.testing import CliRunner, Result
from pictures import picture
from sites import Build, Document, SharedSite

from coursehub import checks
from coursehub.cli import main
from coursehub.records import course, prior_posts
from coursehub.records.fields import FIELDS
from coursehub.text.permalink import permalink

REPOSITORY = "https://github.com/coursehub-staff/coursehub"
F2026 = "posts/F2026"
ROWS = {  # key → how the claim stands
    "claimedium": "claimed",
    "draftorama": "draft",
    "duckdb--sqlmesh": "published",
    "elsewherium": "published",
    "ocrmypdf": "published",
    "pandera": "published",
    "privatissimo": "published",
    "wibbleflow": "published",
    "withdrawnix": "withdrawn",
}
PAGES = {"duckdb--sqlmesh", "elsewherium", "ocrmypdf", "pandera", "wibbleflow"}


@pytest.fixture(scope="module")
def sound(shared_site: SharedSite) -> Build:
    return shared_site("sound")


@pytest.fixture(scope="module")
def lenient(shared_site: SharedSite) -> Build:
    """With a broken post, built without `--strict`."""
    return shared_site("lenient")


@pytest.fixture(scope="module")
def late(shared_site: SharedSite) -> Build:
    """As of a moment after the deadline, and with drafts."""
    return shared_site("late")


@pytest.fixture(scope="module")
def hostile(shared_site: SharedSite) -> Build:
    return shared_site("hostile")


def post_pages(build: Build) -> set[str]:
    return {path.parent.name for path in (build.site / F2026).glob("*/index.html")}


def search_index(build: Build) -> dict[str, dict[str, str]]:
    entries = json.loads((build.site / "search/search_index.json").read_text())["docs"]
    return {entry["location"]: entry for entry in entries}


def table(page: Document, label: str) -> list[str]:
    """The first cells' texts of the table of that name."""
    cells = [
        each for each in page.elements
        if each.tag == "td" and any(outer.attributes.get("aria-label") == label for outer in each.within)
    ]  # fmt: skip
    rows = {id(cell.within[-1]): cell for cell in reversed(cells)}
    first = {id(cell) for cell in rows.values()}
    texts: dict[int, str] = {}
    for data, element in page.texts:
        for each in (*element.within, element):
            if id(each) in first:
                texts[id(each)] = texts.get(id(each), "") + data
    return [" ".join(texts[id(cell)].split()) for cell in cells if id(cell) in first]


# A sound repository


def test_a_sound_repository_builds_strictly_without_a_warning(sound: Build) -> None:
    assert (sound.code, [line for line in sound.output.splitlines() if line.startswith(("WARNING", "ERROR"))]) == (
        0, [],
    )  # fmt: skip


def test_every_page_has_the_frame_of_the_site(sound: Build) -> None:
    """In the navigation or not, and the one for addresses that are nowhere."""
    addresses = {path.relative_to(sound.site).as_posix() for path in sound.site.rglob("*.html")}
    assert {"404.html", "index.html", "grading/index.html", f"{F2026}/wibbleflow/index.html"} <= addresses
    for address in sorted(addresses):
        page = Document.read(sound.site / address)
        policies = [
            each for each in page.find("meta") if each.attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        scripts = [
            each for each in page.find("script") if "assets/javascripts/bundle" in each.attributes.get("src", "")
        ]
        assert (len(policies), len(scripts)) == (1, 1), address
        assert page.text("md-header").startswith("Course Hub"), address
        assert "Claims" in page.text("md-tabs"), address
        assert ("Rules" in page.text("md-nav--primary")) == (address != "404.html"), address
        assert "Material for MkDocs" in page.text("footer"), address


@pytest.mark.parametrize(
    ("address", "tab"), [("grading", "For staff"), ("catalog", "Catalog"), (f"{F2026}/wibbleflow", "")]
)
def test_the_navigation_shows_which_of_its_pages_is_read(sound: Build, address: str, tab: str) -> None:
    page = sound.page(address)
    assert page.text("md-tabs__item--active") == tab
    assert bool(page.text("md-nav__link--active")) is bool(tab)


def test_every_published_post_has_its_page_and_no_other(sound: Build) -> None:
    assert post_pages(sound) == PAGES
    assert (sound.site / "posts/F2025/wibbleflow/index.html").is_file()


def test_a_posts_page_shows_its_facts_as_text(sound: Build) -> None:
    page = sound.page(f"{F2026}/wibbleflow")
    assert page.title == "Wibbleflow & friends: <em> is not enough - Course Hub"
    assert page.text("h1") == "Wibbleflow & friends: <em> is not enough"
    assert page.text("hub-lead") == "A summary of quokkas."
    assert page.text("hub-post__byline") == "By bob-example, 007 3 November 2026 1 min read"
    assert page.text("hub-chips") == "Wibbleflow F2026 MLOps, monitoring, and deployment"
    assert page.text("hub-facts").startswith(
        "Kind MLOps tool, introduction Home page Wibbleflow What the assignment asks for"
    )
    assert page.text("hub-new").startswith("What is new here It has learned to swim since.")
    assert {"href": "../../F2025/wibbleflow/"} in [each.attributes for each in page.find("a", "hub-new")]
    assert "../../F2025/wibbleflow/" in [each.attributes["href"] for each in page.find("a", "hub-body")]


def test_what_the_assignment_asked_for_leads_to_the_headings(sound: Build) -> None:
    page = sound.page(f"{F2026}/wibbleflow")
    targets = [
        each.attributes["href"].removeprefix("#")
        for each in page.find("a", "hub-facts")
        if each.attributes["href"].startswith("#")
    ]
    headings = [each.attributes["id"] for each in page.find("h2", "hub-body")]
    assert len(targets) == 3
    assert targets == headings


def test_a_task_list_keeps_its_boxes(sound: Build) -> None:
    boxes = [each.attributes for each in sound.page(f"{F2026}/wibbleflow").find("input", "hub-body")]
    assert [(box["type"], "disabled" in box, "checked" in box) for box in boxes] == [
        ("checkbox", True, True), ("checkbox", True, False),
    ]  # fmt: skip


def test_a_post_elsewhere_is_linked_and_not_repeated(sound: Build) -> None:
    page = sound.page(f"{F2026}/elsewherium")
    assert "https://www.example.org/elsewherium-post" in [each.attributes["href"] for each in page.find("a", "article")]
    assert not page.text("hub-body")


@pytest.mark.parametrize("address", ["", "posts", F2026])
def test_lists_show_the_posts_that_have_a_page(sound: Build, address: str) -> None:
    page = sound.page(address)
    links = [urljoin(f"/{address}/", each.attributes["href"]) for each in page.find("a", "hub-card__title")]
    here = {link.split("/")[-2] for link in links if link.startswith(f"/{F2026}/")}
    assert here == PAGES
    assert "Wibbleflow & friends: <em> is not enough" in page.text("article")


def test_every_semester_with_posts_has_a_page_that_lists_them(sound: Build) -> None:
    priors, _ = prior_posts.read((sites.HUB / "data/prior_posts.yaml").read_text())
    written = Counter(prior.semester for prior in priors)
    built = {path.parent.name for path in (sound.site / "posts").glob("*/index.html")}
    assert built == {*written, "F2025", "F2026"}
    for semester, count in written.items():
        assert len(table(sound.page(f"posts/{semester}"), f"Posts from {semester}")) == count, semester


def test_all_prior_posts_are_listed_with_title_and_link(sound: Build) -> None:
    """Each by the page of its semester; the catalog's has the newest fifty posts."""
    priors, _ = prior_posts.read((sites.HUB / "data/prior_posts.yaml").read_text())
    assert len(priors) == 397
    pages = {semester: sound.page(f"posts/{semester}") for semester in {prior.semester for prior in priors}}
    words = {semester: " ".join(page.text("hub-list").split()) for semester, page in pages.items()}
    assert [prior.title for prior in priors if " ".join(prior.title.split()) not in words[prior.semester]] == []
    links = {each.attributes["href"] for page in pages.values() for each in page.find("a", "hub-list")}
    assert {prior.url for prior in priors if prior.url} <= links
    assert len(table(sound.page("catalog"), "Posts")) == 50


def test_every_rule_has_an_anchor_among_the_rules(sound: Build) -> None:
    page = sound.page("rules")
    headings = {each.attributes["id"] for each in page.find("h3", "article")}
    assert headings == {rule.name for rule in checks.RULES}


def test_search_finds_posts_and_prior_posts_and_of_lists_what_they_are(sound: Build) -> None:
    index = search_index(sound)
    here = [entry for location, entry in index.items() if location.startswith(f"{F2026}/wibbleflow/")]
    assert here[0]["title"] == "Wibbleflow &amp; friends: &lt;em&gt; is not enough"
    assert "Quokkasentence" in " ".join(entry["text"] for entry in here)
    priors, _ = prior_posts.read((sites.HUB / "data/prior_posts.yaml").read_text())
    for prior in priors:
        place = f"posts/{prior.semester}/"
        listed = " ".join(entry["text"] for location, entry in index.items() if location.startswith(place))
        assert " ".join(prior.title.split()) in " ".join(unescape(listed).split())
    lists = ("posts/", "claims/", "catalog/", "needs-comment/", f"{F2026}/", "posts/F2025/")
    entries = {location: entry for location, entry in index.items() if location.partition("#")[0] in lists}
    assert {location: entry["text"].count("<p>") for location, entry in entries.items()} == {
        "posts/": 1, "claims/": 2, "catalog/": 1, "needs-comment/": 1, f"{F2026}/": 1, "posts/F2025/": 1,
    }  # fmt: skip
    assert "Posts are due Fri 4 December 2026, 23:59." in entries["claims/"]["text"]


def test_no_page_shows_front_matter_raw(sound: Build) -> None:
    fields = {f"{name}:" for name in FIELDS}
    for path in sound.site.rglob("*.html"):
        lines = [data for data, each in Document.read(path).texts if not each.is_in("pre") and each.tag != "code"]
        shown = [line for line in "".join(lines).splitlines() if line.strip().partition(" ")[0] in fields]
        assert shown == [], path
        assert "".join(lines).count("\n---\n") == 0, path
    texts = [entry["text"] for location, entry in search_index(sound).items() if location.startswith("posts/")]
    assert [text for text in texts if "authors:" in text or "tool_url:" in text] == []


def test_no_page_shows_a_fence_in_place_of_its_code(sound: Build) -> None:
    """As where a step of a list is not indented as far as Python-Markdown wants; one page shows fences on purpose."""
    shown = [path for path in sound.mentions(b"```") if path.endswith(".html")]
    assert shown == ["markdown/index.html"]


def test_claims_as_json_follow_their_schema(sound: Build) -> None:
    api = sound.site / "api"
    claims = json.loads((api / "claims.json").read_text())
    schema = json.loads((api / "claims.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(claims, schema)
    assert {row["key"]: row["standing"] for row in claims["claims"]} == ROWS
    del claims["claims"][0]["key"]
    with pytest.raises(jsonschema.ValidationError, match="'key' is a required property"):
        jsonschema.validate(claims, schema)


def test_claims_as_csv_are_the_rows_of_the_json(sound: Build) -> None:
    api = sound.site / "api"
    claims = json.loads((api / "claims.json").read_text())["claims"]
    flat = [
        {name: "; ".join(value) if isinstance(value, list) else value or "" for name, value in row.items()}
        for row in claims
    ]
    assert list(csv.DictReader(io.StringIO((api / "claims.csv").read_text()))) == flat


# Who has no page


def test_claims_drafts_and_the_like_have_no_text_on_the_site(sound: Build) -> None:
    """Only the board's data have the working titles; of a private post there is the claim and nothing more."""
    assert set(sound.mentions(b"Zygote")) <= {"api/claims.json", "api/claims.csv", "assets/free.json"}
    assert sound.mentions(b"zygote") == []
    for text in (b"Zygote behind doors", b"Zygote text", b"Zygote summary", b"Zygote notes", b"Zygote section"):
        assert sound.mentions(text) == [], text


def test_claims_stand_on_the_board_and_on_the_semesters_page(sound: Build) -> None:
    board = sound.page("claims")
    assert table(board, "Claims") == [
        "Claimedium", "Draftorama", "DuckDB + SQLMesh", "Elsewherium", "OCRmyPDF", "Pandera", "Privatissimo",
        "Wibbleflow", "Withdrawnix",
    ]  # fmt: skip
    assert table(sound.page(F2026), "Claims") == ["Claimedium", "Draftorama", "Privatissimo"]
    links = [each.attributes["href"] for each in board.find("a", "hub-list")]
    assert {link.split("/")[-2] for link in links if link.startswith("../posts/")} == PAGES


def test_drafts_are_shown_to_who_asks_for_them(late: Build) -> None:
    assert post_pages(late) == PAGES | {"draftorama"}
    assert late.page(f"{F2026}/draftorama").text("h1") == "Zygote of a draft"
    assert (late.site / F2026 / "draftorama/zygote.png").is_file()
    assert "Draftorama" not in table(late.page(F2026), "Claims")


def test_a_claim_expires_as_of_the_moment_that_is_given(sound: Build, late: Build) -> None:
    assert "2 overdue" in late.page("claims").text("hub-counts")
    assert "overdue" not in sound.page("claims").text("article")
    rows = json.loads((late.site / "api/claims.json").read_text())["claims"]
    assert {row["key"] for row in rows if row["standing"] == "expired"} == {"claimedium", "draftorama"}


# A broken post


BROKEN = "posts/F2026/brokenia.md:9:7: “date” is “Dec 4, 2026” (wrong-type)"


def test_an_error_fails_a_strict_build_at_its_place(shared_site: SharedSite) -> None:
    strict = shared_site("strict")
    assert strict.code != 0
    warnings = [line for line in strict.output.splitlines() if line.startswith("WARNING")]
    assert [BROKEN in line for line in warnings] == [True, False]
    assert ("posts/F2026/notes.txt:1:1:" in warnings[1], "(stray-file)" in warnings[1]) == (True, True)
    assert strict.mentions(b"Axolotl") == []


def test_an_error_is_told_where_the_build_goes_on(lenient: Build) -> None:
    assert lenient.code == 0
    assert BROKEN in lenient.output


def test_a_broken_post_is_nowhere_on_the_site(lenient: Build) -> None:
    assert lenient.mentions(b"Axolotl") == []
    assert lenient.mentions(b"axolotl") == []
    assert post_pages(lenient) == PAGES


def test_a_broken_post_still_holds_its_claim(lenient: Build) -> None:
    assert "Brokenia" in table(lenient.page("claims"), "Claims")
    rows = json.loads((lenient.site / "api/claims.json").read_text())["claims"]
    assert {row["key"] for row in rows} == {*ROWS, "brokenia"}


@pytest.mark.slow
def test_a_broken_course_stops_every_build_at_its_place(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    sites.copy(root)
    sites.edit(root / "data/course.yaml", "open_semester: F2026", "open_semester: F2026\nopen_semester: F2062")
    built = sites.build(root)
    assert built.code != 0
    assert "data/course.yaml:7:1: this name is given again: open_semester, first in line 6" in built.output
    assert "Traceback" not in built.output
    assert not built.site.exists()


# Links and files


@pytest.mark.parametrize(
    ("address", "source"),
    [
        (f"{F2026}/wibbleflow", f"{F2026}/wibbleflow.md"),
        ("posts/F2025/wibbleflow", "posts/F2025/wibbleflow.md"),
        ("rubric", "docs/rubric.md"),
    ],
)
def test_a_page_links_to_its_source(sound: Build, address: str, source: str) -> None:
    edits = [each.attributes["href"] for each in sound.page(address).find("a") if each.attributes.get("rel") == "edit"]
    assert edits == [f"{REPOSITORY}/edit/main/{source}"]
    assert (Path(sound.root) / source).is_file()


@pytest.mark.parametrize("address", ["", "posts", F2026, "claims", "catalog", "numbers", "statistics", "tools/airflow"])
def test_no_blank_stands_before_a_comma_or_the_like_of_a_made_page(sound: Build, address: str) -> None:
    text = sound.page(address).text("article")
    assert [mark for mark in (" , ", " . ", " ; ", " : ") if mark in text] == []


def test_a_made_page_has_no_source_to_edit(sound: Build) -> None:
    for address in ("", "posts", F2026, "claims", "catalog", "rules", "numbers", "claim"):
        assert [each for each in sound.page(address).find("a") if "/edit/" in each.attributes.get("href", "")] == []


def test_pictures_of_posts_are_copied_and_nothing_else(sound: Build, lenient: Build) -> None:
    real = {
        f"{F2026}/{path.parent.name}/{path.name}"
        for path in (sites.HUB / F2026).glob("*/*")
        if path.parent.name in PAGES
        and f"{path.parent.name}/{path.name}" in (path.parent.with_suffix(".md")).read_text()
    }
    assert real
    for build in (sound, lenient):
        generated = ("/index.html", "/feed.xml", "/feed.json")
        copied = {path for path in build.files() if path.startswith("posts/") and not path.endswith(generated)}
        assert copied == real | {f"{F2026}/wibbleflow/chart.png"}
    assert (sound.site / F2026 / "wibbleflow/chart.png").read_bytes() == picture("png 40x30")


def broken_links(site: Path) -> list[str]:
    """Links and files of every page that lead nowhere, and anchors that are not there."""
    documents = {path: Document.read(path) for path in site.rglob("*.html") if path.name != "404.html"}
    broken = []
    for path, document in documents.items():
        here = "/" + str(path.relative_to(site)).removesuffix("index.html")
        for each in document.elements:
            target = each.attributes.get("src" if each.tag in ("img", "script") else "href", "")
            parts = urlsplit(urljoin(here, target))
            if not target or parts.scheme:
                continue
            file = site / unquote(parts.path).lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            is_there = file.is_file() and (
                not parts.fragment or parts.fragment.startswith("__") or unquote(parts.fragment) in documents[file].ids
            )
            broken += [] if is_there else [f"{here} → {target}"]
    return broken


def test_every_internal_link_and_anchor_leads_somewhere(sound: Build, late: Build) -> None:
    assert broken_links(sound.site) == []
    assert broken_links(late.site) == []


def test_the_link_checker_follows_the_whole_site(sound: Build) -> None:
    checked = check_links(sound.site)
    assert (checked.exit_code, checked.output) == (0, "0 broken links within the site.\n")


@pytest.mark.slow
def test_the_link_checker_finds_a_broken_link(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<a href="there.html">there</a><a href="1.html">one</a>')
    (tmp_path / "there.html").write_text(
        '<a href="gone.html">gone</a><a href="http://[::1/">no address</a><a href="lost.html?tool=Kedro">lost</a>'
    )
    for number in range(1, 8):
        (tmp_path / f"{number}.html").write_text(f'<a href="{number + 1}.html">next</a><a href="all.html">all</a>')
    checked = check_links(tmp_path)
    assert (checked.exit_code, checked.output.splitlines()) == (1, [
        "/8.html (404 File not found) on /7.html",
        "/all.html (404 File not found) on /1.html, /2.html, /3.html, /4.html, /5.html and 2 pages more",
        "/gone.html (404 File not found) on /there.html",
        "/lost.html?tool=Kedro (404 File not found) on /there.html",
        "http://[::1/ (Invalid IPv6 URL) on /there.html",
        "5 broken links within the site.",
    ])  # fmt: skip


def check_links(site: Path) -> Result:
    return CliRunner().invoke(main, ["links", "check", str(site)])


def test_two_builds_of_the_same_are_the_same_bytes(sound: Build, shared_site: SharedSite) -> None:
    """With another hash seed, time zone and locale. Only the packed sitemap has the time of its making."""
    one, other = (build.files() for build in (sound, shared_site("again")))
    assert one.keys() == other.keys()
    assert {path for path in one if one[path] != other[path]} <= {"sitemap.xml", "sitemap.xml.gz"}


# A hostile post


RUNNING = frozenset({
    "applet", "base", "button", "embed", "form", "frame", "iframe", "link", "meta", "object", "script", "select",
    "style", "template", "textarea",
})  # fmt: skip
NAVIGATING = ("href", "src", "action", "formaction", "xlink:href", "srcdoc", "data", "poster", "background", "srcset")
POSTS = [f"{F2026}/hostile", f"{F2026}/hostile2"]
LISTS = ["", "posts", F2026, "claims", "catalog", "posts/S2020"]
TITLE = '</title></script><script>alert("title")</script><img src=x onerror=alert(1)> {{ 7 * 7 }} Hostilium'


def test_a_hostile_post_is_published_so_that_these_tests_see_it(hostile: Build) -> None:
    assert (hostile.code, "blocking: 0" in hostile.output) == (0, True)
    page = hostile.page(POSTS[0])
    assert "Harmless words come first" in page.text("hub-body")
    assert page.text("h1") == TITLE
    assert page.title == f"{TITLE} - Course Hub"


@pytest.mark.parametrize("address", POSTS)
def test_nothing_in_a_hostile_article_can_run_or_load(hostile: Build, address: str) -> None:
    page = hostile.page(address)
    inside = [each for each in page.elements if each.is_in("article")]
    assert [each.tag for each in inside if each.tag in RUNNING] == []
    assert [each for each in inside for name in each.attributes if name.startswith("on") or name == "style"] == []
    targets = [(name, each.attributes[name]) for each in inside for name in NAVIGATING if name in each.attributes]
    schemes = {urlsplit(target).scheme for name, target in targets if name == "href"}
    assert schemes <= {"", "https"}
    assert [target for name, target in targets if name == "src" and urlsplit(target).netloc] == []
    assert {name for name, _ in targets} <= {"href", "src"}
    body = [each for each in inside if each.is_in("hub-body")]
    assert [each.tag for each in body if each.tag in ("svg", "video", "audio", "noscript")] == []
    classes = [name for each in body for name in each.attributes.get("class", "").split()]
    assert [name for name in classes if name.startswith(("md-", "hub-", "js-"))] == []
    inputs = [each.attributes.get("type") for each in body if each.tag == "input"]
    assert [kind for kind in inputs if kind != "checkbox"] == []


@pytest.mark.parametrize("address", POSTS + LISTS)
def test_the_rest_of_the_page_is_what_the_theme_makes_of_any_post(hostile: Build, sound: Build, address: str) -> None:
    """As many elements of each kind that could run or load as on a harmless page; and no handler anywhere."""
    page = hostile.page(address)
    harmless = sound.page("posts/F2025/wibbleflow" if address in POSTS else address)  # which has no picture either

    def risky(document: Document) -> Counter[str]:
        return Counter(each.tag for each in document.elements if each.tag in RUNNING and each.tag != "link")

    assert risky(page) == risky(harmless)
    assert [each for each in page.elements for name in each.attributes if name.startswith("on")] == []
    around = [each for each in page.elements if each.tag == "img" and not each.is_in("hub-body")]
    on_cards = [each for each in around if each.is_in("hub-card__picture") or each.is_in("hub-wall")]
    assert around == on_cards
    assert [each for each in on_cards if not re.match(r"[./]+/assets/pictures/", each.attributes["src"])] == []
    assert [data for data, each in page.texts if each.tag == "style" and "display:none" in data] == []
    assert [each for each in page.find("a") if "script:" in each.attributes.get("href", "").lower()] == []


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("", TITLE),
        ("posts", TITLE),
        (F2026, TITLE),
        (F2026, '"><script>alert("second")</script> Hostilium elsewhere'),
        (F2026, "<img src=x onerror=alert(37)> Zorkissimo"),
        ("claims", "<b onclick=alert(4)>Zork</b>"),
        ("posts/S2020", "<img src=x onerror=alert(90)> Hostilium before"),
        ("posts/S2020", "<img src=x onerror=alert(91)>"),
    ],
    ids=lambda value: None if value in LISTS else value[-20:],
)
def test_lists_show_hostile_values_as_text(hostile: Build, address: str, shown: str) -> None:
    assert shown in hostile.page(address).text("article")


def test_data_for_machines_hold_hostile_values_as_data(hostile: Build) -> None:
    page = hostile.page(POSTS[0])
    (block,) = [
        data for data, each in page.texts if each.tag == "script" and "ld+json" in each.attributes.get("type", "")
    ]
    assert json.loads(block)["headline"] == TITLE
    metas = {each.attributes.get("property"): each.attributes.get("content") for each in page.find("meta")}
    assert metas["og:title"] == TITLE


def test_search_has_hostile_titles_escaped(hostile: Build) -> None:
    """The search box shows titles and texts as HTML."""
    for location, entry in search_index(hostile).items():
        document = Document()
        document.feed(f"<html>{entry['title']} {entry['text']}</html>")
        risky = [each.tag for each in document.elements if each.tag in RUNNING | {"img", "svg"}]
        assert risky == [], location
        assert [name for each in document.elements for name in each.attributes if name.startswith("on")] == [], location
    titles = [unescape(entry["title"]) for entry in search_index(hostile).values()]
    assert TITLE in titles


def test_the_fixture_posts_are_named_as_their_pages(sound: Build) -> None:
    """`page.url`, by which lists link, is where MkDocs puts a post."""
    for key in PAGES:
        assert (sound.site / permalink(f"{F2026}/{key}.md") / "index.html").is_file()
    assert course.read((Path(sound.root) / course.PATH).read_text())[0] is not None
