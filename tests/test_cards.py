"""The pictures that other sites show beside a link to a post."""

import io
import struct
from importlib import resources
from pathlib import Path

import msgspec
import pytest
import sites
import typst
from pypdf import PdfReader
from sites import Build, SharedSite

from coursehub.records import repository
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.site import social_cards
from coursehub.site.cards import minutes

ROOT = "https://coursehub-staff.github.io/coursehub/"
TITLES = [
    "DVC",
    "A title of a usual length, in which a tool meets a movie recommender",
    "".join(f"word{number} " for number in range(200)),
    "x" * 1000,
    '#eval("1") #panic() #sys.inputs *bold* _emphasis_ $x^2$ `raw` \\ // /* <label> @reference = [content] ~',
    '</title><script>alert("1")</script> "quoted" \'quoted\' {{ 7 * 7 }}',
    "مرحبا بالعالم: تعلم الآلة في الإنتاج",
    "日本語のタイトル 🎬 and 한국어",
    "right-to-left override \u202e and bell \x07 and null \x00 and \ud800 and \u200b",
    "",
]


@pytest.fixture(scope="module")
def hub() -> Hub:
    return repository.load(sites.HUB)


def titled(hub: Hub, title: str) -> Post:
    return msgspec.structs.replace(next(each for each in hub.posts if each.stem == "pandera"), title=title)


def drawn(hub: Hub, cache: Path, *titles: str) -> list[bytes]:
    faces = {f"{number}.md": social_cards.face(hub, titled(hub, title)) for number, title in enumerate(titles)}
    return [each.file.read_bytes() for each in social_cards.pictures(faces, cache)]


def test_every_title_makes_a_picture_of_the_size_that_sites_ask_for(hub: Hub, tmp_path: Path) -> None:
    pictures = drawn(hub, tmp_path, *TITLES)
    assert [struct.unpack(">8x8xII", each[:24]) for each in pictures] == [(1200, 630)] * len(TITLES)
    assert all(len(each) < 200_000 for each in pictures)
    assert len(set(pictures)) == len(TITLES)


def test_the_same_post_makes_the_same_bytes(hub: Hub, tmp_path: Path) -> None:
    assert drawn(hub, tmp_path / "one", *TITLES[:3]) == drawn(hub, tmp_path / "other", *TITLES[:3])


def test_what_was_drawn_is_not_drawn_again_but_what_broke_is(hub: Hub, tmp_path: Path) -> None:
    whole = drawn(hub, tmp_path, "One", "Two")
    one, two = sorted(tmp_path.iterdir())
    contents = {one: one.read_bytes(), two: two.read_bytes()}
    before = one.stat().st_mtime_ns
    two.write_bytes(two.read_bytes()[:1000])
    assert drawn(hub, tmp_path, "One", "Two") == whole
    assert one.stat().st_mtime_ns == before
    assert two.read_bytes() == contents[two]


@pytest.mark.parametrize(
    ("title", "rtl"), [("DVC", False), ("مرحبا DVC", True), ("1. שלום", True), ("DVC مرحبا", False), ("…", False)]
)
def test_a_title_runs_the_way_of_its_first_letter(hub: Hub, title: str, rtl: bool) -> None:
    assert social_cards.face(hub, titled(hub, title)).rtl is rtl


LONG = "word " * 100


@pytest.mark.parametrize(
    ("course", "title", "shown"),
    [
        ("A course", "DVC", ("A course", "DVC")),
        ("A course", "", ("A course", "pandera")),
        ("x " * 30, f"{'y ' * 119}yz", ("x " * 30, f"{'y ' * 119}yz")),  # as long as there is room for: 60 and 240
        (LONG, LONG, (f"{LONG[:59]}…", f"{LONG[:239]}…")),
        ("x" * 61, "y" * 21, (f"{'x' * 20}\u200b{'x' * 20}\u200b{'x' * 19}…", f"{'y' * 20}\u200by")),
    ],
)
def test_a_card_says_as_much_as_has_room(hub: Hub, course: str, title: str, shown: tuple[str, str]) -> None:
    named = msgspec.structs.replace(hub, course=msgspec.structs.replace(hub.course, name=course))
    assert social_cards.face(named, titled(hub, title)) == social_cards.Face(
        course=shown[0], semester="F2026", tools="Pandera", title=shown[1], rtl=False
    )


@pytest.mark.parametrize("title", [*TITLES[:2], *TITLES[4:6]])
def test_what_looks_like_markup_is_text(hub: Hub, tmp_path: Path, title: str) -> None:
    template = tmp_path / "card.typ"
    template.write_bytes(resources.files("coursehub.site").joinpath("social-card.typ").read_bytes())
    data = msgspec.json.encode(social_cards.face(hub, titled(hub, title))).decode()
    pages = PdfReader(io.BytesIO(typst.compile(template, sys_inputs={"card": data}))).pages
    words = "".join(pages[0].extract_text().replace("\u200b", "").split())
    assert len(pages) == 1
    assert words == "".join(f"Pandera{title}Machine Learning in ProductionF2026".split())


# The cards of lists, which say how long a post takes to read


@pytest.mark.parametrize(
    ("words", "expected"), [(0, 1), (1, 1), (329, 1), (331, 2), (440, 2), (2200, 10), (2400, 11)]
)  # 220 words take a minute
def test_reading_takes_at_least_a_minute(words: int, expected: int) -> None:
    assert minutes(Post("posts/F2026/auk.md", known_body="word " * words)) == expected


def test_a_text_elsewhere_takes_no_time_that_is_known() -> None:
    assert minutes(Post("posts/F2026/auk.md", known_body="word " * 900, external_url="https://example.org/")) == 0


# The site


@pytest.fixture(scope="module")
def carded(shared_site: SharedSite) -> Build:
    """With drafts, too."""
    return shared_site("late")


def metas(build: Build, address: str) -> dict[str, str]:
    attributes = (each.attributes for each in build.page(address).find("meta", "head"))
    return {each.get("property") or each.get("name", ""): each["content"] for each in attributes if "content" in each}


def test_posts_semesters_topics_and_the_course_have_a_card_which_stands_for_tools_and_authors_too(
    carded: Build,
) -> None:
    drawn = {str(path.relative_to(carded.site / "assets/cards")) for path in carded.site.rglob("cards/**/*.png")}
    assert {each for each in drawn if each[:5] in ("F2025", "F2026")} == {
        "F2025/index.png", "F2025/wibbleflow.png", "F2026/index.png", "F2026/duckdb--sqlmesh.png",
        "F2026/elsewherium.png", "F2026/ocrmypdf.png", "F2026/pandera.png", "F2026/wibbleflow.png",
    }  # fmt: skip
    assert {"index.png", "topics/operations.png", "S2024/index.png"} < drawn
    tags = metas(carded, "posts/F2026/wibbleflow")
    assert tags["og:image"] == f"{ROOT}assets/cards/F2026/wibbleflow.png"
    assert tags["og:image:alt"] == "Wibbleflow & friends: <em> is not enough"
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
    assert tags["twitter:card"] == "summary_large_image"
    pictures = {
        "": "index", "posts/F2026": "F2026/index", "topics/operations": "topics/operations", "tools/pandera": "F2026/pandera",
        "authors/coursehub-staff": "F2026/duckdb--sqlmesh", "catalog": "index", "claim": "index",
    }  # fmt: skip
    images = {address: metas(carded, address)["og:image"] for address in pictures}
    assert images == {address: f"{ROOT}assets/cards/{name}.png" for address, name in pictures.items()}
    assert metas(carded, "posts/F2026/draftorama")["og:image"] == f"{ROOT}posts/F2026/draftorama/zygote.png"


def test_without_the_setting_none_are_drawn_and_pictures_of_posts_stand_for_pages(shared_site: SharedSite) -> None:
    sound = shared_site("sound")
    assert list(sound.site.rglob("cards")) == []
    for address in ("posts/F2026/wibbleflow", "tools/wibbleflow"):
        tags = metas(sound, address)
        assert tags["og:image"] == f"{ROOT}posts/F2026/wibbleflow/chart.png"
        assert tags["og:image:alt"] == "A chart of quokkas"
        assert (tags["twitter:card"], "og:image:width" in tags) == ("summary_large_image", False)
    for address in ("posts/F2026/elsewherium", "", "posts", "posts/F2026", "catalog", "claims", "rules", "claim"):
        tags = metas(sound, address)
        assert (tags["og:image"], tags["og:image:width"]) == (f"{ROOT}assets/card.png", "1200"), address
    card = (sound.site / "assets/card.png").read_bytes()
    assert struct.unpack(">8x8xII", card[:24]) == (1200, 630)
    assert len(card) < 20_000
    assert not Path(sound.root, ".cache/cards").exists()
