"""Pictures of posts on the site: their room on the page, their smaller versions, and nothing of who took them."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pictures
import pytest
import sites
import trees
from PIL import Image

from coursehub.markdown.sanitize import as_written
from coursehub.records import repository
from coursehub.records.hub import Hub
from coursehub.site.front_matter import ShownPicture
from coursehub.site.pictures import Published, page_with_pictures, publish

POST = """=== posts/F2026/zonkwell.md
---
title: Trying it
authors: octocat
option: mlops-tool
tool: Zonkwell
semester: F2026
status: published
date: 2026-11-20
summary: It runs.
---

{text}
"""
FOLDER = "posts/F2026/zonkwell"


class Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.attributes: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.attributes.append(dict(attrs))


def images(html: str) -> list[dict[str, str | None]]:
    parser = Images()
    parser.feed(html)
    return parser.attributes


def loaded(root: Path, names: dict[str, bytes]) -> Hub:
    text = "\n".join(f"![A picture](zonkwell/{name})" for name in names)
    trees.write(trees.parse(trees.COURSE + POST.format(text=text)), root)
    for name, content in names.items():
        path = root / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return repository.load(root)


def published(root: Path, names: dict[str, bytes]) -> dict[str, Published]:
    hub = loaded(root, names)
    return publish(hub, hub.posts, root / "cache")


SHOWN = {f"{FOLDER}/a.png": ShownPicture(400, 300), f"{FOLDER}/b.jpg": ShownPicture(4000, 3000, (800, 1600))}
ROOM = [
    ("![x](zonkwell/a.png)", {"width": "400", "height": "300"}),
    ("![x](zonkwell/./a%2Epng?raw=1)", {"width": "400", "height": "300"}),
    ('<img src="zonkwell/a.png" alt="1 > 0" width="200">', {"width": "200", "height": "150"}),
    ('<img alt="x" src="zonkwell/a.png" height="30">', {"width": "40", "height": "30"}),
    ('<img alt="x" src="zonkwell/a.png" width="50%">', {"width": "50%", "height": None}),
    ('<img alt="x" src="zonkwell/a.png" width="10" height="10">', {"width": "10", "height": "10"}),
]


@pytest.mark.parametrize(("text", "room"), ROOM, ids=[text for text, _ in ROOM])
def test_a_picture_has_its_room_before_it_is_loaded_and_an_author_s_own_size_stays(
    text: str, room: dict[str, str | None]
) -> None:
    (image,) = images(page_with_pictures(f"{FOLDER}.md", SHOWN, text, as_written).html)
    assert {name: image.get(name) for name in ("width", "height")} == room
    assert (image["loading"], image.get("srcset")) == ("lazy", None)


def test_a_large_picture_names_its_smaller_versions() -> None:
    text = '![x](zonkwell/b.jpg)\n\n<img alt="x" src="zonkwell/b.jpg" width="300">'
    one, other = images(page_with_pictures(f"{FOLDER}.md", SHOWN, text, as_written).html)
    smaller = "../../assets/pictures/F2026/zonkwell/b.jpg"
    assert one["srcset"] == f"{smaller}.800.webp 800w, {smaller}.1600.webp 1600w, zonkwell/b.jpg 4000w"
    assert one["sizes"] == "(min-width: 45em) 800px, 96vw"
    assert (other["srcset"], other["sizes"]) == (one["srcset"], "300px")


def test_a_picture_that_is_not_on_the_site_stays_as_it_is() -> None:
    text = "![x](zonkwell/c.png) `<img src='zonkwell/a.png'>`"
    assert (
        page_with_pictures(f"{FOLDER}.md", SHOWN, text, as_written).html
        == page_with_pictures(f"{FOLDER}.md", {}, text, as_written).html
    )


def test_the_site_has_pictures_without_what_they_tell_and_others_as_they_are(tmp_path: Path) -> None:
    names = {
        "photo.jpg": pictures.painted("jpeg", 60, 40, has_place=True, is_turned=True),
        "chart.png": pictures.png(50, 20),
        "pointer.png": b"version https://git-lfs.github.com/spec/v1\n",
    }
    by_path = published(tmp_path, names)
    assert {path: each.shown for path, each in by_path.items()} == {
        f"{FOLDER}/chart.png": ShownPicture(50, 20),
        f"{FOLDER}/photo.jpg": ShownPicture(40, 60),
        f"{FOLDER}/pointer.png": None,
    }
    files = {file.path: Path(file.file) for each in by_path.values() for file in each.files}
    assert files[f"{FOLDER}/chart.png"] == tmp_path / FOLDER / "chart.png"
    photo = files[f"{FOLDER}/photo.jpg"].read_bytes()
    assert b"Phones" in names["photo.jpg"]
    assert b"Phones" not in photo
    assert files.keys() == {f"{FOLDER}/chart.png", f"{FOLDER}/photo.jpg"}


LARGE = {
    "a photo": (pictures.painted("jpeg", 2400, 1200, is_turned=False, has_place=True), (800, 1600), (1600, 800)),
    "a photo that is turned": (pictures.painted("jpeg", 1200, 2400, is_turned=True), (800, 1600), (1600, 800)),
    "a picture as wide as the largest version": (pictures.painted("jpeg", 1600, 900), (), None),
    "an animation": (pictures.painted("gif", 1700, 20, 3), (), None),
    "a picture of which only the smallest version is smaller": (pictures.png(1700, 10), (800,), None),
    "a bomb": (pictures.png(60_000, 60_000), (), None),
    "pixels that are none": (pictures.png(4_000, 3_000), (), None),
}  # fmt: skip


@pytest.mark.parametrize(("content", "widths", "size"), LARGE.values(), ids=LARGE)
def test_only_large_pictures_that_gain_by_it_have_smaller_versions(
    content: bytes, widths: tuple[int, ...], size: tuple[int, int] | None, tmp_path: Path
) -> None:
    (each,) = published(tmp_path, {"a.png": content}).values()
    assert each.shown
    assert each.shown.smaller == widths
    smaller = [Path(file.file).read_bytes() for file in each.files[1:]]
    assert all(len(version) < len(content) for version in smaller)
    if size:
        with Image.open(io.BytesIO(smaller[-1])) as image:
            assert (image.format, image.size, dict(image.getexif())) == ("WEBP", size, {})


def test_smaller_versions_are_made_once(tmp_path: Path) -> None:
    names = {"a.jpg": LARGE["a photo"][0]}
    (first,) = published(tmp_path, names).values()
    marks = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").iterdir()}
    assert len(marks) == 3
    assert published(tmp_path, names) == {f"{FOLDER}/a.jpg": first}
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").iterdir()} == marks


def test_what_was_cut_off_in_the_cache_is_made_again(tmp_path: Path) -> None:
    names = {"a.jpg": LARGE["a photo"][0], "b.jpg": pictures.painted("jpeg", 60, 40, has_place=True)}
    by_path, cache = published(tmp_path, names), tmp_path / "cache"
    whole = {path: path.read_bytes() for path in cache.iterdir()}
    for path, content in whole.items():
        for rest in (b"", content[:-1], content[:9]):
            path.write_bytes(rest)
            assert published(tmp_path, names) == by_path
            assert {path: path.read_bytes() for path in cache.iterdir()} == whole


@pytest.mark.slow
@pytest.mark.parametrize("rest", [0, 100])
def test_a_build_publishes_no_picture_that_was_cut_off_since_the_last(tmp_path: Path, rest: int) -> None:
    root = tmp_path / "course"
    sites.copy(root, "reading")
    sites.keep_few_earlier(root)
    folder = root / "posts/F2026/zebratube"
    (folder / "a desk, 1.jpg").write_bytes(pictures.painted("jpeg", 2400, 1200, has_place=True))
    post = root / "posts/F2026/zebratube.md"
    post.write_text(f"{post.read_text()}\n\n![A desk](zebratube/a%20desk,%201.jpg)\n")

    def shown() -> dict[Path, bytes]:
        built = sites.build(root, "--strict")
        assert built.code == 0, built.output
        return {path: path.read_bytes() for kind in ("jpg", "webp") for path in built.site.rglob(f"*desk*.{kind}")}

    first = shown()
    assert len(first) == 4
    for path in (root / ".cache/pictures").iterdir():
        path.write_bytes(path.read_bytes()[:rest])
    assert shown() == first


@pytest.mark.slow
def test_all_that_a_built_page_names_is_there(tmp_path: Path) -> None:
    """Also in a preview, and after a picture was replaced by one of another size."""
    root = tmp_path / "course"
    sites.copy(root, "reading")
    sites.keep_few_earlier(root)
    post, folder = root / "posts/F2026/zebratube.md", root / "posts/F2026/zebratube"
    post.write_text(f"{post.read_text()}\n\n![A desk](zebratube/a%20desk,%201.jpg)\n")
    for size in ((2400, 1200), (2000, 1400)):
        (folder / "a desk, 1.jpg").write_bytes(pictures.painted("jpeg", *size, has_place=True))
        for is_preview in ("false", "true"):
            built = sites.build(root, "--strict", COURSEHUB_PREVIEW=is_preview)
            assert built.code == 0, built.output
            page = "posts/F2026/zebratube"
            file = next(
                file for file in (built.site / f"{page}.html", built.site / f"{page}/index.html") if file.exists()
            )
            desk = next(each for each in images(file.read_text()) if each.get("alt") == "A desk")
            assert (desk["width"], desk["height"], desk["loading"]) == (str(size[0]), str(size[1]), "lazy")
            named = [desk["src"] or "", *re.findall(r"(\S+) \d+w", desk["srcset"] or "")]
            assert len(named) == 4
            for address in named:
                target = file.parent / address.replace("%20", " ").replace("%2C", ",")
                assert target.is_file(), (is_preview, address)
                assert b"Phones" not in target.read_bytes()
