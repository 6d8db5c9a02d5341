"""Before a build, every post and data file is checked; an error stops `mkdocs build --strict`."""

import datetime as dt
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

import forkpool
from coursehub.checks import kept
from coursehub.records import course, repository
from coursehub.system import actions_log
from coursehub.system.keeping import ANEW
from coursehub.text.wording import plural
from mkdocs_once.plugin import OncePlugin

LEVELS = {"error": logging.WARNING, "warning": logging.INFO, "notice": logging.DEBUG}
log = logging.getLogger("mkdocs.coursehub.check")


def on_startup(**_: object) -> None:
    """Keep strangers' text in the log, such as a name of a file, from being a command of GitHub Actions."""
    before = sys.stderr
    actions_log.guard(os.environ)
    for handler in _handlers(log):
        if isinstance(handler, logging.StreamHandler) and handler.stream is before:
            handler.setStream(sys.stderr)


def _handlers(logger: logging.Logger | None) -> Iterator[logging.Handler]:
    """All that print what is logged here: MkDocs' are at “mkdocs”, those of ProperDocs at a parent of that."""
    while logger:
        yield from logger.handlers
        logger = logger.parent


def on_pre_build(config: MkDocsConfig) -> None:
    """Say all findings at their places, and keep the verdict for the pages to come; once a build."""
    if "_hub" in config.extra:
        return
    once = _once(config)
    now, count, memory = _now(), forkpool.processes(), once.memory if once else {}
    try:
        the_hub = repository.load(
            Path(config.config_file_path).parent,
            now=now, processes=count, with_contents=True, known=memory.get("posts", ()),
        )  # fmt: skip
        memory["posts"] = the_hub.posts
    except repository.NoCourseError as error:
        places = "".join(
            f"\n{path}:{trouble.line}:{trouble.column}: {trouble.sentence}" for path, trouble in error.troubles
        )
        raise PluginError(f"{error}{places}") from error
    findings = kept.judge(the_hub, once.keep("findings") if once else ANEW, count)
    for finding in findings:
        place = f"{finding.path}:{finding.line}:{finding.column}"
        log.log(LEVELS[finding.severity], "%s: %s (%s) %s", place, finding.message, finding.rule, finding.help)
    log.info(
        "%s checked: %s, blocking: %d",
        plural(len(the_hub.posts), "post"),
        plural(len(findings), "finding"),
        sum(finding.blocks for finding in findings),
    )
    config.extra["_hub"] = the_hub
    config.extra["_broken"] = frozenset(finding.path for finding in findings if finding.blocks)


def _now() -> dt.datetime | None:
    """The moment as of which the board shows what is late, if one is given."""
    moment = os.environ.get("COURSEHUB_NOW")
    try:
        return course.instant(moment) if moment else None
    except ValueError as error:
        raise PluginError(f"COURSEHUB_NOW: {error}") from error


def _once(config: MkDocsConfig) -> OncePlugin | None:
    """The plugin that has what the last build made, if the site has it."""
    once = config.plugins.get("once")
    return once if isinstance(once, OncePlugin) else None
