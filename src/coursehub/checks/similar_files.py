"""The file that an address may mean, where no file has its name."""

import posixpath
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from coursehub.names.file_names import rough
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.expressions import expression
from coursehub.text.wording import most_like

_ENCODED = expression(r"[^\w./+,@~=!-]")


def similar_picture(post: Post, hub: Hub, path: str) -> str:
    """The picture of a post that may be meant by this path, or an empty text.

    One whose name differs in capitals, blanks or slashes; or has another folder before it, or another ending; or is
    most like it.
    """
    by_name = hub.files.pictures_by_name.get(post.picture_folder, {})
    name = PurePosixPath(rough(path)).name
    for each in (name, PurePosixPath(name).stem):
        if each and each in by_name:
            return by_name[each]
    return by_name.get(most_like(name, by_name, 0.8), "") if name else ""


def similar_target(hub: Hub, path: str) -> str:
    """The published post or picture whose path differs from this one in capitals, blanks, slashes or `.md` alone."""
    name = rough(path).removesuffix("/")
    return hub.files.targets_by_name.get(name) or hub.files.targets_by_name.get(f"{name}.MD", "")


def address_of(post: Post, path: str) -> str:
    """The address by which the text of a post leads to this file, on the site and on GitHub."""
    relative = posixpath.relpath(path, posixpath.dirname(post.path))
    if not unicodedata.is_normalized("NFC", relative):
        return _encoded(relative)
    return _ENCODED.sub(lambda match: _encoded(match[0]), relative)


def _encoded(text: str) -> str:
    return quote(text, safe="/+", errors="surrogateescape")
