"""The pictures on the cards of posts: the first of a post's text, small, and cut to one shape."""

import io
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import msgspec

from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER
from coursehub.records.post import Post
from coursehub.site import made_pictures
from coursehub.site.pictures import MOST_PIXELS, PictureFile, Published, recipe
from forkpool import in_order

SIZE = (480, 270)  # pixels: as wide as a card on most screens
_LEAST = (240, 135)  # of a picture that is worth showing: no badge, no icon
_QUALITY = 75


class _Original(msgspec.Struct, frozen=True):
    """A picture on the site: its path there, the file that has it, and the hash of its bytes."""

    path: str
    file: str
    mark: str


def thumbnails(
    hub: Hub, posts: Iterable[Post], pictures: Mapping[str, Published], cache: Path, processes: int = 1
) -> dict[str, PictureFile]:
    """Path of a post → the small version of its first picture that is large enough. Raises `OSError`.

    `pictures` are those of these posts; what is not in the folder `cache` yet is made.
    """
    first = {post.path: path for post in posts if (path := _first(hub, post, pictures))}
    paths = list(dict.fromkeys(first.values()))
    originals = [_Original(path, pictures[path].files[0].file, pictures[path].mark) for path in paths]
    small = in_order(partial(_thumbnail, cache), originals, PictureFile, processes)
    by_path = dict(zip(paths, small, strict=True))
    return {post: by_path[path] for post, path in first.items() if by_path[path].file}


def _first(hub: Hub, post: Post, pictures: Mapping[str, Published]) -> str:
    """The path of the first picture in a post's text that is worth showing; empty where there is none."""
    paths = (hub.files.target(post, each.address) for each in post.contents.pictures)
    known = ((path, pictures[path].shown) for path in paths if path in pictures)
    large = (path for path, shown in known if shown and shown.width >= _LEAST[0] and shown.height >= _LEAST[1])
    return next(large, "")


def _thumbnail(cache: Path, original: _Original) -> PictureFile:
    """The small version of a picture; without a file, of one that cannot be decoded."""
    file = cache / f"{original.mark}.card.{recipe(SIZE, _QUALITY)}.webp"
    if not made_pictures.is_whole(file):
        made_pictures.write(file, _scaled(Path(original.file).read_bytes()))
    path = f"assets/pictures/{original.path.removeprefix(f'{FOLDER}/')}.card.webp"
    size = made_pictures.size(file)
    return PictureFile(path, str(file) if size else "", size)


def _scaled(content: bytes) -> bytes:
    """The picture as WebP in that size; where it has another shape, its top or its middle."""
    from PIL import Image, ImageOps  # noqa: PLC0415  (only new pictures need it)

    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MOST_PIXELS:
                return b""
            image.draft("RGB", (2 * SIZE[0], 2 * SIZE[1]))  # decodes no more than is needed
            whole = ImageOps.exif_transpose(image).convert("RGBA")
        paper = Image.new("RGBA", whole.size, "white")
        paper.alpha_composite(whole)
        small = ImageOps.fit(paper.convert("RGB"), SIZE, Image.Resampling.LANCZOS, centering=(0.5, 0.0))
        stream = io.BytesIO()
        small.save(stream, "WEBP", quality=_QUALITY, exif=b"", xmp=b"")
    except Exception:  # of Pillow, for bytes that are no picture: ten kinds of error, with no common one
        return b""
    return stream.getvalue()
