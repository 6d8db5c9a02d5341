"""Pictures of a post of another engine → files in its folder here, and the text with their addresses."""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from coursehub.converting import addresses
from coursehub.converting.notebook import data_pictures
from coursehub.names.file_names import usable_path
from coursehub.pictures import kinds, reading
from coursehub.records.paths import PICTURE_SUFFIXES
from coursehub.text.addresses import scheme
from coursehub.text.wording import brief


class Placed(NamedTuple):
    """The text with the pictures' new addresses; path → bytes of each file; what is wrong, by a picture's address."""

    text: str
    files: Mapping[str, bytes]
    faults: Mapping[str, tuple[str, str]]


Read = Callable[[str], bytes | None]  # the bytes of a file by its path as the post has it; None where there is none
MOST_BYTES = reading.MOST_BYTES


def placed(text: str, folder: str, own: Mapping[str, bytes], read: Read, post: Callable[[str], str]) -> Placed:
    """The text with its pictures in `folder`, a path in the repository such as posts/F2026/zeno.

    `own` are pictures that the file had in itself. Links to such files follow, too; `post` gives the address of another
    post by the path of its file, or nothing.
    """
    faults: dict[str, tuple[str, str]] = {}
    new: dict[str, str] = {}
    files: dict[str, bytes] = {}
    used: dict[str, int] = {}
    by_content: dict[bytes, str] = {}

    def place(name: str, content: bytes) -> str:
        path = by_content.get(content)
        if path is None:
            path = by_content[content] = usable_path(folder, _tidy(name), used)
            files[path] = content
        return quote(f"{PurePosixPath(folder).name}/{PurePosixPath(path).name}", safe="/~")

    shown = addresses.of_pictures(text)
    for number, (address, suffix, content) in enumerate(data_pictures(text, shown), start=1):
        new[address] = place(f"picture-{number}.{suffix}", content)
    for address in shown:
        if address in new:
            continue
        path = addresses.path_of(address)
        stored = own.get(path) or (read(path) if path else None)
        if stored is None:
            if fault := _missing(address):
                faults[address] = fault
            continue
        name = _named(PurePosixPath(path), stored)
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in PICTURE_SUFFIXES:
            faults[address] = _unusual(stored, suffix)
            continue
        new[address] = place(name, stored)
        if fault := _wrong(name, stored):
            faults[new[address]] = fault
    for address in addresses.of_links(text):
        path = addresses.path_of(address)
        if there := post(path):
            new[address] = there
        elif PurePosixPath(path).suffix.lower() in PICTURE_SUFFIXES and (linked := read(path)):
            new[address] = place(_named(PurePosixPath(path), linked), linked)
        else:
            faults[address] = (f"the link “{brief(address)}” led to a page or file of the old site", _TO_WHERE_IT_IS)
    return Placed(addresses.replaced(text, new), files, faults)


_TO_WHERE_IT_IS = "Give the whole address, beginning with https://, or take the link out."


def _named(path: PurePosixPath, content: bytes) -> str:
    """The name of a picture's file, with the suffix that its bytes ask for."""
    kind = kinds.kind(content).name
    is_misnamed = kind in kinds.SUFFIXES and kinds.PICTURES.get(path.suffix.lower()) != kind
    return f"{path.stem}{kinds.SUFFIXES[kind]}" if is_misnamed else path.name


def _tidy(name: str) -> str:
    return re.sub(r"[\s%#?&'()\[\]]+", "-", name).strip("-")


def _missing(address: str) -> tuple[str, str] | None:
    if scheme(address) == "data":
        return (
            "a picture is written into the text in a form that is no picture here",
            "Save it as a PNG, and put it there.",
        )
    if scheme(address) or address.startswith("//"):
        return (
            f"the picture “{brief(address)}” is on the web, and nothing is loaded from there",
            "Save it into the post's folder if you may, and write its address there.",
        )
    return f"the picture “{brief(address)}” is not there", "Put it into the post's folder, and write its address there."


def _unusual(content: bytes, suffix: str) -> tuple[str, str]:
    what = suffix.removeprefix(".").upper() or kinds.kind(content).name
    return f"a picture is {what}, which no post has", "Export it as PNG or WebP, and put it into the post's folder."


def _wrong(name: str, content: bytes) -> tuple[str, str] | None:
    picture = reading.read(name, content).picture
    return (f"the picture “{name}” {picture.wrong}", picture.help) if picture.wrong else None
