"""`mkdocs.yml`, and the settings that a course need not write → `zensical.toml`.

https://zensical.org/docs/setup/basics
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coursehub.text import toml_writing

_SAME = ("site_name", "site_description", "site_author", "copyright", "site_url", "repo_url", "repo_name", "edit_uri")
_RUN = ("hooks", "plugins")  # code of MkDocs
_OURS = frozenset(["hooks/check.py", "coursehub", "once", "search", "offline"])


def zensical(
    defaults: Mapping[str, Any], written: Mapping[str, Any], nav: Sequence[Any], comments: Mapping[str, Any],
    templates: str,
) -> str:  # fmt: skip
    """The text of `zensical.toml`; `templates` is the folder of templates."""
    theme = written.get("theme")
    theme = {**defaults["theme"], **(theme if isinstance(theme, Mapping) else {})}
    extensions = {**defaults["markdown_extensions"], **dict(_named(written.get("markdown_extensions") or ()))}
    project = {
        **{name: written.get(name, defaults.get(name)) for name in _SAME},
        **{
            name: [*defaults[name], *(each for each in written.get(name) or () if each not in defaults[name])]
            for name in ("extra_css", "extra_javascript")
        },
        "nav": nav,
        "theme": {**{name: each for name, each in theme.items() if name != "name"}, "custom_dir": templates},
        "extra": {**defaults["extra"], **(written.get("extra") or {}), "comments": comments},
        "markdown_extensions": {name: options or {} for name, options in extensions.items()},
    }
    return toml_writing.table("project", project)


def left_out(written: Mapping[str, Any]) -> list[str]:
    """The course's own hooks and plugins, which no other renderer runs."""
    names = [name for setting in _RUN for name, _ in _named(written.get(setting) or ())]
    return [name for name in names if name not in _OURS]


def _named(entries: Mapping[str, Any] | Iterable[Any]) -> Iterable[tuple[str, Any]]:
    """(name, options) of entries that `mkdocs.yml` has as a mapping, or as a list of names and mappings."""
    if isinstance(entries, Mapping):
        return entries.items()
    return [pair for each in entries for pair in (each.items() if isinstance(each, Mapping) else [(str(each), None)])]
