"""A draft: the repository as some fixes would make it. Nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from coursehub.records import edits, repository
from coursehub.records.finding import Edit, Fix, Rename
from coursehub.records.hub import Hub
from coursehub.records.post import is_post
from coursehub.records.repository import Stored


class Draft(msgspec.Struct, frozen=True):
    """The hub after fixes, and how its files differ from those in its folder.

    `contents`: path → bytes of each file that was edited, by the path that it has now. `origins`: path → where the file
    is in the folder, of each that moves. `unsaved`: path → the bytes that an editor has of a file, and the folder not.
    """

    hub: Hub
    contents: Mapping[str, bytes] = {}
    origins: Mapping[str, str] = {}
    unsaved: Mapping[str, bytes] = {}

    def before(self, path: str) -> bytes:
        """The bytes that the editor has of a file, or else the folder. Raises `OSError`."""
        if path in self.unsaved:
            return self.unsaved[path]
        assert self.hub.root is not None  # of a hub that was read from a folder
        return (self.hub.root / self.origins.get(path, path)).read_bytes()

    def content(self, path: str) -> bytes:
        """The bytes of a file. Raises `OSError`."""
        return self.contents[path] if path in self.contents else self.before(path)

    @property
    def paths(self) -> frozenset[str]:
        """The paths of all files that are edited or moved, both of a move."""
        return frozenset((*self.contents, *self.origins, *self.origins.values()))


def with_fixes(draft: Draft, fixes: Iterable[tuple[str, Fix]]) -> Draft:
    """The draft after more fixes, each with its finding's path, none of which touches what another does.

    Raises `OSError`, and `ValueError` where a place is not in its file.
    """
    by_path: dict[str, list[Edit]] = {}
    line_ends: dict[str, str] = {}
    renames: list[Rename] = []
    for path, fix in fixes:
        for edit in fix.edits:
            by_path.setdefault(edit.path, []).append(edit)
        if fix.line_ends:
            line_ends[path] = fix.line_ends
        renames += fix.renames
    edited = {
        path: _edited(draft.content(path), by_path.get(path, ()), line_ends.get(path, ""))
        for path in {*by_path, *line_ends}
    }
    return _moved(_with_contents(draft, edited), renames)


def _edited(content: bytes, changes: Sequence[Edit], line_ends: str) -> bytes:
    content = edits.applied(content, changes)
    return edits.with_line_ends(content, line_ends) if line_ends else content


def _with_contents(draft: Draft, contents: Mapping[str, bytes]) -> Draft:
    files = {path: Stored(len(content), content) for path, content in contents.items()}
    return msgspec.structs.replace(draft, hub=_changed(draft.hub, files), contents={**draft.contents, **contents})


def _moved(draft: Draft, renames: Sequence[Rename]) -> Draft:
    if not renames:
        return draft
    files: dict[str, Stored | None] = {each.path: None for each in renames}
    contents, origins, arrival = dict(draft.contents), dict(draft.origins), dict(draft.hub.arrival)
    for each in renames:
        size = draft.hub.pictures.get(each.path)
        content = draft.content(each.path) if size is None or is_post(each.to) else b""
        files[each.to] = Stored(len(content) if size is None else size, content)
        origins[each.to] = origins.pop(each.path, each.path)
        if each.path in contents:
            contents[each.to] = contents.pop(each.path)
        if each.path in arrival:
            arrival[each.to] = arrival.pop(each.path)
    hub = msgspec.structs.replace(_changed(draft.hub, files), origins=origins, arrival=arrival)
    return Draft(hub, contents, origins, draft.unsaved)


def _changed(hub: Hub, files: Mapping[str, Stored | None]) -> Hub:
    """The hub with these files, which still lies in its folder."""
    return msgspec.structs.replace(repository.changed(hub, files), root=hub.root)
