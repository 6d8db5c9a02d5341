"""The kind of file that bytes are, whatever the file's name says."""

import re
from typing import NamedTuple

from coursehub.text.expressions import expression


class Kind(NamedTuple):
    """A kind of file: its name, as a sentence has it, and what to do with one that should be a picture."""

    name: str
    help: str = ""


PICTURES = {
    ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WebP", ".avif": "AVIF",
}  # fmt: skip
SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WebP": ".webp", "AVIF": ".avif"}

_EXPORT = "Open it in the program that made it, and export it as PNG or JPEG: a new name does not change the file."
_PHONE = "On the phone or in a photo program, export it as JPEG: a new name does not change the file."
_VIDEO = "Put it on a site for videos and link to it, or show one frame as a picture."
_LFS = (
    "Upload the picture itself on GitHub; or `git lfs untrack` its pattern (see .gitattributes), then "
    "`git add --renormalize .` and commit: this repository has no Git LFS."
)
_DRAWING = "Export it as PNG from the program that drew it, or take a screenshot of it."
_PAGE = "Open the picture itself in the browser, save that, and look at the file before you hand it in."
_APPLE = "Delete it, and put the picture itself there; its name has no “._” in front."
_DECODE = "Decode it (`base64 --decode`), and put the picture itself there."
_UNPACK = "Unpack it, and put the picture itself there."
_AGAIN = "Put the picture there again, and look whether it opens."

_BEFORE = rb"(?>(?:\xef\xbb\xbf|\s+|<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE svg[^>]*>)*)"  # what may be before an element
# Of AVIF, HEIC and videos, the names of their kinds begin at the fifth byte; of AVIF the right one may come later.
_BEGINNINGS = (
    (rb"\x89PNG\r\n\x1a\n", "PNG", ""),
    (rb"\xff\xd8\xff", "JPEG", ""),
    (rb"GIF8[79]a", "GIF", ""),
    (rb"RIFF....WEBP", "WebP", ""),
    (rb"....ftypavi[fs]", "AVIF", ""),
    (rb"....ftypmi?[fs]f1.{4}(?:.{4}){0,8}?avi[fs]", "AVIF", ""),
    (rb"....ftyp(?:he[icv]|mi?[fs]f1)", "a HEIC photo of a phone", _PHONE),
    (rb"....ftyp(?:qt|isom|mp4|M4V|avc|3gp|iso\d)|\x1aE\xdf\xa3", "a video", _VIDEO),
    (rb"version https://git-lfs", "a pointer of Git LFS, not the picture", _LFS),
    (_BEFORE + rb"<svg\b", "an SVG drawing", _DRAWING),
    (_BEFORE + rb"<(?:!doctype html|html|head|body|script|meta|div|p)\b", "a web page, not the picture on it", _PAGE),
    (rb"%PDF-", "a PDF", _DRAWING),
    (rb"II\*\0|MM\0\*", "a TIFF picture", _EXPORT),
    (rb"BM.{4}\0\0\0\0", "a BMP picture", _EXPORT),
    (rb"\x00\x00\x01\x00.\x00", "an icon", _EXPORT),
    (rb"8BPS", "a file of Photoshop", _EXPORT),
    (rb"gimp xcf", "a file of GIMP", _EXPORT),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture", _EXPORT),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 picture", _EXPORT),
    (rb"PK\x03\x04", "a ZIP archive or an Office document", _EXPORT),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!", "a compressed archive", _UNPACK),
    (rb"\x00\x05\x16[\x00\x07]", "what macOS keeps beside a file, not the picture", _APPLE),
    (rb"data:image/", "a picture written as text (a data: address)", _PAGE),
    (rb"(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR)[\w+/]", "a picture written as text (Base64)", _DECODE),
    (rb"<{7} ", "a text in which git marked a conflict", _AGAIN),
    (rb"(?:\xef\xbb\xbf)?[\t\n\r\x20-\x7e]{1,4096}\Z", "a text, not a picture", _AGAIN),
    (rb"\0{16}", "made of zeros: a copy or download that never ended", _AGAIN),
)
_KINDS = tuple(
    (expression(pattern, re.DOTALL | re.IGNORECASE), Kind(name, help)) for pattern, name, help in _BEGINNINGS
)
UNKNOWN = Kind("no picture that browsers know", _AGAIN)
EMPTY = Kind("empty", _AGAIN)
_ENOUGH = 4096  # bytes that say which kind a file is


def kind(content: bytes) -> Kind:
    """The kind of file that begins so."""
    if not content:
        return EMPTY
    begins = content[:_ENOUGH]
    return next((kind for pattern, kind in _KINDS if pattern.match(begins)), UNKNOWN)
