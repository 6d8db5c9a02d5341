"""Templates that another process compiles are those that this one would have compiled."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import jinja2
import needs
import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import PluginCollection

import forkpool
from mkdocs_once.compiled import CompiledTemplates
from mkdocs_once.plugin import OncePlugin
from mkdocs_once.store import Store

pytestmark = needs.FORK

TEMPLATES = {
    "page.html": "{% extends 'base.html' %}{% block body %}{% include part %}{{ name }}{% endblock %}",
    "base.html": "<body>{% block body %}{% endblock %}</body>",
    "part.html": "<p>&</p>",
    "broken.html": "{% if %}",
    "last.html": "{{ name | upper }}",
}
PARENT = os.getpid()


class HereOnly(jinja2.Environment):
    """An environment that lists what this process compiles."""

    compiled_here: list[str | None]

    def _generate(self, source: jinja2.nodes.Template, name: str | None, *others: object, **named: object) -> str:  # type: ignore[override]
        if os.getpid() == PARENT:
            self.compiled_here.append(name)
        return super()._generate(source, name, *others, **named)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forkpool, "processes", lambda: 2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "pages.sqlite")
    yield store
    store.close()


@pytest.fixture
def compiled(store: Store) -> Iterator[CompiledTemplates]:
    compiled = CompiledTemplates(store)
    yield compiled
    compiled.close()


def environment() -> HereOnly:
    env = HereOnly(loader=jinja2.DictLoader(TEMPLATES), autoescape=True)
    env.compiled_here = []
    return env


def shown(env: jinja2.Environment, name: str) -> str:
    return env.get_template(name).render(part="part.html", name="a & b")


def test_templates_and_those_that_they_name_are_compiled_elsewhere(compiled: CompiledTemplates, store: Store) -> None:
    """A template that is named only when a page is rendered is compiled here."""
    env = environment()
    env.bytecode_cache = compiled
    compiled.begin({environment: ["broken.html", "missing.html", "page.html", "last.html"]})
    assert [shown(env, name) for name in ("last.html", "page.html")] == ["A &amp; B", "<body><p>&</p>a &amp; b</body>"]
    assert env.compiled_here == ["part.html"]
    with pytest.raises(jinja2.TemplateSyntaxError, match="Expected an expression"):
        shown(env, "broken.html")
    again = environment()
    again.bytecode_cache = CompiledTemplates(store)
    assert shown(again, "page.html") == "<body><p>&</p>a &amp; b</body>"
    assert again.compiled_here == []


def test_where_the_other_process_ends_early_templates_are_compiled_here(compiled: CompiledTemplates) -> None:
    def killed() -> jinja2.Environment:
        os.kill(os.getpid(), signal.SIGKILL)
        return environment()

    env = environment()
    env.bytecode_cache = compiled
    compiled.begin({environment: ["base.html"], killed: ["last.html"]})
    assert [shown(env, name) for name in ("base.html", "last.html")] == ["<body></body>", "A &amp; B"]
    assert env.compiled_here == ["last.html"]


def test_only_what_has_the_template_s_text_now_counts(compiled: CompiledTemplates) -> None:
    before, env = environment(), environment()
    compiled.begin({lambda: before: ["base.html"]})
    env.loader = jinja2.DictLoader({"base.html": "new"})
    env.bytecode_cache = compiled
    assert shown(env, "base.html") == "new"


def test_processes_that_begin_meanwhile_do_not_take_what_comes(
    compiled: CompiledTemplates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forkpool, "_FEWEST", 1)
    env = environment()
    env.bytecode_cache = compiled
    compiled.begin({environment: ["base.html", "last.html", "page.html"]})

    def elsewhere(name: str) -> str:
        html = "" if os.getpid() == PARENT else shown(env, name)
        (tmp_path / str(os.getpid())).touch()
        while len([*tmp_path.glob("[0-9]*")]) < 2:  # each process does one
            time.sleep(0.001)
        return html

    htmls = forkpool.in_order(elsewhere, ["last.html"] * 2, str, 2)
    assert sorted(htmls) == ["", "A &amp; B"]
    assert shown(env, "page.html") == "<body><p>&</p>a &amp; b</body>"
    assert env.compiled_here == ["part.html"]


def _hook(env: jinja2.Environment, **_: object) -> jinja2.Environment:
    return env


@pytest.mark.parametrize(
    ("hooks", "is_new", "processes", "compiles"),
    [([], True, 2, True), ([_hook], True, 2, False), ([], False, 2, False), ([], True, 1, False)],
    ids=["a first build", "a hook sets environments", "a later build", "one process"],
)
def test_templates_are_compiled_ahead_only_where_that_is_sure_to_help(
    hooks: list[Callable[..., jinja2.Environment]], is_new: bool, processes: int, compiles: bool
) -> None:
    plugin = OncePlugin()
    plugin.load_config({"processes": processes})
    plugin._store = cast("Store", SimpleNamespace(is_new=is_new))
    config = MkDocsConfig()
    config.plugins = PluginCollection()
    config.plugins["once"] = plugin
    for hook in hooks:
        config.plugins._register_event("env", hook)
    assert plugin.compiles_ahead(config) == compiles
