"""The settings of comments, `extra.comments` in `mkdocs.yml`: what could not work stops the build."""

import re
from collections.abc import Iterator, Mapping

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from coursehub.comments.record import PROVIDERS
from coursehub.comments.settings import PLACEHOLDER, Widget

READ = Widget()  # what the package reads comments by has its defaults there
DEFAULTS = {
    "provider": READ.provider,
    "load": "click",
    "repo": READ.repo,
    "repo_id": "",
    "category": READ.category,
    "category_id": "",
    "label": READ.label,
}
CHOICES = {"provider": PROVIDERS, "load": ("click", "automatic")}
NEEDED = {"giscus": ("repo_id", "category", "category_id"), "utterances": ("label",)}
PLACEHOLDERS = (READ.repo, PLACEHOLDER)  # with these there are no comments yet, and pages say so
REPO = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")


def complete(config: MkDocsConfig) -> None:
    """Hand the templates settings that are whole. Raises `PluginError` where one could not work."""
    written = config.extra.get("comments") or {}
    settings = {**DEFAULTS, **{name: "" if value is None else str(value) for name, value in written.items()}}
    if troubles := list(_troubles(settings)):
        raise PluginError("\n".join(f"mkdocs.yml: {each} See docs/comments.md." for each in troubles))
    config.extra["comments"] = {**settings, "are_set_up": settings["repo"] not in PLACEHOLDERS}


def _troubles(settings: Mapping[str, str]) -> Iterator[str]:
    for name in settings:
        if name not in DEFAULTS:
            yield f"extra.comments has no setting “{name}”; it has {', '.join(DEFAULTS)}."
    for name, choices in CHOICES.items():
        if settings[name] not in choices:
            yield f"extra.comments.{name} is “{settings[name]}”; it can be {' or '.join(choices)}."
    repo = settings["repo"]
    if repo in PLACEHOLDERS:
        return
    if not REPO.fullmatch(repo):
        yield f"extra.comments.repo is “{repo}”; it takes OWNER/NAME, with no https:// before it."
    for name in NEEDED.get(settings["provider"], ()):
        if not settings[name]:
            yield f"extra.comments.{name} is missing; with a repo, {settings['provider']} needs it."
