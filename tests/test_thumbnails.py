"""The pictures on the cards of posts: small versions of the first of the text, or art with the tools' names."""

import io
from pathlib import Path

import pytest
import trees
from PIL import Image

from coursehub.records import repository
from coursehub.records.hub import Hub
from coursehub.site.cards import Art, art, card
from coursehub.site.pages.home_page import home_page
from coursehub.site.pictures import PictureFile, publish
from coursehub.site.subjects import Subjects
from coursehub.site.thumbnails import thumbnails

COURSE = f"{trees.COURSE}topics: [{{id: watching, title: Watching}}, {{id: storing, title: Storing}}]\n"
POST = """=== posts/F2026/{name}.md
---
title: Trying {name}
authors: octocat
option: mlops-tool
tool: {name}
semester: F2026
status: published
date: 2026-11-20
topics: [{topic}]
summary: It runs.
---

{text}
"""
ZONK = "posts/F2026/zonk.md"


def picture(width: int, height: int, kind: str = "PNG", mode: str = "RGB") -> bytes:
    """A picture whose upper half is red and whose lower half is blue."""
    image = Image.new(mode, (width, height), "blue")
    image.paste(Image.new(mode, (width, height // 2), "red"))
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def loaded(root: Path, names: dict[str, bytes], *others: str) -> Hub:
    """A course with a post on Zonk that shows these pictures, in this order, and other posts without a picture."""
    text = "\n".join(f"![A picture](zonk/{name})" for name in names)
    posts = [POST.format(name="zonk", topic="storing", text=text)]
    posts += [POST.format(name=name, topic="watching", text="Text.") for name in others]
    trees.write(trees.parse(COURSE + "".join(posts)), root)
    for name, content in names.items():
        path = root / "posts/F2026/zonk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return repository.load(root)


def small_pictures(root: Path, hub: Hub) -> dict[str, PictureFile]:
    return thumbnails(hub, hub.posts, publish(hub, hub.posts, root / "cache"), root / "cache")


@pytest.mark.parametrize(("width", "height"), [(1600, 900), (900, 4000), (4000, 500), (240, 135), (2000, 1999)])
def test_each_is_cut_to_one_shape_and_tall_ones_show_their_top(tmp_path: Path, width: int, height: int) -> None:
    small = small_pictures(tmp_path, loaded(tmp_path, {"a.png": picture(width, height)}))
    assert [(path, each.path) for path, each in small.items()] == [(ZONK, "assets/pictures/F2026/zonk/a.png.card.webp")]
    with Image.open(small[ZONK].file) as image:
        assert (image.format, image.size) == ("WEBP", (480, 270))
        red, _, blue = image.convert("RGB").getpixel((240, 2))  # type: ignore[misc]
    assert red > 200 > blue
    assert Path(small[ZONK].file).stat().st_size < 10_000


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"badge.png": picture(100, 20), "b.jpg": picture(800, 600, "JPEG")}, "b.jpg"),
        ({"torn.png": picture(800, 600)[:300], "b.webp": picture(800, 600, "WEBP")}, "b.webp"),
        ({"moving.gif": picture(800, 600, "GIF"), "b.png": picture(800, 600)}, "moving.gif"),
        ({"clear.png": picture(800, 600, mode="RGBA")}, "clear.png"),
        ({"lie.png": b"no picture", "icon.png": picture(32, 32)}, ""),
        ({}, ""),
    ],
)
def test_the_first_that_is_large_enough_is_shown(tmp_path: Path, names: dict[str, bytes], shown: str) -> None:
    small = small_pictures(tmp_path, loaded(tmp_path, names))
    assert {each.path for each in small.values()} == (
        {f"assets/pictures/F2026/zonk/{shown}.card.webp"} if shown else set()
    )


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    hub = loaded(tmp_path, {"a.png": picture(800, 600)})
    file = Path(small_pictures(tmp_path, hub)[ZONK].file)
    before = file.stat().st_mtime_ns
    assert Path(small_pictures(tmp_path, hub)[ZONK].file).stat().st_mtime_ns == before
    (tmp_path / "posts/F2026/zonk/a.png").write_bytes(picture(800, 601))
    assert small_pictures(tmp_path, hub)[ZONK].file != str(file)


def test_a_post_without_a_picture_has_its_topics_colour_and_a_pattern_of_its_own(tmp_path: Path) -> None:
    hub = loaded(tmp_path, {}, "auk", "bee", "cat", "dog")
    arts = {post.stem: art(hub, post) for post in hub.posts}
    assert {(each.colour, each.topic) for name, each in arts.items() if name != "zonk"} == {(1, "Watching")}
    assert (arts["zonk"].colour, arts["zonk"].topic) == (2, "Storing")
    assert len({each.pattern for each in arts.values()}) > 2


def test_all_colours_and_patterns_have_a_style(tmp_path: Path) -> None:
    styles = (Path(__file__).parents[1] / "src/mkdocs_coursehub/static/assets/hub.css").read_text("utf-8")
    topics = ", ".join(f"{{id: t{number}, title: T{number}}}" for number in range(10))
    names = [f"tool{number}" for number in range(60)]
    posts = "".join(POST.format(name=name, topic=f"t{number % 10}", text="") for number, name in enumerate(names))
    trees.write(trees.parse(f"{trees.COURSE}topics: [{topics}]\n{posts}"), tmp_path)
    hub = repository.load(tmp_path)
    arts = {art(hub, post) for post in hub.posts}
    assert {each.colour for each in arts} == set(range(1, 9))
    assert {each.pattern for each in arts} == set(range(8))
    names = [name for each in arts for name in (f".hub-art--{each.colour} ", f".hub-art--pattern-{each.pattern} ")]
    assert [name for name in names if name not in styles] == []


def test_cards_show_the_picture_and_the_front_page_shows_pictures_first(tmp_path: Path) -> None:
    hub = loaded(tmp_path, {"a b.png": picture(800, 600)}, "auk")
    (tmp_path / "posts/F2026/zonk.md").write_text(
        (tmp_path / "posts/F2026/zonk.md").read_text().replace("zonk/a b.png", "<zonk/a b.png>")
    )
    hub = repository.load(tmp_path)
    subjects = Subjects(
        hub, hub.posts, thumbnails={path: each.path for path, each in small_pictures(tmp_path, hub).items()}
    )
    address = "assets/pictures/F2026/zonk/a%20b.png.card.webp"
    assert {post.stem: card(subjects, post).picture for post in hub.posts} == {"auk": "", "zonk": address}
    text = home_page(subjects).markdown
    wall = text.partition('<a class="hub-wall" href="posts/" aria-label="Read the posts">')[2].partition("</a>")[0]
    assert wall.startswith(f'<img src="./{address}" alt="" ')
    assert wall.endswith(f'<span class="hub-art hub-art--1 hub-art--pattern-{art(hub, hub.posts[0]).pattern}"></span>')
    assert text.count(f'<div class="hub-card__picture"><img src="./{address}" alt="" ') == 1
    assert '<p class="hub-card__tools">auk</p>\n<p class="hub-art__topic">Watching</p>\n</div>' in text


def test_a_course_without_topics_has_one_colour(tmp_path: Path) -> None:
    trees.write(trees.parse(trees.COURSE + POST.format(name="zonk", topic="", text="")), tmp_path)
    hub = repository.load(tmp_path)
    assert art(hub, hub.posts[0]) == Art(0, art(hub, hub.posts[0]).pattern, "")
