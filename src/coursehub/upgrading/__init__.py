"""An upgrade: an installed release → the pins, the lock and the files that it writes into a course anew."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from packaging.version import Version

from coursehub.records.edits import with_line_ends
from coursehub.starting import LOCK
from coursehub.text.wording import with_and
from coursehub.upgrading import lock, pins
from coursehub.upgrading.release import Release
from coursehub.upgrading.written import Written, plain

__all__ = ["Change", "NewerPinError", "Plan", "planned"]

_MOST = 5  # packages that a sentence names


class NewerPinError(Exception):
    """The course is pinned to a release after the installed one; the message says where."""


class Change(NamedTuple):
    """A file of the course, and in words what becomes of it.

    `after` are its bytes then, None where it stays as it is; `before` those that it has, None where there is none.
    `offered` is the release's text, where that is not written because the course has a text of its own.
    """

    path: str
    words: str
    before: bytes | None = None
    after: bytes | None = None
    offered: bytes | None = None


class Plan(NamedTuple):
    """The changes of an upgrade, and the release that the course is at; None where no file says it."""

    changes: tuple[Change, ...]
    since: Version | None

    @property
    def writes(self) -> Mapping[str, tuple[bytes | None, bytes]]:
        """Path → the bytes before, None of a new file, and after, of all files that are written."""
        return {each.path: (each.before, each.after) for each in self.changes if each.after is not None}


def planned(files: Mapping[str, bytes], release: Release) -> Plan:
    """Return what makes a course fit a release; nothing is written.

    `files`: path → bytes of those that the release or one before it wrote, and of the course's workflows. Raises
    `NewerPinError` where one of them is pinned to a later release.
    """
    versions = [(version, path) for path, content in files.items() for version in pins.versions(content)]
    newest, path = max(versions, default=(release.version, ""))
    if newest > release.version:
        raise NewerPinError(f"{path} is at Course Hub {newest}, and {release.version} is installed")
    since = min(version for version, _ in versions) if versions else None
    return Plan(tuple(_changes(files, release, since)), since)


def _changes(files: Mapping[str, bytes], release: Release, since: Version | None) -> Iterator[Change]:
    current = pins.current(release.contents.values())
    for path, text in release.contents.items():
        before = files.get(path)
        if before is None:
            yield _missing(path, text, release.written.first(path), since)
        elif plain(before) != text:
            yield from (_lock if path == LOCK else _text)(path, before, text, release.written, current)
    for path in sorted(files.keys() - release.contents.keys()):
        yield from _others(path, files[path], release, current)


def _missing(path: str, text: bytes, first: Version | None, since: Version | None) -> Change:
    if since and first and first > since:
        return Change(path, "new", after=text)
    return Change(path, "is not here, and is not written again")


def _text(
    path: str, before: bytes, text: bytes, written: Written, current: Mapping[str, bytes]
) -> Iterator[Change]:  # fmt: skip
    if written.has(path, before):
        yield Change(path, _words(plain(before), text), before, _like(before, text))
        return
    raised = pins.raised(before, current)
    if raised == before:
        yield Change(path, "changed by the course, so left alone", before, offered=text)
    else:
        yield Change(path, "changed by the course, so only its pin is raised", before, raised, text)


def _lock(
    path: str, before: bytes, text: bytes, written: Written, _: Mapping[str, bytes]
) -> Iterator[Change]:  # fmt: skip
    try:
        renewed, own = lock.renewed(plain(before).decode(), text.decode(), written.packages)
    except ValueError:
        yield Change(path, "is not Course Hub's lock, so left alone", before, offered=text)
        return
    after = _like(before, renewed.encode())
    named = [*own[:_MOST], *([f"{len(own) - _MOST:,} more"] if len(own) > _MOST else [])]
    of_its_own = f"; it keeps the course's own {with_and(named)}" if own else ""
    if after != before:
        yield Change(path, f"{_words(plain(before), renewed.encode())}{of_its_own}", before, after)


def _others(path: str, before: bytes, release: Release, current: Mapping[str, bytes]) -> Iterator[Change]:
    """A file of an earlier release, or a workflow of the course's own."""
    raised = pins.raised(before, current)
    after = raised if raised != before else None
    if release.written.first(path):
        words = f"is no longer part of Course Hub {release.version}: delete it, unless you use it"
        yield Change(path, words, before, after)
        return
    if after is not None:
        yield Change(path, "raised", before, after)
    for called in sorted({*pins.called(before)} - current.keys()):
        yield Change(path, f"calls {called}, which Course Hub {release.version} does not have")


def _words(before: bytes, after: bytes) -> str:
    return "raised" if pins.without(before) == pins.without(after) else "rewritten"


def _like(before: bytes, text: bytes) -> bytes:
    """The text, with the line ends of Windows where a file has those."""
    return with_line_ends(text, "\r\n") if b"\r\n" in before else text
