"""Settings that the plugin `coursehub` fills in, and how a course's own mkdocs.yml and docs/ change them."""

import io
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files

from coursehub.records import repository
from coursehub.site.navigation import of_course
from coursehub.system import actions_log
from mkdocs_coursehub import check, publish, settings
from mkdocs_coursehub.plugin import CourseHubPlugin

HUB = Path(__file__).parent / "fixtures/hub"


def filled(root: Path, written: str = "theme: material") -> MkDocsConfig:
    """The settings of a course whose mkdocs.yml has these beside its name and the plugin."""
    (root / "docs").mkdir()
    (root / "own").mkdir()
    (root / "mkdocs.yml").write_text(f"site_name: A\nplugins: [coursehub]\n{written}\n")
    config = load_config(str(root / "mkdocs.yml"))
    settings.fill_in(config)
    return config


def test_a_theme_and_the_plugin_are_all_that_it_needs(tmp_path: Path) -> None:
    config = filled(tmp_path)
    assert [*config.plugins] == ["coursehub", "once", "material/search", "material/offline"]
    assert config.mdx_configs["toc"] == {"permalink": True, "permalink_title": "Link to this section"}
    assert "pymdownx.superfences" in config.markdown_extensions
    assert config.theme["font"] is False  # no request to another host
    assert config.extra_css[0] == "assets/hub.css"
    assert [str(each) for each in config.extra_javascript][-1] == "assets/parts.js"


@pytest.mark.parametrize(
    ("written", "look", "expected"),
    [
        ("theme: {name: material, features: [toc.integrate]}", lambda it: it.theme["features"], ["toc.integrate"]),
        ("theme: {name: material, features: [toc.integrate]}", lambda it: it.theme["favicon"], "assets/icon.svg"),
        (
            "theme: {name: material, icon: {logo: material/cat}}", lambda it: it.theme["icon"],
            {"repo": "fontawesome/brands/github", "logo": "material/cat"},
        ),
        ("theme: material\nedit_uri: edit/dev/docs/", lambda it: it.edit_uri, "edit/dev/docs/"),
        ("theme: material\nextra: {cards: true}", lambda it: (it.extra["cards"], it.extra["preview"]), (True, False)),
        (
            "theme: material\nmarkdown_extensions: [toc: {permalink: false}, attr_list]",
            lambda it: (it.mdx_configs["toc"], it.markdown_extensions[-1]), ({"permalink": False}, "attr_list"),
        ),
        ("theme: material\nextra_css: [own.css]", lambda it: it.extra_css[-1], "own.css"),
        ("theme: material\nvalidation: {nav: {omitted_files: warn}}", lambda it: it.validation.nav.omitted_files, 30),
        (
            "theme: {name: material, custom_dir: own}",
            lambda it: [Path(each).name for each in it.theme.dirs[:2]], ["own", "theme"],
        ),
        ("theme: material", lambda it: Path(it.theme.dirs[0]).name, "theme"),
    ],
)  # fmt: skip
def test_what_a_course_writes_goes_first(
    tmp_path: Path, written: str, look: Callable[[MkDocsConfig], object], expected: object
) -> None:
    assert look(filled(tmp_path, written)) == expected


def test_a_plugin_of_the_course_is_not_loaded_twice(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    text = "site_name: A\ntheme: material\nplugins: [coursehub, search: {lang: de}, once: {cache: 0}]\n"
    (tmp_path / "mkdocs.yml").write_text(text)
    config = load_config(str(tmp_path / "mkdocs.yml"))
    settings.fill_in(config)
    assert [*config.plugins] == ["coursehub", "material/search", "once", "material/offline"]
    assert config.plugins["once"].config["cache"] == 0


def test_another_theme_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"The theme is “mkdocs”; write into mkdocs.yml: theme: material$"):
        filled(tmp_path, "theme: mkdocs")


def test_the_navigation_has_the_pages_that_are_there_in_the_courses_words() -> None:
    course = repository.load(HUB).course
    option = msgspec.structs.replace(course.options[0], claims="paper")
    course = msgspec.structs.replace(course, options=(option,))
    pages = [
        "index.md",
        "tools/index.md",
        "tools/dvc.md",
        "assignment.md",
        "rules.md",
        "office-hours.md",
        "progress.md",
    ]
    assert of_course(course, pages) == [
        {"Home": "index.md"},
        {"Papers": "tools/index.md"},
        {"For students": ["assignment.md", "rules.md", "office-hours.md"]},
        {"For staff": ["progress.md"]},
    ]


@pytest.mark.parametrize(
    ("command", "variable", "with_drafts"),
    [("serve", None, True), ("serve", "", False), ("build", None, False), ("build", "1", True)],
)
def test_drafts_are_shown_to_who_writes_them(
    command: str, variable: str | None, with_drafts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURSEHUB_DRAFTS", raising=False)
    if variable is not None:
        monkeypatch.setenv("COURSEHUB_DRAFTS", variable)
    asked: list[bool] = []
    monkeypatch.setattr(publish, "add", lambda files, config, *, with_drafts: asked.append(with_drafts))
    config = MkDocsConfig()
    config.extra = {"preview": False}
    plugin = CourseHubPlugin()
    plugin.on_startup(command=command, dirty=False)
    plugin.on_files(Files([]), config)
    assert asked == [with_drafts]


def test_the_log_is_guarded_where_a_fork_of_mkdocs_has_the_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """ProperDocs puts its own logger above that of MkDocs."""
    terminal, guarded = io.StringIO(), io.StringIO()
    fork = logging.Logger("properdocs")
    fork.addHandler(logging.StreamHandler(terminal))
    monkeypatch.setattr(logging.getLogger("mkdocs"), "parent", fork)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(actions_log, "guard", lambda _: monkeypatch.setattr("sys.stderr", guarded))
    check.on_startup()
    logging.getLogger("mkdocs.coursehub.check").warning("::error::x")
    assert (terminal.getvalue(), guarded.getvalue()) == ("", "::error::x\n")
