"""Before a build, every post and data file is checked; an error stops `mkdocs build --strict`."""

import logging
import os
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from coursehub import checks, course, repository, shares
from mkdocs_once.plugin import OncePlugin

LEVELS = {"error": logging.WARNING, "warning": logging.INFO, "notice": logging.DEBUG}
log = logging.getLogger("mkdocs.hooks.check")


def on_pre_build(config: MkDocsConfig) -> None:
    """Say all findings at their places, and keep the verdict for the pages to come."""
    moment = os.environ.get("COURSEHUB_NOW")  # the board shows as expired what is late as of this moment
    try:
        now = course.instant(moment) if moment else None
        count, memory = shares.processes(), _memory(config)
        the_hub = repository.load(
            Path(config.config_file_path).parent,
            now=now, processes=count, with_markup=True, known=memory.get("posts", ()),
        )  # fmt: skip
        memory["posts"] = the_hub.posts
    except ValueError as error:
        raise PluginError(f"COURSEHUB_NOW: {error}") from error
    except repository.NoCourseError as error:
        places = "".join(
            f"\n{path}:{trouble.line}:{trouble.column}: {trouble.what}" for path, trouble in error.troubles
        )
        raise PluginError(f"{error}{places}") from error
    findings = checks.judge(the_hub, count)
    for finding in findings:
        place = f"{finding.path}:{finding.line}:{finding.column}"
        log.log(LEVELS[finding.severity], "%s: %s (%s) %s", place, finding.message, finding.rule, finding.help)
    log.info(
        "%d posts checked: %d findings, %d of them block",
        len(the_hub.posts),
        len(findings),
        sum(finding.blocks for finding in findings),
    )
    config.extra["_hub"] = the_hub
    config.extra["_broken"] = frozenset(finding.path for finding in findings if finding.blocks)


def _memory(config: MkDocsConfig) -> dict[str, Any]:
    """What is remembered from one build of a server to the next."""
    once = config.plugins.get("once")
    return once.memory if isinstance(once, OncePlugin) else {}
