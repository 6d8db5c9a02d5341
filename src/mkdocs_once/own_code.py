"""Code of the course's own, which no version of a package stands for: hooks, extensions, and what these import."""

import os
import sys
import sysconfig
from collections.abc import Collection, Iterator
from pathlib import Path

_STANDARD = ("stdlib", "platstdlib")


def files(packages: Collection[str]) -> Iterator[Path]:
    """The files of all modules that were loaded from no installed package and none of these, in the order of paths."""
    installed = tuple(f"{folder}{os.sep}" for folder in (*_with_packages(), *map(sysconfig.get_path, _STANDARD)))
    others = {"__main__", "__mp_main__", *packages}  # which multiprocessing, once it is loaded, has the first one under
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] not in others]
    loaded = filter(None, (getattr(module, "__file__", None) for module in modules))
    yield from map(Path, sorted({file for file in loaded if not file.startswith(installed)}))


def _with_packages() -> Iterator[Path]:
    """The folders with packages whose names and versions Python knows."""
    yield from (folder for folder in map(Path, sys.path) if next(folder.glob("*.dist-info"), None))
