"""The preview as its reader opens it: by double click, so from disk, where browsers forbid much."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import sites
from conftest import listening, settled
from sites import Build, Document

if TYPE_CHECKING:
    from playwright.sync_api import Page

DRAFT = "posts/F2026/draftorama.html"
PUBLISHED = "https://coursehub-staff.github.io/coursehub/"


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return sites.shared(tmp_path_factory, "preview")


@pytest.fixture(scope="module")
def documents(preview: Build) -> dict[Path, Document]:
    return {path: Document.read(path) for path in preview.site.rglob("*.html")}


@pytest.fixture
def reader(page: "Page") -> Iterator["Page"]:
    """Somebody to whom no page may complain, and whose browser may load nothing but files that are there."""
    heard: list[str] = []
    with listening(
        page,
        console=lambda each: heard.append(f"{each.type}: {each.text}"),
        requestfailed=lambda each: heard.append(f"failed: {each.url}"),
        request=lambda each: re.match("file:|data:|blob:", each.url) or heard.append(each.url),
    ):
        yield page
        settled(page)
        assert heard == []


def test_it_builds_strictly_with_drafts(preview: Build) -> None:
    assert preview.code == 0, preview.output
    assert "WARNING" not in preview.output
    assert "--strict" in preview.output
    assert (preview.site / DRAFT).is_file()
    assert not Path(preview.root, "site").exists()


def test_every_link_names_a_file_and_every_anchor_is_there(documents: dict[Path, Document]) -> None:
    wrong, followed = [], 0
    for path, document in documents.items():
        for each in document.elements:
            target = each.attributes.get("src" if each.tag in ("img", "script") else "href", "")
            where = urlsplit(urljoin(path.as_uri(), target))
            if not target or where.scheme not in ("file", ""):
                continue
            followed += 1
            file = Path(unquote(where.path))
            anchor = unquote(where.fragment)
            is_there = file.is_file() and (
                not anchor or anchor.startswith("__") or (file in documents and anchor in documents[file].ids)
            )
            wrong += [] if is_there else [f"{path.name} → {target}"]
    assert wrong == []
    assert followed > 500


def test_every_page_says_that_it_is_a_preview(documents: dict[Path, Document]) -> None:
    for path, document in documents.items():
        banner = [text for text, element in document.texts if element.is_in("md-banner")]
        assert " ".join("".join(banner).split()) == "Preview: not published", path
        metas = [each.attributes for each in document.elements if each.tag == "meta"]
        assert [each["content"] for each in metas if each.get("name") == "robots"] == ["noindex"], path
        links = [each.attributes.get("rel") for each in document.elements if each.tag == "link"]
        assert "canonical" not in links, path
    assert len(documents) > 20


def test_a_published_page_says_nothing_of_a_preview(tmp_path_factory: pytest.TempPathFactory) -> None:
    site = sites.shared(tmp_path_factory, "sound").site
    pages = {path: path.read_text() for path in site.rglob("*.html")}
    assert [path for path, text in pages.items() if "md-banner" in text] == []
    assert [path.parent.name for path, text in pages.items() if "noindex" in text] == ["progress"]  # which staff read
    assert [path for path, text in pages.items() if "worker.js" in text] == []
    assert not (site / "assets/iframe-worker.js").exists()


def test_a_reader_goes_through_it(reader: "Page", preview: Build) -> None:
    reader.goto((preview.site / "index.html").as_uri())
    reader.locator(".hub-card__title").get_by_role("link", name="Zygote of a draft").click()
    reader.wait_for_url(f"**/preview/{DRAFT}")
    assert reader.inner_text("h1") == "Zygote of a draft"
    picture = reader.locator(".hub-body img")
    reader.wait_for_function("each => each.complete", arg=picture.element_handle())
    assert picture.evaluate("each => each.naturalWidth") > 100
    reader.go_back()
    reader.locator(".md-tabs").get_by_role("link", name="Claims").click()
    reader.locator(".hub-list").get_by_role("link", name="Wibbleflow").click()
    reader.wait_for_url("**/preview/posts/F2026/wibbleflow.html")
    reader.locator(".hub-new").get_by_role("link", name="Wibbleflow, a year ago").click()
    reader.wait_for_url("**/preview/posts/F2025/wibbleflow.html")
    reader.locator(".hub-chips").get_by_role("link", name="F2025").click()
    reader.wait_for_url("**/preview/posts/F2025/index.html")
    reader.get_by_role("link", name="Course Hub").first.click()
    reader.wait_for_url("**/preview/index.html")


def test_search_finds_a_draft(reader: "Page", preview: Build) -> None:
    reader.goto((preview.site / "claims/index.html").as_uri())
    reader.keyboard.press("/")
    reader.keyboard.type("zygote section")
    reader.locator(".md-search-result__link", has_text="Zygote of a draft").click()
    reader.wait_for_url(f"**/preview/{DRAFT}?*")


@pytest.mark.parametrize("address", ["index.html", "claims/index.html"])
def test_is_it_free_is_on_the_published_site(reader: "Page", preview: Build, address: str) -> None:
    reader.goto((preview.site / address).as_uri())
    box = reader.locator(".hub-free")
    assert box.locator("input:visible").count() == 0
    assert "Ask on the published site" in box.inner_text()
    assert box.get_by_role("link", name="the published site").get_attribute("href") == PUBLISHED


def test_the_catalog_is_a_plain_table(reader: "Page", preview: Build) -> None:
    """Its search is a module and loads a file, and from disk a browser does neither."""
    reader.goto((preview.site / "catalog.html").as_uri())
    assert reader.locator(".hub-list tbody tr:visible").count() == 50
    reader.get_by_text("These are the newest 50.").get_by_role("link", name="F2020").click()
    reader.get_by_role("link", name="Kubeflow").first.wait_for()
    assert not reader.locator(".hub-catalog").is_visible()


LUMINANCE = """([text, ground]) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((each) => each / 255)
      .map((each) => each <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b + .05;
  };
  const [one, other] = [light(text), light(ground)];
  return Math.max(one, other) / Math.min(one, other);
}"""


@pytest.mark.parametrize("address", ["index.html", DRAFT, "claims/index.html"])
def test_the_banner_is_read_on_a_phone_in_both_palettes(reader: "Page", preview: Build, address: str) -> None:
    reader.set_viewport_size({"width": 360, "height": 740})
    reader.emulate_media(color_scheme="light")
    reader.goto((preview.site / address).as_uri())
    banner = reader.get_by_role("complementary").filter(has_text="Preview: not published")
    grounds = set()
    for other in ("Switch to dark", "Switch to light"):
        colours = banner.locator("div").evaluate(
            "each => [getComputedStyle(each).color, getComputedStyle(each.parentElement).backgroundColor]"
        )
        assert reader.evaluate(LUMINANCE, colours) >= 4.5
        grounds.add(colours[1])
        box = banner.bounding_box()
        assert box
        assert (box["x"], box["y"], box["width"]) == (0, 0, 360)
        assert reader.evaluate("document.documentElement.scrollWidth") == 360
        reader.get_by_title(other).click()
    assert len(grounds) == 2
