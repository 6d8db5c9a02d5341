"""The installed release: what it writes into a course, its theme, and what is new in it."""

import re
from collections.abc import Mapping
from importlib import metadata, util
from pathlib import Path

import msgspec
from packaging.version import Version

import coursehub
from coursehub import __version__, starting
from coursehub.system.packaged import packaged
from coursehub.upgrading import written
from coursehub.upgrading.overrides import SUFFIXES, Template
from coursehub.upgrading.written import Written

_CHANGELOG = "CHANGELOG.md"


class Release(msgspec.Struct, frozen=True):
    """A release: path → content of the files that it writes whatever the answers of a course are, and its changelog.

    `written` are the texts that it and those before it wrote.
    """

    version: Version
    contents: Mapping[str, bytes]
    written: Written
    changelog: str = ""


def installed(product: starting.Product) -> Release:
    """The release that runs, as a course pins it."""
    record = written.read(written.PATH.read_text(encoding="utf-8"))
    return Release(Version(__version__), starting.product_files(product), record, _changelog())


def templates() -> Mapping[str, Template]:
    """Name → template of the installed theme: Course Hub's own, and behind them Material's, which may be missing.

    Material's are those of the version in the lock, or none: others may have other texts.
    """
    ours = _templates("mkdocs_coursehub", "theme", "coursehub", __version__)
    pinned = re.search(r"^mkdocs-material==([^\s;\\]+)", starting.lock(), re.MULTILINE)
    try:
        version = metadata.version("mkdocs-material")
    except metadata.PackageNotFoundError:
        return ours
    if not pinned or pinned[1] != version:
        return ours
    return {**_templates("material", "templates", "mkdocs-material", version), **ours}


def _templates(module: str, folder: str, package: str, version: str) -> dict[str, Template]:
    spec = util.find_spec(module)  # which loads nothing of it
    top = Path(next(iter(spec.submodule_search_locations or ()), "") if spec else "") / folder
    paths = (path for pattern in ("*", "[!.]*/**/*") for path in top.glob(pattern) if path.suffix in SUFFIXES)
    return {
        path.relative_to(top).as_posix(): Template(package, version, path.read_text(encoding="utf-8")) for path in paths
    }


def _changelog() -> str:
    """CHANGELOG.md: of the installed package, or in the product's own repository."""
    return packaged(Path(coursehub.__file__).with_name(_CHANGELOG), _CHANGELOG).read_text(encoding="utf-8")
