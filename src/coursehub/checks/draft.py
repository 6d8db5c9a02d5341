"""A draft: the repository as some fixes would make it. Nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from coursehub.records import edits, repository
from coursehub.records.finding import Edit, Fix, Rename
from coursehub.records.hub import Hub
from coursehub.records.paths import is_post
from coursehub.records.post import digest
from coursehub.records.repository import Stored
from coursehub.system import files


class Draft(msgspec.Struct, frozen=True):
    """The hub after fixes, of which `origins` says what moved, and the files that were edited.

    `contents`: path → bytes of each, by the path that it has now. `originals`: path in the folder → the bytes that each
    had before, and those that an editor has of a file and the folder not.
    """

    hub: Hub
    contents: Mapping[str, bytes] = {}
    originals: Mapping[str, bytes] = {}

    def origin(self, path: str) -> str:
        """Where a file is in the folder."""
        return self.hub.origins.get(path, path)

    def before(self, path: str) -> bytes:
        """The bytes that a file had before it was edited."""
        return self.originals[self.origin(path)]

    def content(self, path: str) -> bytes:
        """The bytes of a file. Raises `OSError`, too, where it is no longer what was judged."""
        if path in self.contents:
            return self.contents[path]
        origin = self.origin(path)
        if origin in self.originals:
            return self.originals[origin]
        assert self.hub.root is not None  # of a hub that was read from a folder
        content = (self.hub.root / origin).read_bytes()
        judged = self.hub.post_by_path.get(path)
        if judged and judged.digest and judged.digest != digest(content):
            raise files.changed(origin)
        return content

    @property
    def paths(self) -> frozenset[str]:
        """The paths of all files that are edited or moved, both of a move."""
        origins = self.hub.origins
        return frozenset((*self.contents, *origins, *origins.values()))


def with_fixes(draft: Draft, fixes: Iterable[tuple[str, Fix]]) -> Draft:
    """The draft after more fixes, each with its finding's path, none of which touches what another does.

    Raises `OSError`, and `ValueError` where a rule's edit is in no place of its file.
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
    before = {path: draft.content(path) for path in {*by_path, *line_ends}}
    after = {path: _edited(content, by_path.get(path, ()), line_ends.get(path, "")) for path, content in before.items()}
    return _moved(_with_contents(draft, before, after), renames)


def _edited(content: bytes, changes: Sequence[Edit], line_ends: str) -> bytes:
    content = edits.applied(content, changes)
    return edits.with_line_ends(content, line_ends) if line_ends else content


def _with_contents(draft: Draft, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Draft:
    hub = _changed(draft.hub, {path: Stored(len(content), content) for path, content in after.items()})
    originals = {draft.origin(path): content for path, content in before.items()}
    return Draft(hub, {**draft.contents, **after}, {**originals, **draft.originals})


def _moved(draft: Draft, renames: Sequence[Rename]) -> Draft:
    if not renames:
        return draft
    moved: dict[str, Stored | None] = {each.path: None for each in renames}
    contents, origins, arrival = dict(draft.contents), dict(draft.hub.origins), dict(draft.hub.arrival)
    for each in renames:
        size = draft.hub.pictures.get(each.path)
        content = draft.content(each.path) if size is None or is_post(each.to) else b""
        moved[each.to] = Stored(len(content) if size is None else size, content)
        origins[each.to] = origins.pop(each.path, each.path)
        if each.path in contents:
            contents[each.to] = contents.pop(each.path)
        if each.path in arrival:
            arrival[each.to] = arrival.pop(each.path)
    hub = msgspec.structs.replace(_changed(draft.hub, moved), origins=origins, arrival=arrival)
    return Draft(hub, contents, draft.originals)


def _changed(hub: Hub, files: Mapping[str, Stored | None]) -> Hub:
    """The hub with these files, which still lies in its folder."""
    return msgspec.structs.replace(repository.changed(hub, files), root=hub.root)
