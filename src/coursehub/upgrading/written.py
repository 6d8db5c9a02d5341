"""The texts that releases wrote into a course, by digests: so those that nobody changed are known."""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from packaging.version import Version

from coursehub.starting import LOCK
from coursehub.upgrading import lock, pins

PATH = Path(__file__).with_name("written.toml")
Texts = Mapping[str, Mapping[str, tuple[str, ...]]]


class Written(msgspec.Struct, frozen=True):
    """Path → version → digests of the texts that are there since then; and the `packages` that a lock ever had."""

    packages: frozenset[str] = frozenset()
    texts: Texts = {}

    def has(self, path: str, content: bytes) -> bool:
        """Whether a release wrote this text, whatever its pins."""
        return any(digest(content) in digests for digests in self.texts.get(path, {}).values())

    def first(self, path: str) -> Version | None:
        """The release that first wrote a file there; None where none did."""
        return min(map(Version, self.texts.get(path, {})), default=None)


def read(toml: str) -> Written:
    """The record that `write` made."""
    return msgspec.convert(tomllib.loads(toml), Written)


def write(written: Written) -> str:
    """The record as TOML, in the order of names and versions."""
    lines = ["packages = [", *(f'  "{name}",' for name in sorted(written.packages)), "]"]
    for path, by_version in sorted(written.texts.items()):
        lines += ["", f'[texts."{path}"]']
        for version in sorted(by_version, key=Version):
            lines += [f'"{version}" = [', *(f'  "{each}",' for each in by_version[version]), "]"]
    return "\n".join(lines) + "\n"


def extended(written: Written, version: str, contents: Mapping[str, bytes]) -> Written:
    """The record with the texts of a release, too. The lock is known by its head line, and only its names are kept."""
    packages = written.packages.union(lock.names(contents[LOCK].decode()))
    texts = dict(written.texts)
    for path, content in contents.items():
        if path == LOCK:
            texts.setdefault(path, {version: ()})
        elif not written.has(path, content):
            known = texts.get(path, {})
            texts[path] = {**known, version: (*known.get(version, ()), digest(content))}
    return Written(packages, texts)


def digest(content: bytes) -> str:
    """The digest of a text, whatever its pins and line ends."""
    return hashlib.sha256(pins.without(plain(content))).hexdigest()


def plain(content: bytes) -> bytes:
    """The text with line ends as git keeps them."""
    return content.replace(b"\r\n", b"\n")
