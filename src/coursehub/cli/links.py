"""`coursehub links`: follow a built site's links, and keep the record, and the issue, of those that are dead."""

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from coursehub import __version__
from coursehub.cli.github import github_option
from coursehub.cli.shared import CLEAN, FINDINGS, built_site, fail, indented, root_option
from coursehub.github.door import GitHub, GitHubError
from coursehub.links import dead_links, following, issue, link_report, record_branch
from coursehub.links.crawl import MissingError
from coursehub.links.following import Followed
from coursehub.links.linkchecker import UnfinishedError
from coursehub.system import files
from coursehub.system.git import GitError
from coursehub.text import mkdocs_yaml
from coursehub.text.visible import visible
from coursehub.text.wording import plural

REPORT = "report.md"
_MOST_PAGES = 5  # that are listed for one link: one in the navigation is on all of them


@click.group()
def links() -> None:
    """Follow a built site's links, and keep the record, and the issue, of those that are dead."""


_site_argument = click.argument(
    "site", metavar="SITE", type=click.Path(file_okay=False, path_type=Path), callback=built_site
)


@links.command(short_help="Follow every link within the site.")
@_site_argument
def check(site: Path) -> None:
    """Follow every link within the built SITE, as a reader's browser would: over HTTP, from the home page on.

    Links to other sites are a matter for “links follow”.
    """
    try:
        broken = following.broken(site, following.links_of(site))
    except (MissingError, UnfinishedError) as error:
        fail(visible(str(error)))
    for each in broken:
        more = f" and {plural(len(each.pages) - _MOST_PAGES, 'page')} more" if len(each.pages) > _MOST_PAGES else ""
        click.echo(visible(f"{each.target} ({each.what}) on {', '.join(each.pages[:_MOST_PAGES])}{more}"))
    click.echo(f"{plural(len(broken), 'broken link')} within the site.")
    sys.exit(FINDINGS if broken else CLEAN)


@links.command(short_help="Follow all links, to other sites too, and keep the record.")
@_site_argument
@click.option(
    "--folder", required=True, type=click.Path(file_okay=False, path_type=Path),
    help=f"Where the record, {dead_links.NAME}, is read and written, and {REPORT}, empty if nothing is wrong.",
)  # fmt: skip
@click.option(
    "--date", required=True, metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]), help="The day that it is."
)
@click.option("--timeout", default=30, show_default=True, type=click.IntRange(1), help="Seconds that a host has.")
@click.option("--a-second", default=1, show_default=True, type=click.IntRange(1), help="Requests to one host at most.")
@root_option
def follow(site: Path, folder: Path, date: dt.datetime, timeout: int, a_second: int, root: Path) -> None:
    """Follow all links of the built SITE, to other sites too, and keep the record of those that are dead.

    Where not every link could be followed, the record and the report stay as they were.
    """
    path = folder / dead_links.NAME
    try:
        before = dead_links.read(path.read_bytes()) if path.exists() else {}
    except ValueError as error:
        fail(f"{visible(str(path))} is no record of dead links: {visible(str(error))}. Delete it to begin again")
    repository = _repository(root)
    agent = f"CourseHub/{__version__} (+{repository})"
    try:
        followed = following.follow(site, repository, agent, timeout, a_second)
    except (MissingError, UnfinishedError) as error:
        fail(f"{visible(str(error))}; the record stays as it was")
    after = dead_links.after(before, followed.answers, date.date())
    _write(folder, after, _report(followed, after, root))
    _print_summary(followed, after)


def _repository(root: Path) -> str:
    path = root / mkdocs_yaml.PATH
    return mkdocs_yaml.repo_url(path.read_text("utf-8"), os.environ) if path.exists() else ""


def _report(followed: Followed, record: dead_links.Record, root: Path) -> str:
    if not link_report.needs_someone(followed.inner, record):
        return ""
    places = following.places(record, followed.links, root)
    return link_report.build(followed.inner, record, followed.answers, places)


def _write(folder: Path, record: dead_links.Record, report: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files.write(folder / REPORT, report.encode())
    files.write(folder / dead_links.NAME, dead_links.write(record))


def _print_summary(followed: Followed, record: dead_links.Record) -> None:
    kinds = [answer.kind for answer in followed.answers.values()]
    counts = ", ".join(f"{kinds.count(kind)} {kind.value}" for kind in dead_links.Kind)
    within = plural(len(followed.inner), "broken link")
    click.echo(f"{within} within the site. Of {plural(len(kinds), 'link')} to other sites: {counts}.")
    click.echo(f"{plural(len(dead_links.dead(record)), 'counts', 'count')} as dead.")


_FILE = click.Path(dir_okay=False, path_type=Path)


@links.command(short_help="Write the record as its branch has it.")
@click.argument("file", metavar="FILE", type=_FILE)
@root_option
def fetch(file: Path, root: Path) -> None:
    """Write the record as the branch link-report has it into FILE; nothing, if there is no such branch.

    A token in GH_TOKEN authenticates git at GitHub, and is stored nowhere.
    """
    _on_branch(record_branch.fetch, root, file)


@links.command(short_help="Commit the record to its branch.")
@click.argument("file", metavar="FILE", type=_FILE)
@root_option
def keep(file: Path, root: Path) -> None:
    """Commit the record FILE to the branch link-report, and push that, unless it has the same content.

    A token in GH_TOKEN authenticates git at GitHub, and is stored nowhere.
    """
    _on_branch(record_branch.keep, root, file)


def _on_branch(work: Callable[..., str], root: Path, file: Path) -> None:
    try:
        click.echo(visible(work(root, file, record_branch.access(os.environ))))
    except GitError as error:
        fail(f"git does not get at the branch {record_branch.BRANCH}, for this reason.{indented(error)}")


@links.command("issue", short_help="Keep the report in one issue.")
@click.argument("report", metavar="REPORT", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@github_option
def bring_up_to_date(github: GitHub, report: Path) -> None:
    """Keep the REPORT in one issue: opened, changed, or closed where nothing is left to report."""
    try:
        click.echo(issue.bring_up_to_date(github, report.read_text("utf-8")))
    except UnicodeDecodeError:
        fail(f"{visible(str(report))} is no report: it is not UTF-8")
    except GitHubError as error:
        fail(visible(str(error)))
