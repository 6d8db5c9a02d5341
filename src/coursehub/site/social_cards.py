"""The pictures that other sites show beside a link to a page, and cards among them, drawn by typst from data alone.

Material's social plugin fetches fonts from another host in each fresh build, and stops the build where it cannot; it
takes 70 ms a card. This takes 15 ms and 80 kB, which is still more than a post itself: `extra.cards` turns it on.
"""

import functools
import hashlib
import importlib.metadata
import tempfile
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER
from coursehub.records.post import Post
from coursehub.site.front_matter import Shared
from coursehub.site.page import HOME, Page, semester_path
from coursehub.site.subjects import Subjects
from coursehub.system import files, typesetting

if TYPE_CHECKING:
    import typst

LONGEST_TITLE, LONGEST_LINE = 240, 60  # characters that have room
_BEGINS, _ENDS = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"  # of every PNG file that is whole


class Face(msgspec.Struct, frozen=True):
    """The texts on a card, `tools` above the title. `rtl`: whether the title is written from right to left."""

    course: str
    semester: str
    tools: str
    title: str
    rtl: bool


class Picture(NamedTuple):
    """A picture of the site: its path there, and the file that has it."""

    path: str
    file: Path


def path(page: str) -> str:
    """Where the card of the page at this path is, from the site's root."""
    return f"assets/cards/{page.removeprefix(f'{FOLDER}/').removesuffix('.md')}.png"


def faces(subjects: Subjects, posts: Iterable[Post], pages: Iterable[Page]) -> dict[str, Face]:
    """Path of a page → the texts on its own card: of these posts, and of the home page, semesters and topics."""
    course, paths = subjects.hub.course, {page.path for page in pages}
    titles = {HOME: ("Posts by students", course.name)}
    titles |= {semester_path(each.id): ("Posts by students", each.id) for each in course.semesters}
    titles |= {subjects.topic_path(each.id): ("What students wrote about", each.title) for each in course.topics}
    others = {
        page: _face("" if page == HOME else course.name, *texts) for page, texts in titles.items() if page in paths
    }
    return others | {post.path: face(subjects.hub, post) for post in posts}


def linked(pages: Iterable[Page], own: Collection[str], newest: Mapping[str, str], address: str) -> Iterator[Page]:
    """The pages, each with the picture that stands for it beside a link; none where the site's own does.

    That is its card, if its path is one of `own`, or the first picture of its post. A tool and an author show that of
    their `newest` post. `address` is the site's.
    """
    pages = list(pages)
    shared = {page.path: each for page in pages if (each := _shared(page, own, address))}
    for page in pages:
        picture = shared.get(page.path) or shared.get(newest.get(page.path, ""))
        yield msgspec.structs.replace(page, meta=msgspec.structs.replace(page.meta, shared=picture))


def _shared(page: Page, own: Collection[str], address: str) -> Shared | None:
    view = page.meta.post
    if page.path in own:
        return Shared(f"{address}{path(page.path)}", view.title if view else page.meta.title, is_card=True)
    picture = view.picture if view else None
    return Shared(picture.url, picture.alt, is_card=False) if picture else None


def newest(subjects: Subjects) -> dict[str, str]:
    """The page of a tool or an author → the path of its newest post here."""
    tools = {tool.path: tool.here[0].path for tool in subjects.tools.values() if tool.here}
    return tools | {subjects.author_path(login): posts[0].path for login, posts in subjects.by_author.items()}


def pictures(faces: Mapping[str, Face], cache: Path) -> Iterator[Picture]:
    """The cards of pages. What is not in the folder `cache` yet, or is there in part, is drawn. Raises `OSError`.

    The same texts give the same bytes; only letters that typst's own fonts lack depend on the machine's.
    """
    template = resources.files("coursehub.site").joinpath("social-card.typ").read_bytes()
    version = importlib.metadata.version("typst").encode()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "card.typ").write_bytes(template)

        @functools.cache
        def compiler(other_fonts: bool) -> "typst.Compiler":
            import typst  # noqa: PLC0415  (34 MB that only receipts and new cards need)

            return typst.Compiler(
                folder / "card.typ", root=folder, ignore_system_fonts=not other_fonts,
                package_path=folder, package_cache_path=folder,
            )  # fmt: skip

        for page, each in faces.items():
            data = msgspec.json.encode(each)
            mark = hashlib.sha256(b"\0".join((version, template, data))).hexdigest()
            file = cache / f"{mark}.png"
            if not _is_whole(file):
                text = data.decode()
                inputs = {"card": text}
                drawn = compiler(typesetting.needs_other_fonts(text)).compile(format="png", ppi=72, sys_inputs=inputs)
                assert isinstance(drawn, bytes)  # one page is one picture
                files.write(file, drawn)
            yield Picture(path(page), file)


def face(hub: Hub, post: Post) -> Face:
    """The texts on a post's card; nothing in them is markup."""
    return _face(hub.course.name, hub.claims[post.path].name, post.title or post.stem, post.semester)


def _face(course: str, tools: str, title: str, semester: str = "") -> Face:
    return Face(
        course=_short(course, LONGEST_LINE),
        semester=_short(semester, LONGEST_LINE),
        tools=_short(tools, LONGEST_LINE),
        title=_short(title, LONGEST_TITLE),
        rtl=_is_from_right(title),
    )


def _short(text: str, longest: int) -> str:
    return typesetting.readable(text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…")


def _is_from_right(text: str) -> bool:
    """Whether the first letter with a direction is of a script that runs from right to left."""
    directions = (unicodedata.bidirectional(char) for char in text)
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"


def _is_whole(file: Path) -> bool:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return False
    return content.startswith(_BEGINS) and content.endswith(_ENDS)
