"""The inputs of a site beside the repository's records: files, and what the environment names."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from coursehub import workflows
from coursehub.claims import pending
from coursehub.comments import record
from coursehub.links import dead_links
from coursehub.records.hub import Hub
from coursehub.site import SiteInputs
from coursehub.system import git
from coursehub.text import mkdocs_yaml
from forkpool import processes

CARDS, PICTURES = ".cache/cards", ".cache/pictures"
Known = TypeVar("Known")
Say = Callable[[str], None]  # a message for who builds


def read(root: Path, hub: Hub, settings: str, environment: Mapping[str, str], say: Say) -> SiteInputs:
    """Return the inputs of the site of the course at `root`, whose `mkdocs.yml` has these `settings`.

    A file that the environment names and that cannot be read stops no build: what is left out for it is said.
    """
    has_git = git.is_repository(root)
    if has_git and git.is_shallow(root):
        say("The board does not say since when tools are claimed: this clone is shallow (git fetch --unshallow)")
    claims = [post.path for post in hub.posts if post.semester == hub.course.open_semester]  # what the board shows

    def named(variable: str, reader: Callable[[bytes], Known], without: str) -> Known | None:
        path = environment.get(variable)
        if not path:
            return None
        try:
            return reader(Path(path).read_bytes())
        except (OSError, ValueError) as error:
            say(without % (path, error))
            return None

    dead = named(
        "COURSEHUB_DEAD_LINKS", dead_links.read, "No link is marked as dead, for %s is no record of dead links: %s"
    )
    comments = named("COURSEHUB_COMMENTS", record.read, "No comments are counted, because %s cannot be used: %s")
    if comments:
        say(f"Comments are counted as of {comments.read}")
    waiting = named("COURSEHUB_PENDING", pending.read, "Only main's claims are shown, because %s cannot be used: %s")
    if waiting:
        say(f"Claims of open pull requests are shown as of {waiting.read}")
    return SiteInputs(
        since=git.since(root, claims) if has_git else {},
        repository=mkdocs_yaml.repo_url(settings, environment),
        address=mkdocs_yaml.site_url(settings, environment),
        published=mkdocs_yaml.site_url(settings, environment),
        dead=dead_links.dead(dead) if dead else frozenset(),
        comments=comments,
        pending=waiting,
        pictures=root / PICTURES,
        processes=processes(),
        has_task=(root / ".vscode/tasks.json").is_file(),
        checks=workflows.checks(root),
    )
