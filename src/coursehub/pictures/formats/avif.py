"""AVIF: https://aomediacodec.github.io/av1-avif/, which builds on ISO/IEC 14496-12 and 23008-12.

A file's parts know each other by where they are, so what tells of somebody is not cut out but written over.
"""

from collections.abc import Iterator
from typing import NamedTuple

from coursehub.pictures import tags
from coursehub.pictures.layout import NOTES, CutOffError, DamagedError, Layout, number, piece

_FOLDERS = {b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0, b"stbl": 0}
_NO_EXIF = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
_MOST_SHARED = 4  # times the file, that its items have together; one part has only one item in all files that are meant
_MOST = 10_000  # items, and boxes: pictures have some dozens


class _Box(NamedTuple):
    name: bytes
    name_at: int
    start: int  # of what is in it
    end: int


def read(content: bytes) -> Layout:
    """The parts of an AVIF file. Raises `DamagedError`."""
    boxes = [*_boxes(content, 0, len(content))]
    meta = next((each for each in boxes if each.name == b"meta"), None)
    if meta is None or not any(each.name in (b"mdat", b"idat") for each in (*boxes, *_inside(content, meta))):
        raise CutOffError
    parts = [*_inside(content, meta)]
    sizes = [
        (number(content, each.start + 4, 4), number(content, each.start + 8, 4))
        for each in parts
        if each.name == b"ispe"
    ]
    if not sizes:
        raise DamagedError("does not say how large it is")
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    if any(number(content, each.start, 1) & 1 for each in parts if each.name == b"irot"):
        width, height = height, width
    frames = max((number(content, each.start + 8, 4) for each in boxes if each.name == b"stsz"), default=1)
    published, secrets = bytearray(content), set[str]()
    kinds, idat = _kinds(content, parts), next((each.start for each in parts if each.name == b"idat"), 0)
    for item, start, size in _extents(content, parts, idat):
        if kinds.get(item) == b"Exif":
            data = piece(content, start, size)
            secrets |= tags.exif(data[4 + number(data, 0, 4) :] if size >= 4 else b"").secrets
            published[start : start + size] = _NO_EXIF.ljust(size, b"\0")[:size]
        elif kinds.get(item) == b"mime":
            secrets |= tags.xmp(piece(content, start, size))
            published[start : start + size] = b" " * size
    for box in (*boxes, *parts):
        if box.name in (b"uuid", b"udta", b"free", b"skip"):
            if box.name != b"free" and content[box.start : box.end].strip(b"\0"):
                secrets.add(NOTES)
            published[box.name_at : box.name_at + 4] = b"free"
            published[box.start : box.end] = bytes(box.end - box.start)
    return Layout(width, height, max(frames, 1), [bytes(published)], frozenset(secrets))


def _boxes(content: bytes, start: int, end: int) -> Iterator[_Box]:
    """The boxes from `start` to `end`, and those inside that are no more than folders."""
    count, ends = 0, [end]
    while ends:
        if start >= ends[-1]:
            start = ends.pop()
            continue
        count += 1
        size, name, head = number(content, start, 4), piece(content, start + 4, 4), 8
        if size == 1:
            size, head = number(content, start + 8, 8), 16
        elif size == 0:
            size = ends[-1] - start
        if size < head or count > _MOST:
            raise DamagedError("has bytes that changed since it was saved")
        if start + size > ends[-1]:
            raise CutOffError
        yield _Box(name, start + 4, start + head, start + size)
        if name in _FOLDERS:
            ends.append(start + size)
            start += head
        else:
            start += size


def _inside(content: bytes, meta: _Box) -> Iterator[_Box]:
    yield from _boxes(content, meta.start + 4, meta.end)


def _kinds(content: bytes, parts: list[_Box]) -> dict[int, bytes]:
    """Item → its kind."""
    kinds = {}
    for table in (each for each in parts if each.name == b"iinf"):
        head = 6 if number(content, table.start, 1) == 0 else 8
        for box in _boxes(content, table.start + head, table.end):
            wide = 4 if number(content, box.start, 1) >= 3 else 2
            kinds[number(content, box.start + 4, wide)] = piece(content, box.start + 6 + wide, 4)
    return kinds


def _extents(content: bytes, parts: list[_Box], idat: int) -> Iterator[tuple[int, int, int]]:
    """(item, where it begins, its size) for each part of an item that is in this file."""
    total = 0
    for table in (each for each in parts if each.name == b"iloc"):
        at = table.start
        version, sizes = number(content, at, 1), number(content, at + 4, 2)
        offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
        wide = 4 if version == 2 else 2
        count, at = number(content, at + 6, wide), at + 6 + wide
        for _ in range(count):
            item, at = number(content, at, wide), at + wide
            method = 0
            if version:
                method, at = number(content, at, 2) & 15, at + 2
            base, at = number(content, at + 2, base_size), at + 2 + base_size
            extents, at = number(content, at, 2), at + 2
            for _ in range(extents):
                at += index_size if version else 0
                offset, size = number(content, at, offset_size), number(content, at + offset_size, length_size)
                at += offset_size + length_size
                if not offset_size and not length_size and not index_size:
                    raise DamagedError("has bytes that changed since it was saved")
                if at > table.end:
                    raise CutOffError
                if method < 2:
                    start = base + offset + (idat if method else 0)
                    size = size or max(len(content) - start, 0)
                    total += size
                    if start + size > len(content):
                        raise CutOffError
                    if total > _MOST_SHARED * len(content):
                        raise DamagedError("has bytes that changed since it was saved")
                    yield item, start, size
