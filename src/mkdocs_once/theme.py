"""A theme's templates, from the cache of compiled ones, and its files without the hidden ones.

MkDocs asks the theme's environment for the names of all files in it, and leaves out the hidden ones: in Material, more
than ten thousand icons. Listing these takes as long as loading the configuration.
"""

import os
from collections.abc import Iterator

import jinja2
from mkdocs.theme import Theme


class _Visible(jinja2.FileSystemLoader):
    """Loads all templates, and lists those in no hidden folder."""

    def list_templates(self) -> list[str]:
        """The paths of all files in no hidden folder, sorted."""
        return sorted({path for folder in self.searchpath for path in _files(folder)})


def _files(folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = os.path.relpath(place, folder).replace(os.sep, "/")
        yield from (name if below == "." else f"{below}/{name}" for name in names)


def prepare(theme: Theme, compiled: jinja2.BytecodeCache) -> None:
    """Let the theme's environments compile no template again, and list no file in a hidden folder; they still load it.

    The search asks for an environment, too, only to translate a few words.
    """
    get_env = theme.get_env

    def prepared() -> jinja2.Environment:
        env: jinja2.Environment = get_env()
        env.loader, env.bytecode_cache = _Visible(theme.dirs), compiled
        return env

    theme.get_env = prepared  # type: ignore[method-assign]
