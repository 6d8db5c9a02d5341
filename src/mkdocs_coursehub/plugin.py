"""The plugin: what it does at which event of a MkDocs build. https://www.mkdocs.org/dev-guide/plugins/#events

| event | what it does |
| --- | --- |
| startup | strangers' text in the log is kept from being a command of GitHub Actions |
| config | settings, templates and plugins that `mkdocs.yml` leaves out are added |
| pre_build | every post and data file is checked, unless a hook did so, while templates are compiled |
| files | the pages and files that are made of posts and data are added |
"""

import os

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files

from mkdocs_coursehub import check, comments, preview, publish, settings


class NoSettings(Config):  # type: ignore[no-untyped-call]
    """None: the course's are in `data/`, and the site's in `mkdocs.yml` itself."""


class CourseHubPlugin(BasePlugin[NoSettings]):  # type: ignore[no-untyped-call]
    """Makes the site of a course. `theme: material` and this plugin are all that its `mkdocs.yml` needs."""

    _with_drafts = False

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Guard the log, and show drafts where the site is for who writes them."""
        check.on_startup()
        self._with_drafts = bool(os.environ.get("COURSEHUB_DRAFTS", command == "serve"))

    @event_priority(100)  # before the plugins that it adds, which then get this event, too
    def on_config(self, config: MkDocsConfig) -> None:
        """Fill in the settings, and refuse those that could not work."""
        settings.fill_in(config)
        preview.leave_out(config)
        comments.complete(config)
        publish.prepare(config)

    def on_pre_build(self, config: MkDocsConfig) -> None:
        """Judge everything before anything is built; templates are compiled meanwhile."""
        publish.compile_ahead(config)
        check.on_pre_build(config)

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add what is made of posts and data."""
        publish.add(files, config, with_drafts=self._with_drafts)
        preview.add_worker(files, config)
        return files
