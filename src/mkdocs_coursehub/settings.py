"""The settings that a course need not write: `settings.yml` has them in the form of `mkdocs.yml`, which wins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.theme import Theme
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from coursehub import site

try:
    from yaml import CLoader as Loader
except ImportError:  # PyYAML built without libyaml: slower
    from yaml import Loader  # type: ignore[assignment]

FOLDER = Path(__file__).parent
TEMPLATES, STATIC = FOLDER / "theme", FOLDER / "static"
WATCHED = ("posts", "data")  # beside docs/
# Theme → the settings of its search with which that has an index to fill.
THEMES: Mapping[str | None, dict[str, str]] = {"material": {}, "materialx": {"provider": "lunr"}}


def fill_in(config: MkDocsConfig) -> None:
    """Set what the course's `mkdocs.yml` leaves out, and add the package's templates after the course's own.

    Styles, scripts, Markdown extensions, plugins and icons of the course are added to these. Raises `PluginError` if
    the theme is neither Material nor MaterialX.
    """
    if config.theme.name not in THEMES:
        raise PluginError(f"The theme is “{config.theme.name}”; write into mkdocs.yml: theme: material")
    settings, written = (_read(path, config) for path in (FOLDER / "settings.yml", Path(config.config_file_path)))
    for name in ("edit_uri", "validation"):
        if name not in written:
            _set(config, name, settings[name])
    _fill_theme(config.theme, settings["theme"], written.get("theme"))
    for name, value in settings["extra"].items():
        config.extra.setdefault(name, value)
    _add_extensions(config, settings["markdown_extensions"])
    for name in ("extra_css", "extra_javascript"):
        added = [each for each in config[name] if each not in settings[name]]
        config[name] = [*getattr(MkDocsConfig, name).validate(settings[name]), *added]
    _add_plugins(config, {**settings["plugins"], "search": THEMES[config.theme.name]})
    folders = [Path(config.config_file_path).with_name(name) for name in WATCHED]
    folders += [Path(config.theme.custom_dir or TEMPLATES), TEMPLATES, Path(site.__file__).with_name("templates")]
    config.watch = [*config.watch, *(str(folder) for folder in folders if folder.is_dir())]


def _read(path: Path, config: MkDocsConfig) -> dict[str, Any]:
    with path.open("rb") as file:
        return yaml_load(file, get_yaml_loader(Loader, config))


def _set(config: MkDocsConfig, name: str, value: object) -> None:
    """Set a setting as if `mkdocs.yml` had this value."""
    option = getattr(MkDocsConfig, name)
    config[name] = option.validate(value)
    option.post_validation(config, name)


def _add_extensions(config: MkDocsConfig, settings: Mapping[str, dict[str, Any]]) -> None:
    """Add extensions of Markdown. MkDocs would load each, only to see that it can be: most builds need none of them."""
    option: Any = MkDocsConfig.markdown_extensions
    config.markdown_extensions = [*dict.fromkeys([*option.builtins, *settings, *config.markdown_extensions])]
    config.mdx_configs = {name: options for name, options in {**settings, **config.mdx_configs}.items() if options}


def _fill_theme(theme: Theme, settings: Mapping[str, Any], written: object) -> None:
    own = written if isinstance(written, Mapping) else {}
    for name, value in settings.items():
        if name not in own:
            theme[name] = value
        elif isinstance(value, Mapping) and isinstance(own[name], Mapping):
            theme[name] = {**value, **own[name]}
    theme.dirs.insert(1 if theme.custom_dir else 0, str(TEMPLATES))
    theme.dirs.append(str(STATIC))  # which has no templates; what docs/ has by the same name goes first


def _add_plugins(config: MkDocsConfig, settings: Mapping[str, dict[str, Any]]) -> None:
    """Load the plugins that `mkdocs.yml` does not name, as MkDocs loads those that it does."""
    option: Any = MkDocsConfig.plugins
    for name, options in settings.items():
        if not {name, f"{config.theme.name}/{name}"} & config.plugins.keys():
            option.load_plugin_with_namespace(name, options)
