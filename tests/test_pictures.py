"""Pictures: whatever bytes a file has, it is read; and what is published shows the same and tells nothing."""

import io
import random
import re
import struct

import pictures
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from coursehub.pictures.picture import Picture
from coursehub.pictures.reading import read

FORMATS = ("png", "jpeg", "gif", "webp", "avif")
SUFFIX = {"png": ".png", "jpeg": ".jpg", "gif": ".gif", "webp": ".webp", "avif": ".avif"}
SECRET = re.compile(rb"Phones|serial-4711|2026:11:20|Lisbon", re.IGNORECASE)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>Lisbon</dc:creator><exif:GPSLatitude>1</exif:GPSLatitude></x:xmpmeta>'


def saved(format: str, *, frames: int = 1, turned: bool = False, mode: str = "RGB", **more: object) -> bytes:
    """A picture with all that its format can tell of somebody, and with a colour profile."""
    first = Image.effect_noise((48, 32), 60).convert(mode)
    stream = io.BytesIO()
    options: dict[str, object] = {
        "exif": pictures.exif(has_place=True, is_turned=turned),
        "icc_profile": PROFILE,
        **more,
    }
    if frames > 1:
        options |= {"save_all": True, "append_images": [first.rotate(20 * n) for n in range(1, frames)], "duration": 90}
    if format == "png":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", "Lisbon")
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options["pnginfo"] = info
    elif format == "gif":
        options["comment"] = b"Lisbon"
    else:
        options["xmp"] = XMP
        options |= {"comment": b"Lisbon"} if format == "jpeg" else {}
    first.save(stream, format.upper(), **options)
    return stream.getvalue()


def shown(content: bytes) -> list[bytes]:
    """The pixels of all frames, turned as the file says."""
    with Image.open(io.BytesIO(content)) as image:
        frames = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(ImageOps.exif_transpose(image).convert("RGBA").tobytes())
        return frames


def size(content: bytes) -> tuple[int, int]:
    """The size that browsers show, which do not turn WebP."""
    with Image.open(io.BytesIO(content)) as image:
        return image.size if image.format == "WEBP" else ImageOps.exif_transpose(image).size


CASES = [
    *((format, {}) for format in FORMATS),
    *((format, {"turned": True}) for format in ("png", "jpeg", "webp", "avif")),
    *((format, {"frames": 4}) for format in ("png", "gif", "webp", "avif")),
    ("jpeg", {"progressive": True, "quality": 40}), ("jpeg", {"mode": "CMYK"}), ("jpeg", {"mode": "L"}),
    ("png", {"mode": "LA"}), ("png", {"mode": "1"}), ("webp", {"lossless": True}), ("webp", {"mode": "RGBA"}),
]  # fmt: skip


@pytest.mark.parametrize(("format", "how"), CASES)
def test_what_is_published_shows_the_same_and_tells_nothing(format: str, how: dict[str, object]) -> None:
    content = saved(format, **how)
    published = read(f"a{SUFFIX[format]}", content).published
    assert published is not None
    assert SECRET.search(content)
    assert not SECRET.search(published)
    assert b"dc:creator" not in published
    assert shown(published) == shown(content)
    with Image.open(io.BytesIO(published)) as after, Image.open(io.BytesIO(content)) as before:
        assert after.info.get("icc_profile") == before.info.get("icc_profile")
        assert {tag for tag, value in after.getexif().items() if value != 1} <= {0x0112}
        assert (after.info.get("duration"), after.info.get("loop")) == (
            before.info.get("duration"),
            before.info.get("loop"),
        )
    again = read(f"a{SUFFIX[format]}", published)
    assert (again.published, again.picture.secrets) == (published, ())


@pytest.mark.parametrize(("format", "how"), CASES)
def test_a_picture_is_as_large_as_it_is_shown(format: str, how: dict[str, object]) -> None:
    content = saved(format, **how)
    picture = read(f"a{SUFFIX[format]}", content).picture
    with Image.open(io.BytesIO(content)) as image:
        frames = getattr(image, "n_frames", 1)
    assert (picture.width, picture.height, picture.frames, picture.wrong) == (*size(content), frames, "")


@pytest.mark.parametrize(("format", "how"), CASES)
def test_a_picture_that_ends_too_early_is_no_picture(format: str, how: dict[str, object]) -> None:
    content = saved(format, **how)
    last = 1 if format == "gif" else 0  # without its last byte, an end mark, it is shown whole everywhere
    for end in {0, 1, 3, 8, 12, 20, *range(24, len(content) - last, max(1, len(content) // 60))}:
        cut = read(f"a{SUFFIX[format]}", content[:end])
        if format != "gif" or cut.picture.wrong or shown(content[:end]) != shown(content)[: cut.picture.frames]:
            assert (bool(cut.picture.wrong), cut.published) == (True, None), end


SECRETS = {
    "a photo of a phone": (
        "jpeg", {"exif": pictures.exif(has_place=True, is_turned=True)},
        ("where it was taken", "when it was taken", "what it was taken with"),
    ),
    "a turned photo without more": ("jpeg", {"exif": pictures.exif(has_place=False, is_turned=True)}, ()),
    "a program's own name": ("jpeg", {"comment": b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90\n"}, ()),
    "a comment": ("jpeg", {"comment": b"at home"}, ("names or notes",)),
    "an XMP packet": ("webp", {"xmp": XMP}, ("where it was taken", "names or notes")),
    "an XMP packet on the picture alone": ("png", {"xmp": b"<exif:UserComment>Screenshot</exif:UserComment>"}, ()),
}  # fmt: skip


@pytest.mark.parametrize(("format", "options", "secrets"), SECRETS.values(), ids=SECRETS)
def test_what_a_file_tells_is_named(format: str, options: dict[str, object], secrets: tuple[str, ...]) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (30, 20)).save(stream, format.upper(), **options)
    assert read(f"a{SUFFIX[format]}", stream.getvalue()).picture.secrets == secrets


@pytest.mark.parametrize(
    ("name", "value", "secrets"),
    [
        (b"tEXt", b"Software\0Matplotlib version3.11.2, https://matplotlib.org/", ()),
        (b"tEXt", b"Author\0Jane", ("names or notes",)),
        (b"zTXt", b"Raw profile type exif\0\0x", ("names or notes",)),
        (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0x", ("names or notes",)),
        (b"tEXt", b"exif:GPSLatitude\0x", ("where it was taken",)),
        (b"eXIf", b"no EXIF", ("names or notes",)),
        (b"caBX", b"who made it", ("names or notes",)),
        (b"juNk", b"who knows", ()),
    ],
)
def test_each_part_of_a_png_that_is_not_the_picture_is_left_out(
    name: bytes, value: bytes, secrets: tuple[str, ...]
) -> None:
    plain = pictures.png(40, 30)
    after_header = 8 + 25
    content = plain[:after_header] + pictures.chunk(name, value) + plain[after_header:]
    result = read("a.png", content)
    assert (result.picture.secrets, result.published) == (secrets, plain)


@pytest.mark.parametrize("format", FORMATS)
def test_what_lies_behind_a_picture_is_not_published(format: str) -> None:
    """Of a screenshot that was cropped, some programs leave the rest there; phones put videos behind photos."""
    if format == "avif":
        return  # there it is one more box, and no picture of anything
    content = pictures.painted(format, 30, 20)
    result = read(f"a{SUFFIX[format]}", content + b"a video in Lisbon")
    assert result.picture.secrets == ("more data behind the picture",)
    assert result.published == content


def test_names_go_by_what_the_file_is() -> None:
    webp = pictures.painted("webp", 30, 20)
    assert read("a.jpeg", webp).picture.wrong == "is a WebP picture with the name of a JPEG"
    assert read("a.b.jpeg", webp).picture.help == "Rename the file to a.b.webp, here and in the text."
    assert read("a.jpeg", webp).published == webp


def test_a_bomb_is_known_by_its_size_and_never_decoded() -> None:
    assert read("a.png", pictures.png(60_000, 60_000)).picture == Picture("PNG", 60_000, 60_000)


WHOLE = [saved(format, frames=frames) for format in FORMATS for frames in ((1, 3) if format != "jpeg" else (1,))]
NAMES = st.sampled_from(["a.png", "b.JPG", "c", ".gif", "d.webp", "e.avif"])


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A picture of which some bytes are others, more, or gone."""
    content = bytearray(draw(st.sampled_from(WHOLE)))
    rng = random.Random(draw(st.integers(0, 1 << 32)))
    for _ in range(draw(st.integers(1, 12))):
        at = rng.randrange(min(len(content), draw(st.sampled_from([40, 400, 1 << 30]))))
        content[at : at + rng.randrange(3)] = rng.choice([b"", b"\xff", b"\0", b"\xff\xff\xff\xff", rng.randbytes(4)])
    return bytes(content)


@settings(max_examples=400)
@given(
    NAMES,
    st.one_of(
        mutated(),
        st.binary(max_size=200),
        st.sampled_from(WHOLE).flatmap(lambda whole: st.binary().map(lambda more: whole[:30] + more)),
    ),
)
@example("a.png", b"")
@example("a.avif", b"\0\0\0\x1cftypavif" + b"\xff" * 300)
@example("a.gif", b"GIF89a" + b"\0" * 300)
def test_any_bytes_are_read(name: str, content: bytes) -> None:
    result = read(name, content)
    picture = result.picture
    assert (result.published is None) == (not picture.is_shown)
    assert picture.is_shown or (picture.wrong and picture.help)
    if result.published is not None:
        assert picture.width > 0 < picture.height
        assert picture.frames > 0
        again = read(name, result.published)
        assert (again.published, again.picture.secrets) == (result.published, ())


def infe(number: int, kind: bytes) -> bytes:
    return struct.pack(">I4sIHH4sx", 21, b"infe", 2 << 24, number, 0, kind)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


LONG = 2_000_000
SLOW = {
    "JPEG of markers that never begin": b"\xff\xd8" + b"\xff" * LONG,
    "JPEG of scans": b"\xff\xd8" + b"\xff\xda\0\2a" * (LONG // 5),
    "GIF of empty blocks": b"GIF89a" + b"\1\0\1\0\0\0\0" + b"!\xfe\0" * (LONG // 3),
    "PNG of empty chunks": pictures.png(1, 1)[:33] + pictures.chunk(b"tEXt", b"") * (LONG // 12),
    "comments before HTML": b"<!---->" * (LONG // 7),
    "open comments": b"<!--" * (LONG // 4),
    "AVIF whose items are all the whole file": box(b"ftyp", b"avif\0\0\0\0")
    + box(b"meta", b"\0\0\0\0" + box(b"iinf", b"\0\0\0\0\0\1" + infe(1, b"Exif")) + box(b"ispe", b"\0\0\0\0\0\0\0\1\0\0\0\1") + box(
        b"iloc", b"\0\0\0\0\x44\0\0\1" + b"\0\1\0\0" + struct.pack(">H", 65_000) + struct.pack(">II", 0, 500_000) * 65_000))
    + box(b"mdat", b"\0" * 8),
}  # fmt: skip


@pytest.mark.parametrize("content", SLOW.values(), ids=SLOW)
def test_no_file_takes_more_than_its_size(content: bytes) -> None:
    """With a time that grew with the square of the size, these would never end."""
    assert read("a.png", content).picture.wrong
