"""Code of the course's own, which no version of a package stands for: hooks, extensions, and what these import."""

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path


def files() -> Iterator[Path]:
    """The files of all modules that were loaded from no installed package, in the order of their paths."""
    installed = (*_installed(), f"{sysconfig.get_path('stdlib')}/", f"{sysconfig.get_path('platstdlib')}/")
    loaded = (getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if name != "__main__")
    yield from (Path(file) for file in sorted({file for file in loaded if file and not file.startswith(installed)}))


def _installed() -> Iterator[str]:
    """The folders with packages whose names and versions Python knows."""
    folders = (Path(folder) for folder in sys.path)
    yield from (f"{folder}/" for folder in folders if next(folder.glob("*.dist-info"), None))
