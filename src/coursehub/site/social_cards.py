"""The pictures that other sites show beside a link to a post, drawn by typst from data alone.

Material's social plugin fetches fonts from another host in each fresh build, and stops the build where it can not; it
takes 70 ms a card. This takes 15 ms and 80 kB, which is still more than a post itself: `extra.cards` turns it on.
"""

import functools
import hashlib
import importlib.metadata
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import msgspec

from coursehub.records.hub import Hub
from coursehub.records.post import FOLDER, Post
from coursehub.site.page import Page
from coursehub.system import files, typesetting

LONGEST_TITLE, LONGEST_LINE = 240, 60  # characters that have room
_BEGINS, _ENDS = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"  # of every PNG file that is whole


class Face(msgspec.Struct, frozen=True):
    """The texts on a card. `rtl`: whether the title is written from right to left."""

    course: str
    semester: str
    tools: str
    title: str
    rtl: bool


class Picture(NamedTuple):
    """A picture of the site: its path there, and the file that has it."""

    path: str
    file: Path


def path(post: str) -> str:
    """Where the card of the post at this path is, from the site's root."""
    return f"assets/cards/{post.removeprefix(f'{FOLDER}/').removesuffix('.md')}.png"


def linked(pages: Iterable[Page], posts: Iterable[Post]) -> Iterator[Page]:
    """The pages; those of these posts have the path of their social card as `card`."""
    paths = frozenset(post.path for post in posts)
    for page in pages:
        if page.path in paths:
            meta = msgspec.structs.replace(page.meta, card=path(page.path))
            yield msgspec.structs.replace(page, meta=meta)
        else:
            yield page


def pictures(hub: Hub, posts: Iterable[Post], cache: Path) -> Iterator[Picture]:
    """The cards of these posts. What is not in the folder `cache` yet, or is there in part, is drawn. Raises `OSError`.

    The same post gives the same bytes; only a title with letters that typst's own fonts lack depends on the machine's.
    """
    import typst  # noqa: PLC0415  (34 MB that only receipts and cards need)

    template = resources.files("coursehub.site").joinpath("social-card.typ").read_bytes()
    version = importlib.metadata.version("typst").encode()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "card.typ").write_bytes(template)

        @functools.cache
        def compiler(other_fonts: bool) -> typst.Compiler:
            return typst.Compiler(
                folder / "card.typ", root=folder, ignore_system_fonts=not other_fonts,
                package_path=folder, package_cache_path=folder,
            )  # fmt: skip

        for post in posts:
            data = msgspec.json.encode(face(hub, post))
            mark = hashlib.sha256(b"\0".join((version, template, data))).hexdigest()
            file = cache / f"{mark}.png"
            if not _is_whole(file):
                text = data.decode()
                inputs = {"card": text}
                drawn = compiler(typesetting.needs_other_fonts(text)).compile(format="png", ppi=72, sys_inputs=inputs)
                assert isinstance(drawn, bytes)  # one page is one picture
                files.write(file, drawn)
            yield Picture(path(post.path), file)


def face(hub: Hub, post: Post) -> Face:
    """The texts on a post's card; nothing in them is markup."""
    title = post.title or post.stem
    return Face(
        course=_short(hub.course.name, LONGEST_LINE),
        semester=_short(post.semester, LONGEST_LINE),
        tools=_short(hub.claims[post.path].name, LONGEST_LINE),
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
