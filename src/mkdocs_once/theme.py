"""A theme's templates, from the cache of compiled ones, and its files without the hidden ones.

MkDocs asks the theme's environment for the names of all files in it, and leaves out the hidden ones: in Material, more
than ten thousand icons. Listing these takes as long as loading the configuration.
"""

import os
import traceback
from collections.abc import Callable, Iterator

import jinja2
from mkdocs.theme import Theme

from mkdocs_once import unreadable


class _Visible(jinja2.FileSystemLoader):
    """Loads all templates, and lists those in no hidden folder."""

    def list_templates(self) -> list[str]:
        """The paths of all files in no hidden folder, sorted."""
        return sorted({path for folder in self.searchpath for path in _files(folder)})

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """A template's text, its file, and whether it is still that text."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            file = next(filter(os.path.isfile, (os.path.join(folder, template) for folder in self.searchpath)))  # noqa: PTH118
            raise unreadable.refusal(file, error) from error


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


def place(error: Exception) -> str:
    """FILE:LINE of an error in a template; empty for one in Python's code, of which the traceback says more."""
    file_and_line = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        names = frame.f_globals
        if template := names.get("__jinja_template__"):
            file_and_line = f"{unreadable.shown(template.filename)}:{template.get_corresponding_lineno(line)}"
        elif "__jinja_exception__" in names:  # then Jinja has put the template's own place there
            file_and_line = f"{unreadable.shown(frame.f_code.co_filename)}:{line}"
        elif str(names.get("__name__")).partition(".")[0] not in (jinja2.__name__, __package__):
            file_and_line = ""
    return file_and_line
