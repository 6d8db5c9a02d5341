"""The files of Course Hub's theme that another renderer can use. They are read as files: no code of MkDocs runs."""

from collections.abc import Iterator
from importlib import util
from pathlib import Path

_SPEC = util.find_spec("mkdocs_coursehub")  # which loads nothing of it
_FOLDER = Path(next(iter(_SPEC.submodule_search_locations or ()), "") if _SPEC else "")
# What posts, the front page and moved pages look like. Those around them are MkDocs' and Material's: of their search,
# their scripts, and a policy that knows these.
_TEMPLATES = ("404.html", "home.html", "moved.html", "post.html", "partials/discussion.html", "partials/source.html")
_OWN = Path(__file__).with_name("templates")


def settings() -> str:
    """The text of the settings that a course need not write."""
    return (_FOLDER / "settings.yml").read_text(encoding="utf-8")


def templates() -> Iterator[tuple[str, Path]]:
    """Yield (path, file) for each template."""
    yield from ((path.name, path) for path in sorted(_OWN.iterdir()))
    yield from ((name, _FOLDER / "theme" / name) for name in _TEMPLATES)


def static() -> Iterator[tuple[str, Path]]:
    """Yield (path on the site, file) for each style, script and picture."""
    top = _FOLDER / "static"
    yield from ((path.relative_to(top).as_posix(), path) for path in sorted(top.rglob("*")) if path.is_file())
