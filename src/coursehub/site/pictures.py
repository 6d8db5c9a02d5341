"""The pictures of posts as the site has them: without what they tell of who took them, and large ones also smaller.

What is made is kept in a folder, by a hash of what it is made from, as social cards are.
"""

import hashlib
import importlib.metadata
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from html import escape, unescape
from itertools import starmap
from pathlib import Path

import msgspec

from coursehub.markdown.render import Rendered, render
from coursehub.markdown.sanitize import Resolve
from coursehub.pictures import reading
from coursehub.pictures.picture import Picture
from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER, local_path
from coursehub.records.post import Post
from coursehub.site import made_pictures
from coursehub.site.front_matter import ShownPicture
from coursehub.site.page import link_to_file
from coursehub.site.subjects import pictures
from coursehub.system import files
from coursehub.system.keeping import ANEW, Keep
from forkpool import in_order

WIDTHS = (800, 1600)  # pixels: a post's column on a plain screen, and on one with twice as many
_COLUMN = "(min-width: 45em) 800px, 96vw"  # how wide a picture is at most: see `.hub-body` in assets/post.css
MOST_PIXELS = 100_000_000  # of a picture that is decoded; each takes four bytes of memory
_QUALITY = {"PNG": 90}  # letters of screenshots stay sharp; of photos, 80 is as good as the eye
_MODES = {"RGB": "RGB", "RGBA": "RGBA", "L": "RGB", "LA": "RGBA", "P": "RGBA", "PA": "RGBA", "1": "RGB"}


class PictureFile(msgspec.Struct, frozen=True):
    """A file of the site: its path there, the file that has its bytes, and how many these are."""

    path: str
    file: str
    size: int


class Published(msgspec.Struct, frozen=True):
    """A picture on the site: its files, smaller ones included, and how it is shown. A file that is none has neither.

    The first of the files is the picture itself, and `mark` a hash of its bytes.
    """

    files: tuple[PictureFile, ...] = ()
    shown: ShownPicture | None = None
    mark: str = ""


def publish(
    hub: Hub, posts: Iterable[Post], cache: Path, keep: Keep = ANEW, processes: int = 1
) -> dict[str, Published]:
    """Path → the picture, of all that these posts show or link to. What is not in `cache` yet is made.

    Raises `OSError`. Many are shared among so many processes.
    """
    root = hub.root
    if root is None:
        return {}
    cache.mkdir(parents=True, exist_ok=True)
    paths = list(dict.fromkeys(pictures(hub, posts)))

    def make(numbers: Sequence[int]) -> list[Published]:
        return in_order(partial(_published, root, cache), [paths[number] for number in numbers], Published, processes)

    made_of = [(str(root), path, hub.files.picture_digests[path]) for path in paths]
    published = keep.all(made_of, make, Published)
    incomplete = [number for number, each in enumerate(published) if not all(map(_is_as_made, each.files))]
    return dict(zip(paths, published, strict=True)) | dict(
        zip([paths[number] for number in incomplete], make(incomplete), strict=True)
    )


def _is_as_made(picture: PictureFile) -> bool:
    try:
        return os.stat(picture.file).st_size == picture.size  # noqa: PTH116  (of thousands, making each a Path takes longer)
    except OSError:
        return False


def _published(root: Path, cache: Path, path: str) -> Published:
    read = reading.read_file(root / path)
    picture, content = read.picture, read.published
    if content is None:
        return Published()
    mark = hashlib.sha256(content).hexdigest()
    file = root / path if read.is_as_stored else cache / f"{mark}{Path(path).suffix.lower()}"
    if not read.is_as_stored:
        _write_once(file, content)
    smaller = _smaller(picture, content, mark, cache)
    its_own = [PictureFile(path, str(file), len(content))]
    its_own += [
        PictureFile(smaller_path(path, width), str(file), made_pictures.size(file)) for width, file in smaller.items()
    ]
    return Published(tuple(its_own), ShownPicture(picture.width, picture.height, tuple(smaller)), mark)


def smaller_path(path: str, width: int) -> str:
    """Where the version of that width of the picture at this path is, from the site's root."""
    return f"assets/pictures/{path.removeprefix(f'{FOLDER}/')}.{width}.webp"


def _write_once(file: Path, content: bytes) -> None:
    """Write a file whose name is a hash of its content, unless it is there as a whole."""
    if not file.is_file() or file.stat().st_size != len(content):
        files.write(file, content)


def _smaller(picture: Picture, content: bytes, mark: str, cache: Path) -> dict[int, Path]:
    """Width → file of a smaller version. Animations have none, and where it would save nothing there is none."""
    pixels = picture.width * picture.height
    if picture.frames > 1 or picture.width <= max(WIDTHS) or pixels > MOST_PIXELS:
        return {}
    by_width = {width: cache / f"{mark}.{width}.{recipe(WIDTHS, _QUALITY)}.webp" for width in WIDTHS}
    if not all(map(made_pictures.is_whole, by_width.values())):
        for file, smaller in zip(by_width.values(), _scaled(picture, content), strict=True):
            made_pictures.write(file, smaller if len(smaller) < len(content) else b"")
    return {width: file for width, file in by_width.items() if made_pictures.size(file)}


def recipe(*settings: object) -> str:
    """A name for how smaller versions are made with these settings, which changes with that."""
    version = importlib.metadata.version("pillow")
    return hashlib.sha256(" ".join(map(str, (version, *settings))).encode()).hexdigest()[:8]


def _scaled(picture: Picture, content: bytes) -> list[bytes]:
    """The picture in each of the widths, as WebP; no bytes of one that cannot be decoded, or has colours for print."""
    from PIL import Image, ImageOps  # noqa: PLC0415  (only large pictures need it)

    try:
        with Image.open(io.BytesIO(content), formats=(picture.format.upper(),)) as image:
            mode, profile = _MODES.get(image.mode), image.info.get("icc_profile")
            if mode is None or image.width * image.height > MOST_PIXELS:
                return [b""] * len(WIDTHS)
            ratio = max(WIDTHS) / picture.width
            image.draft(
                mode, (round(image.width * ratio), round(image.height * ratio))
            )  # decodes no more than is needed
            turned = image if picture.format == "WebP" else ImageOps.exif_transpose(image)  # as browsers do
            smaller = turned.convert(mode)
        scaled = list[bytes]()
        for width in sorted(WIDTHS, reverse=True):  # each is made of the one before
            size = (width, max(1, round(picture.height * width / picture.width)))
            stream = io.BytesIO()
            smaller = smaller.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
            smaller.save(
                stream, "WEBP", quality=_QUALITY.get(picture.format, 80), icc_profile=profile, exif=b"", xmp=b""
            )
            scaled.insert(0, stream.getvalue())
    except Exception:  # of Pillow, for bytes that are no picture: ten kinds of error, with no common one
        return [b""] * len(WIDTHS)
    return scaled


_IMAGE = re.compile(r'<img((?:\s[^\s=<>"]+="[^"]*")*)\s*/?>')
_ATTRIBUTE = re.compile(r'\s([^\s=<>"]+)="([^"]*)"')
_PIXELS = re.compile(r"\d{1,5}", re.ASCII)


def page_with_pictures(here: str, shown: Mapping[str, ShownPicture], text: str, resolve: Resolve) -> Rendered:
    """The page of a post at the path `here`. Its pictures have the room that they need before they are loaded."""
    if not shown:
        return render(text, resolve)
    by_address: dict[str, str] = {}

    def remembered(address: str) -> str:
        target = resolve(address)
        by_address[target] = local_path(here, address)
        return target

    def sized(match: re.Match[str]) -> str:
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match[1])}
        path = by_address.get(attributes.get("src", ""), "")
        picture = shown.get(path)
        if picture is None:
            return match[0]
        more = {**_room(attributes, picture), **_sources(attributes, path, picture, here, resolve), "loading": "lazy"}
        return f"<img{match[1]}{''.join(starmap(_attribute, more.items()))}>"

    page = render(text, remembered)
    return page._replace(html=_IMAGE.sub(sized, page.html))


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"'


def _room(attributes: Mapping[str, str], picture: ShownPicture) -> dict[str, str]:
    """Width and height, as far as the author gave none; of one of them in pixels follows the other."""
    width, height = attributes.get("width"), attributes.get("height")
    if width is None and height is None:
        return {"width": str(picture.width), "height": str(picture.height)}
    if height is None and width and _PIXELS.fullmatch(width):
        return {"height": str(max(1, round(int(width) * picture.height / picture.width)))}
    if width is None and height and _PIXELS.fullmatch(height):
        return {"width": str(max(1, round(int(height) * picture.width / picture.height)))}
    return {}


def _sources(
    attributes: Mapping[str, str], path: str, picture: ShownPicture, here: str, resolve: Resolve
) -> dict[str, str]:
    """The smaller versions, of which a browser takes one by the screen's width."""
    if not picture.smaller:
        return {}
    versions = [(resolve(link_to_file(here, smaller_path(path, width))), width) for width in picture.smaller]
    versions.append((attributes["src"], picture.width))
    width = attributes.get("width", "")
    return {
        "srcset": ", ".join(f"{address.replace(',', '%2C')} {width}w" for address, width in versions),
        "sizes": f"{int(width)}px" if _PIXELS.fullmatch(width) else _COLUMN,
    }
